/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-series"

#include "config.h"

#include <math.h>
#include <string.h>

#include "muster-series.h"

struct _MusterSeries
{
  GObject parent_instance;

  char    *name; /* (owned) */
  char    *unit; /* (owned) (nullable) */
  unsigned capacity;
  gint64   max_gap;

  /* The points are buffer[start .. start + length); the window slides through a buffer of twice the
   * capacity and is moved back to its beginning when it reaches the end. */
  MusterPoint *buffer; /* (owned) */
  unsigned     room;
  unsigned     start;
  unsigned     length;

  gint64     held_until;
  gint64     step;
  MusterForm form;
  GPtrArray *states; /* (owned) (nullable) (element-type utf8) */
  /* Beside it, each an owned series or NULL. */
  MusterSeries *low;
  MusterSeries *high;
  MusterSeries *ghost;
  guint         holds : 1;
  guint         binary : 1;
};

G_DEFINE_FINAL_TYPE (MusterSeries, muster_series, G_TYPE_OBJECT)

typedef enum
{
  PROP_NAME = 1,
  PROP_UNIT,
  PROP_CAPACITY,
  PROP_MAX_GAP,
} MusterSeriesProperty;

enum
{
  APPENDED,
  TRIMMED,
  CHANGED,
  N_SIGNALS,
};

static GParamSpec *properties[PROP_MAX_GAP + 1];
static unsigned    signals[N_SIGNALS];

static MusterPoint *
points_of (MusterSeries *self)
{
  return self->buffer + self->start;
}

/* Makes room for one more point behind the window. */
static void
ensure_room (MusterSeries *self)
{
  if (self->start + self->length < self->room)
    return;
  if (self->start > 0 && self->length <= self->room / 2)
    {
      memmove (self->buffer, points_of (self), self->length * sizeof (MusterPoint));
      self->start = 0;
      return;
    }
  self->room = MAX (64, MIN (self->room * 2, self->capacity * 2));
  self->buffer = g_renew (MusterPoint, self->buffer, self->room);
}

static void
drop_oldest (MusterSeries *self, unsigned n)
{
  self->start += n;
  self->length -= n;
  g_signal_emit (self, signals[TRIMMED], 0, n);
}

static void
muster_series_constructed (GObject *object)
{
  MusterSeries *self = MUSTER_SERIES (object);

  G_OBJECT_CLASS (muster_series_parent_class)->constructed (object);
  self->room = MIN (64, self->capacity * 2);
  self->buffer = g_new (MusterPoint, self->room);
}

static void
muster_series_dispose (GObject *object)
{
  MusterSeries *self = MUSTER_SERIES (object);

  g_clear_object (&self->low);
  g_clear_object (&self->high);
  g_clear_object (&self->ghost);
  G_OBJECT_CLASS (muster_series_parent_class)->dispose (object);
}

static void
muster_series_finalize (GObject *object)
{
  MusterSeries *self = MUSTER_SERIES (object);

  g_clear_pointer (&self->states, g_ptr_array_unref);
  g_free (self->name);
  g_free (self->unit);
  g_free (self->buffer);
  G_OBJECT_CLASS (muster_series_parent_class)->finalize (object);
}

