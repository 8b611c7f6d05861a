-- SPDX-License-Identifier: GPL-3.0-or-later
-- Alerts: rules, what they raised, silences.

-- What raises an alert: a condition on the samples of some devices.
CREATE TABLE alert_rule (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  name TEXT NOT NULL,
  description TEXT,
  enabled INTEGER NOT NULL,
  kind TEXT NOT NULL,
  metric TEXT,
  operator TEXT NOT NULL,
  value REAL,
  value_high REAL,
  text TEXT,
  expression TEXT,
  rate_seconds INTEGER,
  for_seconds INTEGER NOT NULL,
  hysteresis REAL NOT NULL,
  severity TEXT NOT NULL,
  steps TEXT,
  scope_kind TEXT NOT NULL,
  scope_id TEXT,
  missing_seconds INTEGER,
  quiet_hours TEXT,
  calendar_id TEXT REFERENCES duty_calendar (id),
  escalation_id TEXT REFERENCES escalation (id),
  message TEXT,
  is_default INTEGER NOT NULL,
  product_id TEXT REFERENCES product (id)
) STRICT;
CREATE INDEX alert_rule_by_name ON alert_rule (name COLLATE NOCASE, id);
CREATE INDEX alert_rule_by_scope_id ON alert_rule (scope_id, id) WHERE scope_id IS NOT NULL;
CREATE INDEX alert_rule_by_calendar_id ON alert_rule (calendar_id) WHERE calendar_id IS NOT NULL;
CREATE INDEX alert_rule_by_escalation_id ON alert_rule (escalation_id) WHERE escalation_id IS NOT NULL;
CREATE INDEX alert_rule_by_product_id ON alert_rule (product_id) WHERE product_id IS NOT NULL;
CREATE VIRTUAL TABLE alert_rule_search USING fts5 (name, description, content = 'alert_rule', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER alert_rule_search_insert AFTER INSERT ON alert_rule BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('alert_rule', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER alert_rule_search_delete AFTER DELETE ON alert_rule BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('alert_rule', old.row, json_array (old.name, old.description)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER alert_rule_search_update AFTER UPDATE OF name, description ON alert_rule WHEN old.name IS NOT new.name OR old.description IS NOT new.description BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('alert_rule', old.row, json_array (old.name, old.description)) ON CONFLICT DO NOTHING;
END;

-- Something is wrong, and somebody should know.
CREATE TABLE alert (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  rule_id TEXT REFERENCES alert_rule (id),
  device_id TEXT REFERENCES device (id),
  location_id TEXT REFERENCES location (id),
  product_id TEXT REFERENCES product (id),
  metric TEXT,
  severity TEXT NOT NULL,
  status TEXT NOT NULL,
  title TEXT NOT NULL,
  detail TEXT,
  value REAL,
  threshold REAL,
  unit TEXT,
  raised_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  occurrences INTEGER NOT NULL,
  acknowledged_at INTEGER,
  acknowledged_by TEXT,
  comment TEXT,
  assigned_to TEXT REFERENCES person (id),
  silenced_until INTEGER,
  resolved_at INTEGER,
  resolved_by TEXT,
  duration_seconds INTEGER,
  dedupe_key TEXT NOT NULL,
  cause_id TEXT REFERENCES alert (id),
  children INTEGER NOT NULL,
  cause_kind TEXT NOT NULL,
  explanation TEXT,
  journal_sequence INTEGER
) STRICT;
CREATE UNIQUE INDEX alert_dedupe_key ON alert (dedupe_key) WHERE status <> 'resolved';
CREATE INDEX alert_by_status ON alert (status, id);
CREATE INDEX alert_by_raised_at ON alert (raised_at, id);
CREATE INDEX alert_by_resolved_at ON alert (resolved_at, id) WHERE resolved_at IS NOT NULL;
CREATE INDEX alert_by_rule_id ON alert (rule_id, id) WHERE rule_id IS NOT NULL;
CREATE INDEX alert_by_device_id ON alert (device_id, id) WHERE device_id IS NOT NULL;
CREATE INDEX alert_by_location_id ON alert (location_id, id) WHERE location_id IS NOT NULL;
CREATE INDEX alert_by_product_id ON alert (product_id, id) WHERE product_id IS NOT NULL;
CREATE INDEX alert_by_cause_id ON alert (cause_id, id) WHERE cause_id IS NOT NULL;
CREATE INDEX alert_by_assigned_to ON alert (assigned_to, id) WHERE assigned_to IS NOT NULL;
CREATE VIRTUAL TABLE alert_search USING fts5 (metric, title, detail, comment, explanation, content = 'alert', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER alert_search_insert AFTER INSERT ON alert BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('alert', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER alert_search_delete AFTER DELETE ON alert BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('alert', old.row, json_array (old.metric, old.title, old.detail, old.comment, old.explanation)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER alert_search_update AFTER UPDATE OF metric, title, detail, comment, explanation ON alert WHEN old.metric IS NOT new.metric OR old.title IS NOT new.title OR old.detail IS NOT new.detail OR old.comment IS NOT new.comment OR old.explanation IS NOT new.explanation BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('alert', old.row, json_array (old.metric, old.title, old.detail, old.comment, old.explanation)) ON CONFLICT DO NOTHING;
END;

-- Alerts of which nobody is told for a time.
CREATE TABLE alert_silence (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  reason TEXT NOT NULL,
  scope_kind TEXT NOT NULL,
  scope_id TEXT,
  rule_id TEXT REFERENCES alert_rule (id),
  metric TEXT,
  starts_at INTEGER,
  ends_at INTEGER,
  days TEXT,
  from_time TEXT,
  to_time TEXT,
  author TEXT NOT NULL,
  warn_before_seconds INTEGER NOT NULL
) STRICT;
CREATE INDEX alert_silence_by_ends_at ON alert_silence (ends_at, id);
CREATE INDEX alert_silence_by_rule_id ON alert_silence (rule_id) WHERE rule_id IS NOT NULL;
CREATE VIRTUAL TABLE alert_silence_search USING fts5 (reason, content = 'alert_silence', content_rowid = 'row', tokenize = 'trigram');
CREATE TRIGGER alert_silence_search_insert AFTER INSERT ON alert_silence BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('alert_silence', new.row, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER alert_silence_search_delete AFTER DELETE ON alert_silence BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('alert_silence', old.row, json_array (old.reason)) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER alert_silence_search_update AFTER UPDATE OF reason ON alert_silence WHEN old.reason IS NOT new.reason BEGIN
  INSERT INTO search_queue (kind, row, was) VALUES ('alert_silence', old.row, json_array (old.reason)) ON CONFLICT DO NOTHING;
END;

-- What a device is reached through: alerts fold by it.
ALTER TABLE device ADD COLUMN gateway_id TEXT REFERENCES device (id);
CREATE INDEX device_by_gateway_id ON device (gateway_id, id) WHERE gateway_id IS NOT NULL;
