/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* Names to choose from: (transfer full) (element-type utf8). */
typedef GPtrArray *(*MusterMetricNames) (gpointer user_data);

/* Suggests names of metrics while somebody types into ROW (an AdwEntryRow): those of NAMES; NULL:
 * those that devices of the site have. USER_DATA lives as long as ROW. */
void muster_metric_suggest_attach (GtkWidget        *row,
                                   MusterSession    *session,
                                   MusterMetricNames names,
                                   gpointer          user_data);

G_END_DECLS
