/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-groups"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-groups.h"
#include "muster-ctl-commands.h"
#include "muster-ctl-record.h"

gboolean
muster_ctl_groups_run (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  static const MusterCtlColumn columns[] = { { N_ ("NAME"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("FILTER"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("DESCRIPTION"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("ID"), 0 },
                                             { NULL, 0 } };
  static const char *const     fields[] = { "name", "filter", "description", "id", NULL };
  MusterApiListQuery           query = { .sort = "name", .limit = 1000 };
  g_auto (GStrv) positional = g_strdupv (args);
  g_autoptr (MusterApiPage) page = NULL;

  if (!muster_ctl_parse (ctl, command, NULL, &positional, 0, 0, error))
    return FALSE;
  page = dex_await_object (muster_api_groups_list (ctl->client, &query), error);
  if (page == NULL)
    return FALSE;
  if (ctl->json)
    muster_ctl_print_object (muster_api_page_get_json (page));
  else
    muster_ctl_print_page (ctl, muster_api_page_get_items (page), columns, fields,
                           _ ("No groups."));
  return TRUE;
}
