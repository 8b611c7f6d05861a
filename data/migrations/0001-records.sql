-- SPDX-License-Identifier: GPL-3.0-or-later
-- The first tables: the records of the site, their journal, and what core keeps for itself.
--
-- A table of records has the columns of its entity in the order of its fields. `row` is what the search index
-- points at: unlike the implicit rowid, it survives VACUUM. Times are UTC microseconds, enumerations their nicks.

-- The place that the daemon serves.
CREATE TABLE site (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  name TEXT NOT NULL,
  timezone TEXT,
  notes TEXT
) STRICT;

-- Somebody who works with the site.
CREATE TABLE person (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  name TEXT NOT NULL,
  email TEXT,
  role TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX person_email ON person (email) WHERE email IS NOT NULL;
CREATE INDEX person_by_name ON person (name COLLATE NOCASE, id);

-- One unit for its whole life.
CREATE TABLE device (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  status TEXT NOT NULL,
  manufacturer TEXT,
  model TEXT,
  serial TEXT,
  mac TEXT,
  location TEXT,
  notes TEXT,
  secret TEXT,
  adoption TEXT NOT NULL,
  node_id TEXT,
  firmware_version TEXT,
  address TEXT,
  live_state TEXT NOT NULL,
  last_seen INTEGER
) STRICT;
CREATE UNIQUE INDEX device_serial ON device (serial) WHERE serial IS NOT NULL;
CREATE UNIQUE INDEX device_mac ON device (mac) WHERE mac IS NOT NULL;
CREATE UNIQUE INDEX device_node_id ON device (node_id) WHERE node_id IS NOT NULL;
CREATE INDEX device_by_name ON device (name COLLATE NOCASE, id);
CREATE INDEX device_by_kind ON device (kind, id);
CREATE INDEX device_by_status ON device (status, id);
CREATE INDEX device_by_adoption ON device (adoption, id);
CREATE INDEX device_by_live_state ON device (live_state, id);
CREATE INDEX device_by_updated_at ON device (updated_at, id);

-- Devices that belong together.
CREATE TABLE device_group (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  name TEXT NOT NULL,
  description TEXT,
  filter TEXT
) STRICT;
CREATE UNIQUE INDEX device_group_name ON device_group (name);

-- A device named as a member of a group.
CREATE TABLE device_group_member (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  group_id TEXT NOT NULL REFERENCES device_group (id),
  device_id TEXT NOT NULL REFERENCES device (id)
) STRICT;
CREATE UNIQUE INDEX device_group_member_group_id_device_id ON device_group_member (group_id, device_id);
CREATE INDEX device_group_member_by_device_id ON device_group_member (device_id, id);

-- One quantity that a device reports.
CREATE TABLE metric (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  device_id TEXT NOT NULL REFERENCES device (id),
  name TEXT NOT NULL,
  datatype TEXT NOT NULL,
  unit TEXT,
  minimum REAL,
  maximum REAL,
  writable INTEGER NOT NULL,
  description TEXT
) STRICT;
CREATE UNIQUE INDEX metric_device_id_name ON metric (device_id, name);

-- What happened to a device. Outlives the device: undoing its deletion brings its history back.
CREATE TABLE device_event (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  device_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  severity TEXT NOT NULL,
  message TEXT,
  data TEXT
) STRICT;
CREATE INDEX device_event_by_device_id ON device_event (device_id, id);

-- What a device was told to do. Outlives the device, as its events do.
CREATE TABLE device_command (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  device_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  metric TEXT,
  value TEXT,
  state TEXT NOT NULL,
  actor TEXT,
  finished_at INTEGER,
  error TEXT
) STRICT;
CREATE INDEX device_command_by_device_id ON device_command (device_id, id);
CREATE INDEX device_command_by_state ON device_command (state, id);

-- A candidate that somebody chose not to see.
CREATE TABLE ignored_candidate (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  key TEXT NOT NULL,
  name TEXT
) STRICT;
CREATE UNIQUE INDEX ignored_candidate_key ON ignored_candidate (key);

-- An address to look at where mDNS does not reach.
CREATE TABLE manual_address (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  address TEXT NOT NULL,
  name TEXT
) STRICT;
CREATE UNIQUE INDEX manual_address_address ON manual_address (address);

-- What a device signs in with at the broker.
CREATE TABLE device_account (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  device_id TEXT NOT NULL REFERENCES device (id),
  username TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  group_id TEXT NOT NULL,
  adoption_id TEXT
) STRICT;
CREATE UNIQUE INDEX device_account_device_id ON device_account (device_id);
CREATE UNIQUE INDEX device_account_username ON device_account (username);

-- The right of a device to send samples by HTTP. Goes with the device, and is made anew when that comes back.
CREATE TABLE device_token (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  device_id TEXT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
  hash TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX device_token_device_id ON device_token (device_id);

-- A pairing under way or interrupted.
CREATE TABLE pairing_attempt (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  serial TEXT NOT NULL,
  device_id TEXT,
  username TEXT NOT NULL,
  password TEXT NOT NULL,
  secret TEXT NOT NULL,
  actor TEXT,
  record TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX pairing_attempt_serial ON pairing_attempt (serial);
CREATE UNIQUE INDEX pairing_attempt_username ON pairing_attempt (username);

-- A setting of the site that differs from its default.
CREATE TABLE setting (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  key TEXT NOT NULL,
  value TEXT,
  secret TEXT
) STRICT;
CREATE UNIQUE INDEX setting_key ON setting (key);

-- Full text behind `q`: any part of three characters or more.
CREATE VIRTUAL TABLE person_search USING fts5 (name, email, content = 'person', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER person_search_insert AFTER INSERT ON person BEGIN
  INSERT INTO person_search (rowid, name, email) VALUES (new.row, new.name, new.email);
END;
CREATE TRIGGER person_search_delete AFTER DELETE ON person BEGIN
  INSERT INTO person_search (person_search, rowid, name, email) VALUES ('delete', old.row, old.name, old.email);
END;
CREATE TRIGGER person_search_update AFTER UPDATE OF name, email ON person WHEN old.name IS NOT new.name OR old.email IS NOT new.email BEGIN
  INSERT INTO person_search (person_search, rowid, name, email) VALUES ('delete', old.row, old.name, old.email);
  INSERT INTO person_search (rowid, name, email) VALUES (new.row, new.name, new.email);
END;

CREATE VIRTUAL TABLE device_search USING fts5 (name, manufacturer, model, serial, mac, location, notes, firmware_version, address, content = 'device', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER device_search_insert AFTER INSERT ON device BEGIN
  INSERT INTO device_search (rowid, name, manufacturer, model, serial, mac, location, notes, firmware_version, address) VALUES (new.row, new.name, new.manufacturer, new.model, new.serial, new.mac, new.location, new.notes, new.firmware_version, new.address);
END;
CREATE TRIGGER device_search_delete AFTER DELETE ON device BEGIN
  INSERT INTO device_search (device_search, rowid, name, manufacturer, model, serial, mac, location, notes, firmware_version, address) VALUES ('delete', old.row, old.name, old.manufacturer, old.model, old.serial, old.mac, old.location, old.notes, old.firmware_version, old.address);
END;
CREATE TRIGGER device_search_update AFTER UPDATE OF name, manufacturer, model, serial, mac, location, notes, firmware_version, address ON device WHEN old.name IS NOT new.name OR old.manufacturer IS NOT new.manufacturer OR old.model IS NOT new.model OR old.serial IS NOT new.serial OR old.mac IS NOT new.mac OR old.location IS NOT new.location OR old.notes IS NOT new.notes OR old.firmware_version IS NOT new.firmware_version OR old.address IS NOT new.address BEGIN
  INSERT INTO device_search (device_search, rowid, name, manufacturer, model, serial, mac, location, notes, firmware_version, address) VALUES ('delete', old.row, old.name, old.manufacturer, old.model, old.serial, old.mac, old.location, old.notes, old.firmware_version, old.address);
  INSERT INTO device_search (rowid, name, manufacturer, model, serial, mac, location, notes, firmware_version, address) VALUES (new.row, new.name, new.manufacturer, new.model, new.serial, new.mac, new.location, new.notes, new.firmware_version, new.address);
END;

CREATE VIRTUAL TABLE device_group_search USING fts5 (name, description, content = 'device_group', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER device_group_search_insert AFTER INSERT ON device_group BEGIN
  INSERT INTO device_group_search (rowid, name, description) VALUES (new.row, new.name, new.description);
END;
CREATE TRIGGER device_group_search_delete AFTER DELETE ON device_group BEGIN
  INSERT INTO device_group_search (device_group_search, rowid, name, description) VALUES ('delete', old.row, old.name, old.description);
END;
CREATE TRIGGER device_group_search_update AFTER UPDATE OF name, description ON device_group WHEN old.name IS NOT new.name OR old.description IS NOT new.description BEGIN
  INSERT INTO device_group_search (device_group_search, rowid, name, description) VALUES ('delete', old.row, old.name, old.description);
  INSERT INTO device_group_search (rowid, name, description) VALUES (new.row, new.name, new.description);
END;

CREATE VIRTUAL TABLE metric_search USING fts5 (name, content = 'metric', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER metric_search_insert AFTER INSERT ON metric BEGIN
  INSERT INTO metric_search (rowid, name) VALUES (new.row, new.name);
END;
CREATE TRIGGER metric_search_delete AFTER DELETE ON metric BEGIN
  INSERT INTO metric_search (metric_search, rowid, name) VALUES ('delete', old.row, old.name);
END;
CREATE TRIGGER metric_search_update AFTER UPDATE OF name ON metric WHEN old.name IS NOT new.name BEGIN
  INSERT INTO metric_search (metric_search, rowid, name) VALUES ('delete', old.row, old.name);
  INSERT INTO metric_search (rowid, name) VALUES (new.row, new.name);
END;

CREATE VIRTUAL TABLE device_event_search USING fts5 (kind, message, content = 'device_event', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER device_event_search_insert AFTER INSERT ON device_event BEGIN
  INSERT INTO device_event_search (rowid, kind, message) VALUES (new.row, new.kind, new.message);
END;
CREATE TRIGGER device_event_search_delete AFTER DELETE ON device_event BEGIN
  INSERT INTO device_event_search (device_event_search, rowid, kind, message) VALUES ('delete', old.row, old.kind, old.message);
END;
CREATE TRIGGER device_event_search_update AFTER UPDATE OF kind, message ON device_event WHEN old.kind IS NOT new.kind OR old.message IS NOT new.message BEGIN
  INSERT INTO device_event_search (device_event_search, rowid, kind, message) VALUES ('delete', old.row, old.kind, old.message);
  INSERT INTO device_event_search (rowid, kind, message) VALUES (new.row, new.kind, new.message);
END;

-- One row a change of a record. `before` and `after` are JSON objects of the members changed; secret members stand
-- apart, in columns that only undo reads.
CREATE TABLE journal (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  at INTEGER NOT NULL,
  hlc INTEGER NOT NULL,
  origin TEXT NOT NULL,
  actor TEXT NOT NULL,
  operation TEXT NOT NULL,
  summary TEXT NOT NULL,
  entity TEXT NOT NULL,
  entity_id TEXT NOT NULL,
  title TEXT,
  action TEXT NOT NULL CHECK (action IN ('insert', 'update', 'delete')),
  before TEXT,
  after TEXT,
  before_secret TEXT,
  after_secret TEXT,
  undoes INTEGER REFERENCES journal (sequence),
  final TEXT
) STRICT;
CREATE INDEX journal_by_record ON journal (entity_id, entity, sequence);
CREATE INDEX journal_by_entity ON journal (entity, sequence);
CREATE INDEX journal_by_operation ON journal (operation);
CREATE INDEX journal_by_undoes ON journal (undoes) WHERE undoes IS NOT NULL;

-- What this database is: `origin`.
CREATE TABLE property (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Answers to requests with an Idempotency-Key, to be given again to a retry.
CREATE TABLE idempotency (
  actor TEXT NOT NULL,
  key TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  status INTEGER NOT NULL,
  headers TEXT NOT NULL,
  body BLOB NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (actor, key)
) STRICT;
CREATE INDEX idempotency_by_at ON idempotency (at);
