-- SPDX-License-Identifier: GPL-3.0-or-later
-- What keeps an escalation from telling whom it names.
ALTER TABLE escalation ADD COLUMN problems TEXT;
