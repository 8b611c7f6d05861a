/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterStoreTiles:
 *
 * What the store has to do, in figures: orders that wait, deliveries under way and late, products
 * to order again, jobs that run. Each opens the list it counts; those whose list the person may not
 * see are not there. Counts when records change, for as long as it is on the screen.
 */
#define MUSTER_TYPE_STORE_TILES (muster_store_tiles_get_type ())
G_DECLARE_FINAL_TYPE (MusterStoreTiles, muster_store_tiles, MUSTER, STORE_TILES, AdwBin)

void muster_store_tiles_set_session (MusterStoreTiles *self, MusterSession *session);

G_END_DECLS
