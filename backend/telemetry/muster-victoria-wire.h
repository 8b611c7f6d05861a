/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-sample-rows.h"
#include "muster-victoria-ledger.h"

G_BEGIN_DECLS

/* How samples stand in VictoriaMetrics, which has a double for each millisecond of a series.
 *
 * `muster_sample{site, device, metric, type}` is the value: a number, a boolean as 0 or 1, of a
 * text the number that the ledger gave it, of null 0. Further labels:
 *   - `quality`: "bad" or "stale"; `history`: "yes";
 *   - `revision`: "1", "2"…: what takes the place of another sample of that millisecond;
 *   - `life`: which one of the device: what is of an earlier one is forgotten;
 *   - `parts`: what else belongs to each value, in series of the same labels: "bits" for numbers
 *     that a decimal of few digits cannot tell, in `muster_bits_high` and `muster_bits_low` by 32
 *     bits each; "usec" for times that are no whole millisecond, in `muster_usec`.
 * A value without its parts is none. */

typedef enum
{
  MUSTER_VICTORIA_PART_VALUE,
  MUSTER_VICTORIA_PART_HIGH,
  MUSTER_VICTORIA_PART_LOW,
  MUSTER_VICTORIA_PART_USEC,
  MUSTER_N_VICTORIA_PARTS,
} MusterVictoriaPart;

/* What their series are called. */
extern const char *const muster_victoria_part_names[MUSTER_N_VICTORIA_PARTS];

/* One sample as it stands there. */
typedef struct
{
  gint64        time;     /* UTC microseconds */
  guint32       metric;   /* number in the reader's list */
  guint32       revision; /* a greater one counts */
  MusterCellTag tag;
  MusterCell    cell; /* a text is borrowed from the reader */
} MusterVictoriaPoint;

static inline gint64
muster_victoria_get_millisecond (gint64 time)
{
  return (time - (((time % 1000) + 1000) % 1000)) / 1000;
}

/* --- to there --- */

typedef struct _MusterVictoriaWriter MusterVictoriaWriter;

MusterVictoriaWriter *muster_victoria_writer_new (MusterVictoriaLedger *ledger, const char *site);
void                  muster_victoria_writer_free (MusterVictoriaWriter *self);
/* FALSE where a text can get no number. */
gboolean muster_victoria_writer_add (MusterVictoriaWriter *self,
                                     const char           *device_id,
                                     gint64                life,
                                     const char           *metric,
                                     guint32               revision,
                                     gint64                time,
                                     MusterCellTag         tag,
                                     MusterCell            cell,
                                     GError              **error);
unsigned muster_victoria_writer_count (MusterVictoriaWriter *self);
/* What was added, as lines; it is empty then. */
GBytes *muster_victoria_writer_finish (MusterVictoriaWriter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterVictoriaWriter, muster_victoria_writer_free)

/* --- from there --- */

/* The selector of a life of DEVICE_ID, or of METRIC (nullable) of it: (transfer full). */
char *muster_victoria_make_selector (const char *site,
                                     const char *device_id,
                                     gint64      life,
                                     const char *metric);

typedef struct _MusterVictoriaReader MusterVictoriaReader;

MusterVictoriaReader *muster_victoria_reader_new (MusterVictoriaLedger *ledger);
void                  muster_victoria_reader_free (MusterVictoriaReader *self);
/* Takes a line of an export. FALSE with MUSTER_ERROR_PROTOCOL where it is none. */
gboolean muster_victoria_reader_take (MusterVictoriaReader *self,
                                      const char           *line,
                                      gsize                 length,
                                      GError              **error);
/* How many values it has taken. */
unsigned muster_victoria_reader_count (MusterVictoriaReader *self);
/* All samples in order of time, metric and revision: (transfer full) (element-type
 * MusterVictoriaPoint). NULL where a text is not known. */
GArray *muster_victoria_reader_finish (MusterVictoriaReader *self, GError **error);
/* The names of the metrics by number. */
const char *muster_victoria_reader_get_metric (MusterVictoriaReader *self, guint32 number);
/* FALSE where no sample was of it. */
gboolean muster_victoria_reader_find_metric (MusterVictoriaReader *self,
                                             const char           *name,
                                             guint32              *number);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterVictoriaReader, muster_victoria_reader_free)

G_END_DECLS
