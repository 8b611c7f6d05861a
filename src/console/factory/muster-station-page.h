/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"

G_BEGIN_DECLS

/**
 * MusterStationPage:
 *
 * The place of one operator who makes the units of a batch, with a keyboard or a scanner alone: one
 * board after the other is put on a port, and the page says in large words what it is at, what the
 * operator is asked, and whether the board passed. Enter does what comes next.
 */
#define MUSTER_TYPE_STATION_PAGE (muster_station_page_get_type ())
G_DECLARE_FINAL_TYPE (MusterStationPage, muster_station_page, MUSTER, STATION_PAGE, MusterPage)

MusterPage *muster_station_page_new (MusterSession *session, const char *batch_id);

G_END_DECLS
