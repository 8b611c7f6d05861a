/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "widgets/muster-chart.h"

G_BEGIN_DECLS

/* The points of a chart as a table: for reading, copying, and the screen reader. */
AdwDialog *muster_chart_table_new (MusterChart *chart, GTimeZone *zone);

G_END_DECLS
