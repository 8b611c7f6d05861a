/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-telemetry"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "client/muster-api-collection.h"
#include "client/muster-api-json.h"
#include "client/muster-api-telemetry.h"
#include "muster-ctl-collection.h"
#include "muster-ctl-commands.h"
#include "muster-ctl-format.h"
#include "muster-ctl-inventory.h"
#include "muster-ctl-record.h"

#include "model/muster-annotation.h"
#include "model/muster-derived-metric.h"
#include "model/muster-error.h"
#include "model/muster-exclusion.h"
#include "model/muster-time.h"

static const char *const no_keys[] = { NULL };

static gboolean
refuse_usage (const MusterCtlCommand *command, GError **error)
{
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("usage: musterctl %s %s"),
               command->name, command->usage);
  return FALSE;
}

/* --- import --- */

static gboolean
print_import (MusterCtl *ctl, JsonObject *result, gboolean is_preview)
{
  JsonArray *errors = muster_api_json_get_array (result, "errors");

  for (unsigned i = 0; errors != NULL && i < json_array_get_length (errors); i++)
    {
      JsonObject *row = json_array_get_object_element (errors, i);

      muster_ctl_print (_ ("row %" PRId64 ": %s %s\n"), json_object_get_int_member (row, "row"),
                        json_object_get_string_member (row, "column"),
                        json_object_get_string_member (row, "detail"));
    }
  if (is_preview)
    muster_ctl_print (_ ("%" PRId64 " rows, %" PRId64 " samples, %" PRId64 " things wrong; nothing "
                         "is stored\n"),
                      json_object_get_int_member (result, "rows"),
                      json_object_get_int_member (result, "samples"),
                      json_object_get_int_member (result, "wrong"));
  else
    muster_ctl_print (_ ("%" PRId64 " samples of %" PRId64 " rows stored, %" PRId64
                         " refused, %" PRId64 " things wrong\n"),
                      json_object_get_int_member (result, "stored"),
                      json_object_get_int_member (result, "rows"),
                      json_object_get_int_member (result, "refused"),
                      json_object_get_int_member (result, "wrong"));
  return TRUE;
}

/* The file at PATH without a copy in memory, or standard input for "-": (transfer full). */
static GBytes *
map_file (const char *path, GError **error)
{
  g_autoptr (GMappedFile) mapped = NULL;
  g_autofree char *text = NULL;
  gsize            length;

  if (g_str_equal (path, "-"))
    return g_file_get_contents ("/dev/stdin", &text, &length, error)
             ? g_bytes_new_take (g_steal_pointer (&text), length)
             : NULL;
  mapped = g_mapped_file_new (path, FALSE, error);
  return mapped != NULL ? g_mapped_file_get_bytes (mapped) : NULL;
}

static gboolean
run_import (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  g_auto (GStrv) positional = g_strdupv (args);
  g_autofree char       *device = NULL;
  g_autofree char       *zone = NULL;
  MusterApiSamplesImport options = { 0 };
  const GOptionEntry     entries[] = { { "device", 'd', 0, G_OPTION_ARG_STRING, &device,
                                         N_ ("Whose the rows are that name no device"), N_ ("DEVICE") },
                                       { "zone", 'z', 0, G_OPTION_ARG_STRING, &zone,
                                         N_ ("Time zone of times that name none, as in Europe/Berlin"),
                                         N_ ("ZONE") },
                                       { "decimal-comma", 0, 0, G_OPTION_ARG_NONE,
                                         &options.decimal_comma, N_ ("21,5 is a number"), NULL },
                                       { "preview", 'p', 0, G_OPTION_ARG_NONE, &options.is_preview,
                                         N_ ("Only say what is in it, and what is wrong"), NULL },
                                       G_OPTION_ENTRY_NULL };
  g_autoptr (GBytes) file = NULL;
  g_autoptr (JsonObject) result = NULL;

  if (!muster_ctl_parse (ctl, command, entries, &positional, 1, 1, error))
    return FALSE;
  options.device = device;
  options.zone = zone;
  file = map_file (positional[1], error);
  result = file != NULL
             ? dex_await_boxed (muster_api_samples_import (ctl->client, file, &options), error)
             : NULL;
  if (result == NULL)
    return FALSE;
  if (!ctl->json)
    return print_import (ctl, result, options.is_preview);
  muster_ctl_print_object (result);
  return TRUE;
}

