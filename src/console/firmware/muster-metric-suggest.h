/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* Suggests, while somebody types into ROW (an AdwEntryRow), names of metrics that devices of the
 * site have. */
void muster_metric_suggest_attach (GtkWidget *row, MusterSession *session);

G_END_DECLS
