-- SPDX-License-Identifier: GPL-3.0-or-later
-- Entries of the journal are chained: each has a keyed hash over itself and the one before it.
ALTER TABLE journal ADD COLUMN hash BLOB;
