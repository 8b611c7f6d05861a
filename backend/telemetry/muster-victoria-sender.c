/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-victoria"

#include "config.h"

#include "model/muster-error.h"
#include "muster-sample-scan.h"
#include "muster-victoria-sender.h"
#include "muster-victoria-wire.h"

/* Samples of one message. */
#define MOST_SAMPLES 50000
/* Milliseconds. Rows further apart are asked for one by one; */
#define MOST_GAP (10 * 60 * 1000)
/* of a device that was not met since the start it is asked for so long what is the newest; */
#define RECENT (60 * 60 * 1000)
/* and a sample may be so much ahead of the clock. */
#define AHEAD (G_GINT64_CONSTANT (2) * 86400 * 1000)
/* What was taken is seen after so long. */
#define VISIBLE_USEC (3 * G_USEC_PER_SEC)

/* The newest of a device that were sent, or are there. */
typedef struct
{
  gint64      life;
  gint64      floor;  /* what is later is known */
  GHashTable *newest; /* (element-type utf8 gint64): milliseconds */
} Known;

struct _MusterVictoriaSender
{
  const MusterVictoriaConfig *config;
  MusterVictoriaLedger       *ledger;
  MusterClock                *clock;
  MusterVictoriaRetryFunc     retry;
  gpointer                    user_data;
  GCancellable               *cancellable;
  MusterVictoriaClient       *client;
  MusterVictoriaWriter       *writer;
  GHashTable                 *known;   /* (element-type utf8 Known) by device */
  gint64                      sent_at; /* monotonic, of the last message; 0: all is visible */
};

/* One device of a spool. */
typedef struct
{
  MusterVictoriaSender *sender;
  MusterVictoriaTask    task;
  MusterSampleTable    *table;
  const char           *device_id;
  gint64                life;
  Known                *known;
  MusterVictoriaNew    *some;    /* (nullable) */
  MusterSampleChunk    *missing; /* (nullable) */
  unsigned             *n_sent;
} Pass;

/* Rows of it, and which cells have to be compared. */
typedef struct
{
  Pass                   *pass;
  const MusterSampleRows *rows;
  const char            **names;
  gboolean               *is_late; /* row after row */
} Part;

/* What VictoriaMetrics has of a device in a stretch of time. */
typedef struct
{
  MusterVictoriaReader *reader;
  GArray               *points; /* (element-type MusterVictoriaPoint) */
  GArray               *added;  /* the same: sent since, of the millisecond under way */
} There;

static void
known_free (gpointer data)
{
  g_hash_table_unref (((Known *)data)->newest);
  g_free (data);
}

MusterVictoriaSender *
muster_victoria_sender_new (const MusterVictoriaConfig *config,
                            MusterVictoriaLedger       *ledger,
                            MusterClock                *clock,
                            MusterVictoriaRetryFunc     retry,
                            gpointer                    user_data,
                            GCancellable               *cancellable,
                            GError                    **error)
{
  g_autoptr (MusterVictoriaSender) self = g_new0 (MusterVictoriaSender, 1);

  self->config = config;
  self->ledger = ledger;
  self->clock = clock;
  self->retry = retry;
  self->user_data = user_data;
  self->cancellable = g_object_ref (cancellable);
  self->writer = muster_victoria_writer_new (ledger, config->site);
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, known_free);
  self->client = muster_victoria_client_new (config, error);
  return self->client != NULL ? g_steal_pointer (&self) : NULL;
}

void
muster_victoria_sender_free (MusterVictoriaSender *self)
{
  if (self == NULL)
    return;
  muster_victoria_client_free (self->client);
  muster_victoria_writer_free (self->writer);
  g_hash_table_unref (self->known);
  g_clear_object (&self->cancellable);
  g_free (self);
}

/* --- exchanges --- */

/* Until it is taken. */
static gboolean
post (MusterVictoriaSender *self, GError **error)
{
  g_autoptr (GBytes) lines = NULL;
  g_autoptr (GError) cause = NULL;

  if (muster_victoria_writer_count (self->writer) == 0)
    return TRUE;
  lines = muster_victoria_writer_finish (self->writer);
  while (!muster_victoria_client_import (self->client, lines, self->cancellable, &cause))
    {
      if (!self->retry (cause, self->user_data))
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return FALSE;
        }
      g_clear_error (&cause);
    }
  self->retry (NULL, self->user_data);
  self->sent_at = g_get_monotonic_time ();
  return TRUE;
}

