/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-watch"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "client/muster-api-devices.h"
#include "client/muster-api-json.h"
#include "client/muster-api-stream.h"
#include "muster-ctl-commands.h"
#include "muster-ctl-format.h"

#include "model/muster-time.h"

#define REDRAW_MILLISECONDS 250

/* The newest value of one metric of one device. */
typedef struct
{
  char  *device; /* (owned): name, or id */
  char  *metric; /* (owned) */
  char  *value;  /* (owned) */
  gint64 time;   /* UTC ms */
} Live;

typedef struct
{
  MusterCtl  *ctl;
  GHashTable *names;   /* id -> name */
  GHashTable *live;    /* "id metric" -> Live */
  GPtrArray  *rows;    /* (element-type Live): borrowed, as first seen */
  DexPromise *done;    /* (owned): enough was seen */
  gint64      to_come; /* samples until it is; 0: never */
  unsigned    n_drawn; /* lines to go up */
  guint       redraw_id;
  gboolean    table;
} Watch;

static void
live_free (Live *live)
{
  g_free (live->device);
  g_free (live->metric);
  g_free (live->value);
  g_free (live);
}

static const char *
get_name (Watch *watch, const char *id)
{
  const char *name = g_hash_table_lookup (watch->names, id);

  return name != NULL ? name : id;
}

