/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <adwaita.h>

#include "muster-sparkline.h"

static void
count_cb (GObject *object, GParamSpec *pspec, unsigned *count)
{
  ++*count;
}

static void
test_series (void)
{
  MusterSparkline *sparkline = MUSTER_SPARKLINE (g_object_ref_sink (muster_sparkline_new ()));
  MusterSeries    *series = muster_series_new ("load", NULL, 10);
  unsigned         count = 0;

  g_signal_connect (sparkline, "notify::series", G_CALLBACK (count_cb), &count);
  muster_sparkline_set_series (sparkline, NULL);
  g_assert_cmpuint (count, ==, 0);
  muster_sparkline_set_series (sparkline, series);
  muster_sparkline_set_series (sparkline, series);
  g_assert_cmpuint (count, ==, 1);
  g_object_set (sparkline, "series", NULL, NULL);
  g_assert_cmpuint (count, ==, 2);
  g_assert_null (muster_sparkline_get_series (sparkline));
  g_assert_finalize_object (sparkline);
  g_assert_finalize_object (series);
}

static gboolean
is_described (GtkWidget *sparkline)
{
  g_autofree char *other =
    gtk_test_accessible_check_property (GTK_ACCESSIBLE (sparkline),
                                        GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "?");

  return g_strcmp0 (other, "undefined") != 0;
}

static void
test_describes (void)
{
  GtkWidget       *window = gtk_window_new ();
  GtkWidget       *sparkline = muster_sparkline_new ();
  MusterSeries    *series = muster_series_new ("load", NULL, 10);
  g_autofree char *description = NULL;

  muster_series_append (series, 1000000, 1);
  muster_series_append (series, 2000000, 3);
  muster_series_append (series, 3000000, 2);
  muster_sparkline_set_series (MUSTER_SPARKLINE (sparkline), series);
  gtk_window_set_child (GTK_WINDOW (window), sparkline);
  gtk_window_present (GTK_WINDOW (window));
  gtk_test_widget_wait_for_draw (sparkline);
  /* Put into words a moment after it was drawn. */
  while (!is_described (sparkline))
    g_main_context_iteration (NULL, TRUE);
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (sparkline), GTK_ACCESSIBLE_ROLE_IMG);
  description = gtk_test_accessible_check_property (GTK_ACCESSIBLE (sparkline),
                                                    GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "?");
  g_assert_cmpstr (description, ==, "last 2.00, between 1.00 and 3.00");
  gtk_window_destroy (GTK_WINDOW (window));
  g_assert_finalize_object (series);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/sparkline/series", test_series);
  g_test_add_func ("/sparkline/describes", test_describes);
  return g_test_run ();
}
