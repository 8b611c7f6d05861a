/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-action-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-device-resource.h"

static MusterDeviceService *
get_devices (gpointer holder)
{
  return muster_device_parts_holder_get (holder)->devices;
}

static DexFuture *
adopt_device (MusterRequest *request, gpointer user_data)
{
  return dex_future_then (
    muster_device_service_adopt_device (get_devices (user_data), muster_request_get_actor (request),
                                        muster_request_get_path_param (request, "id"),
                                        muster_device_get_member (request, "secret"),
                                        muster_device_get_member (request, "name")),
    muster_device_respond_entity_cb, NULL, NULL);
}

static DexFuture *
respond_adopted_cb (DexFuture *future, gpointer user_data)
{
  return muster_response_resolve (
    muster_response_new_entity (201, g_value_get_object (dex_future_get_value (future, NULL))));
}

static DexFuture *
adopt_candidate (MusterRequest *request, gpointer user_data)
{
  return dex_future_then (muster_device_service_adopt_candidate (
                            get_devices (user_data), muster_request_get_actor (request),
                            muster_request_get_path_param (request, "key"),
                            muster_device_get_member (request, "secret"),
                            muster_device_get_member (request, "name"),
                            muster_device_get_member (request, "location")),
                          respond_adopted_cb, NULL, NULL);
}

static DexFuture *
release_device (MusterRequest *request, gpointer user_data)
{
  return dex_future_then (
    muster_device_service_release (get_devices (user_data), muster_request_get_actor (request),
                                   muster_request_get_path_param (request, "id")),
    muster_device_respond_entity_cb, NULL, NULL);
}

static DexFuture *
respond_accepted_cb (DexFuture *future, gpointer user_data)
{
  return muster_response_resolve (
    muster_response_new_entity (202, g_value_get_object (dex_future_get_value (future, NULL))));
}

static DexFuture *
give_command (MusterRequest *request, gpointer user_data)
{
  return dex_future_then (
    muster_command_service_give (muster_device_parts_holder_get (user_data)->commands,
                                 muster_request_get_actor (request),
                                 muster_request_get_path_param (request, "id"),
                                 muster_request_get_entity (request)),
    respond_accepted_cb, NULL, NULL);
}

static DexFuture *
list_commands (MusterRequest *request, gpointer user_data)
{
  MusterDeviceService *devices = get_devices (user_data);
  const char          *id = muster_request_get_path_param (request, "id");

  if (muster_request_get_as_of (request) == 0 &&
      muster_device_registry_get_brief (muster_device_service_get_registry (devices), id) == NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "there is no device %s",
                                  id);
  muster_query_where (muster_request_get_query (request), "device_id", id);
  return muster_handle_list (request, muster_device_service_get_repository (devices));
}

/* What is shown once must not lie in anybody's cache. */
static DexFuture *
respond_once (GString *json)
{
  MusterResponse *response = muster_response_new_json (201, json);

  muster_response_set_header (response, "Cache-Control", "no-store");
  return muster_response_resolve (response);
}

static DexFuture *
respond_token_cb (DexFuture *future, gpointer user_data)
{
  GString *json = g_string_new ("{\"token\":");

  muster_json_append_string (json, g_value_get_string (dex_future_get_value (future, NULL)), -1);
  g_string_append_c (json, '}');
  return respond_once (json);
}

static DexFuture *
issue_token (MusterRequest *request, gpointer user_data)
{
  const char              *id = muster_request_get_path_param (request, "id");
  const MusterDeviceBrief *brief =
    muster_device_registry_get_brief (muster_device_service_get_registry (get_devices (user_data)),
                                      id);

  if (brief == NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "there is no device %s",
                                  id);
  return dex_future_then (
    muster_token_book_issue (muster_device_service_get_tokens (get_devices (user_data)),
                             muster_request_get_actor (request), id, brief->name),
    respond_token_cb, NULL, NULL);
}

static DexFuture *
respond_account_cb (DexFuture *future, gpointer user_data)
{
  return respond_once (g_string_new (g_value_get_string (dex_future_get_value (future, NULL))));
}

static DexFuture *
make_account (MusterRequest *request, gpointer user_data)
{
  return dex_future_then (
    muster_device_service_make_account (get_devices (user_data), muster_request_get_actor (request),
                                        muster_request_get_path_param (request, "id"),
                                        muster_request_get_json (request) != NULL
                                          ? muster_device_get_member (request, "family")
                                          : NULL),
    respond_account_cb, NULL, NULL);
}

/* clang-format off */
#define SECRET_FIELD \
  { "secret", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 100, .label = N_("Label secret"), .doc = "The secret printed on the device's label; left out where the record has it." }
