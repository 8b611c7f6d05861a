/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-derived-state"

#include "config.h"

#include <math.h>

#include "muster-derived-state.h"

#define USEC_PER_HOUR (3600.0 * G_USEC_PER_SEC)

typedef struct
{
  double value; /* NAN: not known */
  gint64 time;
} Slot;

/* Of an integral or rate. */
typedef struct
{
  double sum;
  double last; /* NAN: not known */
  gint64 time; /* of `last` */
} Course;

struct _MusterDerivedState
{
  MusterDerivedPlan *plan;    /* (owned) */
  Slot              *slots;   /* (owned) along the plan's */
  Course            *courses; /* (owned) along the plan's items */
  guint8            *changed; /* (owned) along the slots: at the moment at hand */
  double            *values;  /* (owned) along the slots: at the moment at hand */
  gboolean           is_resumed;
};

/* A sample that something is made of. */
typedef struct
{
  gint64            time;
  unsigned          slot;
  double            value;
  MusterSampleFlags flags;
} Input;

MusterDerivedState *
muster_derived_state_new (MusterDerivedPlan *plan)
{
  MusterDerivedState *self;
  unsigned            n_slots, n_items;

  g_return_val_if_fail (plan != NULL, NULL);

  self = g_new0 (MusterDerivedState, 1);
  self->plan = muster_derived_plan_ref (plan);
  n_slots = muster_derived_plan_get_n_slots (plan);
  muster_derived_plan_get_items (plan, &n_items);
  self->slots = g_new0 (Slot, n_slots);
  self->courses = g_new0 (Course, n_items);
  self->changed = g_new0 (guint8, n_slots);
  self->values = g_new0 (double, n_slots);
  for (unsigned i = 0; i < n_slots; i++)
    self->slots[i] = (Slot){ NAN, G_MININT64 };
  for (unsigned i = 0; i < n_items; i++)
    self->courses[i] = (Course){ 0, NAN, G_MININT64 };
  return self;
}

void
muster_derived_state_free (MusterDerivedState *self)
{
  if (self == NULL)
    return;
  muster_derived_plan_unref (self->plan);
  g_free (self->slots);
  g_free (self->courses);
  g_free (self->changed);
  g_free (self->values);
  g_free (self);
}

MusterDerivedPlan *
muster_derived_state_get_plan (MusterDerivedState *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->plan;
}

/* FALSE: it has no number and does not tell that there is none. */
static gboolean
get_number (const MusterSample *sample, double *number)
{
  if (sample->flags & MUSTER_SAMPLE_BAD)
    return FALSE;
  switch (sample->type)
    {
    case MUSTER_SAMPLE_INTEGER:
      *number = sample->integer;
      return TRUE;
    case MUSTER_SAMPLE_DOUBLE:
      *number = sample->number;
      return isfinite (sample->number);
    case MUSTER_SAMPLE_BOOLEAN:
      *number = sample->boolean;
      return TRUE;
    case MUSTER_SAMPLE_NULL:
      *number = NAN;
      return TRUE;
    case MUSTER_SAMPLE_STRING:
    default:
      return FALSE;
    }
}

static double
evaluate (const MusterDerivedItem *item, const double *values)
{
  double arguments[MUSTER_EXPRESSION_MAX_VARIABLES];

  for (unsigned i = 0; i < item->n_inputs; i++)
    arguments[i] = values[item->inputs[i]];
  return muster_expression_evaluate (item->expression, arguments);
}

/* --- going on --- */

static void
resume_courses (MusterDerivedState *self)
{
  unsigned                 n;
  const MusterDerivedItem *items = muster_derived_plan_get_items (self->plan, &n);

  for (unsigned i = 0; i < n; i++)
    {
      const Slot *output = &self->slots[items[i].output];

      if (items[i].method == MUSTER_DERIVED_INTEGRAL && isfinite (output->value))
        self->courses[i] =
          (Course){ output->value, evaluate (&items[i], self->values), output->time };
    }
}

