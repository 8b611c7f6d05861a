/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/muster-api-monitoring.h"
#include "widgets/muster-series.h"

G_BEGIN_DECLS

/* Puts ANSWER, the samples since FROM (UTC microseconds), into SERIES; newer samples that are there
 * already stay. BEFORE (nullable) is what stood before FROM. A device tells only what changes, so a
 * value stands until the next one, but not beyond one of OUTAGES (element-type gint64, UTC
 * microseconds): the moments when nothing more was heard of the device. */
void muster_course_fill (MusterSeries          *series,
                         const MusterApiSeries *answer,
                         gint64                 from,
                         const MusterPoint     *before,
                         GArray                *outages);
/* The point of SERIES that stood at TIME, whether or not it still does (nullable). */
const MusterPoint *muster_course_find_before (MusterSeries *series, gint64 time);
/* How far apart the points of ANSWER usually are, microseconds: the middle one of the distances, as
 * a few long rests say nothing about the rhythm; 0: it has no two. */
gint64 muster_course_find_interval (const MusterApiSeries *answer);

G_END_DECLS
