/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-line-resource"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <zlib.h>

#include "core/http/muster-call.h"
#include "core/muster-promise.h"
#include "model/muster-error.h"
#include "muster-line-protocol.h"
#include "muster-line-resource.h"

/* Bodies that are read at the same time. */
#define N_WORKERS 2
/* What clients take for InfluxDB's version: one that has all that is answered here. */
#define INFLUX_VERSION "1.8.10"
#define UNPACK_STEP (1024 * 1024)

/* What the handlers share. */
#define MUSTER_TYPE_LINE_RESOURCE (muster_line_resource_get_type ())
G_DECLARE_FINAL_TYPE (MusterLineResource, muster_line_resource, MUSTER, LINE_RESOURCE, GObject)

struct _MusterLineResource
{
  GObject            parent_instance;
  MusterTelemetry   *telemetry; /* (owned) */
  MusterDeviceNames *names;     /* (owned) */
  MusterClock       *clock;     /* (owned) */
  GThreadPool       *workers;
};

G_DEFINE_FINAL_TYPE (MusterLineResource, muster_line_resource, G_TYPE_OBJECT)

/* --- a body on its way, on a worker --- */

typedef struct
{
  GBytes            *body; /* (owned) */
  gboolean           is_packed;
  gint64             multiplier;
  gint64             divisor;
  MusterDeviceNames *names;      /* (owned) */
  char              *own_device; /* (nullable) */
  gint64             now;
  gboolean           is_watched;
  DexPromise        *promise; /* (owned) */
} Work;

/* What a worker has made of it. */
typedef struct
{
  MusterLines *lines;
  GBytes      *packed;
  GPtrArray   *live;
} Result;

static void
result_free (gpointer data)
{
  Result *result = data;

  muster_lines_free (result->lines);
  g_clear_pointer (&result->packed, g_bytes_unref);
  g_clear_pointer (&result->live, g_ptr_array_unref);
  g_free (result);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Result, result_free)

static gboolean
fail_gzip (int code, GError **error)
{
  if (code == Z_BUF_ERROR)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE,
                 "the body is larger than %d bytes when unpacked: send less at a time",
                 MUSTER_LINE_MAX_BODY);
  else
    g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                         "the body is no gzip, or does not end, as Content-Encoding says it is");
  return FALSE;
}

/* RFC 1952, as much of it as may be. */
static gboolean
unpack (GBytes *packed, GByteArray *body, GError **error)
{
  gsize         length;
  gconstpointer bytes = g_bytes_get_data (packed, &length);
  z_stream      stream = { .next_in = (Bytef *)bytes, .avail_in = length };
  int           code = inflateInit2 (&stream, 15 + 16);

  while (code == Z_OK)
    {
      guint at = body->len;

      if (at + UNPACK_STEP > MUSTER_LINE_MAX_BODY)
        {
          code = Z_BUF_ERROR;
          break;
        }
      g_byte_array_set_size (body, at + UNPACK_STEP);
      stream.next_out = body->data + at;
      stream.avail_out = UNPACK_STEP;
      code = inflate (&stream, Z_NO_FLUSH);
      g_byte_array_set_size (body, at + UNPACK_STEP - stream.avail_out);
      if (code == Z_BUF_ERROR || (code == Z_OK && stream.avail_in == 0 && stream.avail_out > 0))
        code = Z_DATA_ERROR; /* it does not end */
    }
  inflateEnd (&stream);
  return code == Z_STREAM_END || fail_gzip (code, error);
}

static Result *
decode (const Work *work, const char *body, gsize length)
{
  Result            *result = g_new0 (Result, 1);
  MusterIngestSender sender = { .lookup = muster_device_names_lookup_cb,
                                .lookup_data = work->names,
                                .own_device = work->own_device,
                                .now = work->now };

  result->lines = muster_lines_decode (body, length, work->multiplier, work->divisor, &sender);
  result->packed = muster_sample_chunk_pack (result->lines->chunk);
  result->live =
    work->is_watched
      ? muster_sample_chunk_list_batches (result->lines->chunk, work->now - MUSTER_INGEST_LIVE_USEC)
      : g_ptr_array_new_with_free_func (g_object_unref);
  return result;
}

static void
work_free (Work *work)
{
  g_bytes_unref (work->body);
  g_object_unref (work->names);
  g_free (work->own_device);
  dex_clear (&work->promise);
  g_free (work);
}

