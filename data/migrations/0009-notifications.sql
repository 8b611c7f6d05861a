-- SPDX-License-Identifier: GPL-3.0-or-later
-- Who is told of an alert, when and how.

-- Who is told of an alert, after what time, and over what channels.
CREATE TABLE escalation (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  name TEXT NOT NULL,
  is_default INTEGER NOT NULL,
  steps TEXT NOT NULL,
  renotify_seconds INTEGER,
  min_severity TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX escalation_default ON escalation (is_default) WHERE is_default;
CREATE VIRTUAL TABLE escalation_search USING fts5 (name, content = 'escalation', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER escalation_search_insert AFTER INSERT ON escalation BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('escalation', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER escalation_search_delete AFTER DELETE ON escalation BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('escalation', old.row, json_array (old.name)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER escalation_search_update AFTER UPDATE OF name ON escalation WHEN old.name IS NOT new.name BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('escalation', old.row, json_array (old.name)) ON CONFLICT DO NOTHING;
END;

-- Who is on duty when.
CREATE TABLE duty_calendar (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  name TEXT NOT NULL,
  shifts TEXT NOT NULL,
  exceptions TEXT
) STRICT;
CREATE VIRTUAL TABLE duty_calendar_search USING fts5 (name, content = 'duty_calendar', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER duty_calendar_search_insert AFTER INSERT ON duty_calendar BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('duty_calendar', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER duty_calendar_search_delete AFTER DELETE ON duty_calendar BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('duty_calendar', old.row, json_array (old.name)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER duty_calendar_search_update AFTER UPDATE OF name ON duty_calendar WHEN old.name IS NOT new.name BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('duty_calendar', old.row, json_array (old.name)) ON CONFLICT DO NOTHING;
END;

-- A way in which people are told.
CREATE TABLE notification_channel (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  min_severity TEXT NOT NULL,
  config TEXT,
  secret TEXT,
  has_secret INTEGER NOT NULL,
  digest_limit INTEGER NOT NULL,
  sound TEXT NOT NULL
) STRICT;
CREATE VIRTUAL TABLE notification_channel_search USING fts5 (name, content = 'notification_channel', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER notification_channel_search_insert AFTER INSERT ON notification_channel BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('notification_channel', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER notification_channel_search_delete AFTER DELETE ON notification_channel BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('notification_channel', old.row, json_array (old.name)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER notification_channel_search_update AFTER UPDATE OF name ON notification_channel WHEN old.name IS NOT new.name BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('notification_channel', old.row, json_array (old.name)) ON CONFLICT DO NOTHING;
END;

-- What was, or is to be, told: what waits is sent after a restart too. Outlives what it speaks of.
CREATE TABLE notification (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  alert_id TEXT,
  channel_id TEXT NOT NULL,
  escalation_id TEXT,
  step INTEGER,
  person_id TEXT,
  kind TEXT NOT NULL,
  severity TEXT NOT NULL,
  status TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  next_at INTEGER,
  sent_at INTEGER,
  error TEXT,
  subject TEXT NOT NULL,
  body TEXT,
  data TEXT,
  digest_id TEXT
) STRICT;
CREATE INDEX notification_by_alert_id ON notification (alert_id, id) WHERE alert_id IS NOT NULL;
CREATE INDEX notification_by_channel_id ON notification (channel_id, id);
CREATE INDEX notification_by_status ON notification (status, id);
CREATE INDEX notification_by_digest_id ON notification (digest_id, id) WHERE digest_id IS NOT NULL;
CREATE VIRTUAL TABLE notification_search USING fts5 (subject, body, content = 'notification', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER notification_search_insert AFTER INSERT ON notification BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('notification', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER notification_search_delete AFTER DELETE ON notification BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('notification', old.row, json_array (old.subject, old.body)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER notification_search_update AFTER UPDATE OF subject, body ON notification WHEN old.subject IS NOT new.subject OR old.body IS NOT new.body BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('notification', old.row, json_array (old.subject, old.body)) ON CONFLICT DO NOTHING;
END;

-- How far the escalation of one alert has come.
CREATE TABLE escalation_run (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  alert_id TEXT NOT NULL,
  escalation_id TEXT,
  severity TEXT NOT NULL,
  begun_at INTEGER NOT NULL,
  step INTEGER NOT NULL,
  told_at INTEGER,
  rounds INTEGER NOT NULL,
  next_at INTEGER
) STRICT;
CREATE UNIQUE INDEX escalation_run_alert_id ON escalation_run (alert_id);
CREATE INDEX escalation_run_by_next_at ON escalation_run (next_at) WHERE next_at IS NOT NULL;

-- A new site tells its consoles of everything, until somebody decides otherwise.
INSERT INTO notification_channel (id, created_at, updated_at, revision, name, kind, enabled, min_severity, config, secret, has_secret, digest_limit, sound)
  SELECT '01900000-0000-7000-8000-0000000000c1', now, now, 1, 'Console', 'console', 1, 'info', NULL, NULL, 0, 10, 'chime'
  FROM (SELECT CAST (unixepoch ('subsec') * 1000 AS INTEGER) * 1000 AS now);
INSERT INTO escalation (id, created_at, updated_at, revision, name, is_default, steps, renotify_seconds, min_severity)
  SELECT '01900000-0000-7000-8000-0000000000e1', now, now, 1, 'Everybody at a console', 1,
    '[{"after_seconds":0,"channels":["01900000-0000-7000-8000-0000000000c1"]}]', NULL, 'info'
  FROM (SELECT CAST (unixepoch ('subsec') * 1000 AS INTEGER) * 1000 AS now);
