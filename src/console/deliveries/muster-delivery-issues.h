/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* What is damaged, missing or wrong with a delivery, and a way to report more; not there for those
 * who may not read it. Signal `chosen (MusterEntity *issue)`. */
#define MUSTER_TYPE_DELIVERY_ISSUES (muster_delivery_issues_get_type ())
G_DECLARE_FINAL_TYPE (MusterDeliveryIssues, muster_delivery_issues, MUSTER, DELIVERY_ISSUES, AdwBin)

/* Reads those of the delivery ID, again at each call. */
void muster_delivery_issues_show (MusterDeliveryIssues *self,
                                  MusterSession        *session,
                                  const char           *id);

G_END_DECLS
