-- SPDX-License-Identifier: GPL-3.0-or-later
-- Devices that ask for updates by themselves.

CREATE TABLE update_target (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  device_id TEXT NOT NULL REFERENCES device (id),
  controller_id TEXT NOT NULL,
  token TEXT,
  window_policy TEXT NOT NULL,
  attributes TEXT,
  attributes_wanted INTEGER NOT NULL,
  auto_confirm INTEGER NOT NULL,
  auto_confirm_by TEXT,
  auto_confirm_remark TEXT,
  auto_confirm_at INTEGER
) STRICT;
CREATE UNIQUE INDEX update_target_device_id ON update_target (device_id);
CREATE UNIQUE INDEX update_target_controller_id ON update_target (controller_id);
