/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include <adwaita.h>

#include "muster-chart-private.h"
#include "muster-paper.h"

#define SECOND G_USEC_PER_SEC

typedef struct
{
  GtkWidget    *window;
  MusterChart  *chart;
  MusterSeries *series; /* (owned) */
  gint64        now;
} Fixture;

static gboolean
elapsed_cb (gpointer data)
{
  *(gboolean *)data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
spin (unsigned msec)
{
  gboolean elapsed = FALSE;

  g_timeout_add (msec, elapsed_cb, &elapsed);
  while (!elapsed)
    g_main_context_iteration (NULL, TRUE);
}

/* Until a whole while has gone by in which nothing was drawn anew. */
static void
settle (MusterChart *chart)
{
  MusterTraceLayer *layer = MUSTER_TRACE_LAYER (chart->layer);
  unsigned          before;

  do
    {
      before = muster_trace_layer_get_generation (layer);
      spin (100);
    }
  while (before == 0 || before != muster_trace_layer_get_generation (layer));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  GtkWidget *box;

  fixture->now = g_get_real_time ();
  fixture->chart = MUSTER_CHART (muster_chart_new (NULL));
  fixture->series = muster_series_new ("temperature", "°C", 1000);
  for (int i = 100; i > 0; i--)
    muster_series_append (fixture->series, fixture->now - i * SECOND, 20 + sin (i / 10.0));
  muster_chart_add_series (fixture->chart, fixture->series);
  muster_chart_show_range (fixture->chart, fixture->now - 100 * SECOND, fixture->now);
  fixture->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 640, 360);
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_vexpand (GTK_WIDGET (fixture->chart), TRUE);
  gtk_box_append (GTK_BOX (box), gtk_button_new_with_label ("Elsewhere"));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (fixture->chart));
  gtk_window_set_child (GTK_WINDOW (fixture->window), box);
  /* The test double of the accessibility tree cannot announce, which only a chart with the focus
   * does. */
  gtk_widget_grab_focus (gtk_widget_get_first_child (box));
  gtk_window_present (GTK_WINDOW (fixture->window));
  gtk_test_widget_wait_for_draw (GTK_WIDGET (fixture->chart));
  settle (fixture->chart);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_add_weak_pointer (G_OBJECT (fixture->chart), (gpointer *)&fixture->chart);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  spin (10);
  g_assert_null (fixture->chart);
  g_assert_finalize_object (fixture->series);
}

static void
test_accessible (Fixture *fixture, gconstpointer data)
{
  g_autofree char *description = NULL;

  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (fixture->chart), GTK_ACCESSIBLE_ROLE_IMG);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (fixture->chart),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "Chart");
  g_assert_true (gtk_test_accessible_has_property (GTK_ACCESSIBLE (fixture->chart),
                                                   GTK_ACCESSIBLE_PROPERTY_DESCRIPTION));
  description = gtk_test_accessible_check_property (GTK_ACCESSIBLE (fixture->chart),
                                                    GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "?");
  g_assert_nonnull (strstr (description, "temperature: last 20.1"));
}

static void
test_measure (Fixture *fixture, gconstpointer data)
{
  int minimum, natural;

  gtk_widget_measure (GTK_WIDGET (fixture->chart), GTK_ORIENTATION_HORIZONTAL, -1, &minimum,
                      &natural, NULL, NULL);
  g_assert_cmpint (minimum, <=, 340);
  g_assert_cmpint (natural, >=, minimum);
  gtk_widget_measure (GTK_WIDGET (fixture->chart), GTK_ORIENTATION_VERTICAL, 640, &minimum,
                      &natural, NULL, NULL);
  g_assert_cmpint (minimum, >, 0);
  g_assert_cmpint (natural, >=, minimum);
}

