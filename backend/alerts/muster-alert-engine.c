/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-engine"

#include "config.h"

#include <math.h>
#include <string.h>

#include "muster-alert-engine-private.h"

/* More metrics than this and a device is given an index of its own. */
#define MANY_SLOTS 16

/* --- life --- */

static void
slot_free (gpointer data)
{
  MusterAlertSlot *self = data;

  g_ref_string_release (self->metric);
  g_free (self->text);
  g_clear_pointer (&self->bounds, g_ptr_array_unref);
  g_free (self);
}

static void
device_free (gpointer data)
{
  MusterAlertDevice *self = data;

  g_clear_pointer (&self->by_metric, g_hash_table_unref);
  g_ptr_array_unref (self->bounds);
  g_ptr_array_unref (self->slots);
  g_clear_pointer (&self->groups, g_ptr_array_unref);
  g_clear_pointer (&self->product_id, g_ref_string_release);
  g_clear_pointer (&self->location_id, g_ref_string_release);
  g_ref_string_release (self->id);
  g_free (self);
}

MusterAlertEngine *
muster_alert_engine_new (const MusterAlertEngineHooks *hooks)
{
  MusterAlertEngine *self = NULL;

  g_return_val_if_fail (hooks != NULL && hooks->transition != NULL, NULL);

  self = g_new0 (MusterAlertEngine, 1);
  self->hooks = *hooks;
  self->devices = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, device_free);
  self->places =
    g_hash_table_new_full (g_direct_hash, g_direct_equal, (GDestroyNotify)g_ref_string_release,
                           (GDestroyNotify)g_ref_string_release);
  self->rules = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, muster_alert_rule_entry_free);
  self->scopes =
    g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, muster_alert_scope_index_free);
  self->timers = muster_alert_timers_new ();
  self->waiting = g_ptr_array_new ();
  return self;
}

void
muster_alert_engine_free (MusterAlertEngine *self)
{
  g_ptr_array_unref (self->waiting);
  g_ptr_array_unref (self->timers);
  g_hash_table_unref (self->scopes);
  g_hash_table_unref (self->devices);
  g_hash_table_unref (self->rules);
  g_hash_table_unref (self->places);
  g_free (self);
}

/* --- evaluating --- */

static void
tell (MusterAlertEngine *self, MusterAlertBound *bound, MusterAlertOutcome outcome)
{
  const MusterAlertCondition *condition = &bound->condition;
  MusterAlertTransition       transition = {
          .outcome = outcome,
          .plan = bound->rule->plan,
          .device_id = bound->device->id,
          .metric = bound->slot != NULL ? bound->slot->metric : NULL,
          .level = condition->level,
          .value = condition->value,
          .threshold = muster_alert_plan_get_threshold (bound->rule->plan,
                                                  condition->level > 0 ? condition->level - 1 : 0,
                                                        condition->value),
          .since = muster_alert_condition_get_since (condition),
  };

  self->hooks.transition (&transition, self->hooks.user_data);
}

void
muster_alert_engine_settle (MusterAlertEngine *self,
                            MusterAlertBound  *bound,
                            MusterAlertOutcome outcome)
{
  muster_alert_timers_set (self->timers, &bound->timer, bound->condition.deadline);
  if (outcome != MUSTER_ALERT_UNCHANGED)
    tell (self, bound, outcome);
}

static void
feed (MusterAlertEngine *self, MusterAlertBound *bound, double value, gint64 at, gint64 now)
{
  muster_alert_engine_settle (self, bound,
                              muster_alert_condition_feed (&bound->condition, bound->rule->plan,
                                                           value, at, now, self->hooks.gate,
                                                           self->hooks.user_data));
}

static void
evaluate_sample (MusterAlertEngine  *self,
                 MusterAlertBound   *bound,
                 const MusterSample *sample,
                 gint64              now)
{
  double value = NAN;

  if (muster_alert_plan_read (bound->rule->plan, sample, &value))
    feed (self, bound, value, sample->time, now);
  else
    bound->condition.reason = MUSTER_ALERT_REASON_NO_DATA;
}