static gboolean
make_visible (MusterVictoriaSender *self, GError **error)
{
  if (!post (self, error))
    return FALSE;
  if (self->sent_at == 0)
    return TRUE;
  if (!muster_victoria_client_flush (self->client, self->cancellable))
    while (g_get_monotonic_time () < self->sent_at + VISIBLE_USEC &&
           !g_cancellable_is_cancelled (self->cancellable))
      g_usleep (50000);
  self->sent_at = 0;
  return TRUE;
}

typedef struct
{
  MusterVictoriaReader *reader;
  GError               *error;
} Fetch;

static gboolean
line_cb (const char *line, gsize length, gpointer user_data)
{
  Fetch *fetch = user_data;

  return muster_victoria_reader_take (fetch->reader, line, length, &fetch->error);
}

static gboolean
try_fetch (Pass *pass, gint64 from, gint64 to, There *there, GError **error)
{
  MusterVictoriaSender *self = pass->sender;
  g_autofree char      *selector =
    muster_victoria_make_selector (self->config->site, pass->device_id, pass->life, NULL);
  const char *const selectors[] = { selector, NULL };
  g_autoptr (MusterVictoriaReader) reader = muster_victoria_reader_new (self->ledger);
  Fetch fetch = { reader, NULL };

  if (!muster_victoria_client_export (self->client, selectors, from, to, line_cb, &fetch,
                                      self->cancellable, error))
    return FALSE;
  if (fetch.error != NULL)
    {
      g_propagate_error (error, fetch.error);
      return FALSE;
    }
  there->points = muster_victoria_reader_finish (reader, error);
  there->reader = g_steal_pointer (&reader);
  return there->points != NULL;
}

static void
there_clear (There *there)
{
  g_clear_pointer (&there->reader, muster_victoria_reader_free);
  g_clear_pointer (&there->points, g_array_unref);
  g_clear_pointer (&there->added, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (There, there_clear)

/* What is there from FROM to TO, in milliseconds. */
static gboolean
fetch_there (Pass *pass, gint64 from, gint64 to, There *there, GError **error)
{
  g_autoptr (GError) cause = NULL;

  if (!make_visible (pass->sender, error))
    return FALSE;
  while (!try_fetch (pass, from, to, there, &cause))
    {
      there_clear (there);
      if (!pass->sender->retry (cause, pass->sender->user_data))
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return FALSE;
        }
      g_clear_error (&cause);
    }
  pass->sender->retry (NULL, pass->sender->user_data);
  there->added = g_array_new (FALSE, FALSE, sizeof (MusterVictoriaPoint));
  return TRUE;
}

/* --- what is the newest --- */

static gint64
get_newest (const Known *known, const char *metric)
{
  const gint64 *newest = g_hash_table_lookup (known->newest, metric);

  return newest != NULL ? *newest : known->floor;
}

static void
note_newest (Known *known, const char *metric, gint64 millisecond)
{
  gint64 *newest = g_hash_table_lookup (known->newest, metric);

  if (newest != NULL)
    *newest = MAX (*newest, millisecond);
  else
    {
      millisecond = MAX (millisecond, known->floor);
      g_hash_table_insert (known->newest, g_strdup (metric),
                           g_memdup2 (&millisecond, sizeof millisecond));
    }
}

/* Asks once what is there of a device lately, so that what is newer needs not be compared. */
static gboolean
get_known (Pass *pass, GError **error)
{
  MusterVictoriaSender *self = pass->sender;
  gint64                now = muster_victoria_get_millisecond (muster_clock_get_now (self->clock));
  g_auto (There) there = { 0 };

  pass->known = g_hash_table_lookup (self->known, pass->device_id);
  if (pass->known != NULL && pass->known->life == pass->life)
    return TRUE;
  if (!fetch_there (pass, now - RECENT, now + AHEAD, &there, error))
    return FALSE;
  pass->known = g_new0 (Known, 1);
  pass->known->life = pass->life;
  pass->known->floor = now - RECENT - 1;
  pass->known->newest = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < there.points->len; i++)
    {
      const MusterVictoriaPoint *point = &g_array_index (there.points, MusterVictoriaPoint, i);

      note_newest (pass->known, muster_victoria_reader_get_metric (there.reader, point->metric),
                   muster_victoria_get_millisecond (point->time));
    }
  g_hash_table_insert (self->known, g_strdup (pass->device_id), pass->known);
  return TRUE;
}

