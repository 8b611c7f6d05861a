/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-victoria"

#include "config.h"

#include <glib/gstdio.h>

#include "muster-sample-compact.h"
#include "muster-sample-scan.h"
#include "muster-victoria-view.h"
#include "muster-victoria-wire.h"

/* How long a stretch is that is fetched at once: so that it has about as many values. */
#define FIRST_SPAN (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)
#define LEAST_SPAN G_USEC_PER_SEC
#define FEW_VALUES 50000
#define MANY_VALUES 200000
#define MOST_VALUES 1000000
/* Samples in memory, from where on they are packed into the lens's file. */
#define MOST_CELLS 500000

struct _MusterVictoriaView
{
  const MusterVictoriaConfig *config;
  MusterVictoriaLedger       *ledger;
  MusterSampleEngine         *local;  /* (owned) */
  GPtrArray                  *spools; /* (element-type MusterVictoriaSpool) (owned) */
  GCancellable               *cancellable;
};

struct _MusterVictoriaLens
{
  MusterVictoriaClient *client;
  MusterSampleFile     *scratch;
  char                 *path;
};

MusterVictoriaView *
muster_victoria_view_new (const MusterVictoriaConfig *config,
                          MusterVictoriaLedger       *ledger,
                          MusterSampleEngine         *local,
                          GPtrArray                  *spools,
                          GCancellable               *cancellable)
{
  MusterVictoriaView *self = g_new0 (MusterVictoriaView, 1);

  self->config = config;
  self->ledger = ledger;
  self->local = muster_sample_engine_ref (local);
  self->spools = g_ptr_array_new_with_free_func ((GDestroyNotify)muster_victoria_spool_unref);
  for (guint i = 0; i < spools->len; i++)
    g_ptr_array_add (self->spools, muster_victoria_spool_ref (spools->pdata[i]));
  self->cancellable = g_object_ref (cancellable);
  return self;
}

void
muster_victoria_view_free (MusterVictoriaView *self)
{
  g_ptr_array_unref (self->spools);
  muster_sample_engine_unref (self->local);
  g_clear_object (&self->cancellable);
  g_free (self);
}

static void
delete_scratch (const char *path)
{
  static const char *const files[] = { "", "-wal", "-shm" };

  for (unsigned i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *name = g_strconcat (path, files[i], NULL);

      g_unlink (name);
    }
}

MusterVictoriaLens *
muster_victoria_lens_new (const MusterVictoriaConfig *config, const char *path, GError **error)
{
  g_autoptr (MusterVictoriaLens) self = g_new0 (MusterVictoriaLens, 1);

  self->path = g_strdup (path);
  delete_scratch (path);
  self->client = muster_victoria_client_new (config, error);
  if (self->client == NULL)
    return NULL;
  self->scratch = muster_sample_file_open (path, MUSTER_CONNECTION_WRITE, error);
  return self->scratch != NULL ? g_steal_pointer (&self) : NULL;
}

void
muster_victoria_lens_free (MusterVictoriaLens *self)
{
  if (self == NULL)
    return;
  muster_victoria_client_free (self->client);
  g_clear_pointer (&self->scratch, muster_sample_file_close);
  delete_scratch (self->path);
  g_free (self->path);
  g_free (self);
}

/* --- one answer --- */

typedef struct
{
  MusterVictoriaView *view;
  MusterVictoriaLens *lens;
  const char         *device_id;
  const char *const  *metrics; /* (nullable) */
  char              **selectors;
  MusterSampleTable  *table;
  MusterSampleDevice *device;
  gint64              span;
  gsize               n_cells;   /* in the head */
  gboolean            is_packed; /* something stands in the lens's file */
} Gather;

/* --- from other stores --- */

typedef struct
{
  Gather            *gather;
  MusterSampleTable *table;
  MusterSampleRows  *rows;
} Lay;

static void
lay_column (const Lay                *lay,
            const char               *name,
            const MusterSampleRows   *rows,
            const MusterSampleColumn *column,
            unsigned                  from,
            unsigned                  to)
{
  guint32 metric = muster_sample_table_ensure_metric (lay->gather->table, name);

  for (unsigned i = from; i < to; i++)
    {
      unsigned row, at;

      if (column->tags[i] == MUSTER_CELL_ABSENT)
        continue;
      row = muster_sample_rows_ensure_row (lay->rows, rows->times[i]);
      at = muster_sample_rows_ensure_column (lay->rows, metric, 0);
      if (muster_cell_get_kind (column->tags[i]) == MUSTER_CELL_TEXT)
        g_ref_string_acquire (column->cells[i].text);
      muster_sample_rows_set (lay->rows, row, at, column->tags[i], column->cells[i]);
    }
}

