/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "widgets/muster-records-view.h"

G_BEGIN_DECLS

/* Buttons with what the chips of a list cannot say. They set conditions of VIEW, which lives as
 * long as the button: (transfer floating). */

/* Of alerts: which device, product or place, and who sees to it. */
GtkWidget *muster_alert_filter_new (MusterSession *session, MusterRecordsView *view);
/* Of what was sent: over which channel, to whom, by which escalation, and since when. */
GtkWidget *muster_alert_filter_new_for_sent (MusterSession *session, MusterRecordsView *view);

G_END_DECLS