void
muster_derived_state_resume (MusterDerivedState *self, MusterSampleBatch *latest)
{
  unsigned            n = 0;
  const MusterSample *samples;

  g_return_if_fail (self != NULL);

  samples = latest != NULL ? muster_sample_batch_get (latest, &n) : NULL;
  for (unsigned i = 0; i < n; i++)
    {
      unsigned slot;
      double   value;

      if (muster_derived_plan_find_slot (self->plan, samples[i].metric, &slot) &&
          samples[i].time > self->slots[slot].time && get_number (&samples[i], &value))
        self->slots[slot] = (Slot){ value, samples[i].time };
    }
  for (unsigned i = 0; i < muster_derived_plan_get_n_slots (self->plan); i++)
    self->values[i] = self->slots[i].value;
  if (!self->is_resumed)
    resume_courses (self);
  self->is_resumed = TRUE;
}

/* --- one moment --- */

static double
integrate (MusterDerivedState *self, Course *course, double value, gint64 time)
{
  double before = course->last;
  gint64 gap = time - course->time;

  if (!self->is_resumed)
    return NAN;
  /* What it measures goes in a straight line from one value to the next. */
  if (isfinite (before) && isfinite (value) && gap > 0 && gap <= MUSTER_DERIVED_MAX_GAP)
    course->sum += (before + value) / 2 * (gap / USEC_PER_HOUR);
  course->last = value;
  course->time = time;
  return isfinite (value) ? course->sum : NAN;
}

static double
differentiate (Course *course, double value, gint64 time)
{
  double before = course->last;
  gint64 gap = time - course->time;
  double rate = NAN;

  if (isfinite (before) && isfinite (value) && gap > 0 && gap <= MUSTER_DERIVED_MAX_GAP)
    rate = (value - before) / ((double)gap / G_USEC_PER_SEC);
  course->last = value;
  course->time = time;
  return rate;
}

static gboolean
has_changed (MusterDerivedState *self, const MusterDerivedItem *item)
{
  for (unsigned i = 0; i < item->n_inputs; i++)
    if (self->changed[item->inputs[i]])
      return TRUE;
  return FALSE;
}

static void
put_result (MusterDerivedState      *self,
            const MusterDerivedItem *item,
            double                   result,
            const Input             *at,
            gboolean                 is_late,
            MusterSampleBatch       *out)
{
  const char *name = muster_derived_plan_get_slot_name (self->plan, item->output);
  gboolean    was_known = isfinite (self->slots[item->output].value);

  self->values[item->output] = result;
  if (isfinite (result))
    muster_sample_batch_add_double (out, name, at->time, result, at->flags);
  else if (!is_late && was_known && item->method == MUSTER_DERIVED_VALUE)
    muster_sample_batch_add_null (out, name, at->time, at->flags | MUSTER_SAMPLE_STALE);
  self->changed[item->output] = isfinite (result) || was_known;
  if (!is_late)
    self->slots[item->output] = (Slot){ result, at->time };
}

static void
reckon (MusterDerivedState *self, const Input *at, gboolean is_late, MusterSampleBatch *out)
{
  unsigned                 n;
  const MusterDerivedItem *items = muster_derived_plan_get_items (self->plan, &n);

  for (unsigned i = 0; i < n; i++)
    {
      double result;

      if (!has_changed (self, &items[i]) || (is_late && items[i].method != MUSTER_DERIVED_VALUE))
        continue;
      result = evaluate (&items[i], self->values);
      if (items[i].method == MUSTER_DERIVED_INTEGRAL)
        result = integrate (self, &self->courses[i], result, at->time);
      else if (items[i].method == MUSTER_DERIVED_RATE)
        result = differentiate (&self->courses[i], result, at->time);
      put_result (self, &items[i], result, at, is_late, out);
    }
}

