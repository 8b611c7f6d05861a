/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-telemetry-query-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/http/muster-call.h"
#include "model/muster-error.h"
#include "model/muster-time.h"
#include "model/muster-uuid.h"
#include "muster-telemetry-query-resource.h"

#define HOUR_USEC (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)
#define MAX_DEVICES 10000
#define MAX_METRICS 200
#define GROUP_OF_ALL "all"

/* What the handlers share. */
#define MUSTER_TYPE_TELEMETRY_QUERY_RESOURCE (muster_telemetry_query_resource_get_type ())
G_DECLARE_FINAL_TYPE (MusterTelemetryQueryResource,
                      muster_telemetry_query_resource,
                      MUSTER,
                      TELEMETRY_QUERY_RESOURCE,
                      GObject)

struct _MusterTelemetryQueryResource
{
  GObject                    parent_instance;
  MusterTelemetry           *telemetry;  /* (owned) */
  MusterExclusionBook       *exclusions; /* (owned) */
  MusterClock               *clock;      /* (owned) */
  const MusterTelemetrySite *site;
  gpointer                   site_data;
};

G_DEFINE_FINAL_TYPE (MusterTelemetryQueryResource, muster_telemetry_query_resource, G_TYPE_OBJECT)

static void
muster_telemetry_query_resource_finalize (GObject *object)
{
  MusterTelemetryQueryResource *self = MUSTER_TELEMETRY_QUERY_RESOURCE (object);

  g_clear_object (&self->telemetry);
  g_clear_object (&self->exclusions);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (muster_telemetry_query_resource_parent_class)->finalize (object);
}

static void
muster_telemetry_query_resource_class_init (MusterTelemetryQueryResourceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_telemetry_query_resource_finalize;
}

static void
muster_telemetry_query_resource_init (MusterTelemetryQueryResource *self)
{
}

/* --- a question in the making --- */

typedef struct
{
  MusterTelemetryQueryResource *resource;
  GPtrArray                    *devices;  /* (owned) (element-type utf8) */
  GPtrArray                    *metrics;  /* (owned) (element-type utf8), NULL-terminated */
  GPtrArray                    *excluded; /* (owned) (element-type GArray) one a device */
  GPtrArray                    *keys;     /* (owned) (element-type utf8): names of the groups */
  unsigned                     *groups;   /* (owned) (nullable) */
  GTimeZone                    *zone;     /* (owned) (nullable) */
  MusterTelemetryBy             by;
  MusterSeriesQuery             query;
} Question;

static void
question_clear (Question *self)
{
  g_clear_pointer (&self->devices, g_ptr_array_unref);
  g_clear_pointer (&self->metrics, g_ptr_array_unref);
  g_clear_pointer (&self->excluded, g_ptr_array_unref);
  g_clear_pointer (&self->keys, g_ptr_array_unref);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  g_free (self->groups);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Question, question_clear)

static void
question_init (Question *self, MusterTelemetryQueryResource *resource)
{
  *self = (Question){ .resource = resource };
  self->metrics = g_ptr_array_new_with_free_func (g_free);
  self->excluded = g_ptr_array_new_with_free_func ((GDestroyNotify)g_array_unref);
  self->keys = g_ptr_array_new_with_free_func (g_free);
}

gboolean
muster_telemetry_read_zone (const char *name, GTimeZone **zone, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = NULL;

  *zone = name != NULL ? g_time_zone_new_identifier (name) : NULL;
  if (name == NULL || *zone != NULL)
    return TRUE;
  errors = muster_field_errors_new ();
  muster_field_errors_add (errors, "zone", "is no name of a time zone: Europe/Berlin, for example");
  return muster_field_errors_check (errors, error);
}

/* The begin of a time that is asked for, or what stands in for it. */
static void
set_range (Question *self, gint64 from, gint64 to)
{
  MusterSampleQuery *base = &self->query.base;

  base->to = to != G_MININT64 ? to : muster_clock_get_now (self->resource->clock);
  base->from = from != G_MININT64 ? from : MAX (0, base->to - HOUR_USEC);
}

