/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-query"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "client/muster-api-json.h"
#include "client/muster-api-monitoring.h"
#include "muster-ctl-commands.h"
#include "muster-ctl-format.h"

#include "model/muster-time.h"

#define HOUR (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)

typedef struct
{
  char   **metrics;
  char    *from;
  char    *to;
  char    *aggregate;
  char    *step;
  int      points;
  gboolean all;
  gboolean csv;
  gboolean include_bad;
  /* of many devices */
  char    *product;
  char    *place;
  char    *group;
  char    *by;
  double   quantile;
  gboolean ndjson;
  char    *output;
} Options;

/* RFC 4180: quoted where it must be. */
static char *
quote (const char *text)
{
  g_auto (GStrv) parts = NULL;
  g_autofree char *doubled = NULL;

  if (strpbrk (text, ",\"\r\n") == NULL)
    return g_strdup (text);
  parts = g_strsplit (text, "\"", -1);
  doubled = g_strjoinv ("\"\"", parts);
  return g_strdup_printf ("\"%s\"", doubled);
}

static void
print_csv_point (const char *metric, JsonArray *point)
{
  char             time[MUSTER_TIME_TEXT_LENGTH + 1];
  JsonNode        *value = json_array_get_element (point, 1);
  g_autofree char *text = NULL;
  g_autofree char *cell = NULL;

  if (JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING)
    text = json_node_dup_string (value);
  else
    text = JSON_NODE_HOLDS_NULL (value) ? g_strdup ("") : muster_api_json_to_string (value, FALSE);
  cell = quote (text);
  muster_ctl_print ("%s,%s,%s\n",
                    muster_time_format (json_array_get_int_element (point, 0) * 1000, time), metric,
                    cell);
}

static void
print_csv (JsonObject *object)
{
  JsonArray *samples = muster_api_json_get_array (object, "samples");

  muster_ctl_print ("time,metric,value\n");
  for (unsigned i = 0; samples != NULL && i < json_array_get_length (samples); i++)
    {
      JsonObject      *row = json_array_get_object_element (samples, i);
      g_autofree char *metric = quote (muster_api_json_get_string (row, "metric"));
      JsonArray       *points = muster_api_json_get_array (row, "points");

      for (unsigned j = 0; j < json_array_get_length (points); j++)
        print_csv_point (metric, json_array_get_array_element (points, j));
    }
}

static void
add_point (MusterCtlTable *table, const char *metric, JsonArray *point)
{
  JsonNode        *value = json_array_get_element (point, 1);
  g_autofree char *time = muster_ctl_format_time (json_array_get_int_element (point, 0) * 1000);
  g_autofree char *text =
    JSON_NODE_HOLDS_NULL (value) ? NULL : muster_api_json_to_string (value, FALSE);

  muster_ctl_table_add (table, (const char *[]){ time, metric, text, NULL });
}