static void
evaluate_expression (MusterAlertEngine *self, MusterAlertBound *bound, gint64 now)
{
  const MusterAlertPlan *plan = bound->rule->plan;
  double                 values[MUSTER_EXPRESSION_MAX_VARIABLES];
  unsigned               n_values = 0;
  double                 result = NAN;
  gint64                 at = 0;

  muster_expression_get_variables (plan->expression, &n_values);
  for (unsigned i = 0; i < n_values; i++)
    {
      const MusterSample *last = &bound->inputs[i]->last;

      values[i] = NAN;
      muster_alert_plan_read (plan, last, &values[i]);
      at = MAX (at, last->time);
    }
  result = muster_expression_evaluate (plan->expression, values);
  if (isnan (result))
    bound->condition.reason = MUSTER_ALERT_REASON_NO_DATA;
  else
    feed (self, bound, result, at, now);
}

/* An unknown state says nothing, for better or worse. */
static void
evaluate_live (MusterAlertEngine *self, MusterAlertBound *bound, gint64 now)
{
  MusterAlertDevice *device = bound->device;

  if (!device->watched || device->live == MUSTER_LIVE_ONLINE)
    feed (self, bound, 0, now, now);
  else if (device->live == MUSTER_LIVE_OFFLINE)
    muster_alert_engine_settle (self, bound,
                                muster_alert_condition_begin (&bound->condition, bound->rule->plan,
                                                              device->live_since, now,
                                                              self->hooks.gate,
                                                              self->hooks.user_data));
}

void
muster_alert_engine_evaluate (MusterAlertEngine *self, MusterAlertBound *bound, gint64 now)
{
  switch (bound->rule->plan->kind)
    {
    case MUSTER_ALERT_RULE_OFFLINE:
      evaluate_live (self, bound, now);
      return;
    case MUSTER_ALERT_RULE_EXPRESSION:
      evaluate_expression (self, bound, now);
      return;
    case MUSTER_ALERT_RULE_MISSING:
      /* Whoever has just begun to look does not know how long nobody came. */
      if (bound->condition.level == 0 || bound->slot->last.time == 0)
        {
          muster_alert_condition_expect (&bound->condition, bound->rule->plan, now);
          muster_alert_engine_settle (self, bound, MUSTER_ALERT_UNCHANGED);
        }
      return;
    case MUSTER_ALERT_RULE_ANOMALY:
      return;
    case MUSTER_ALERT_RULE_THRESHOLD:
    case MUSTER_ALERT_RULE_RANGE:
    case MUSTER_ALERT_RULE_RATE:
    case MUSTER_ALERT_RULE_STATE:
    default:
      if (bound->slot->last.time != 0)
        evaluate_sample (self, bound, &bound->slot->last, now);
      return;
    }
}

/* --- series --- */

static MusterAlertSlot *
find_slot (MusterAlertDevice *device, const char *metric)
{
  if (device->by_metric != NULL)
    return g_hash_table_lookup (device->by_metric, metric);
  for (guint i = 0; i < device->slots->len; i++)
    {
      MusterAlertSlot *slot = device->slots->pdata[i];

      if (strcmp (slot->metric, metric) == 0)
        return slot;
    }
  return NULL;
}

static void
index_slots (MusterAlertDevice *device, MusterAlertSlot *slot)
{
  if (device->by_metric != NULL)
    g_hash_table_insert (device->by_metric, slot->metric, slot);
  if (device->by_metric != NULL || device->slots->len <= MANY_SLOTS)
    return;
  device->by_metric = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < device->slots->len; i++)
    {
      MusterAlertSlot *each = device->slots->pdata[i];

      g_hash_table_insert (device->by_metric, each->metric, each);
    }
}

MusterAlertSlot *
muster_alert_engine_get_slot (MusterAlertEngine *self,
                              MusterAlertDevice *device,
                              const char        *metric,
                              gint64             now)
{
  MusterAlertSlot *slot = find_slot (device, metric);

  if (slot != NULL)
    return slot;
  slot = g_new0 (MusterAlertSlot, 1);
  slot->metric = g_ref_string_new_intern (metric);
  g_ptr_array_add (device->slots, slot);
  index_slots (device, slot);
  muster_alert_engine_bind_slot (self, device, slot, now);
  return slot;
}

