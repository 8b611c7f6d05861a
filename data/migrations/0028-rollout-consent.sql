-- SPDX-License-Identifier: GPL-3.0-or-later
-- Rollouts that ask for somebody's consent, and groups that take only some update clients.
ALTER TABLE rollout ADD COLUMN confirmation_required INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rollout_group ADD COLUMN target_query TEXT;
ALTER TABLE rollout_group ADD COLUMN confirmation_required INTEGER NOT NULL DEFAULT 0;