static void
do_work (gpointer data, gpointer user_data)
{
  Work *work = data;
  g_autoptr (GByteArray) unpacked = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GValue) value = G_VALUE_INIT;
  gsize       length;
  const char *body = g_bytes_get_data (work->body, &length);

  if (work->is_packed)
    {
      unpacked = g_byte_array_new ();
      if (!unpack (work->body, unpacked, &error))
        {
          muster_promise_reject_on_main (work->promise, g_steal_pointer (&error));
          work_free (work);
          return;
        }
      body = (const char *)unpacked->data;
      length = unpacked->len;
    }
  g_value_init (&value, G_TYPE_POINTER);
  g_value_set_pointer (&value, decode (work, body, length));
  muster_promise_resolve_on_main (work->promise, &value);
  work_free (work);
}

/* --- POST /write --- */

/* Microseconds of a unit, or units of a microsecond; in the order of the precisions below. */
static const gint64 multipliers[] = { 1, 1, 1, 1, 1000, 1000000, 60000000, 3600000000 };
static const gint64 divisors[] = { 1000, 1000, 1, 1, 1, 1, 1, 1 };

static DexFuture *
start_work (MusterCall *call, gboolean is_packed)
{
  MusterLineResource *self = call->resource;
  const MusterValue  *precision = muster_request_get_param (call->request, "precision");
  MusterActor        *actor = muster_request_get_actor (call->request);
  unsigned            unit = precision->is_null ? 0 : precision->integer;
  Work               *work = g_new0 (Work, 1);
  DexFuture          *future;

  work->body = g_bytes_ref (muster_request_get_body (call->request));
  work->is_packed = is_packed;
  work->multiplier = multipliers[unit];
  work->divisor = divisors[unit];
  work->names = g_object_ref (self->names);
  if (muster_actor_get_kind (actor) == MUSTER_ACTOR_DEVICE)
    work->own_device = g_strdup (muster_actor_get_id (actor));
  work->now = muster_clock_get_now (self->clock);
  work->is_watched = muster_telemetry_is_watched (self->telemetry);
  work->promise = dex_promise_new ();
  future = dex_ref (DEX_FUTURE (work->promise));
  g_thread_pool_push (self->workers, work, NULL);
  return future;
}

/* As InfluxDB tells of a part that it did not take; both of its versions read it. */
static MusterResponse *
answer_partial (const MusterLines *lines)
{
  g_autofree char *text = g_strdup_printf ("partial write: %sdropped=%" G_GUINT64_FORMAT,
                                           lines->reasons->str, lines->n_refused);
  GString         *json = g_string_new ("{\"code\":\"invalid\",\"error\":");

  muster_json_append_string (json, text, -1);
  g_string_append (json, ",\"message\":");
  muster_json_append_string (json, text, -1);
  g_string_append_c (json, '}');
  return muster_response_new_json (400, json);
}

/* What is checked, or has others follow from it, goes the way of all messages: its batches, NULL
 * where there is nothing of that kind. */
static GPtrArray *
take_wanted (MusterLineResource *self, Result *result)
{
  MusterSampleChunk   *chunk = result->lines->chunk;
  g_autofree gboolean *is_taken = g_new0 (gboolean, chunk->devices->len + 1);
  gboolean             is_any = FALSE;
  GPtrArray           *batches;

  for (guint i = 0; i < chunk->devices->len; i++)
    is_any |= is_taken[i] = muster_telemetry_wants (self->telemetry, chunk->devices->pdata[i]);
  if (!is_any)
    return NULL;
  batches =
    muster_sample_chunk_take_batches (chunk, is_taken,
                                      muster_clock_get_now (self->clock) - MUSTER_INGEST_LIVE_USEC);
  g_bytes_unref (result->packed);
  result->packed = muster_sample_chunk_pack (chunk);
  g_ptr_array_unref (result->live);
  result->live = muster_sample_chunk_list_batches (chunk, muster_clock_get_now (self->clock) -
                                                            MUSTER_INGEST_LIVE_USEC);
  return batches;
}

/* Resolves when all of it is durable. */
static DexFuture *
store (MusterLineResource *self, Result *result)
{
  g_autoptr (GPtrArray) wanted = take_wanted (self, result);
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);

  if (result->lines->chunk->cells->len > 0)
    g_ptr_array_add (futures,
                     muster_telemetry_ingest_chunk (self->telemetry,
                                                    g_steal_pointer (&result->lines->chunk),
                                                    g_steal_pointer (&result->packed),
                                                    g_steal_pointer (&result->live)));
  for (guint i = 0; wanted != NULL && i < wanted->len; i++)
    g_ptr_array_add (futures, muster_telemetry_ingest (self->telemetry, wanted->pdata[i]));
  if (futures->len == 0)
    return dex_future_new_true ();
  return dex_future_allv ((DexFuture **)futures->pdata, futures->len);
}

