/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-settings"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-json.h"
#include "client/muster-api-site.h"
#include "muster-ctl-commands.h"

#include "model/muster-error.h"

static char *
format_member (JsonObject *setting, const char *name)
{
  JsonNode *node = json_object_get_member (setting, name);

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return NULL;
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_dup_string (node);
  return muster_api_json_to_string (node, FALSE);
}

static void
add_setting (MusterCtlTable *table, JsonObject *setting)
{
  g_autofree char *value = format_member (setting, "value");
  g_autofree char *fallback = format_member (setting, "default");
  const char      *note =
    muster_api_json_get_boolean (setting, "overridden") ? _ ("set by the configuration file") : "";

  muster_ctl_table_add (table, (const char *[]){
                                 muster_api_json_get_string (setting, "key"), value, fallback,
                                 muster_api_json_get_string (setting, "unit"), note, NULL });
}

static void
print_all (MusterCtl *ctl, JsonArray *items)
{
  static const MusterCtlColumn columns[] = { { N_ ("KEY"), 0 },
                                             { N_ ("VALUE"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("DEFAULT"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("UNIT"), 0 },
                                             { N_ ("NOTE"), MUSTER_CTL_COLUMN_ELIDE },
                                             { NULL, 0 } };
  MusterCtlTable              *table = muster_ctl_table_new (columns);

  for (unsigned i = 0; i < json_array_get_length (items); i++)
    if (muster_api_json_as_object (json_array_get_element (items, i)) != NULL)
      add_setting (table, json_array_get_object_element (items, i));
  muster_ctl_print_table (ctl, table, _ ("No settings."));
}

static JsonObject *
find (JsonArray *items, const char *key, GError **error)
{
  for (unsigned i = 0; i < json_array_get_length (items); i++)
    {
      JsonObject *setting = muster_api_json_as_object (json_array_get_element (items, i));

      if (setting != NULL && g_strcmp0 (muster_api_json_get_string (setting, "key"), key) == 0)
        return setting;
    }
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
               _ ("there is no setting “%s”; musterctl settings lists them"), key);
  return NULL;
}

/* KEY NULL: all. */
static gboolean
get (MusterCtl *ctl, const char *key, GError **error)
{
  g_autoptr (JsonObject) object = dex_await_boxed (muster_api_settings_list (ctl->client), error);
  JsonArray       *items = object != NULL ? muster_api_json_get_array (object, "items") : NULL;
  JsonObject      *setting = items != NULL && key != NULL ? find (items, key, error) : NULL;
  g_autofree char *value = setting != NULL ? format_member (setting, "value") : NULL;

  if (object == NULL || (key != NULL && setting == NULL))
    return FALSE;
  if (ctl->json)
    muster_ctl_print_object (setting != NULL ? setting : object);
  else if (setting != NULL)
    muster_ctl_print ("%s\n", value != NULL ? value : "");
  else if (items != NULL)
    print_all (ctl, items);
  return TRUE;
}

/* The daemon reads text as whatever type the setting is of; nothing stands for its default. */
static gboolean
set (MusterCtl *ctl, const char *key, const char *text, GError **error)
{
  JsonNode *value = json_node_new (*text != '\0' ? JSON_NODE_VALUE : JSON_NODE_NULL);

  if (*text != '\0')
    json_node_set_string (value, text);
  return dex_await (muster_api_settings_set (ctl->client, key, value), error);
}

gboolean
muster_ctl_settings_run (MusterCtl              *ctl,
                         const MusterCtlCommand *command,
                         char                  **args,
                         GError                **error)
{
  g_auto (GStrv) positional = g_strdupv (args);
  unsigned n;

  if (!muster_ctl_parse (ctl, command, NULL, &positional, 0, 3, error))
    return FALSE;
  n = g_strv_length (positional);
  if (n == 1)
    return get (ctl, NULL, error);
  if (n == 3 && g_str_equal (positional[1], "get"))
    return get (ctl, positional[2], error);
  if (n == 4 && g_str_equal (positional[1], "set"))
    return set (ctl, positional[2], positional[3], error);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("usage: musterctl %s %s"),
               command->name, command->usage);
  return FALSE;
}