#define NAME_FIELD \
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 120, .label = N_("Name"), .doc = "What to call it; left out: what it calls itself." }
static const MusterField adopt_fields[] = { SECRET_FIELD, NAME_FIELD };
static const MusterField adopt_candidate_fields[] = {
  SECRET_FIELD,
  NAME_FIELD,
  { "location", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 200, .label = N_("Place"), .doc = "Where it stands, in words." },
};
static const MusterField token_fields[] = {
  { "token", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, 100, .label = N_("Token"), .doc = "For `Authorization: Bearer`; shown this once." },
};
static const MusterField make_account_fields[] = {
  { "family", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 64, .label = N_("Family"), .doc = "For a device that speaks MQTT in its maker's way, the family whose topics it may use: tasmota, shelly, zigbee2mqtt …" },
};
static const MusterField account_fields[] = {
  { "username", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, 64, .label = N_("User name"), .doc = "Name at the broker." },
  { "password", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, 100, .label = N_("Password"), .doc = "Shown this once." },
  { "host", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, 260, .label = N_("Host"), .doc = "Where the broker is reached." },
  { "port", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED, 1, 65535, .label = N_("Port"), .doc = "TLS." },
  { "plain_port", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, 1, 65535, .label = N_("Port without TLS"), .doc = "For a device of a family that cannot do TLS; null: it must." },
  { "ca_certificate", MUSTER_FIELD_TEXT, MUSTER_FIELD_REQUIRED, .label = N_("Certificate authority"), .doc = "PEM; the only one to trust." },
  { "tls_name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, 260, .label = N_("Name in the certificate"), .doc = "To check where the address is not in the certificate." },
  { "group_id", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, 64, .label = N_("Group"), .doc = "Sparkplug group to publish in." },
  { "node_id", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, 64, .label = N_("Node"), .doc = "Sparkplug edge node id to publish as." },
};

static const MusterShape device_shape = { .doc = "The device.", .entity = &muster_device_info };
static const MusterShape adopt_shape = { .schema = "Adopt", .doc = "How to adopt.", .fields = adopt_fields, .n_fields = G_N_ELEMENTS (adopt_fields) };
static const MusterShape adopt_candidate_shape = { .schema = "AdoptCandidate", .doc = "How to adopt.", .fields = adopt_candidate_fields, .n_fields = G_N_ELEMENTS (adopt_candidate_fields) };
static const MusterShape command_shape = { .doc = "A command.", .entity = &muster_device_command_info };
static const MusterShape commands_shape = { .doc = "Commands.", .entity = &muster_device_command_info, .list = TRUE };
static const MusterShape token_shape = { .schema = "NewDeviceToken", .doc = "A token.", .fields = token_fields, .n_fields = G_N_ELEMENTS (token_fields) };
static const MusterShape make_account_shape = { .schema = "MakeDeviceAccount", .doc = "What sort of account.", .fields = make_account_fields, .n_fields = G_N_ELEMENTS (make_account_fields) };
static const MusterShape account_shape = { .schema = "NewDeviceAccount", .doc = "A broker account.", .fields = account_fields, .n_fields = G_N_ELEMENTS (account_fields) };

static const MusterRoute routes[] = {
  { "POST", "/devices/{id:uuid}/adopt", "adoptDevice", "devices", "Pair with the device of a record", adopt_device, MUSTER_ROUTE_PLAIN, .request = &adopt_shape, .response = &device_shape },
  { "POST", "/discovery/{key}/adopt", "adoptCandidate", "discovery", "Pair with what was found on the network", adopt_candidate, MUSTER_ROUTE_PLAIN, .request = &adopt_candidate_shape, .response = &device_shape, .status = 201 },
  { "POST", "/devices/{id:uuid}/release", "releaseDevice", "devices", "Take a device's account away and let it go", release_device, MUSTER_ROUTE_PLAIN, .response = &device_shape },
  { "POST", "/devices/{id:uuid}/command", "commandDevice", "devices", "Tell a device to do something", give_command, MUSTER_ROUTE_PLAIN, .request = &command_shape, .response = &command_shape, .status = 202 },
  { "GET", "/devices/{id:uuid}/commands", "listDeviceCommands", "devices", "What a device was told, and what came of it", list_commands, MUSTER_ROUTE_LIST, .response = &commands_shape },
  { "POST", "/devices/{id:uuid}/token", "issueDeviceToken", "devices", "A new token to send samples by HTTP; the old one ends", issue_token, MUSTER_ROUTE_PLAIN, .response = &token_shape, .status = 201 },
  { "POST", "/devices/{id:uuid}/account", "makeDeviceAccount", "devices", "A broker account for a device of another make", make_account, MUSTER_ROUTE_PLAIN, .request = &make_account_shape, .response = &account_shape, .status = 201 },
};
/* clang-format on */

void
muster_device_action_resource_add (MusterRouter *router, const MusterDeviceParts *parts)
{
  g_autoptr (MusterDevicePartsHolder) holder = muster_device_parts_holder_new (parts);

  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (holder));
}
