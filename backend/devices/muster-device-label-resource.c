/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-label-resource"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <sodium.h>
#include <string.h>

#include "model/muster-adoption-code.h"
#include "muster-device-resource.h"

static void
append_member (GString *json, const char *name, const char *text)
{
  g_string_append_printf (json, "%c\"%s\":", json->len == 0 ? '{' : ',', name);
  if (text != NULL)
    muster_json_append_string (json, text, -1);
  else
    g_string_append (json, "null");
}

/* (transfer full) (nullable): a device without serial number or secret has no code. */
static char *
make_code (MusterEntity *device)
{
  const char *serial = muster_entity_get_string (device, "serial");
  const char *secret = muster_entity_get_string (device, "secret");

  return serial != NULL && secret != NULL ? muster_adoption_code_format (serial, secret, NULL)
                                          : NULL;
}

typedef struct
{
  MusterDeviceEventLog *log;   /* (owned) */
  MusterActor          *actor; /* (owned) */
} LabelCall;

static void
label_call_free (gpointer data)
{
  LabelCall *call = data;

  g_object_unref (call->log);
  muster_actor_unref (call->actor);
  g_free (call);
}

/* Who learns a secret leaves a trace. */
static void
note_disclosure (LabelCall *call, MusterEntity *device)
{
  g_autofree char *message =
    g_strdup_printf ("%s asked for the label with the secret", muster_actor_get_name (call->actor));

  muster_device_event_log_append (call->log, muster_entity_get_id (device), "label",
                                  MUSTER_SEVERITY_INFO, message, NULL);
}

static DexFuture *
respond_label_cb (DexFuture *future, gpointer user_data)
{
  MusterEntity   *device = g_value_get_object (dex_future_get_value (future, NULL));
  char           *code = make_code (device);
  GString        *json = g_string_sized_new (2 * MUSTER_ADOPTION_CODE_MAX_LENGTH);
  MusterResponse *response = NULL;

  append_member (json, "name", muster_entity_get_string (device, "name"));
  append_member (json, "model", muster_entity_get_string (device, "model"));
  append_member (json, "serial", muster_entity_get_string (device, "serial"));
  append_member (json, "secret", muster_entity_get_string (device, "secret"));
  append_member (json, "code", code);
  g_string_append_c (json, '}');
  if (code != NULL)
    {
      note_disclosure (user_data, device);
      sodium_memzero (code, strlen (code));
      g_free (code);
    }
  response = muster_response_new_json (200, json);
  muster_response_set_header (response, "Cache-Control", "no-store");
  return muster_response_resolve (response);
}

static DexFuture *
get_label (MusterRequest *request, gpointer user_data)
{
  MusterDeviceService *devices = muster_device_parts_holder_get (user_data)->devices;
  LabelCall           *call = g_new0 (LabelCall, 1);

  call->log = g_object_ref (
    muster_device_registry_get_event_log (muster_device_service_get_registry (devices)));
  call->actor = muster_actor_ref (muster_request_get_actor (request));
  return dex_future_then (muster_repository_get (muster_device_service_get_repository (devices),
                                                 &muster_device_info,
                                                 muster_request_get_path_param (request, "id")),
                          respond_label_cb, call, label_call_free);
}

/* clang-format off */
static const MusterField label_fields[] = {
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, .label = N_("Name"), .doc = "What the device is called." },
  { "model", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, .label = N_("Model"), .doc = "The maker's name of the model." },
  { "serial", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, .label = N_("Serial number"), .doc = "What the bars say." },
  { "secret", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, .label = N_("Label secret"), .doc = "The pairing secret, as printed; none where the site does not know it." },
  { "code", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, .label = N_("Adoption code"), .doc = "What the QR code says: MUSTER:1:SERIAL:SECRET." },
};
static const MusterShape label_shape = { .schema = "DeviceLabel", .doc = "What stands on a device's label.", .fields = label_fields, .n_fields = G_N_ELEMENTS (label_fields) };

static const MusterRoute routes[] = {
  { "POST", "/devices/{id:uuid}/label", "getDeviceLabel", "devices", "What to print on a device's label, its secret included; noted among its events", get_label, MUSTER_ROUTE_PLAIN, .response = &label_shape },
};
/* clang-format on */

void
muster_device_label_resource_add (MusterRouter *router, const MusterDeviceParts *parts)
{
  g_autoptr (MusterDevicePartsHolder) holder = muster_device_parts_holder_new (parts);

  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (holder));
}
