/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-plan"

#include "config.h"

#include <math.h>
#include <string.h>

#include "model/muster-device-event.h"
#include "muster-alert-plan.h"

/* --- life --- */

static void
muster_alert_plan_clear (gpointer data)
{
  MusterAlertPlan *self = data;

  g_free (self->id);
  g_free (self->name);
  g_free (self->metric);
  g_clear_pointer (&self->pattern, g_pattern_spec_free);
  g_free (self->text);
  g_clear_pointer (&self->expression, muster_expression_free);
  g_free (self->scope_id);
  g_clear_pointer (&self->quiet, muster_alert_windows_free);
  g_free (self->calendar_id);
  g_free (self->message);
}

MusterAlertPlan *
muster_alert_plan_ref (MusterAlertPlan *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

void
muster_alert_plan_unref (MusterAlertPlan *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, muster_alert_plan_clear);
}

/* --- compiling --- */

/* What the kinds need. */
typedef enum
{
  NEEDS_METRIC = 1 << 0,
  NEEDS_VALUE = 1 << 1,
  NEEDS_HIGH = 1 << 2,
  NEEDS_TEXT = 1 << 3,
  NEEDS_EXPRESSION = 1 << 4,
  NEEDS_RATE = 1 << 5,
  NEEDS_MISSING = 1 << 6,
  TAKES_STEPS = 1 << 7,
} Needs;

/* clang-format off */
static const Needs needs[] = {
  [MUSTER_ALERT_RULE_THRESHOLD] = NEEDS_METRIC | NEEDS_VALUE | TAKES_STEPS,
  [MUSTER_ALERT_RULE_RANGE] = NEEDS_METRIC | NEEDS_VALUE | NEEDS_HIGH | TAKES_STEPS,
  [MUSTER_ALERT_RULE_RATE] = NEEDS_METRIC | NEEDS_VALUE | NEEDS_RATE | TAKES_STEPS,
  [MUSTER_ALERT_RULE_MISSING] = NEEDS_METRIC | NEEDS_MISSING,
  [MUSTER_ALERT_RULE_STATE] = NEEDS_METRIC | NEEDS_TEXT,
  [MUSTER_ALERT_RULE_EXPRESSION] = NEEDS_EXPRESSION | TAKES_STEPS,
  [MUSTER_ALERT_RULE_OFFLINE] = 0,
  [MUSTER_ALERT_RULE_ANOMALY] = NEEDS_METRIC | NEEDS_VALUE | TAKES_STEPS,
};

static const struct { Needs need; const char *field; const char *detail; } needed[] = {
  { NEEDS_METRIC, "metric", "must name the metric, or a pattern of names" },
  { NEEDS_VALUE, "value", "must say the threshold" },
  { NEEDS_HIGH, "value_high", "must say the upper end of the range" },
  { NEEDS_TEXT, "text", "must say the state" },
  { NEEDS_EXPRESSION, "expression", "must say the condition, such as inlet - outlet > 5" },
  { NEEDS_RATE, "rate_seconds", "must say in what time the change counts" },
  { NEEDS_MISSING, "missing_seconds", "must say after how long without a sample" },
};
/* clang-format on */

static void
check_needs (MusterEntity *rule, MusterFieldErrors *errors)
{
  for (size_t i = 0; i < G_N_ELEMENTS (needed); i++)
    {
      g_autofree char *pointer = g_strconcat ("/", needed[i].field, NULL);

      if ((needs[muster_entity_get_enum (rule, "kind")] & needed[i].need) != 0 &&
          muster_entity_is_null (rule, needed[i].field))
        muster_field_errors_add (errors, pointer, "%s", needed[i].detail);
    }
}

static void
check_scope (MusterEntity *rule, MusterFieldErrors *errors)
{
  gboolean is_site = muster_entity_get_enum (rule, "scope_kind") == MUSTER_ALERT_SCOPE_SITE;

  if (is_site && !muster_entity_is_null (rule, "scope_id"))
    muster_field_errors_add (errors, "/scope_id", "must be left out for the whole site");
  else if (!is_site && muster_entity_is_null (rule, "scope_id"))
    muster_field_errors_add (errors, "/scope_id", "must name the %s, or scope_kind be site",
                             muster_entity_get_string (rule, "scope_kind"));
}

