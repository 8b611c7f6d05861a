/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-rollout-words"

#include "config.h"

#include <math.h>

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>

#include "alerts/muster-hours.h"
#include "client/muster-api-json.h"
#include "devices/muster-group-filter.h"
#include "model/muster-device.h"
#include "model/muster-firmware-update.h"
#include "muster-rollout-words.h"
#include "widgets/muster-duration.h"
#include "widgets/muster-format.h"

/* "Status: Deployed, Sold" */
static void
append_condition (GString *text, const char *name, const char *values)
{
  int                index = muster_entity_info_find (&muster_device_info, name);
  const MusterField *field = index >= 0 ? &muster_device_info.fields[index] : NULL;
  g_auto (GStrv) nicks = g_strsplit (values, ",", -1);
  g_autoptr (GString) words = g_string_new (NULL);

  for (unsigned i = 0; nicks[i] != NULL; i++)
    {
      int value = field != NULL && field->type == MUSTER_FIELD_ENUM
                    ? muster_enum_parse (field->enumeration, nicks[i])
                    : -1;

      g_string_append_printf (words, "%s%s", i > 0 ? ", " : "",
                              value >= 0 ? _ (muster_enum_get_label (field->enumeration, value))
                                         : nicks[i]);
    }
  /* Translators: a condition: "Status: Deployed". */
  g_string_append_printf (text, _ ("%s: %s"),
                          field != NULL && field->label != NULL ? _ (field->label) : name,
                          words->str);
}

char *
muster_rollout_describe_filter (MusterEntity *rollout)
{
  const char      *filter = muster_entity_get_string (rollout, "filter");
  g_autofree char *words = NULL;
  g_auto (GStrv) conditions = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  if (filter == NULL)
    return g_strdup (muster_entity_get_string (rollout, "target_query"));
  if (*filter == '\0')
    return g_strdup (_ ("All devices"));
  if (!muster_group_filter_parse (filter, &words, &conditions))
    return g_strdup (filter);
  if (*words != '\0')
    /* Translators: what is searched for. */
    g_string_append_printf (text, _ ("“%s”"), words);
  for (unsigned i = 0; conditions[i] != NULL; i += 2)
    {
      if (text->len > 0)
        g_string_append (text, " · ");
      append_condition (text, conditions[i], conditions[i + 1]);
    }
  return g_string_free_and_steal (g_steal_pointer (&text));
}

char *
muster_rollout_describe_window (MusterEntity *rollout)
{
  const char      *json = muster_entity_get_string (rollout, "window");
  g_autofree char *list = json != NULL ? g_strdup_printf ("[%s]", json) : NULL;
  g_autoptr (GPtrArray) hours = list != NULL ? muster_hours_list_from_json (list) : NULL;
  MusterHours *window = hours != NULL && hours->len > 0 ? hours->pdata[0] : NULL;

  if (window == NULL)
    return NULL;
  /* Left out: every day. */
  if (window->days == 0)
    window->days = MUSTER_HOURS_EVERY_DAY;
  return muster_hours_format (window);
}

/* What WATCH is about: (transfer none). */
static const char *
get_subject (JsonObject *watch)
{
  const char *subject = muster_api_json_get_string (watch, "watch");
  const char *metric = muster_api_json_get_string (watch, "metric");

  if (g_strcmp0 (subject, "errors") == 0)
    return _ ("Errors");
  if (g_strcmp0 (subject, "reboots") == 0)
    return _ ("Restarts");
  return metric != NULL ? metric : _ ("A metric");
}

typedef char *(*DescribeFunc) (JsonObject *watch);

/* A line for each object of NODE, which is one or an array of them: (transfer full) (nullable). */
static char *
describe_each (JsonNode *node, DescribeFunc describe)
{
  g_autoptr (JsonArray) watches = json_array_new ();
  g_autoptr (GString) text = g_string_new (NULL);

  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
    {
      g_clear_pointer (&watches, json_array_unref);
      watches = json_array_ref (json_node_get_array (node));
    }
  else if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    json_array_add_object_element (watches, json_object_ref (json_node_get_object (node)));
  for (unsigned i = 0; i < json_array_get_length (watches); i++)
    {
      JsonObject      *watch = muster_api_json_as_object (json_array_get_element (watches, i));
      g_autofree char *line = watch != NULL ? describe (watch) : NULL;

      if (line != NULL)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", line);
    }
  return text->len > 0 ? g_string_free_and_steal (g_steal_pointer (&text)) : NULL;
}

