/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-login"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-accounts.h"
#include "client/muster-api-json.h"
#include "muster-ctl-commands.h"
#include "muster-ctl-session.h"

gboolean
muster_ctl_login_run (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  g_auto (GStrv) positional = g_strdupv (args);
  g_autofree char *password = NULL;
  g_autoptr (MusterEntity) person = NULL;

  if (!muster_ctl_parse (ctl, command, NULL, &positional, 1, 1, error))
    return FALSE;
  password = muster_ctl_read_secret (_ ("Password:"), error);
  if (password == NULL)
    return FALSE;
  person = dex_await_object (muster_api_sign_in (ctl->client, positional[1], password), error);
  memset (password, 0, strlen (password));
  if (person == NULL || !muster_ctl_session_keep (ctl, error))
    return FALSE;
  if (ctl->json)
    muster_ctl_print_entity (person);
  else
    muster_ctl_print (_ ("signed in as %s (%s)\n"), muster_entity_get_string (person, "name"),
                      muster_entity_get_string (person, "role"));
  return TRUE;
}

gboolean
muster_ctl_logout_run (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  g_auto (GStrv) positional = g_strdupv (args);
  gboolean was_signed_in;

  if (!muster_ctl_parse (ctl, command, NULL, &positional, 0, 0, error))
    return FALSE;
  was_signed_in = muster_api_client_is_signed_in (ctl->client);
  if (!dex_await (muster_api_sign_out (ctl->client), error))
    return FALSE;
  muster_ctl_print ("%s\n", was_signed_in ? _ ("signed out") : _ ("nobody was signed in"));
  return TRUE;
}

gboolean
muster_ctl_whoami_run (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  g_auto (GStrv) positional = g_strdupv (args);
  g_autoptr (JsonObject) rights = NULL;

  if (!muster_ctl_parse (ctl, command, NULL, &positional, 0, 0, error))
    return FALSE;
  rights = dex_await_boxed (muster_api_rights_get (ctl->client), error);
  if (rights == NULL)
    return FALSE;
  if (ctl->json)
    muster_ctl_print_object (rights);
  else
    muster_ctl_print ("%s\t%s\t%s\n", muster_api_json_get_string (rights, "name"),
                      muster_api_json_get_string (rights, "role"),
                      muster_api_json_get_string (rights, "actor"));
  return TRUE;
}
