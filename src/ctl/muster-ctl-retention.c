/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-retention"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "client/muster-api-collection.h"
#include "client/muster-api-json.h"
#include "client/muster-api-telemetry.h"
#include "muster-ctl-collection.h"
#include "muster-ctl-commands.h"
#include "muster-ctl-format.h"
#include "muster-ctl-record.h"

#include "model/muster-retention-class.h"

static const MusterCtlColumn class_columns[] = { { N_ ("CLASS"), MUSTER_CTL_COLUMN_ELIDE },
                                                 { N_ ("METRICS"), MUSTER_CTL_COLUMN_ELIDE },
                                                 { N_ ("POSITION"), MUSTER_CTL_COLUMN_RIGHT },
                                                 { N_ ("SAMPLES"), MUSTER_CTL_COLUMN_RIGHT },
                                                 { N_ ("MINUTES"), MUSTER_CTL_COLUMN_RIGHT },
                                                 { N_ ("HOURS"), MUSTER_CTL_COLUMN_RIGHT },
                                                 { N_ ("ID"), 0 },
                                                 { NULL, 0 } };
static const char *const     class_fields[] = { "name",        "pattern",   "position", "raw_days",
                                                "minute_days", "hour_days", "id",       NULL };
static const char *const     class_keys[] = { "name", NULL };
static const MusterCtlCollection classes = {
  &muster_retention_class_info,
  class_columns,
  class_fields,
  "position",
  class_keys,
  N_ ("No retention classes: all samples are kept for ever."),
};

static const MusterCtlColumn totals_columns[] = { { N_ ("CLASS"), MUSTER_CTL_COLUMN_ELIDE },
                                                  { N_ ("SERIES"), MUSTER_CTL_COLUMN_RIGHT },
                                                  { N_ ("SAMPLES"), MUSTER_CTL_COLUMN_RIGHT },
                                                  { N_ ("SIZE"), MUSTER_CTL_COLUMN_RIGHT },
                                                  { N_ ("ROLL-UPS"), MUSTER_CTL_COLUMN_RIGHT },
                                                  { N_ ("FROM"), 0 },
                                                  { N_ ("TO"), 0 },
                                                  { NULL, 0 } };

static gboolean
print_totals (MusterCtl *ctl, JsonObject *totals)
{
  JsonArray      *items = muster_api_json_get_array (totals, "items");
  MusterCtlTable *table = NULL;

  if (ctl->json)
    {
      muster_ctl_print_object (totals);
      return TRUE;
    }
  table = muster_ctl_table_new (totals_columns);
  for (unsigned i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      JsonObject      *item = json_array_get_object_element (items, i);
      const char      *name = muster_api_json_get_string (item, "name");
      gint64           n_series = muster_api_json_get_integer (item, "series", 0);
      g_autofree char *series = g_strdup_printf ("%" PRId64, n_series);
      g_autofree char *samples =
        g_strdup_printf ("%" PRId64, muster_api_json_get_integer (item, "samples", 0));
      g_autofree char *size =
        muster_ctl_format_size (muster_api_json_get_integer (item, "bytes", 0));
      g_autofree char *rollups =
        muster_ctl_format_size (muster_api_json_get_integer (item, "rollup_bytes", 0));

      if (name == NULL && n_series == 0)
        continue;
      muster_ctl_table_add (table, (const char *[]){
                                     name != NULL ? name : _ ("(no class)"), series, samples, size,
                                     rollups, muster_api_json_get_string (item, "from"),
                                     muster_api_json_get_string (item, "to"), NULL });
    }
  muster_ctl_print_table (ctl, table, _ ("Nothing."));
  if (g_strcmp0 (muster_api_json_get_string (totals, "kept_in"), "victoria-metrics") == 0)
    g_print ("%s\n",
             _ ("This is what is on this machine. Samples are kept in VictoriaMetrics now: how "
                "long, its -retentionPeriod says."));
  return TRUE;
}

static gboolean
print_stats (MusterCtl *ctl, MusterEntity *record, char **rest, GError **error)
{
  g_autoptr (JsonObject) totals =
              dex_await_boxed (muster_api_retention_get_statistics (ctl->client), error);

  return totals != NULL && print_totals (ctl, totals);
}

/* --- preview --- */

/* [CLASS] FIELD=VALUE…: what a change of CLASS, or a new one, would delete; nothing: what is still
 * to be deleted. */
static gboolean
print_preview (MusterCtl *ctl, MusterEntity *record, char **rest, GError **error)
{
  const char *changed = rest[0] != NULL && strchr (rest[0], '=') == NULL ? *rest++ : NULL;
  g_autoptr (JsonObject) members =
              muster_ctl_read_pairs (ctl, muster_retention_class_info.fields,
                                     muster_retention_class_info.n_fields, rest, error);
  MusterApiListQuery query = { .sort = "position", .limit = 1000 };
  g_autoptr (MusterApiPage) page = NULL;
  g_autoptr (MusterEntity) known = NULL;
  g_autoptr (JsonObject) totals = NULL;

  if (members == NULL ||
      (changed != NULL &&
       (known = muster_ctl_collection_find (&classes, ctl, changed, error)) == NULL))
    return FALSE;
  page = dex_await_object (muster_api_collection_list (ctl->client, &muster_retention_class_info,
                                                       &query),
                           error);
  if (page == NULL)
    return FALSE;
  totals = dex_await_boxed (muster_api_retention_preview_change (
                              ctl->client, muster_api_page_get_items (page),
                              known != NULL ? muster_entity_get_id (known) : NULL, members),
                            error);
  return totals != NULL && print_totals (ctl, totals);
}

gboolean
muster_ctl_retention_run (MusterCtl              *ctl,
                          const MusterCtlCommand *command,
                          char                  **args,
                          GError                **error)
{
  static const MusterCtlVerb verbs[] = { { "stats", FALSE, 0, 0, print_stats },
                                         { "preview", FALSE, 0, -1, print_preview },
                                         { NULL } };

  return muster_ctl_collection_run (&classes, verbs, ctl, command, args, error);
}
