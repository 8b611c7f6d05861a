/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-ctl-collection.h"

G_BEGIN_DECLS

extern const MusterCtlCollection muster_ctl_products;
extern const MusterCtlCollection muster_ctl_locations;
extern const MusterCtlCollection muster_ctl_batches;
extern const MusterCtlCollection muster_ctl_stocktakes;

/* Prints OBJECT's array MEMBER as a table: one column a name of NAMES, in order; as JSON where that
 * was asked for. OBJECT is taken; NULL gives FALSE. */
gboolean muster_ctl_show_rows (MusterCtl             *ctl,
                               JsonObject            *object,
                               const char            *member,
                               const MusterCtlColumn *columns,
                               const char *const     *names,
                               const char            *empty);

G_END_DECLS