static const char *
get_key (Question *self, const char *device_id)
{
  const MusterTelemetrySite *site = self->resource->site;
  const char                *key;

  if (self->by == MUSTER_TELEMETRY_BY_NONE || self->by == MUSTER_TELEMETRY_BY_GROUP)
    return GROUP_OF_ALL;
  key = site->get_key (self->by, device_id, self->resource->site_data);
  return key != NULL ? key : "none";
}

static void
make_groups (Question *self)
{
  g_autoptr (GHashTable) numbers = g_hash_table_new (g_str_hash, g_str_equal);

  self->groups = g_new (unsigned, self->devices->len + 1);
  for (guint i = 0; i < self->devices->len; i++)
    {
      const char *key = get_key (self, self->devices->pdata[i]);
      gpointer    number;

      if (!g_hash_table_lookup_extended (numbers, key, NULL, &number))
        {
          number = GUINT_TO_POINTER (self->keys->len);
          g_ptr_array_add (self->keys, g_strdup (key));
          g_hash_table_insert (numbers, self->keys->pdata[self->keys->len - 1], number);
        }
      self->groups[i] = GPOINTER_TO_UINT (number);
    }
  self->query.groups = self->groups;
  self->query.n_groups = self->keys->len;
  self->query.group_names = (const char *const *)self->keys->pdata;
}

/* Puts together what was read; with a group for devices that count together. */
static void
complete (Question *self, gboolean includes_excluded)
{
  MusterSeriesQuery *query = &self->query;

  for (guint i = 0; i < self->devices->len; i++)
    g_ptr_array_add (self->excluded, includes_excluded
                                       ? g_array_new (FALSE, FALSE, sizeof (MusterSampleExclusion))
                                       : muster_exclusion_book_list (self->resource->exclusions,
                                                                     self->devices->pdata[i]));
  query->device_ids = (const char *const *)self->devices->pdata;
  query->n_devices = self->devices->len;
  query->excluded = (GArray *const *)self->excluded->pdata;
  if (self->metrics->len > 0)
    {
      g_ptr_array_add (self->metrics, NULL);
      query->base.metrics = (const char *const *)self->metrics->pdata;
    }
  if (self->by != MUSTER_TELEMETRY_BY_DEVICE)
    make_groups (self);
}

/* --- POST /monitoring/query --- */

static gint64
read_time (JsonObject *body, const char *name, MusterFieldErrors *errors)
{
  const char *text = json_object_get_string_member_with_default (body, name, NULL);
  gint64      time = G_MININT64;

  if (text != NULL && !muster_time_parse (text, &time))
    muster_field_errors_add (errors, name, "must be a time like 2026-01-31T08:05:09Z");
  return time;
}

static int
read_choice (JsonObject *body, const char *name, const MusterEnum *choices)
{
  const char *text = json_object_get_string_member_with_default (body, name, NULL);

  return text != NULL ? muster_enum_parse (choices, text) : -1;
}

/* Texts of the array NAME. */
static void
read_texts (JsonObject        *body,
            const char        *name,
            unsigned           most,
            GPtrArray         *texts,
            MusterFieldErrors *errors)
{
  JsonNode  *node = json_object_get_member (body, name);
  JsonArray *array = NULL;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return;
  if (JSON_NODE_HOLDS_ARRAY (node))
    array = json_node_get_array (node);
  if (array == NULL || json_array_get_length (array) > most)
    {
      muster_field_errors_add (errors, name, "must be an array of at most %u texts", most);
      return;
    }
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_VALUE (element) && json_node_get_value_type (element) == G_TYPE_STRING)
        g_ptr_array_add (texts, json_node_dup_string (element));
      else
        muster_field_errors_add (errors, name, "must be an array of texts");
    }
}