static gboolean
get_number (JsonObject *object, const char *member, double *value)
{
  JsonNode *node = json_object_get_member (object, member);
  GType     type =
    node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;

  if (type != G_TYPE_INT64 && type != G_TYPE_DOUBLE)
    return FALSE;
  *value = json_node_get_double (node);
  return isfinite (*value);
}

static const char *
get_string (JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
             json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node)
           : NULL;
}

/* Whether LEVEL lies beyond the one BEFORE it, so that reaching it means having passed that. */
static gboolean
level_is_beyond (const MusterAlertPlan *self, const MusterAlertLevel *level)
{
  const MusterAlertLevel *before = level - 1;

  if (self->kind == MUSTER_ALERT_RULE_RANGE)
    return level->value <= before->value && level->high >= before->high;
  switch (self->op)
    {
    case MUSTER_ALERT_OPERATOR_GT:
    case MUSTER_ALERT_OPERATOR_GE:
      return level->value > before->value;
    case MUSTER_ALERT_OPERATOR_LT:
    case MUSTER_ALERT_OPERATOR_LE:
      return level->value < before->value;
    case MUSTER_ALERT_OPERATOR_EQ:
    case MUSTER_ALERT_OPERATOR_NE:
    default:
      return FALSE;
    }
}

static void
add_step (MusterAlertPlan *self, JsonNode *node, unsigned index, MusterFieldErrors *errors)
{
  MusterAlertLevel *level = &self->levels[self->n_levels];
  g_autofree char  *pointer = g_strdup_printf ("/steps/%u", index);
  JsonObject       *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char       *nick = object != NULL ? get_string (object, "severity") : NULL;

  level->severity = nick != NULL ? muster_enum_parse (&muster_severity_enum, nick) : -1;
  if (level->severity < 0 || !get_number (object, "value", &level->value))
    muster_field_errors_add (errors, pointer,
                             "must have a severity (info, warning, error) and a value, such as "
                             "{\"severity\":\"error\",\"value\":90}");
  else if (self->kind == MUSTER_ALERT_RULE_RANGE &&
           !get_number (object, "value_high", &level->high))
    muster_field_errors_add (errors, pointer, "must have a value_high too, as it is of a range");
  else if (level->severity <= level[-1].severity || !level_is_beyond (self, level))
    muster_field_errors_add (errors, pointer,
                             "must be more severe than the one before, and lie beyond it");
  else
    self->n_levels++;
}

static void
add_steps (MusterAlertPlan *self, const char *json, MusterFieldErrors *errors)
{
  g_autoptr (JsonNode) node = json != NULL ? json_from_string (json, NULL) : NULL;
  JsonArray *array = NULL;

  if (json == NULL || (node != NULL && JSON_NODE_HOLDS_NULL (node)))
    return;
  array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  if (array == NULL || json_array_get_length (array) >= MUSTER_ALERT_MAX_LEVELS)
    muster_field_errors_add (errors, "/steps", "must be a list of at most %d steps",
                             MUSTER_ALERT_MAX_LEVELS - 1);
  else if (json_array_get_length (array) > 0 &&
           (!(needs[self->kind] & TAKES_STEPS) || !self->has_value))
    muster_field_errors_add (errors, "/steps", "must be left out: there is no value to step from");
  else
    for (guint i = 0; i < json_array_get_length (array); i++)
      add_step (self, json_array_get_element (array, i), i, errors);
}

static void
read_values (MusterAlertPlan *self, MusterEntity *rule, MusterFieldErrors *errors)
{
  self->levels[0].severity = muster_entity_get_enum (rule, "severity");
  self->levels[0].value = muster_entity_get_double (rule, "value");
  self->levels[0].high = muster_entity_get_double (rule, "value_high");
  self->n_levels = 1;
  self->has_value = !muster_entity_is_null (rule, "value");
  self->hysteresis = muster_entity_get_double (rule, "hysteresis");
  if (self->hysteresis < 0)
    muster_field_errors_add (errors, "/hysteresis", "must be at least 0");
  if (self->kind == MUSTER_ALERT_RULE_RANGE && self->levels[0].value > self->levels[0].high)
    muster_field_errors_add (errors, "/value_high", "must not be less than value");
  add_steps (self, muster_entity_get_string (rule, "steps"), errors);
}

