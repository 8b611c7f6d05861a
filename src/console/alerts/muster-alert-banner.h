/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-alert-watch.h"

G_BEGIN_DECLS

/* One banner for all alerts that are new and that nobody has taken notice of: how many of which
 * severity, and what to do. Not there without any. */
#define MUSTER_TYPE_ALERT_BANNER (muster_alert_banner_get_type ())
G_DECLARE_FINAL_TYPE (MusterAlertBanner, muster_alert_banner, MUSTER, ALERT_BANNER, AdwBin)

/* To be called once. */
void muster_alert_banner_set_watch (MusterAlertBanner *self,
                                    MusterSession     *session,
                                    MusterAlertWatch  *watch);

/* "1 error, 2 warnings" of the counts by severity; "" for none: (transfer full). */
char *muster_alert_counts_format (const unsigned counts[MUSTER_N_SEVERITIES]);

G_END_DECLS
