/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/muster-api-devices.h"
#include "client/muster-api-monitoring.h"
#include "muster-hearing.h"
#include "widgets/muster-series.h"

G_BEGIN_DECLS

/**
 * MusterTrack:
 *
 * One course of values on a page of charts: a metric of a device with its series, which stands for
 * as long as the device is heard.
 */
#define MUSTER_TYPE_TRACK (muster_track_get_type ())
G_DECLARE_FINAL_TYPE (MusterTrack, muster_track, MUSTER, TRACK, GObject)

/* The metric of the device that HEARING knows. LABEL: what the legend calls it; UNIT (nullable): of
 * what is shown of it. */
MusterTrack *muster_track_new (MusterHearing   *hearing,
                               MusterApiMetric *metric,
                               const char      *label,
                               const char      *unit);
/* The metric of several devices that count together, which the site calls KEY. It has steps alone:
 * muster_track_fill_steps(). */
MusterTrack *muster_track_new_for_key (const char      *key,
                                       MusterApiMetric *metric,
                                       const char      *label,
                                       const char      *unit);

MusterHearing *muster_track_get_hearing (MusterTrack *self); /* (nullable) where several count */
/* Of several that count together: their key. */
const char   *muster_track_get_device_id (MusterTrack *self);
const char   *muster_track_get_metric (MusterTrack *self);
MusterMetric *muster_track_get_entity (MusterTrack *self);
const char   *muster_track_get_unit (MusterTrack *self); /* (nullable) */
MusterSeries *muster_track_get_series (MusterTrack *self);
/* Whether it is METRIC of DEVICE_ID. */
gboolean muster_track_is (MusterTrack *self, const char *device_id, const char *metric);

/* Replaces its points by ANSWER, which was asked for from FROM (UTC microseconds) on. */
void muster_track_fill (MusterTrack *self, const MusterApiSeries *answer, gint64 from);
/* What else a track consists of. */
typedef enum
{
  MUSTER_TRACK_COURSE, /* the course itself */
  MUSTER_TRACK_LOW,    /* the least of each step */
  MUSTER_TRACK_HIGH,
  MUSTER_TRACK_GHOST, /* what it is compared with */
} MusterTrackPart;

/* Shows it by steps of STEP microseconds: ANSWER has one value a step, which PART is replaced by,
 * times FACTOR. */
void muster_track_fill_steps (MusterTrack           *self,
                              MusterTrackPart        part,
                              const MusterApiSeries *answer,
                              gint64                 step,
                              double                 factor);
/* Shows ANSWER faintly behind it, SHIFT microseconds later than it was, called LABEL; NULL:
 * nothing.
 */
void muster_track_set_ghost (MusterTrack           *self,
                             const MusterApiSeries *answer,
                             gint64                 shift,
                             const char            *label);
/* How it looks; ignored where the metric has nothing but states. AUTOMATIC: by its type. */
void     muster_track_set_form (MusterTrack *self, gboolean automatic, MusterForm form);
gboolean muster_track_is_numeric (MusterTrack *self);

/* New samples. */
void muster_track_add (MusterTrack *self, const MusterApiSeries *samples);

/* How a metric of that type looks unless somebody chooses: measures as lines, counts as steps,
 * switches and texts as states. */
MusterForm muster_track_choose_form (MusterDatatype datatype);

G_END_DECLS
