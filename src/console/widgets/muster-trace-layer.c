/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-trace-layer"

#include "config.h"

#include <math.h>

#include "muster-raster.h"
#include "muster-trace-layer.h"
#include "muster-trace-path.h"

#define LINE_WIDTH 1.6f /* logical pixels */
#define BAND_OPACITY 0.2f
#define GHOST_OPACITY 0.38f

typedef struct
{
  MusterSeries *series; /* (owned) */
  MusterPen    *pen;    /* (owned) */
  MusterAxis   *y_axis; /* (owned) */
  gboolean      visible;
} Trace;

struct _MusterTraceLayer
{
  GtkWidget parent_instance;

  MusterAxis   *x_axis; /* (owned) */
  MusterAxis   *y_axis; /* (owned) */
  GArray       *traces; /* (owned) (element-type Trace) */
  double        fill;
  MusterRaster *raster;  /* (owned) */
  GdkTexture   *texture; /* (owned) (nullable) what was drawn last, until something changes */
  double        scale;
  int           width;
  int           height;
  unsigned      generation;
  double        line_width;
  gboolean      on_paper; /* drawn as paths rather than as a picture */
};

G_DEFINE_FINAL_TYPE (MusterTraceLayer, muster_trace_layer, GTK_TYPE_WIDGET)

static void
trace_clear (gpointer data)
{
  Trace *trace = data;

  g_clear_object (&trace->series);
  g_clear_object (&trace->pen);
  g_clear_object (&trace->y_axis);
}

