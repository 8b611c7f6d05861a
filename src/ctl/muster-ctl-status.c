/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-status"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "client/muster-api-discovery.h"
#include "client/muster-api-json.h"
#include "client/muster-api-monitoring.h"
#include "client/muster-api-operations.h"
#include "client/muster-api-site.h"
#include "muster-ctl-commands.h"
#include "muster-ctl-format.h"

#define LABEL_WIDTH 12

static void
print_line (const char *label, const char *text)
{
  g_autofree char *line = muster_ctl_format_line (text);

  muster_ctl_print ("%s%*s%s\n", label,
                    MAX (0, LABEL_WIDTH - (int)muster_ctl_text_get_width (label)), "", line);
}

/* "3 online, 1 offline" of {"online":3,"offline":1}; what is none is left out. */
static char *
format_counts (JsonObject *counts)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GList) names = json_object_get_members (counts);

  for (GList *name = names; name != NULL; name = name->next)
    {
      gint64 count = muster_api_json_get_integer (counts, name->data, 0);

      if (count > 0)
        g_string_append_printf (text, "%s%" G_GINT64_FORMAT " %s", text->len > 0 ? ", " : "", count,
                                (const char *)name->data);
    }
  return g_string_free (text, FALSE);
}

static void
print_overview (JsonObject *overview)
{
  JsonObject *devices = muster_api_json_get_object (overview, "devices");
  JsonObject *statuses = devices != NULL ? muster_api_json_get_object (devices, "by_status") : NULL;
  JsonObject *live = muster_api_json_get_object (overview, "by_live_state");
  JsonArray  *unknown = muster_api_json_get_array (overview, "unknown_nodes");
  g_autofree char *status_text = statuses != NULL ? format_counts (statuses) : NULL;
  g_autofree char *live_text = live != NULL ? format_counts (live) : NULL;

  if (live_text != NULL)
    print_line (_ ("Devices"), *live_text != '\0' ? live_text : _ ("none"));
  if (status_text != NULL && *status_text != '\0')
    print_line (_ ("Statuses"), status_text);
  if (unknown != NULL && json_array_get_length (unknown) > 0)
    {
      g_autofree char *text =
        g_strdup_printf (_ ("%u that no record knows"), json_array_get_length (unknown));

      print_line (_ ("Nodes"), text);
    }
}

static void
print_messaging (JsonObject *messaging)
{
  const char *state = muster_api_json_get_string (messaging, "state");
  const char *uri = muster_api_json_get_string (messaging, "uri");
  /* An external broker does not tell. */
  gint64 clients = muster_api_json_get_integer (messaging, "clients", -1);
  gint64 plain_port = muster_api_json_get_integer (messaging, "plain_port", 0);
  g_autoptr (GString) text = g_string_new (state != NULL ? state : "?");

  if (clients >= 0)
    {
      g_string_append (text, ", ");
      g_string_append_printf (text,
                              ngettext ("%" PRId64 " client", "%" PRId64 " clients",
                                        (unsigned long)clients),
                              clients);
    }
  if (uri != NULL)
    g_string_append_printf (text, ", %s", uri);
  if (plain_port > 0)
    {
      g_string_append (text, ", ");
      g_string_append_printf (text, _ ("unencrypted at port %" PRId64), plain_port);
    }
  print_line (_ ("Broker"), text->str);
}

static void
print_samples (JsonObject *stats)
{
  g_autofree char *size = muster_ctl_format_size (muster_api_json_get_integer (stats, "bytes", 0));
  g_autofree char *text =
    g_strdup_printf (_ ("%.1f a second, %" PRId64 " stored, %s"),
                     muster_api_json_get_double (stats, "samples_per_second", 0),
                     muster_api_json_get_integer (stats, "samples", 0), size);

  print_line (_ ("Samples"), text);
}

static void
print_discovery (JsonObject *discovery)
{
  const char *trouble = muster_api_json_get_string (discovery, "trouble");

  print_line (_ ("Discovery"), trouble != NULL ? trouble : _ ("at work"));
}

/* The parts that answer; one that doesn't is told of and does not hide the others. */
typedef struct
{
  const char *name;
  DexFuture *(*fetch) (MusterApiClient *client);
  void (*print) (JsonObject *object);
} Part;

static const Part parts[] = {
  { "overview", muster_api_overview_get, print_overview },
  { "monitoring", muster_api_monitoring_get_stats, print_samples },
  { "messaging", muster_api_messaging_get_status, print_messaging },
  { "discovery", muster_api_discovery_get_status, print_discovery },
};

static gboolean
take_part (MusterCtl *ctl, const Part *part, DexFuture *future, JsonObject *all)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = dex_await_boxed (future, &error);

  if (object == NULL)
    {
      g_autofree char *line = muster_ctl_format_line (error->message);

      g_printerr ("%s: %s\n", part->name, line);
      return FALSE;
    }
  if (ctl->json)
    json_object_set_object_member (all, part->name, json_object_ref (object));
  else
    part->print (object);
  return TRUE;
}

static void
take_site (MusterCtl *ctl, MusterEntity *site, JsonObject *all)
{
  g_autoptr (GString) json = g_string_new (NULL);

  if (!ctl->json)
    {
      print_line (_ ("Site"), muster_entity_get_string (site, "name"));
      print_line (_ ("Daemon"), muster_api_client_get_target (ctl->client));
      return;
    }
  muster_entity_encode (site, json);
  json_object_set_member (all, "site", json_from_string (json->str, NULL));
}

gboolean
muster_ctl_status_run (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  g_auto (GStrv) positional = g_strdupv (args);
  g_autoptr (MusterEntity) site = NULL;
  g_autoptr (JsonObject) all = json_object_new ();
  DexFuture *futures[G_N_ELEMENTS (parts)];
  gboolean   whole = TRUE;

  if (!muster_ctl_parse (ctl, command, NULL, &positional, 0, 0, error))
    return FALSE;
  site = dex_await_object (muster_api_site_get (ctl->client), error);
  if (site == NULL)
    return FALSE;
  take_site (ctl, site, all);
  for (unsigned i = 0; i < G_N_ELEMENTS (parts); i++)
    futures[i] = parts[i].fetch (ctl->client);
  for (unsigned i = 0; i < G_N_ELEMENTS (parts); i++)
    whole &= take_part (ctl, &parts[i], futures[i], all);
  if (ctl->json)
    muster_ctl_print_object (all);
  if (!whole)
    g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                         _ ("not every part of the daemon answers"));
  return whole;
}
