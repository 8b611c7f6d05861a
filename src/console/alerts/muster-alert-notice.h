/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-alert-cover.h"
#include "muster-alert-watch.h"

G_BEGIN_DECLS

/* Acts in WINDOW on what channels tell: sounds, notifications of the desktop, and on a kiosk COVER.
 * Lives as long as WINDOW. */
void muster_alert_notice_attach (GtkWindow        *window,
                                 MusterSession    *session,
                                 MusterAlertWatch *watch,
                                 MusterAlertCover *cover);

G_END_DECLS
