-- SPDX-License-Identifier: GPL-3.0-or-later
-- Labels of units that are made, who has read a unit's key, what a board waits for, and what a report is known by.
ALTER TABLE factory_batch ADD COLUMN labels TEXT NOT NULL DEFAULT 'hand';
ALTER TABLE factory_unit ADD COLUMN label TEXT NOT NULL DEFAULT 'none';
ALTER TABLE factory_unit ADD COLUMN label_error TEXT;
ALTER TABLE factory_unit ADD COLUMN key_read_at INTEGER;
ALTER TABLE factory_unit ADD COLUMN report_hash TEXT;
ALTER TABLE factory_unit ADD COLUMN waits_for TEXT;
ALTER TABLE test_run ADD COLUMN report_hash TEXT;
ALTER TABLE test_run ADD COLUMN waits_for TEXT;
ALTER TABLE flash_run ADD COLUMN unit_id TEXT;
ALTER TABLE flash_run ADD COLUMN waits_for TEXT;
CREATE INDEX flash_run_unit_id ON flash_run (unit_id);
CREATE INDEX factory_unit_label ON factory_unit (label) WHERE label = 'waiting';
