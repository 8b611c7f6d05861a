/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <adwaita.h>

#include "muster-path-label.h"

#define PATH "Main warehouse › Hall A › Rack 1 › Bin 1"

static void
test_shorten (void)
{
  static const char *const expected[] = { PATH, "… › Hall A › Rack 1 › Bin 1", "… › Rack 1 › Bin 1",
                                          "… › Bin 1", "… › Bin 1" };

  for (unsigned i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autofree char *text = muster_path_label_shorten (PATH, i);

      g_assert_cmpstr (text, ==, expected[i]);
    }
}

static void
test_choose (void)
{
  static const int widths[] = { 300, 200, 120, 60 };

  g_assert_cmpuint (muster_path_label_choose (widths, 4, 300), ==, 0);
  g_assert_cmpuint (muster_path_label_choose (widths, 4, 299), ==, 1);
  g_assert_cmpuint (muster_path_label_choose (widths, 4, 130), ==, 2);
  /* Not even its own name: that is cut. */
  g_assert_cmpuint (muster_path_label_choose (widths, 4, 20), ==, 3);
}

static void
test_label (void)
{
  g_autoptr (GtkWidget) label = g_object_ref_sink (muster_path_label_new ());
  int minimum, natural, wide;

  gtk_widget_measure (label, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &wide, NULL, NULL);
  muster_path_label_set_path (MUSTER_PATH_LABEL (label), PATH);
  gtk_widget_measure (label, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  g_assert_cmpint (natural, >, wide);
  g_assert_cmpint (minimum, <, natural / 4);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LABEL, PATH);
  g_assert_cmpstr (gtk_widget_get_tooltip_text (label), ==, PATH);
  muster_path_label_set_path (MUSTER_PATH_LABEL (label), NULL);
  g_assert_null (gtk_widget_get_tooltip_text (label));
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/path-label/shorten", test_shorten);
  g_test_add_func ("/path-label/choose", test_choose);
  g_test_add_func ("/path-label/label", test_label);
  return g_test_run ();
}
