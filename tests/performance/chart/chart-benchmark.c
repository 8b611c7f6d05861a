/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one frame of a live chart costs: series of 2,000 points on 1280 × 720, everything new with
 * each frame: 8 and 20 lines, 20 lines of a week as the console asks for it, and 8 of every other
 * form. The same 8 lines as GskPath strokes, in
 * the same window, are the reference that the figure is held against. */
#include "config.h"

#include <math.h>
#include <sys/resource.h>

#include <adwaita.h>

#include "widgets/muster-chart.h"

#define N_SERIES 20
#define N_REFERENCE 8
#define N_POINTS 2000
#define N_WEEK 6400 /* points a series that a chart of a week has, with what lies beside it */
#define WIDTH 1280
#define HEIGHT 720
#define WARM_UP 20
#define N_FRAMES 150
#define LIMIT 10.0 /* ms CPU a frame */

typedef struct
{
  GtkWidget parent_instance;
} Strokes;

typedef struct
{
  GtkWidgetClass parent_class;
} StrokesClass;

static GType strokes_get_type (void);
G_DEFINE_TYPE (Strokes, strokes, GTK_TYPE_WIDGET)

static MusterSeries *series[N_SERIES];
static gint64        newest = G_GINT64_CONSTANT (1767225600000000);
static MusterSeries *beside[N_SERIES][2]; /* least and greatest around each */
static unsigned      n_in_sight = N_POINTS;
static unsigned      n_shown;
static unsigned      n_frames;
static double        cpu_at_start;

static double
get_cpu_msec (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
         (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

static double
get_value (int n, gint64 time)
{
  double phase = (time % 60000000) / 60e6 * 2 * G_PI * 12 + n;

  return n * 10 + 4 * (sin (phase) + 0.35 * sin (7.1 * phase) + 0.25 * sin (211 * phase));
}

/* The strokes show the same points over the same range as the chart. */
static void
strokes_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  g_autoptr (GskStroke) stroke = gsk_stroke_new (1.6f);

  for (int n = 0; n < N_REFERENCE; n++)
    {
      g_autoptr (GskPathBuilder) builder = gsk_path_builder_new ();
      g_autoptr (GskPath) path = NULL;
      unsigned           n_points;
      const MusterPoint *points = muster_series_peek (series[n], &n_points);

      for (unsigned i = n_points - N_POINTS, first = i; i < n_points; i++)
        {
          float x = WIDTH * (1 - (newest - points[i].time) / (N_POINTS * 1e4));
          float y = HEIGHT * (0.95 - points[i].value / 85);

          if (i == first)
            gsk_path_builder_move_to (builder, x, y);
          else
            gsk_path_builder_line_to (builder, x, y);
        }
      path = gsk_path_builder_to_path (builder);
      gtk_snapshot_append_stroke (snapshot, path, stroke, &(GdkRGBA){ 0.1 * n, 0.3, 0.6, 1 });
    }
}

static void
strokes_class_init (StrokesClass *klass)
{
  GTK_WIDGET_CLASS (klass)->snapshot = strokes_snapshot;
}

static void
strokes_init (Strokes *self)
{
}

static void
advance (void)
{
  for (int step = 0; step < 8; step++)
    {
      newest += 10000;
      for (unsigned n = 0; n < n_shown; n++)
        {
          muster_series_append (series[n], newest, get_value (n, newest));
          for (int i = 0; i < 2; i++)
            muster_series_append (beside[n][i], newest, get_value (n, newest) + (i ? 3 : -3));
        }
    }
}

static gboolean
frame_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  GMainLoop *loop = user_data;

  if (++n_frames == WARM_UP)
    cpu_at_start = get_cpu_msec ();
  if (n_frames == WARM_UP + N_FRAMES)
    {
      g_main_loop_quit (loop);
      return G_SOURCE_REMOVE;
    }
  advance ();
  if (MUSTER_IS_CHART (widget))
    muster_axis_set_range (muster_chart_get_x_axis (MUSTER_CHART (widget)),
                           newest - n_in_sight * 10000.0, newest);
  gtk_widget_queue_draw (widget);
  return G_SOURCE_CONTINUE;
}

