/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-ingest.h"

G_BEGIN_DECLS

#define MUSTER_INGEST_CSV_MAX_ROWS G_GINT64_CONSTANT (100000000)
#define MUSTER_INGEST_CSV_MAX_ERRORS 100 /* that are told */
#define MUSTER_INGEST_CSV_MAX_NAMES 1000 /* metrics and devices that are listed */

typedef struct
{
  MusterIngestSender sender;
  const char        *device; /* (nullable): whose rows they are where no column says it */
  GTimeZone         *zone;   /* of times that name none */
  gboolean           decimal_comma;
} MusterIngestCsvOptions;

/**
 * MusterIngestCsv:
 *
 * Reads samples out of CSV as it comes, in constant memory. The first row names the columns; in any
 * order, without regard to case: `timestamp` (or `time`, `date`), `device` (or `device_id`,
 * `serial`, `host`; may be missing where the device is known otherwise), and either `metric` and
 * `value`, or one column for each metric, named by it. Times are ISO 8601, or seconds,
 * milliseconds, microseconds or nanoseconds since 1970 (told apart by their size). Values are
 * numbers, `true`, `false`, text; an empty cell is no sample. A row that is wrong is noted, and the
 * others are read.
 */
typedef struct _MusterIngestCsv MusterIngestCsv;

/* OPTIONS are copied; what they point at must stay. */
MusterIngestCsv *muster_ingest_csv_new (const MusterIngestCsvOptions *options);
void             muster_ingest_csv_free (MusterIngestCsv *self);
/* FALSE with MUSTER_ERROR_MALFORMED or MUSTER_ERROR_INVALID where it cannot be read at all. */
gboolean muster_ingest_csv_feed (MusterIngestCsv *self,
                                 const char      *text,
                                 gsize            length,
                                 GError         **error);
gboolean muster_ingest_csv_finish (MusterIngestCsv *self, GError **error);
/* How many samples wait to be taken. */
unsigned muster_ingest_csv_get_waiting (MusterIngestCsv *self);
/* The samples read since the last time: (transfer full). */
MusterIngest *muster_ingest_csv_take (MusterIngestCsv *self);
/* Samples that were read so far. */
gint64 muster_ingest_csv_get_samples (MusterIngestCsv *self);
/* Appends the members "rows", "samples", "wrong" (how many things), "from", "to", "devices"
 * (identifiers), "metrics" and "errors" [{row, column, detail}], the first few. */
void muster_ingest_csv_append_report (MusterIngestCsv *self, GString *json);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterIngestCsv, muster_ingest_csv_free)

G_END_DECLS
