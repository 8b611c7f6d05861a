/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-metric.h"
#include "model/muster-sample.h"

G_BEGIN_DECLS

/* Whether VALUE (nullable) may be written to METRIC (a MusterMetric): writable, of its datatype,
 * within its range. SAMPLE gets the value as the wire wants it; its text is VALUE's.
 * MUSTER_ERROR_CONFLICT for a metric that takes no commands, else MUSTER_ERROR_INVALID with one row
 * at `/value`. */
gboolean muster_command_check_value (MusterEntity *metric,
                                     JsonNode     *value,
                                     MusterSample *sample,
                                     GError      **error);

G_END_DECLS
