/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* What became of an alert, newest first: raised, seen to, told to whom and how, over; and what was
 * changed about its device meanwhile and shortly before. */
#define MUSTER_TYPE_ALERT_TIMELINE (muster_alert_timeline_get_type ())
G_DECLARE_FINAL_TYPE (MusterAlertTimeline, muster_alert_timeline, MUSTER, ALERT_TIMELINE, AdwBin)

/* Reads it again at each call. */
void muster_alert_timeline_show (MusterAlertTimeline *self,
                                 MusterSession       *session,
                                 MusterEntity        *alert);

G_END_DECLS