static void
read_expression (MusterAlertPlan *self, MusterEntity *rule, MusterFieldErrors *errors)
{
  const char *text = muster_entity_get_string (rule, "expression");
  unsigned    n_variables = 0;
  g_autoptr (GError) cause = NULL;

  if (self->kind != MUSTER_ALERT_RULE_EXPRESSION || text == NULL)
    return;
  self->expression = muster_expression_new (text, &cause);
  if (self->expression == NULL)
    muster_field_errors_add (errors, "/expression", "%s", cause->message);
  else if (muster_expression_get_variables (self->expression, &n_variables), n_variables == 0)
    muster_field_errors_add (errors, "/expression", "must name at least one metric");
}

static void
read_metric (MusterAlertPlan *self, MusterEntity *rule)
{
  if (!(needs[self->kind] & NEEDS_METRIC))
    return;
  self->metric = g_strdup (muster_entity_get_string (rule, "metric"));
  if (self->metric != NULL && strpbrk (self->metric, "*?") != NULL)
    self->pattern = g_pattern_spec_new (self->metric);
}

static void
read_texts (MusterAlertPlan *self, MusterEntity *rule)
{
  self->id = g_strdup (muster_entity_get_id (rule));
  self->name = g_strdup (muster_entity_get_string (rule, "name"));
  self->text = g_strdup (muster_entity_get_string (rule, "text"));
  self->scope_id = g_strdup (muster_entity_get_string (rule, "scope_id"));
  self->calendar_id = g_strdup (muster_entity_get_string (rule, "calendar_id"));
  self->message = g_strdup (muster_entity_get_string (rule, "message"));
}

static gint64
get_seconds (MusterEntity *rule, const char *field)
{
  return muster_entity_get_integer (rule, field) * G_USEC_PER_SEC;
}

MusterAlertPlan *
muster_alert_plan_new (MusterEntity *rule, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (MusterAlertPlan) self = NULL;

  g_return_val_if_fail (MUSTER_IS_ALERT_RULE (rule), NULL);

  self = g_atomic_rc_box_new0 (MusterAlertPlan);
  self->kind = muster_entity_get_enum (rule, "kind");
  self->op = muster_entity_get_enum (rule, "operator");
  self->enabled = muster_entity_get_boolean (rule, "enabled");
  self->scope = muster_entity_get_enum (rule, "scope_kind");
  self->rate = get_seconds (rule, "rate_seconds");
  self->duration = get_seconds (rule, "for_seconds");
  self->missing = get_seconds (rule, "missing_seconds");
  if (self->kind == MUSTER_ALERT_RULE_OFFLINE)
    self->duration = MAX (self->duration, self->missing);
  read_texts (self, rule);
  read_metric (self, rule);
  check_needs (rule, errors);
  check_scope (rule, errors);
  read_values (self, rule, errors);
  read_expression (self, rule, errors);
  self->quiet = muster_alert_windows_parse (muster_entity_get_string (rule, "quiet_hours"),
                                            "/quiet_hours", errors);
  return muster_field_errors_check (errors, error) ? g_steal_pointer (&self) : NULL;
}

gboolean
muster_alert_plan_check_rule (MusterEntity *rule, GError **error)
{
  g_autoptr (MusterAlertPlan) plan = muster_alert_plan_new (rule, error);

  return plan != NULL;
}

/* --- asking --- */

gboolean
muster_alert_plan_takes (const MusterAlertPlan *self, const char *metric)
{
  if (self->metric == NULL)
    return FALSE;
  return self->pattern != NULL ? g_pattern_spec_match_string (self->pattern, metric)
                               : strcmp (self->metric, metric) == 0;
}

/* Numbers are compared as numbers where the rule's text is one, so that "1" is 1.0. */
static gboolean
is_text (const char *text, double value)
{
  char  *end = NULL;
  double number = g_ascii_strtod (text, &end);

  return end != text && *end == '\0' && number == value;
}

static gboolean
sample_is (const MusterSample *sample, const char *text)
{
  switch (sample->type)
    {
    case MUSTER_SAMPLE_STRING:
      return strcmp (sample->text, text) == 0;
    case MUSTER_SAMPLE_BOOLEAN:
      return strcmp (text, sample->boolean ? "true" : "false") == 0 ||
             is_text (text, sample->boolean);
    case MUSTER_SAMPLE_INTEGER:
      return is_text (text, (double)sample->integer);
    case MUSTER_SAMPLE_DOUBLE:
      return is_text (text, sample->number);
    case MUSTER_SAMPLE_NULL:
    default:
      return FALSE;
    }
}