gboolean
muster_alert_slot_store (MusterAlertSlot *slot, const MusterSample *sample, gint64 now)
{
  if (sample->time < slot->last.time && now - slot->came < MUSTER_ALERT_CLOCK_PATIENCE)
    return FALSE;
  slot->came = now;
  slot->last = *sample;
  slot->last.metric = slot->metric;
  if (sample->type == MUSTER_SAMPLE_STRING)
    {
      g_set_str (&slot->text, sample->text);
      slot->last.text = slot->text;
    }
  return TRUE;
}

void
muster_alert_engine_wait (MusterAlertEngine *self, MusterAlertBound *bound)
{
  if (bound->waits)
    return;
  bound->waits = TRUE;
  g_ptr_array_add (self->waiting, bound);
}

/* Rules are told of a late sample all the same: they say why nothing came of it. */
static void
feed_slot (MusterAlertEngine *self, MusterAlertSlot *slot, const MusterSample *sample, gint64 now)
{
  gboolean is_newest = muster_alert_slot_store (slot, sample, now);

  for (guint i = 0; slot->bounds != NULL && i < slot->bounds->len; i++)
    {
      MusterAlertBound *bound = slot->bounds->pdata[i];

      if (bound->inputs != NULL)
        {
          if (is_newest)
            muster_alert_engine_wait (self, bound);
        }
      else if (bound->rule->plan->kind != MUSTER_ALERT_RULE_ANOMALY)
        evaluate_sample (self, bound, sample, now);
    }
}

/* What looks at several metrics sees all of a message together. */
static void
feed_waiting (MusterAlertEngine *self, gint64 now)
{
  for (guint i = 0; i < self->waiting->len; i++)
    {
      MusterAlertBound *bound = self->waiting->pdata[i];

      bound->waits = FALSE;
      evaluate_expression (self, bound, now);
    }
  g_ptr_array_set_size (self->waiting, 0);
}

/* Devices send the same metrics in the same order. */
static MusterAlertSlot *
guess_slot (MusterAlertEngine *self,
            MusterAlertDevice *device,
            const char        *metric,
            unsigned           position,
            gint64             now)
{
  MusterAlertSlot *slot = position < device->slots->len ? device->slots->pdata[position] : NULL;

  return slot != NULL && strcmp (slot->metric, metric) == 0
           ? slot
           : muster_alert_engine_get_slot (self, device, metric, now);
}

void
muster_alert_engine_feed (MusterAlertEngine *self, MusterSampleBatch *batch, gint64 now)
{
  MusterAlertDevice  *device = NULL;
  unsigned            n_samples = 0;
  const MusterSample *samples = muster_sample_batch_get (batch, &n_samples);

  device = g_hash_table_lookup (self->devices, muster_sample_batch_get_device_id (batch));
  if (device == NULL)
    return;
  for (unsigned i = 0; i < n_samples; i++)
    {
      MusterAlertSlot *slot = guess_slot (self, device, samples[i].metric, i, now);

      feed_slot (self, slot, &samples[i], now);
    }
  feed_waiting (self, now);
}

/* --- devices, places --- */

static char *
intern (const char *text)
{
  return text != NULL ? g_ref_string_new_intern (text) : NULL;
}

static gboolean
set_interned (char **field, const char *text)
{
  char *value = intern (text);
  char *before = *field;

  *field = value;
  if (before != NULL)
    g_ref_string_release (before);
  return before != value;
}

static MusterAlertDevice *
device_new (const char *id)
{
  MusterAlertDevice *self = g_new0 (MusterAlertDevice, 1);

  self->id = g_ref_string_new_intern (id);
  self->slots = g_ptr_array_new_with_free_func (slot_free);
  self->bounds = g_ptr_array_new_with_free_func (muster_alert_bound_free);
  return self;
}

