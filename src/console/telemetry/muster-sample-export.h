/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* Asks over PARENT in which format and where to, then saves every sample of METRICS of DEVICES
 * within [FROM, TO] (UTC microseconds) that the site keeps, however many: written as they come,
 * with what is done so far, and to be cancelled. */
void muster_sample_export_ask (MusterSession *session,
                               GtkWidget     *parent,
                               GPtrArray     *devices,
                               GPtrArray     *metrics,
                               gint64         from,
                               gint64         to);

G_END_DECLS
