/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* What is wrong at the site, the worst first: taken notice of, assigned, silenced and resolved from
 * the rows; what another alert explains stands below that one. */
#define MUSTER_TYPE_ALERTS_VIEW (muster_alerts_view_get_type ())
G_DECLARE_FINAL_TYPE (MusterAlertsView, muster_alerts_view, MUSTER, ALERTS_VIEW, AdwBin)

GtkWidget *muster_alerts_view_new (MusterSession *session);

/* --- cells that other lists of alerts have too --- */

/* Says since when ALERT lasts, or how long it did: (transfer full). */
char *muster_alert_format_since (MusterEntity *alert);
/* "81.3 °C, over 80", or NULL where nothing was measured: (transfer full). */
char *muster_alert_format_value (MusterEntity *alert);
/* The place, device and metric that it is about, as far as they are known: (transfer full). */
char *muster_alert_format_where (MusterSession *session, MusterEntity *alert);

G_END_DECLS