/* A rule that no longer looks at it takes its alert back. */
static void
drop (MusterAlertEngine *self, MusterAlertBound *bound)
{
  if (bound->condition.level > 0)
    {
      bound->condition.level = 0;
      tell (self, bound, MUSTER_ALERT_CLEARED);
    }
  muster_alert_engine_unbind (self, bound);
}

/* What the device is, or where it stands, has changed. */
static void
rebind (MusterAlertEngine *self, MusterAlertDevice *device, gint64 now)
{
  for (guint i = device->bounds->len; i > 0; i--)
    {
      MusterAlertBound *bound = device->bounds->pdata[i - 1];

      if (!muster_alert_engine_rule_covers (self, bound->rule, device))
        drop (self, bound);
    }
  for (guint i = 0; i < device->slots->len; i++)
    muster_alert_engine_bind_slot (self, device, device->slots->pdata[i], now);
  muster_alert_engine_bind_device (self, device, now);
}

static MusterAlertDevice *
take_device (MusterAlertEngine *self, const char *id)
{
  MusterAlertDevice *device = g_hash_table_lookup (self->devices, id);

  if (device == NULL)
    {
      device = device_new (id);
      g_hash_table_insert (self->devices, device->id, device);
    }
  return device;
}

static void
evaluate_lives (MusterAlertEngine *self, MusterAlertDevice *device, gint64 now)
{
  for (guint i = 0; i < device->bounds->len; i++)
    {
      MusterAlertBound *bound = device->bounds->pdata[i];

      if (bound->rule->plan->kind == MUSTER_ALERT_RULE_OFFLINE)
        evaluate_live (self, bound, now);
    }
}

void
muster_alert_engine_set_device (MusterAlertEngine *self,
                                const char        *id,
                                const char        *product_id,
                                const char        *location_id,
                                gboolean           watched,
                                gint64             now)
{
  gboolean           is_new = !g_hash_table_contains (self->devices, id);
  MusterAlertDevice *device = take_device (self, id);
  gboolean           changed = set_interned (&device->product_id, product_id);

  changed = set_interned (&device->location_id, location_id) || changed;
  if (is_new || changed)
    rebind (self, device, now);
  if (device->watched == watched)
    return;
  device->watched = watched;
  evaluate_lives (self, device, now);
}

/* In the same order, as the database gives them. */
static gboolean
has_groups (MusterAlertDevice *device, const char *const *groups)
{
  guint n_groups = groups != NULL ? g_strv_length ((char **)groups) : 0;

  if (device->groups == NULL || device->groups->len != n_groups)
    return device->groups == NULL && n_groups == 0;
  for (guint i = 0; i < n_groups; i++)
    if (!g_str_equal (device->groups->pdata[i], groups[i]))
      return FALSE;
  return TRUE;
}

void
muster_alert_engine_set_groups (MusterAlertEngine *self,
                                const char        *id,
                                const char *const *groups,
                                gint64             now)
{
  MusterAlertDevice *device = g_hash_table_lookup (self->devices, id);

  if (device == NULL || has_groups (device, groups))
    return;
  g_clear_pointer (&device->groups, g_ptr_array_unref);
  if (groups != NULL && *groups != NULL)
    device->groups = g_ptr_array_new_with_free_func ((GDestroyNotify)g_ref_string_release);
  for (; groups != NULL && *groups != NULL; groups++)
    g_ptr_array_add (device->groups, g_ref_string_new_intern (*groups));
  rebind (self, device, now);
}

void
muster_alert_engine_remove_device (MusterAlertEngine *self, const char *id)
{
  MusterAlertDevice *device = g_hash_table_lookup (self->devices, id);

  if (device == NULL)
    return;
  while (device->bounds->len > 0)
    muster_alert_engine_unbind (self, device->bounds->pdata[device->bounds->len - 1]);
  g_hash_table_remove (self->devices, id);
}

void
muster_alert_engine_set_place (MusterAlertEngine *self, const char *id, const char *parent_id)
{
  if (parent_id != NULL)
    g_hash_table_replace (self->places, intern (id), intern (parent_id));
  else
    {
      char *key = intern (id);

      g_hash_table_remove (self->places, key);
      g_ref_string_release (key);
    }
}

