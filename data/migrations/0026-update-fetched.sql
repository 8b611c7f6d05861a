-- SPDX-License-Identifier: GPL-3.0-or-later
-- How much of its firmware a device fetched: less than all where it has a part of it already.
ALTER TABLE firmware_update ADD COLUMN size INTEGER;
ALTER TABLE firmware_update ADD COLUMN fetched INTEGER;
