/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "widgets/muster-series.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* The points of SERIES (element-type MusterSeries) within [FROM, TO] (UTC microseconds) as CSV by
 * RFC 4180: a row a moment at which any of them has a point, a column a series, states by their
 * words, nothing where there is no value; the times in UTC as ISO 8601: (transfer full). */
char *muster_chart_csv_build (GListModel *series, gint64 from, gint64 to);

G_END_DECLS
