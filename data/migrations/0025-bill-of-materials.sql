-- SPDX-License-Identifier: GPL-3.0-or-later
-- What firmware is made of, as bills of materials tell; and how far a key is that is trusted now.
ALTER TABLE signing_key ADD COLUMN to_check INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attachment ADD COLUMN sbom_format TEXT;
ALTER TABLE attachment ADD COLUMN sbom_components INTEGER;

-- What firmware contains, as a bill of materials tells that is attached to it.
CREATE TABLE firmware_component (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  artifact_id TEXT NOT NULL,
  attachment_id TEXT NOT NULL,
  name TEXT NOT NULL,
  version TEXT,
  licence TEXT,
  package_url TEXT
) STRICT;
CREATE INDEX firmware_component_by_artifact_id ON firmware_component (artifact_id, name);
CREATE INDEX firmware_component_by_attachment_id ON firmware_component (attachment_id);
CREATE INDEX firmware_component_by_name ON firmware_component (name, version);
CREATE VIRTUAL TABLE firmware_component_search USING fts5 (name, version, package_url, content = 'firmware_component', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER firmware_component_search_insert AFTER INSERT ON firmware_component BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('firmware_component', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER firmware_component_search_delete AFTER DELETE ON firmware_component BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('firmware_component', old.row, json_array (old.name, old.version, old.package_url)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER firmware_component_search_update AFTER UPDATE OF name, version, package_url ON firmware_component WHEN old.name IS NOT new.name OR old.version IS NOT new.version OR old.package_url IS NOT new.package_url BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('firmware_component', old.row, json_array (old.name, old.version, old.package_url)) ON CONFLICT DO NOTHING;
END;
