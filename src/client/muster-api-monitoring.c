/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-monitoring"

#include "config.h"

#include "muster-api-calls.h"
#include "muster-api-json.h"
#include "muster-api-monitoring.h"

#include "model/muster-time.h"

/* Milliseconds and bytes of an export. */
#define EXPORT_DEADLINE (3600 * 1000)
#define EXPORT_LIMIT (1024 * 1024 * 1024)

void
muster_api_series_free (MusterApiSeries *self)
{
  g_free (self->metric);
  g_free (self->times);
  g_free (self->values);
  for (gsize i = 0; self->texts != NULL && i < self->length; i++)
    g_free (self->texts[i]);
  g_free (self->texts);
  g_free (self->is_bad);
  g_free (self);
}

void
muster_api_series_drop_bad (MusterApiSeries *self)
{
  gsize n = 0;

  g_return_if_fail (self != NULL);

  if (self->is_bad == NULL)
    return;
  for (gsize i = 0; i < self->length; i++)
    {
      if (self->is_bad[i])
        {
          if (self->texts != NULL)
            g_clear_pointer (&self->texts[i], g_free);
          continue;
        }
      self->times[n] = self->times[i];
      self->values[n] = self->values[i];
      if (self->texts != NULL)
        {
          char *text = g_steal_pointer (&self->texts[i]);

          self->texts[n] = text;
        }
      n++;
    }
  self->length = n;
  g_clear_pointer (&self->is_bad, g_free);
}

static void
keep_text (MusterApiSeries *self, gsize room, JsonNode *value)
{
  if (!JSON_NODE_HOLDS_VALUE (value) || json_node_get_value_type (value) != G_TYPE_STRING)
    return;
  if (self->texts == NULL)
    self->texts = g_new0 (char *, room);
  self->texts[self->length] = json_node_dup_string (value);
}

static void
keep_quality (MusterApiSeries *self, gsize room, JsonNode *quality)
{
  if (!JSON_NODE_HOLDS_VALUE (quality) || g_strcmp0 (json_node_get_string (quality), "bad") != 0)
    return;
  if (self->is_bad == NULL)
    self->is_bad = g_new0 (guint8, room);
  self->is_bad[self->length] = TRUE;
}

/* [milliseconds, value], and its quality where that is not good; anything after that is of a newer
 * daemon. */
static gboolean
muster_api_series_read_point (MusterApiSeries *self, gsize room, JsonNode *node)
{
  JsonArray *point = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  JsonNode  *time =
    point != NULL && json_array_get_length (point) >= 2 ? json_array_get_element (point, 0) : NULL;

  if (time == NULL || !JSON_NODE_HOLDS_VALUE (time) ||
      json_node_get_value_type (time) != G_TYPE_INT64)
    return FALSE;
  self->times[self->length] = json_node_get_int (time);
  keep_text (self, room, json_array_get_element (point, 1));
  if (json_array_get_length (point) > 2)
    keep_quality (self, room, json_array_get_element (point, 2));
  self->values[self->length++] = muster_api_node_to_number (json_array_get_element (point, 1));
  return TRUE;
}

static MusterApiSeries *
muster_api_series_new_from_json (JsonObject *object)
{
  g_autoptr (MusterApiSeries) self = g_new0 (MusterApiSeries, 1);
  const char *metric = muster_api_json_get_string (object, "metric");
  JsonArray  *points = muster_api_json_get_array (object, "points");

  if (metric == NULL || points == NULL)
    return NULL;
  self->metric = g_strdup (metric);
  self->times = g_new (gint64, json_array_get_length (points));
  self->values = g_new (double, json_array_get_length (points));
  for (unsigned i = 0; i < json_array_get_length (points); i++)
    if (!muster_api_series_read_point (self, json_array_get_length (points),
                                       json_array_get_element (points, i)))
      return NULL;
  return g_steal_pointer (&self);
}

GPtrArray *
muster_api_series_list_from_json (JsonObject *object, GError **error)
{
  g_autoptr (GPtrArray) list =
              g_ptr_array_new_with_free_func ((GDestroyNotify)muster_api_series_free);
  JsonArray *samples;

  g_return_val_if_fail (object != NULL, NULL);

  samples = muster_api_json_get_array (object, "samples");
  if (samples == NULL)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL,
                           "the samples have no “samples”");
      return NULL;
    }
  for (unsigned i = 0; i < json_array_get_length (samples); i++)
    {
      JsonObject      *row = muster_api_json_as_object (json_array_get_element (samples, i));
      MusterApiSeries *series = row != NULL ? muster_api_series_new_from_json (row) : NULL;

      if (series == NULL)
        {
          g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL,
                       "the samples: /samples/%u: is not a metric with points [ms, value]", i);
          return NULL;
        }
      g_ptr_array_add (list, series);
    }
  return g_steal_pointer (&list);
}