/* --- exclusions --- */

static const MusterCtlColumn exclusion_columns[] = {
  { N_ ("DEVICE"), 0 }, { N_ ("METRIC"), MUSTER_CTL_COLUMN_ELIDE }, { N_ ("FROM"), 0 },
  { N_ ("TO"), 0 },     { N_ ("REASON"), MUSTER_CTL_COLUMN_ELIDE }, { N_ ("ID"), 0 },
  { NULL, 0 }
};
static const char *const         exclusion_fields[] = { "device_id", "metric", "from_at", "to_at",
                                                        "reason",    "id",     NULL };
static const MusterCtlCollection exclusions = {
  &muster_exclusion_info,      exclusion_columns, exclusion_fields, "-from_at", no_keys,
  N_ ("Nothing is excluded."),
};

static gboolean
run_exclusions (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  return muster_ctl_collection_run (&exclusions, NULL, ctl, command, args, error);
}

/* The time TEXT into OBJECT. */
static gboolean
add_time (JsonObject *object, const char *member, const char *text, GError **error)
{
  char   formatted[MUSTER_TIME_TEXT_LENGTH + 1];
  gint64 time;

  if (!muster_ctl_parse_time (text, member, g_get_real_time (), &time, error))
    return FALSE;
  json_object_set_string_member (object, member, muster_time_format (time, formatted));
  return TRUE;
}

static gboolean
run_exclude (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  g_auto (GStrv) positional = g_strdupv (args);
  g_autoptr (MusterEntity) device = NULL;
  g_autoptr (JsonObject) members = json_object_new ();

  if (!muster_ctl_parse (ctl, command, NULL, &positional, 4, 5, error))
    return FALSE;
  device = muster_ctl_find_device (ctl, positional[1], error);
  if (device == NULL || !add_time (members, "from_at", positional[2], error) ||
      !add_time (members, "to_at", positional[3], error))
    return FALSE;
  json_object_set_string_member (members, "device_id", muster_entity_get_id (device));
  json_object_set_string_member (members, "reason", positional[4]);
  if (positional[5] != NULL)
    json_object_set_string_member (members, "metric", positional[5]);
  return muster_ctl_show_entity (
    ctl, dex_await_object (muster_api_collection_create (ctl->client, &muster_exclusion_info,
                                                         g_steal_pointer (&members)),
                           error));
}

static gboolean
run_restore (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  g_auto (GStrv) positional = g_strdupv (args);

  return muster_ctl_parse (ctl, command, NULL, &positional, 1, 1, error) &&
         dex_await (muster_api_collection_delete (ctl->client, &muster_exclusion_info,
                                                  positional[1], 0),
                    error);
}

/* --- annotations --- */

static const MusterCtlColumn annotation_columns[] = { { N_ ("AT"), 0 },
                                                      { N_ ("UNTIL"), 0 },
                                                      { N_ ("TEXT"), MUSTER_CTL_COLUMN_ELIDE },
                                                      { N_ ("AUTHOR"), MUSTER_CTL_COLUMN_ELIDE },
                                                      { N_ ("ID"), 0 },
                                                      { NULL, 0 } };
static const char *const     annotation_fields[] = { "at", "until", "text", "author", "id", NULL };
static const MusterCtlCollection annotations = {
  &muster_annotation_info, annotation_columns, annotation_fields, "-at", no_keys,
  N_ ("No annotations."),
};

static gboolean
run_annotations (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  return muster_ctl_collection_run (&annotations, NULL, ctl, command, args, error);
}

