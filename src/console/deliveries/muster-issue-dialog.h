/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* What was wrong with a delivery, with a photo, and what is done about it. */
#define MUSTER_TYPE_ISSUE_DIALOG (muster_issue_dialog_get_type ())
G_DECLARE_FINAL_TYPE (MusterIssueDialog, muster_issue_dialog, MUSTER, ISSUE_DIALOG, AdwDialog)

/* ITEMS (element-type MusterDeliveryItem): what DELIVERY holds. ISSUE NULL: a new one. */
AdwDialog *muster_issue_dialog_new (MusterSession *session,
                                    MusterEntity  *delivery,
                                    GPtrArray     *items,
                                    MusterEntity  *issue);

G_END_DECLS
