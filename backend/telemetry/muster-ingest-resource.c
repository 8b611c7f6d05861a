/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ingest-resource"

#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "core/http/muster-call.h"
#include "model/muster-error.h"
#include "muster-ingest-csv.h"
#include "muster-ingest-resource.h"
#include "muster-remote-write.h"

#define IMPORT_MAX_BODY (G_GINT64_CONSTANT (16) * 1024 * 1024 * 1024)
#define IMPORT_PIECE (256 * 1024)

/* What the handlers share. */
#define MUSTER_TYPE_INGEST_RESOURCE (muster_ingest_resource_get_type ())
G_DECLARE_FINAL_TYPE (MusterIngestResource,
                      muster_ingest_resource,
                      MUSTER,
                      INGEST_RESOURCE,
                      GObject)

struct _MusterIngestResource
{
  GObject            parent_instance;
  MusterTelemetry   *telemetry; /* (owned) */
  MusterDeviceNames *names;     /* (owned) */
  MusterClock       *clock;     /* (owned) */
};

G_DEFINE_FINAL_TYPE (MusterIngestResource, muster_ingest_resource, G_TYPE_OBJECT)

static void
muster_ingest_resource_finalize (GObject *object)
{
  MusterIngestResource *self = MUSTER_INGEST_RESOURCE (object);

  g_clear_object (&self->telemetry);
  g_clear_object (&self->names);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (muster_ingest_resource_parent_class)->finalize (object);
}

static void
muster_ingest_resource_class_init (MusterIngestResourceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_ingest_resource_finalize;
}

static void
muster_ingest_resource_init (MusterIngestResource *self)
{
}

/* Who sends REQUEST; borrowed from it. */
static MusterIngestSender
get_sender (MusterCall *call)
{
  MusterActor *actor = muster_request_get_actor (call->request);

  return (MusterIngestSender){
    .lookup = muster_device_names_lookup_cb,
    .lookup_data = MUSTER_INGEST_RESOURCE (call->resource)->names,
    .own_device =
      muster_actor_get_kind (actor) == MUSTER_ACTOR_DEVICE ? muster_actor_get_id (actor) : NULL,
    .now = muster_clock_get_now (MUSTER_INGEST_RESOURCE (call->resource)->clock),
  };
}

/* --- POST /api/v1/write --- */

/* Text, which Prometheus writes to its log. */
static DexFuture *
answer_text (unsigned status, const char *text)
{
  return muster_response_resolve (muster_response_new_bytes (status, "text/plain; charset=utf-8",
                                                             g_bytes_new (text, strlen (text))));
}

/* FALSE: it is packed or written in a way that is not taken here; 415 tells a sender of
 * remote-write 2 to fall back to 1. */
static gboolean
speaks_remote_write (MusterRequest *request)
{
  const char *type = muster_request_get_header (request, "Content-Type");
  const char *encoding = muster_request_get_header (request, "Content-Encoding");

  return (encoding == NULL || g_ascii_strcasecmp (encoding, "snappy") == 0) &&
         (type == NULL || strstr (type, "proto=") == NULL ||
          strstr (type, "prometheus.WriteRequest") != NULL);
}

/* What is wrong with the samples themselves is answered by 400: Prometheus drops them and goes on.
 * By 5xx, where they could not be stored, it sends them again. */
static DexFuture *
remote_write_fiber (gpointer data)
{
  MusterCall *call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterIngest) ingest = NULL;
  g_autofree char   *text = NULL;
  MusterIngestSender sender = get_sender (call);
  gint64             stored = 0, refused = 0;

  if (!speaks_remote_write (call->request))
    return answer_text (415, "send remote-write 1.0: application/x-protobuf of "
                             "prometheus.WriteRequest, with Content-Encoding: snappy\n");
  ingest = muster_remote_write_decode (muster_request_get_body (call->request), &sender, &error);
  if (ingest == NULL)
    {
      text = g_strconcat (error->message, "\n", NULL);
      return answer_text (400, text);
    }
  if (!muster_ingest_await_stored (ingest, MUSTER_INGEST_RESOURCE (call->resource)->telemetry,
                                   &stored, &refused, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  if (refused > 0)
    muster_ingest_refuse (ingest, refused,
                          "%" G_GINT64_FORMAT " samples are before 1970 or more than "
                          "a day ahead of the clock",
                          refused);
  if (muster_ingest_get_refused (ingest) == 0)
    return muster_response_resolve (muster_response_new (204));
  text = g_strdup_printf ("%" G_GUINT64_FORMAT " samples are refused, %" G_GINT64_FORMAT
                          " are stored:\n%s",
                          muster_ingest_get_refused (ingest), stored,
                          muster_ingest_get_reasons (ingest));
  return answer_text (400, text);
}

static DexFuture *
remote_write (MusterRequest *request, gpointer resource)
{
  return muster_call_spawn (remote_write_fiber, request, resource);
}

/* --- POST /monitoring/import --- */

static gboolean
refuse_param (GError **error, const char *name, const char *detail)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  muster_field_errors_add (errors, name, "%s", detail);
  return muster_field_errors_check (errors, error);
}

