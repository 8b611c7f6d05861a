/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-condition"

#include "config.h"

#include <math.h>
#include <string.h>

#include <glib/gi18n-lib.h>

#include "muster-alert-condition.h"

/* clang-format off */
static const MusterEnumValue reasons[] = {
  { "well", N_("Within the thresholds") }, { "firing", N_("Over the threshold") },
  { "hysteresis", N_("Not far enough back over the threshold") }, { "for_pending", N_("Not long enough over the threshold") },
  { "quiet_hours", N_("In quiet hours") }, { "off_duty", N_("Nobody is on duty") },
  { "no_data", N_("Nothing to compare") }, { "late", N_("Older than what was compared before") },
  { "duplicate", N_("The same sample again") }, { NULL, NULL },
};
/* clang-format on */
const MusterEnum muster_alert_reason_enum = { "AlertReason", reasons };

void
muster_alert_condition_init (MusterAlertCondition *self, const MusterAlertPlan *plan)
{
  *self = (MusterAlertCondition){ .deadline = G_MAXINT64,
                                  .value = NAN,
                                  .reason = MUSTER_ALERT_REASON_NO_DATA };
  if (plan->kind == MUSTER_ALERT_RULE_RATE)
    self->rate = g_new0 (MusterAlertRatePart, MUSTER_ALERT_RATE_PARTS);
}

void
muster_alert_condition_clear (MusterAlertCondition *self)
{
  g_clear_pointer (&self->rate, g_free);
}

gint64
muster_alert_condition_get_since (const MusterAlertCondition *self)
{
  return self->level > 0 ? self->since[self->level - 1] : 0;
}

void
muster_alert_condition_attach (MusterAlertCondition *self, unsigned level, gint64 since)
{
  self->level = level;
  for (unsigned i = 0; i < level; i++)
    self->since[i] = since;
  self->reason = MUSTER_ALERT_REASON_FIRING;
}

/* --- rates --- */

/* How much VALUE has risen (or, of a rule that looks for less, fallen) in the time of the rate. */
static double
measure_rate (MusterAlertCondition *self, const MusterAlertPlan *plan, double value, gint64 at)
{
  gint64               width = MAX (plan->rate / MUSTER_ALERT_RATE_PARTS, 1);
  gint64               now = at / width;
  double               least = value;
  double               greatest = value;
  MusterAlertRatePart *own = &self->rate[now % MUSTER_ALERT_RATE_PARTS];

  if (own->part != now)
    *own = (MusterAlertRatePart){ now, value, value };
  own->least = fmin (own->least, value);
  own->greatest = fmax (own->greatest, value);
  for (unsigned i = 0; i < MUSTER_ALERT_RATE_PARTS; i++)
    if (self->rate[i].part > now - MUSTER_ALERT_RATE_PARTS && self->rate[i].part <= now)
      {
        least = fmin (least, self->rate[i].least);
        greatest = fmax (greatest, self->rate[i].greatest);
      }
  return plan->op == MUSTER_ALERT_OPERATOR_LT || plan->op == MUSTER_ALERT_OPERATOR_LE
           ? value - greatest
           : value - least;
}

/* --- drawing conclusions --- */

/* The severest level whose time has come by the device's clock. */
static unsigned
get_reached (const MusterAlertCondition *self, const MusterAlertPlan *plan, gint64 at)
{
  for (unsigned level = plan->n_levels; level > 0; level--)
    if (self->since[level - 1] != 0 &&
        (level <= self->level || at - self->since[level - 1] >= plan->duration))
      return level;
  return 0;
}

/* When the next level is reached if nothing changes. */
static gint64
get_deadline (const MusterAlertCondition *self, const MusterAlertPlan *plan)
{
  if (plan->kind == MUSTER_ALERT_RULE_MISSING && self->since[0] == 0)
    return self->deadline;
  for (unsigned level = self->level; level < plan->n_levels; level++)
    if (self->since[level] != 0)
      return self->since[level] + plan->duration + self->lag;
  return G_MAXINT64;
}

/* What a VALUE that changed nothing is to be told as. */
static MusterAlertReason
get_reason (const MusterAlertCondition *self, const MusterAlertPlan *plan)
{
  if (self->level > 0)
    return muster_alert_plan_holds (plan, self->level - 1, self->value, FALSE)
             ? MUSTER_ALERT_REASON_FIRING
             : MUSTER_ALERT_REASON_HYSTERESIS;
  return self->since[0] != 0 ? MUSTER_ALERT_REASON_PENDING : MUSTER_ALERT_REASON_WELL;
}