static void
read_devices (Question *self, JsonObject *body, MusterFieldErrors *errors)
{
  static const char *const names[] = { NULL, "product_id", "location_id", "group_id" };
  unsigned                 n_ways = 0;

  self->devices = g_ptr_array_new_with_free_func (g_free);
  read_texts (body, "devices", MAX_DEVICES, self->devices, errors);
  n_ways += self->devices->len > 0;
  for (unsigned by = MUSTER_TELEMETRY_BY_PRODUCT; by <= MUSTER_TELEMETRY_BY_GROUP; by++)
    {
      const char *id = json_object_get_string_member_with_default (body, names[by], NULL);

      if (id == NULL)
        continue;
      n_ways++;
      g_ptr_array_unref (self->devices);
      self->devices =
        self->resource->site->list_devices ((MusterTelemetryBy)by, id, self->resource->site_data);
    }
  if (n_ways != 1)
    muster_field_errors_add (errors, "devices",
                             "give one of devices, product_id, location_id and group_id");
  else if (self->devices->len > MAX_DEVICES)
    muster_field_errors_add (errors, "devices", "are more than %d", MAX_DEVICES);
}

static const MusterEnumValue bys[] = {
  { "device", N_ ("Device") }, { "product", N_ ("Product") },   { "location", N_ ("Place") },
  { "group", N_ ("Group") },   { "none", N_ ("All together") }, { NULL, NULL },
};
static const MusterEnum by_enum = { "SeriesBy", bys };

static gboolean
read_question (Question *self, JsonObject *body, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  MusterSampleQuery *base = &self->query.base;
  int                unit = read_choice (body, "step_unit", &muster_step_unit_enum);
  int                by = read_choice (body, "by", &by_enum);
  gint64             from = read_time (body, "from", errors), to = read_time (body, "to", errors);

  set_range (self, from, to);
  read_devices (self, body, errors);
  read_texts (body, "metrics", MAX_METRICS, self->metrics, errors);
  self->by = by >= 0 ? (MusterTelemetryBy)by : MUSTER_TELEMETRY_BY_DEVICE;
  base->aggregate = (MusterAggregate)(read_choice (body, "aggregate", &muster_aggregate_enum) + 1);
  muster_sample_query_set_step (base, json_object_get_double_member_with_default (body, "step", 0),
                                unit >= 0 ? (MusterStepUnit)unit : MUSTER_STEP_USEC);
  base->quantile = json_object_get_double_member_with_default (body, "quantile", 0.5);
  base->points = json_object_get_int_member_with_default (body, "points", 1000);
  base->include_bad = json_object_get_boolean_member_with_default (body, "include_bad", FALSE);
  if (self->by != MUSTER_TELEMETRY_BY_DEVICE && base->aggregate == MUSTER_AGGREGATE_NONE)
    muster_field_errors_add (errors, "aggregate", "must be given where devices count together");
  if (self->by != MUSTER_TELEMETRY_BY_DEVICE && self->metrics->len == 0)
    muster_field_errors_add (errors, "metrics", "must be named where devices count together");
  return muster_field_errors_check (errors, error) &&
         muster_telemetry_read_zone (json_object_get_string_member_with_default (body, "zone",
                                                                                 NULL),
                                     &self->zone, error);
}

/* A group's batch is encoded as a device's, then told under `key`. */
static void
encode_batch (const Question *self, MusterSampleBatch *batch, GString *json)
{
  static const char member[] = "{\"device_id\":";
  gsize             at = json->len;

  if (!muster_sample_batch_encode (batch, NULL, json))
    {
      g_string_append (json, member);
      muster_json_append_string (json, muster_sample_batch_get_device_id (batch), -1);
      g_string_append (json, ",\"samples\":[]}");
    }
  if (self->by == MUSTER_TELEMETRY_BY_DEVICE)
    return;
  g_string_erase (json, at, sizeof member - 1);
  g_string_insert (json, at, "{\"key\":");
}