/* --- comparing --- */

static gboolean
is_same_cell (MusterCellTag tag, MusterCell a, MusterCell b)
{
  switch (muster_cell_get_kind (tag))
    {
    case MUSTER_CELL_NULL:
      return TRUE;
    case MUSTER_CELL_TEXT:
      return g_str_equal (a.text, b.text);
    default:
      return a.bits == b.bits;
    }
}

/* What became of a sample of WAS when one of TAG took its place, see muster_sample_rows_set(). */
static MusterCellTag
merge_tags (MusterCellTag was, MusterCellTag tag)
{
  const MusterCellTag history =
    muster_cell_tag (MUSTER_SAMPLE_NULL, MUSTER_SAMPLE_HISTORICAL) & ~MUSTER_CELL_KIND_MASK;

  return (was & history) ? tag : (MusterCellTag)(tag & ~history);
}

/* What is there of one sample. */
typedef struct
{
  gboolean            is_taken; /* something of that millisecond is */
  guint32             revision; /* the highest of it */
  gboolean            is_there; /* something of that very time is: */
  MusterVictoriaPoint point;
} Match;

static void
match_points (GArray *points, guint from, guint32 metric, gint64 time, Match *match)
{
  gint64 millisecond = muster_victoria_get_millisecond (time);

  for (guint i = from; i < points->len; i++)
    {
      const MusterVictoriaPoint *point = &g_array_index (points, MusterVictoriaPoint, i);

      if (muster_victoria_get_millisecond (point->time) > millisecond)
        return;
      if (point->metric != metric || muster_victoria_get_millisecond (point->time) < millisecond)
        continue;
      match->revision = match->is_taken ? MAX (match->revision, point->revision) : point->revision;
      match->is_taken = TRUE;
      if (point->time != time)
        continue;
      match->point.tag = match->is_there ? merge_tags (match->point.tag, point->tag) : point->tag;
      match->point.cell = point->cell;
      match->is_there = TRUE;
    }
}

/* The first of POINTS that is not of before TIME's millisecond. */
static guint
find_point (GArray *points, gint64 time)
{
  gint64 begin = muster_victoria_get_millisecond (time) * 1000;
  guint  low = 0, high = points->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (points, MusterVictoriaPoint, middle).time < begin)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static void
collect (Pass *pass, const char *metric, gint64 time, MusterCellTag tag, MusterCell cell)
{
  MusterSampleChunk *chunk = pass->missing;

  muster_sample_chunk_add_row (chunk, muster_sample_chunk_add_device (chunk, pass->device_id),
                               time);
  if (muster_cell_get_kind (tag) == MUSTER_CELL_TEXT)
    muster_sample_chunk_add_text (chunk, muster_sample_chunk_add_metric (chunk, metric),
                                  muster_sample_from_cell (NULL, 0, tag, cell).flags, cell.text);
  else
    muster_sample_chunk_add_cell (chunk, muster_sample_chunk_add_metric (chunk, metric), tag, cell);
}

static gboolean
send_cell (Pass         *pass,
           const char   *metric,
           guint32       revision,
           gint64        time,
           MusterCellTag tag,
           MusterCell    cell,
           GError      **error)
{
  MusterVictoriaSender *self = pass->sender;

  (*pass->n_sent)++;
  note_newest (pass->known, metric, muster_victoria_get_millisecond (time));
  return muster_victoria_writer_add (self->writer, pass->device_id, pass->life, metric, revision,
                                     time, tag, cell, error) &&
         (muster_victoria_writer_count (self->writer) < MOST_SAMPLES || post (self, error));
}

