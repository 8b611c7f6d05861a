-- SPDX-License-Identifier: GPL-3.0-or-later
-- Devices that a gateway speaks for, and boards that are given firmware over a cable.
ALTER TABLE device ADD COLUMN node_device TEXT;
CREATE UNIQUE INDEX device_node_device ON device (node_device) WHERE node_device IS NOT NULL;

CREATE TABLE flash_batch (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  name TEXT NOT NULL,
  artifact_id TEXT NOT NULL REFERENCES firmware_artifact (id),
  tool TEXT NOT NULL,
  part TEXT,
  programmer TEXT,
  address INTEGER NOT NULL,
  status TEXT NOT NULL,
  total INTEGER NOT NULL,
  succeeded INTEGER NOT NULL,
  failed INTEGER NOT NULL
) STRICT;
CREATE INDEX flash_batch_artifact_id ON flash_batch (artifact_id);

CREATE TABLE flash_run (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  batch_id TEXT NOT NULL REFERENCES flash_batch (id),
  number INTEGER NOT NULL,
  port TEXT NOT NULL,
  status TEXT NOT NULL,
  progress INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  error TEXT,
  started_at INTEGER,
  finished_at INTEGER
) STRICT;
CREATE INDEX flash_run_batch_id ON flash_run (batch_id);
CREATE INDEX flash_run_status ON flash_run (status);
