/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-firmware-sets"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "client/muster-api-firmware-sets.h"
#include "client/muster-api-firmware.h"
#include "muster-ctl-collection.h"
#include "muster-ctl-commands.h"
#include "muster-ctl-firmware.h"
#include "muster-ctl-record.h"

static const MusterCtlColumn columns[] = { { N_ ("NAME"), MUSTER_CTL_COLUMN_ELIDE },
                                           { N_ ("VERSION"), 0 },
                                           { N_ ("KIND"), 0 },
                                           { N_ ("ADDED"), 0 },
                                           { N_ ("ID"), 0 },
                                           { NULL, 0 } };
static const char *const     fields[] = { "name", "version", "kind", "created_at", "id", NULL };
static const char *const     keys[] = { "name", NULL };

const MusterCtlCollection muster_ctl_firmware_sets = {
  &muster_firmware_set_info, columns, fields, "-id", keys, N_ ("No sets of firmware."),
};

/* `make NAME VERSION FIRMWARE… [FIELD=VALUE…]` */
static gboolean
make (MusterCtl *ctl, MusterEntity *record, char **rest, GError **error)
{
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();
  g_auto (GStrv) parts = NULL;
  g_autoptr (JsonObject) members = NULL;
  unsigned n = 2;

  for (; rest[n] != NULL && strchr (rest[n], '=') == NULL; n++)
    {
      g_autoptr (MusterEntity) artifact =
                  muster_ctl_collection_find (&muster_ctl_firmware, ctl, rest[n], error);

      if (artifact == NULL)
        return FALSE;
      g_strv_builder_add (ids, muster_entity_get_id (artifact));
    }
  members = muster_ctl_read_pairs (ctl, muster_firmware_set_info.fields,
                                   muster_firmware_set_info.n_fields, rest + n, error);
  if (members == NULL)
    return FALSE;
  json_object_set_string_member (members, "name", rest[0]);
  json_object_set_string_member (members, "version", rest[1]);
  parts = g_strv_builder_end (ids);
  return muster_ctl_show_entity (
    ctl, dex_await_object (muster_api_firmware_sets_create (ctl->client, g_steal_pointer (&members),
                                                            (const char *const *)parts),
                           error));
}

static gboolean
list_parts (MusterCtl *ctl, MusterEntity *set, char **rest, GError **error)
{
  static const MusterCtlColumn part_columns[] = { { N_ ("POSITION"), MUSTER_CTL_COLUMN_RIGHT },
                                                  { N_ ("FIRMWARE"), 0 },
                                                  { NULL, 0 } };
  static const char *const     part_fields[] = { "position", "artifact_id", NULL };
  g_autoptr (MusterApiPage) page = dex_await_object (
    muster_api_firmware_sets_list_members (ctl->client, muster_entity_get_id (set)), error);

  if (page == NULL)
    return FALSE;
  if (ctl->json)
    muster_ctl_print_object (muster_api_page_get_json (page));
  else
    muster_ctl_print_page (ctl, muster_api_page_get_items (page), part_columns, part_fields,
                           _ ("It has no parts."));
  return TRUE;
}

static gboolean
give (MusterCtl *ctl, MusterEntity *set, char **rest, GError **error)
{
  return muster_ctl_give (ctl, "set_id", set, rest, error);
}

gboolean
muster_ctl_firmware_sets_run (MusterCtl              *ctl,
                              const MusterCtlCommand *command,
                              char                  **args,
                              GError                **error)
{
  static const MusterCtlVerb verbs[] = { { "make", FALSE, 3, -1, make },
                                         { "parts", TRUE, 0, 0, list_parts },
                                         { "give", TRUE, 1, -1, give },
                                         { NULL } };

  return muster_ctl_collection_run (&muster_ctl_firmware_sets, verbs, ctl, command, args, error);
}
