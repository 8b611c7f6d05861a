/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-track"

#include "config.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "muster-course.h"
#include "muster-track.h"

#define MAX_POINTS 20000

struct _MusterTrack
{
  GObject parent_instance;

  MusterHearing
               *hearing; /* (owned) (nullable) of a device; several that count together have none */
  char         *key;     /* (owned) (nullable) what several are called for the site */
  MusterMetric *metric;  /* (owned) */
  MusterSeries *series;  /* (owned) */
  MusterPoint   latest;  /* what was told last when the track was made; time 0: nothing */
};

G_DEFINE_FINAL_TYPE (MusterTrack, muster_track, G_TYPE_OBJECT)

static void
muster_track_current_cb (MusterTrack *self)
{
  muster_series_set_current (self->series, muster_hearing_is_current (self->hearing));
}

/* What stood on the plot stands no longer. */
static void
muster_track_ended_cb (MusterTrack *self, gint64 time)
{
  muster_series_append (self->series, time, NAN);
}

static void
muster_track_dispose (GObject *object)
{
  MusterTrack *self = MUSTER_TRACK (object);

  g_clear_object (&self->hearing);
  g_clear_object (&self->metric);
  g_clear_object (&self->series);
  g_clear_pointer (&self->key, g_free);
  G_OBJECT_CLASS (muster_track_parent_class)->dispose (object);
}

static void
muster_track_class_init (MusterTrackClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_track_dispose;
}

static void
muster_track_init (MusterTrack *self)
{
}

MusterForm
muster_track_choose_form (MusterDatatype datatype)
{
  if (datatype == MUSTER_DATATYPE_FLOAT || datatype == MUSTER_DATATYPE_DOUBLE)
    return MUSTER_FORM_LINE;
  return datatype < MUSTER_DATATYPE_FLOAT ? MUSTER_FORM_STEP : MUSTER_FORM_STATE;
}

static void
note_latest (MusterTrack *self, MusterApiReading *reading)
{
  double value = muster_api_reading_get_number (reading);

  if (muster_api_reading_get_sample_type (reading) == MUSTER_SAMPLE_STRING)
    {
      g_autofree char *text = muster_api_reading_format (reading);

      value = muster_series_add_state (self->series, text);
    }
  self->latest = (MusterPoint){ muster_api_reading_get_time (reading), value };
}

static MusterTrack *
create (MusterApiMetric *metric, const char *label, const char *unit)
{
  MusterTrack   *self = g_object_new (MUSTER_TYPE_TRACK, NULL);
  MusterEntity  *entity = MUSTER_ENTITY (muster_api_metric_get_metric (metric));
  MusterDatatype datatype = muster_entity_get_enum (entity, "datatype");

  self->metric = g_object_ref (muster_api_metric_get_metric (metric));
  self->series = muster_series_new (label, unit, MAX_POINTS);
  muster_series_set_form (self->series, muster_track_choose_form (datatype));
  return self;
}

