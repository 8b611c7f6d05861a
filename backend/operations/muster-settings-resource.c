/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-settings-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-settings-resource.h"

static MusterResponse *
make_list (MusterSettings *settings)
{
  GString *json = g_string_new (NULL);

  muster_settings_encode (settings, json);
  return muster_response_new_json (200, json);
}

static DexFuture *
list_settings (MusterRequest *request, gpointer settings)
{
  return muster_response_resolve (make_list (settings));
}

static DexFuture *
respond_settings_cb (DexFuture *future, gpointer settings)
{
  return muster_response_resolve (make_list (settings));
}

/* Settings are checked as text, so that a setting of any type takes the value that JSON has for it.
 */
static char *
dup_value_text (JsonNode *value)
{
  if (value == NULL || JSON_NODE_HOLDS_NULL (value))
    return NULL;
  if (JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING)
    return json_node_dup_string (value);
  return json_to_string (value, FALSE);
}

static DexFuture *
put_setting (MusterRequest *request, gpointer settings)
{
  JsonObject      *object = json_node_get_object (muster_request_get_json (request));
  g_autofree char *text = dup_value_text (json_object_get_member (object, "value"));

  return dex_future_then (muster_settings_set_text (settings, muster_request_get_actor (request),
                                                    muster_request_get_path_param (request, "key"),
                                                    text),
                          respond_settings_cb, g_object_ref (settings), g_object_unref);
}

/* clang-format off */
static const MusterField setting_fields[] = {
  { "key", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, .label = N_("Key"), .doc = "Name of the setting." },
  { "value", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, .label = N_("Value"), .doc = "What holds." },
  { "default", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, .label = N_("Default"), .doc = "What holds when nobody sets it." },
  { "type", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, .label = N_("Type"), .doc = "string, integer, double, boolean or enum." },
  { "unit", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, .label = N_("Unit"), .doc = "Unit of a number." },
  { "label", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, .label = N_("Label"), .doc = "Its name for people." },
  { "doc", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, .label = N_("Description"), .doc = "What it does." },
  { "overridden", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_REQUIRED, .label = N_("Overridden"), .doc = "Set by the configuration file, so not from here." },
  { "needs_restart", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_REQUIRED, .label = N_("Needs a restart"), .doc = "Holds from the daemon's next start on." },
  { "secret", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_REQUIRED, .label = N_("Secret"), .doc = "Can be set, but is never told." },
};
static const MusterField value_fields[] = {
  { "value", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, 0, 10000, .label = N_("Value"), .doc = "The new value; null for the default." },
};
static const MusterShape list_shape = { .schema = "Setting", .doc = "Settings.", .fields = setting_fields, .n_fields = G_N_ELEMENTS (setting_fields), .list = TRUE };
static const MusterShape value_shape = { .schema = "SettingValue", .doc = "A value.", .fields = value_fields, .n_fields = G_N_ELEMENTS (value_fields) };

static const MusterRoute routes[] = {
  { "GET", "/settings", "listSettings", "settings", "Every setting of the site", list_settings, MUSTER_ROUTE_PLAIN, .response = &list_shape },
  { "PUT", "/settings/{key}", "setSetting", "settings", "Change a setting", put_setting, MUSTER_ROUTE_PLAIN, .request = &value_shape, .response = &list_shape },
};
/* clang-format on */

void
muster_settings_resource_add (MusterRouter *router, MusterSettings *settings)
{
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (settings));
}
