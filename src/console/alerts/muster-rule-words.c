/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-rule-words"

#include "config.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "model/muster-alert-rule.h"
#include "muster-rule-words.h"
#include "widgets/muster-duration.h"
#include "widgets/muster-format.h"
#include "widgets/muster-references.h"

static char *
format_double (MusterEntity *rule, const char *field)
{
  double value = muster_entity_get_double (rule, field);

  return isnan (value) ? g_strdup ("…") : muster_format_number (value);
}

static char *
format_seconds (MusterEntity *rule, const char *field)
{
  return muster_entity_is_null (rule, field)
           ? g_strdup ("…")
           : muster_duration_format (MAX (muster_entity_get_integer (rule, field), 0));
}

/* Above, below …: "above 80". */
static char *
compare (MusterEntity *rule)
{
  g_autofree char *value = format_double (rule, "value");

  switch (muster_entity_get_enum (rule, "operator"))
    {
    case MUSTER_ALERT_OPERATOR_LT:
      return g_strdup_printf (_ ("below %s"), value);
    case MUSTER_ALERT_OPERATOR_LE:
      return g_strdup_printf (_ ("at or below %s"), value);
    case MUSTER_ALERT_OPERATOR_GE:
      return g_strdup_printf (_ ("at or above %s"), value);
    case MUSTER_ALERT_OPERATOR_EQ:
      return g_strdup_printf (_ ("equal to %s"), value);
    case MUSTER_ALERT_OPERATOR_NE:
      return g_strdup_printf (_ ("other than %s"), value);
    case MUSTER_ALERT_OPERATOR_GT:
    default:
      return g_strdup_printf (_ ("above %s"), value);
    }
}

static char *
describe_state (MusterEntity *rule, const char *metric)
{
  const char *text = muster_entity_get_string (rule, "text");

  /* Translators: a metric, and the state that a rule waits for. */
  return muster_entity_get_enum (rule, "operator") == MUSTER_ALERT_OPERATOR_NE
           ? g_strdup_printf (_ ("%s is not “%s”"), metric, text != NULL ? text : "…")
           : g_strdup_printf (_ ("%s is “%s”"), metric, text != NULL ? text : "…");
}

static char *
describe_condition (MusterEntity *rule)
{
  const char      *metric = muster_entity_get_string (rule, "metric");
  const char      *expression = muster_entity_get_string (rule, "expression");
  g_autofree char *first = NULL, *second = NULL;

  if (metric == NULL)
    metric = "…";
  switch (muster_entity_get_enum (rule, "kind"))
    {
    case MUSTER_ALERT_RULE_RANGE:
      first = format_double (rule, "value");
      second = format_double (rule, "value_high");
      return g_strdup_printf (_ ("%s outside of %s to %s"), metric, first, second);
    case MUSTER_ALERT_RULE_RATE:
      first = compare (rule);
      second = format_seconds (rule, "rate_seconds");
      /* Translators: a metric, "above 5", "10 min". */
      return g_strdup_printf (_ ("%s: a change %s in %s"), metric, first, second);
    case MUSTER_ALERT_RULE_MISSING:
      first = format_seconds (rule, "missing_seconds");
      return g_strdup_printf (_ ("%s silent for %s"), metric, first);
    case MUSTER_ALERT_RULE_STATE:
      return describe_state (rule, metric);
    case MUSTER_ALERT_RULE_EXPRESSION:
      return g_strdup (expression != NULL ? expression : "…");
    case MUSTER_ALERT_RULE_OFFLINE:
      first = format_seconds (rule, "missing_seconds");
      return g_strdup_printf (_ ("not reached for %s"), first);
    case MUSTER_ALERT_RULE_ANOMALY:
      return g_strdup_printf (_ ("%s unlike itself"), metric);
    case MUSTER_ALERT_RULE_THRESHOLD:
    default:
      first = compare (rule);
      /* Translators: a metric, and "above 80". */
      return g_strdup_printf (_ ("%s %s"), metric, first);
    }
}

char *
muster_rule_describe (MusterEntity *rule)
{
  g_autofree char *condition = describe_condition (rule);
  g_autofree char *length = NULL;

  if (muster_entity_get_integer (rule, "for_seconds") <= 0)
    return g_steal_pointer (&condition);
  length = muster_duration_format (muster_entity_get_integer (rule, "for_seconds"));
  /* Translators: what a rule watches for, and how long it has to be so. */
  return g_strdup_printf (_ ("%s for %s"), condition, length);
}

char *
muster_scope_describe (MusterSession *session, MusterEntity *record)
{
  static const char *const entities[] = {
    [MUSTER_ALERT_SCOPE_DEVICE] = "device",
    [MUSTER_ALERT_SCOPE_PRODUCT] = "product",
    [MUSTER_ALERT_SCOPE_LOCATION] = "location",
    [MUSTER_ALERT_SCOPE_GROUP] = "device_group",
  };
  int         kind = muster_entity_get_enum (record, "scope_kind");
  const char *name;

  if (kind == MUSTER_ALERT_SCOPE_SITE)
    return g_strdup (_ ("The whole site"));
  name = muster_references_get_name (muster_references_get (session), entities[kind],
                                     muster_entity_get_string (record, "scope_id"));
  return g_strdup (name != NULL ? name : "…");
}