MusterTrack *
muster_track_new (MusterHearing   *hearing,
                  MusterApiMetric *metric,
                  const char      *label,
                  const char      *unit)
{
  MusterTrack      *self = create (metric, label, unit);
  MusterApiReading *latest = muster_api_metric_get_latest (metric);

  self->hearing = g_object_ref (hearing);
  muster_series_set_holds (self->series, TRUE);
  if (muster_entity_get_enum (MUSTER_ENTITY (self->metric), "datatype") == MUSTER_DATATYPE_BOOLEAN)
    muster_series_set_binary (self->series, _ ("Off"), _ ("On"));
  if (latest != NULL)
    note_latest (self, latest);
  g_signal_connect_object (hearing, "changed", G_CALLBACK (muster_track_current_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (hearing, "ended", G_CALLBACK (muster_track_ended_cb), self,
                           G_CONNECT_SWAPPED);
  muster_track_current_cb (self);
  return self;
}

MusterTrack *
muster_track_new_for_key (const char      *key,
                          MusterApiMetric *metric,
                          const char      *label,
                          const char      *unit)
{
  MusterTrack *self = create (metric, label, unit);

  self->key = g_strdup (key);
  return self;
}

MusterHearing *
muster_track_get_hearing (MusterTrack *self)
{
  g_return_val_if_fail (MUSTER_IS_TRACK (self), NULL);

  return self->hearing;
}

const char *
muster_track_get_device_id (MusterTrack *self)
{
  g_return_val_if_fail (MUSTER_IS_TRACK (self), NULL);

  return self->hearing != NULL ? muster_hearing_get_device_id (self->hearing) : self->key;
}

const char *
muster_track_get_metric (MusterTrack *self)
{
  g_return_val_if_fail (MUSTER_IS_TRACK (self), NULL);

  return muster_entity_get_string (MUSTER_ENTITY (self->metric), "name");
}

MusterMetric *
muster_track_get_entity (MusterTrack *self)
{
  g_return_val_if_fail (MUSTER_IS_TRACK (self), NULL);

  return self->metric;
}

const char *
muster_track_get_unit (MusterTrack *self)
{
  g_return_val_if_fail (MUSTER_IS_TRACK (self), NULL);

  return muster_series_get_unit (self->series);
}

MusterSeries *
muster_track_get_series (MusterTrack *self)
{
  g_return_val_if_fail (MUSTER_IS_TRACK (self), NULL);

  return self->series;
}

gboolean
muster_track_is (MusterTrack *self, const char *device_id, const char *metric)
{
  return g_strcmp0 (muster_track_get_device_id (self), device_id) == 0 &&
         g_strcmp0 (muster_track_get_metric (self), metric) == 0;
}

/* The value of point I: a text by the state that it stands for. */
static double
value_of (MusterTrack *self, const MusterApiSeries *answer, gsize i)
{
  return answer->texts != NULL && answer->texts[i] != NULL
           ? muster_series_add_state (self->series, answer->texts[i])
           : answer->values[i];
}

void
muster_track_fill (MusterTrack *self, const MusterApiSeries *answer, gint64 from)
{
  const MusterPoint *before;
  MusterPoint        stood = { 0 };

  g_return_if_fail (MUSTER_IS_TRACK (self));
  g_return_if_fail (self->hearing != NULL);

  /* By value: filling the series moves its points. */
  before = muster_course_find_before (self->series, from);
  if (before != NULL)
    stood = *before;
  if (self->latest.time > stood.time && self->latest.time <= from)
    stood = self->latest;
  muster_series_set_step (self->series, 0);
  if (answer->texts != NULL)
    for (gsize i = 0; i < answer->length; i++)
      answer->values[i] = value_of (self, answer, i);
  muster_course_fill (self->series, answer, from, stood.time > 0 ? &stood : NULL,
                      muster_hearing_get_outages (self->hearing));
}

void
muster_track_add (MusterTrack *self, const MusterApiSeries *samples)
{
  g_return_if_fail (MUSTER_IS_TRACK (self));

  for (gsize i = 0; i < samples->length; i++)
    muster_series_append (self->series, samples->times[i] * 1000, value_of (self, samples, i));
}

/* --- by steps --- */

gboolean
muster_track_is_numeric (MusterTrack *self)
{
  g_return_val_if_fail (MUSTER_IS_TRACK (self), FALSE);

  return muster_entity_get_enum (MUSTER_ENTITY (self->metric), "datatype") <=
         MUSTER_DATATYPE_DOUBLE;
}

void
muster_track_set_form (MusterTrack *self, gboolean automatic, MusterForm form)
{
  MusterDatatype datatype;

  g_return_if_fail (MUSTER_IS_TRACK (self));

  datatype = muster_entity_get_enum (MUSTER_ENTITY (self->metric), "datatype");
  if (!muster_track_is_numeric (self) && self->hearing != NULL)
    return;
  muster_series_set_form (self->series, automatic ? muster_track_choose_form (datatype) : form);
  if (form != MUSTER_FORM_BAND)
    muster_series_set_band (self->series, NULL, NULL);
}

/* The series of PART, made where there is none yet: borrowed. */
static MusterSeries *
ensure_part (MusterTrack *self, MusterTrackPart part)
{
  if (part == MUSTER_TRACK_COURSE)
    return self->series;
  if (muster_series_get_low (self->series) == NULL)
    {
      const char *unit = muster_series_get_unit (self->series);
      g_autoptr (MusterSeries) low = muster_series_new (_ ("Least"), unit, MAX_POINTS);
      g_autoptr (MusterSeries) high = muster_series_new (_ ("Greatest"), unit, MAX_POINTS);

      muster_series_set_band (self->series, low, high);
    }
  return part == MUSTER_TRACK_LOW ? muster_series_get_low (self->series)
                                  : muster_series_get_high (self->series);
}

static void
replace_points (MusterSeries *series, const MusterApiSeries *answer, gint64 shift, double factor)
{
  g_autofree MusterPoint *points = g_new (MusterPoint, answer->length + 1);

  for (gsize i = 0; i < answer->length; i++)
    points[i] = (MusterPoint){ answer->times[i] * 1000 + shift, answer->values[i] * factor };
  muster_series_replace_range (series, 0, G_MAXINT64, points, answer->length);
}

void
muster_track_fill_steps (MusterTrack           *self,
                         MusterTrackPart        part,
                         const MusterApiSeries *answer,
                         gint64                 step,
                         double                 factor)
{
  MusterSeries *series;
  gint64        interval;
  gboolean      line;

  g_return_if_fail (MUSTER_IS_TRACK (self));
  g_return_if_fail (part != MUSTER_TRACK_GHOST);

  series = ensure_part (self, part);
  line = muster_series_get_form (self->series) == MUSTER_FORM_BAND ||
         muster_series_get_form (self->series) == MUSTER_FORM_LINE;
  muster_series_set_holds (series, FALSE);
  muster_series_set_step (series, step);
  /* Where values come less often than a step is long, not every step has one. */
  interval = MAX (step, muster_course_find_interval (answer));
  muster_series_set_max_gap (series, interval + interval / 2);
  /* A line goes through the middle of its steps, a bar begins with its own. */
  replace_points (series, answer, line ? step / 2 : 0, factor);
}

void
muster_track_set_ghost (MusterTrack           *self,
                        const MusterApiSeries *answer,
                        gint64                 shift,
                        const char            *label)
{
  g_autoptr (MusterSeries) ghost = NULL;

  g_return_if_fail (MUSTER_IS_TRACK (self));

  if (answer != NULL)
    {
      static const MusterPoint *const nothing = NULL;
      g_autoptr (GArray) outages = g_array_new (FALSE, FALSE, sizeof (gint64));

      ghost = muster_series_new (label, muster_series_get_unit (self->series), MAX_POINTS);
      muster_course_fill (ghost, answer, 0, nothing, outages);
      replace_points (ghost, answer, shift, 1);
    }
  muster_series_set_ghost (self->series, ghost);
}