static DexFuture *
query_fiber (gpointer data)
{
  MusterCall *call = data;
  g_auto (Question) question = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) batches = NULL;
  JsonObject *body = json_node_get_object (muster_request_get_json (call->request));
  GString    *json;

  question_init (&question, call->resource);
  if (!read_question (&question, body, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  question.query.base.zone = question.zone;
  complete (&question,
            json_object_get_boolean_member_with_default (body, "include_excluded", FALSE));
  batches = dex_await_boxed (muster_sample_store_query_series (
                               muster_telemetry_get_store (
                                 MUSTER_TELEMETRY_QUERY_RESOURCE (call->resource)->telemetry),
                               &question.query),
                             &error);
  if (batches == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  json = g_string_new ("{\"series\":[");
  for (guint i = 0; i < batches->len; i++)
    {
      g_string_append (json, i > 0 ? "," : "");
      encode_batch (&question, batches->pdata[i], json);
    }
  g_string_append (json, "]}");
  return muster_response_resolve (muster_response_new_json (200, json));
}

static DexFuture *
query_samples (MusterRequest *request, gpointer resource)
{
  return muster_call_spawn (query_fiber, request, resource);
}

/* --- GET /monitoring/export --- */

static void
split_into (GPtrArray *texts, const char *joined)
{
  g_auto (GStrv) parts = joined != NULL ? g_strsplit (joined, ",", -1) : NULL;

  for (unsigned i = 0; parts != NULL && parts[i] != NULL; i++)
    if (*parts[i] != '\0')
      g_ptr_array_add (texts, g_strdup (parts[i]));
}

static gint64
get_time_param (MusterRequest *request, const char *name)
{
  const MusterValue *value = muster_request_get_param (request, name);

  return value->is_null ? G_MININT64 : value->integer;
}

static DexFuture *
export_samples (MusterRequest *request, gpointer user_data)
{
  MusterTelemetryQueryResource *self = user_data;
  g_auto (Question) question = { 0 };
  const MusterValue *format = muster_request_get_param (request, "format");
  const MusterValue *included = muster_request_get_param (request, "include_excluded");
  MusterSampleFormat kind =
    format->is_null ? MUSTER_SAMPLE_CSV : (MusterSampleFormat)format->integer;
  g_autoptr (GInputStream) stream = NULL;
  MusterResponse *response;

  question_init (&question, self);
  question.devices = g_ptr_array_new_with_free_func (g_free);
  split_into (question.devices, muster_request_get_param_text (request, "devices"));
  split_into (question.metrics, muster_request_get_param_text (request, "metric"));
  set_range (&question, get_time_param (request, "from"), get_time_param (request, "to"));
  complete (&question, !included->is_null && included->integer);
  stream = muster_sample_store_export (muster_telemetry_get_store (self->telemetry),
                                       &question.query, kind);
  if (stream == NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                                  "the sample store is not running");
  response = muster_response_new_stream (200,
                                         kind == MUSTER_SAMPLE_CSV ? "text/csv; charset=utf-8"
                                                                   : "application/x-ndjson",
                                         stream, -1);
  muster_response_set_header (response, "Content-Disposition",
                              kind == MUSTER_SAMPLE_CSV
                                ? "attachment; filename=\"samples.csv\""
                                : "attachment; filename=\"samples.ndjson\"");
  return muster_response_resolve (response);
}

/* --- table --- */

/* clang-format off */
static const MusterEnumValue formats[] = { { "csv", "CSV" }, { "ndjson", "NDJSON" }, { NULL, NULL } };
static const MusterEnum format_enum = { "SampleFormat", formats };

static const MusterField query_fields[] = {
  { "devices", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, .label = N_("Devices"), .doc = "Array of devices; or one of the three that follow." },
  { "product_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Product"), .doc = "All devices of a product." },
  { "location_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Place"), .doc = "All devices of a place, and of what lies within." },
  { "group_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Group"), .doc = "All devices of a group." },
  { "metrics", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, .label = N_("Metrics"), .doc = "Array of names; all when left out, but where devices count together." },
  { "from", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE, .label = N_("From"), .doc = "Begin of the range; an hour before its end when left out." },
  { "to", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE, .label = N_("To"), .doc = "End of the range, included; now when left out." },
  { "points", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, 0, 100000, .label = N_("Points"), .doc = "The most points a series (1000 when left out), thinned so that a drawn line covers the same pixels; 0: all of them, up to 100000." },
  { "aggregate", MUSTER_FIELD_ENUM, MUSTER_FIELD_NULLABLE, .enumeration = &muster_aggregate_enum, .label = N_("Aggregate"), .doc = "One value a step instead of points; needs step." },
  { "step", MUSTER_FIELD_DOUBLE, MUSTER_FIELD_NULLABLE, .label = N_("Step"), .doc = "Length of one step, in step_unit." },
  { "step_unit", MUSTER_FIELD_ENUM, MUSTER_FIELD_NULLABLE, .enumeration = &muster_step_unit_enum, .label = N_("Unit of step"), .doc = "Seconds when left out; days and longer follow the calendar of zone." },
  { "zone", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 64, .label = N_("Time zone"), .doc = "Of calendar steps, as the time-zone database names it; UTC when left out." },
  { "quantile", MUSTER_FIELD_DOUBLE, MUSTER_FIELD_NULLABLE, .label = N_("Quantile"), .doc = "0 to 1, with the aggregate quantile; 0.5, the median, when left out." },
  { "by", MUSTER_FIELD_ENUM, MUSTER_FIELD_NULLABLE, .enumeration = &by_enum, .label = N_("By"), .doc = "Which devices count together: those of a product, of a place, or all (group, none); each by itself (device) when left out. A rate or a time in a state is added up." },
  { "include_excluded", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_NULLABLE, .label = N_("Excluded too"), .doc = "Whether what exclusions leave out is there all the same." },
  { "include_bad", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_NULLABLE, .label = N_("Bad too"), .doc = "Whether samples of bad quality count in thinned points and aggregates; no, when not given. All samples of a range tell them anyway." },
};