static gboolean
sample_get_number (const MusterSample *sample, double *value)
{
  switch (sample->type)
    {
    case MUSTER_SAMPLE_BOOLEAN:
      *value = sample->boolean;
      return TRUE;
    case MUSTER_SAMPLE_INTEGER:
      *value = (double)sample->integer;
      return TRUE;
    case MUSTER_SAMPLE_DOUBLE:
      *value = sample->number;
      return isfinite (sample->number);
    case MUSTER_SAMPLE_STRING:
    case MUSTER_SAMPLE_NULL:
    default:
      return FALSE;
    }
}

/* A value that cannot be is marked as bad for that: whoever watches its range wants to hear of
 * it. */
static gboolean
is_beyond (const MusterAlertPlan *self, const MusterSample *sample)
{
  double value = NAN;

  return self->kind == MUSTER_ALERT_RULE_RANGE && sample_get_number (sample, &value) &&
         muster_alert_plan_holds (self, 0, value, FALSE);
}

gboolean
muster_alert_plan_read (const MusterAlertPlan *self, const MusterSample *sample, double *value)
{
  if ((sample->flags & MUSTER_SAMPLE_STALE) != 0 || sample->type == MUSTER_SAMPLE_NULL ||
      ((sample->flags & MUSTER_SAMPLE_BAD) != 0 && !is_beyond (self, sample)))
    return FALSE;
  if (self->kind != MUSTER_ALERT_RULE_STATE)
    return sample_get_number (sample, value) || self->kind == MUSTER_ALERT_RULE_MISSING;
  *value = sample_is (sample, self->text);
  return TRUE;
}

static gboolean
compare (MusterAlertOperator op, double value, double threshold, double hysteresis)
{
  switch (op)
    {
    case MUSTER_ALERT_OPERATOR_GT:
      return value > threshold - hysteresis;
    case MUSTER_ALERT_OPERATOR_GE:
      return hysteresis > 0 ? value > threshold - hysteresis : value >= threshold;
    case MUSTER_ALERT_OPERATOR_LT:
      return value < threshold + hysteresis;
    case MUSTER_ALERT_OPERATOR_LE:
      return hysteresis > 0 ? value < threshold + hysteresis : value <= threshold;
    case MUSTER_ALERT_OPERATOR_EQ:
      return fabs (value - threshold) <= hysteresis;
    case MUSTER_ALERT_OPERATOR_NE:
    default:
      return value != threshold;
    }
}

gboolean
muster_alert_plan_holds (const MusterAlertPlan *self, unsigned level, double value, gboolean held)
{
  const MusterAlertLevel *limit = &self->levels[level];
  double                  hysteresis = held ? self->hysteresis : 0;

  switch (self->kind)
    {
    case MUSTER_ALERT_RULE_RANGE:
      return value < limit->value + hysteresis || value > limit->high - hysteresis;
    case MUSTER_ALERT_RULE_STATE:
      return self->op == MUSTER_ALERT_OPERATOR_NE ? value == 0 : value != 0;
    case MUSTER_ALERT_RULE_MISSING:
    case MUSTER_ALERT_RULE_OFFLINE:
      return value != 0;
    case MUSTER_ALERT_RULE_EXPRESSION:
      if (!self->has_value)
        return value != 0;
      return compare (self->op, value, limit->value, hysteresis);
    case MUSTER_ALERT_RULE_THRESHOLD:
    case MUSTER_ALERT_RULE_RATE:
    case MUSTER_ALERT_RULE_ANOMALY:
    default:
      return compare (self->op, value, limit->value, hysteresis);
    }
}

double
muster_alert_plan_get_threshold (const MusterAlertPlan *self, unsigned level, double value)
{
  const MusterAlertLevel *limit = &self->levels[MIN (level, self->n_levels - 1)];

  if (self->kind == MUSTER_ALERT_RULE_RANGE)
    return value > limit->high ? limit->high : limit->value;
  return self->has_value ? limit->value : NAN;
}
