/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-telemetry-resource"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "core/http/muster-call.h"
#include "model/muster-device.h"
#include "muster-ingest-body.h"
#include "muster-telemetry-query-resource.h"
#include "muster-telemetry-resource.h"

#define HOUR_USEC (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)
#define MAX_BODY (4 * 1024 * 1024)

/* What the handlers share. */
#define MUSTER_TYPE_TELEMETRY_RESOURCE (muster_telemetry_resource_get_type ())
G_DECLARE_FINAL_TYPE (MusterTelemetryResource,
                      muster_telemetry_resource,
                      MUSTER,
                      TELEMETRY_RESOURCE,
                      GObject)

struct _MusterTelemetryResource
{
  GObject              parent_instance;
  MusterTelemetry     *telemetry;
  MusterRepository    *repository;
  MusterExclusionBook *exclusions;
  MusterDeviceNames   *names;
  MusterMetricUnits   *units;
};

G_DEFINE_FINAL_TYPE (MusterTelemetryResource, muster_telemetry_resource, G_TYPE_OBJECT)

static void
muster_telemetry_resource_finalize (GObject *object)
{
  MusterTelemetryResource *self = MUSTER_TELEMETRY_RESOURCE (object);

  g_clear_object (&self->telemetry);
  g_clear_object (&self->repository);
  g_clear_object (&self->exclusions);
  g_clear_object (&self->names);
  g_clear_object (&self->units);
  G_OBJECT_CLASS (muster_telemetry_resource_parent_class)->finalize (object);
}

static void
muster_telemetry_resource_class_init (MusterTelemetryResourceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_telemetry_resource_finalize;
}

static void
muster_telemetry_resource_init (MusterTelemetryResource *self)
{
}

static gint64
get_now (MusterTelemetryResource *self)
{
  return muster_clock_get_now (
    muster_database_get_clock (muster_repository_get_database (self->repository)));
}

static DexFuture *
fail (GError *error)
{
  return dex_future_new_for_error (error);
}

/* --- POST /monitoring/data --- */

static gboolean
await_device (MusterTelemetryResource *self, const char *id, GError **error)
{
  g_autoptr (GError) cause = NULL;

  if (dex_await (muster_repository_get_json (self->repository, &muster_device_info, id), &cause))
    return TRUE;
  if (g_error_matches (cause, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND))
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "there is no device %s", id);
  else
    g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

/* Every device is known before the first sample is stored: a refused request stores nothing. */
static gboolean
ingest_all (MusterTelemetryResource *self,
            GPtrArray               *batches,
            gint64                  *samples,
            gint64                  *refused,
            GError                 **error)
{
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);

  for (guint i = 0; i < batches->len; i++)
    if (!await_device (self, muster_sample_batch_get_device_id (batches->pdata[i]), error))
      return FALSE;
  for (guint i = 0; i < batches->len; i++)
    g_ptr_array_add (futures, muster_telemetry_ingest (self->telemetry, batches->pdata[i]));
  for (guint i = 0; i < batches->len; i++)
    {
      g_autoptr (GError) cause = NULL;
      unsigned n;
      gint64   here = dex_await_int64 (dex_ref (futures->pdata[i]), &cause);

      if (cause != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return FALSE;
        }
      muster_sample_batch_get (batches->pdata[i], &n);
      *samples += n - here;
      *refused += here;
    }
  return TRUE;
}

static DexFuture *
post_data_fiber (gpointer data)
{
  MusterCall *call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) batches = NULL;
  MusterActor       *actor = muster_request_get_actor (call->request);
  gboolean           is_device = muster_actor_get_kind (actor) == MUSTER_ACTOR_DEVICE;
  MusterIngestSender sender = {
    .lookup = muster_device_names_lookup_cb,
    .lookup_data = MUSTER_TELEMETRY_RESOURCE (call->resource)->names,
    .own_device = is_device ? muster_actor_get_id (actor) : NULL,
    .now = get_now (call->resource),
    .units = MUSTER_TELEMETRY_RESOURCE (call->resource)->units,
  };
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  GString *json;
  gint64   stored = 0, refused = 0;

  batches =
    muster_ingest_body_decode (muster_request_get_json (call->request), &sender, notes, &error);
  if (batches == NULL || !ingest_all (call->resource, batches, &stored, &refused, &error))
    return fail (g_steal_pointer (&error));
  json = g_string_new (NULL);
  g_string_printf (json, "{\"stored\":%" G_GINT64_FORMAT ",\"refused\":%" G_GINT64_FORMAT, stored,
                   refused);
  muster_ingest_body_append_notes (notes, json);
  g_string_append_c (json, '}');
  return muster_response_resolve (muster_response_new_json (200, json));
}