static void
muster_trace_layer_invalidate (MusterTraceLayer *self)
{
  g_clear_object (&self->texture);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static double
get_scale (GtkWidget *widget)
{
  GtkNative  *native = gtk_widget_get_native (widget);
  GdkSurface *surface = native != NULL ? gtk_native_get_surface (native) : NULL;

  return surface != NULL ? gdk_surface_get_scale (surface) : 1;
}

static MusterInk
make_ink (MusterTraceLayer *self, Trace *trace, MusterSeries *series, double scale)
{
  GdkRGBA colour;

  muster_pen_get (GTK_WIDGET (trace->pen), &colour);
  return (MusterInk){ .red = colour.red,
                      .green = colour.green,
                      .blue = colour.blue,
                      .alpha = colour.alpha,
                      .width = self->line_width * scale,
                      .fill = self->fill,
                      .dash = muster_pen_get_dash (trace->pen) * scale,
                      .holds = muster_series_get_holds (series),
                      .until = MIN (muster_series_get_held_until (series), g_get_real_time ()) };
}

/* A series as one line; where values stand, steps join them however close they are. */
static void
draw_line (MusterTraceLayer *self,
           MusterSeries     *series,
           gboolean          stepped,
           const MusterView *view,
           MusterInk        *ink)
{
  unsigned           n_points;
  const MusterPoint *points = muster_series_peek (series, &n_points);

  ink->holds |= stepped;
  muster_raster_draw (self->raster, points, n_points,
                      stepped ? 1 : muster_series_get_max_gap (series), view, ink);
}

static void
draw_band (MusterTraceLayer *self, Trace *trace, const MusterView *view, double scale)
{
  MusterSeries      *low = muster_series_get_low (trace->series);
  MusterSeries      *high = muster_series_get_high (trace->series);
  MusterInk          ink = make_ink (self, trace, trace->series, scale);
  unsigned           n_low, n_high;
  const MusterPoint *low_points, *high_points;

  if (low == NULL)
    return;
  low_points = muster_series_peek (low, &n_low);
  high_points = muster_series_peek (high, &n_high);
  ink.fill = BAND_OPACITY;
  ink.dash = 0;
  muster_raster_draw_band (self->raster, low_points, n_low, high_points, n_high,
                           muster_series_get_max_gap (trace->series), view, &ink);
}

static void
draw_ghost (MusterTraceLayer *self, Trace *trace, const MusterView *view, double scale)
{
  MusterSeries *ghost = muster_series_get_ghost (trace->series);
  MusterInk     ink;

  if (ghost == NULL)
    return;
  ink = make_ink (self, trace, ghost, scale);
  ink.alpha *= GHOST_OPACITY;
  ink.fill = 0;
  draw_line (self, ghost, muster_series_get_form (trace->series) == MUSTER_FORM_STEP, view, &ink);
}

static gboolean
is_bars (Trace *trace)
{
  return trace->visible && muster_series_get_form (trace->series) == MUSTER_FORM_BARS;
}

/* Which of the bars that stand side by side those of TRACE are. */
static unsigned
find_slot (MusterTraceLayer *self, Trace *trace, unsigned *n_slots)
{
  unsigned slot = 0;

  *n_slots = 0;
  for (unsigned i = 0; i < self->traces->len; i++)
    {
      Trace *other = &g_array_index (self->traces, Trace, i);

      if (other == trace)
        slot = *n_slots;
      *n_slots += is_bars (other);
    }
  return slot;
}

static void
draw_bars (MusterTraceLayer *self, Trace *trace, const MusterView *view, double scale)
{
  MusterInk          ink = make_ink (self, trace, trace->series, scale);
  unsigned           n_slots, n_points;
  unsigned           slot = find_slot (self, trace, &n_slots);
  const MusterPoint *points = muster_series_peek (trace->series, &n_points);

  muster_raster_draw_bars (self->raster, points, n_points, muster_series_get_step (trace->series),
                           slot, n_slots, view, &ink);
}

static void
draw_trace (MusterTraceLayer *self, Trace *trace, MusterView *view, double scale)
{
  MusterForm form = muster_series_get_form (trace->series);
  MusterInk  ink;

  if (!trace->visible || muster_series_is_lane (trace->series))
    return;
  view->lower = muster_axis_get_lower (trace->y_axis);
  view->upper = muster_axis_get_upper (trace->y_axis);
  draw_ghost (self, trace, view, scale);
  if (form == MUSTER_FORM_BARS)
    return;
  if (form == MUSTER_FORM_BAND)
    draw_band (self, trace, view, scale);
  ink = make_ink (self, trace, trace->series, scale);
  draw_line (self, trace->series, form == MUSTER_FORM_STEP, view, &ink);
}

/* Bars stand behind what is thin. */
static void
draw_all_bars (MusterTraceLayer *self, MusterView *view, double scale)
{
  for (unsigned i = 0; i < self->traces->len; i++)
    {
      Trace *trace = &g_array_index (self->traces, Trace, i);

      if (!is_bars (trace))
        continue;
      view->lower = muster_axis_get_lower (trace->y_axis);
      view->upper = muster_axis_get_upper (trace->y_axis);
      draw_bars (self, trace, view, scale);
    }
}

static GdkTexture *
muster_trace_layer_rasterise (MusterTraceLayer *self, double scale)
{
  unsigned width = ceil (gtk_widget_get_width (GTK_WIDGET (self)) * scale);
  unsigned height = ceil (gtk_widget_get_height (GTK_WIDGET (self)) * scale);
  g_autoptr (GBytes) bytes = NULL;
  MusterView view = {
    .from = muster_axis_get_lower (self->x_axis),
    .to = muster_axis_get_upper (self->x_axis),
  };

  muster_raster_begin (self->raster, width, height);
  draw_all_bars (self, &view, scale);
  for (unsigned i = self->traces->len; i > 0; i--)
    draw_trace (self, &g_array_index (self->traces, Trace, i - 1), &view, scale);
  bytes = muster_raster_end (self->raster);
  self->generation++;
  return gdk_memory_texture_new (width, height, GDK_MEMORY_B8G8R8A8_PREMULTIPLIED, bytes,
                                 width * 4);
}

/* --- on paper --- */

static void
stroke (GtkSnapshot *snapshot, GskPath *path, const MusterInk *ink)
{
  GskStroke *stroke = gsk_stroke_new (ink->width);
  float      dashes[] = { ink->dash, ink->dash / 2 };

  gsk_stroke_set_line_join (stroke, GSK_LINE_JOIN_ROUND);
  if (ink->dash > 0)
    gsk_stroke_set_dash (stroke, dashes, G_N_ELEMENTS (dashes));
  gtk_snapshot_append_stroke (snapshot, path, stroke,
                              &(GdkRGBA){ ink->red, ink->green, ink->blue, ink->alpha });
  gsk_stroke_free (stroke);
}

static void
paper_line (GtkSnapshot           *snapshot,
            MusterSeries          *series,
            gboolean               stepped,
            const MusterView      *view,
            MusterInk             *ink,
            const graphene_size_t *size)
{
  unsigned           n_points;
  const MusterPoint *points = muster_series_peek (series, &n_points);
  g_autoptr (GskPath) path = NULL;

  if (n_points == 0)
    return;
  ink->holds |= stepped;
  path = muster_trace_path_line (points, n_points, stepped ? 1 : muster_series_get_max_gap (series),
                                 view, ink, size);
  stroke (snapshot, path, ink);
}

static void
paper_area (GtkSnapshot *snapshot, GskPath *path, const MusterInk *ink, float opacity)
{
  gtk_snapshot_append_fill (snapshot, path, GSK_FILL_RULE_WINDING,
                            &(GdkRGBA){ ink->red, ink->green, ink->blue, ink->alpha * opacity });
}

static void
paper_band (GtkSnapshot           *snapshot,
            MusterSeries          *series,
            const MusterView      *view,
            const MusterInk       *ink,
            const graphene_size_t *size)
{
  unsigned           n_low, n_high;
  const MusterPoint *low, *high;
  g_autoptr (GskPath) path = NULL;

  if (muster_series_get_low (series) == NULL)
    return;
  low = muster_series_peek (muster_series_get_low (series), &n_low);
  high = muster_series_peek (muster_series_get_high (series), &n_high);
  path = muster_trace_path_band (low, n_low, high, n_high, muster_series_get_max_gap (series), view,
                                 size);
  paper_area (snapshot, path, ink, BAND_OPACITY);
}

static void
paper_bars (MusterTraceLayer      *self,
            GtkSnapshot           *snapshot,
            Trace                 *trace,
            const MusterView      *view,
            const MusterInk       *ink,
            const graphene_size_t *size)
{
  unsigned           n_slots, n_points;
  unsigned           slot = find_slot (self, trace, &n_slots);
  const MusterPoint *points = muster_series_peek (trace->series, &n_points);
  g_autoptr (GskPath) path =
              muster_trace_path_bars (points, n_points, muster_series_get_step (trace->series),
                                      slot, n_slots, view, size);

  paper_area (snapshot, path, ink, 1);
}

static void
paper_trace (MusterTraceLayer      *self,
             GtkSnapshot           *snapshot,
             Trace                 *trace,
             MusterView            *view,
             const graphene_size_t *size)
{
  MusterForm    form = muster_series_get_form (trace->series);
  MusterSeries *ghost = muster_series_get_ghost (trace->series);
  MusterInk     ink;

  if (!trace->visible || muster_series_is_lane (trace->series))
    return;
  view->lower = muster_axis_get_lower (trace->y_axis);
  view->upper = muster_axis_get_upper (trace->y_axis);
  if (ghost != NULL)
    {
      ink = make_ink (self, trace, ghost, 1);
      ink.alpha *= GHOST_OPACITY;
      paper_line (snapshot, ghost, form == MUSTER_FORM_STEP, view, &ink, size);
    }
  ink = make_ink (self, trace, trace->series, 1);
  if (form == MUSTER_FORM_BARS)
    {
      paper_bars (self, snapshot, trace, view, &ink, size);
      return;
    }
  if (form == MUSTER_FORM_BAND)
    paper_band (snapshot, trace->series, view, &ink, size);
  paper_line (snapshot, trace->series, form == MUSTER_FORM_STEP, view, &ink, size);
}

/* The bars, or what stands before them. */
static void
paper_traces (MusterTraceLayer      *self,
              GtkSnapshot           *snapshot,
              gboolean               bars,
              MusterView            *view,
              const graphene_size_t *size)
{
  for (unsigned i = self->traces->len; i > 0; i--)
    {
      Trace *trace = &g_array_index (self->traces, Trace, i - 1);

      if (is_bars (trace) == bars)
        paper_trace (self, snapshot, trace, view, size);
    }
}

static void
snapshot_paper (MusterTraceLayer *self, GtkSnapshot *snapshot)
{
  graphene_size_t size = { gtk_widget_get_width (GTK_WIDGET (self)),
                           gtk_widget_get_height (GTK_WIDGET (self)) };
  MusterView      view = {
         .from = muster_axis_get_lower (self->x_axis),
         .to = muster_axis_get_upper (self->x_axis),
  };

  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, size.width, size.height));
  paper_traces (self, snapshot, TRUE, &view, &size);
  paper_traces (self, snapshot, FALSE, &view, &size);
  gtk_snapshot_pop (snapshot);
}

