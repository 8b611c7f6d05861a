/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-search"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-calls.h"
#include "client/muster-api-search.h"
#include "muster-ctl-commands.h"

static void
print_hits (MusterCtl *ctl, GListModel *hits)
{
  static const MusterCtlColumn columns[] = { { N_ ("WHAT"), 0 },
                                             { N_ ("NAME"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("DETAILS"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("STATUS"), MUSTER_CTL_COLUMN_COLORED },
                                             { N_ ("FOUND IN"), 0 },
                                             { N_ ("ID"), 0 },
                                             { NULL, 0 } };
  MusterCtlTable              *table = muster_ctl_table_new (columns);

  for (guint i = 0; i < g_list_model_get_n_items (hits); i++)
    {
      g_autoptr (MusterApiHit) hit = g_list_model_get_item (hits, i);

      muster_ctl_table_add (table,
                            (const char *[]){
                              muster_api_hit_get_kind (hit), muster_api_hit_get_title (hit),
                              muster_api_hit_get_subtitle (hit), muster_api_hit_get_status (hit),
                              muster_api_hit_get_field (hit), muster_api_hit_get_id (hit), NULL });
    }
  muster_ctl_print_table (ctl, table, _ ("Nothing found."));
}

/* As the daemon answered. */
static gboolean
print_json (MusterCtl *ctl, const char *text, int limit, const char *kinds, GError **error)
{
  MusterApiRequest *request = muster_api_request_new ("GET", "search", NULL);
  g_autoptr (JsonObject) object = NULL;

  muster_api_request_add_query (request, "q", text);
  if (limit > 0)
    muster_api_request_add_query_integer (request, "limit", limit);
  muster_api_request_add_query (request, "kinds", kinds);
  object = dex_await_boxed (muster_api_call_object (ctl->client, request), error);
  if (object == NULL)
    return FALSE;
  muster_ctl_print_object (object);
  return TRUE;
}

gboolean
muster_ctl_search_run (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  int                limit = 0;
  g_autofree char   *kinds = NULL;
  const GOptionEntry entries[] = { { "limit", 'n', 0, G_OPTION_ARG_INT, &limit,
                                     N_ ("How many of each kind (1 to 50; 8)"), N_ ("NUMBER") },
                                   { "kinds", 'k', 0, G_OPTION_ARG_STRING, &kinds,
                                     N_ ("Only these kinds, with commas: device,order"),
                                     N_ ("KINDS") },
                                   G_OPTION_ENTRY_NULL };
  g_auto (GStrv) positional = g_strdupv (args);
  g_autofree char *text = NULL;
  g_autoptr (GListModel) hits = NULL;

  if (!muster_ctl_parse (ctl, command, entries, &positional, 1, -1, error))
    return FALSE;
  text = g_strjoinv (" ", positional + 1);
  if (ctl->json)
    return print_json (ctl, text, limit, kinds, error);
  hits = dex_await_object (muster_api_search (ctl->client, text, MAX (limit, 0), kinds), error);
  if (hits == NULL)
    return FALSE;
  print_hits (ctl, hits);
  return TRUE;
}
