/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <adwaita.h>

#include "muster-tile-grid.h"

static void
test_columns (void)
{
  static const struct
  {
    int n_tiles, width, n_columns;
  } cases[] = {
    { 5, 1000, 5 }, /* one row */
    { 5, 700, 3 },  /* four would fit, and leave one alone: 3 and 2 */
    { 5, 330, 2 },  /* a phone */
    { 5, 100, 1 },  /* less than one needs */
    { 4, 700, 4 },  { 4, 500, 2 }, { 9, 700, 3 }, { 10, 1000, 5 }, { 1, 1000, 1 },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (muster_tile_grid_choose_columns (cases[i].n_tiles, cases[i].width, 154, 12),
                     ==, cases[i].n_columns);
}

static GtkWidget *
add_tile (MusterTileGrid *grid)
{
  GtkWidget *tile = gtk_button_new ();

  gtk_widget_set_size_request (tile, 150, 80);
  muster_tile_grid_append (grid, tile);
  return tile;
}

static graphene_rect_t
get_bounds (GtkWidget *tile)
{
  graphene_rect_t bounds;

  g_assert_true (gtk_widget_compute_bounds (tile, gtk_widget_get_parent (tile), &bounds));
  return bounds;
}

/* Five in 500 px: three, and two that fill the row; one that is hidden leaves no hole. */
static void
test_layout (void)
{
  g_autoptr (GtkWidget) grid =
              g_object_ref_sink (g_object_new (MUSTER_TYPE_TILE_GRID, "spacing", 10, NULL));
  GtkWidget      *tiles[5];
  graphene_rect_t last;
  int             height;

  for (unsigned i = 0; i < G_N_ELEMENTS (tiles); i++)
    tiles[i] = add_tile (MUSTER_TILE_GRID (grid));
  gtk_widget_measure (grid, GTK_ORIENTATION_VERTICAL, 500, &height, NULL, NULL, NULL);
  g_assert_cmpint (height, ==, 170);
  gtk_widget_allocate (grid, 500, height, -1, NULL);
  last = get_bounds (tiles[4]);
  g_assert_cmpfloat (last.origin.y, ==, 90);
  g_assert_cmpfloat (last.origin.x + last.size.width, ==, 500);
  gtk_widget_set_visible (tiles[0], FALSE);
  gtk_widget_measure (grid, GTK_ORIENTATION_VERTICAL, 500, &height, NULL, NULL, NULL);
  gtk_widget_allocate (grid, 500, height, -1, NULL);
  g_assert_cmpfloat (get_bounds (tiles[1]).origin.x, ==, 0);
  g_assert_cmpfloat (get_bounds (tiles[4]).origin.x, ==, 255);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/tile-grid/columns", test_columns);
  g_test_add_func ("/tile-grid/layout", test_layout);
  return g_test_run ();
}