/* A threshold that the values are far from is in sight all the same. */
static void
test_keep_in_sight (Fixture *fixture, gconstpointer data)
{
  MusterAxis     *axis = muster_chart_get_y_axis (fixture->chart);
  graphene_rect_t plot;

  g_assert_cmpfloat (muster_axis_get_upper (axis), <, 60);
  muster_chart_keep_in_sight (fixture->chart, (const double[]){ 60 }, 1);
  settle (fixture->chart);
  g_assert_cmpfloat (muster_axis_get_upper (axis), >=, 60);
  g_assert_cmpfloat (muster_axis_get_lower (axis), <=, 19);
  muster_chart_get_plot (fixture->chart, &plot);
  g_assert_cmpfloat (plot.size.height, >, 50);
  muster_chart_keep_in_sight (fixture->chart, NULL, 0);
  settle (fixture->chart);
  g_assert_cmpfloat (muster_axis_get_upper (axis), <, 60);
}

/* Moving the pointer must not rasterise anything again; a new point must. */
static void
test_pointer_is_cheap (Fixture *fixture, gconstpointer data)
{
  MusterTraceLayer *layer = MUSTER_TRACE_LAYER (fixture->chart->layer);
  unsigned          generation;

  muster_chart_set_cursor_time (fixture->chart, fixture->now - 5 * SECOND);
  settle (fixture->chart); /* the readout has its place now */
  generation = muster_trace_layer_get_generation (layer);
  g_assert_cmpuint (generation, >, 0);
  for (int i = 1; i < 5; i++)
    {
      muster_chart_set_cursor_time (fixture->chart, fixture->now - i * 10 * SECOND);
      gtk_test_widget_wait_for_draw (GTK_WIDGET (fixture->chart));
    }
  g_assert_true (gtk_widget_get_child_visible (fixture->chart->readout));
  g_assert_cmpuint (muster_trace_layer_get_generation (layer), ==, generation);
  muster_series_append (fixture->series, fixture->now, 20);
  spin (60);
  g_assert_cmpuint (muster_trace_layer_get_generation (layer), >, generation);
}

static void
test_keyboard (Fixture *fixture, gconstpointer data)
{
  GtkWidget  *widget = GTK_WIDGET (fixture->chart);
  MusterAxis *axis = muster_chart_get_x_axis (fixture->chart);
  double      lower = muster_axis_get_lower (axis);
  double      span = muster_axis_get_span (axis);

  g_assert_true (gtk_widget_activate_action (widget, "chart.pan", "d", -0.5));
  g_assert_cmpfloat_with_epsilon (muster_axis_get_lower (axis), lower - span / 2, 2);
  g_assert_true (gtk_widget_activate_action (widget, "chart.zoom", "d", 0.5));
  g_assert_cmpfloat_with_epsilon (muster_axis_get_span (axis), span / 2, 2);
  muster_chart_show_range (fixture->chart, lower, lower + span);
  g_assert_true (gtk_widget_activate_action (widget, "chart.cursor", "i", -1));
  g_assert_cmpint (muster_chart_get_cursor_time (fixture->chart), ==, fixture->now - 1 * SECOND);
  g_assert_true (gtk_widget_activate_action (widget, "chart.cursor", "i", -1));
  g_assert_cmpint (muster_chart_get_cursor_time (fixture->chart), ==, fixture->now - 2 * SECOND);
  g_assert_true (gtk_widget_activate_action (widget, "chart.cursor", "i", 1));
  g_assert_cmpint (muster_chart_get_cursor_time (fixture->chart), ==, fixture->now - 1 * SECOND);
}

static void
test_follow (Fixture *fixture, gconstpointer data)
{
  MusterAxis *axis = muster_chart_get_x_axis (fixture->chart);
  double      upper;

  muster_chart_follow (fixture->chart, 2 * SECOND);
  upper = muster_axis_get_upper (axis);
  spin (200);
  g_assert_cmpfloat (muster_axis_get_upper (axis), >, upper);
  g_assert_cmpfloat_with_epsilon (muster_axis_get_span (axis), 2 * SECOND, 2);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->chart), "chart.pan", "d", -0.5));
  g_assert_false (muster_chart_get_following (fixture->chart));
  upper = muster_axis_get_upper (axis);
  spin (100);
  g_assert_cmpfloat (muster_axis_get_upper (axis), ==, upper);
  muster_chart_reset (fixture->chart);
  g_assert_true (muster_chart_get_following (fixture->chart));
  g_assert_cmpfloat_with_epsilon (muster_axis_get_span (axis), 2 * SECOND, 2);
}