/* TEXT [FIELD=VALUE…]: now, unless told otherwise. */
static gboolean
run_annotate (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  g_auto (GStrv) positional = g_strdupv (args);
  g_autoptr (JsonObject) members = NULL;

  if (!muster_ctl_parse (ctl, command, NULL, &positional, 1, -1, error))
    return FALSE;
  members = muster_ctl_read_pairs (ctl, muster_annotation_info.fields,
                                   muster_annotation_info.n_fields, positional + 2, error);
  if (members == NULL ||
      (!json_object_has_member (members, "at") && !add_time (members, "at", "now", error)))
    return FALSE;
  json_object_set_string_member (members, "text", positional[1]);
  return muster_ctl_show_entity (
    ctl, dex_await_object (muster_api_collection_create (ctl->client, &muster_annotation_info,
                                                         g_steal_pointer (&members)),
                           error));
}

/* --- derived metrics --- */

static const MusterCtlColumn     derived_columns[] = { { N_ ("METRIC"), MUSTER_CTL_COLUMN_ELIDE },
                                                       { N_ ("UNIT"), 0 },
                                                       { N_ ("EXPRESSION"), MUSTER_CTL_COLUMN_ELIDE },
                                                       { N_ ("METHOD"), 0 },
                                                       { N_ ("ENABLED"), 0 },
                                                       { N_ ("ID"), 0 },
                                                       { NULL, 0 } };
static const char *const         derived_fields[] = { "name",    "unit", "expression", "method",
                                                      "enabled", "id",   NULL };
static const char *const         derived_keys[] = { "name", NULL };
static const MusterCtlCollection derived = {
  &muster_derived_metric_info, derived_columns, derived_fields, "name", derived_keys,
  N_ ("No derived metrics."),
};

/* FROM [TO] */
static gboolean
recalculate (MusterCtl *ctl, MusterEntity *record, char **rest, GError **error)
{
  gint64 now = g_get_real_time ();
  gint64 from, to = 0;
  g_autoptr (JsonObject) result = NULL;

  if (!muster_ctl_parse_time (rest[0], "FROM", now, &from, error) ||
      (rest[1] != NULL && !muster_ctl_parse_time (rest[1], "TO", now, &to, error)))
    return FALSE;
  result = dex_await_boxed (muster_api_derived_metrics_recalculate (ctl->client,
                                                                    muster_entity_get_id (record),
                                                                    NULL, from / 1000, to / 1000),
                            error);
  if (result == NULL)
    return FALSE;
  if (ctl->json)
    muster_ctl_print_object (result);
  else
    muster_ctl_print (_ ("%" PRId64 " samples stored\n"),
                      json_object_get_int_member (result, "stored"));
  return TRUE;
}