/* The site's own zone unless the request names one: (transfer full) (nullable). */
static GTimeZone *
read_zone (MusterRequest *request, GError **error)
{
  const char *name = muster_request_get_param_text (request, "zone");
  GTimeZone  *zone = name != NULL ? g_time_zone_new_identifier (name) : g_time_zone_new_local ();

  if (zone == NULL)
    refuse_param (error, "zone", "is no time zone: name one like Europe/Berlin");
  return zone;
}

static gboolean
is_set (MusterRequest *request, const char *name)
{
  const MusterValue *value = muster_request_get_param (request, name);

  return !value->is_null && value->integer;
}

/* Whose the rows are that name no device: (nullable). */
static gboolean
read_device (MusterCall *call, const char **device, GError **error)
{
  const char *key = muster_request_get_param_text (call->request, "device");

  *device = key != NULL
              ? muster_device_names_lookup (MUSTER_INGEST_RESOURCE (call->resource)->names, key)
              : NULL;
  return key == NULL || *device != NULL ||
         refuse_param (error, "device",
                       "is not the identifier, serial number, node or name of one "
                       "device of this site");
}

typedef struct
{
  MusterCall      *call;
  MusterIngestCsv *csv;
  gboolean         is_preview;
  gint64           stored;
  gint64           refused;
} Import;

/* In a fiber: the samples read so far. */
static gboolean
await_batch (Import *import, GError **error)
{
  g_autoptr (MusterIngest) ingest = muster_ingest_csv_take (import->csv);

  return import->is_preview ||
         muster_ingest_await_stored (ingest,
                                     MUSTER_INGEST_RESOURCE (import->call->resource)->telemetry,
                                     &import->stored, &import->refused, error);
}

/* In a fiber. */
static gboolean
await_import (Import *import, GError **error)
{
  g_autofree char *buffer = g_malloc (IMPORT_PIECE);
  gint64           length;
  int              fd = muster_request_get_body_file (import->call->request, &length);

  for (gint64 at = 0; at < length;)
    {
      gssize n = pread (fd, buffer, IMPORT_PIECE, at);

      if (n <= 0)
        {
          g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, "the body cannot be read: %s",
                       g_strerror (errno));
          return FALSE;
        }
      at += n;
      if (!muster_ingest_csv_feed (import->csv, buffer, n, error) || !await_batch (import, error))
        return FALSE;
      /* Everybody else's turn. */
      dex_await (dex_timeout_new_usec (0), NULL);
    }
  return muster_ingest_csv_finish (import->csv, error) && await_batch (import, error);
}

