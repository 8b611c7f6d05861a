/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-numbering"

#include "config.h"

#include "model/muster-number-series.h"
#include "muster-numbering.h"

static char *
make_name (MusterTransaction *transaction, const char *prefix)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (
    muster_transaction_get_now (transaction) / G_TIME_SPAN_SECOND);

  return g_strdup_printf ("%s-%04d", prefix, g_date_time_get_year (now));
}

char *
muster_number_series_take (MusterTransaction *transaction,
                           const char        *prefix,
                           const char        *verb,
                           GError           **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_number_series_info);
  g_autofree char *name = make_name (transaction, prefix);
  g_autoptr (MusterEntity) series = NULL;
  g_autoptr (GError) cause = NULL;
  g_autofree char *text = NULL;
  gboolean         is_new = FALSE;
  gint64           number;

  muster_query_where (query, "name", name);
  series = muster_transaction_find (transaction, query, &cause);
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return NULL;
    }
  is_new = series == NULL;
  if (is_new)
    {
      series = muster_entity_new (&muster_number_series_info);
      muster_entity_set_string (series, "name", name);
    }
  number = muster_entity_get_integer (series, "last") + 1;
  muster_entity_set_integer (series, "last", number);
  text = g_strdup_printf ("%s-%06" G_GINT64_FORMAT, name, number);
  if (verb != NULL)
    {
      g_autofree char *summary = g_strdup_printf ("%s %s", verb, text);

      muster_transaction_set_summary (transaction, summary);
    }
  if (!(is_new ? muster_transaction_insert (transaction, series, error)
               : muster_transaction_update (transaction, series, 0, error)))
    return NULL;
  return g_steal_pointer (&text);
}
