/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <adwaita.h>

#include "muster-threshold-handle.h"
#include "muster-threshold-layer.h"

#define SECOND G_USEC_PER_SEC

typedef struct
{
  GtkWidget    *window;
  MusterChart  *chart;
  GtkWidget    *layer;
  MusterSeries *series; /* (owned) */
  unsigned      index;
  double        value;
  unsigned      n_moved;
} Fixture;

static void
spin (int turns)
{
  while (turns-- > 0)
    g_main_context_iteration (NULL, FALSE);
}

static void
moved_cb (Fixture *fixture, unsigned index, double value)
{
  fixture->index = index;
  fixture->value = value;
  fixture->n_moved++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  gint64     now = g_get_real_time ();
  GtkWidget *overlay = gtk_overlay_new ();

  fixture->chart = MUSTER_CHART (muster_chart_new (NULL));
  fixture->layer = muster_threshold_layer_new (fixture->chart);
  fixture->series = muster_series_new ("temperature", "°C", 100);
  for (int i = 60; i > 0; i--)
    muster_series_append (fixture->series, now - i * SECOND, 20 + i % 3);
  muster_chart_add_series (fixture->chart, fixture->series);
  muster_chart_show_range (fixture->chart, now - 60 * SECOND, now);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), GTK_WIDGET (fixture->chart));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), fixture->layer);
  g_signal_connect_swapped (fixture->layer, "moved", G_CALLBACK (moved_cb), fixture);
  fixture->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 640, 360);
  gtk_window_set_child (GTK_WINDOW (fixture->window), overlay);
  gtk_window_present (GTK_WINDOW (fixture->window));
  gtk_test_widget_wait_for_draw (GTK_WIDGET (fixture->chart));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  spin (10);
  g_assert_finalize_object (fixture->series);
}

static GtkWidget *
find_handle (Fixture *fixture, unsigned index)
{
  for (GtkWidget *child = gtk_widget_get_first_child (fixture->layer); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (MUSTER_IS_THRESHOLD_HANDLE (child) && index-- == 0)
      return child;
  return NULL;
}

static void
set (Fixture *fixture, double first, double second)
{
  const MusterThreshold thresholds[] = { { first, 1, MUSTER_THRESHOLD_ABOVE, "Threshold" },
                                         { second, 2, MUSTER_THRESHOLD_ABOVE, "Step" } };

  muster_threshold_layer_set_thresholds (MUSTER_THRESHOLD_LAYER (fixture->layer), thresholds, 2,
                                         "°C");
  gtk_test_widget_wait_for_draw (fixture->layer);
}

/* Thresholds far from the values are in sight, each with a handle that says what it is. */
static void
test_handles (Fixture *fixture, gconstpointer data)
{
  GtkWidget *first;

  set (fixture, 60, 80);
  first = find_handle (fixture, 0);
  g_assert_nonnull (first);
  g_assert_nonnull (find_handle (fixture, 1));
  g_assert_null (find_handle (fixture, 2));
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (first), GTK_ACCESSIBLE_ROLE_SLIDER);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (first), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Threshold");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (first), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                       "60 °C");
  g_assert_cmpfloat (muster_axis_get_upper (muster_chart_get_y_axis (fixture->chart)), >=, 80);
}

/* Whoever moves one by the screen reader moves that one, once. */
static void
test_moved (Fixture *fixture, gconstpointer data)
{
  GtkWidget *second;

  set (fixture, 60, 80);
  second = find_handle (fixture, 1);
  g_assert_true (
    GTK_ACCESSIBLE_RANGE_GET_IFACE (second)->set_current_value (GTK_ACCESSIBLE_RANGE (second),
                                                                72.5));
  g_assert_cmpuint (fixture->n_moved, ==, 1);
  g_assert_cmpuint (fixture->index, ==, 1);
  g_assert_cmpfloat (fixture->value, ==, 72.5);
  g_assert_cmpfloat (muster_threshold_handle_get_value (MUSTER_THRESHOLD_HANDLE (second)), ==,
                     72.5);
}

/* The page answers a move by saying the same again: handle and focus stay. */
static void
test_stay (Fixture *fixture, gconstpointer data)
{
  GtkWidget *first;

  set (fixture, 60, 80);
  first = find_handle (fixture, 0);
  gtk_widget_grab_focus (first);
  set (fixture, 61, 80);
  g_assert_true (find_handle (fixture, 0) == first);
  g_assert_true (gtk_widget_has_focus (first));
  g_assert_cmpuint (fixture->n_moved, ==, 0);
}

static void
test_fixed (Fixture *fixture, gconstpointer data)
{
  GtkWidget *first;

  muster_threshold_layer_set_editable (MUSTER_THRESHOLD_LAYER (fixture->layer), FALSE);
  set (fixture, 60, 80);
  first = find_handle (fixture, 0);
  GTK_ACCESSIBLE_RANGE_GET_IFACE (first)->set_current_value (GTK_ACCESSIBLE_RANGE (first), 70);
  g_assert_cmpuint (fixture->n_moved, ==, 0);
  g_assert_false (gtk_widget_get_sensitive (first));
}

/* To what an axis can tell apart, and no further. */
static void
test_round (void)
{
  g_autoptr (MusterAxis) axis = muster_axis_new (MUSTER_AXIS_NUMBER);

  muster_axis_set_range (axis, 0, 100);
  g_assert_cmpfloat (muster_threshold_round (axis, 41.2349), ==, 41.2);
  muster_axis_set_range (axis, 20, 21);
  g_assert_cmpfloat (muster_threshold_round (axis, 20.12349), ==, 20.123);
  muster_axis_set_range (axis, 0, 100000);
  g_assert_cmpfloat (muster_threshold_round (axis, 41234.9), ==, 41200);
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *path;
    void (*func) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/threshold-layer/handles", test_handles },
    { "/threshold-layer/moved", test_moved },
    { "/threshold-layer/stay", test_stay },
    { "/threshold-layer/fixed", test_fixed },
  };

  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  for (unsigned i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);
  g_test_add_func ("/threshold-layer/round", test_round);
  return g_test_run ();
}