static void
muster_series_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  MusterSeries *self = MUSTER_SERIES (object);

  switch ((MusterSeriesProperty)prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_UNIT:
      g_value_set_string (value, self->unit);
      break;
    case PROP_CAPACITY:
      g_value_set_uint (value, self->capacity);
      break;
    case PROP_MAX_GAP:
      g_value_set_int64 (value, self->max_gap);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_series_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  MusterSeries *self = MUSTER_SERIES (object);

  switch ((MusterSeriesProperty)prop_id)
    {
    case PROP_NAME:
      self->name = g_value_dup_string (value);
      break;
    case PROP_UNIT:
      self->unit = g_value_dup_string (value);
      break;
    case PROP_CAPACITY:
      self->capacity = g_value_get_uint (value);
      break;
    case PROP_MAX_GAP:
      muster_series_set_max_gap (self, g_value_get_int64 (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_series_class_init (MusterSeriesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = muster_series_constructed;
  object_class->dispose = muster_series_dispose;
  object_class->finalize = muster_series_finalize;
  object_class->get_property = muster_series_get_property;
  object_class->set_property = muster_series_set_property;

  properties[PROP_NAME] =
    g_param_spec_string ("name", NULL, NULL, "",
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_UNIT] =
    g_param_spec_string ("unit", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_CAPACITY] =
    g_param_spec_uint ("capacity", NULL, NULL, 2, 1 << 24, 4096,
                       G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_MAX_GAP] =
    g_param_spec_int64 ("max-gap", NULL, NULL, 0, G_MAXINT64, 0,
                        G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  signals[APPENDED] = g_signal_new ("appended", MUSTER_TYPE_SERIES, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[TRIMMED] = g_signal_new ("trimmed", MUSTER_TYPE_SERIES, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[CHANGED] = g_signal_new ("changed", MUSTER_TYPE_SERIES, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
muster_series_init (MusterSeries *self)
{
}

MusterSeries *
muster_series_new (const char *name, const char *unit, unsigned capacity)
{
  g_return_val_if_fail (name != NULL, NULL);

  return g_object_new (MUSTER_TYPE_SERIES, "name", name, "unit", unit, "capacity", capacity, NULL);
}

const char *
muster_series_get_name (MusterSeries *self)
{
  g_return_val_if_fail (MUSTER_IS_SERIES (self), NULL);

  return self->name;
}

const char *
muster_series_get_unit (MusterSeries *self)
{
  g_return_val_if_fail (MUSTER_IS_SERIES (self), NULL);

  return self->unit;
}

unsigned
muster_series_get_capacity (MusterSeries *self)
{
  g_return_val_if_fail (MUSTER_IS_SERIES (self), 0);

  return self->capacity;
}

gint64
muster_series_get_max_gap (MusterSeries *self)
{
  g_return_val_if_fail (MUSTER_IS_SERIES (self), 0);

  return self->max_gap;
}

void
muster_series_set_max_gap (MusterSeries *self, gint64 max_gap)
{
  g_return_if_fail (MUSTER_IS_SERIES (self));

  if (self->max_gap == max_gap)
    return;
  self->max_gap = max_gap;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MAX_GAP]);
  g_signal_emit (self, signals[CHANGED], 0);
}

gboolean
muster_series_get_holds (MusterSeries *self)
{
  g_return_val_if_fail (MUSTER_IS_SERIES (self), FALSE);

  return self->holds;
}

void
muster_series_set_holds (MusterSeries *self, gboolean holds)
{
  g_return_if_fail (MUSTER_IS_SERIES (self));

  if (self->holds == !!holds)
    return;
  self->holds = !!holds;
  g_signal_emit (self, signals[CHANGED], 0);
}

gboolean
muster_series_is_current (MusterSeries *self)
{
  g_return_val_if_fail (MUSTER_IS_SERIES (self), FALSE);

  return self->held_until == G_MAXINT64;
}

gint64
muster_series_get_held_until (MusterSeries *self)
{
  g_return_val_if_fail (MUSTER_IS_SERIES (self), 0);

  return self->held_until;
}

void
muster_series_set_current (MusterSeries *self, gboolean current)
{
  g_return_if_fail (MUSTER_IS_SERIES (self));

  if (muster_series_is_current (self) == !!current)
    return;
  self->held_until = current ? G_MAXINT64 : g_get_real_time ();
  g_signal_emit (self, signals[CHANGED], 0);
}

MusterForm
muster_series_get_form (MusterSeries *self)
{
  g_return_val_if_fail (MUSTER_IS_SERIES (self), MUSTER_FORM_LINE);

  return self->form;
}

void
muster_series_set_form (MusterSeries *self, MusterForm form)
{
  g_return_if_fail (MUSTER_IS_SERIES (self));

  if (self->form == form)
    return;
  self->form = form;
  g_signal_emit (self, signals[CHANGED], 0);
}

gboolean
muster_series_is_lane (MusterSeries *self)
{
  g_return_val_if_fail (MUSTER_IS_SERIES (self), FALSE);

  return self->form >= MUSTER_FORM_STATE;
}

gint64
muster_series_get_step (MusterSeries *self)
{
  g_return_val_if_fail (MUSTER_IS_SERIES (self), 0);

  return self->step;
}

void
muster_series_set_step (MusterSeries *self, gint64 step)
{
  g_return_if_fail (MUSTER_IS_SERIES (self));
  g_return_if_fail (step >= 0);

  if (self->step == step)
    return;
  self->step = step;
  g_signal_emit (self, signals[CHANGED], 0);
}

double
muster_series_add_state (MusterSeries *self, const char *text)
{
  unsigned index;

  g_return_val_if_fail (MUSTER_IS_SERIES (self), NAN);
  g_return_val_if_fail (text != NULL, NAN);

  if (self->states == NULL)
    self->states = g_ptr_array_new_with_free_func (g_free);
  if (!g_ptr_array_find_with_equal_func (self->states, text, g_str_equal, &index))
    {
      index = self->states->len;
      g_ptr_array_add (self->states, g_strdup (text));
    }
  return index;
}

const char *
muster_series_get_state (MusterSeries *self, double value)
{
  g_return_val_if_fail (MUSTER_IS_SERIES (self), NULL);

  return self->states != NULL && value >= 0 && value < self->states->len
           ? self->states->pdata[(unsigned)value]
           : NULL;
}

unsigned
muster_series_count_states (MusterSeries *self)
{
  g_return_val_if_fail (MUSTER_IS_SERIES (self), 0);

  return self->states != NULL ? self->states->len : 0;
}

void
muster_series_set_binary (MusterSeries *self, const char *off, const char *on)
{
  g_return_if_fail (MUSTER_IS_SERIES (self));
  g_return_if_fail (self->states == NULL);

  self->binary = TRUE;
  muster_series_add_state (self, off);
  muster_series_add_state (self, on);
}

gboolean
muster_series_is_binary (MusterSeries *self)
{
  g_return_val_if_fail (MUSTER_IS_SERIES (self), FALSE);

  return self->binary;
}

static void
muster_series_beside_cb (MusterSeries *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* What is beside a series is drawn with it, so its changes are changes of the series. */
static gboolean
replace_beside (MusterSeries *self, MusterSeries **beside, MusterSeries *with)
{
  if (*beside == with)
    return FALSE;
  if (*beside != NULL)
    g_signal_handlers_disconnect_by_data (*beside, self);
  g_set_object (beside, with);
  if (with != NULL)
    g_signal_connect_object (with, "changed", G_CALLBACK (muster_series_beside_cb), self,
                             G_CONNECT_SWAPPED);
  return TRUE;
}

void
muster_series_set_band (MusterSeries *self, MusterSeries *low, MusterSeries *high)
{
  gboolean changed;

  g_return_if_fail (MUSTER_IS_SERIES (self));
  g_return_if_fail ((low == NULL) == (high == NULL));

  changed = replace_beside (self, &self->low, low);
  changed |= replace_beside (self, &self->high, high);
  if (changed)
    g_signal_emit (self, signals[CHANGED], 0);
}

MusterSeries *
muster_series_get_low (MusterSeries *self)
{
  g_return_val_if_fail (MUSTER_IS_SERIES (self), NULL);

  return self->low;
}

MusterSeries *
muster_series_get_high (MusterSeries *self)
{
  g_return_val_if_fail (MUSTER_IS_SERIES (self), NULL);

  return self->high;
}

void
muster_series_set_ghost (MusterSeries *self, MusterSeries *ghost)
{
  g_return_if_fail (MUSTER_IS_SERIES (self));
  g_return_if_fail (ghost != self);

  if (replace_beside (self, &self->ghost, ghost))
    g_signal_emit (self, signals[CHANGED], 0);
}

MusterSeries *
muster_series_get_ghost (MusterSeries *self)
{
  g_return_val_if_fail (MUSTER_IS_SERIES (self), NULL);

  return self->ghost;
}

/* Puts a point that is not newer than the last one where it belongs. */
static void
insert_ordered (MusterSeries *self, gint64 time, double value)
{
  unsigned     position = muster_series_find (self, time);
  MusterPoint *at;

  if (points_of (self)[position].time == time)
    {
      points_of (self)[position].value = value;
      return;
    }
  if (self->length == self->capacity)
    {
      if (position == 0)
        return;
      drop_oldest (self, 1);
      position--;
    }
  ensure_room (self);
  at = points_of (self) + position;
  memmove (at + 1, at, (self->length - position) * sizeof (MusterPoint));
  *at = (MusterPoint){ time, value };
  self->length++;
}

void
muster_series_append (MusterSeries *self, gint64 time, double value)
{
  g_return_if_fail (MUSTER_IS_SERIES (self));

  if (self->length > 0 && time <= points_of (self)[self->length - 1].time)
    insert_ordered (self, time, value);
  else
    {
      if (self->length == self->capacity)
        drop_oldest (self, 1);
      ensure_room (self);
      points_of (self)[self->length++] = (MusterPoint){ time, value };
      g_signal_emit (self, signals[APPENDED], 0, 1u);
    }
  g_signal_emit (self, signals[CHANGED], 0);
}

void
muster_series_replace_range (MusterSeries      *self,
                             gint64             from,
                             gint64             to,
                             const MusterPoint *points,
                             unsigned           n_points)
{
  unsigned before, after, n_after, total;

  g_return_if_fail (MUSTER_IS_SERIES (self));
  g_return_if_fail (from <= to);
  g_return_if_fail (points != NULL || n_points == 0);

  before = muster_series_find (self, from);
  after = to == G_MAXINT64 ? self->length : muster_series_find (self, to + 1);
  n_after = self->length - after;
  total = before + n_points + n_after;
  if (total > self->room || self->start > 0)
    {
      unsigned     room = MAX (total, self->room);
      MusterPoint *buffer = g_new (MusterPoint, room);

      memcpy (buffer, points_of (self), before * sizeof (MusterPoint));
      memcpy (buffer + before + n_points, points_of (self) + after, n_after * sizeof (MusterPoint));
      g_free (self->buffer);
      self->buffer = buffer;
      self->room = room;
      self->start = 0;
    }
  else
    memmove (self->buffer + before + n_points, self->buffer + after,
             n_after * sizeof (MusterPoint));
  if (n_points > 0)
    memcpy (self->buffer + before, points, n_points * sizeof (MusterPoint));
  self->length = total;
  if (self->length > self->capacity)
    drop_oldest (self, self->length - self->capacity);
  g_signal_emit (self, signals[CHANGED], 0);
}

void
muster_series_clear (MusterSeries *self)
{
  g_return_if_fail (MUSTER_IS_SERIES (self));

  if (self->length == 0)
    return;
  drop_oldest (self, self->length);
  self->start = 0;
  g_signal_emit (self, signals[CHANGED], 0);
}

unsigned
muster_series_get_length (MusterSeries *self)
{
  g_return_val_if_fail (MUSTER_IS_SERIES (self), 0);

  return self->length;
}

const MusterPoint *
muster_series_peek (MusterSeries *self, unsigned *n_points)
{
  g_return_val_if_fail (MUSTER_IS_SERIES (self), NULL);

  *n_points = self->length;
  return points_of (self);
}

const MusterPoint *
muster_series_peek_last (MusterSeries *self)
{
  g_return_val_if_fail (MUSTER_IS_SERIES (self), NULL);

  return self->length > 0 ? points_of (self) + self->length - 1 : NULL;
}

unsigned
muster_series_find (MusterSeries *self, gint64 time)
{
  unsigned low = 0, high;

  g_return_val_if_fail (MUSTER_IS_SERIES (self), 0);

  high = self->length;
  while (low < high)
    {
      unsigned middle = low + (high - low) / 2;

      if (points_of (self)[middle].time < time)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

const MusterPoint *
muster_series_find_nearest (MusterSeries *self, gint64 time)
{
  const MusterPoint *points;
  unsigned           position;

  g_return_val_if_fail (MUSTER_IS_SERIES (self), NULL);

  if (self->length == 0)
    return NULL;
  points = points_of (self);
  position = muster_series_find (self, time);
  if (position == self->length ||
      (position > 0 && time - points[position - 1].time <= points[position].time - time))
    position--;
  return points + position;
}

const MusterPoint *
muster_series_find_held (MusterSeries *self, gint64 time)
{
  unsigned           after;
  const MusterPoint *point;

  g_return_val_if_fail (MUSTER_IS_SERIES (self), NULL);

  after = muster_series_find (self, time == G_MAXINT64 ? time : time + 1);
  if (!self->holds || after == 0 ||
      (after == self->length && time >= self->held_until && !muster_series_is_current (self)))
    return NULL;
  point = points_of (self) + after - 1;
  return isnan (point->value) ? NULL : point;
}

gboolean
muster_series_get_extent (MusterSeries *self,
                          gint64        from,
                          gint64        to,
                          double       *minimum,
                          double       *maximum)
{
  double             low = INFINITY, high = -INFINITY;
  const MusterPoint *held;

  g_return_val_if_fail (MUSTER_IS_SERIES (self), FALSE);

  held = muster_series_find_held (self, from);
  if (held != NULL)
    low = high = held->value;

  for (unsigned i = muster_series_find (self, from);
       i < self->length && points_of (self)[i].time <= to; i++)
    {
      double value = points_of (self)[i].value;

      if (value < low)
        low = value;
      if (value > high)
        high = value;
    }
  if (low > high)
    return FALSE;
  *minimum = low;
  *maximum = high;
  return TRUE;
}
