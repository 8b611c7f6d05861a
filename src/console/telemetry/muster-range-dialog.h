/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

typedef void (*MusterRangeFunc) (gpointer user_data, gint64 from, gint64 to);

/* Asks over PARENT for a range of time on the clock of ZONE, beginning with FROM to TO (UTC
 * microseconds); calls FUNC with what was chosen. USER_DATA is an object, kept meanwhile. */
void muster_range_dialog_ask (GtkWidget      *parent,
                              GTimeZone      *zone,
                              gint64          from,
                              gint64          to,
                              MusterRangeFunc func,
                              gpointer        user_data);

G_END_DECLS
