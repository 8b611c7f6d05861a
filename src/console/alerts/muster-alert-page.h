/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"

G_BEGIN_DECLS

/* All about one alert: what, since when, its value now, why, what was done, and what can be. */
#define MUSTER_TYPE_ALERT_PAGE (muster_alert_page_get_type ())
G_DECLARE_FINAL_TYPE (MusterAlertPage, muster_alert_page, MUSTER, ALERT_PAGE, MusterPage)

MusterPage *muster_alert_page_new (MusterSession *session, const char *alert_id);

G_END_DECLS
