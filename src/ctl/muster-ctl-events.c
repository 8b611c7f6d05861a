/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-events"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-devices.h"
#include "client/muster-api-json.h"
#include "client/muster-api-operations.h"
#include "client/muster-api-stream.h"
#include "muster-ctl-commands.h"
#include "muster-ctl-format.h"
#include "muster-ctl-record.h"

#include "model/muster-device-event.h"

static const MusterCtlColumn columns[] = { { N_ ("WHEN"), 0 },
                                           { N_ ("SEVERITY"), MUSTER_CTL_COLUMN_COLORED },
                                           { N_ ("EVENT"), 0 },
                                           { N_ ("DEVICE"), MUSTER_CTL_COLUMN_ELIDE },
                                           { N_ ("MESSAGE"), MUSTER_CTL_COLUMN_ELIDE },
                                           { NULL, 0 } };
static const char *const     fields[] = {
  "created_at", "severity", "kind", "device_id", "message", NULL
};

static gboolean
list_device (MusterCtl *ctl, MusterEntity *device, int limit, GError **error)
{
  MusterApiListQuery query = { .limit = MAX (limit, 0), .sort = "-id" };
  g_autoptr (MusterApiPage) page = dex_await_object (
    muster_api_devices_list_events (ctl->client, muster_entity_get_id (device), &query), error);

  if (page == NULL)
    return FALSE;
  if (ctl->json)
    muster_ctl_print_object (muster_api_page_get_json (page));
  else
    muster_ctl_print_page (ctl, muster_api_page_get_items (page), columns, fields,
                           _ ("Nothing has happened to it yet."));
  return TRUE;
}

/* A table for people says what a device is called, not its id; a device that is gone keeps its id.
 */
static void
name_devices (MusterCtl *ctl, GPtrArray *events)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  g_autoptr (MusterApiPage) page = NULL;

  for (unsigned i = 0; i < events->len; i++)
    {
      const char *id = muster_entity_get_string (events->pdata[i], "device_id");

      if (id != NULL && g_hash_table_insert (names, g_strdup (id), g_strdup (id)))
        g_ptr_array_add (ids, (char *)id);
    }
  g_ptr_array_add (ids, NULL);
  if (ids->len > 1)
    page = dex_await_object (muster_api_devices_list_by_ids (ctl->client,
                                                             (const char *const *)ids->pdata),
                             NULL);
  for (unsigned i = 0; page != NULL && i < muster_api_page_get_length (page); i++)
    {
      MusterEntity *device = muster_api_page_get (page, i);

      g_hash_table_replace (names, g_strdup (muster_entity_get_id (device)),
                            g_strdup (muster_entity_get_string (device, "name")));
    }
  for (unsigned i = 0; i < events->len; i++)
    {
      const char *id = muster_entity_get_string (events->pdata[i], "device_id");

      if (id != NULL)
        muster_entity_set_string (events->pdata[i], "device_id", g_hash_table_lookup (names, id));
    }
}

/* The newest of all devices, as the overview has them. */
static gboolean
list_newest (MusterCtl *ctl, GError **error)
{
  g_autoptr (JsonObject) overview = dex_await_boxed (muster_api_overview_get (ctl->client), error);
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func (g_object_unref);
  JsonArray *rows = overview != NULL ? muster_api_json_get_array (overview, "events") : NULL;

  if (overview == NULL)
    return FALSE;
  for (unsigned i = 0; rows != NULL && i < json_array_get_length (rows); i++)
    {
      JsonObject   *row = muster_api_json_as_object (json_array_get_element (rows, i));
      MusterEntity *event =
        row != NULL ? muster_entity_new_from_json (&muster_device_event_info, row, NULL) : NULL;

      if (ctl->json && row != NULL)
        muster_ctl_print_object (row);
      if (event != NULL)
        g_ptr_array_add (events, event);
    }
  if (ctl->json)
    return TRUE;
  name_devices (ctl, events);
  muster_ctl_print_page (ctl, events, columns, fields, _ ("Nothing has happened yet."));
  return TRUE;
}

static void
event_cb (MusterApiSubscription *subscription,
          const char            *topic,
          const char            *subject,
          JsonObject            *data,
          MusterCtl             *ctl)
{
  const char      *message = muster_api_json_get_string (data, "message");
  const char      *kind = muster_api_json_get_string (data, "kind");
  const char      *severity = muster_api_json_get_string (data, "severity");
  g_autofree char *time = muster_ctl_format_time (muster_api_json_get_time (data, "created_at"));
  g_autofree char *line = muster_ctl_format_line (message != NULL ? message : "");

  if (ctl->json)
    muster_ctl_print_object (data);
  else
    muster_ctl_print ("%s  %-7s  %-12s  %s  %s\n", time, severity != NULL ? severity : "",
                      kind != NULL ? kind : "", subject != NULL ? subject : "", line);
}

static gboolean
watch (MusterCtl *ctl, MusterEntity *device, GError **error)
{
  const char *subjects[] = { device != NULL ? muster_entity_get_id (device) : NULL, NULL };
  g_autoptr (MusterApiSubscription) subscription =
              muster_api_stream_subscribe (muster_api_client_get_stream (ctl->client), "events",
                                           device != NULL ? subjects : NULL, NULL, -1);

  g_signal_connect (subscription, "event", G_CALLBACK (event_cb), ctl);
  return dex_await (dex_future_new_infinite (), error);
}

gboolean
muster_ctl_events_run (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  g_auto (GStrv) positional = g_strdupv (args);
  g_autoptr (MusterEntity) device = NULL;
  gboolean follow = FALSE;
  int      limit = 0;

  const GOptionEntry entries[] = {
    { "watch", 'w', 0, G_OPTION_ARG_NONE, &follow, N_ ("Go on and print what happens"), NULL },
    { "limit", 'n', 0, G_OPTION_ARG_INT, &limit, N_ ("At most so many (100)"), N_ ("NUMBER") },
    G_OPTION_ENTRY_NULL
  };

  if (!muster_ctl_parse (ctl, command, entries, &positional, 0, 1, error))
    return FALSE;
  if (positional[1] != NULL &&
      (device = muster_ctl_find_device (ctl, positional[1], error)) == NULL)
    return FALSE;
  if (!(device != NULL ? list_device (ctl, device, limit, error) : list_newest (ctl, error)))
    return FALSE;
  return !follow || watch (ctl, device, error);
}
