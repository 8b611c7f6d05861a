/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-engine-restore"

#include "config.h"

#include <string.h>

#include "muster-alert-engine-private.h"

/* Devices need so long to come back to a site that was away itself. */
#define MISSING_GRACE (120 * G_USEC_PER_SEC)

/* What goes on without a sample is evaluated at NOW. */
static void
tick (MusterAlertEngine *self, MusterAlertBound *bound, gint64 now)
{
  MusterAlertOutcome outcome = MUSTER_ALERT_UNCHANGED;

  bound->condition.deadline = MIN (bound->condition.deadline, now);
  outcome = muster_alert_condition_tick (&bound->condition, bound->rule->plan, now,
                                         self->hooks.gate, self->hooks.user_data);
  muster_alert_engine_settle (self, bound, outcome);
}

static void
expect_known (MusterAlertEngine *self, MusterAlertBound *bound, gint64 at, gint64 now)
{
  const MusterAlertPlan *plan = bound->rule->plan;
  gint64                 grace = now + MIN (plan->missing, MISSING_GRACE) - plan->missing;

  if (bound->condition.level > 0)
    return;
  muster_alert_condition_expect (&bound->condition, plan, MAX (MIN (at, now), grace));
  muster_alert_engine_settle (self, bound, MUSTER_ALERT_UNCHANGED);
}

static gboolean
is_over_any (const MusterAlertBound *bound)
{
  for (unsigned level = bound->condition.level; level < bound->rule->plan->n_levels; level++)
    if (bound->condition.since[level] != 0)
      return TRUE;
  return FALSE;
}

/* It was read now, but is as old as it says. */
static void
evaluate_known (MusterAlertEngine *self, MusterAlertBound *bound, gint64 now)
{
  muster_alert_engine_evaluate (self, bound, now);
  if (bound->condition.at == 0 || bound->condition.lag <= 0)
    return;
  bound->condition.lag = 0;
  if (is_over_any (bound))
    tick (self, bound, now);
}

static void
take_known (MusterAlertEngine *self, MusterAlertBound *bound, gint64 at, gint64 now)
{
  switch (bound->rule->plan->kind)
    {
    case MUSTER_ALERT_RULE_RATE:
    case MUSTER_ALERT_RULE_ANOMALY:
    case MUSTER_ALERT_RULE_OFFLINE:
      break;
    case MUSTER_ALERT_RULE_MISSING:
      expect_known (self, bound, at, now);
      break;
    case MUSTER_ALERT_RULE_EXPRESSION:
      muster_alert_engine_wait (self, bound);
      break;
    case MUSTER_ALERT_RULE_THRESHOLD:
    case MUSTER_ALERT_RULE_RANGE:
    case MUSTER_ALERT_RULE_STATE:
    default:
      evaluate_known (self, bound, now);
      break;
    }
}

void
muster_alert_engine_feed_known (MusterAlertEngine *self, MusterSampleBatch *batch, gint64 now)
{
  MusterAlertDevice  *device = NULL;
  unsigned            n_samples = 0;
  const MusterSample *samples = muster_sample_batch_get (batch, &n_samples);

  device = g_hash_table_lookup (self->devices, muster_sample_batch_get_device_id (batch));
  if (device == NULL)
    return;
  for (unsigned i = 0; i < n_samples; i++)
    {
      MusterAlertSlot *slot = muster_alert_engine_get_slot (self, device, samples[i].metric, now);

      if (!muster_alert_slot_store (slot, &samples[i], now))
        continue;
      for (guint j = 0; slot->bounds != NULL && j < slot->bounds->len; j++)
        take_known (self, slot->bounds->pdata[j], samples[i].time, now);
    }
  for (guint i = 0; i < self->waiting->len; i++)
    {
      MusterAlertBound *bound = self->waiting->pdata[i];

      bound->waits = FALSE;
      evaluate_known (self, bound, now);
    }
  g_ptr_array_set_size (self->waiting, 0);
}

const MusterSample *
muster_alert_engine_get_last (MusterAlertEngine *self, const char *device_id, const char *metric)
{
  MusterAlertDevice *device = g_hash_table_lookup (self->devices, device_id);

  for (guint i = 0; device != NULL && i < device->slots->len; i++)
    {
      MusterAlertSlot *slot = device->slots->pdata[i];

      if (slot->last.time != 0 && g_str_equal (slot->metric, metric))
        return &slot->last;
    }
  return NULL;
}

/* How fast it changed is known from before alone: whether what was reached still holds, too. */
static void
restore_rate (MusterAlertBound *bound, const MusterAlertCondition *was)
{
  MusterAlertCondition *condition = &bound->condition;

  memcpy (condition->rate, was->rate, MUSTER_ALERT_RATE_PARTS * sizeof *was->rate);
  condition->at = was->at;
  condition->lag = 0;
  condition->value = was->value;
  for (unsigned level = 0; level < bound->rule->plan->n_levels; level++)
    if (level >= condition->level)
      condition->since[level] = was->since[level];
    else if (!muster_alert_plan_holds (bound->rule->plan, level, was->value, TRUE))
      condition->since[level] = 0;
}

void
muster_alert_engine_restore (MusterAlertEngine          *self,
                             const char                 *rule_id,
                             const char                 *device_id,
                             const char                 *metric,
                             const MusterAlertCondition *was,
                             gint64                      now)
{
  MusterAlertBound *bound = muster_alert_engine_find_bound (self, rule_id, device_id, metric);

  if (bound == NULL)
    return;
  if (bound->condition.rate != NULL && was->rate != NULL)
    restore_rate (bound, was);
  for (unsigned level = bound->condition.level; level < bound->rule->plan->n_levels; level++)
    if (bound->condition.since[level] != 0 && was->since[level] != 0)
      bound->condition.since[level] = MIN (bound->condition.since[level], was->since[level]);
  tick (self, bound, now);
}
