/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-operations"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-devices.h"
#include "client/muster-api-json.h"
#include "client/muster-api-operations.h"
#include "muster-ctl-commands.h"

gboolean
muster_ctl_backup_run (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  g_auto (GStrv) positional = g_strdupv (args);
  g_autoptr (JsonObject) object = NULL;
  g_autofree char         *path = NULL;
  static const char *const members[] = { "path", "samples_path", "files_path" };

  if (!muster_ctl_parse (ctl, command, NULL, &positional, 0, 1, error))
    return FALSE;
  /* A daemon on this machine does not know where this shell stands. */
  if (positional[1] != NULL)
    path = muster_api_client_is_local (ctl->client) ? g_canonicalize_filename (positional[1], NULL)
                                                    : g_strdup (positional[1]);
  object = dex_await_boxed (muster_api_operations_backup (ctl->client, path), error);
  if (object == NULL)
    return FALSE;
  if (ctl->json)
    {
      muster_ctl_print_object (object);
      return TRUE;
    }
  for (unsigned i = 0; i < G_N_ELEMENTS (members); i++)
    {
      const char *written = muster_api_json_get_string (object, members[i]);

      if (written != NULL)
        muster_ctl_print ("%s\n", written);
    }
  return TRUE;
}

gboolean
muster_ctl_token_run (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  g_auto (GStrv) positional = g_strdupv (args);
  g_autoptr (MusterEntity) device = NULL;
  g_autoptr (JsonObject) object = NULL;
  const char *token;

  if (!muster_ctl_parse (ctl, command, NULL, &positional, 1, 1, error) ||
      (device = muster_ctl_find_device (ctl, positional[1], error)) == NULL ||
      (object = dex_await_boxed (muster_api_devices_make_token (ctl->client,
                                                                muster_entity_get_id (device)),
                                 error)) == NULL)
    return FALSE;
  token = muster_api_json_get_string (object, "token");
  if (ctl->json)
    muster_ctl_print_object (object);
  else
    muster_ctl_print ("%s\n", token != NULL ? token : "");
  return TRUE;
}