static void
test_visibility (Fixture *fixture, gconstpointer data)
{
  MusterSeries *tall = muster_series_new ("oven", "°C", 10);

  muster_series_append (tall, fixture->now - 5 * SECOND, 100000);
  muster_chart_add_series (fixture->chart, tall);
  spin (60);
  g_assert_cmpfloat (muster_axis_get_upper (muster_chart_get_y_axis (fixture->chart)), >=, 100000);
  muster_chart_set_series_visible (fixture->chart, tall, FALSE);
  spin (60);
  g_assert_cmpfloat (muster_axis_get_upper (muster_chart_get_y_axis (fixture->chart)), <, 30);
  muster_chart_remove_series (fixture->chart, tall);
  g_assert_cmpuint (g_list_model_get_n_items (muster_chart_get_series (fixture->chart)), ==, 1);
  g_assert_finalize_object (tall);
}

static void
test_empty (Fixture *fixture, gconstpointer data)
{
  g_assert_false (gtk_widget_get_child_visible (fixture->chart->empty));
  muster_series_clear (fixture->series);
  spin (60);
  g_assert_true (gtk_widget_get_child_visible (fixture->chart->empty));
  muster_chart_remove_all (fixture->chart);
  g_assert_cmpuint (g_list_model_get_n_items (muster_chart_get_series (fixture->chart)), ==, 0);
}

static void
test_shared_axis (Fixture *fixture, gconstpointer data)
{
  GtkWidget *other =
    g_object_ref_sink (muster_chart_new (muster_chart_get_x_axis (fixture->chart)));

  g_object_bind_property (fixture->chart, "cursor-time", other, "cursor-time",
                          G_BINDING_BIDIRECTIONAL);
  muster_chart_set_cursor_time (fixture->chart, 123456);
  g_assert_cmpint (muster_chart_get_cursor_time (MUSTER_CHART (other)), ==, 123456);
  muster_chart_show_range (MUSTER_CHART (other), 10 * SECOND, 20 * SECOND);
  g_assert_cmpfloat (muster_axis_get_lower (muster_chart_get_x_axis (fixture->chart)), ==,
                     10 * SECOND);
  g_assert_finalize_object (other);
}

static void
test_rows (Fixture *fixture, gconstpointer data)
{
  MusterSeries *other = muster_series_new ("humidity", "%", 10);
  g_autoptr (GListModel) rows = NULL;
  g_autoptr (MusterChartRow) first = NULL, second = NULL;

  muster_series_append (other, fixture->now - SECOND / 2, 55);
  muster_chart_add_series (fixture->chart, other);
  rows = muster_chart_list_rows (fixture->chart);
  g_assert_cmpuint (g_list_model_get_n_items (rows), ==, 101);
  first = g_list_model_get_item (rows, 0);
  second = g_list_model_get_item (rows, 1);
  g_assert_cmpint (muster_chart_row_get_time (first), ==, fixture->now - SECOND / 2);
  g_assert_true (isnan (muster_chart_row_get_value (first, 0)));
  g_assert_cmpfloat (muster_chart_row_get_value (first, 1), ==, 55);
  g_assert_cmpfloat_with_epsilon (muster_chart_row_get_value (second, 0), 20 + sin (0.1), 1e-9);
  g_assert_true (isnan (muster_chart_row_get_value (second, 7)));
  muster_chart_remove_series (fixture->chart, other);
  g_assert_finalize_object (other);
}

/* Values of another unit have an axis of their own at the right, for which every chart over the
 * same time leaves room. */