/* Milliseconds of CPU a frame with WIDGET as the whole window. */
static double
measure (GtkWidget *widget)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  GtkWidget *window = gtk_window_new ();

  n_frames = 0;
  gtk_window_set_decorated (GTK_WINDOW (window), FALSE);
  gtk_window_set_default_size (GTK_WINDOW (window), WIDTH, HEIGHT);
  gtk_window_set_child (GTK_WINDOW (window), widget);
  gtk_window_present (GTK_WINDOW (window));
  gtk_widget_add_tick_callback (widget, frame_cb, loop, NULL);
  g_main_loop_run (loop);
  gtk_window_destroy (GTK_WINDOW (window));
  return (get_cpu_msec () - cpu_at_start) / N_FRAMES;
}

static void
make_series (void)
{
  for (int n = 0; n < N_SERIES; n++)
    {
      g_autofree char *name = g_strdup_printf ("series %d", n + 1);

      series[n] = muster_series_new (name, NULL, N_WEEK);
      for (int i = 0; i < 2; i++)
        beside[n][i] = muster_series_new (name, NULL, N_WEEK);
      for (int i = N_WEEK; i > 0; i--)
        {
          gint64 time = newest - i * 10000;

          muster_series_append (series[n], time, get_value (n, time));
          muster_series_append (beside[n][0], time, get_value (n, time) - 3);
          muster_series_append (beside[n][1], time, get_value (n, time) + 3);
        }
      muster_series_add_state (series[n], "idle");
      for (int i = 1; i < 100; i++)
        {
          g_autofree char *state = g_strdup_printf ("state %d", i);

          muster_series_add_state (series[n], state);
        }
    }
}

/* Milliseconds of CPU a frame of COUNT series in FORM. */
static double
measure_form (MusterForm form, unsigned count)
{
  GtkWidget *chart = muster_chart_new (NULL);

  n_shown = count;
  for (unsigned n = 0; n < count; n++)
    {
      muster_series_set_form (series[n], form);
      if (form == MUSTER_FORM_BAND)
        muster_series_set_band (series[n], beside[n][0], beside[n][1]);
      else
        muster_series_set_band (series[n], NULL, NULL);
      muster_chart_add_series (MUSTER_CHART (chart), series[n]);
    }
  return measure (chart);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    MusterForm  form;
    unsigned    count;
    unsigned    points;
  } cases[] = {
    { "8 lines", MUSTER_FORM_LINE, N_REFERENCE },
    { "20 lines", MUSTER_FORM_LINE, N_SERIES },
    { "20 of a week", MUSTER_FORM_LINE, N_SERIES, N_WEEK },
    { "8 steps", MUSTER_FORM_STEP, N_REFERENCE },
    { "8 bands", MUSTER_FORM_BAND, N_REFERENCE },
    { "8 bars", MUSTER_FORM_BARS, N_REFERENCE },
    { "8 states", MUSTER_FORM_STATE, N_REFERENCE },
    { "8 heat strips", MUSTER_FORM_HEAT, N_REFERENCE },
  };
  double   strokes_msec, first_msec = 0;
  gboolean within = TRUE;

  gtk_init ();
  adw_init ();
  make_series ();
  n_shown = N_REFERENCE;
  strokes_msec = measure (g_object_new (strokes_get_type (), NULL));
  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      double msec;

      n_in_sight = cases[i].points > 0 ? cases[i].points : N_POINTS;
      msec = measure_form (cases[i].form, cases[i].count);
      if (i == 0)
        first_msec = msec;
      within &= msec <= LIMIT;
      g_print ("chart: %-14s %4.1f ms CPU a frame (limit %.0f)\n", cases[i].name, msec, LIMIT);
    }
  g_print ("8 lines as GskPath strokes, without axes: %.1f ms; ratio %.2f\n", strokes_msec,
           first_msec / strokes_msec);
  for (int n = 0; n < N_SERIES; n++)
    {
      muster_series_set_band (series[n], NULL, NULL);
      g_object_unref (series[n]);
      g_object_unref (beside[n][0]);
      g_object_unref (beside[n][1]);
    }
  return within && first_msec < strokes_msec ? 0 : 1;
}
