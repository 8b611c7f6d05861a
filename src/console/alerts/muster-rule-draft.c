/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-rule-draft"

#include "config.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "client/muster-api-json.h"
#include "model/muster-device-event.h"
#include "muster-json-enum.h"
#include "muster-rule-draft.h"

#define BIT(kind) (1u << MUSTER_ALERT_RULE_##kind)
#define OF_METRIC                                                                                  \
  (BIT (THRESHOLD) | BIT (RANGE) | BIT (RATE) | BIT (MISSING) | BIT (STATE) | BIT (ANOMALY))
#define NUMERIC (BIT (THRESHOLD) | BIT (RANGE) | BIT (RATE) | BIT (ANOMALY))

/* Fields that only some kinds have; all others have every kind. */
static const struct
{
  const char *field;
  unsigned    kinds;
} fields[] = {
  { "metric", OF_METRIC },
  { "operator", BIT (THRESHOLD) | BIT (RATE) | BIT (STATE) },
  { "value", NUMERIC },
  { "value_high", BIT (RANGE) },
  { "text", BIT (STATE) },
  { "expression", BIT (EXPRESSION) },
  { "rate_seconds", BIT (RATE) },
  { "missing_seconds", BIT (MISSING) | BIT (OFFLINE) },
  { "for_seconds", NUMERIC | BIT (STATE) | BIT (EXPRESSION) },
  { "hysteresis", BIT (THRESHOLD) | BIT (RANGE) | BIT (RATE) },
  { "steps", BIT (THRESHOLD) | BIT (RATE) | BIT (ANOMALY) },
};

gboolean
muster_rule_kind_has (MusterAlertRuleKind kind, const char *field)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (fields); i++)
    if (g_str_equal (fields[i].field, field))
      return (fields[i].kinds & 1u << kind) != 0;
  return TRUE;
}

int
muster_rule_draft_get_kind (JsonObject *draft)
{
  return muster_json_get_enum (draft, "kind", &muster_alert_rule_kind_enum);
}

static int
get_severity (JsonObject *object)
{
  int severity = muster_json_get_enum (object, "severity", &muster_severity_enum);

  return severity >= 0 ? severity : 1;
}

/* NULL where it says nothing: the first one. */
static int
get_operator (JsonObject *draft)
{
  return MAX (muster_json_get_enum (draft, "operator", &muster_alert_operator_enum),
              MUSTER_ALERT_OPERATOR_GT);
}

static MusterThresholdSide
get_side (JsonObject *draft)
{
  switch (get_operator (draft))
    {
    case MUSTER_ALERT_OPERATOR_GT:
    case MUSTER_ALERT_OPERATOR_GE:
      return MUSTER_THRESHOLD_ABOVE;
    case MUSTER_ALERT_OPERATOR_LT:
    case MUSTER_ALERT_OPERATOR_LE:
      return MUSTER_THRESHOLD_BELOW;
    default:
      return MUSTER_THRESHOLD_NEITHER;
    }
}

static unsigned
add (MusterThreshold    *thresholds,
     unsigned            n,
     double              value,
     int                 severity,
     MusterThresholdSide side,
     const char         *name)
{
  if (isnan (value) || n == MUSTER_RULE_MAX_THRESHOLDS)
    return n;
  thresholds[n] = (MusterThreshold){ value, severity, side, name };
  return n + 1;
}

unsigned
muster_rule_draft_list_thresholds (JsonObject *draft, MusterThreshold *thresholds)
{
  int        kind = muster_rule_draft_get_kind (draft);
  double     value = muster_api_json_get_double (draft, "value", NAN);
  double     high = muster_api_json_get_double (draft, "value_high", NAN);
  int        severity = get_severity (draft);
  JsonArray *steps = muster_api_json_get_array (draft, "steps");
  unsigned   n = 0;

  /* Both ends of a range, or neither: a threshold is known by its place among them. */
  if (kind == MUSTER_ALERT_RULE_RANGE && !isnan (value) && !isnan (high))
    {
      n = add (thresholds, n, value, severity, MUSTER_THRESHOLD_BELOW, _ ("Lower end"));
      return add (thresholds, n, high, severity, MUSTER_THRESHOLD_ABOVE, _ ("Upper end"));
    }
  if (kind != MUSTER_ALERT_RULE_THRESHOLD || isnan (value))
    return 0;
  n = add (thresholds, n, value, severity, get_side (draft), _ ("Threshold"));
  for (unsigned i = 0; steps != NULL && i < json_array_get_length (steps); i++)
    {
      JsonObject *step = muster_api_json_as_object (json_array_get_element (steps, i));

      if (step != NULL)
        n = add (thresholds, n, muster_api_json_get_double (step, "value", NAN),
                 get_severity (step), get_side (draft), _ ("Step"));
    }
  return n;
}

static gboolean
has_text (JsonObject *draft, const char *name)
{
  const char *text = muster_api_json_get_string (draft, name);

  return text != NULL && *text != '\0';
}

gboolean
muster_rule_draft_is_whole (JsonObject *draft)
{
  int      kind = muster_rule_draft_get_kind (draft);
  gboolean scoped = g_strcmp0 (muster_api_json_get_string (draft, "scope_kind"), "site") == 0 ||
                    has_text (draft, "scope_id");

  if (kind < 0 || !scoped)
    return FALSE;
  if (muster_rule_kind_has (kind, "metric") && !has_text (draft, "metric"))
    return FALSE;
  switch (kind)
    {
    case MUSTER_ALERT_RULE_THRESHOLD:
      return !isnan (muster_api_json_get_double (draft, "value", NAN));
    case MUSTER_ALERT_RULE_RANGE:
      return muster_api_json_get_double (draft, "value", NAN) <
             muster_api_json_get_double (draft, "value_high", NAN);
    case MUSTER_ALERT_RULE_RATE:
      return !isnan (muster_api_json_get_double (draft, "value", NAN)) &&
             muster_api_json_get_integer (draft, "rate_seconds", 0) > 0;
    case MUSTER_ALERT_RULE_MISSING:
    case MUSTER_ALERT_RULE_OFFLINE:
      return muster_api_json_get_integer (draft, "missing_seconds", 0) > 0;
    case MUSTER_ALERT_RULE_STATE:
      return has_text (draft, "text");
    case MUSTER_ALERT_RULE_EXPRESSION:
      return has_text (draft, "expression");
    default:
      return TRUE;
    }
}

const char *
muster_rule_find_metric (GPtrArray *metrics, const char *pattern)
{
  for (unsigned i = 0; pattern != NULL && i < metrics->len; i++)
    if (g_pattern_match_simple (pattern, metrics->pdata[i]))
      return metrics->pdata[i];
  return NULL;
}