static void
print_table (MusterCtl *ctl, JsonObject *object)
{
  static const MusterCtlColumn columns[] = { { N_ ("TIME"), 0 },
                                             { N_ ("METRIC"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("VALUE"), MUSTER_CTL_COLUMN_RIGHT },
                                             { NULL, 0 } };
  JsonArray                   *samples = muster_api_json_get_array (object, "samples");
  MusterCtlTable              *table = muster_ctl_table_new (columns);

  for (unsigned i = 0; samples != NULL && i < json_array_get_length (samples); i++)
    {
      JsonObject *row = json_array_get_object_element (samples, i);
      JsonArray  *points = muster_api_json_get_array (row, "points");

      for (unsigned j = 0; j < json_array_get_length (points); j++)
        add_point (table, muster_api_json_get_string (row, "metric"),
                   json_array_get_array_element (points, j));
    }
  muster_ctl_print_table (ctl, table, _ ("No samples in that time."));
}

/* Checks the answer's shape once, so that printing need not. */
static JsonObject *
fetch (MusterCtl *ctl, const char *device_id, const MusterApiRange *range, GError **error)
{
  g_autoptr (JsonObject) object =
              dex_await_boxed (muster_api_monitoring_query_json (ctl->client, device_id, range),
                               error);
  g_autoptr (GPtrArray) series =
              object != NULL ? muster_api_series_list_from_json (object, error) : NULL;

  return series != NULL ? g_steal_pointer (&object) : NULL;
}

static gboolean
make_range (const Options *options, MusterApiRange *range, GError **error)
{
  gint64 now = g_get_real_time ();
  gint64 to = now;
  gint64 from;
  gint64 step = 0;

  if (options->to != NULL && !muster_ctl_parse_time (options->to, "--to", now, &to, error))
    return FALSE;
  from = to - HOUR;
  if (options->from != NULL && !muster_ctl_parse_time (options->from, "--from", now, &from, error))
    return FALSE;
  if (options->step != NULL && (step = muster_ctl_parse_duration (options->step)) <= 0)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _ ("--step: “%s” is no duration; give 30s, 15m, 2h, 1d"), options->step);
      return FALSE;
    }
  *range = (MusterApiRange){
    .metrics = (const char *const *)options->metrics,
    .from = MAX (from / 1000, 1),
    .to = to / 1000,
    .points = options->all ? MUSTER_API_POINTS_ALL : MAX (options->points, 0),
    .aggregate = options->aggregate,
    .step = step / 1000,
    .include_bad = options->include_bad,
  };
  return TRUE;
}

static gboolean
run (MusterCtl *ctl, const Options *options, const char *text, GError **error)
{
  MusterApiRange range;
  g_autoptr (MusterEntity) device = NULL;
  g_autoptr (JsonObject) object = NULL;

  if (!make_range (options, &range, error) ||
      (device = muster_ctl_find_device (ctl, text, error)) == NULL ||
      (object = fetch (ctl, muster_entity_get_id (device), &range, error)) == NULL)
    return FALSE;
  if (ctl->json)
    muster_ctl_print_object (object);
  else if (options->csv)
    print_csv (object);
  else
    print_table (ctl, object);
  return TRUE;
}

static void
options_clear (Options *options)
{
  g_strfreev (options->metrics);
  g_free (options->from);
  g_free (options->to);
  g_free (options->aggregate);
  g_free (options->step);
  g_free (options->product);
  g_free (options->place);
  g_free (options->group);
  g_free (options->by);
  g_free (options->output);
}

gboolean
muster_ctl_query_run (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  g_auto (GStrv) positional = g_strdupv (args);
  Options  options = { 0 };
  gboolean done;

  const GOptionEntry entries[] = {
    { "metric", 'm', 0, G_OPTION_ARG_STRING_ARRAY, &options.metrics,
      N_ ("Only this metric; may be given again"), N_ ("NAME") },
    { "from", 0, 0, G_OPTION_ARG_STRING, &options.from,
      N_ ("Begin, as in 2h or 2026-01-31T08:00:00Z (an hour before the end)"), N_ ("TIME") },
    { "to", 0, 0, G_OPTION_ARG_STRING, &options.to, N_ ("End (now)"), N_ ("TIME") },
    { "points", 'n', 0, G_OPTION_ARG_INT, &options.points,
      N_ ("At most so many points a metric (1000)"), N_ ("NUMBER") },
    { "all", 'a', 0, G_OPTION_ARG_NONE, &options.all, N_ ("Every point"), NULL },
    { "agg", 0, 0, G_OPTION_ARG_STRING, &options.aggregate,
      N_ (
        "mean, min, max, sum, count, first, last, stddev, quantile, rate or time_in_state of each step"),
      N_ ("WHICH") },
    { "step", 0, 0, G_OPTION_ARG_STRING, &options.step, N_ ("Length of a step, as in 15m"),
      N_ ("DURATION") },
    { "include-bad", 0, 0, G_OPTION_ARG_NONE, &options.include_bad,
      N_ ("Samples of bad quality count too"), NULL },
    { "csv", 0, 0, G_OPTION_ARG_NONE, &options.csv, N_ ("Print CSV"), NULL },
    G_OPTION_ENTRY_NULL
  };

  done = muster_ctl_parse (ctl, command, entries, &positional, 1, 1, error) &&
         run (ctl, &options, positional[1], error);
  options_clear (&options);
  return done;
}

