-- SPDX-License-Identifier: GPL-3.0-or-later
-- People sign in: passwords, PINs, badges, tokens and keys. Of each only a hash is kept.

ALTER TABLE person ADD COLUMN phone TEXT;
ALTER TABLE person ADD COLUMN address TEXT;
ALTER TABLE person ADD COLUMN disabled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE person ADD COLUMN local_user TEXT;
ALTER TABLE person ADD COLUMN has_password INTEGER NOT NULL DEFAULT 0;
ALTER TABLE person ADD COLUMN has_pin INTEGER NOT NULL DEFAULT 0;
ALTER TABLE person ADD COLUMN has_badge INTEGER NOT NULL DEFAULT 0;
ALTER TABLE person ADD COLUMN last_sign_in INTEGER;
ALTER TABLE person ADD COLUMN is_admin INTEGER NOT NULL DEFAULT 0;
ALTER TABLE person ADD COLUMN password_hash TEXT;
ALTER TABLE person ADD COLUMN pin_hash TEXT;
ALTER TABLE person ADD COLUMN badge_hash TEXT;
UPDATE person SET is_admin = (role = 'administrator'), email = lower (email);
CREATE UNIQUE INDEX person_local_user ON person (local_user) WHERE local_user IS NOT NULL;
CREATE UNIQUE INDEX person_badge_hash ON person (badge_hash) WHERE badge_hash IS NOT NULL;
DROP TRIGGER person_search_insert;
DROP TRIGGER person_search_delete;
DROP TRIGGER person_search_update;
DROP TABLE person_search;
CREATE VIRTUAL TABLE person_search USING fts5 (name, email, phone, content = 'person', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER person_search_insert AFTER INSERT ON person BEGIN
  INSERT INTO person_search (rowid, name, email, phone) VALUES (new.row, new.name, new.email, new.phone);
END;
CREATE TRIGGER person_search_delete AFTER DELETE ON person BEGIN
  INSERT INTO person_search (person_search, rowid, name, email, phone) VALUES ('delete', old.row, old.name, old.email, old.phone);
END;
CREATE TRIGGER person_search_update AFTER UPDATE OF name, email, phone ON person WHEN old.name IS NOT new.name OR old.email IS NOT new.email OR old.phone IS NOT new.phone BEGIN
  INSERT INTO person_search (person_search, rowid, name, email, phone) VALUES ('delete', old.row, old.name, old.email, old.phone);
  INSERT INTO person_search (rowid, name, email, phone) VALUES (new.row, new.name, new.email, new.phone);
END;
INSERT INTO person_search (person_search) VALUES ('rebuild');

-- A person signed in somewhere: a family of refresh tokens, of which one is good.
CREATE TABLE sign_in (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  person_id TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
  token_hash TEXT NOT NULL,
  client TEXT,
  remote TEXT,
  refreshed_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;
CREATE INDEX sign_in_by_person_id ON sign_in (person_id, id);
CREATE INDEX sign_in_by_token_hash ON sign_in (token_hash, id);
CREATE INDEX sign_in_by_expires_at ON sign_in (expires_at, id);

-- An access token that was logged out before it expired.
CREATE TABLE revoked_token (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  token_id TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX revoked_token_token_id ON revoked_token (token_id);
CREATE INDEX revoked_token_by_expires_at ON revoked_token (expires_at, id);

-- The right of a program to act on the site.
CREATE TABLE api_key (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  person_id TEXT,
  prefix TEXT,
  key_hash TEXT,
  expires_at INTEGER,
  disabled INTEGER NOT NULL,
  last_used_at INTEGER
) STRICT;
CREATE UNIQUE INDEX api_key_key_hash ON api_key (key_hash) WHERE key_hash IS NOT NULL;
CREATE INDEX api_key_by_name ON api_key (name COLLATE NOCASE, id);
CREATE INDEX api_key_by_person_id ON api_key (person_id, id);
CREATE VIRTUAL TABLE api_key_search USING fts5 (name, content = 'api_key', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER api_key_search_insert AFTER INSERT ON api_key BEGIN
  INSERT INTO api_key_search (rowid, name) VALUES (new.row, new.name);
END;
CREATE TRIGGER api_key_search_delete AFTER DELETE ON api_key BEGIN
  INSERT INTO api_key_search (api_key_search, rowid, name) VALUES ('delete', old.row, old.name);
END;
CREATE TRIGGER api_key_search_update AFTER UPDATE OF name ON api_key WHEN old.name IS NOT new.name BEGIN
  INSERT INTO api_key_search (api_key_search, rowid, name) VALUES ('delete', old.row, old.name);
  INSERT INTO api_key_search (rowid, name) VALUES (new.row, new.name);
END;
