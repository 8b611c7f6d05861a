-- SPDX-License-Identifier: GPL-3.0-or-later
-- Units that are made here, and the plans that boards are tested by.
CREATE TABLE test_plan (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  name TEXT NOT NULL,
  description TEXT,
  model TEXT,
  steps TEXT NOT NULL
) STRICT;

CREATE TABLE factory_batch (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  name TEXT NOT NULL,
  product_id TEXT NOT NULL REFERENCES product (id),
  model TEXT,
  hardware_revision TEXT,
  artifact_id TEXT REFERENCES firmware_artifact (id),
  tool TEXT NOT NULL,
  programmer TEXT,
  part TEXT,
  address INTEGER NOT NULL,
  serial_prefix TEXT,
  serial_digits INTEGER NOT NULL,
  serial_next INTEGER NOT NULL,
  wanted INTEGER NOT NULL,
  location_id TEXT REFERENCES location (id),
  plan_id TEXT REFERENCES test_plan (id),
  status TEXT NOT NULL,
  flash_batch_id TEXT REFERENCES flash_batch (id),
  total INTEGER NOT NULL,
  passed INTEGER NOT NULL,
  failed INTEGER NOT NULL
) STRICT;
CREATE INDEX factory_batch_product_id ON factory_batch (product_id);
CREATE INDEX factory_batch_artifact_id ON factory_batch (artifact_id);
CREATE INDEX factory_batch_location_id ON factory_batch (location_id);
CREATE INDEX factory_batch_plan_id ON factory_batch (plan_id);
CREATE INDEX factory_batch_flash_batch_id ON factory_batch (flash_batch_id);

CREATE TABLE factory_unit (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  batch_id TEXT NOT NULL REFERENCES factory_batch (id),
  number INTEGER NOT NULL,
  port TEXT NOT NULL,
  flash_port TEXT,
  serial TEXT,
  status TEXT NOT NULL,
  step TEXT,
  error TEXT,
  question TEXT,
  attempt INTEGER NOT NULL,
  flash_run_id TEXT REFERENCES flash_run (id),
  device_id TEXT,
  link_key TEXT,
  report TEXT,
  started_at INTEGER,
  finished_at INTEGER
) STRICT;
CREATE INDEX factory_unit_batch_id ON factory_unit (batch_id);
CREATE UNIQUE INDEX factory_unit_serial ON factory_unit (serial) WHERE serial IS NOT NULL;
CREATE INDEX factory_unit_status ON factory_unit (status);
CREATE INDEX factory_unit_flash_run_id ON factory_unit (flash_run_id);
CREATE INDEX factory_unit_device_id ON factory_unit (device_id);

CREATE TABLE test_run (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  plan_id TEXT,
  name TEXT NOT NULL,
  port TEXT NOT NULL,
  serial TEXT,
  device_id TEXT,
  status TEXT NOT NULL,
  step TEXT,
  error TEXT,
  question TEXT,
  report TEXT,
  started_at INTEGER,
  finished_at INTEGER
) STRICT;
CREATE INDEX test_run_plan_id ON test_run (plan_id);
CREATE INDEX test_run_device_id ON test_run (device_id);
CREATE INDEX test_run_status ON test_run (status);
