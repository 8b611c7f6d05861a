-- SPDX-License-Identifier: GPL-3.0-or-later
-- What tools of hawkBit's Management API name by short numbers, and keep with targets and modules.

ALTER TABLE rollout ADD COLUMN number INTEGER;
UPDATE rollout SET number = (SELECT count(*) FROM rollout AS older WHERE older.row <= rollout.row);
CREATE UNIQUE INDEX rollout_number ON rollout (number);
ALTER TABLE rollout ADD COLUMN target_query TEXT;
ALTER TABLE rollout ADD COLUMN approval_remark TEXT;
ALTER TABLE device_group ADD COLUMN number INTEGER;
UPDATE device_group SET number = (SELECT count(*) FROM device_group AS older WHERE older.row <= device_group.row);
CREATE UNIQUE INDEX device_group_number ON device_group (number);

-- A filter of update targets that has a name, and the rollout by which those it matches get a set.
CREATE TABLE target_filter (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  number INTEGER,
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  rollout_id TEXT
) STRICT;
CREATE UNIQUE INDEX target_filter_number ON target_filter (number);
CREATE UNIQUE INDEX target_filter_name ON target_filter (name);

-- What is told with firmware beyond its files.
CREATE TABLE firmware_note (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  artifact_id TEXT NOT NULL REFERENCES firmware_artifact (id),
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  told INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX firmware_note_artifact_id_key ON firmware_note (artifact_id, key);
