/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-chart-csv"

#include "config.h"

#include <math.h>
#include <string.h>

#include "model/muster-time.h"
#include "muster-chart-csv.h"

static void
append_text (GString *csv, const char *text)
{
  if (strpbrk (text, ",\"\r\n") == NULL)
    {
      g_string_append (csv, text);
      return;
    }
  g_string_append_c (csv, '"');
  for (const char *c = text; *c != '\0'; c++)
    {
      if (*c == '"')
        g_string_append_c (csv, '"');
      g_string_append_c (csv, *c);
    }
  g_string_append_c (csv, '"');
}

static void
append_header (GString *csv, GListModel *model)
{
  g_string_append (csv, "time");
  for (unsigned i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (MusterSeries) series = g_list_model_get_item (model, i);
      const char      *unit = muster_series_get_unit (series);
      g_autofree char *title =
        unit != NULL ? g_strdup_printf ("%s (%s)", muster_series_get_name (series), unit)
                     : g_strdup (muster_series_get_name (series));

      g_string_append_c (csv, ',');
      append_text (csv, title);
    }
  g_string_append (csv, "\r\n");
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  const gint64 *first = a;
  const gint64 *second = b;

  return *first < *second ? -1 : *first > *second;
}

/* (transfer full) (element-type gint64): in order, some perhaps more than once. */
static GArray *
collect_times (GListModel *model, gint64 from, gint64 to)
{
  GArray *times = g_array_new (FALSE, FALSE, sizeof (gint64));

  for (unsigned i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (MusterSeries) series = g_list_model_get_item (model, i);
      unsigned           n_points;
      const MusterPoint *points = muster_series_peek (series, &n_points);

      for (unsigned j = muster_series_find (series, from); j < n_points && points[j].time <= to;
           j++)
        g_array_append_val (times, points[j].time);
    }
  g_array_sort (times, compare_times);
  return times;
}

static void
append_value (GString *csv, MusterSeries *series, gint64 time)
{
  unsigned           n_points;
  const MusterPoint *points = muster_series_peek (series, &n_points);
  unsigned           position = muster_series_find (series, time);
  char               number[G_ASCII_DTOSTR_BUF_SIZE];

  if (position >= n_points || points[position].time != time || isnan (points[position].value))
    return;
  if (muster_series_get_state (series, points[position].value) != NULL)
    append_text (csv, muster_series_get_state (series, points[position].value));
  else
    g_string_append (csv, g_ascii_dtostr (number, sizeof number, points[position].value));
}

char *
muster_chart_csv_build (GListModel *series, gint64 from, gint64 to)
{
  g_autoptr (GString) csv = g_string_new (NULL);
  g_autoptr (GArray) times = NULL;

  g_return_val_if_fail (G_IS_LIST_MODEL (series), NULL);

  times = collect_times (series, from, to);
  append_header (csv, series);
  for (unsigned i = 0; i < times->len; i++)
    {
      gint64 time = g_array_index (times, gint64, i);
      char   text[MUSTER_TIME_TEXT_LENGTH + 1];

      if (i > 0 && g_array_index (times, gint64, i - 1) == time)
        continue;
      g_string_append (csv, muster_time_format (time, text));
      for (unsigned j = 0; j < g_list_model_get_n_items (series); j++)
        {
          g_autoptr (MusterSeries) one = g_list_model_get_item (series, j);

          g_string_append_c (csv, ',');
          append_value (csv, one, time);
        }
      g_string_append (csv, "\r\n");
    }
  return g_string_free_and_steal (g_steal_pointer (&csv));
}
