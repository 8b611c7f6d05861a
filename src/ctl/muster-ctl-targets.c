/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-targets"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-update-targets.h"
#include "muster-ctl-collection.h"
#include "muster-ctl-commands.h"

static const MusterCtlColumn columns[] = { { N_ ("CONTROLLER ID"), MUSTER_CTL_COLUMN_ELIDE },
                                           { N_ ("DEVICE"), 0 },
                                           { N_ ("WINDOW"), 0 },
                                           { N_ ("CONSENT IN ADVANCE"), 0 },
                                           { N_ ("ID"), 0 },
                                           { NULL, 0 } };
static const char *const     fields[] = { "controller_id", "device_id", "window_policy",
                                          "auto_confirm",  "id",        NULL };
static const char *const     keys[] = { "controller_id", NULL };

static const MusterCtlCollection targets = {
  &muster_update_target_info,
  columns,
  fields,
  "controller_id",
  keys,
  N_ ("No device asks for updates by itself."),
};

/* The token goes to the standard output alone, so that a script can keep it. */
static gboolean
issue_token (MusterCtl *ctl, MusterEntity *record, char **rest, GError **error)
{
  g_autoptr (JsonObject) made = dex_await_boxed (
    muster_api_update_targets_issue_token (ctl->client, muster_entity_get_id (record)), error);

  if (made == NULL)
    return FALSE;
  g_print ("%s\n", json_object_get_string_member_with_default (made, "token", ""));
  return TRUE;
}

gboolean
muster_ctl_targets_run (MusterCtl              *ctl,
                        const MusterCtlCommand *command,
                        char                  **args,
                        GError                **error)
{
  static const MusterCtlVerb verbs[] = { { "token", TRUE, 0, 0, issue_token }, { NULL } };

  return muster_ctl_collection_run (&targets, verbs, ctl, command, args, error);
}
