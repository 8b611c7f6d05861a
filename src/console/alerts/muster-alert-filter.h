/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "widgets/muster-records-view.h"

G_BEGIN_DECLS

/* A button with what the chips of a list of alerts cannot say: which device, product or place, and
 * who sees to it. It sets conditions of VIEW, which lives as long as the button: (transfer
 * floating). */
GtkWidget *muster_alert_filter_new (MusterSession *session, MusterRecordsView *view);

G_END_DECLS
