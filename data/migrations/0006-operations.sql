-- SPDX-License-Identifier: GPL-3.0-or-later
-- For all records: files, long work, kept views.

-- A file that belongs to a record. Its bytes are kept once, under their SHA-256.
CREATE TABLE attachment (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  entity TEXT NOT NULL,
  entity_id TEXT NOT NULL,
  name TEXT NOT NULL,
  purpose TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  sha256 TEXT NOT NULL
) STRICT;
CREATE INDEX attachment_by_entity_id ON attachment (entity_id, id);
CREATE INDEX attachment_by_sha256 ON attachment (sha256, id);
CREATE VIRTUAL TABLE attachment_search USING fts5 (name, content = 'attachment', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER attachment_search_insert AFTER INSERT ON attachment BEGIN
  INSERT INTO attachment_search (rowid, name) VALUES (new.row, new.name);
END;
CREATE TRIGGER attachment_search_delete AFTER DELETE ON attachment BEGIN
  INSERT INTO attachment_search (attachment_search, rowid, name) VALUES ('delete', old.row, old.name);
END;
CREATE TRIGGER attachment_search_update AFTER UPDATE OF name ON attachment WHEN old.name IS NOT new.name BEGIN
  INSERT INTO attachment_search (attachment_search, rowid, name) VALUES ('delete', old.row, old.name);
  INSERT INTO attachment_search (rowid, name) VALUES (new.row, new.name);
END;

-- Long work that the daemon does: bulk changes, imports.
CREATE TABLE job (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  entity TEXT NOT NULL,
  status TEXT NOT NULL,
  total INTEGER NOT NULL,
  done INTEGER NOT NULL,
  skipped INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  parameters TEXT,
  actor TEXT,
  actor_role INTEGER,
  operation TEXT,
  first_sequence INTEGER,
  rate REAL,
  remaining INTEGER,
  started_at INTEGER,
  finished_at INTEGER,
  error TEXT
) STRICT;
CREATE INDEX job_by_status ON job (status, id);
CREATE INDEX job_by_operation ON job (operation) WHERE operation IS NOT NULL;
CREATE VIRTUAL TABLE job_search USING fts5 (title, content = 'job', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER job_search_insert AFTER INSERT ON job BEGIN
  INSERT INTO job_search (rowid, title) VALUES (new.row, new.title);
END;
CREATE TRIGGER job_search_delete AFTER DELETE ON job BEGIN
  INSERT INTO job_search (job_search, rowid, title) VALUES ('delete', old.row, old.title);
END;
CREATE TRIGGER job_search_update AFTER UPDATE OF title ON job WHEN old.title IS NOT new.title BEGIN
  INSERT INTO job_search (job_search, rowid, title) VALUES ('delete', old.row, old.title);
  INSERT INTO job_search (rowid, title) VALUES (new.row, new.title);
END;

-- One row of a job and what became of it.
CREATE TABLE job_row (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  job_id TEXT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  entity_id TEXT,
  title TEXT,
  input TEXT,
  status TEXT NOT NULL,
  error TEXT
) STRICT;
CREATE UNIQUE INDEX job_row_job_id_position ON job_row (job_id, position);
CREATE INDEX job_row_by_job_id ON job_row (job_id, status, position);

-- A filter, order and choice of columns that somebody keeps.
CREATE TABLE saved_view (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  name TEXT NOT NULL,
  entity TEXT NOT NULL,
  query TEXT NOT NULL,
  columns TEXT,
  person_id TEXT REFERENCES person (id)
) STRICT;
CREATE INDEX saved_view_by_entity ON saved_view (entity, id);
CREATE INDEX saved_view_by_person_id ON saved_view (person_id, id);
CREATE VIRTUAL TABLE saved_view_search USING fts5 (name, content = 'saved_view', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER saved_view_search_insert AFTER INSERT ON saved_view BEGIN
  INSERT INTO saved_view_search (rowid, name) VALUES (new.row, new.name);
END;
CREATE TRIGGER saved_view_search_delete AFTER DELETE ON saved_view BEGIN
  INSERT INTO saved_view_search (saved_view_search, rowid, name) VALUES ('delete', old.row, old.name);
END;
CREATE TRIGGER saved_view_search_update AFTER UPDATE OF name ON saved_view WHEN old.name IS NOT new.name BEGIN
  INSERT INTO saved_view_search (saved_view_search, rowid, name) VALUES ('delete', old.row, old.name);
  INSERT INTO saved_view_search (rowid, name) VALUES (new.row, new.name);
END;
