/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-devices"

#include "config.h"

#include "muster-api-calls.h"
#include "muster-api-devices.h"
#include "muster-api-json.h"

#include "model/muster-device-command.h"
#include "model/muster-device-event.h"

struct _MusterApiMetric
{
  GObject parent_instance;

  MusterMetric     *metric; /* (owned) */
  MusterApiReading *latest; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (MusterApiMetric, muster_api_metric, G_TYPE_OBJECT)

static void
muster_api_metric_finalize (GObject *object)
{
  MusterApiMetric *self = MUSTER_API_METRIC (object);

  g_clear_object (&self->metric);
  g_clear_object (&self->latest);
  G_OBJECT_CLASS (muster_api_metric_parent_class)->finalize (object);
}

static void
muster_api_metric_class_init (MusterApiMetricClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_api_metric_finalize;
}

static void
muster_api_metric_init (MusterApiMetric *self)
{
}

static GObject *
make_metric (JsonObject *row, gconstpointer data, GError **error)
{
  MusterEntity    *metric = muster_entity_new_from_json (&muster_metric_info, row, error);
  JsonObject      *latest = muster_api_json_get_object (row, "latest");
  MusterApiMetric *self;

  if (metric == NULL)
    return NULL;
  self = g_object_new (MUSTER_TYPE_API_METRIC, NULL);
  self->metric = MUSTER_METRIC (metric);
  self->latest = latest != NULL ? muster_api_reading_new_from_json (latest) : NULL;
  return G_OBJECT (self);
}

MusterMetric *
muster_api_metric_get_metric (MusterApiMetric *self)
{
  g_return_val_if_fail (MUSTER_IS_API_METRIC (self), NULL);

  return self->metric;
}

MusterApiReading *
muster_api_metric_get_latest (MusterApiMetric *self)
{
  g_return_val_if_fail (MUSTER_IS_API_METRIC (self), NULL);

  return self->latest;
}

DexFuture *
muster_api_devices_list (MusterApiClient *client, const MusterApiListQuery *query)
{
  return muster_api_call_page (client, muster_api_request_new ("GET", "devices", "", NULL), query,
                               &muster_device_info);
}

DexFuture *
muster_api_devices_list_ids (MusterApiClient *client, const MusterApiListQuery *query)
{
  MusterApiRequest *request = muster_api_request_new ("GET", "devices", "ids", NULL);

  muster_api_request_add_list_query (request, query);
  return muster_api_call_ids (client, request);
}

DexFuture *
muster_api_devices_list_by_ids (MusterApiClient *client, const char *const *ids)
{
  MusterApiRequest *request;
  g_autofree char  *list = NULL;

  g_return_val_if_fail (ids != NULL && g_strv_length ((char **)ids) <= MUSTER_API_IDS_MAXIMUM,
                        NULL);

  list = g_strjoinv (",", (char **)ids);
  request = muster_api_request_new ("GET", "devices", "", NULL);
  muster_api_request_add_query (request, "id", list);
  muster_api_request_add_query (request, "limit", "1000");
  return muster_api_call_page (client, request, NULL, &muster_device_info);
}

DexFuture *
muster_api_devices_get (MusterApiClient *client, const char *id)
{
  return muster_api_call_entity (client, muster_api_request_new ("GET", "devices", id, NULL),
                                 &muster_device_info);
}

DexFuture *
muster_api_devices_create (MusterApiClient *client, MusterDevice *device)
{
  MusterApiRequest *request = muster_api_request_new ("POST", "devices", "", NULL);

  muster_api_request_take_object (request, muster_api_make_body (MUSTER_ENTITY (device)));
  return muster_api_call_entity (client, request, &muster_device_info);
}

DexFuture *
muster_api_devices_update (MusterApiClient *client,
                           const char      *id,
                           JsonObject      *changes,
                           gint64           revision)
{
  return muster_api_call_update (client, muster_api_request_new ("PUT", "devices", id, NULL),
                                 changes, revision, &muster_device_info);
}

DexFuture *
muster_api_devices_delete (MusterApiClient *client, const char *id, gint64 revision)
{
  return muster_api_call_delete (client, muster_api_request_new ("DELETE", "devices", id, NULL),
                                 revision);
}

DexFuture *
muster_api_devices_get_status (MusterApiClient *client, const char *id)
{
  return muster_api_call_object (client,
                                 muster_api_request_new ("GET", "devices", id, "status", NULL));
}

DexFuture *
muster_api_devices_set_status (MusterApiClient *client, const char *id, MusterDeviceStatus status)
{
  MusterApiRequest *request = muster_api_request_new ("PUT", "devices", id, "status", NULL);

  muster_api_request_take_object (
    request,
    muster_api_make_object ("status", muster_enum_get_nick (&muster_device_status_enum, status),
                            NULL));
  return muster_api_call_done (client, request);
}

DexFuture *
muster_api_devices_list_events (MusterApiClient          *client,
                                const char               *id,
                                const MusterApiListQuery *query)
{
  return muster_api_call_page (client,
                               muster_api_request_new ("GET", "devices", id, "events", NULL), query,
                               &muster_device_event_info);
}

DexFuture *
muster_api_devices_list_metrics (MusterApiClient *client, const char *id)
{
  MusterApiRequest *request = muster_api_request_new ("GET", "devices", id, "metrics", NULL);

  return muster_api_call_rows (client, request, MUSTER_TYPE_API_METRIC, make_metric);
}

DexFuture *
muster_api_devices_adopt (MusterApiClient *client,
                          const char      *id,
                          const char      *secret,
                          const char      *name)
{
  return muster_api_call_adopt (client,
                                muster_api_request_new ("POST", "devices", id, "adopt", NULL),
                                muster_api_make_object ("secret", secret, "name", name, NULL));
}

DexFuture *
muster_api_devices_release (MusterApiClient *client, const char *id)
{
  return muster_api_call_done (client,
                               muster_api_request_new ("POST", "devices", id, "release", NULL));
}

DexFuture *
muster_api_devices_command (MusterApiClient *client,
                            const char      *id,
                            const char      *kind,
                            const char      *metric,
                            JsonNode        *value)
{
  MusterApiRequest *request = muster_api_request_new ("POST", "devices", id, "command", NULL);
  JsonObject       *body = muster_api_make_object ("kind", kind, "metric", metric, NULL);

  if (value != NULL)
    json_object_set_member (body, "value", value);
  muster_api_request_take_object (request, body);
  return muster_api_call_entity (client, request, &muster_device_command_info);
}

DexFuture *
muster_api_devices_list_commands (MusterApiClient          *client,
                                  const char               *id,
                                  const MusterApiListQuery *query)
{
  return muster_api_call_page (client,
                               muster_api_request_new ("GET", "devices", id, "commands", NULL),
                               query, &muster_device_command_info);
}

DexFuture *
muster_api_devices_make_token (MusterApiClient *client, const char *id)
{
  return muster_api_call_object (client,
                                 muster_api_request_new ("POST", "devices", id, "token", NULL));
}

DexFuture *
muster_api_devices_make_account (MusterApiClient *client, const char *id, const char *family)
{
  MusterApiRequest *request = muster_api_request_new ("POST", "devices", id, "account", NULL);

  muster_api_request_take_object (request, muster_api_make_object ("family", family, NULL));
  return muster_api_call_object (client, request);
}