static gboolean
compare_cell (Part *part, There *there, unsigned row, unsigned column, GError **error)
{
  Pass         *pass = part->pass;
  const char   *name = part->names[column];
  gint64        time = part->rows->times[row];
  MusterCellTag tag = part->rows->columns[column].tags[row];
  MusterCell    cell = part->rows->columns[column].cells[row];
  Match         match = { 0 };
  guint32       metric;

  if (muster_victoria_reader_find_metric (there->reader, name, &metric))
    match_points (there->points, find_point (there->points, time), metric, time, &match);
  match_points (there->added, 0, column, time, &match);
  if (match.is_there)
    {
      tag = merge_tags (match.point.tag, tag);
      if (tag == match.point.tag && is_same_cell (tag, cell, match.point.cell))
        return TRUE;
    }
  else if (pass->some != NULL)
    pass->some->n++;
  match.point =
    (MusterVictoriaPoint){ time, column, match.is_taken ? match.revision + 1 : 0, tag, cell };
  g_array_append_val (there->added, match.point);
  if (pass->task != MUSTER_VICTORIA_RESCUE)
    return send_cell (pass, name, match.point.revision, time, tag, cell, error);
  (*pass->n_sent)++;
  collect (pass, name, time, tag, cell);
  return TRUE;
}

static gboolean
has_late (const Part *part, unsigned row)
{
  for (unsigned i = 0; i < part->rows->n_columns; i++)
    if (part->is_late[row * part->rows->n_columns + i])
      return TRUE;
  return FALSE;
}

/* Rows from FROM to TO (excluded), which stand close to each other. */
static gboolean
compare_rows (Part *part, unsigned from, unsigned to, GError **error)
{
  const MusterSampleRows *rows = part->rows;
  gint64                  first = muster_victoria_get_millisecond (rows->times[from]);
  gint64                  last = muster_victoria_get_millisecond (rows->times[to - 1]);
  g_auto (There) there = { 0 };

  if (!fetch_there (part->pass, first, last, &there, error))
    return FALSE;
  for (unsigned row = from; row < to; row++)
    {
      if (row > from && muster_victoria_get_millisecond (rows->times[row]) !=
                          muster_victoria_get_millisecond (rows->times[row - 1]))
        g_array_set_size (there.added, 0);
      for (unsigned i = 0; i < rows->n_columns; i++)
        if (part->is_late[row * rows->n_columns + i] && !compare_cell (part, &there, row, i, error))
          return FALSE;
    }
  return TRUE;
}

static gboolean
compare_late (Part *part, unsigned from, unsigned to, GError **error)
{
  const gint64 *times = part->rows->times;

  for (unsigned row = from, end; row < to; row = end)
    {
      unsigned last = row;

      end = row + 1;
      if (!has_late (part, row))
        continue;
      for (; end < to && times[end] - times[last] <= MOST_GAP * G_GINT64_CONSTANT (1000); end++)
        if (has_late (part, end))
          last = end;
      end = last + 1;
      if (!compare_rows (part, row, end, error))
        return FALSE;
    }
  return TRUE;
}

/* --- rows --- */

/* What is newer than all before is sent, the rest marked. */
static gboolean
send_new (Part *part, unsigned from, unsigned to, GError **error)
{
  Pass                   *pass = part->pass;
  const MusterSampleRows *rows = part->rows;

  for (unsigned row = from; row < to; row++)
    for (unsigned i = 0; i < rows->n_columns; i++)
      {
        const MusterSampleColumn *column = &rows->columns[i];
        gint64                    millisecond = muster_victoria_get_millisecond (rows->times[row]);

        if (column->tags[row] == MUSTER_CELL_ABSENT)
          continue;
        if (pass->task != MUSTER_VICTORIA_SEND ||
            millisecond <= get_newest (pass->known, part->names[i]))
          part->is_late[row * rows->n_columns + i] = TRUE;
        else
          {
            if (pass->some != NULL)
              pass->some->n++;
            if (!send_cell (pass, part->names[i], 0, rows->times[row], column->tags[row],
                            column->cells[row], error))
              return FALSE;
          }
      }
  return TRUE;
}

