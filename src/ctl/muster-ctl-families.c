/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-families"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-devices.h"
#include "client/muster-api-discovery.h"
#include "client/muster-api-json.h"
#include "muster-ctl-commands.h"
#include "muster-ctl-table.h"

static void
add_family (MusterCtlTable *table, JsonObject *family)
{
  g_autofree char *found =
    g_strdup_printf ("%" G_GINT64_FORMAT,
                     json_object_get_int_member_with_default (family, "found", 0));
  g_autofree char *devices =
    g_strdup_printf ("%" G_GINT64_FORMAT,
                     json_object_get_int_member_with_default (family, "devices", 0));
  const char *name = muster_api_json_get_string (family, "family");
  const char *title = muster_api_json_get_string (family, "title");

  muster_ctl_table_add (table, (const char *[]){ name, title, found, devices, NULL });
}

gboolean
muster_ctl_families_run (MusterCtl              *ctl,
                         const MusterCtlCommand *command,
                         char                  **args,
                         GError                **error)
{
  static const MusterCtlColumn columns[] = { { N_ ("FAMILY"), 0 },
                                             { N_ ("TITLE"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("FOUND"), 0 },
                                             { N_ ("ADOPTED"), 0 },
                                             { NULL, 0 } };
  g_auto (GStrv) positional = g_strdupv (args);
  g_autoptr (JsonObject) object = NULL;
  MusterCtlTable *table;
  JsonArray      *items = NULL;

  if (!muster_ctl_parse (ctl, command, NULL, &positional, 0, 0, error))
    return FALSE;
  object = dex_await_boxed (muster_api_discovery_list_families (ctl->client), error);
  if (object == NULL)
    return FALSE;
  if (ctl->json)
    {
      muster_ctl_print_object (object);
      return TRUE;
    }
  table = muster_ctl_table_new (columns);
  items = muster_api_json_get_array (object, "items");
  for (unsigned i = 0; items != NULL && i < json_array_get_length (items); i++)
    if (JSON_NODE_HOLDS_OBJECT (json_array_get_element (items, i)))
      add_family (table, json_array_get_object_element (items, i));
  muster_ctl_print_table (ctl, table, _ ("No families."));
  return TRUE;
}

gboolean
muster_ctl_account_run (MusterCtl              *ctl,
                        const MusterCtlCommand *command,
                        char                  **args,
                        GError                **error)
{
  static const char *const members[] = { "username", "password",   "host",
                                         "port",     "plain_port", "tls_name",
                                         "group_id", "node_id",    "ca_certificate" };
  g_auto (GStrv) positional = g_strdupv (args);
  g_autoptr (MusterEntity) device = NULL;
  g_autoptr (JsonObject) object = NULL;

  if (!muster_ctl_parse (ctl, command, NULL, &positional, 1, 2, error) ||
      (device = muster_ctl_find_device (ctl, positional[1], error)) == NULL ||
      (object = dex_await_boxed (muster_api_devices_make_account (
                                   ctl->client, muster_entity_get_id (device), positional[2]),
                                 error)) == NULL)
    return FALSE;
  if (ctl->json)
    {
      muster_ctl_print_object (object);
      return TRUE;
    }
  for (unsigned i = 0; i < G_N_ELEMENTS (members); i++)
    {
      JsonNode        *node = json_object_get_member (object, members[i]);
      g_autofree char *value = NULL;

      if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
        continue;
      value = json_node_get_value_type (node) == G_TYPE_STRING ? json_node_dup_string (node)
                                                               : json_to_string (node, FALSE);
      muster_ctl_print ("%s: %s\n", members[i], value);
    }
  return TRUE;
}