static DexFuture *
post_data (MusterRequest *request, gpointer resource)
{
  return muster_call_spawn (post_data_fiber, request, resource);
}

/* --- GET /monitoring/data --- */

/* (element-type utf8) (transfer full): the names that commas join. */
static GHashTable *
make_set (const char *names)
{
  GHashTable *set = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (GStrv) list = g_strsplit (names, ",", 200);

  for (unsigned i = 0; list[i] != NULL; i++)
    g_hash_table_add (set, g_strdup (list[i]));
  return set;
}

static DexFuture *
get_latest_fiber (gpointer data)
{
  MusterCall *call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) batches = NULL;
  g_auto (GStrv) ids = NULL;
  g_autoptr (GHashTable) metrics = NULL;
  const char *device = muster_request_get_param_text (call->request, "device_id");
  const char *names = muster_request_get_param_text (call->request, "metric");
  GString    *json;
  unsigned    total = 0;

  if (device != NULL)
    ids = g_strsplit (device, ",", 1000);
  if (names != NULL)
    metrics = make_set (names);
  batches = dex_await_boxed (
    muster_sample_store_query_latest (muster_telemetry_get_store (
                                        MUSTER_TELEMETRY_RESOURCE (call->resource)->telemetry),
                                      (const char *const *)ids),
    &error);
  if (batches == NULL)
    return fail (g_steal_pointer (&error));
  json = g_string_new ("{\"items\":[");
  for (guint i = 0; i < batches->len; i++)
    {
      gsize length = json->len;

      g_string_append (json, total > 0 ? "," : "");
      if (muster_sample_batch_encode (batches->pdata[i], metrics, json))
        total++;
      else
        g_string_truncate (json, length);
    }
  g_string_append_printf (json, "],\"total\":%u,\"next\":null}", total);
  return muster_response_resolve (muster_response_new_json (200, json));
}

static DexFuture *
get_latest (MusterRequest *request, gpointer resource)
{
  return muster_call_spawn (get_latest_fiber, request, resource);
}

/* --- GET /monitoring/data/{device_id} --- */

static MusterSampleQuery
read_query (MusterCall *call, char **metrics, GTimeZone *zone)
{
  const MusterValue *from = muster_request_get_param (call->request, "from");
  const MusterValue *to = muster_request_get_param (call->request, "to");
  const MusterValue *points = muster_request_get_param (call->request, "points");
  const MusterValue *aggregate = muster_request_get_param (call->request, "agg");
  const MusterValue *step = muster_request_get_param (call->request, "step");
  const MusterValue *unit = muster_request_get_param (call->request, "step_unit");
  const MusterValue *quantile = muster_request_get_param (call->request, "quantile");
  const MusterValue *bad = muster_request_get_param (call->request, "include_bad");
  MusterSampleQuery  query = { .metrics = (const char *const *)metrics };

  query.device_id = muster_request_get_path_param (call->request, "device_id");
  query.to = to->is_null ? get_now (call->resource) : to->integer;
  query.from = from->is_null ? MAX (0, query.to - HOUR_USEC) : from->integer;
  query.points = points->is_null ? 1000 : points->integer;
  query.aggregate =
    aggregate->is_null ? MUSTER_AGGREGATE_NONE : (MusterAggregate)(aggregate->integer + 1);
  muster_sample_query_set_step (&query, step->is_null ? 0 : step->number,
                                unit->is_null ? MUSTER_STEP_USEC : (MusterStepUnit)unit->integer);
  query.quantile = quantile->is_null ? 0.5 : quantile->number;
  query.zone = zone;
  query.include_bad = !bad->is_null && bad->integer;
  return query;
}