static gboolean
piece_cb (MusterSampleScan *scan, MusterSamplePiece *piece, gpointer user_data, GError **error)
{
  Pass                   *pass = user_data;
  const MusterSampleRows *rows =
    piece->block != NULL ? muster_sample_piece_load_rows (scan, piece) : piece->rows;
  Part                    part = { pass, rows };
  unsigned                to;
  g_autofree const char **names = NULL;
  g_autofree gboolean    *is_late = NULL;

  if (rows == NULL)
    return TRUE;
  to = piece->block != NULL ? rows->n_rows : piece->to;
  names = g_new (const char *, rows->n_columns + 1);
  is_late = g_new0 (gboolean, (gsize)rows->n_rows * rows->n_columns + 1);
  g_rw_lock_reader_lock (&pass->table->lock);
  for (unsigned i = 0; i < rows->n_columns; i++)
    names[i] = pass->table->metrics->pdata[rows->columns[i].metric];
  g_rw_lock_reader_unlock (&pass->table->lock);
  part.names = names;
  part.is_late = is_late;
  return send_new (&part, piece->from, to, error) && compare_late (&part, piece->from, to, error);
}

/* --- a spool --- */

static char **
list_devices (MusterSampleTable *table)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_rw_lock_reader_lock (&table->lock);
  for (guint i = 1; i < table->devices->len; i++)
    {
      const MusterSampleDevice *device = table->devices->pdata[i];

      if (device != NULL && !device->is_gone)
        g_strv_builder_add (builder, device->id);
    }
  g_rw_lock_reader_unlock (&table->lock);
  return g_strv_builder_end (builder);
}

static MusterVictoriaNew *
begin_device (GHashTable *n_new, const Pass *pass)
{
  MusterVictoriaNew *some = n_new != NULL ? g_hash_table_lookup (n_new, pass->device_id) : NULL;

  if (some == NULL && n_new != NULL)
    {
      some = g_new0 (MusterVictoriaNew, 1);
      g_hash_table_insert (n_new, g_strdup (pass->device_id), some);
    }
  if (some != NULL)
    some->life = pass->life;
  return some;
}

gboolean
muster_victoria_sender_run (MusterVictoriaSender *self,
                            MusterVictoriaSpool  *spool,
                            MusterVictoriaTask    task,
                            GHashTable           *n_new,
                            MusterSampleChunk    *missing,
                            unsigned             *n_sent,
                            GError              **error)
{
  MusterSampleEngine *engine = muster_victoria_spool_get_engine (spool);
  MusterSampleTable  *table = muster_sample_engine_get_table (engine);
  g_auto (GStrv) devices = list_devices (table);
  MusterSampleFile *file = muster_sample_engine_borrow_file (engine, error);
  gboolean          is_good = file != NULL;

  *n_sent = 0;
  for (unsigned i = 0; is_good && devices[i] != NULL; i++)
    {
      /* The life before the samples: what is forgotten in between goes to the life before. */
      gint64 life = muster_victoria_ledger_get_life (self->ledger, devices[i]);
      Pass   pass = { self, task, table, devices[i], life, NULL, NULL, missing, n_sent };
      MusterSampleScanRange range = { .device_id = devices[i], .from = 0, .to = G_MAXINT64 };

      pass.some = begin_device (n_new, &pass);
      is_good = get_known (&pass, error) &&
                muster_sample_scan_run (table, file, &range, piece_cb, &pass, NULL, error);
    }
  if (file != NULL)
    muster_sample_engine_return_file (engine, file);
  return is_good && post (self, error);
}

gboolean
muster_victoria_sender_delete_gone (MusterVictoriaSender *self, GError **error)
{
  g_autoptr (GPtrArray) list = muster_victoria_ledger_list_gone (self->ledger, error);

  if (list == NULL || (list->len > 0 && !make_visible (self, error)))
    return FALSE;
  for (guint i = 0; i < list->len; i++)
    {
      const MusterVictoriaGone *gone = list->pdata[i];
      g_autofree char          *selector =
        muster_victoria_make_selector (self->config->site, gone->device_id, gone->life, NULL);

      if (!muster_victoria_client_delete (self->client, selector, self->cancellable, error) ||
          !muster_victoria_ledger_drop_gone (self->ledger, gone, error))
        return FALSE;
    }
  return TRUE;
}
