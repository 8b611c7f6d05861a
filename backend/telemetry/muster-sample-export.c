/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sample-export"

#include "config.h"

#include <string.h>

#include "model/muster-entity.h"
#include "model/muster-time.h"
#include "muster-sample-export.h"
#include "muster-sample-range.h"
#include "muster-series-job.h"

/* How long a piece is that is read at once: so that it has about as many samples. */
#define FIRST_SPAN (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)
#define LEAST_SPAN G_USEC_PER_SEC
#define FEW_SAMPLES 2000
#define MANY_SAMPLES 20000

struct _MusterSampleExport
{
  GInputStream                    parent_instance;
  gpointer                        source; /* (owned) as KIND says */
  const MusterSampleExportSource *kind;
  MusterSeriesJob                *job; /* (owned): the question */
  MusterSampleFormat              format;
  GString                        *text; /* what was made and not read yet, from AT on */
  gsize                           at;
  unsigned                        device;
  gint64                          next; /* begin of the next piece */
  gint64                          span;
  unsigned                        n_samples; /* of the piece under way */
  gboolean                        has_begun;
};

G_DEFINE_FINAL_TYPE (MusterSampleExport, muster_sample_export, G_TYPE_INPUT_STREAM)

static const char *
get_quality (const MusterSample *sample)
{
  if (sample->flags & MUSTER_SAMPLE_BAD)
    return "bad";
  return (sample->flags & MUSTER_SAMPLE_STALE) ? "stale" : "good";
}

/* RFC 4180: quoted where it has to be. */
static void
append_csv (GString *text, const char *value)
{
  if (strpbrk (value, ",\"\r\n") == NULL)
    {
      g_string_append (text, value);
      return;
    }
  g_string_append_c (text, '"');
  for (; *value != '\0'; value++)
    {
      if (*value == '"')
        g_string_append_c (text, '"');
      g_string_append_c (text, *value);
    }
  g_string_append_c (text, '"');
}

static void
append_csv_row (GString *text, const char *device_id, const MusterSample *sample, const char *time)
{
  g_string_append (text, time);
  g_string_append_c (text, ',');
  g_string_append (text, device_id);
  g_string_append_c (text, ',');
  append_csv (text, sample->metric);
  g_string_append_c (text, ',');
  if (sample->type == MUSTER_SAMPLE_STRING)
    append_csv (text, sample->text);
  else if (sample->type != MUSTER_SAMPLE_NULL)
    muster_sample_encode_value (sample, text);
  g_string_append_printf (text, ",%s\r\n", get_quality (sample));
}

static void
append_json_row (GString *text, const char *device_id, const MusterSample *sample, const char *time)
{
  g_string_append_printf (text, "{\"timestamp\":\"%s\",\"device_id\":\"%s\",\"metric\":", time,
                          device_id);
  muster_json_append_string (text, sample->metric, -1);
  g_string_append (text, ",\"value\":");
  muster_sample_encode_value (sample, text);
  g_string_append_printf (text, ",\"quality\":\"%s\"}\n", get_quality (sample));
}

static void
append_sample (MusterSampleExport *self, const MusterSampleQuery *query, const MusterSample *sample)
{
  char buffer[MUSTER_TIME_TEXT_LENGTH + 4];

  if (muster_sample_is_excluded (query, sample->metric, sample->time))
    return;
  muster_time_format (sample->time, buffer);
  if (sample->time % 1000 != 0)
    g_snprintf (buffer + MUSTER_TIME_TEXT_LENGTH - 1, 5, "%03dZ", (int)(sample->time % 1000));
  if (self->format == MUSTER_SAMPLE_CSV)
    append_csv_row (self->text, query->device_id, sample, buffer);
  else
    append_json_row (self->text, query->device_id, sample, buffer);
  self->n_samples++;
}

typedef struct
{
  MusterSampleExport      *self;
  const MusterSampleQuery *query;
  MusterSampleTable       *table;
} Piece;

/* The names of ROWS' columns, NULL for those that are not asked for. */
static const char **
find_names (const Piece *self, const MusterSampleRows *rows)
{
  const char **names = g_new (const char *, rows->n_columns + 1);

  g_rw_lock_reader_lock (&self->table->lock);
  for (unsigned i = 0; i < rows->n_columns; i++)
    {
      names[i] = self->table->metrics->pdata[rows->columns[i].metric];
      if (self->query->metrics != NULL && !g_strv_contains (self->query->metrics, names[i]))
        names[i] = NULL;
    }
  g_rw_lock_reader_unlock (&self->table->lock);
  return names;
}