static DexFuture *
import_fiber (gpointer data)
{
  MusterCall *call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GTimeZone) zone = read_zone (call->request, &error);
  g_autoptr (MusterIngestCsv) csv = NULL;
  MusterIngestCsvOptions options = { .sender = get_sender (call), .zone = zone };
  Import                 import = { .call = call };
  GString               *json;

  if (zone == NULL || !read_device (call, &options.device, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  options.decimal_comma = is_set (call->request, "decimal_comma");
  csv = import.csv = muster_ingest_csv_new (&options);
  import.is_preview = is_set (call->request, "preview");
  if (!await_import (&import, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  json = g_string_new (NULL);
  g_string_printf (json, "{\"stored\":%" G_GINT64_FORMAT ",\"refused\":%" G_GINT64_FORMAT ",",
                   import.stored, import.refused);
  muster_ingest_csv_append_report (csv, json);
  g_string_append_c (json, '}');
  return muster_response_resolve (muster_response_new_json (200, json));
}

static DexFuture *
import_samples (MusterRequest *request, gpointer resource)
{
  return muster_call_spawn (import_fiber, request, resource);
}

/* --- table --- */

/* clang-format off */
static const MusterShape write_shape = { .schema = "RemoteWrite", .doc = "A prometheus.WriteRequest of remote-write 1.0, packed in the block format of snappy.", .media_type = "application/x-protobuf" };

static const MusterField import_params[] = {
  { "preview", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_NULLABLE, .label = N_("Preview"), .doc = "Only read it, and tell what is in it and what is wrong; nothing is stored." },
  { "device", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 200, .label = N_("Device"), .doc = "Whose the rows are that name no device: identifier, serial number, node or name." },
  { "zone", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 64, .label = N_("Time zone"), .doc = "Of times that name none, like Europe/Berlin; that of the site's machine when left out." },
  { "decimal_comma", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_NULLABLE, .label = N_("Decimal comma"), .doc = "Whether 21,5 is a number." },
};

static const MusterField import_fields[] = {
  { "stored", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .label = N_("Stored"), .doc = "Samples that are durable now; 0 for a preview." },
  { "refused", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .label = N_("Refused"), .doc = "Samples before 1970, or more than a day ahead of the clock." },
  { "rows", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .label = N_("Rows"), .doc = "Rows behind the first, which names the columns." },
  { "samples", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .label = N_("Samples"), .doc = "Samples that were read." },
  { "wrong", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .label = N_("Wrong"), .doc = "How many things are wrong." },
  { "from", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("From"), .doc = "The earliest sample." },
  { "to", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("To"), .doc = "The latest sample." },
  { "devices", MUSTER_FIELD_JSON, MUSTER_FIELD_READ_ONLY, .label = N_("Devices"), .doc = "Identifiers of the devices, up to 1000." },
  { "metrics", MUSTER_FIELD_JSON, MUSTER_FIELD_READ_ONLY, .label = N_("Metrics"), .doc = "Names of the metrics, up to 1000." },
  { "errors", MUSTER_FIELD_JSON, MUSTER_FIELD_READ_ONLY, .label = N_("Errors"), .doc = "What is wrong: {row, column, detail}, the first 100. The first row is 1." },
};

static const MusterShape csv_shape = { .schema = "SamplesCsv", .doc = "CSV whose first row names the columns: timestamp, device, metric and value; or timestamp, device and one column for each metric.", .media_type = "text/csv" };
static const MusterShape import_shape = { .schema = "SamplesImport", .doc = "What came of the file.", .fields = import_fields, .n_fields = G_N_ELEMENTS (import_fields) };

static const MusterRoute routes[] = {
  { "POST", "/monitoring/import", "importSamples", "monitoring", "Store samples of a CSV file of any size, or look what it has", import_samples, MUSTER_ROUTE_SPOOL, import_params, G_N_ELEMENTS (import_params), .request = &csv_shape, .response = &import_shape, .body_limit = IMPORT_MAX_BODY },
  { "POST", "/api/v1/write", "writePrometheus", "monitoring", "Take samples as Prometheus remote-write sends them; 400 with text where some were refused", remote_write, MUSTER_ROUTE_RAW | MUSTER_ROUTE_DEVICE, .request = &write_shape, .status = 204, .body_limit = MUSTER_REMOTE_WRITE_MAX_BODY },
};
/* clang-format on */

void
muster_ingest_resource_add (MusterRouter      *router,
                            MusterTelemetry   *telemetry,
                            MusterDeviceNames *names,
                            MusterClock       *clock)
{
  g_autoptr (MusterIngestResource) self = NULL;

  g_return_if_fail (MUSTER_IS_ROUTER (router) && MUSTER_IS_TELEMETRY (telemetry) &&
                    MUSTER_IS_DEVICE_NAMES (names) && MUSTER_IS_CLOCK (clock));

  self = g_object_new (MUSTER_TYPE_INGEST_RESOURCE, NULL);
  self->telemetry = g_object_ref (telemetry);
  self->names = g_object_ref (names);
  self->clock = g_object_ref (clock);
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (self));
}
