/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-axis"

#include "config.h"

#include <math.h>

#include "muster-axis.h"
#include "muster-time-ticks.h"

#define SMALLEST_TIME_SPAN 10e3      /* microseconds */
#define GREATEST_TIME_SPAN 3.1558e15 /* a century */

struct _MusterAxis
{
  GObject parent_instance;

  MusterAxisKind kind;
  double         lower;
  double         upper;
  GTimeZone     *zone; /* (owned) */
  int            margin;
  int            end_margin;
};

G_DEFINE_FINAL_TYPE (MusterAxis, muster_axis, G_TYPE_OBJECT)

enum
{
  RANGE_CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static void
muster_axis_finalize (GObject *object)
{
  g_time_zone_unref (MUSTER_AXIS (object)->zone);
  G_OBJECT_CLASS (muster_axis_parent_class)->finalize (object);
}

static void
muster_axis_class_init (MusterAxisClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_axis_finalize;
  signals[RANGE_CHANGED] = g_signal_new ("range-changed", MUSTER_TYPE_AXIS, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_axis_init (MusterAxis *self)
{
  self->upper = 1;
  self->zone = g_time_zone_new_local ();
}

MusterAxis *
muster_axis_new (MusterAxisKind kind)
{
  MusterAxis *self = g_object_new (MUSTER_TYPE_AXIS, NULL);

  self->kind = kind;
  if (kind == MUSTER_AXIS_TIME)
    self->upper = SMALLEST_TIME_SPAN;
  return self;
}

MusterAxisKind
muster_axis_get_kind (MusterAxis *self)
{
  g_return_val_if_fail (MUSTER_IS_AXIS (self), MUSTER_AXIS_NUMBER);

  return self->kind;
}

double
muster_axis_get_lower (MusterAxis *self)
{
  g_return_val_if_fail (MUSTER_IS_AXIS (self), 0);

  return self->lower;
}

double
muster_axis_get_upper (MusterAxis *self)
{
  g_return_val_if_fail (MUSTER_IS_AXIS (self), 0);

  return self->upper;
}

double
muster_axis_get_span (MusterAxis *self)
{
  g_return_val_if_fail (MUSTER_IS_AXIS (self), 0);

  return self->upper - self->lower;
}

gboolean
muster_axis_is_degenerate (MusterAxis *self)
{
  g_return_val_if_fail (MUSTER_IS_AXIS (self), TRUE);

  return !(self->upper > self->lower);
}

/* The least span that still tells neighbouring values apart. */
static double
smallest_span (MusterAxis *self, double about)
{
  return self->kind == MUSTER_AXIS_TIME ? SMALLEST_TIME_SPAN : MAX (fabs (about) * 1e-12, 1e-12);
}

void
muster_axis_set_range (MusterAxis *self, double lower, double upper)
{
  double smallest, middle;

  g_return_if_fail (MUSTER_IS_AXIS (self));

  if (!isfinite (lower) || !isfinite (upper))
    return;
  if (lower > upper)
    {
      double swap = lower;

      lower = upper;
      upper = swap;
    }
  middle = lower + (upper - lower) / 2;
  smallest = smallest_span (self, middle);
  if (upper - lower < smallest)
    {
      lower = middle - smallest / 2;
      upper = middle + smallest / 2;
    }
  if (self->kind == MUSTER_AXIS_TIME && upper - lower > GREATEST_TIME_SPAN)
    lower = upper - GREATEST_TIME_SPAN;
  if (self->lower == lower && self->upper == upper)
    return;
  self->lower = lower;
  self->upper = upper;
  g_signal_emit (self, signals[RANGE_CHANGED], 0);
}

/* The least of 1, 2, 5 times a power of ten that parts SPAN into at most MAX_STEPS. */
static double
nice_step (double span, unsigned max_steps)
{
  double raw = span / max_steps;
  double power = pow (10, floor (log10 (raw)));
  double rest = raw / power;

  if (rest <= 1)
    return power;
  if (rest <= 2)
    return 2 * power;
  if (rest <= 5)
    return 5 * power;
  return 10 * power;
}

void
muster_axis_fit (MusterAxis *self, double minimum, double maximum)
{
  double span = maximum - minimum;
  double step;

  g_return_if_fail (MUSTER_IS_AXIS (self));

  if (!isfinite (span) || span < 0)
    return;
  if (span < smallest_span (self, maximum))
    span = MAX (fabs (maximum) * 0.02, 0.5);
  step = nice_step (span, 8);
  muster_axis_set_range (self, floor ((minimum - span * 0.06) / step) * step,
                         ceil ((maximum + span * 0.06) / step) * step);
}

void
muster_axis_pan (MusterAxis *self, double fraction)
{
  double shift;

  g_return_if_fail (MUSTER_IS_AXIS (self));

  shift = (self->upper - self->lower) * fraction;
  muster_axis_set_range (self, self->lower + shift, self->upper + shift);
}

void
muster_axis_zoom (MusterAxis *self, double factor, double fraction)
{
  double fixed, span;

  g_return_if_fail (MUSTER_IS_AXIS (self));
  g_return_if_fail (factor > 0);

  fixed = muster_axis_denormalize (self, fraction);
  span = MAX ((self->upper - self->lower) * factor, smallest_span (self, fixed));
  muster_axis_set_range (self, fixed - span * fraction, fixed + span * (1 - fraction));
}

GTimeZone *
muster_axis_get_zone (MusterAxis *self)
{
  g_return_val_if_fail (MUSTER_IS_AXIS (self), NULL);

  return self->zone;
}

void
muster_axis_set_zone (MusterAxis *self, GTimeZone *zone)
{
  g_return_if_fail (MUSTER_IS_AXIS (self));

  g_time_zone_unref (self->zone);
  self->zone = zone != NULL ? g_time_zone_ref (zone) : g_time_zone_new_local ();
  g_signal_emit (self, signals[RANGE_CHANGED], 0);
}

int
muster_axis_get_margin (MusterAxis *self)
{
  g_return_val_if_fail (MUSTER_IS_AXIS (self), 0);

  return self->margin;
}

void
muster_axis_reserve_margin (MusterAxis *self, int margin)
{
  g_return_if_fail (MUSTER_IS_AXIS (self));

  if (margin <= self->margin)
    return;
  self->margin = margin;
  g_signal_emit (self, signals[RANGE_CHANGED], 0);
}

int
muster_axis_get_end_margin (MusterAxis *self)
{
  g_return_val_if_fail (MUSTER_IS_AXIS (self), 0);

  return self->end_margin;
}

void
muster_axis_reserve_end_margin (MusterAxis *self, int margin)
{
  g_return_if_fail (MUSTER_IS_AXIS (self));

  if (margin <= self->end_margin)
    return;
  self->end_margin = margin;
  g_signal_emit (self, signals[RANGE_CHANGED], 0);
}

void
muster_axis_release_margins (MusterAxis *self)
{
  g_return_if_fail (MUSTER_IS_AXIS (self));

  self->margin = 0;
  self->end_margin = 0;
  g_signal_emit (self, signals[RANGE_CHANGED], 0);
}

double
muster_axis_normalize (MusterAxis *self, double value)
{
  g_return_val_if_fail (MUSTER_IS_AXIS (self), 0);

  return (value - self->lower) / (self->upper - self->lower);
}

double
muster_axis_denormalize (MusterAxis *self, double fraction)
{
  g_return_val_if_fail (MUSTER_IS_AXIS (self), 0);

  return self->lower + (self->upper - self->lower) * fraction;
}

/* Digits behind the point that tell multiples of STEP apart. */
static int
decimals_of (double step)
{
  int digits = -(int)floor (log10 (step) + 1e-9);

  return CLAMP (digits, 0, 12);
}

static void
format_number (double value, double step, char *label, gsize size)
{
  double magnitude = MAX (fabs (value), step);

  if (magnitude >= 1e7 || magnitude < 1e-5)
    g_snprintf (label, size, "%.4g", value);
  else
    g_snprintf (label, size, "%.*f", decimals_of (step), value);
}

static GArray *
list_number_ticks (MusterAxis *self, unsigned max_ticks)
{
  GArray *ticks = g_array_new (FALSE, FALSE, sizeof (MusterTick));
  double  step = nice_step (self->upper - self->lower, MAX (max_ticks, 2) - 1);
  double  first = ceil (self->lower / step - 1e-9);

  for (unsigned i = 0; i < max_ticks && (first + i) * step <= self->upper + step * 1e-9; i++)
    {
      MusterTick tick = { .value = (first + i) * step };

      if (fabs (tick.value) < step * 1e-9)
        tick = (MusterTick){ .value = 0, .major = TRUE };
      format_number (tick.value, step, tick.label, sizeof tick.label);
      g_array_append_val (ticks, tick);
    }
  return ticks;
}

GArray *
muster_axis_list_ticks (MusterAxis *self, unsigned max_ticks)
{
  g_return_val_if_fail (MUSTER_IS_AXIS (self), NULL);

  if (self->kind == MUSTER_AXIS_TIME)
    return muster_time_ticks_list (self->lower, self->upper, self->zone, MAX (max_ticks, 2));
  return list_number_ticks (self, MAX (max_ticks, 2));
}

char *
muster_axis_format (MusterAxis *self, double value)
{
  char label[MUSTER_TICK_LABEL_LENGTH + 1];

  g_return_val_if_fail (MUSTER_IS_AXIS (self), NULL);

  if (self->kind == MUSTER_AXIS_TIME)
    return muster_time_ticks_format (value, self->upper - self->lower, self->zone);
  format_number (value, nice_step (self->upper - self->lower, 200), label, sizeof label);
  return g_strdup (label);
}