static gboolean
piece_cb (MusterSampleScan *scan, MusterSamplePiece *piece, gpointer user_data, GError **error)
{
  const Lay              *lay = user_data;
  const MusterSampleRows *rows =
    piece->block != NULL ? muster_sample_piece_load_rows (scan, piece) : piece->rows;
  unsigned to = piece->block != NULL && rows != NULL ? rows->n_rows : piece->to;

  for (unsigned i = 0; rows != NULL && i < rows->n_columns; i++)
    {
      const char *name;

      g_rw_lock_reader_lock (&lay->table->lock);
      name = lay->table->metrics->pdata[rows->columns[i].metric];
      g_rw_lock_reader_unlock (&lay->table->lock);
      if (lay->gather->metrics == NULL || g_strv_contains (lay->gather->metrics, name))
        lay_column (lay, name, rows, &rows->columns[i], piece->from, to);
    }
  return TRUE;
}

/* Lays what ENGINE has over ROWS. */
static gboolean
lay_engine (Gather             *self,
            MusterSampleEngine *engine,
            gint64              from,
            gint64              to,
            MusterSampleRows   *rows,
            GError            **error)
{
  Lay                   lay = { self, muster_sample_engine_get_table (engine), rows };
  MusterSampleScanRange range = { .device_id = self->device_id, .from = from, .to = to };
  MusterSampleFile     *file = muster_sample_engine_borrow_file (engine, error);
  gboolean              is_good;

  if (file == NULL)
    return FALSE;
  is_good = muster_sample_scan_run (lay.table, file, &range, piece_cb, &lay, NULL, error);
  muster_sample_engine_return_file (engine, file);
  return is_good;
}

/* --- from VictoriaMetrics --- */

typedef struct
{
  MusterVictoriaReader *reader;
  GError              **error;
  gboolean              is_good;
} Fetch;

static gboolean
line_cb (const char *line, gsize length, gpointer user_data)
{
  Fetch *fetch = user_data;

  fetch->is_good = muster_victoria_reader_take (fetch->reader, line, length, fetch->error);
  return fetch->is_good && muster_victoria_reader_count (fetch->reader) <= MOST_VALUES;
}

static void
lay_points (Gather               *self,
            MusterVictoriaReader *reader,
            GArray               *points,
            gint64                from,
            gint64                to,
            MusterSampleRows     *rows)
{
  for (guint i = 0; i < points->len; i++)
    {
      const MusterVictoriaPoint *point = &g_array_index (points, MusterVictoriaPoint, i);
      guint32                    metric;
      unsigned                   row, column;

      if (point->time < from || point->time > to)
        continue;
      metric = muster_sample_table_ensure_metric (
        self->table, muster_victoria_reader_get_metric (reader, point->metric));
      row = muster_sample_rows_ensure_row (rows, point->time);
      column = muster_sample_rows_ensure_column (rows, metric, point->metric);
      if (muster_cell_get_kind (point->tag) == MUSTER_CELL_TEXT)
        g_ref_string_acquire (point->cell.text);
      muster_sample_rows_set (rows, row, column, point->tag, point->cell);
    }
}

/* N_VALUES: how many it had to read; where that is too many nothing was laid. */
static gboolean
lay_server (Gather           *self,
            gint64            from,
            gint64            to,
            MusterSampleRows *rows,
            unsigned         *n_values,
            GError          **error)
{
  g_autoptr (MusterVictoriaReader) reader = muster_victoria_reader_new (self->view->ledger);
  g_autoptr (GArray) points = NULL;
  Fetch fetch = { reader, error, TRUE };

  if (!muster_victoria_client_export (self->lens->client, (const char *const *)self->selectors,
                                      muster_victoria_get_millisecond (from),
                                      muster_victoria_get_millisecond (to), line_cb, &fetch,
                                      self->view->cancellable, error) ||
      !fetch.is_good)
    return FALSE;
  *n_values = muster_victoria_reader_count (reader);
  if (*n_values > MOST_VALUES)
    return TRUE;
  points = muster_victoria_reader_finish (reader, error);
  if (points == NULL)
    return FALSE;
  lay_points (self, reader, points, from, to, rows);
  return TRUE;
}

/* --- together --- */