static void
muster_trace_layer_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  MusterTraceLayer *self = MUSTER_TRACE_LAYER (widget);
  double            scale = get_scale (widget);

  if (gtk_widget_get_width (widget) <= 0 || gtk_widget_get_height (widget) <= 0 ||
      self->traces->len == 0)
    return;
  if (self->on_paper)
    {
      snapshot_paper (self, snapshot);
      return;
    }
  if (self->texture == NULL || self->scale != scale)
    {
      g_clear_object (&self->texture);
      self->texture = muster_trace_layer_rasterise (self, scale);
      self->scale = scale;
    }
  gtk_snapshot_append_texture (snapshot, self->texture,
                               &GRAPHENE_RECT_INIT (0, 0,
                                                    gdk_texture_get_width (self->texture) / scale,
                                                    gdk_texture_get_height (self->texture) /
                                                      scale));
}

static void
muster_trace_layer_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  MusterTraceLayer *self = MUSTER_TRACE_LAYER (widget);

  if (self->width == width && self->height == height)
    return;
  self->width = width;
  self->height = height;
  muster_trace_layer_invalidate (self);
}

static void
muster_trace_layer_dispose (GObject *object)
{
  MusterTraceLayer *self = MUSTER_TRACE_LAYER (object);

  g_array_set_size (self->traces, 0);
  g_clear_object (&self->texture);
  g_clear_object (&self->x_axis);
  g_clear_object (&self->y_axis);
  G_OBJECT_CLASS (muster_trace_layer_parent_class)->dispose (object);
}

