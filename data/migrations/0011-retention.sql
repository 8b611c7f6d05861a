-- SPDX-License-Identifier: GPL-3.0-or-later
-- How long samples are kept.

-- Metrics whose samples are kept for the same time. Days: null for ever.
CREATE TABLE retention_class (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  name TEXT NOT NULL,
  pattern TEXT NOT NULL,
  position INTEGER NOT NULL,
  raw_days INTEGER,
  minute_days INTEGER,
  hour_days INTEGER
) STRICT;
CREATE INDEX retention_class_by_position ON retention_class (position, id);
CREATE VIRTUAL TABLE retention_class_search USING fts5 (name, content = 'retention_class', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER retention_class_search_insert AFTER INSERT ON retention_class BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('retention_class', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER retention_class_search_delete AFTER DELETE ON retention_class BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('retention_class', old.row, json_array (old.name)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER retention_class_search_update AFTER UPDATE OF name ON retention_class WHEN old.name IS NOT new.name BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('retention_class', old.row, json_array (old.name)) ON CONFLICT DO NOTHING;
END;
