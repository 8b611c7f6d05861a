/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "alerts/muster-alert-condition.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* A year from 2026 on, so that dates stay dates. */
#define START G_GINT64_CONSTANT (1772452800000000)

/* What compiles is evaluated: it never reaches a level that it has not, and what is due comes up.
 */
static void
evaluate (const MusterAlertPlan *plan)
{
  static const double  values[] = { 0, 1, -1e300, 1e300, 80, 91, 0 };
  MusterAlertCondition condition;
  gint64               at = START;

  muster_alert_condition_init (&condition, plan);
  for (size_t i = 0; i < G_N_ELEMENTS (values); i++, at += 7 * G_TIME_SPAN_DAY)
    {
      muster_alert_condition_feed (&condition, plan, values[i], at, at, NULL, NULL);
      muster_alert_condition_tick (&condition, plan, at + G_TIME_SPAN_DAY, NULL, NULL);
      if (condition.level > plan->n_levels)
        g_error ("level %u of %u", condition.level, plan->n_levels);
      if (condition.level > 0 &&
          plan->levels[condition.level - 1].severity < plan->levels[0].severity)
        g_error ("a step that is milder than the first");
    }
  muster_alert_condition_clear (&condition);
}

static void
look_at_windows (const MusterAlertPlan *plan)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();

  for (int hour = 0; plan->quiet != NULL && hour < 24 * 8; hour++)
    {
      gint64 at = START + hour * G_TIME_SPAN_HOUR;
      gint64 until = 0;

      muster_alert_windows_contain (plan->quiet, zone, at, &until);
      if (until <= at)
        g_error ("a window that changes in the past");
    }
}

/* A rule as somebody sends it: it is refused with a row a field, or compiles to a plan that can be
 * evaluated. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (MusterEntity) rule = muster_entity_new (&muster_alert_rule_info);
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterAlertPlan) plan = NULL;
  JsonNode *root = NULL;

  if (size == 0 || !json_parser_load_from_data (parser, (const char *)data, (gssize)size, NULL))
    return 0;
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root) ||
      !muster_entity_decode (rule, json_node_get_object (root), MUSTER_DECODE_CREATE, "", NULL))
    return 0;
  plan = muster_alert_plan_new (rule, &error);
  if ((plan == NULL) != (error != NULL))
    g_error ("neither a plan nor a reason, or both");
  if (error != NULL && (!g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_INVALID) ||
                        muster_error_get_fields (error)->len == 0))
    g_error ("refused without a row: %s", error->message);
  if (plan == NULL)
    return 0;
  if (plan->n_levels == 0 || plan->n_levels > MUSTER_ALERT_MAX_LEVELS)
    g_error ("%u levels", plan->n_levels);
  evaluate (plan);
  look_at_windows (plan);
  return 0;
}
