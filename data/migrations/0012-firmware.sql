-- SPDX-License-Identifier: GPL-3.0-or-later
-- Firmware, the keys that sign it, and the updates that bring it to devices.

-- A key that firmware is signed with. Its secret half never leaves the daemon, and is stored sealed.
CREATE TABLE signing_key (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  name TEXT NOT NULL,
  place TEXT NOT NULL,
  status TEXT NOT NULL,
  public_key TEXT NOT NULL,
  key_id TEXT NOT NULL,
  sealed TEXT,
  token_uri TEXT,
  endorsed_by_id TEXT,
  endorsement TEXT,
  revoked_at INTEGER,
  revocation TEXT
) STRICT;
CREATE UNIQUE INDEX signing_key_public_key ON signing_key (public_key);
CREATE UNIQUE INDEX signing_key_key_id ON signing_key (key_id);
CREATE VIRTUAL TABLE signing_key_search USING fts5 (name, content = 'signing_key', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER signing_key_search_insert AFTER INSERT ON signing_key BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('signing_key', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER signing_key_search_delete AFTER DELETE ON signing_key BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('signing_key', old.row, json_array (old.name)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER signing_key_search_update AFTER UPDATE OF name ON signing_key WHEN old.name IS NOT new.name BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('signing_key', old.row, json_array (old.name)) ON CONFLICT DO NOTHING;
END;

-- Firmware that devices can be given: a file or several, what it fits, and who signed it.
CREATE TABLE firmware_artifact (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  number INTEGER NOT NULL,
  name TEXT NOT NULL,
  version TEXT NOT NULL,
  status TEXT NOT NULL,
  part TEXT NOT NULL,
  vendor TEXT,
  description TEXT,
  release_notes TEXT,
  models TEXT,
  hardware_from TEXT,
  hardware_to TEXT,
  requires_version TEXT,
  allow_downgrade INTEGER NOT NULL,
  format TEXT NOT NULL,
  trust TEXT NOT NULL,
  signing_key_id TEXT REFERENCES signing_key (id),
  security_counter INTEGER,
  file_name TEXT,
  size INTEGER,
  sha256 TEXT,
  manifest TEXT
) STRICT;
CREATE UNIQUE INDEX firmware_artifact_number ON firmware_artifact (number);
CREATE INDEX firmware_artifact_by_name ON firmware_artifact (name, version, id);
CREATE INDEX firmware_artifact_by_sha256 ON firmware_artifact (sha256) WHERE sha256 IS NOT NULL;
CREATE VIRTUAL TABLE firmware_artifact_search USING fts5 (name, version, vendor, description, file_name, content = 'firmware_artifact', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER firmware_artifact_search_insert AFTER INSERT ON firmware_artifact BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('firmware_artifact', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER firmware_artifact_search_delete AFTER DELETE ON firmware_artifact BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('firmware_artifact', old.row, json_array (old.name, old.version, old.vendor, old.description, old.file_name)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER firmware_artifact_search_update AFTER UPDATE OF name, version, vendor, description, file_name ON firmware_artifact WHEN old.name IS NOT new.name OR old.version IS NOT new.version OR old.vendor IS NOT new.vendor OR old.description IS NOT new.description OR old.file_name IS NOT new.file_name BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('firmware_artifact', old.row, json_array (old.name, old.version, old.vendor, old.description, old.file_name)) ON CONFLICT DO NOTHING;
END;

-- One file of firmware. Its bytes are kept once, under their SHA-256.
CREATE TABLE firmware_file (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  number INTEGER NOT NULL,
  artifact_id TEXT NOT NULL REFERENCES firmware_artifact (id),
  name TEXT NOT NULL,
  size INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  sha1 TEXT NOT NULL,
  md5 TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX firmware_file_number ON firmware_file (number);
CREATE UNIQUE INDEX firmware_file_artifact_id_name ON firmware_file (artifact_id, name);
CREATE INDEX firmware_file_by_sha256 ON firmware_file (sha256, id);
CREATE VIRTUAL TABLE firmware_file_search USING fts5 (name, content = 'firmware_file', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER firmware_file_search_insert AFTER INSERT ON firmware_file BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('firmware_file', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER firmware_file_search_delete AFTER DELETE ON firmware_file BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('firmware_file', old.row, json_array (old.name)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER firmware_file_search_update AFTER UPDATE OF name ON firmware_file WHEN old.name IS NOT new.name BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('firmware_file', old.row, json_array (old.name)) ON CONFLICT DO NOTHING;
END;

-- Firmware of several parts that a device is given as one.
CREATE TABLE firmware_set (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  number INTEGER NOT NULL,
  name TEXT NOT NULL,
  version TEXT NOT NULL,
  kind TEXT NOT NULL,
  description TEXT
) STRICT;
CREATE UNIQUE INDEX firmware_set_number ON firmware_set (number);
CREATE UNIQUE INDEX firmware_set_name_version ON firmware_set (name, version);
CREATE VIRTUAL TABLE firmware_set_search USING fts5 (name, version, description, content = 'firmware_set', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER firmware_set_search_insert AFTER INSERT ON firmware_set BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('firmware_set', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER firmware_set_search_delete AFTER DELETE ON firmware_set BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('firmware_set', old.row, json_array (old.name, old.version, old.description)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER firmware_set_search_update AFTER UPDATE OF name, version, description ON firmware_set WHEN old.name IS NOT new.name OR old.version IS NOT new.version OR old.description IS NOT new.description BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('firmware_set', old.row, json_array (old.name, old.version, old.description)) ON CONFLICT DO NOTHING;
END;

-- One part of a set of firmware.
CREATE TABLE firmware_set_member (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  set_id TEXT NOT NULL REFERENCES firmware_set (id),
  artifact_id TEXT NOT NULL REFERENCES firmware_artifact (id),
  position INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX firmware_set_member_set_id_artifact_id ON firmware_set_member (set_id, artifact_id);
CREATE INDEX firmware_set_member_by_artifact_id ON firmware_set_member (artifact_id);

-- A file of firmware on its way in, which may come in pieces.
CREATE TABLE firmware_upload (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  artifact_id TEXT,
  file_name TEXT NOT NULL,
  size INTEGER,
  sha256 TEXT,
  received INTEGER NOT NULL,
  actor TEXT
) STRICT;
CREATE INDEX firmware_upload_by_artifact_id ON firmware_upload (artifact_id) WHERE artifact_id IS NOT NULL;

-- An update of many devices, group after group.
CREATE TABLE rollout (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  name TEXT NOT NULL,
  description TEXT,
  status TEXT NOT NULL,
  artifact_id TEXT,
  set_id TEXT,
  filter TEXT,
  device_group_id TEXT,
  dynamic INTEGER NOT NULL,
  kind TEXT NOT NULL,
  force_at INTEGER,
  weight INTEGER NOT NULL,
  plan TEXT,
  success_threshold INTEGER NOT NULL,
  error_threshold INTEGER NOT NULL,
  error_action TEXT NOT NULL,
  starts_at INTEGER,
  window TEXT,
  max_concurrent INTEGER,
  max_rate INTEGER,
  confirm_within INTEGER NOT NULL,
  give_up_after INTEGER NOT NULL,
  soak INTEGER NOT NULL,
  gate TEXT,
  needs_approval INTEGER NOT NULL,
  approved_by TEXT,
  approved_at INTEGER,
  actor TEXT,
  reason TEXT,
  started_at INTEGER,
  finished_at INTEGER,
  total INTEGER NOT NULL,
  running INTEGER NOT NULL,
  succeeded INTEGER NOT NULL,
  failed INTEGER NOT NULL
) STRICT;
CREATE INDEX rollout_by_status ON rollout (status, id);
CREATE INDEX rollout_by_artifact_id ON rollout (artifact_id) WHERE artifact_id IS NOT NULL;
CREATE VIRTUAL TABLE rollout_search USING fts5 (name, description, content = 'rollout', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER rollout_search_insert AFTER INSERT ON rollout BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('rollout', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER rollout_search_delete AFTER DELETE ON rollout BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('rollout', old.row, json_array (old.name, old.description)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER rollout_search_update AFTER UPDATE OF name, description ON rollout WHEN old.name IS NOT new.name OR old.description IS NOT new.description BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('rollout', old.row, json_array (old.name, old.description)) ON CONFLICT DO NOTHING;
END;

-- Some of the devices of a rollout, which are updated together.
CREATE TABLE rollout_group (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  rollout_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  status TEXT NOT NULL,
  success_threshold INTEGER NOT NULL,
  error_threshold INTEGER NOT NULL,
  manual INTEGER NOT NULL,
  opened_by TEXT,
  evidence TEXT,
  started_at INTEGER,
  finished_at INTEGER,
  total INTEGER NOT NULL,
  running INTEGER NOT NULL,
  succeeded INTEGER NOT NULL,
  failed INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX rollout_group_rollout_id_position ON rollout_group (rollout_id, position);

-- One device on its way to other firmware.
CREATE TABLE firmware_update (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  number INTEGER NOT NULL,
  device_id TEXT NOT NULL,
  artifact_id TEXT,
  set_id TEXT,
  rollout_id TEXT,
  rollout_group_id TEXT,
  status TEXT NOT NULL,
  kind TEXT NOT NULL,
  force_at INTEGER,
  weight INTEGER NOT NULL,
  window TEXT,
  confirmation TEXT NOT NULL,
  confirm_within INTEGER NOT NULL,
  delivery TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  from_version TEXT,
  to_version TEXT,
  error TEXT,
  actor TEXT,
  started_at INTEGER,
  finished_at INTEGER,
  phase TEXT NOT NULL,
  progress INTEGER,
  reported_at INTEGER,
  secret TEXT
) STRICT;
CREATE UNIQUE INDEX firmware_update_number ON firmware_update (number);
CREATE INDEX firmware_update_by_device_id ON firmware_update (device_id, id);
CREATE INDEX firmware_update_by_status ON firmware_update (status, id);
CREATE INDEX firmware_update_by_rollout_id ON firmware_update (rollout_id, rollout_group_id, status) WHERE rollout_id IS NOT NULL;
CREATE INDEX firmware_update_by_artifact_id ON firmware_update (artifact_id, id) WHERE artifact_id IS NOT NULL;
CREATE INDEX firmware_update_by_set_id ON firmware_update (set_id, id) WHERE set_id IS NOT NULL;

-- What happened on the way of a device to other firmware.
CREATE TABLE update_event (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  update_id TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  number INTEGER NOT NULL,
  kind TEXT NOT NULL,
  messages TEXT,
  code INTEGER,
  by_device INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX update_event_number ON update_event (number);
CREATE INDEX update_event_by_update_id ON update_event (update_id, id);

-- What firmware a device takes, and how it came to the one it runs.
ALTER TABLE device ADD COLUMN hardware_revision TEXT;
ALTER TABLE device ADD COLUMN security_counter INTEGER;
ALTER TABLE device ADD COLUMN firmware_origin TEXT NOT NULL DEFAULT 'unknown';
