-- SPDX-License-Identifier: GPL-3.0-or-later
-- Devices that a gateway speaks for.
ALTER TABLE device ADD COLUMN node_device TEXT;
CREATE UNIQUE INDEX device_node_device ON device (node_device) WHERE node_device IS NOT NULL;