/* What is left out of the answer: (transfer full). */
static GArray *
list_excluded (MusterCall *call, const char *device_id)
{
  const MusterValue *included = muster_request_get_param (call->request, "include_excluded");

  if (!included->is_null && included->integer)
    return g_array_new (FALSE, FALSE, sizeof (MusterSampleExclusion));
  return muster_exclusion_book_list (MUSTER_TELEMETRY_RESOURCE (call->resource)->exclusions,
                                     device_id);
}

static DexFuture *
get_range_fiber (gpointer data)
{
  MusterCall *call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) batches = NULL;
  g_autoptr (GArray) excluded = NULL;
  g_auto (GStrv) metrics = NULL;
  g_autoptr (GTimeZone) zone = NULL;
  const char       *names = muster_request_get_param_text (call->request, "metric");
  MusterSampleQuery query;
  GString          *json;

  if (names != NULL)
    metrics = g_strsplit (names, ",", 200);
  if (!muster_telemetry_read_zone (muster_request_get_param_text (call->request, "zone"), &zone,
                                   &error))
    return fail (g_steal_pointer (&error));
  query = read_query (call, metrics, zone);
  excluded = list_excluded (call, query.device_id);
  query.excluded = (const MusterSampleExclusion *)(gpointer)excluded->data;
  query.n_excluded = excluded->len;
  if (!await_device (call->resource, query.device_id, &error))
    return fail (g_steal_pointer (&error));
  batches = dex_await_boxed (
    muster_sample_store_query_range (
      muster_telemetry_get_store (MUSTER_TELEMETRY_RESOURCE (call->resource)->telemetry), &query),
    &error);
  if (batches == NULL)
    return fail (g_steal_pointer (&error));
  json = g_string_new (NULL);
  if (batches->len == 0 || !muster_sample_batch_encode (batches->pdata[0], NULL, json))
    {
      g_string_append (json, "{\"device_id\":");
      muster_json_append_string (json, query.device_id, -1);
      g_string_append (json, ",\"samples\":[]}");
    }
  return muster_response_resolve (muster_response_new_json (200, json));
}

static DexFuture *
get_range (MusterRequest *request, gpointer resource)
{
  return muster_call_spawn (get_range_fiber, request, resource);
}

/* --- GET /monitoring/stats --- */

static DexFuture *
get_stats_fiber (gpointer data)
{
  MusterCall *call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) stats =
              dex_await_variant (muster_sample_store_get_stats (muster_telemetry_get_store (
                                   MUSTER_TELEMETRY_RESOURCE (call->resource)->telemetry)),
                                 &error);
  gint64   samples = 0, series = 0, bytes = 0, refused = 0;
  double   rate = 0;
  GString *json;

  if (stats == NULL)
    return fail (g_steal_pointer (&error));
  g_variant_lookup (stats, "samples", "x", &samples);
  g_variant_lookup (stats, "series", "x", &series);
  g_variant_lookup (stats, "bytes", "x", &bytes);
  g_variant_lookup (stats, "refused", "x", &refused);
  g_variant_lookup (stats, "appended-per-second", "d", &rate);
  json = g_string_new (NULL);
  g_string_printf (json,
                   "{\"samples\":%" G_GINT64_FORMAT ",\"series\":%" G_GINT64_FORMAT
                   ",\"bytes\":%" G_GINT64_FORMAT ",\"refused\":%" G_GINT64_FORMAT
                   ",\"lost\":%" G_GINT64_FORMAT ",\"samples_per_second\":",
                   samples, series, bytes, refused,
                   muster_telemetry_get_lost (
                     MUSTER_TELEMETRY_RESOURCE (call->resource)->telemetry));
  muster_json_append_double (json, rate);
  g_string_append_c (json, '}');
  return muster_response_resolve (muster_response_new_json (200, json));
}

