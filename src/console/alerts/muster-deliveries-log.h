/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* What was sent to whom by which channel, and what became of it. */
#define MUSTER_TYPE_DELIVERIES_LOG (muster_deliveries_log_get_type ())
G_DECLARE_FINAL_TYPE (MusterDeliveriesLog, muster_deliveries_log, MUSTER, DELIVERIES_LOG, AdwBin)

GtkWidget *muster_deliveries_log_new (MusterSession *session);

G_END_DECLS
