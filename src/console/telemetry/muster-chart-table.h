/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "widgets/muster-chart.h"

G_BEGIN_DECLS

/* The points of SERIES (element-type MusterSeries) within the range of X_AXIS as a table: for
 * reading, copying, and the screen reader. */
AdwDialog *muster_chart_table_new (GListModel *series, MusterAxis *x_axis);

G_END_DECLS
