/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"

G_BEGIN_DECLS

/* The rules that Muster makes for a product: that its devices are reached, that its metrics stay
 * within the range that makes sense, and what the names and units of others tell of them. On the
 * writer's thread. */

/* Rules for METRIC (a MusterMetric that is stored) of a device of PRODUCT_ID, and for the product
 * as a whole, unless they are there. Only where no other device of the product had it before: what
 * people did about its rules since then is theirs. */
gboolean muster_alert_default_rules_add (MusterTransaction *transaction,
                                         const char        *product_id,
                                         MusterEntity      *metric,
                                         GError           **error);
/* All of them that PRODUCT_ID lacks, whatever people did about them: their number, or -1. */
gint64 muster_alert_default_rules_add_again (MusterTransaction *transaction,
                                             const char        *product_id,
                                             GError           **error);

G_END_DECLS