static void
muster_trace_layer_finalize (GObject *object)
{
  MusterTraceLayer *self = MUSTER_TRACE_LAYER (object);

  g_array_unref (self->traces);
  muster_raster_free (self->raster);
  G_OBJECT_CLASS (muster_trace_layer_parent_class)->finalize (object);
}

static void
muster_trace_layer_class_init (MusterTraceLayerClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_trace_layer_dispose;
  object_class->finalize = muster_trace_layer_finalize;
  widget_class->snapshot = muster_trace_layer_snapshot;
  widget_class->size_allocate = muster_trace_layer_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "traces");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
muster_trace_layer_init (MusterTraceLayer *self)
{
  self->raster = muster_raster_new ();
  self->line_width = LINE_WIDTH;
  self->traces = g_array_new (FALSE, FALSE, sizeof (Trace));
  g_array_set_clear_func (self->traces, trace_clear);
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

GtkWidget *
muster_trace_layer_new (MusterAxis *x_axis, MusterAxis *y_axis)
{
  MusterTraceLayer *self = g_object_new (MUSTER_TYPE_TRACE_LAYER, NULL);

  g_set_object (&self->x_axis, x_axis);
  g_set_object (&self->y_axis, y_axis);
  g_signal_connect_object (x_axis, "range-changed", G_CALLBACK (muster_trace_layer_invalidate),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (y_axis, "range-changed", G_CALLBACK (muster_trace_layer_invalidate),
                           self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

static Trace *
find_trace (MusterTraceLayer *self, MusterSeries *series, unsigned *position)
{
  for (unsigned i = 0; i < self->traces->len; i++)
    {
      if (g_array_index (self->traces, Trace, i).series != series)
        continue;
      if (position != NULL)
        *position = i;
      return &g_array_index (self->traces, Trace, i);
    }
  return NULL;
}

void
muster_trace_layer_add (MusterTraceLayer *self, MusterSeries *series, MusterPen *pen)
{
  Trace trace = { series, pen, self->y_axis, TRUE };

  g_return_if_fail (MUSTER_IS_TRACE_LAYER (self));
  g_return_if_fail (find_trace (self, series, NULL) == NULL);

  g_object_ref (series);
  g_object_ref_sink (pen);
  g_object_ref (self->y_axis);
  g_array_append_val (self->traces, trace);
  g_signal_connect_object (series, "changed", G_CALLBACK (muster_trace_layer_invalidate), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (pen, "changed", G_CALLBACK (muster_trace_layer_invalidate), self,
                           G_CONNECT_SWAPPED);
  muster_trace_layer_invalidate (self);
}

void
muster_trace_layer_remove (MusterTraceLayer *self, MusterSeries *series)
{
  Trace   *trace;
  unsigned position;

  g_return_if_fail (MUSTER_IS_TRACE_LAYER (self));

  trace = find_trace (self, series, &position);
  g_return_if_fail (trace != NULL);
  g_signal_handlers_disconnect_by_data (trace->series, self);
  g_signal_handlers_disconnect_by_data (trace->pen, self);
  g_array_remove_index (self->traces, position);
  muster_trace_layer_invalidate (self);
}

void
muster_trace_layer_set_visible (MusterTraceLayer *self, MusterSeries *series, gboolean visible)
{
  Trace *trace;

  g_return_if_fail (MUSTER_IS_TRACE_LAYER (self));

  trace = find_trace (self, series, NULL);
  g_return_if_fail (trace != NULL);
  if (trace->visible == visible)
    return;
  trace->visible = visible;
  muster_trace_layer_invalidate (self);
}

void
muster_trace_layer_set_axis (MusterTraceLayer *self, MusterSeries *series, MusterAxis *y_axis)
{
  Trace *trace;

  g_return_if_fail (MUSTER_IS_TRACE_LAYER (self));
  g_return_if_fail (MUSTER_IS_AXIS (y_axis));

  trace = find_trace (self, series, NULL);
  g_return_if_fail (trace != NULL);
  if (!g_set_object (&trace->y_axis, y_axis))
    return;
  /* Once, however many series share it. */
  g_signal_handlers_disconnect_by_func (y_axis, muster_trace_layer_invalidate, self);
  g_signal_connect_object (y_axis, "range-changed", G_CALLBACK (muster_trace_layer_invalidate),
                           self, G_CONNECT_SWAPPED);
  muster_trace_layer_invalidate (self);
}

gboolean
muster_trace_layer_get_visible (MusterTraceLayer *self, MusterSeries *series)
{
  Trace *trace;

  g_return_val_if_fail (MUSTER_IS_TRACE_LAYER (self), FALSE);

  trace = find_trace (self, series, NULL);
  return trace != NULL && trace->visible;
}

void
muster_trace_layer_set_fill (MusterTraceLayer *self, double fill)
{
  g_return_if_fail (MUSTER_IS_TRACE_LAYER (self));

  if (self->fill == fill)
    return;
  self->fill = fill;
  muster_trace_layer_invalidate (self);
}

unsigned
muster_trace_layer_get_generation (MusterTraceLayer *self)
{
  g_return_val_if_fail (MUSTER_IS_TRACE_LAYER (self), 0);

  return self->generation;
}

void
muster_trace_layer_set_on_paper (MusterTraceLayer *self, gboolean on_paper)
{
  g_return_if_fail (MUSTER_IS_TRACE_LAYER (self));

  self->on_paper = !!on_paper;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
muster_trace_layer_set_line_width (MusterTraceLayer *self, double width)
{
  g_return_if_fail (MUSTER_IS_TRACE_LAYER (self));
  g_return_if_fail (width > 0);

  if (self->line_width == width)
    return;
  self->line_width = width;
  muster_trace_layer_invalidate (self);
}