static DexFuture *
get_stats (MusterRequest *request, gpointer resource)
{
  return muster_call_spawn (get_stats_fiber, request, resource);
}

/* --- table --- */

/* clang-format off */
static const MusterEnumValue aggregates[] = {
  { "mean", N_("Mean") }, { "min", N_("Least") }, { "max", N_("Greatest") }, { "sum", N_("Sum") },
  { "count", N_("Count") }, { "first", N_("First") }, { "last", N_("Last") }, { "stddev", N_("Standard deviation") },
  { "quantile", N_("Quantile") }, { "rate", N_("Rate") }, { "time_in_state", N_("Time in state") }, { NULL, NULL },
};
const MusterEnum muster_aggregate_enum = { "Aggregate", aggregates };

static const MusterEnumValue step_units[] = {
  { "second", N_("Seconds") }, { "day", N_("Days") }, { "week", N_("Weeks") }, { "month", N_("Months") }, { "year", N_("Years") }, { NULL, NULL },
};
const MusterEnum muster_step_unit_enum = { "StepUnit", step_units };

static const MusterField latest_params[] = {
  { "device_id", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 40000, .label = N_("Device"), .doc = "Devices, joined by commas; all when left out." },
  { "metric", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 20000, .label = N_("Metric"), .doc = "Metrics, joined by commas; all when left out." },
};

static const MusterField range_params[] = {
  { "metric", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 20000, .label = N_("Metric"), .doc = "Metrics, joined by commas; all when left out." },
  { "from", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE, .label = N_("From"), .doc = "Begin of the range; an hour before its end when left out." },
  { "to", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE, .label = N_("To"), .doc = "End of the range, included; now when left out." },
  { "points", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, 0, 100000, .label = N_("Points"), .doc = "The most points a series (1000 when left out), thinned so that a drawn line covers the same pixels; 0: all of them, up to 100000." },
  { "agg", MUSTER_FIELD_ENUM, MUSTER_FIELD_NULLABLE, .enumeration = &muster_aggregate_enum, .label = N_("Aggregate"), .doc = "One value a step instead of points; needs step." },
  { "step", MUSTER_FIELD_DOUBLE, MUSTER_FIELD_NULLABLE, .label = N_("Step"), .doc = "Length of one step, in step_unit; steps of seconds begin at whole multiples since 1970." },
  { "step_unit", MUSTER_FIELD_ENUM, MUSTER_FIELD_NULLABLE, .enumeration = &muster_step_unit_enum, .label = N_("Unit of step"), .doc = "Seconds when left out; days and longer follow the calendar of zone." },
  { "zone", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 64, .label = N_("Time zone"), .doc = "Of calendar steps, as the time-zone database names it; UTC when left out." },
  { "quantile", MUSTER_FIELD_DOUBLE, MUSTER_FIELD_NULLABLE, .label = N_("Quantile"), .doc = "0 to 1, with the aggregate quantile; 0.5, the median, when left out." },
  { "include_excluded", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_NULLABLE, .label = N_("Excluded too"), .doc = "Whether what exclusions leave out is there all the same." },
  { "include_bad", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_NULLABLE, .label = N_("Bad too"), .doc = "Whether samples of bad quality count in thinned points and aggregates; no, when not given. All samples of a range tell them anyway." },
};

static const MusterField series_fields[] = {
  { "device_id", MUSTER_FIELD_UUID, MUSTER_FIELD_READ_ONLY, .label = N_("Device"), .doc = "The device." },
  { "samples", MUSTER_FIELD_JSON, MUSTER_FIELD_READ_ONLY, .label = N_("Samples"), .doc = "Array of {metric, points}: points are [milliseconds since 1970, value], in order of time; behind the value \"bad\" where it cannot be, \"stale\" where it is old." },
};

static const MusterField stored_fields[] = {
  { "stored", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .label = N_("Stored"), .doc = "Samples that are durable now." },
  { "refused", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .label = N_("Refused"), .doc = "Samples that are not finite, or more than a day ahead of the clock." },
  { "notes", MUSTER_FIELD_JSON, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_NULLABLE, .label = N_("Notes"), .doc = "Array of sentences, there where values are stored as bad ones because they came in a unit that is not their metric's: the first few." },
};