/* INPUTS all have the time of the first. */
static void
feed_moment (MusterDerivedState *self, const Input *inputs, guint n, MusterSampleBatch *out)
{
  Input    at = inputs[0];
  gboolean is_late = FALSE;
  unsigned n_slots = muster_derived_plan_get_n_slots (self->plan);

  for (guint i = 0; i < n; i++)
    {
      is_late |= inputs[i].time < self->slots[inputs[i].slot].time;
      at.flags |= inputs[i].flags;
    }
  for (unsigned i = 0; i < n_slots; i++)
    {
      self->changed[i] = FALSE;
      self->values[i] = is_late ? NAN : self->slots[i].value;
    }
  for (guint i = 0; i < n; i++)
    {
      self->changed[inputs[i].slot] = TRUE;
      self->values[inputs[i].slot] = inputs[i].value;
      if (!is_late)
        self->slots[inputs[i].slot] = (Slot){ inputs[i].value, inputs[i].time };
    }
  reckon (self, &at, is_late, out);
}

static int
compare_inputs (gconstpointer a, gconstpointer b)
{
  gint64 one = ((const Input *)a)->time;
  gint64 other = ((const Input *)b)->time;

  return (one > other) - (one < other);
}

/* What of BATCH others are made of, in order of time: (element-type Input). */
static GArray *
collect (MusterDerivedState *self, MusterSampleBatch *batch)
{
  unsigned            n;
  const MusterSample *samples = muster_sample_batch_get (batch, &n);
  GArray             *inputs = g_array_new (FALSE, FALSE, sizeof (Input));

  for (unsigned i = 0; i < n; i++)
    {
      Input input = {
        .time = samples[i].time,
        .flags = samples[i].flags & (MUSTER_SAMPLE_HISTORICAL | MUSTER_SAMPLE_TRANSIENT),
      };

      if (muster_derived_plan_find_slot (self->plan, samples[i].metric, &input.slot) &&
          !muster_derived_plan_is_output (self->plan, input.slot) &&
          get_number (&samples[i], &input.value))
        g_array_append_val (inputs, input);
    }
  g_array_sort (inputs, compare_inputs);
  return inputs;
}

void
muster_derived_state_feed (MusterDerivedState *self,
                           MusterSampleBatch  *batch,
                           MusterSampleBatch  *out)
{
  g_autoptr (GArray) inputs = NULL;
  guint next;

  g_return_if_fail (self != NULL && MUSTER_IS_SAMPLE_BATCH (batch) && MUSTER_IS_SAMPLE_BATCH (out));

  inputs = collect (self, batch);
  for (guint i = 0; i < inputs->len; i = next)
    {
      const Input *first = &g_array_index (inputs, Input, i);

      for (next = i + 1; next < inputs->len; next++)
        if (g_array_index (inputs, Input, next).time != first->time)
          break;
      feed_moment (self, first, next - i, out);
    }
}

static Course *
find_course (MusterDerivedState *self, const char *metric)
{
  unsigned                 n, slot;
  const MusterDerivedItem *items = muster_derived_plan_get_items (self->plan, &n);

  if (!muster_derived_plan_find_slot (self->plan, metric, &slot))
    return NULL;
  for (unsigned i = 0; i < n; i++)
    if (items[i].output == slot)
      return &self->courses[i];
  return NULL;
}

void
muster_derived_state_take_sum (MusterDerivedState *self,
                               MusterDerivedState *recalculated,
                               const char         *metric)
{
  Course *course, now;

  g_return_if_fail (self != NULL && recalculated != NULL && metric != NULL);

  course = find_course (self, metric);
  if (course == NULL || find_course (recalculated, metric) == NULL)
    return;
  now = *course;
  *course = *find_course (recalculated, metric);
  /* What came in meanwhile follows. */
  if (now.time > course->time)
    integrate (self, course, now.last, now.time);
}
