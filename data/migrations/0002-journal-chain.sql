-- SPDX-License-Identifier: GPL-3.0-or-later
-- Entries of the journal are chained: each has a keyed hash over itself and the one before it.
ALTER TABLE journal ADD COLUMN hash BLOB;

-- One row an operation: what the history shows without looking at each change. `first_sequence` and what the row
-- says of it are those of its first entry; `changes` counts by kind of record, {"device":12}.
CREATE TABLE journal_operation (
  first_sequence INTEGER PRIMARY KEY,
  last_sequence INTEGER NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  summary TEXT NOT NULL,
  count INTEGER NOT NULL,
  changes TEXT NOT NULL,
  final TEXT
) STRICT;

INSERT INTO journal_operation (first_sequence, last_sequence, at, actor, summary, count, changes, final)
  SELECT sums.first, sums.last, journal.at, journal.actor, journal.summary, sums.count, sums.changes, sums.final
  FROM (
    SELECT min(first) AS first, max(last) AS last, sum(count) AS count, json_group_object(entity, count) AS changes, max(final) AS final
    FROM (
      SELECT operation, entity, min(sequence) AS first, max(sequence) AS last, count(*) AS count, max(final) AS final
      FROM journal GROUP BY operation, entity
    )
    GROUP BY operation
  ) AS sums
  JOIN journal ON journal.sequence = sums.first;
