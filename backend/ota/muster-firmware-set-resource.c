/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-firmware-set-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-uuid.h"
#include "muster-firmware-set-resource.h"

#define PARTS "artifact_ids"
#define MAX_PARTS 64

static DexFuture *
list_sets (MusterRequest *request, gpointer firmware)
{
  return muster_handle_list (request, muster_firmware_service_get_repository (firmware));
}

static DexFuture *
list_set_ids (MusterRequest *request, gpointer firmware)
{
  return muster_handle_list_ids (request, muster_firmware_service_get_repository (firmware));
}

static DexFuture *
get_set (MusterRequest *request, gpointer firmware)
{
  return muster_handle_get (request, muster_firmware_service_get_repository (firmware));
}

static DexFuture *
update_set (MusterRequest *request, gpointer firmware)
{
  return muster_handle_update (request, muster_firmware_service_get_repository (firmware));
}

static DexFuture *
delete_set (MusterRequest *request, gpointer firmware)
{
  return muster_handle_delete (request, muster_firmware_service_get_repository (firmware));
}

static DexFuture *
list_members (MusterRequest *request, gpointer firmware)
{
  return muster_handle_list_of (request, muster_firmware_service_get_repository (firmware),
                                &muster_firmware_set_info, "set_id");
}

/* --- making --- */

/* The ids of what NODE lists: (transfer full); NULL with ERROR. */
static char **
read_parts (JsonNode *node, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();
  JsonArray *array =
    node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint count = array != NULL ? json_array_get_length (array) : 0;

  if (count == 0 || count > MAX_PARTS)
    muster_field_errors_add (errors, "/" PARTS, "must be an array of 1 to %d ids of firmware",
                             MAX_PARTS);
  for (guint i = 0; i < MIN (count, MAX_PARTS); i++)
    {
      JsonNode   *element = json_array_get_element (array, i);
      const char *id =
        json_node_get_value_type (element) == G_TYPE_STRING ? json_node_get_string (element) : NULL;
      g_autofree char *pointer = g_strdup_printf ("/" PARTS "/%u", i);

      if (id == NULL || !muster_uuid_is_valid (id))
        muster_field_errors_add (errors, pointer, "must be the id of firmware");
      else
        g_strv_builder_add (ids, id);
    }
  return muster_field_errors_check (errors, error) ? g_strv_builder_end (ids) : NULL;
}

static DexFuture *
create_set (MusterRequest *request, gpointer firmware)
{
  g_autoptr (JsonNode) json = json_node_copy (muster_request_get_json (request));
  JsonObject *object = json_node_get_object (json);
  g_autoptr (MusterEntity) set = muster_entity_new (&muster_firmware_set_info);
  g_auto (GStrv) ids = NULL;
  g_autoptr (GError) error = NULL;

  ids = read_parts (json_object_get_member (object, PARTS), &error);
  if (ids == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  json_object_remove_member (object, PARTS);
  if (!muster_entity_decode (set, object, MUSTER_DECODE_CREATE, "", &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  return muster_response_resolve_entity (
    muster_firmware_service_create_set (firmware, muster_request_get_actor (request), set,
                                        (const char *const *)ids),
    201);
}

/* clang-format off */
static const MusterField new_fields[] = {
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, 128, .label = N_("Name"), .doc = "What it is called, the same for all its versions." },
  { "version", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, 64, .label = N_("Version"), .doc = "As the device reports it once it runs it." },
  { "kind", MUSTER_FIELD_STRING, MUSTER_FIELD_PLAIN, 1, 64, .default_text = "os", .label = N_("Kind"), .doc = "What parts it has: os, os_app …" },
  { "description", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE, 0, 4000, .label = N_("Description"), .doc = "What it is." },
  { PARTS, MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, 0, 4096, .label = N_("Parts"), .doc = "Array of the ids of the firmware that it is made of, in the order in which devices are to install it." },
};
static const MusterShape new_shape = { .schema = "NewFirmwareSet", .doc = "A set to be made.", .fields = new_fields, .n_fields = G_N_ELEMENTS (new_fields) };
static const MusterShape set_shape = { .doc = "A set of firmware.", .entity = &muster_firmware_set_info };
static const MusterShape sets_shape = { .doc = "Sets of firmware.", .entity = &muster_firmware_set_info, .list = TRUE };
static const MusterShape members_shape = { .doc = "Its parts.", .entity = &muster_firmware_set_member_info, .list = TRUE };

static const MusterRoute routes[] = {
  { "GET", "/firmware-sets", "listFirmwareSets", "ota", "Firmware of several parts that devices are given as one", list_sets, MUSTER_ROUTE_LIST, .response = &sets_shape },
  { "GET", "/firmware-sets/ids", "listFirmwareSetIds", "ota", "Every matching id, in order", list_set_ids, MUSTER_ROUTE_IDS, .response = &sets_shape },
  { "POST", "/firmware-sets", "createFirmwareSet", "ota", "Make a set of firmware", create_set, MUSTER_ROUTE_PLAIN, .request = &new_shape, .response = &set_shape, .status = 201 },
  { "GET", "/firmware-sets/{id:uuid}", "getFirmwareSet", "ota", "One set", get_set, MUSTER_ROUTE_PLAIN, .response = &set_shape },
  { "PUT", "/firmware-sets/{id:uuid}", "updateFirmwareSet", "ota", "Rename or describe a set; its parts stay", update_set, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &set_shape, .response = &set_shape },
  { "DELETE", "/firmware-sets/{id:uuid}", "deleteFirmwareSet", "ota", "Delete a set that no update names; its parts stay as firmware", delete_set, MUSTER_ROUTE_UPDATE, .entity = &muster_firmware_set_info },
  { "GET", "/firmware-sets/{id:uuid}/members", "listFirmwareSetMembers", "ota", "What it is made of", list_members, MUSTER_ROUTE_LIST, .response = &members_shape },
};
/* clang-format on */

void
muster_firmware_set_resource_add (MusterRouter *router, MusterFirmwareService *firmware)
{
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (firmware));
}
