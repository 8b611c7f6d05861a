/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterStationLabel:
 *
 * The label of the unit that passed at a station, and what became of it. One that is due here is
 * printed by itself, on the printer of this window, and how that went is told to the site.
 */
#define MUSTER_TYPE_STATION_LABEL (muster_station_label_get_type ())
G_DECLARE_FINAL_TYPE (MusterStationLabel, muster_station_label, MUSTER, STATION_LABEL, AdwBin)

/* UNIT (nullable: none), a MusterFactoryUnit that passed. */
void muster_station_label_show (MusterStationLabel *self,
                                MusterSession      *session,
                                MusterEntity       *unit);
/* On the printer of this window, once more; AGAIN asks for it. */
void muster_station_label_print (MusterStationLabel *self, gboolean again);

G_END_DECLS
