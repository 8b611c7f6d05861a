-- SPDX-License-Identifier: GPL-3.0-or-later
-- Certificates that updates of others are checked by.
ALTER TABLE signing_key ADD COLUMN certificate TEXT;
