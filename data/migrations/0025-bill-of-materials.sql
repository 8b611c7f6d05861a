-- SPDX-License-Identifier: GPL-3.0-or-later
-- How far a key is that is trusted now.
ALTER TABLE signing_key ADD COLUMN to_check INTEGER NOT NULL DEFAULT 0;
