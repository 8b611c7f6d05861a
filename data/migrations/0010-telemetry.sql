-- SPDX-License-Identifier: GPL-3.0-or-later
-- Excluded ranges, derived metrics, families of devices that speak MQTT.

-- How fast a value can change, beyond which it is no true one.
ALTER TABLE metric ADD COLUMN max_rate REAL;

-- Samples of a device that are left out of charts and figures: a range of bad values. Deleting it brings them back.
CREATE TABLE exclusion (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  device_id TEXT NOT NULL REFERENCES device (id),
  metric TEXT,
  from_at INTEGER NOT NULL,
  to_at INTEGER NOT NULL,
  reason TEXT NOT NULL
) STRICT;
CREATE INDEX exclusion_by_device_id ON exclusion (device_id, from_at);
CREATE VIRTUAL TABLE exclusion_search USING fts5 (reason, content = 'exclusion', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER exclusion_search_insert AFTER INSERT ON exclusion BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('exclusion', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER exclusion_search_delete AFTER DELETE ON exclusion BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('exclusion', old.row, json_array (old.reason)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER exclusion_search_update AFTER UPDATE OF reason ON exclusion WHEN old.reason IS NOT new.reason BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('exclusion', old.row, json_array (old.reason)) ON CONFLICT DO NOTHING;
END;

-- A remark at a moment or a range of time, drawn on charts.
CREATE TABLE annotation (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  device_id TEXT REFERENCES device (id),
  metric TEXT,
  at INTEGER NOT NULL,
  until INTEGER,
  text TEXT NOT NULL,
  author TEXT
) STRICT;
CREATE INDEX annotation_by_device_id ON annotation (device_id, at) WHERE device_id IS NOT NULL;
CREATE INDEX annotation_by_at ON annotation (at, id);
CREATE VIRTUAL TABLE annotation_search USING fts5 (text, content = 'annotation', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER annotation_search_insert AFTER INSERT ON annotation BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('annotation', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER annotation_search_delete AFTER DELETE ON annotation BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('annotation', old.row, json_array (old.text)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER annotation_search_update AFTER UPDATE OF text ON annotation WHEN old.text IS NOT new.text BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('annotation', old.row, json_array (old.text)) ON CONFLICT DO NOTHING;
END;

-- A metric that Muster reckons from others as they come in.
CREATE TABLE derived_metric (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  device_id TEXT REFERENCES device (id),
  product_id TEXT REFERENCES product (id),
  name TEXT NOT NULL,
  unit TEXT,
  expression TEXT NOT NULL,
  method TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  description TEXT
) STRICT;
CREATE UNIQUE INDEX derived_metric_device_id_name ON derived_metric (device_id, name) WHERE device_id IS NOT NULL;
CREATE UNIQUE INDEX derived_metric_product_id_name ON derived_metric (product_id, name) WHERE product_id IS NOT NULL;
CREATE VIRTUAL TABLE derived_metric_search USING fts5 (name, content = 'derived_metric', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER derived_metric_search_insert AFTER INSERT ON derived_metric BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('derived_metric', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER derived_metric_search_delete AFTER DELETE ON derived_metric BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('derived_metric', old.row, json_array (old.name)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER derived_metric_search_update AFTER UPDATE OF name ON derived_metric WHEN old.name IS NOT new.name BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('derived_metric', old.row, json_array (old.name)) ON CONFLICT DO NOTHING;
END;

-- Devices that speak MQTT in their makers' ways.
ALTER TABLE device ADD COLUMN family TEXT;
ALTER TABLE device ADD COLUMN family_key TEXT;
CREATE UNIQUE INDEX device_family_key ON device (family_key) WHERE family_key IS NOT NULL;
ALTER TABLE device_account ADD COLUMN family TEXT;