static MusterAlertOutcome
reach (MusterAlertCondition  *self,
       const MusterAlertPlan *plan,
       unsigned               level,
       gint64                 now,
       MusterAlertGate        gate,
       gpointer               gate_data)
{
  MusterAlertOutcome outcome = self->level == 0 ? MUSTER_ALERT_RAISED : MUSTER_ALERT_CHANGED;
  gint64             until = G_MAXINT64;
  MusterAlertReason  reason = MUSTER_ALERT_REASON_FIRING;

  /* Asked already: the answer counts until then. */
  if (self->level == 0 && now < self->deadline &&
      (self->reason == MUSTER_ALERT_REASON_QUIET || self->reason == MUSTER_ALERT_REASON_OFF_DUTY))
    return MUSTER_ALERT_UNCHANGED;
  if (gate != NULL && self->level == 0)
    reason = gate (plan, now, &until, gate_data);
  self->reason = reason;
  if (reason != MUSTER_ALERT_REASON_FIRING)
    {
      self->deadline = MAX (until, now + G_USEC_PER_SEC);
      return MUSTER_ALERT_UNCHANGED;
    }
  self->level = level;
  self->deadline = get_deadline (self, plan);
  return outcome;
}

/* AT: the time by the device's clock. */
static MusterAlertOutcome
conclude (MusterAlertCondition  *self,
          const MusterAlertPlan *plan,
          gint64                 at,
          gint64                 now,
          MusterAlertGate        gate,
          gpointer               gate_data)
{
  unsigned reached = get_reached (self, plan, at);

  if (reached > self->level)
    return reach (self, plan, reached, now, gate, gate_data);
  if (reached < self->level)
    {
      self->level = reached;
      self->reason = get_reason (self, plan);
      self->deadline = get_deadline (self, plan);
      return reached == 0 ? MUSTER_ALERT_CLEARED : MUSTER_ALERT_CHANGED;
    }
  self->reason = get_reason (self, plan);
  self->deadline = get_deadline (self, plan);
  return MUSTER_ALERT_UNCHANGED;
}

static gboolean
is_acceptable (MusterAlertCondition *self, double value, gint64 at, gint64 now)
{
  if (self->at == 0 || at > self->at || now - (self->at + self->lag) > MUSTER_ALERT_CLOCK_PATIENCE)
    return TRUE;
  if (at < self->at)
    self->reason = MUSTER_ALERT_REASON_LATE;
  else if (value == self->value)
    self->reason = MUSTER_ALERT_REASON_DUPLICATE;
  else
    return TRUE;
  return FALSE;
}

MusterAlertOutcome
muster_alert_condition_feed (MusterAlertCondition  *self,
                             const MusterAlertPlan *plan,
                             double                 value,
                             gint64                 at,
                             gint64                 now,
                             MusterAlertGate        gate,
                             gpointer               gate_data)
{
  if (plan->kind == MUSTER_ALERT_RULE_RATE)
    {
      if (at < self->at)
        {
          self->reason = MUSTER_ALERT_REASON_LATE;
          return MUSTER_ALERT_UNCHANGED;
        }
      value = measure_rate (self, plan, value, at);
    }
  if (!is_acceptable (self, value, at, now))
    return MUSTER_ALERT_UNCHANGED;
  self->at = at;
  self->lag = now - at;
  self->value = value;
  if (plan->kind == MUSTER_ALERT_RULE_MISSING)
    {
      self->value = 0;
      self->since[0] = 0;
      self->deadline = now + plan->missing;
    }
  else
    for (unsigned level = 0; level < plan->n_levels; level++)
      {
        if (!muster_alert_plan_holds (plan, level, value, level < self->level))
          self->since[level] = 0;
        else if (self->since[level] == 0 || self->since[level] > at)
          self->since[level] = at;
      }
  return conclude (self, plan, at, now, gate, gate_data);
}

MusterAlertOutcome
muster_alert_condition_begin (MusterAlertCondition  *self,
                              const MusterAlertPlan *plan,
                              gint64                 since,
                              gint64                 now,
                              MusterAlertGate        gate,
                              gpointer               gate_data)
{
  self->value = 1;
  self->at = since;
  self->lag = 0;
  if (self->since[0] == 0)
    self->since[0] = since;
  return conclude (self, plan, now, now, gate, gate_data);
}

void
muster_alert_condition_expect (MusterAlertCondition  *self,
                               const MusterAlertPlan *plan,
                               gint64                 since)
{
  self->deadline = since + plan->missing;
}

MusterAlertOutcome
muster_alert_condition_tick (MusterAlertCondition  *self,
                             const MusterAlertPlan *plan,
                             gint64                 now,
                             MusterAlertGate        gate,
                             gpointer               gate_data)
{
  if (now < self->deadline)
    return MUSTER_ALERT_UNCHANGED;
  if (plan->kind == MUSTER_ALERT_RULE_MISSING && self->since[0] == 0)
    {
      /* Its `for` counts from when it is missed. */
      gint64 since = self->deadline;

      self->deadline = G_MAXINT64;
      return muster_alert_condition_begin (self, plan, since, now, gate, gate_data);
    }
  return conclude (self, plan, now - self->lag, now, gate, gate_data);
}