static DexFuture *
write_fiber (gpointer data)
{
  MusterCall *call = data;
  const char *encoding = muster_request_get_header (call->request, "Content-Encoding");
  gboolean    is_packed = encoding != NULL && g_ascii_strcasecmp (encoding, "gzip") == 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (Result) result = NULL;

  if (encoding != NULL && !is_packed && g_ascii_strcasecmp (encoding, "identity") != 0)
    return muster_response_resolve (muster_response_new (415));
  result = dex_await_pointer (start_work (call, is_packed), &error);
  if (result == NULL || !dex_await (store (call->resource, result), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  return muster_response_resolve (result->lines->n_refused > 0 ? answer_partial (result->lines)
                                                               : muster_response_new (204));
}

static DexFuture *
write_lines (MusterRequest *request, gpointer resource)
{
  return muster_call_spawn (write_fiber, request, resource);
}

/* --- what clients ask before --- */

static DexFuture *
ping (MusterRequest *request, gpointer resource)
{
  MusterResponse *response = muster_response_new (204);

  muster_response_set_header (response, "X-Influxdb-Version", INFLUX_VERSION);
  return muster_response_resolve (response);
}

static DexFuture *
get_health (MusterRequest *request, gpointer resource)
{
  return muster_response_resolve (muster_response_new_json (
    200,
    g_string_new (
      "{\"name\":\"muster\",\"message\":\"ready for queries and writes\",\"status\":\"pass\",\"checks\":[],\"version\":\"" INFLUX_VERSION
      "\"}")));
}

/* Clients make their database first, and ask which there are. */
static gboolean
is_about_databases (const char *query)
{
  static const char *const words[] = { "CREATE DATABASE", "SHOW DATABASES",
                                       "CREATE RETENTION POLICY", "SHOW RETENTION POLICIES" };
  g_autofree char         *upper = query != NULL ? g_ascii_strup (query, -1) : NULL;

  if (upper == NULL)
    return FALSE;
  g_strstrip (upper);
  for (unsigned i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_has_prefix (upper, words[i]))
      return TRUE;
  return FALSE;
}

/* (transfer full) (nullable): out of the address, or a form. */
static char *
dup_query (MusterRequest *request)
{
  const char      *given = muster_request_get_param_text (request, "q");
  GBytes          *body = muster_request_get_body (request);
  g_autofree char *text = NULL;
  g_autoptr (GHashTable) form = NULL;

  if (given != NULL || body == NULL)
    return g_strdup (given);
  text = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  form = g_uri_parse_params (text, -1, "&", G_URI_PARAMS_WWW_FORM, NULL);
  return form != NULL ? g_strdup (g_hash_table_lookup (form, "q")) : NULL;
}

static DexFuture *
query (MusterRequest *request, gpointer resource)
{
  g_autofree char *text = dup_query (request);

  if (!is_about_databases (text))
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                                  "InfluxQL is not spoken here: read samples by GET "
                                  "/monitoring/data/{device_id} or POST /monitoring/query");
  return muster_response_resolve (muster_response_new_json (
    200,
    g_string_new (
      "{\"results\":[{\"statement_id\":0,\"series\":[{\"name\":\"databases\",\"columns\":[\"name\"],\"values\":[[\"muster\"]]}]}]}")));
}

/* --- table --- */

/* clang-format off */
static const MusterEnumValue precisions[] = {
  { "ns", N_("Nanoseconds") }, { "n", N_("Nanoseconds") }, { "us", N_("Microseconds") }, { "u", N_("Microseconds") },
  { "ms", N_("Milliseconds") }, { "s", N_("Seconds") }, { "m", N_("Minutes") }, { "h", N_("Hours") }, { NULL, NULL },
};
static const MusterEnum precision_enum = { "WritePrecision", precisions };

static const MusterField write_params[] = {
  { "precision", MUSTER_FIELD_ENUM, MUSTER_FIELD_NULLABLE, .enumeration = &precision_enum, .label = N_("Precision"), .doc = "Unit of the time stamps; nanoseconds when left out." },
  { "db", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 200, .label = N_("Database"), .doc = "Read over: there is one." },
  { "rp", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 200, .label = N_("Retention policy"), .doc = "Read over." },
  { "consistency", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 20, .label = N_("Consistency"), .doc = "Read over: what is acknowledged is durable." },
  { "org", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 200, .label = N_("Organisation"), .doc = "Read over." },
  { "orgID", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 200, .label = N_("Organisation"), .doc = "Read over." },
  { "bucket", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 200, .label = N_("Bucket"), .doc = "Read over: there is one." },
  { "u", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 200, .label = N_("User"), .doc = "Read over: the token says who sends." },
  { "p", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 4000, .label = N_("Password"), .doc = "An access token, where no header has one." },
};

static const MusterField query_params[] = {
  { "q", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 2000, .label = N_("Query"), .doc = "CREATE DATABASE or SHOW DATABASES, which clients ask first." },
  { "db", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 200, .label = N_("Database"), .doc = "Read over." },
  { "u", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 200, .label = N_("User"), .doc = "Read over." },
  { "p", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 4000, .label = N_("Password"), .doc = "An access token, where no header has one." },
};

static const MusterField ping_params[] = {
  { "verbose", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 0, 20, .label = N_("Verbose"), .doc = "Read over." },
};

static const MusterShape lines_shape = { .schema = "Lines", .doc = "InfluxDB's line protocol: measurement,tag=value field=value time. May be packed by gzip.", .media_type = "*/*" };
static const MusterShape form_shape = { .schema = "InfluxForm", .doc = "q=…, as a form.", .media_type = "*/*" };
static const MusterShape health_shape = { .schema = "InfluxHealth", .doc = "As InfluxDB's clients ask." };
static const MusterShape results_shape = { .schema = "InfluxResults", .doc = "As InfluxDB's clients ask." };

#define WRITE_FLAGS (MUSTER_ROUTE_RAW | MUSTER_ROUTE_DEVICE | MUSTER_ROUTE_INFLUX)

static const MusterRoute routes[] = {
  { "POST", "/write", "writeLines", "monitoring", "Take samples as InfluxDB 1 does; 400 tells which lines were refused, the others are stored", write_lines, WRITE_FLAGS, write_params, G_N_ELEMENTS (write_params), .request = &lines_shape, .status = 204, .body_limit = MUSTER_LINE_MAX_BODY },
  { "POST", "/api/v2/write", "writeLinesV2", "monitoring", "Take samples as InfluxDB 2 does; 400 tells which lines were refused, the others are stored", write_lines, WRITE_FLAGS, write_params, G_N_ELEMENTS (write_params), .request = &lines_shape, .status = 204, .body_limit = MUSTER_LINE_MAX_BODY },
  { "GET", "/ping", "pingInflux", "monitoring", "Tell InfluxDB's clients that somebody is there", ping, MUSTER_ROUTE_PUBLIC, ping_params, G_N_ELEMENTS (ping_params), .status = 204 },
  { "GET", "/health", "getInfluxHealth", "monitoring", "Tell InfluxDB's clients that all is well", get_health, MUSTER_ROUTE_PUBLIC, .response = &health_shape },
  { "GET", "/query", "queryInflux", "monitoring", "Answer what InfluxDB's clients ask of databases before they write", query, MUSTER_ROUTE_RAW | MUSTER_ROUTE_DEVICE | MUSTER_ROUTE_INFLUX, query_params, G_N_ELEMENTS (query_params), .response = &results_shape },
  { "POST", "/query", "postInfluxQuery", "monitoring", "Answer what InfluxDB's clients ask of databases before they write", query, WRITE_FLAGS, query_params, G_N_ELEMENTS (query_params), .request = &form_shape, .response = &results_shape, .status = 200 },
};
/* clang-format on */

static void
muster_line_resource_finalize (GObject *object)
{
  MusterLineResource *self = MUSTER_LINE_RESOURCE (object);

  g_thread_pool_free (self->workers, FALSE, TRUE);
  g_clear_object (&self->telemetry);
  g_clear_object (&self->names);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (muster_line_resource_parent_class)->finalize (object);
}

static void
muster_line_resource_class_init (MusterLineResourceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_line_resource_finalize;
}

static void
muster_line_resource_init (MusterLineResource *self)
{
  self->workers = g_thread_pool_new (do_work, NULL, N_WORKERS, FALSE, NULL);
}

void
muster_line_resource_add (MusterRouter      *router,
                          MusterTelemetry   *telemetry,
                          MusterDeviceNames *names,
                          MusterClock       *clock)
{
  g_autoptr (MusterLineResource) self = NULL;

  g_return_if_fail (MUSTER_IS_ROUTER (router) && MUSTER_IS_TELEMETRY (telemetry) &&
                    MUSTER_IS_DEVICE_NAMES (names) && MUSTER_IS_CLOCK (clock));

  self = g_object_new (MUSTER_TYPE_LINE_RESOURCE, NULL);
  self->telemetry = g_object_ref (telemetry);
  self->names = g_object_ref (names);
  self->clock = g_object_ref (clock);
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (self));
}
