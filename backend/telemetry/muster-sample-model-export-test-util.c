/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "model/muster-entity.h"
#include "muster-sample-model-private-test-util.h"

static const char *
get_quality (const MusterSample *sample)
{
  if (sample->flags & MUSTER_SAMPLE_BAD)
    return "bad";
  return sample->flags & MUSTER_SAMPLE_STALE ? "stale" : "good";
}

/* By GDateTime; the program has a way of its own. */
static char *
format_time (gint64 time)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
  g_autofree char *seconds = g_date_time_format (date, "%Y-%m-%dT%H:%M:%S");
  int              rest = (int)(time % G_USEC_PER_SEC);

  return rest % 1000 == 0 ? g_strdup_printf ("%s.%03dZ", seconds, rest / 1000)
                          : g_strdup_printf ("%s.%06dZ", seconds, rest);
}

static char *
quote (const char *text)
{
  g_auto (GStrv) parts = NULL;
  g_autofree char *joined = NULL;

  if (strpbrk (text, ",\"\r\n") == NULL)
    return g_strdup (text);
  parts = g_strsplit (text, "\"", -1);
  joined = g_strjoinv ("\"\"", parts);
  return g_strdup_printf ("\"%s\"", joined);
}

static char *
format_row (const char *device_id, const MusterSample *sample, MusterSampleFormat format)
{
  g_autofree char *time = format_time (sample->time);
  g_autoptr (GString) value = g_string_new (NULL);
  g_autoptr (GString) metric = g_string_new (NULL);
  g_autofree char *name = quote (sample->metric);
  g_autofree char *text = NULL;

  muster_sample_encode_value (sample, value);
  muster_json_append_string (metric, sample->metric, -1);
  if (format == MUSTER_SAMPLE_NDJSON)
    return g_strdup_printf ("{\"timestamp\":\"%s\",\"device_id\":\"%s\",\"metric\":%s,\"value\":%s,"
                            "\"quality\":\"%s\"}",
                            time, device_id, metric->str, value->str, get_quality (sample));
  text = sample->type == MUSTER_SAMPLE_STRING ? quote (sample->text)
         : sample->type == MUSTER_SAMPLE_NULL ? g_strdup ("")
                                              : g_strdup (value->str);
  return g_strdup_printf ("%s,%s,%s,%s,%s", time, device_id, name, text, get_quality (sample));
}

/* The rows of a device: (transfer full) (element-type utf8). */
static GHashTable *
make_rows (MusterSampleModel *self, const MusterSampleQuery *query, MusterSampleFormat format)
{
  GHashTable *rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < self->series->len; i++)
    {
      MusterModelSeries *series = self->series->pdata[i];
      MusterModelSeries  view;

      if (!muster_model_is_asked (query, series))
        continue;
      view = muster_model_view_of (series, query);
      for (guint k = 0; k < view.samples->len; k++)
        g_hash_table_add (rows, format_row (series->device_id, muster_model_sample_at (&view, k),
                                            format));
      g_array_unref (view.samples);
    }
  return rows;
}

/* Where the time stands in a row, and how long it is at least. */
static const char *
get_time (const char *row, MusterSampleFormat format)
{
  const char *time = row + (format == MUSTER_SAMPLE_CSV ? 0 : strlen ("{\"timestamp\":\""));

  g_assert_cmpuint (strlen (row), >, 40);
  return time;
}

void
muster_sample_model_check_export (MusterSampleModel       *self,
                                  const MusterSeriesQuery *query,
                                  MusterSampleFormat       format,
                                  const char              *text)
{
  g_auto (GStrv) rows = g_strsplit (text, format == MUSTER_SAMPLE_CSV ? "\r\n" : "\n", -1);
  guint at = 0;

  if (format == MUSTER_SAMPLE_CSV)
    g_assert_cmpstr (rows[at++], ==, "timestamp,device_id,metric,value,quality");
  for (unsigned i = 0; i < query->n_devices; i++)
    {
      MusterSampleQuery one = muster_series_query_get_one (query, i);
      g_autoptr (GHashTable) wanted = make_rows (self, &one, format);
      const char *before = NULL;

      for (guint left = g_hash_table_size (wanted); left > 0; left--, at++)
        {
          if (rows[at] == NULL || !g_hash_table_remove (wanted, rows[at]))
            g_error ("%s: \"%s\" is exported, and is not there", one.device_id, rows[at]);
          if (before != NULL && strncmp (get_time (before, format), get_time (rows[at], format),
                                         strlen ("2026-01-01T00:00:00")) > 0)
            g_error ("\"%s\" comes behind \"%s\"", rows[at], before);
          before = rows[at];
        }
    }
  /* Behind the last end of a line; no text at all has no parts. */
  g_assert_true (*text == '\0' || (g_str_equal (rows[at], "") && rows[at + 1] == NULL));
}