/* EXPRESSION DEVICE */
static gboolean
preview (MusterCtl *ctl, MusterEntity *record, char **rest, GError **error)
{
  static const MusterCtlColumn columns[] = { { N_ ("METRIC"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("VALUE"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("AT"), 0 },
                                             { NULL, 0 } };
  static const char *const     names[] = { "metric", "value", "at", NULL };
  g_autoptr (MusterEntity) device = muster_ctl_find_device (ctl, rest[1], error);
  JsonObject *result = NULL;
  JsonNode   *value = NULL;

  if (device == NULL)
    return FALSE;
  result =
    dex_await_boxed (muster_api_derived_metrics_preview (ctl->client, rest[0],
                                                         muster_entity_get_id (device), NULL),
                     error);
  if (result == NULL)
    return FALSE;
  value = json_object_get_member (result, "value");
  if (!ctl->json && JSON_NODE_HOLDS_NULL (value))
    muster_ctl_print ("%s\n", _ ("Not known at present."));
  else if (!ctl->json)
    muster_ctl_print ("%.10g\n", json_node_get_double (value));
  return muster_ctl_show_rows (ctl, result, "inputs", columns, names, _ ("It is a constant."));
}

static gboolean
run_derived (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  static const MusterCtlVerb verbs[] = { { "preview", FALSE, 2, 2, preview },
                                         { "recalculate", TRUE, 1, 2, recalculate },
                                         { NULL } };

  return muster_ctl_collection_run (&derived, verbs, ctl, command, args, error);
}

/* --- metrics --- */

static const MusterCtlColumn metric_columns[] = { { N_ ("METRIC"), MUSTER_CTL_COLUMN_ELIDE },
                                                  { N_ ("UNIT"), 0 },
                                                  { N_ ("LEAST"), MUSTER_CTL_COLUMN_RIGHT },
                                                  { N_ ("GREATEST"), MUSTER_CTL_COLUMN_RIGHT },
                                                  { N_ ("A SECOND"), MUSTER_CTL_COLUMN_RIGHT },
                                                  { N_ ("ID"), 0 },
                                                  { NULL, 0 } };
static const char *const     metric_fields[] = { "name",     "unit", "minimum", "maximum",
                                                 "max_rate", "id",   NULL };

/* The metrics of DEVICE, or the one of NAME: (transfer full). */
static MusterApiPage *
await_metrics (MusterCtl *ctl, MusterEntity *device, const char *name, GError **error)
{
  const char        *filters[] = { "device_id", muster_entity_get_id (device),
                            name != NULL ? "name" : NULL, name, NULL };
  MusterApiListQuery query = { .sort = "name", .limit = 1000, .filters = filters };

  return dex_await_object (muster_api_metrics_list (ctl->client, &query), error);
}

/* Sets what PAIRS say of the metric NAME, which is described by that where nobody did. */
static gboolean
set_metric (MusterCtl *ctl, MusterEntity *device, const char *name, char **pairs, GError **error)
{
  g_autoptr (MusterApiPage) page = await_metrics (ctl, device, name, error);
  g_autoptr (JsonObject) members =
              page != NULL ? muster_ctl_read_pairs (ctl, muster_metric_info.fields,
                                                    muster_metric_info.n_fields, pairs, error)
                           : NULL;
  MusterEntity *known;

  if (members == NULL)
    return FALSE;
  known = muster_api_page_get_length (page) > 0 ? muster_api_page_get (page, 0) : NULL;
  if (known != NULL)
    return muster_ctl_show_entity (
      ctl, dex_await_object (muster_api_metrics_update (ctl->client, muster_entity_get_id (known),
                                                        g_steal_pointer (&members),
                                                        muster_entity_get_revision (known)),
                             error));
  json_object_set_string_member (members, "device_id", muster_entity_get_id (device));
  json_object_set_string_member (members, "name", name);
  return muster_ctl_show_entity (
    ctl,
    dex_await_object (muster_api_metrics_create (ctl->client, g_steal_pointer (&members)), error));
}

static gboolean
run_metrics (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  g_auto (GStrv) positional = g_strdupv (args);
  g_autoptr (MusterEntity) device = NULL;
  g_autoptr (MusterApiPage) page = NULL;

  if (!muster_ctl_parse (ctl, command, NULL, &positional, 1, -1, error))
    return FALSE;
  device = muster_ctl_find_device (ctl, positional[1], error);
  if (device == NULL)
    return FALSE;
  if (positional[2] != NULL)
    return set_metric (ctl, device, positional[2], positional + 3, error);
  page = await_metrics (ctl, device, NULL, error);
  if (page == NULL)
    return FALSE;
  if (ctl->json)
    muster_ctl_print_object (muster_api_page_get_json (page));
  else
    muster_ctl_print_page (ctl, muster_api_page_get_items (page), metric_columns, metric_fields,
                           _ ("Nothing is known of its metrics."));
  return TRUE;
}

/* --- the command --- */

gboolean
muster_ctl_telemetry_run (MusterCtl              *ctl,
                          const MusterCtlCommand *command,
                          char                  **args,
                          GError                **error)
{
  static const struct
  {
    const char  *name;
    MusterCtlRun run;
  } verbs[] = {
    { "import", run_import },     { "exclude", run_exclude },
    { "restore", run_restore },   { "exclusions", run_exclusions },
    { "annotate", run_annotate }, { "annotations", run_annotations },
    { "derived", run_derived },   { "metrics", run_metrics },
  };
  const char *verb = args[1];

  for (unsigned i = 0; verb != NULL && i < G_N_ELEMENTS (verbs); i++)
    if (g_str_equal (verbs[i].name, verb))
      return verbs[i].run (ctl, command, args + 1, error);
  /* `--help` and the like. */
  if (verb != NULL && *verb == '-')
    {
      g_auto (GStrv) positional = g_strdupv (args);

      if (!muster_ctl_parse (ctl, command, NULL, &positional, 1, 1, error))
        return FALSE;
    }
  return refuse_usage (command, error);
}
