/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ingest-resource"

#include "config.h"

#include <string.h>

#include "model/muster-error.h"
#include "muster-ingest-resource.h"
#include "muster-remote-write.h"

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

/* A request in the hands of a fiber. */
typedef struct
{
  MusterIngestResource *resource; /* (owned) */
  MusterRequest        *request;  /* (owned) */
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;

  g_object_unref (call->resource);
  g_object_unref (call->request);
  g_free (call);
}

static DexFuture *
spawn (DexFiberFunc func, MusterRequest *request, gpointer resource)
{
  Call *call = g_new0 (Call, 1);

  call->resource = g_object_ref (resource);
  call->request = g_object_ref (request);
  return dex_scheduler_spawn (NULL, 0, func, call, call_free);
}

static const char *
look_up (const char *key, gpointer names)
{
  return muster_device_names_lookup (names, key);
}

/* Who sends REQUEST; borrowed from it. */
static MusterIngestSender
get_sender (Call *call)
{
  MusterActor *actor = muster_request_get_actor (call->request);

  return (MusterIngestSender){
    .lookup = look_up,
    .lookup_data = call->resource->names,
    .own_device =
      muster_actor_get_kind (actor) == MUSTER_ACTOR_DEVICE ? muster_actor_get_id (actor) : NULL,
    .now = muster_clock_get_now (call->resource->clock),
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
  Call *call = data;
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
  if (!muster_ingest_await_stored (ingest, call->resource->telemetry, &stored, &refused, &error))
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
  return spawn (remote_write_fiber, request, resource);
}

/* --- table --- */

/* clang-format off */
static const MusterShape write_shape = { .schema = "RemoteWrite", .doc = "A prometheus.WriteRequest of remote-write 1.0, packed in the block format of snappy.", .media_type = "application/x-protobuf" };

static const MusterRoute routes[] = {
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
