/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-replay"

#include "config.h"

#include <math.h>

#include "muster-alert-replay.h"

typedef struct
{
  char                *metric; /* (owned) (nullable) */
  MusterAlertCondition condition;
} Series;

struct _MusterAlertReplay
{
  MusterAlertPlan     *plan; /* (owned) */
  gint64               from;
  MusterAlertGate      gate;
  gpointer             gate_data;
  MusterAlertTraceFunc func;
  gpointer             user_data;
  GPtrArray           *series;  /* (owned) (element-type Series) */
  const char         **metrics; /* (owned) (nullable) */
  double               values[MUSTER_EXPRESSION_MAX_VARIABLES];
  gint64               n_evaluated;
};

static void
series_free (gpointer data)
{
  Series *self = data;

  muster_alert_condition_clear (&self->condition);
  g_free (self->metric);
  g_free (self);
}

static Series *
add_series (MusterAlertReplay *self, const char *metric)
{
  Series *series = g_new0 (Series, 1);

  series->metric = g_strdup (metric);
  muster_alert_condition_init (&series->condition, self->plan);
  if (self->plan->kind == MUSTER_ALERT_RULE_MISSING)
    muster_alert_condition_expect (&series->condition, self->plan, self->from);
  g_ptr_array_add (self->series, series);
  return series;
}

static void
set_metrics (MusterAlertReplay *self)
{
  unsigned           n_names = 1;
  const char *const *names = (const char *const *)&self->plan->metric;

  if (self->plan->expression != NULL)
    names = muster_expression_get_variables (self->plan->expression, &n_names);
  else if (self->plan->pattern != NULL || self->plan->metric == NULL)
    return;
  self->metrics = g_new0 (const char *, n_names + 1);
  for (unsigned i = 0; i < n_names; i++)
    self->metrics[i] = names[i];
}

MusterAlertReplay *
muster_alert_replay_new (MusterAlertPlan     *plan,
                         gint64               from,
                         MusterAlertGate      gate,
                         gpointer             gate_data,
                         MusterAlertTraceFunc func,
                         gpointer             user_data)
{
  MusterAlertReplay *self = g_new0 (MusterAlertReplay, 1);

  self->plan = muster_alert_plan_ref (plan);
  self->from = from;
  self->gate = gate;
  self->gate_data = gate_data;
  self->func = func;
  self->user_data = user_data;
  self->series = g_ptr_array_new_with_free_func (series_free);
  for (unsigned i = 0; i < G_N_ELEMENTS (self->values); i++)
    self->values[i] = NAN;
  set_metrics (self);
  /* What never comes is missed too. */
  if (plan->kind == MUSTER_ALERT_RULE_MISSING && plan->pattern == NULL)
    add_series (self, plan->metric);
  return self;
}

void
muster_alert_replay_free (MusterAlertReplay *self)
{
  g_ptr_array_unref (self->series);
  g_free (self->metrics);
  muster_alert_plan_unref (self->plan);
  g_free (self);
}

const char *const *
muster_alert_replay_get_metrics (MusterAlertReplay *self)
{
  return self->metrics;
}

gint64
muster_alert_replay_get_evaluated (MusterAlertReplay *self)
{
  return self->n_evaluated;
}

static void
tell (MusterAlertReplay *self, Series *series, gint64 at, MusterAlertOutcome outcome)
{
  const MusterAlertCondition *condition = &series->condition;
  const MusterAlertTrace      trace = {
         .at = at,
         .metric = series->metric,
         .value = condition->value,
         .threshold =
      muster_alert_plan_get_threshold (self->plan, condition->level > 0 ? condition->level - 1u : 0,
                                            condition->value),
         .level = condition->level,
         .outcome = outcome,
         .reason = condition->reason,
  };

  self->func (&trace, self->user_data);
}

/* What happens by itself until AT. */
static void
advance (MusterAlertReplay *self, Series *series, gint64 at)
{
  while (series->condition.deadline <= at)
    {
      gint64             deadline = series->condition.deadline;
      MusterAlertOutcome outcome =
        muster_alert_condition_tick (&series->condition, self->plan, deadline, self->gate,
                                     self->gate_data);

      if (outcome != MUSTER_ALERT_UNCHANGED)
        tell (self, series, deadline, outcome);
    }
}