/* Brings the head into the lens's file. */
static gboolean
pack_head (Gather *self, GError **error)
{
  MusterSampleDevice *device = self->device;
  MusterSampleWritten written = { .device = device->number,
                                  .max_span = device->max_span,
                                  .sealed_until = device->sealed_until };

  if (!muster_sample_file_begin (self->lens->scratch, error))
    return FALSE;
  if (!muster_sample_compact_write_next (self->lens->scratch, device->head, 0, &written, error) ||
      !muster_sample_file_commit (self->lens->scratch, error))
    {
      muster_sample_file_rollback (self->lens->scratch);
      return FALSE;
    }
  device->max_span = written.max_span;
  device->sealed_until = written.sealed_until;
  device->n_sealed += written.n_samples;
  muster_sample_rows_free (device->head);
  device->head = muster_sample_rows_new ();
  self->n_cells = 0;
  self->is_packed = TRUE;
  return TRUE;
}

/* One stretch, which comes after all before. */
static gboolean
gather_stretch (Gather *self, gint64 from, gint64 *to, GError **error)
{
  g_autoptr (MusterSampleRows) rows = muster_sample_rows_new ();
  unsigned n_values = 0;

  if (!lay_engine (self, self->view->local, from, *to, rows, error) ||
      !lay_server (self, from, *to, rows, &n_values, error))
    return FALSE;
  if (n_values > MOST_VALUES && self->span > LEAST_SPAN)
    {
      self->span = MAX (LEAST_SPAN, self->span / 8);
      *to = from - 1;
      return TRUE;
    }
  for (guint i = 0; i < self->view->spools->len; i++)
    if (!lay_engine (self, muster_victoria_spool_get_engine (self->view->spools->pdata[i]), from,
                     *to, rows, error))
      return FALSE;
  if (n_values < FEW_VALUES && self->span < G_MAXINT64 / 4)
    self->span *= 2;
  else if (n_values > MANY_VALUES)
    self->span = MAX (LEAST_SPAN, self->span / 2);
  self->n_cells += muster_sample_rows_count (rows);
  muster_sample_rows_merge (self->device->head, rows);
  return self->n_cells < MOST_CELLS || pack_head (self, error);
}

static gboolean
gather_all (Gather *self, gint64 from, gint64 to, GError **error)
{
  while (from <= to)
    {
      gint64 end = to - from < self->span ? to : from + self->span - 1;

      if (!gather_stretch (self, from, &end, error))
        return FALSE;
      from = end < G_MAXINT64 ? end + 1 : end;
      if (end == G_MAXINT64)
        break;
    }
  return TRUE;
}

static char **
make_selectors (MusterVictoriaView *self, const char *device_id, const char *const *metrics)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  gint64 life = muster_victoria_ledger_get_life (self->ledger, device_id);

  if (metrics == NULL)
    g_strv_builder_take (builder,
                         muster_victoria_make_selector (self->config->site, device_id, life, NULL));
  for (; metrics != NULL && *metrics != NULL; metrics++)
    g_strv_builder_take (builder, muster_victoria_make_selector (self->config->site, device_id,
                                                                 life, *metrics));
  return g_strv_builder_end (builder);
}

gboolean
muster_victoria_view_read (MusterVictoriaView *self,
                           MusterVictoriaLens *lens,
                           const char         *device_id,
                           const char *const  *metrics,
                           gint64              from,
                           gint64              to,
                           gboolean (*func) (MusterSampleTable *table,
                                             MusterSampleFile  *file,
                                             gpointer           user_data,
                                             GError           **error),
                           gpointer user_data,
                           GError **error)
{
  g_autoptr (MusterSampleTable) table = muster_sample_table_new ();
  g_auto (GStrv) selectors = make_selectors (self, device_id, metrics);
  Gather   gather = { self,
                      lens,
                      device_id,
                      metrics,
                      selectors,
                      table,
                      muster_sample_table_ensure_device (table, device_id),
                      FIRST_SPAN };
  gboolean is_good;

  table->is_plain = TRUE;
  is_good =
    (metrics != NULL && metrics[0] == NULL) || gather_all (&gather, MAX (0, from), to, error);
  is_good = is_good && func (table, lens->scratch, user_data, error);
  if (gather.is_packed)
    is_good = muster_sample_file_begin (lens->scratch, is_good ? error : NULL) &&
              muster_sample_file_forget (lens->scratch, gather.device->number, NULL) &&
              muster_sample_file_commit (lens->scratch, NULL) && is_good;
  return is_good;
}