/* --- of many devices --- */

/* Ids of the devices that are named: (transfer full) (element-type utf8), NULL where one is not
 * known. */
static GPtrArray *
find_devices (MusterCtl *ctl, char **names, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);

  for (unsigned i = 0; names[i] != NULL; i++)
    {
      g_autoptr (MusterEntity) device = muster_ctl_find_device (ctl, names[i], error);

      if (device == NULL)
        return NULL;
      g_ptr_array_add (ids, g_strdup (muster_entity_get_id (device)));
    }
  return g_steal_pointer (&ids);
}

static void
add_texts (JsonObject *question, const char *name, const char *const *texts, unsigned n)
{
  JsonArray *array = json_array_new ();

  for (unsigned i = 0; i < n; i++)
    json_array_add_string_element (array, texts[i]);
  json_object_set_array_member (question, name, array);
}

static void
add_text (JsonObject *question, const char *name, const char *text)
{
  if (text != NULL)
    json_object_set_string_member (question, name, text);
}

static JsonObject *
make_question (const Options *options, const MusterApiRange *range, GPtrArray *ids)
{
  JsonObject *question = json_object_new ();
  char        text[MUSTER_TIME_TEXT_LENGTH + 1];

  if (ids->len > 0)
    add_texts (question, "devices", (const char *const *)ids->pdata, ids->len);
  if (range->metrics != NULL)
    add_texts (question, "metrics", range->metrics, g_strv_length ((char **)range->metrics));
  add_text (question, "product_id", options->product);
  add_text (question, "location_id", options->place);
  add_text (question, "group_id", options->group);
  add_text (question, "from", muster_time_format (range->from * 1000, text));
  add_text (question, "to", muster_time_format (range->to * 1000, text));
  add_text (question, "aggregate", range->aggregate);
  add_text (question, "by", options->by);
  if (range->step > 0)
    json_object_set_double_member (question, "step", range->step / 1000.0);
  if (options->quantile > 0)
    json_object_set_double_member (question, "quantile", options->quantile);
  if (range->points > 0)
    json_object_set_int_member (question, "points",
                                range->points == MUSTER_API_POINTS_ALL ? 0 : range->points);
  if (range->include_bad)
    json_object_set_boolean_member (question, "include_bad", TRUE);
  return question;
}

static void
print_series (MusterCtl *ctl, JsonObject *answer)
{
  JsonArray *series = muster_api_json_get_array (answer, "series");

  for (unsigned i = 0; series != NULL && i < json_array_get_length (series); i++)
    {
      JsonObject *one = json_array_get_object_element (series, i);
      const char *name = muster_api_json_get_string (one, "device_id");

      muster_ctl_print ("%s\n", name != NULL ? name : muster_api_json_get_string (one, "key"));
      print_table (ctl, one);
    }
}

static gboolean
run_series (MusterCtl *ctl, const Options *options, char **names, GError **error)
{
  MusterApiRange range;
  g_autoptr (GPtrArray) ids = NULL;
  g_autoptr (JsonObject) answer = NULL;

  if (!make_range (options, &range, error) || (ids = find_devices (ctl, names, error)) == NULL)
    return FALSE;
  answer = dex_await_boxed (muster_api_monitoring_query_many (ctl->client,
                                                              make_question (options, &range, ids)),
                            error);
  if (answer == NULL)
    return FALSE;
  if (ctl->json)
    muster_ctl_print_object (answer);
  else
    print_series (ctl, answer);
  return TRUE;
}

static gboolean
run_samples (MusterCtl *ctl, const Options *options, char **names, GError **error)
{
  MusterApiRange range;
  g_autoptr (GPtrArray) ids = NULL;
  g_autoptr (GBytes) text = NULL;
  g_autofree char *joined = NULL;

  if (!make_range (options, &range, error) || (ids = find_devices (ctl, names, error)) == NULL)
    return FALSE;
  g_ptr_array_add (ids, NULL);
  joined = g_strjoinv (",", (char **)ids->pdata);
  text = dex_await_boxed (muster_api_monitoring_export (ctl->client, joined, &range,
                                                        options->ndjson ? "ndjson" : "csv"),
                          error);
  return text != NULL && muster_ctl_write_file (options->output, text, error);
}

