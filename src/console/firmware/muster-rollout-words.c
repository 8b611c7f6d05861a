/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-rollout-words"

#include "config.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "alerts/muster-hours.h"
#include "client/muster-api-json.h"
#include "devices/muster-group-filter.h"
#include "model/muster-device.h"
#include "model/muster-firmware-update.h"
#include "model/muster-gate.h"
#include "model/muster-number.h"
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

/* --- the telemetry gate --- */

static MusterGateSubject
get_subject (JsonObject *watch)
{
  const char *subject = muster_api_json_get_string (watch, "watch");

  for (unsigned i = 0; muster_gate_subjects[i] != NULL; i++)
    if (g_strcmp0 (muster_gate_subjects[i], subject) == 0)
      return (MusterGateSubject)i;
  return MUSTER_GATE_WATCH_METRIC;
}

static const char *
get_metric (JsonObject *watch)
{
  const char *metric = muster_api_json_get_string (watch, "metric");

  return metric != NULL && *metric != '\0' ? metric : _ ("A metric");
}

char *
muster_gate_describe_watch (JsonObject *watch)
{
  g_return_val_if_fail (watch != NULL, NULL);

  switch (get_subject (watch))
    {
    case MUSTER_GATE_WATCH_ERRORS:
      return g_strdup (_ ("Errors must not become more frequent"));
    case MUSTER_GATE_WATCH_REBOOTS:
      return g_strdup (_ ("Restarts must not become more frequent"));
    case MUSTER_GATE_WATCH_METRIC:
    default:
      return g_strdup_printf (g_strcmp0 (muster_api_json_get_string (watch, "worse"), "lower") == 0
                                ? _ ("%s must not become lower")
                                : _ ("%s must not become higher"),
                              get_metric (watch));
    }
}

/* PART (taken) behind " · ". */
static void
append_part (GString *text, char *part)
{
  g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", part);
  g_free (part);
}

char *
muster_gate_describe_test (JsonObject *watch)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char      *against = NULL;
  double           tolerance = 0;
  g_autofree char *alpha = NULL;
  g_autofree char *tolerated = NULL;

  g_return_val_if_fail (watch != NULL, NULL);

  against = muster_api_json_get_string (watch, "against");
  tolerance = muster_api_json_get_double (watch, "tolerance", 0);
  alpha = muster_number_format (100 * muster_api_json_get_double (watch, "alpha",
                                                                  MUSTER_GATE_ALPHA_DEFAULT),
                                4);
  tolerated = muster_number_format (tolerance, 4);
  append_part (text,
               g_strdup (g_strcmp0 (against, "before") == 0 ? _ ("Against before")
                         : g_strcmp0 (against, "rest") == 0 ? _ ("Against devices not updated yet")
                                                            : _ ("Against before and the rest")));
  if (tolerance > 0)
    append_part (text, g_strdup_printf (_ ("%s tolerated"), tolerated));
  /* Translators: how likely it may be that a telemetry gate stops without a reason. */
  append_part (text, g_strdup_printf (_ ("false alarm %s\u00a0%%"), alpha));
  if (g_strcmp0 (muster_api_json_get_string (watch, "unsure"), "stop") == 0)
    append_part (text, g_strdup (_ ("stops when too few tell")));
  return g_string_free_and_steal (g_steal_pointer (&text));
}

/* The objects of NODE (nullable), which is one or an array of them: (transfer full) (element-type
 * JsonObject), borrowed from it. */