/* --- rules --- */

void
muster_alert_engine_remove_rule (MusterAlertEngine *self, const char *id)
{
  MusterAlertRuleEntry *rule = g_hash_table_lookup (self->rules, id);

  if (rule == NULL)
    return;
  while (rule->bounds->len > 0)
    muster_alert_engine_unbind (self, rule->bounds->pdata[rule->bounds->len - 1]);
  muster_alert_engine_unindex_rule (self, rule);
  g_hash_table_remove (self->rules, id);
}

void
muster_alert_engine_set_rule (MusterAlertEngine *self, MusterAlertPlan *plan, gint64 now)
{
  MusterAlertRuleEntry *rule = NULL;
  GHashTableIter        iter;
  MusterAlertDevice    *device = NULL;

  muster_alert_engine_remove_rule (self, plan->id);
  if (!plan->enabled)
    return;
  rule = muster_alert_rule_entry_new (plan);
  g_hash_table_insert (self->rules, rule->plan->id, rule);
  muster_alert_engine_index_rule (self, rule);
  if (plan->scope == MUSTER_ALERT_SCOPE_DEVICE)
    {
      device = g_hash_table_lookup (self->devices, rule->scope_id);
      if (device != NULL)
        muster_alert_engine_bind_rule (self, rule, device, now);
      return;
    }
  g_hash_table_iter_init (&iter, self->devices);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&device))
    if (muster_alert_engine_rule_covers (self, rule, device))
      muster_alert_engine_bind_rule (self, rule, device, now);
}

MusterAlertPlan *
muster_alert_engine_get_plan (MusterAlertEngine *self, const char *id)
{
  MusterAlertRuleEntry *rule = g_hash_table_lookup (self->rules, id);

  return rule != NULL ? rule->plan : NULL;
}

/* --- what happens --- */

void
muster_alert_engine_set_live (MusterAlertEngine *self,
                              const char        *device_id,
                              MusterLiveState    state,
                              gint64             since,
                              gint64             now)
{
  MusterAlertDevice *device = g_hash_table_lookup (self->devices, device_id);

  if (device == NULL || device->live == state)
    return;
  device->live = state;
  device->live_since = since > 0 ? since : now;
  evaluate_lives (self, device, now);
}

void
muster_alert_engine_report_anomaly (MusterAlertEngine *self,
                                    const char        *device_id,
                                    const char        *metric,
                                    double             score,
                                    gint64             at,
                                    gint64             now)
{
  MusterAlertDevice *device = g_hash_table_lookup (self->devices, device_id);
  MusterAlertSlot   *slot = NULL;

  if (device == NULL || !isfinite (score))
    return;
  slot = muster_alert_engine_get_slot (self, device, metric, now);
  for (guint i = 0; slot->bounds != NULL && i < slot->bounds->len; i++)
    {
      MusterAlertBound *bound = slot->bounds->pdata[i];

      if (bound->rule->plan->kind == MUSTER_ALERT_RULE_ANOMALY)
        feed (self, bound, score, at, now);
    }
}

void
muster_alert_engine_tick (MusterAlertEngine *self, gint64 now)
{
  MusterAlertTimer *timer = NULL;

  while ((timer = muster_alert_timers_pop (self->timers, now)) != NULL)
    {
      MusterAlertBound *bound = (MusterAlertBound *)timer;

      muster_alert_engine_settle (self, bound,
                                  muster_alert_condition_tick (&bound->condition, bound->rule->plan,
                                                               now, self->hooks.gate,
                                                               self->hooks.user_data));
    }
}

gint64
muster_alert_engine_get_deadline (MusterAlertEngine *self)
{
  return muster_alert_timers_get_next (self->timers);
}

/* --- questions --- */

