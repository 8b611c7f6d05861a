/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "model/muster-sample.h"

G_BEGIN_DECLS

/**
 * MusterApiReading:
 *
 * One sample as the API gives it: time, value, quality. Immutable.
 */
#define MUSTER_TYPE_API_READING (muster_api_reading_get_type ())
G_DECLARE_FINAL_TYPE (MusterApiReading, muster_api_reading, MUSTER, API_READING, GObject)

/* FLAGS: MUSTER_SAMPLE_BAD and MUSTER_SAMPLE_STALE by its quality. Times are UTC microseconds. */
MusterApiReading *muster_api_reading_new (gint64 time, JsonNode *value, MusterSampleFlags flags);
/* From {"time":…,"value":…,"quality":…}; time as ISO 8601 or milliseconds. NULL when it has no
 * time. */
MusterApiReading *muster_api_reading_new_from_json (JsonObject *object);

gint64            muster_api_reading_get_time (MusterApiReading *self);
MusterSampleType  muster_api_reading_get_sample_type (MusterApiReading *self);
MusterSampleFlags muster_api_reading_get_flags (MusterApiReading *self);
/* Booleans as 0 and 1; NAN for text and null. */
double muster_api_reading_get_number (MusterApiReading *self);
/* For a person: the value itself, shortest form: (transfer full). */
char *muster_api_reading_format (MusterApiReading *self);

/* The number that stands for VALUE on a chart: booleans as 0 and 1; NAN for anything that isn't a
 * number. */
double muster_api_node_to_number (JsonNode *value);

G_END_DECLS