static void
test_units (Fixture *fixture, gconstpointer data)
{
  MusterSeries *other = muster_series_new ("pressure", "Pa", 10);
  MusterAxis   *axis;
  float         width;

  width = fixture->chart->plot.size.width;
  muster_series_append (other, fixture->now - 5 * SECOND, 100000);
  muster_series_append (other, fixture->now - 4 * SECOND, 100200);
  muster_chart_add_series (fixture->chart, other);
  settle (fixture->chart);
  axis = muster_chart_find_axis (fixture->chart, other);
  g_assert_true (axis != muster_chart_get_y_axis (fixture->chart));
  g_assert_cmpfloat (muster_axis_get_lower (axis), >, 99000);
  g_assert_cmpfloat (muster_axis_get_upper (muster_chart_get_y_axis (fixture->chart)), <, 30);
  g_assert_cmpfloat (fixture->chart->plot.size.width, <, width - 20);
  g_assert_cmpint (muster_axis_get_end_margin (muster_chart_get_x_axis (fixture->chart)), >, 20);
  muster_chart_remove_series (fixture->chart, other);
  settle (fixture->chart);
  g_assert_cmpfloat (fixture->chart->plot.size.width, ==, width);
  g_assert_finalize_object (other);
}

/* States stand in a lane below the plot, and take the plot's room when they are alone. */
static void
test_lanes (Fixture *fixture, gconstpointer data)
{
  MusterSeries    *mode = muster_series_new ("mode", NULL, 10);
  float            height = fixture->chart->plot.size.height;
  g_autofree char *text = NULL;

  muster_series_set_form (mode, MUSTER_FORM_STATE);
  muster_series_append (mode, fixture->now - 50 * SECOND, muster_series_add_state (mode, "idle"));
  muster_series_append (mode, fixture->now - 5 * SECOND, muster_series_add_state (mode, "busy"));
  muster_chart_add_series (fixture->chart, mode);
  settle (fixture->chart);
  g_assert_cmpint (fixture->chart->lanes_height, >, 20);
  g_assert_cmpfloat (fixture->chart->plot.size.height, <, height);
  g_assert_cmpuint (muster_lane_layer_get_generation (MUSTER_LANE_LAYER (fixture->chart->lanes)), >,
                    0);
  text = muster_chart_format_value (fixture->chart, mode, 1);
  g_assert_cmpstr (text, ==, "busy");
  muster_chart_set_series_visible (fixture->chart, mode, FALSE);
  settle (fixture->chart);
  g_assert_cmpfloat (fixture->chart->plot.size.height, ==, height);
  muster_chart_set_series_visible (fixture->chart, mode, TRUE);
  muster_chart_remove_series (fixture->chart, fixture->series);
  spin (150);
  g_assert_cmpfloat (fixture->chart->plot.size.height, ==, 0);
  g_assert_false (gtk_widget_get_child_visible (fixture->chart->layer));
  g_assert_false (gtk_widget_get_child_visible (fixture->chart->empty));
  muster_chart_remove_series (fixture->chart, mode);
  g_assert_finalize_object (mode);
}

/* What is behind a series and around it is in sight with it; a bar shows its zero. */
static void
test_beside (Fixture *fixture, gconstpointer data)
{
  MusterAxis   *axis = muster_chart_get_y_axis (fixture->chart);
  MusterSeries *ghost = muster_series_new ("the week before", "°C", 10);

  muster_series_append (ghost, fixture->now - 5 * SECOND, 42);
  muster_series_set_ghost (fixture->series, ghost);
  spin (60);
  g_assert_cmpfloat (muster_axis_get_upper (axis), >=, 42);
  muster_series_set_ghost (fixture->series, NULL);
  spin (60);
  g_assert_cmpfloat (muster_axis_get_upper (axis), <, 30);
  g_assert_cmpfloat (muster_axis_get_lower (axis), >, 10);
  muster_series_set_form (fixture->series, MUSTER_FORM_BARS);
  spin (60);
  g_assert_cmpfloat (muster_axis_get_lower (axis), ==, 0);
  muster_series_set_form (fixture->series, MUSTER_FORM_LINE);
  g_assert_finalize_object (ghost);
}

