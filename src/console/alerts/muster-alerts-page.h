/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-views-page.h"

G_BEGIN_DECLS

/* The room of alerts: what is wrong, the rules that say so, when nobody is told, and who is told by
 * what. */
#define MUSTER_TYPE_ALERTS_PAGE (muster_alerts_page_get_type ())
G_DECLARE_FINAL_TYPE (MusterAlertsPage, muster_alerts_page, MUSTER, ALERTS_PAGE, MusterViewsPage)

G_END_DECLS