gboolean
muster_ctl_series_run (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  g_auto (GStrv) positional = g_strdupv (args);
  Options  options = { 0 };
  gboolean done;

  const GOptionEntry entries[] = {
    { "metric", 'm', 0, G_OPTION_ARG_STRING_ARRAY, &options.metrics,
      N_ ("Only this metric; may be given again"), N_ ("NAME") },
    { "product", 0, 0, G_OPTION_ARG_STRING, &options.product, N_ ("All devices of a product"),
      N_ ("ID") },
    { "place", 0, 0, G_OPTION_ARG_STRING, &options.place,
      N_ ("All devices of a place, and of what lies within"), N_ ("ID") },
    { "group", 0, 0, G_OPTION_ARG_STRING, &options.group, N_ ("All devices of a group"),
      N_ ("ID") },
    { "by", 0, 0, G_OPTION_ARG_STRING, &options.by,
      N_ ("What counts together: device, product, location, group or none"), N_ ("WHICH") },
    { "from", 0, 0, G_OPTION_ARG_STRING, &options.from,
      N_ ("Begin, as in 2h or 2026-01-31T08:00:00Z (an hour before the end)"), N_ ("TIME") },
    { "to", 0, 0, G_OPTION_ARG_STRING, &options.to, N_ ("End (now)"), N_ ("TIME") },
    { "points", 'n', 0, G_OPTION_ARG_INT, &options.points,
      N_ ("At most so many points a metric (1000)"), N_ ("NUMBER") },
    { "agg", 0, 0, G_OPTION_ARG_STRING, &options.aggregate,
      N_ (
        "mean, min, max, sum, count, first, last, stddev, quantile, rate or time_in_state of each step"),
      N_ ("WHICH") },
    { "quantile", 0, 0, G_OPTION_ARG_DOUBLE, &options.quantile, N_ ("Which one, 0 to 1 (0.5)"),
      N_ ("NUMBER") },
    { "step", 0, 0, G_OPTION_ARG_STRING, &options.step, N_ ("Length of a step, as in 15m"),
      N_ ("DURATION") },
    { "include-bad", 0, 0, G_OPTION_ARG_NONE, &options.include_bad,
      N_ ("Samples of bad quality count too"), NULL },
    G_OPTION_ENTRY_NULL
  };

  done = muster_ctl_parse (ctl, command, entries, &positional, 0, -1, error) &&
         run_series (ctl, &options, positional + 1, error);
  options_clear (&options);
  return done;
}

gboolean
muster_ctl_samples_run (MusterCtl              *ctl,
                        const MusterCtlCommand *command,
                        char                  **args,
                        GError                **error)
{
  g_auto (GStrv) positional = g_strdupv (args);
  Options  options = { 0 };
  gboolean done;

  const GOptionEntry entries[] = {
    { "metric", 'm', 0, G_OPTION_ARG_STRING_ARRAY, &options.metrics,
      N_ ("Only this metric; may be given again"), N_ ("NAME") },
    { "from", 0, 0, G_OPTION_ARG_STRING, &options.from,
      N_ ("Begin, as in 2h or 2026-01-31T08:00:00Z (an hour before the end)"), N_ ("TIME") },
    { "to", 0, 0, G_OPTION_ARG_STRING, &options.to, N_ ("End (now)"), N_ ("TIME") },
    { "ndjson", 0, 0, G_OPTION_ARG_NONE, &options.ndjson, N_ ("An object a line, not CSV"), NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output, N_ ("Write to this file"),
      N_ ("FILE") },
    G_OPTION_ENTRY_NULL
  };

  done = muster_ctl_parse (ctl, command, entries, &positional, 1, -1, error) &&
         run_samples (ctl, &options, positional + 1, error);
  options_clear (&options);
  return done;
}
