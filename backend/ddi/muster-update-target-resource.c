/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-update-target-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-ddi-resource.h"

/* A target whose token is made anew: the text of it, which nobody can ask for again. */
static gboolean
renew_token (MusterTransaction *transaction, gpointer id, GValue *result, GError **error)
{
  g_autoptr (MusterEntity) target =
              muster_transaction_get (transaction, &muster_update_target_info, id, error);
  g_autofree char *token = muster_ddi_make_token ();

  if (target == NULL)
    return FALSE;
  muster_entity_set_string (target, "token", token);
  if (!muster_transaction_update (transaction, target, 0, error))
    return FALSE;
  g_value_init (result, G_TYPE_STRING);
  g_value_set_string (result, token);
  return TRUE;
}

static DexFuture *
respond_token_cb (DexFuture *future, gpointer user_data)
{
  GString *json = g_string_new ("{\"token\":");

  muster_json_append_string (json, g_value_get_string (dex_future_get_value (future, NULL)), -1);
  g_string_append_c (json, '}');
  return muster_response_resolve (muster_response_new_json (201, json));
}

static DexFuture *
issue_token (MusterRequest *request, gpointer repository)
{
  return dex_future_then (
    muster_database_write (muster_repository_get_database (repository),
                           muster_request_get_actor (request), "Give a device a new target token",
                           renew_token, g_strdup (muster_request_get_path_param (request, "id")),
                           g_free),
    respond_token_cb, NULL, NULL);
}

/* clang-format off */
static const MusterField token_fields[] = {
  { "token", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY, 1, 128, .label = N_("Target token"), .doc = "What the device's update client shows." },
};
static const MusterShape target_shape = { .doc = "A device that asks for updates by itself.", .entity = &muster_update_target_info };
static const MusterShape targets_shape = { .doc = "Devices that ask for updates by themselves.", .entity = &muster_update_target_info, .list = TRUE };
static const MusterShape token_shape = { .schema = "NewTargetToken", .doc = "A token.", .fields = token_fields, .n_fields = G_N_ELEMENTS (token_fields) };

static const MusterRoute routes[] = {
  { "GET", "/update-targets", "listUpdateTargets", "ddi", "List the devices that ask for updates by themselves", muster_handle_list, MUSTER_ROUTE_LIST, .response = &targets_shape },
  { "GET", "/update-targets/ids", "listUpdateTargetIds", "ddi", "Every matching id, in order", muster_handle_list_ids, MUSTER_ROUTE_IDS, .response = &targets_shape },
  { "POST", "/update-targets", "createUpdateTarget", "ddi", "Let a device ask for updates by itself", muster_handle_create, MUSTER_ROUTE_PLAIN, .request = &target_shape, .response = &target_shape, .status = 201 },
  { "GET", "/update-targets/{id:uuid}", "getUpdateTarget", "ddi", "One device that asks for updates by itself", muster_handle_get, MUSTER_ROUTE_PLAIN, .response = &target_shape },
  { "PUT", "/update-targets/{id:uuid}", "updateUpdateTarget", "ddi", "Change how a device asks for updates", muster_handle_update, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &target_shape, .response = &target_shape },
  { "DELETE", "/update-targets/{id:uuid}", "deleteUpdateTarget", "ddi", "A device is no longer to ask for updates by itself", muster_handle_delete, MUSTER_ROUTE_UPDATE, .entity = &muster_update_target_info },
  { "POST", "/update-targets/{id:uuid}/token", "issueTargetToken", "ddi", "A new target token; the old one ends", issue_token, MUSTER_ROUTE_PLAIN, .response = &token_shape, .status = 201 },
};
/* clang-format on */

void
muster_update_target_resource_add (MusterRouter *router, MusterDdiService *service)
{
  g_return_if_fail (MUSTER_IS_DDI_SERVICE (service));

  muster_router_add (router, routes, G_N_ELEMENTS (routes),
                     G_OBJECT (muster_ddi_service_get_repository (service)));
}