static void
add_time (MusterApiRequest *request, const char *name, gint64 milliseconds)
{
  char text[MUSTER_TIME_TEXT_LENGTH + 1];

  if (milliseconds > 0)
    muster_api_request_add_query (request, name, muster_time_format (milliseconds * 1000, text));
}

DexFuture *
muster_api_monitoring_query_json (MusterApiClient      *client,
                                  const char           *device_id,
                                  const MusterApiRange *range)
{
  MusterApiRequest *request = muster_api_request_new ("GET", "monitoring", "data", device_id, NULL);
  g_autofree char  *metrics =
    range->metrics != NULL ? g_strjoinv (",", (char **)range->metrics) : NULL;
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  muster_api_request_add_query (request, "metric", metrics);
  add_time (request, "from", range->from);
  add_time (request, "to", range->to);
  if (range->points > 0)
    muster_api_request_add_query_integer (request, "points",
                                          range->points == MUSTER_API_POINTS_ALL ? 0
                                                                                 : range->points);
  muster_api_request_add_query (request, "agg", range->aggregate);
  if (range->step > 0)
    muster_api_request_add_query (request, "step",
                                  g_ascii_dtostr (number, sizeof number, range->step / 1000.0));
  if (range->quantile > 0)
    muster_api_request_add_query (request, "quantile",
                                  g_ascii_dtostr (number, sizeof number, range->quantile));
  if (range->include_bad)
    muster_api_request_add_query (request, "include_bad", "true");
  return muster_api_call_object (client, request);
}

DexFuture *
muster_api_monitoring_query_many (MusterApiClient *client, JsonObject *question)
{
  MusterApiRequest *request = muster_api_request_new ("POST", "monitoring", "query", NULL);

  muster_api_request_take_object (request, question);
  return muster_api_call_object (client, request);
}

static MusterApiRequest *
make_export (const char *device_ids, const MusterApiRange *range, const char *format)
{
  MusterApiRequest *request = muster_api_request_new ("GET", "monitoring", "export", NULL);
  g_autofree char  *metrics =
    range->metrics != NULL ? g_strjoinv (",", (char **)range->metrics) : NULL;

  muster_api_request_add_query (request, "devices", device_ids);
  muster_api_request_add_query (request, "metric", metrics);
  muster_api_request_add_query (request, "format", format);
  add_time (request, "from", range->from);
  add_time (request, "to", range->to);
  muster_api_request_set_accept (request, "*/*");
  return request;
}

DexFuture *
muster_api_monitoring_export (MusterApiClient      *client,
                              const char           *device_ids,
                              const MusterApiRange *range,
                              const char           *format)
{
  MusterApiRequest *request = make_export (device_ids, range, format);

  muster_api_request_set_deadline (request, EXPORT_DEADLINE);
  muster_api_request_set_limit (request, EXPORT_LIMIT);
  return muster_api_call_bytes (client, request);
}

DexFuture *
muster_api_monitoring_export_to (MusterApiClient      *client,
                                 const char           *device_ids,
                                 const MusterApiRange *range,
                                 const char           *format,
                                 MusterApiSinkFunc     sink,
                                 gpointer              user_data)
{
  MusterApiRequest *request = make_export (device_ids, range, format);

  muster_api_request_set_deadline (request, 0);
  muster_api_request_set_sink (request, sink, user_data);
  return muster_api_call_done (client, request);
}

static DexFuture *
series_cb (DexFuture *future, gpointer user_data)
{
  GError    *error = NULL;
  GPtrArray *list =
    muster_api_series_list_from_json (g_value_get_boxed (dex_future_get_value (future, NULL)),
                                      &error);

  return list != NULL ? dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, list)
                      : dex_future_new_for_error (error);
}

DexFuture *
muster_api_monitoring_query (MusterApiClient      *client,
                             const char           *device_id,
                             const MusterApiRange *range)
{
  return dex_future_then (muster_api_monitoring_query_json (client, device_id, range), series_cb,
                          NULL, NULL);
}

DexFuture *
muster_api_monitoring_get_latest (MusterApiClient *client)
{
  return muster_api_call_object (client,
                                 muster_api_request_new ("GET", "monitoring", "data", NULL));
}

DexFuture *
muster_api_monitoring_get_stats (MusterApiClient *client)
{
  return muster_api_call_object (client,
                                 muster_api_request_new ("GET", "monitoring", "stats", NULL));
}