static Series *
get_series (MusterAlertReplay *self, const char *metric)
{
  for (guint i = 0; i < self->series->len; i++)
    {
      Series *series = self->series->pdata[i];

      if (g_strcmp0 (series->metric, metric) == 0)
        return series;
    }
  return add_series (self, metric);
}

static void
feed (MusterAlertReplay *self, Series *series, double value, gint64 at)
{
  MusterAlertOutcome outcome = MUSTER_ALERT_UNCHANGED;

  advance (self, series, at);
  self->n_evaluated++;
  outcome = muster_alert_condition_feed (&series->condition, self->plan, value, at, at, self->gate,
                                         self->gate_data);
  tell (self, series, at, outcome);
}

static void
feed_nothing (MusterAlertReplay *self, Series *series, gint64 at)
{
  series->condition.reason = MUSTER_ALERT_REASON_NO_DATA;
  self->n_evaluated++;
  tell (self, series, at, MUSTER_ALERT_UNCHANGED);
}

static void
feed_plain (MusterAlertReplay *self, const MusterSample *sample)
{
  Series *series = NULL;
  double  value = NAN;

  if (!muster_alert_plan_takes (self->plan, sample->metric))
    return;
  series = get_series (self, sample->metric);
  if (muster_alert_plan_read (self->plan, sample, &value))
    feed (self, series, value, sample->time);
  else
    feed_nothing (self, series, sample->time);
}

/* Samples of one moment are seen together. */
static void
feed_expression (MusterAlertReplay *self, const MusterSample *sample, gboolean is_last)
{
  Series *series = get_series (self, NULL);
  double  result = NAN;

  for (unsigned i = 0; self->metrics[i] != NULL; i++)
    if (g_str_equal (self->metrics[i], sample->metric) &&
        !muster_alert_plan_read (self->plan, sample, &self->values[i]))
      self->values[i] = NAN;
  if (!is_last)
    return;
  result = muster_expression_evaluate (self->plan->expression, self->values);
  if (isnan (result))
    feed_nothing (self, series, sample->time);
  else
    feed (self, series, result, sample->time);
}

void
muster_alert_replay_set (MusterAlertReplay *self, const char *metric, double value)
{
  for (unsigned i = 0; self->metrics != NULL && self->metrics[i] != NULL; i++)
    if (g_str_equal (self->metrics[i], metric))
      self->values[i] = value;
}

const MusterAlertCondition *
muster_alert_replay_get_condition (MusterAlertReplay *self, const char *metric)
{
  for (guint i = 0; i < self->series->len; i++)
    {
      const Series *series = self->series->pdata[i];

      if (g_strcmp0 (series->metric, metric) == 0)
        return &series->condition;
    }
  return NULL;
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  const MusterSample *const *first = a;
  const MusterSample *const *second = b;

  return ((*first)->time > (*second)->time) - ((*first)->time < (*second)->time);
}

void
muster_alert_replay_feed (MusterAlertReplay *self, MusterSampleBatch *batch)
{
  unsigned            n_samples = 0;
  const MusterSample *samples = muster_sample_batch_get (batch, &n_samples);
  g_autoptr (GPtrArray) order = g_ptr_array_sized_new (n_samples);

  for (unsigned i = 0; i < n_samples; i++)
    g_ptr_array_add (order, (gpointer)&samples[i]);
  g_ptr_array_sort (order, compare_times);
  for (guint i = 0; i < order->len; i++)
    {
      const MusterSample *sample = order->pdata[i];
      const MusterSample *next = i + 1 < order->len ? order->pdata[i + 1] : NULL;

      if (self->plan->expression != NULL)
        feed_expression (self, sample, next == NULL || next->time != sample->time);
      else
        feed_plain (self, sample);
    }
}

void
muster_alert_replay_end (MusterAlertReplay *self, gint64 to)
{
  for (guint i = 0; i < self->series->len; i++)
    advance (self, self->series->pdata[i], to);
}
