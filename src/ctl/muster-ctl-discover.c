/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-discover"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-discovery.h"
#include "client/muster-api-json.h"
#include "client/muster-api-stream.h"
#include "muster-ctl-commands.h"
#include "muster-ctl-format.h"
#include "muster-ctl-record.h"

static const MusterCtlColumn columns[] = { { N_ ("KEY"), MUSTER_CTL_COLUMN_ELIDE },
                                           { N_ ("NAME"), MUSTER_CTL_COLUMN_ELIDE },
                                           { N_ ("KIND"), 0 },
                                           { N_ ("MODEL"), MUSTER_CTL_COLUMN_ELIDE },
                                           { N_ ("SERIAL"), MUSTER_CTL_COLUMN_ELIDE },
                                           { N_ ("HOST"), MUSTER_CTL_COLUMN_ELIDE },
                                           { N_ ("STATE"), MUSTER_CTL_COLUMN_COLORED },
                                           { N_ ("ADOPTABLE"), MUSTER_CTL_COLUMN_COLORED },
                                           { N_ ("SEEN"), 0 },
                                           { NULL, 0 } };

static void
add_candidate (MusterCtlTable *table, MusterEntity *candidate)
{
  g_autofree char *seen = muster_ctl_format_field (candidate, "last_seen");

  muster_ctl_table_add (
    table,
    (const char *[]){
      muster_entity_get_string (candidate, "key"), muster_entity_get_string (candidate, "name"),
      muster_entity_get_string (candidate, "kind"), muster_entity_get_string (candidate, "model"),
      muster_entity_get_string (candidate, "serial"), muster_entity_get_string (candidate, "host"),
      muster_entity_get_string (candidate, "state"),
      muster_entity_get_boolean (candidate, "adoptable") ? _ ("yes") : _ ("no"), seen, NULL });
}

/* Why nothing may be seen. */
static void
print_trouble (MusterCtl *ctl)
{
  g_autoptr (JsonObject) status =
              dex_await_boxed (muster_api_discovery_get_status (ctl->client), NULL);
  const char      *trouble = status != NULL ? muster_api_json_get_string (status, "trouble") : NULL;
  g_autofree char *line = trouble != NULL ? muster_ctl_format_line (trouble) : NULL;

  if (line != NULL)
    g_printerr (_ ("The network cannot be searched: %s\n"), line);
}

static gboolean
list (MusterCtl *ctl, gboolean ignored, GError **error)
{
  static const char *const all[] = { "state", "new,expected,known,adopted", NULL };
  MusterApiListQuery       query = { .limit = 1000, .filters = ignored ? NULL : all };
  g_autoptr (MusterApiPage) page =
              dex_await_object (muster_api_discovery_list (ctl->client, &query), error);
  MusterCtlTable *table;

  if (page == NULL)
    return FALSE;
  if (ctl->json)
    {
      muster_ctl_print_object (muster_api_page_get_json (page));
      return TRUE;
    }
  table = muster_ctl_table_new (columns);
  for (unsigned i = 0; i < muster_api_page_get_length (page); i++)
    add_candidate (table, muster_api_page_get (page, i));
  muster_ctl_print_table (ctl, table, _ ("Nothing was seen on the network yet."));
  print_trouble (ctl);
  return TRUE;
}

static void
event_cb (MusterApiSubscription *subscription,
          const char            *topic,
          const char            *subject,
          JsonObject            *data,
          MusterCtl             *ctl)
{
  g_autoptr (MusterEntity) candidate = NULL;
  g_autofree char *key = NULL;
  g_autofree char *name = NULL;

  if (ctl->json)
    {
      muster_ctl_print_object (data);
      return;
    }
  candidate = muster_entity_new_from_json (&muster_candidate_info, data, NULL);
  if (candidate == NULL)
    return;
  key = muster_ctl_format_line (muster_entity_get_string (candidate, "key"));
  name = muster_ctl_format_line (muster_entity_get_string (candidate, "name"));
  muster_ctl_print ("%-28s %-28s %-10s %-9s %s\n", key, name,
                    muster_entity_get_string (candidate, "kind"),
                    muster_entity_get_string (candidate, "state"),
                    muster_entity_get_boolean (candidate, "present") ? _ ("present") : _ ("gone"));
}

static gboolean
watch (MusterCtl *ctl, GError **error)
{
  g_autoptr (MusterApiSubscription) subscription =
              muster_api_stream_subscribe (muster_api_client_get_stream (ctl->client), "discovery",
                                           NULL, NULL, -1);

  g_signal_connect (subscription, "event", G_CALLBACK (event_cb), ctl);
  return dex_await (dex_future_new_infinite (), error);
}

gboolean
muster_ctl_discover_run (MusterCtl              *ctl,
                         const MusterCtlCommand *command,
                         char                  **args,
                         GError                **error)
{
  g_auto (GStrv) positional = g_strdupv (args);
  gboolean         follow = FALSE;
  gboolean         ignored = FALSE;
  gboolean         scan = FALSE;
  g_autofree char *address = NULL;

  const GOptionEntry entries[] = {
    { "watch", 'w', 0, G_OPTION_ARG_NONE, &follow, N_ ("Go on and print what changes"), NULL },
    { "ignored", 0, 0, G_OPTION_ARG_NONE, &ignored, N_ ("Also what is ignored"), NULL },
    { "add", 0, 0, G_OPTION_ARG_STRING, &address, N_ ("Also look at this address from now on"),
      N_ ("ADDRESS") },
    { "scan", 0, 0, G_OPTION_ARG_NONE, &scan, N_ ("Ask the network again first"), NULL },
    G_OPTION_ENTRY_NULL
  };

  if (!muster_ctl_parse (ctl, command, entries, &positional, 0, 0, error))
    return FALSE;
  if (address != NULL &&
      !dex_await (muster_api_discovery_add_address (ctl->client, address, NULL), error))
    return FALSE;
  if (scan && !dex_await (muster_api_discovery_scan (ctl->client), error))
    return FALSE;
  return list (ctl, ignored, error) && (!follow || watch (ctl, error));
}