static const MusterField stats_fields[] = {
  { "samples", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .label = N_("Samples"), .doc = "Samples stored." },
  { "series", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .label = N_("Series"), .doc = "Metrics of devices that have samples." },
  { "bytes", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .unit = "B", .label = N_("Size"), .doc = "Size of the sample file." },
  { "refused", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .label = N_("Refused"), .doc = "Samples refused since the start." },
  { "lost", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .label = N_("Lost"), .doc = "Samples that could not be stored since the start." },
  { "samples_per_second", MUSTER_FIELD_DOUBLE, MUSTER_FIELD_READ_ONLY, .unit = "1/s", .label = N_("Rate"), .doc = "Samples stored a second, over the last five." },
};

static const MusterShape series_shape = { .schema = "Series", .doc = "Samples of one device.", .fields = series_fields, .n_fields = G_N_ELEMENTS (series_fields) };
static const MusterShape latest_shape = { .schema = "Series", .doc = "Samples of one device.", .fields = series_fields, .n_fields = G_N_ELEMENTS (series_fields), .list = TRUE };
static const MusterShape stored_shape = { .schema = "Stored", .doc = "What became of the samples.", .fields = stored_fields, .n_fields = G_N_ELEMENTS (stored_fields) };
static const MusterShape stats_shape = { .schema = "SampleStatistics", .doc = "The sample store in numbers.", .fields = stats_fields, .n_fields = G_N_ELEMENTS (stats_fields) };
static const MusterShape reading_shape = { .schema = "Readings", .doc = "A reading {device_id, timestamp, metric, value, unit} or {device_id, timestamp, metrics: {name: value}, units: {name: unit}}, an array of them, or {items: [...]}. In place of device_id, `device`: its serial number, node or name. A value that tells its unit is turned into that of its metric." };

static const MusterRoute routes[] = {
  { "POST", "/monitoring/data", "storeSamples", "monitoring", "Store samples", post_data, MUSTER_ROUTE_DEVICE, .request = &reading_shape, .response = &stored_shape, .body_limit = MAX_BODY },
  { "GET", "/monitoring/data", "getLatestSamples", "monitoring", "The newest sample of every metric", get_latest, MUSTER_ROUTE_PLAIN, latest_params, G_N_ELEMENTS (latest_params), .response = &latest_shape },
  { "GET", "/monitoring/data/{device_id:uuid}", "getSamples", "monitoring", "A device's samples over a range of time", get_range, MUSTER_ROUTE_PLAIN, range_params, G_N_ELEMENTS (range_params), .response = &series_shape },
  { "GET", "/monitoring/stats", "getSampleStatistics", "monitoring", "The sample store in numbers", get_stats, MUSTER_ROUTE_PLAIN, .response = &stats_shape },
};
/* clang-format on */

void
muster_telemetry_resource_add (MusterRouter        *router,
                               MusterTelemetry     *telemetry,
                               MusterRepository    *repository,
                               MusterExclusionBook *exclusions,
                               MusterDeviceNames   *names,
                               MusterMetricUnits   *units)
{
  g_autoptr (MusterTelemetryResource) self = NULL;

  g_return_if_fail (MUSTER_IS_ROUTER (router) && MUSTER_IS_TELEMETRY (telemetry) &&
                    MUSTER_IS_REPOSITORY (repository) && MUSTER_IS_EXCLUSION_BOOK (exclusions) &&
                    MUSTER_IS_DEVICE_NAMES (names) && MUSTER_IS_METRIC_UNITS (units));

  self = g_object_new (MUSTER_TYPE_TELEMETRY_RESOURCE, NULL);
  self->telemetry = g_object_ref (telemetry);
  self->repository = g_object_ref (repository);
  self->exclusions = g_object_ref (exclusions);
  self->names = g_object_ref (names);
  self->units = g_object_ref (units);
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (self));
}
