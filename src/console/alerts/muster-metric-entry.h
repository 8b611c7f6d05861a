/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-rule-preview.h"

G_BEGIN_DECLS

/* Suggests, while somebody types into ROW (an AdwEntryRow), the metrics of the device that PREVIEW
 * shows. PREVIEW lives as long as ROW. */
void muster_metric_entry_attach (GtkWidget         *row,
                                 MusterSession     *session,
                                 MusterRulePreview *preview);

G_END_DECLS