MusterAlertBound *
muster_alert_engine_find_bound (MusterAlertEngine *self,
                                const char        *rule_id,
                                const char        *device_id,
                                const char        *metric)
{
  MusterAlertDevice    *device = g_hash_table_lookup (self->devices, device_id);
  MusterAlertRuleEntry *rule = g_hash_table_lookup (self->rules, rule_id);

  for (guint i = 0; device != NULL && rule != NULL && i < device->bounds->len; i++)
    {
      MusterAlertBound *bound = device->bounds->pdata[i];

      if (bound->rule == rule &&
          g_strcmp0 (bound->slot != NULL ? bound->slot->metric : NULL, metric) == 0)
        return bound;
    }
  return NULL;
}

const MusterAlertCondition *
muster_alert_engine_find (MusterAlertEngine *self,
                          const char        *rule_id,
                          const char        *device_id,
                          const char        *metric)
{
  MusterAlertBound *bound = muster_alert_engine_find_bound (self, rule_id, device_id, metric);

  return bound != NULL ? &bound->condition : NULL;
}

gboolean
muster_alert_engine_uses_groups (MusterAlertEngine *self)
{
  GHashTableIter        iter;
  MusterAlertRuleEntry *rule = NULL;

  g_hash_table_iter_init (&iter, self->rules);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&rule))
    if (rule->plan->scope == MUSTER_ALERT_SCOPE_GROUP)
      return TRUE;
  return FALSE;
}

gboolean
muster_alert_engine_looks_at (MusterAlertEngine *self,
                              const char        *rule_id,
                              const char        *device_id,
                              const char        *metric)
{
  MusterAlertDevice    *device = g_hash_table_lookup (self->devices, device_id);
  MusterAlertRuleEntry *rule = g_hash_table_lookup (self->rules, rule_id);

  return device != NULL && rule != NULL && muster_alert_engine_rule_covers (self, rule, device) &&
         (metric == NULL ? rule->plan->metric == NULL
                         : muster_alert_plan_takes (rule->plan, metric));
}

static void
call (MusterAlertRuleEntry *rule, MusterAlertConditionFunc func, gpointer user_data)
{
  for (guint i = 0; i < rule->bounds->len; i++)
    {
      MusterAlertBound *bound = rule->bounds->pdata[i];

      func (rule->plan, bound->device->id, bound->slot != NULL ? bound->slot->metric : NULL,
            &bound->condition, user_data);
    }
}

void
muster_alert_engine_foreach (MusterAlertEngine       *self,
                             const char              *rule_id,
                             MusterAlertConditionFunc func,
                             gpointer                 user_data)
{
  GHashTableIter        iter;
  MusterAlertRuleEntry *rule = NULL;

  if (rule_id != NULL)
    {
      rule = g_hash_table_lookup (self->rules, rule_id);
      if (rule != NULL)
        call (rule, func, user_data);
      return;
    }
  g_hash_table_iter_init (&iter, self->rules);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&rule))
    call (rule, func, user_data);
}

gboolean
muster_alert_engine_covers (MusterAlertEngine *self,
                            MusterAlertScope   scope,
                            const char        *scope_id,
                            const char        *device_id)
{
  MusterAlertDevice *device =
    device_id != NULL ? g_hash_table_lookup (self->devices, device_id) : NULL;
  MusterAlertPlan      plan = { .scope = scope };
  MusterAlertRuleEntry rule = { .plan = &plan, .scope_id = intern (scope_id) };
  gboolean             covers = scope == MUSTER_ALERT_SCOPE_SITE;

  if (device != NULL)
    covers = muster_alert_engine_rule_covers (self, &rule, device);
  g_clear_pointer (&rule.scope_id, g_ref_string_release);
  return covers;
}

GPtrArray *
muster_alert_engine_list_devices (MusterAlertEngine *self,
                                  MusterAlertScope   scope,
                                  const char        *scope_id,
                                  unsigned           limit)
{
  GPtrArray         *ids = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter     iter;
  MusterAlertDevice *device = NULL;

  g_hash_table_iter_init (&iter, self->devices);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&device) &&
         (limit == 0 || ids->len < limit))
    if (muster_alert_engine_covers (self, scope, scope_id, device->id))
      g_ptr_array_add (ids, g_strdup (device->id));
  return ids;
}
