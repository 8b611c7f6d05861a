/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-sample-rows.h"

G_BEGIN_DECLS

/* Reads a field's value of the line protocol, from AT to END, that is no string: 21.5, 1i, 2u, t,
 * true. The kind of the cell, or MUSTER_CELL_ABSENT where it is none of these. */
unsigned muster_line_value_read (const char *at, const char *end, MusterCell *cell);

/* Reads a time stamp, and turns it into microseconds. */
gboolean muster_line_time_read (const char *at,
                                const char *end,
                                gint64      multiplier,
                                gint64      divisor,
                                gint64     *time);

G_END_DECLS