static char *
describe_watch (JsonObject *watch)
{
  if (g_strcmp0 (muster_api_json_get_string (watch, "worse"), "lower") == 0)
    return g_strdup_printf (_ ("%s must not become lower"), get_subject (watch));
  return g_strdup_printf (_ ("%s must not become higher"), get_subject (watch));
}

char *
muster_rollout_describe_gate (MusterEntity *rollout)
{
  const char *json = muster_entity_get_string (rollout, "gate");
  g_autoptr (JsonNode) root = json != NULL ? json_from_string (json, NULL) : NULL;

  return describe_each (root, describe_watch);
}

static const char *
get_verdict (JsonObject *watch)
{
  const char *verdict = muster_api_json_get_string (watch, "verdict");

  if (g_strcmp0 (verdict, "worse") == 0)
    return _ ("worse");
  if (g_strcmp0 (verdict, "good") == 0)
    return _ ("not worse");
  return _ ("too few devices tell");
}

static char *
describe_finding (JsonObject *watch)
{
  JsonObject      *updated = muster_api_json_get_object (watch, "updated");
  double           before = NAN, after = NAN;
  g_autofree char *then = NULL;
  g_autofree char *now = NULL;

  if (updated != NULL)
    {
      before = muster_api_json_get_double (updated, "median_before", NAN);
      after = muster_api_json_get_double (updated, "median_after", NAN);
    }
  if (isnan (before) || isnan (after))
    /* Translators: what a telemetry gate found: "Errors: not worse". */
    return g_strdup_printf (_ ("%s: %s"), get_subject (watch), get_verdict (watch));
  then = muster_format_number (before);
  now = muster_format_number (after);
  /* Translators: what a telemetry gate found: "Errors: worse, 0.1 before, 2 after". */
  return g_strdup_printf (_ ("%s: %s, %s before, %s after"), get_subject (watch),
                          get_verdict (watch), then, now);
}

char *
muster_rollout_describe_evidence (MusterEntity *group)
{
  const char *json = muster_entity_get_string (group, "evidence");
  g_autoptr (JsonNode) root = json != NULL ? json_from_string (json, NULL) : NULL;
  JsonObject *evidence = root != NULL ? muster_api_json_as_object (root) : NULL;

  return evidence != NULL
           ? describe_each (json_object_get_member (evidence, "watches"), describe_finding)
           : NULL;
}

static unsigned
count_groups (MusterEntity *rollout)
{
  const char *json = muster_entity_get_string (rollout, "plan");
  g_autoptr (JsonNode) root = json != NULL ? json_from_string (json, NULL) : NULL;

  return root != NULL && JSON_NODE_HOLDS_ARRAY (root)
           ? MAX (json_array_get_length (json_node_get_array (root)), 1)
           : 1;
}

char *
muster_rollout_describe_start (MusterEntity *rollout, gint64 ready, gint64 total)
{
  unsigned         groups = count_groups (rollout);
  g_autofree char *window = muster_rollout_describe_window (rollout);
  g_autofree char *within =
    muster_duration_format (muster_entity_get_integer (rollout, "confirm_within"));
  g_autoptr (GString) text = g_string_new (NULL);

  if (ready >= 0)
    g_string_append_printf (text,
                            ngettext ("%u of %u device can be updated now. ",
                                      "%u of %u devices can be updated now. ", total),
                            (unsigned)ready, (unsigned)total);
  if (groups > 1)
    g_string_append_printf (text, _ ("They are updated in %u groups, one after the other. "),
                            groups);
  if (window != NULL)
    g_string_append_printf (text, _ ("They install within the maintenance window: %s. "), window);
  if (muster_entity_get_enum (rollout, "kind") == MUSTER_UPDATE_KIND_DOWNLOAD_ONLY)
    g_string_append (text, _ ("They download it and install nothing yet. "));
  else
    g_string_append_printf (text,
                            _ ("Devices restart, and those that do not come back within %s go back "
                               "to what they ran before. "),
                            within);
  g_string_append (text, _ ("What a device runs is not taken back by Undo: that takes another "
                            "rollout."));
  return g_string_free_and_steal (g_steal_pointer (&text));
}