static GPtrArray *
list_objects (JsonNode *node)
{
  GPtrArray *objects = g_ptr_array_new ();

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    g_ptr_array_add (objects, json_node_get_object (node));
  else if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
    for (unsigned i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
      {
        JsonObject *object =
          muster_api_json_as_object (json_array_get_element (json_node_get_array (node), i));

        if (object != NULL)
          g_ptr_array_add (objects, object);
      }
  return objects;
}

char *
muster_rollout_describe_gate (MusterEntity *rollout)
{
  const char *json = muster_entity_get_string (rollout, "gate");
  g_autoptr (JsonNode) root = json != NULL ? json_from_string (json, NULL) : NULL;
  g_autoptr (GPtrArray) watches = list_objects (root);
  g_autoptr (GString) text = g_string_new (NULL);

  for (unsigned i = 0; i < watches->len; i++)
    {
      g_autofree char *watch = muster_gate_describe_watch (watches->pdata[i]);
      g_autofree char *test = muster_gate_describe_test (watches->pdata[i]);

      g_string_append_printf (text, "%s%s: %s", i > 0 ? "\n" : "", watch, test);
    }
  return text->len > 0 ? g_string_free_and_steal (g_steal_pointer (&text)) : NULL;
}

/* --- what it found --- */

static const struct
{
  const char *nick;
  const char *word;
  const char *icon_name;
  const char *css_class;
} verdicts[] = {
  { "worse", N_ ("worse"), "muster-cross-symbolic", "error" },
  { "good", N_ ("not worse"), "muster-online-symbolic", "success" },
  { "unsure", N_ ("too few devices tell"), "muster-unknown-symbolic", "dim-label" },
};

static unsigned
find_verdict (JsonObject *watch)
{
  const char *nick = muster_api_json_get_string (watch, "verdict");
  unsigned    index = 0;

  while (index + 1 < G_N_ELEMENTS (verdicts) && g_strcmp0 (verdicts[index].nick, nick) != 0)
    index++;
  return index;
}

static const char *
get_measure (JsonObject *watch)
{
  switch (get_subject (watch))
    {
    case MUSTER_GATE_WATCH_ERRORS:
      return _ ("Errors an hour");
    case MUSTER_GATE_WATCH_REBOOTS:
      return _ ("Restarts an hour");
    case MUSTER_GATE_WATCH_METRIC:
    default:
      return get_metric (watch);
    }
}

/* Number NAME of the member SIDE of WATCH; NAN: it does not say. */
static double
get_figure (JsonObject *watch, const char *side, const char *name)
{
  JsonObject *object = muster_api_json_get_object (watch, side);

  return object != NULL ? muster_api_json_get_double (object, name, NAN) : NAN;
}

/* "0.1 before, 2 after", of the devices of SIDE; NULL: they told nothing. */
static char *
describe_medians (JsonObject *watch, const char *side)
{
  double           before = get_figure (watch, side, "median_before");
  double           after = get_figure (watch, side, "median_after");
  g_autofree char *then = muster_format_number (before);
  g_autofree char *now = muster_format_number (after);

  return isnan (before) || isnan (after)
           ? NULL
           /* Translators: what devices measured before and after an update. */
           : g_strdup_printf (_ ("%s before, %s after"), then, now);
}

static char *
describe_finding (JsonObject *watch)
{
  const char      *verdict = _ (verdicts[find_verdict (watch)].word);
  g_autofree char *medians = describe_medians (watch, "updated");

  if (medians == NULL)
    /* Translators: what a telemetry gate found: "Errors an hour: not worse". */
    return g_strdup_printf (_ ("%s: %s"), get_measure (watch), verdict);
  /* Translators: what a telemetry gate found: "Errors an hour: worse, 0.1 before, 2 after". */
  return g_strdup_printf (_ ("%s: %s, %s"), get_measure (watch), verdict, medians);
}

/* What the test NAME says, with FORMAT for its p. */
static void
append_p (GString *text, JsonObject *watch, const char *name, const char *format)
{
  double           p = get_figure (watch, name, "p");
  g_autofree char *number = muster_number_format (p, 2);
  g_auto (GStrv) parts = g_strsplit (format, "%s", 2);

  if (!isnan (p))
    append_part (text, g_strconcat (parts[0], number, parts[1], NULL));
}

/* By what figures it was decided. */
static char *
describe_figures (JsonObject *watch)
{
  g_autoptr (GString) text = g_string_new (NULL);
  double           devices = get_figure (watch, "updated", "devices");
  double           silent = get_figure (watch, "updated", "silent");
  double           alpha = muster_api_json_get_double (watch, "alpha", NAN);
  g_autofree char *limit = muster_number_format (alpha, 2);
  g_autofree char *rest = describe_medians (watch, "rest");

  if (!isnan (devices))
    append_part (text, g_strdup_printf (ngettext ("%d device told", "%d devices told",
                                                  (unsigned long)devices),
                                        (int)devices));
  if (silent > 0)
    append_part (text, g_strdup_printf (_ ("%d said nothing"), (int)silent));
  if (rest != NULL)
    append_part (text, g_strdup_printf (_ ("the rest: %s"), rest));
  /* Translators: results of statistical tests. */
  append_p (text, watch, "against_before", _ ("against before p = %s"));
  append_p (text, watch, "against_rest", _ ("against the rest p = %s"));
  if (!isnan (alpha))
    append_part (text, g_strdup_printf (_ ("%s or less is no accident"), limit));
  return g_string_free_and_steal (g_steal_pointer (&text));
}

static void
finding_free (gpointer data)
{
  MusterGateFinding *self = data;

  g_free (self->text);
  g_free (self->figures);
  g_free (self);
}

GPtrArray *
muster_rollout_list_findings (MusterEntity *group)
{
  const char *json = muster_entity_get_string (group, "evidence");
  g_autoptr (JsonNode) root = json != NULL ? json_from_string (json, NULL) : NULL;
  JsonObject *evidence = root != NULL ? muster_api_json_as_object (root) : NULL;
  g_autoptr (GPtrArray) watches =
              list_objects (evidence != NULL ? json_object_get_member (evidence, "watches") : NULL);
  GPtrArray *findings = g_ptr_array_new_with_free_func (finding_free);

  for (unsigned i = 0; i < watches->len; i++)
    {
      MusterGateFinding *finding = g_new0 (MusterGateFinding, 1);
      unsigned           verdict = find_verdict (watches->pdata[i]);

      finding->text = describe_finding (watches->pdata[i]);
      finding->figures = describe_figures (watches->pdata[i]);
      finding->icon_name = verdicts[verdict].icon_name;
      finding->css_class = verdicts[verdict].css_class;
      g_ptr_array_add (findings, finding);
    }
  return findings;
}

/* --- what comes of it --- */

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