static gboolean
piece_cb (MusterSampleScan *scan, MusterSamplePiece *piece, gpointer user_data, GError **error)
{
  Piece                  *context = user_data;
  const MusterSampleRows *rows =
    piece->block != NULL ? muster_sample_piece_load_rows (scan, piece) : piece->rows;
  unsigned                to = piece->block != NULL && rows != NULL ? rows->n_rows : piece->to;
  g_autofree const char **names = rows != NULL ? find_names (context, rows) : NULL;

  for (unsigned row = piece->from; rows != NULL && row < to; row++)
    for (unsigned i = 0; i < rows->n_columns; i++)
      {
        const MusterSampleColumn *column = &rows->columns[i];
        MusterSample              sample;

        if (names[i] == NULL || column->tags[row] == MUSTER_CELL_ABSENT)
          continue;
        sample = muster_sample_from_cell (names[i], rows->times[row], column->tags[row],
                                          column->cells[row]);
        append_sample (context->self, context->query, &sample);
      }
  return TRUE;
}

static gboolean
scan_cb (MusterSampleTable *table, MusterSampleFile *file, gpointer user_data, GError **error)
{
  Piece                *context = user_data;
  MusterSampleScanRange range = { .device_id = context->query->device_id,
                                  .from = context->query->from,
                                  .to = context->query->to,
                                  .excluded = context->query->excluded,
                                  .n_excluded = context->query->n_excluded };

  context->table = table;
  return muster_sample_scan_run (table, file, &range, piece_cb, context, NULL, error);
}

/* The next stretch of what QUERY asks. */
static gboolean
read_piece (MusterSampleExport *self, const MusterSampleQuery *query, GError **error)
{
  MusterSampleQuery part = *query;
  Piece             context = { self, &part, NULL };
  gboolean          is_good;

  part.from = self->next;
  part.to = MIN (query->to, self->next + self->span - 1);
  self->n_samples = 0;
  is_good = self->kind->read (self->source, &part, scan_cb, &context, error);
  self->next = part.to + 1;
  if (self->n_samples < FEW_SAMPLES && self->span < G_MAXINT64 / 4)
    self->span *= 2;
  else if (self->n_samples > MANY_SAMPLES)
    self->span = MAX (LEAST_SPAN, self->span / 2);
  return is_good;
}

/* Makes more text: FALSE at the end, or with ERROR. */
static gboolean
make_text (MusterSampleExport *self, GError **error)
{
  const MusterSeriesQuery *query = muster_series_job_get_query (self->job);

  if (!self->has_begun && self->format == MUSTER_SAMPLE_CSV)
    g_string_append (self->text, "timestamp,device_id,metric,value,quality\r\n");
  self->has_begun = TRUE;
  while (self->text->len == 0 && self->device < query->n_devices)
    {
      MusterSampleQuery one = muster_series_query_get_one (query, self->device);

      if (self->next > query->base.to)
        {
          self->device++;
          self->next = query->base.from;
          self->span = FIRST_SPAN;
        }
      else if (!read_piece (self, &one, error))
        return FALSE;
    }
  return self->text->len > 0;
}

static gssize
muster_sample_export_read (GInputStream *stream,
                           void         *buffer,
                           gsize         count,
                           GCancellable *cancellable,
                           GError      **error)
{
  MusterSampleExport *self = MUSTER_SAMPLE_EXPORT (stream);
  g_autoptr (GError) cause = NULL;
  gsize n;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return -1;
  if (self->at == self->text->len)
    {
      g_string_truncate (self->text, 0);
      self->at = 0;
      if (!make_text (self, &cause))
        {
          if (cause == NULL)
            return 0;
          g_propagate_error (error, g_steal_pointer (&cause));
          return -1;
        }
    }
  n = MIN (count, self->text->len - self->at);
  memcpy (buffer, self->text->str + self->at, n);
  self->at += n;
  return n;
}

static void
muster_sample_export_finalize (GObject *object)
{
  MusterSampleExport *self = MUSTER_SAMPLE_EXPORT (object);

  g_clear_pointer (&self->job, muster_series_job_unref);
  self->kind->unref (self->source);
  g_string_free (self->text, TRUE);
  G_OBJECT_CLASS (muster_sample_export_parent_class)->finalize (object);
}

static void
muster_sample_export_class_init (MusterSampleExportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_sample_export_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = muster_sample_export_read;
}

static void
muster_sample_export_init (MusterSampleExport *self)
{
  self->text = g_string_new (NULL);
}

GInputStream *
muster_sample_export_new (gpointer                        source,
                          const MusterSampleExportSource *kind,
                          const MusterSeriesQuery        *query,
                          MusterSampleFormat              format)
{
  MusterSampleExport *self = g_object_new (MUSTER_TYPE_SAMPLE_EXPORT, NULL);

  self->source = source;
  self->kind = kind;
  self->job = muster_series_job_new (query);
  self->format = format;
  self->next = query->base.from;
  self->span = FIRST_SPAN;
  return G_INPUT_STREAM (self);
}