static gboolean
redraw_cb (gpointer user_data)
{
  static const MusterCtlColumn columns[] = { { N_ ("DEVICE"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("METRIC"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("VALUE"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("AGE"), 0 },
                                             { NULL, 0 } };
  Watch                       *watch = user_data;
  MusterCtlTable              *table = muster_ctl_table_new (columns);

  watch->redraw_id = 0;
  for (unsigned i = 0; i < watch->rows->len; i++)
    {
      Live            *live = watch->rows->pdata[i];
      g_autofree char *age = muster_ctl_format_age (live->time * 1000, g_get_real_time ());

      muster_ctl_table_add (table,
                            (const char *[]){ live->device, live->metric, live->value, age, NULL });
    }
  if (watch->n_drawn > 0)
    muster_ctl_print ("\033[%uA\033[J", watch->n_drawn);
  watch->n_drawn = muster_ctl_table_get_length (table) + 1;
  muster_ctl_print_table (watch->ctl, table, "");
  return G_SOURCE_REMOVE;
}

static void
show_sample (Watch *watch, const char *device, const char *metric, gint64 time, const char *value)
{
  g_autofree char *key = g_strdup_printf ("%s %s", device, metric);
  Live            *live = g_hash_table_lookup (watch->live, key);

  if (live == NULL)
    {
      live = g_new0 (Live, 1);
      live->device = g_strdup (get_name (watch, device));
      live->metric = g_strdup (metric);
      g_hash_table_insert (watch->live, g_steal_pointer (&key), live);
      g_ptr_array_add (watch->rows, live);
    }
  g_set_str (&live->value, value);
  live->time = time;
  if (watch->redraw_id == 0)
    watch->redraw_id = g_timeout_add (REDRAW_MILLISECONDS, redraw_cb, watch);
}

static void
print_sample (Watch *watch, const char *device, const char *metric, gint64 time, const char *value)
{
  char             text[MUSTER_TIME_TEXT_LENGTH + 1];
  g_autofree char *name = muster_ctl_format_line (get_name (watch, device));
  g_autofree char *plain_metric = muster_ctl_format_line (metric);
  g_autofree char *plain_value = muster_ctl_format_line (value);

  muster_ctl_print ("%s\t%s\t%s\t%s\n", muster_time_format (time * 1000, text), name, plain_metric,
                    plain_value);
}

/* [ms, value] */
static void
take_point (Watch *watch, const char *device, const char *metric, JsonNode *node)
{
  JsonArray       *point = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  g_autofree char *value = NULL;
  gint64           time;

  if (point == NULL || json_array_get_length (point) < 2 ||
      !JSON_NODE_HOLDS_VALUE (json_array_get_element (point, 0)))
    return;
  time = json_array_get_int_element (point, 0);
  value = muster_api_json_to_string (json_array_get_element (point, 1), FALSE);
  if (watch->table)
    show_sample (watch, device, metric, time, value);
  else if (!watch->ctl->json)
    print_sample (watch, device, metric, time, value);
  if (watch->to_come > 0 && --watch->to_come == 0)
    dex_promise_resolve_boolean (watch->done, TRUE);
}

static void
event_cb (MusterApiSubscription *subscription,
          const char            *topic,
          const char            *subject,
          JsonObject            *data,
          Watch                 *watch)
{
  JsonArray *samples = muster_api_json_get_array (data, "samples");

  if (watch->ctl->json)
    muster_ctl_print_object (data);
  for (unsigned i = 0; samples != NULL && subject != NULL && i < json_array_get_length (samples);
       i++)
    {
      JsonObject *row = muster_api_json_as_object (json_array_get_element (samples, i));
      const char *metric = row != NULL ? muster_api_json_get_string (row, "metric") : NULL;
      JsonArray  *points = row != NULL ? muster_api_json_get_array (row, "points") : NULL;

      for (unsigned j = 0; metric != NULL && points != NULL && j < json_array_get_length (points);
           j++)
        take_point (watch, subject, metric, json_array_get_element (points, j));
    }
}

static void
failed_cb (MusterApiSubscription *subscription, GError *error, Watch *watch)
{
  dex_promise_reject (watch->done, g_error_copy (error));
}

static void
connection_cb (MusterApiClient *client, GParamSpec *pspec, Watch *watch)
{
  if (muster_api_client_get_connection (client) == MUSTER_API_CONNECTION_RECONNECTING)
    g_printerr (_ ("Lost: %s. Trying again.\n"), muster_api_client_get_reason (client));
}

/* The ids of the devices named, and their names for the screen. */
static char **
find_devices (Watch *watch, char **texts, GError **error)
{
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();

  for (char **text = texts; *text != NULL; text++)
    {
      g_autoptr (MusterEntity) device = muster_ctl_find_device (watch->ctl, *text, error);

      if (device == NULL)
        return NULL;
      g_strv_builder_add (ids, muster_entity_get_id (device));
      g_hash_table_insert (watch->names, g_strdup (muster_entity_get_id (device)),
                           g_strdup (muster_entity_get_string (device, "name")));
    }
  return g_strv_builder_end (ids);
}

/* With no device named, all are watched; the first thousand by name. */
static gboolean
name_all (Watch *watch, GError **error)
{
  MusterApiListQuery query = { .limit = 1000 };
  g_autoptr (MusterApiPage) page =
              dex_await_object (muster_api_devices_list (watch->ctl->client, &query), error);

  for (unsigned i = 0; page != NULL && i < muster_api_page_get_length (page); i++)
    {
      MusterEntity *device = muster_api_page_get (page, i);

      g_hash_table_insert (watch->names, g_strdup (muster_entity_get_id (device)),
                           g_strdup (muster_entity_get_string (device, "name")));
    }
  return page != NULL;
}

static gboolean
watch_devices (Watch *watch, char **texts, char **metrics, GError **error)
{
  g_auto (GStrv) ids = NULL;
  g_autoptr (MusterApiSubscription) subscription = NULL;
  MusterApiClient *client = watch->ctl->client;
  gulong           handler;
  gboolean         seen;

  if (texts[0] == NULL ? !name_all (watch, error)
                       : (ids = find_devices (watch, texts, error)) == NULL)
    return FALSE;
  subscription =
    muster_api_stream_subscribe (muster_api_client_get_stream (client), "telemetry",
                                 (const char *const *)ids, (const char *const *)metrics, -1);
  g_signal_connect (subscription, "event", G_CALLBACK (event_cb), watch);
  g_signal_connect (subscription, "failed", G_CALLBACK (failed_cb), watch);
  handler = g_signal_connect (client, "notify::connection", G_CALLBACK (connection_cb), watch);
  seen = dex_await (dex_ref (DEX_FUTURE (watch->done)), error);
  g_signal_handler_disconnect (client, handler);
  g_signal_handlers_disconnect_by_data (subscription, watch);
  return seen;
}

gboolean
muster_ctl_watch_run (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  g_auto (GStrv) positional = g_strdupv (args);
  g_auto (GStrv) metrics = NULL;
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GHashTable) live =
              g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)live_free);
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();
  Watch    watch = { .ctl = ctl, .names = names, .live = live, .rows = rows };
  int      count = 0;
  gboolean lines = FALSE;
  gboolean seen;

  const GOptionEntry entries[] = { { "metric", 'm', 0, G_OPTION_ARG_STRING_ARRAY, &metrics,
                                     N_ ("Only this metric; may be given again"), N_ ("NAME") },
                                   { "count", 'n', 0, G_OPTION_ARG_INT, &count,
                                     N_ ("End after so many samples"), N_ ("NUMBER") },
                                   { "lines", 'l', 0, G_OPTION_ARG_NONE, &lines,
                                     N_ ("One line a sample, also on a terminal"), NULL },
                                   G_OPTION_ENTRY_NULL };

  if (!muster_ctl_parse (ctl, command, entries, &positional, 0, -1, error))
    return FALSE;
  watch.table = !ctl->json && !lines && isatty (STDOUT_FILENO);
  watch.to_come = MAX (count, 0);
  watch.done = dex_promise_new ();
  seen = watch_devices (&watch, positional + 1, metrics, error);
  if (watch.redraw_id != 0)
    {
      g_source_remove (watch.redraw_id);
      redraw_cb (&watch);
    }
  dex_unref (watch.done);
  return seen;
}
