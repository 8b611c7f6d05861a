/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"

G_BEGIN_DECLS

/* The room of alerts: what is wrong, the rules that say so, when nobody is told, and who is told by
 * what. */
#define MUSTER_TYPE_ALERTS_PAGE (muster_alerts_page_get_type ())
G_DECLARE_FINAL_TYPE (MusterAlertsPage, muster_alerts_page, MUSTER, ALERTS_PAGE, MusterPage)

/* Brings a view to the front: "alerts", "rules", "silences", "channels", "escalations", "duty",
 * "log". */
void muster_alerts_page_show_view (MusterAlertsPage *self, const char *name);
/* Brings the silence ID to the front. */
void muster_alerts_page_show_silence (MusterAlertsPage *self, const char *id);

G_END_DECLS