static const MusterField series_fields[] = {
  { "series", MUSTER_FIELD_JSON, MUSTER_FIELD_READ_ONLY, .label = N_("Series"), .doc = "Array of {device_id or key, samples}: samples is an array of {metric, points}, points are [milliseconds since 1970, value], in order of time." },
};

static const MusterField export_params[] = {
  { "format", MUSTER_FIELD_ENUM, MUSTER_FIELD_NULLABLE, .enumeration = &format_enum, .label = N_("Format"), .doc = "csv when left out." },
  { "devices", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, 400000, .label = N_("Devices"), .doc = "Devices, joined by commas." },
  { "metric", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 20000, .label = N_("Metric"), .doc = "Metrics, joined by commas; all when left out." },
  { "from", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE, .label = N_("From"), .doc = "Begin of the range; an hour before its end when left out." },
  { "to", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE, .label = N_("To"), .doc = "End of the range, included; now when left out." },
  { "include_excluded", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_NULLABLE, .label = N_("Excluded too"), .doc = "Whether what exclusions leave out is there all the same." },
};

static const MusterShape query_shape = { .schema = "SeriesQuery", .doc = "A question about many devices.", .fields = query_fields, .n_fields = G_N_ELEMENTS (query_fields) };
static const MusterShape answer_shape = { .schema = "SeriesAnswer", .doc = "Samples of many devices.", .fields = series_fields, .n_fields = G_N_ELEMENTS (series_fields) };
static const MusterShape export_shape = { .schema = "SampleExport", .doc = "timestamp, device_id, metric, value, quality: as CSV (RFC 4180), or an object a line.", .media_type = "text/csv" };

static const MusterRoute routes[] = {
  { "POST", "/monitoring/query", "querySamples", "monitoring", "Samples of many devices, each by itself or counted together", query_samples, .request = &query_shape, .response = &answer_shape, .status = 200 },
  { "GET", "/monitoring/export", "exportSamples", "monitoring", "Stored samples as text, however many", export_samples, .query = export_params, .n_query = G_N_ELEMENTS (export_params), .response = &export_shape },
};
/* clang-format on */

void
muster_telemetry_query_resource_add (MusterRouter              *router,
                                     MusterTelemetry           *telemetry,
                                     MusterExclusionBook       *exclusions,
                                     MusterClock               *clock,
                                     const MusterTelemetrySite *site,
                                     gpointer                   user_data)
{
  g_autoptr (MusterTelemetryQueryResource) self = NULL;

  g_return_if_fail (MUSTER_IS_ROUTER (router) && MUSTER_IS_TELEMETRY (telemetry) &&
                    MUSTER_IS_EXCLUSION_BOOK (exclusions) && site != NULL);

  self = g_object_new (MUSTER_TYPE_TELEMETRY_QUERY_RESOURCE, NULL);
  self->telemetry = g_object_ref (telemetry);
  self->exclusions = g_object_ref (exclusions);
  self->clock = g_object_ref (clock);
  self->site = site;
  self->site_data = user_data;
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (self));
}
