/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * MusterTileGrid:
 *
 * Tiles of equal width in rows that are about equally full: none is left alone in a row where
 * others could join it, and the last row fills its width. Property `spacing`: between them, in
 * pixels.
 */
#define MUSTER_TYPE_TILE_GRID (muster_tile_grid_get_type ())
G_DECLARE_FINAL_TYPE (MusterTileGrid, muster_tile_grid, MUSTER, TILE_GRID, GtkWidget)

void muster_tile_grid_append (MusterTileGrid *self, GtkWidget *tile);
/* How many of N_TILES (at least 1), each at least LEAST wide, stand in a row of WIDTH. */
int muster_tile_grid_choose_columns (int n_tiles, int width, int least, int spacing);

G_END_DECLS