/* The style sheets as the application has them on a dark screen; a test has no application. */
static void
add_dark_styles (void)
{
  static const char *const names[] = { "/org/muster/Muster/style.css",
                                       "/org/muster/Muster/style-dark.css" };

  for (unsigned i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

      gtk_css_provider_load_from_resource (provider, names[i]);
      gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                                  GTK_STYLE_PROVIDER (provider),
                                                  GTK_STYLE_PROVIDER_PRIORITY_APPLICATION + i);
    }
}

/* What is saved is lines and words in dark ink, however dark the screen is; no picture. */
static void
test_paper (Fixture *fixture, gconstpointer data)
{
  const GdkRGBA  white = { 1, 1, 1, 1 };
  GskRenderNode *node = muster_chart_draw_on_paper (fixture->chart);
  MusterSeries  *states = muster_series_new ("mode", NULL, 10);
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *svg = NULL;

  gsk_render_node_unref (node);
  muster_series_set_form (states, MUSTER_FORM_STATE);
  muster_series_set_holds (states, TRUE);
  muster_series_append (states, fixture->now - 90 * SECOND,
                        muster_series_add_state (states, "warm & dry"));
  muster_series_set_current (states, TRUE);
  muster_chart_add_series (fixture->chart, states);
  add_dark_styles ();
  spin (200);
  node = muster_chart_draw_on_paper (fixture->chart);
  bytes = muster_paper_to_svg (node, 640, 360, &white);
  svg = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_assert_nonnull (strstr (svg, ">temperature</text>"));
  g_assert_nonnull (strstr (svg, ">warm &amp; dry</text>"));
  g_assert_nonnull (strstr (svg, "<path d=\"M"));
  g_assert_nonnull (strstr (svg, "stroke=\"#1a5fb4\""));
  g_assert_null (strstr (svg, "<image"));
  gsk_render_node_unref (node);
  muster_chart_remove_series (fixture->chart, states);
  g_object_unref (states);
}

static void
note_context_cb (MusterChart  *chart,
                 MusterSeries *series,
                 gint64        time,
                 double        value,
                 GdkRectangle *place,
                 Fixture      *fixture)
{
  g_assert_true (series == fixture->series);
  g_assert_cmpint (time, ==, fixture->now - SECOND);
  g_assert_cmpfloat_with_epsilon (value, 20.1, 0.05);
  fixture->now = 0;
}

/* The menu key asks for what can be done at the crosshair, with a value as a person would say it.
 */
static void
test_context (Fixture *fixture, gconstpointer data)
{
  g_autoptr (MusterSeries) series = g_object_ref (fixture->series);

  g_signal_connect (fixture->chart, "context", G_CALLBACK (note_context_cb), fixture);
  muster_chart_set_cursor_time (fixture->chart, fixture->now - SECOND);
  gtk_widget_activate_action (GTK_WIDGET (fixture->chart), "chart.menu", NULL);
  g_assert_cmpint (fixture->now, ==, 0);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/chart/accessible", test_accessible },
    { "/chart/keep-in-sight", test_keep_in_sight },
    { "/chart/measure", test_measure },
    { "/chart/pointer-is-cheap", test_pointer_is_cheap },
    { "/chart/keyboard", test_keyboard },
    { "/chart/follow", test_follow },
    { "/chart/visibility", test_visibility },
    { "/chart/empty", test_empty },
    { "/chart/shared-axis", test_shared_axis },
    { "/chart/rows", test_rows },
    { "/chart/units", test_units },
    { "/chart/lanes", test_lanes },
    { "/chart/beside", test_beside },
    { "/chart/paper", test_paper },
    { "/chart/context", test_context },
  };

  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  for (unsigned i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
