/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* Devices as stock: of which product, where, for whom. */
#define MUSTER_TYPE_UNITS_VIEW (muster_units_view_get_type ())
G_DECLARE_FINAL_TYPE (MusterUnitsView, muster_units_view, MUSTER, UNITS_VIEW, AdwBin)

GtkWidget *muster_units_view_new (MusterSession *session);
/* The units of one place alone, the places within it included where it is told so by IDS, joined by
 * commas; NULL: of all. */
void muster_units_view_set_places (MusterUnitsView *self, const char *ids);

G_END_DECLS
