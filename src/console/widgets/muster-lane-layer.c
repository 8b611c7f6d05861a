/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-lane-layer"

#include "config.h"

#include <math.h>

#include "muster-lane-layer.h"
#include "muster-paper.h"
#include "muster-raster.h"

#define STRIP_HEIGHT 20 /* logical pixels, at least */
#define STRIP_MARGIN 2  /* around words that need more */
#define GAP 6
#define WORD_MARGIN 5
#define LEAST_WORD 10 /* two narrow letters */
#define MOST_WORDS 80 /* a lane that is fuller than that is not read */
#define N_COLOURS 8
#define LEAST_HEAT 0.08

typedef struct
{
  MusterSeries *series; /* (owned) */
  MusterPen    *pen;    /* (owned) */
  gboolean      visible;
} Lane;

struct _MusterLaneLayer
{
  GtkWidget parent_instance;

  MusterAxis   *x_axis;  /* (owned) */
  GArray       *lanes;   /* (owned) (element-type Lane) */
  MusterRaster *raster;  /* (owned) */
  GdkTexture   *texture; /* (owned) (nullable) what was drawn last, until something changes */
  double        scale;
  unsigned      generation;
  gboolean      on_paper; /* patches are drawn as such rather than as a picture */

  /* Children */
  GtkWidget *caption;
  GtkWidget *word;
  GtkWidget *off;
  GtkWidget *states[N_COLOURS];
};

G_DEFINE_FINAL_TYPE (MusterLaneLayer, muster_lane_layer, GTK_TYPE_WIDGET)

static void
lane_clear (gpointer data)
{
  Lane *lane = data;

  g_clear_object (&lane->series);
  g_clear_object (&lane->pen);
}

static void
muster_lane_layer_invalidate (MusterLaneLayer *self)
{
  g_clear_object (&self->texture);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
is_shown (Lane *lane)
{
  return lane->visible && muster_series_is_lane (lane->series);
}

static int
measure_caption (MusterLaneLayer *self)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (self->caption, "0");
  int height;

  pango_layout_get_pixel_size (layout, NULL, &height);
  return height;
}

static int
get_strip_height (MusterLaneLayer *self)
{
  return MAX (STRIP_HEIGHT, measure_caption (self) + STRIP_MARGIN);
}

unsigned
muster_lane_layer_count (MusterLaneLayer *self)
{
  unsigned count = 0;

  g_return_val_if_fail (MUSTER_IS_LANE_LAYER (self), 0);

  for (unsigned i = 0; i < self->lanes->len; i++)
    count += is_shown (&g_array_index (self->lanes, Lane, i));
  return count;
}

int
muster_lane_layer_get_height (MusterLaneLayer *self)
{
  g_return_val_if_fail (MUSTER_IS_LANE_LAYER (self), 0);

  return (int)muster_lane_layer_count (self) *
         (measure_caption (self) + get_strip_height (self) + GAP);
}

void
muster_lane_layer_get_strip (MusterLaneLayer *self, unsigned i, float *top, float *bottom)
{
  int caption = measure_caption (self);

  *top = i * (caption + get_strip_height (self) + GAP) + caption;
  *bottom = *top + get_strip_height (self);
}

/* --- colours --- */

static void
set_ink (MusterInk *ink, GtkWidget *pen, double opacity)
{
  GdkRGBA colour;

  muster_pen_get (pen, &colour);
  *ink = (MusterInk){ colour.red, colour.green, colour.blue, colour.alpha * opacity };
}

/* Which colour a value has in a lane. */
typedef struct
{
  MusterLaneLayer *layer;
  Lane            *lane;
  double           low; /* heat: the least and greatest in sight */
  double           high;
} Palette;

static gboolean
is_quiet (Lane *lane, double value)
{
  return value <= 0 && muster_series_is_binary (lane->series);
}

static void
ink_state (double value, gpointer user_data, MusterInk *ink)
{
  const Palette *palette = user_data;

  if (muster_series_is_binary (palette->lane->series))
    set_ink (ink,
             is_quiet (palette->lane, value) ? palette->layer->off
                                             : GTK_WIDGET (palette->lane->pen),
             1);
  else
    set_ink (ink, palette->layer->states[(unsigned)MAX (value, 0) % N_COLOURS], 1);
}

static void
ink_heat (double value, gpointer user_data, MusterInk *ink)
{
  const Palette *palette = user_data;
  double         share =
    palette->high > palette->low ? (value - palette->low) / (palette->high - palette->low) : 1;

  set_ink (ink, GTK_WIDGET (palette->lane->pen),
           LEAST_HEAT + (1 - LEAST_HEAT) * CLAMP (share, 0, 1));
}

/* --- drawing --- */

static double
find_until (MusterSeries *series)
{
  const MusterPoint *last = muster_series_peek_last (series);
  gint64             held = muster_series_get_held_until (series);

  if (held > 0)
    return MIN (held, g_get_real_time ());
  return last != NULL ? last->time + MAX (muster_series_get_step (series), 1) : 0;
}

/* A state stands until another one, however long that takes; heat does not outlast its step. */
static gint64
find_gap (MusterSeries *series)
{
  return muster_series_get_form (series) == MUSTER_FORM_HEAT ? muster_series_get_step (series) : 0;
}

static void
draw_lane (MusterLaneLayer *self, Lane *lane, unsigned position, double scale)
{
  Palette            palette = { self, lane, 0, 0 };
  MusterView         view = { .from = muster_axis_get_lower (self->x_axis),
                              .to = muster_axis_get_upper (self->x_axis) };
  gboolean           heat = muster_series_get_form (lane->series) == MUSTER_FORM_HEAT;
  float              top, bottom;
  unsigned           n_points;
  const MusterPoint *points = muster_series_peek (lane->series, &n_points);

  if (heat)
    muster_series_get_extent (lane->series, view.from, view.to, &palette.low, &palette.high);
  muster_lane_layer_get_strip (self, position, &top, &bottom);
  muster_raster_draw_strip (self->raster, points, n_points, find_gap (lane->series),
                            find_until (lane->series), &view,
                            &(MusterStrip){ top * scale, bottom * scale },
                            heat ? ink_heat : ink_state, &palette);
}

static GdkTexture *
rasterise (MusterLaneLayer *self, double scale)
{
  unsigned width = ceil (gtk_widget_get_width (GTK_WIDGET (self)) * scale);
  unsigned height = ceil (gtk_widget_get_height (GTK_WIDGET (self)) * scale);
  g_autoptr (GBytes) bytes = NULL;
  unsigned position = 0;

  muster_raster_begin (self->raster, width, height);
  for (unsigned i = 0; i < self->lanes->len; i++)
    {
      Lane *lane = &g_array_index (self->lanes, Lane, i);

      if (is_shown (lane))
        draw_lane (self, lane, position++, scale);
    }
  bytes = muster_raster_end (self->raster);
  self->generation++;
  return gdk_memory_texture_new (width, height, GDK_MEMORY_B8G8R8A8_PREMULTIPLIED, bytes,
                                 width * 4);
}

static void
append_text (MusterLaneLayer *self,
             GtkSnapshot     *snapshot,
             GtkWidget       *pen,
             PangoLayout     *layout,
             float            x,
             float            y)
{
  GdkRGBA colour;

  muster_pen_get (pen, &colour);
  muster_paper_append_text (snapshot, layout, &colour, x, y, self->on_paper);
}

/* The word of one state, in the colour of PEN, where it fits between LEFT and RIGHT. */
static gboolean
append_word (MusterLaneLayer *self,
             GtkSnapshot     *snapshot,
             GtkWidget       *pen,
             const char      *word,
             float            left,
             float            right,
             float            top)
{
  g_autoptr (PangoLayout) layout = NULL;
  int width, height;

  /* Most patches of a full lane are out of the question before anything is laid out. */
  if (right - left < 2 * WORD_MARGIN + LEAST_WORD)
    return FALSE;
  layout = gtk_widget_create_pango_layout (self->word, word);
  pango_layout_get_pixel_size (layout, &width, &height);
  if (width + 2 * WORD_MARGIN > right - left)
    return FALSE;
  append_text (self, snapshot, pen, layout, left + WORD_MARGIN,
               top + (get_strip_height (self) - height) / 2.0f);
  return TRUE;
}

/* Once a run of one state, however often it was told. */
static void
snapshot_words (MusterLaneLayer *self, GtkSnapshot *snapshot, Lane *lane, float top)
{
  float              width = gtk_widget_get_width (GTK_WIDGET (self));
  double             until = find_until (lane->series);
  unsigned           n_points, words = 0;
  const MusterPoint *points = muster_series_peek (lane->series, &n_points);
  unsigned           i = muster_series_find (lane->series, muster_axis_get_lower (self->x_axis));

  for (i = i > 0 ? i - 1 : 0; i < n_points && words < MOST_WORDS;)
    {
      const char *word = muster_series_get_state (lane->series, points[i].value);
      double      from = points[i].time;
      double      to;
      float       left, right;
      double      value = points[i].value;

      while (i < n_points && points[i].value == value)
        i++;
      i += isnan (value);
      to = i < n_points ? points[i].time : until;
      left = CLAMP (muster_axis_normalize (self->x_axis, from), 0, 1) * width;
      right = CLAMP (muster_axis_normalize (self->x_axis, to), 0, 1) * width;
      if (from > muster_axis_get_upper (self->x_axis))
        break;
      if (word != NULL)
        words += append_word (self, snapshot, is_quiet (lane, value) ? self->caption : self->word,
                              word, left, right, top);
    }
}

static void
snapshot_text (MusterLaneLayer *self, GtkSnapshot *snapshot)
{
  unsigned position = 0;

  for (unsigned i = 0; i < self->lanes->len; i++)
    {
      Lane *lane = &g_array_index (self->lanes, Lane, i);
      g_autoptr (PangoLayout) layout = NULL;
      float top, bottom;
      int   height;

      if (!is_shown (lane))
        continue;
      muster_lane_layer_get_strip (self, position++, &top, &bottom);
      layout =
        gtk_widget_create_pango_layout (self->caption, muster_series_get_name (lane->series));
      pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_MIDDLE);
      pango_layout_set_width (layout, gtk_widget_get_width (GTK_WIDGET (self)) * PANGO_SCALE);
      pango_layout_get_pixel_size (layout, NULL, &height);
      append_text (self, snapshot, self->caption, layout, 0, top - height);
      if (muster_series_get_form (lane->series) == MUSTER_FORM_STATE)
        snapshot_words (self, snapshot, lane, top);
    }
}

/* --- on paper --- */

/* The patches of a lane as they are put down. */
typedef struct
{
  Palette      palette;
  GtkSnapshot *snapshot;
  float        top;
  float        bottom;
} Sheet;

static void
append_patch (double from, double to, double value, gpointer user_data)
{
  const Sheet *sheet = user_data;
  MusterAxis  *axis = sheet->palette.layer->x_axis;
  float        width = gtk_widget_get_width (GTK_WIDGET (sheet->palette.layer));
  float        left = CLAMP (muster_axis_normalize (axis, from), 0, 1) * width;
  float        right = CLAMP (muster_axis_normalize (axis, to), 0, 1) * width;
  MusterInk    ink = { 0 };

  if (muster_series_get_form (sheet->palette.lane->series) == MUSTER_FORM_HEAT)
    ink_heat (value, (gpointer)&sheet->palette, &ink);
  else
    ink_state (value, (gpointer)&sheet->palette, &ink);
  if (right > left)
    gtk_snapshot_append_color (sheet->snapshot,
                               &(GdkRGBA){ ink.red, ink.green, ink.blue, ink.alpha },
                               &GRAPHENE_RECT_INIT (left, sheet->top, right - left,
                                                    sheet->bottom - sheet->top));
}

static void
snapshot_paper (MusterLaneLayer *self, GtkSnapshot *snapshot)
{
  MusterView view = { .from = muster_axis_get_lower (self->x_axis),
                      .to = muster_axis_get_upper (self->x_axis) };
  unsigned   position = 0;

  for (unsigned i = 0; i < self->lanes->len; i++)
    {
      Lane              *lane = &g_array_index (self->lanes, Lane, i);
      Sheet              sheet = { { self, lane, 0, 0 }, snapshot, 0, 0 };
      unsigned           n_points;
      const MusterPoint *points = muster_series_peek (lane->series, &n_points);

      if (!is_shown (lane))
        continue;
      if (muster_series_get_form (lane->series) == MUSTER_FORM_HEAT)
        muster_series_get_extent (lane->series, view.from, view.to, &sheet.palette.low,
                                  &sheet.palette.high);
      muster_lane_layer_get_strip (self, position++, &sheet.top, &sheet.bottom);
      muster_raster_each_patch (points, n_points, find_gap (lane->series),
                                find_until (lane->series), &view, append_patch, &sheet);
    }
}

static double
get_scale (GtkWidget *widget)
{
  GtkNative  *native = gtk_widget_get_native (widget);
  GdkSurface *surface = native != NULL ? gtk_native_get_surface (native) : NULL;

  return surface != NULL ? gdk_surface_get_scale (surface) : 1;
}

static void
muster_lane_layer_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  MusterLaneLayer *self = MUSTER_LANE_LAYER (widget);
  double           scale = get_scale (widget);

  if (gtk_widget_get_width (widget) <= 0 || gtk_widget_get_height (widget) <= 0 ||
      muster_lane_layer_count (self) == 0)
    return;
  if (self->on_paper)
    {
      snapshot_paper (self, snapshot);
      snapshot_text (self, snapshot);
      return;
    }
  if (self->texture == NULL || self->scale != scale)
    {
      g_clear_object (&self->texture);
      self->texture = rasterise (self, scale);
      self->scale = scale;
    }
  gtk_snapshot_append_texture (snapshot, self->texture,
                               &GRAPHENE_RECT_INIT (0, 0,
                                                    gdk_texture_get_width (self->texture) / scale,
                                                    gdk_texture_get_height (self->texture) /
                                                      scale));
  snapshot_text (self, snapshot);
}

static void
muster_lane_layer_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  muster_lane_layer_invalidate (MUSTER_LANE_LAYER (widget));
}

/* --- life --- */

static void
muster_lane_layer_dispose (GObject *object)
{
  MusterLaneLayer *self = MUSTER_LANE_LAYER (object);
  GtkWidget       *child;

  g_array_set_size (self->lanes, 0);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->texture);
  g_clear_object (&self->x_axis);
  G_OBJECT_CLASS (muster_lane_layer_parent_class)->dispose (object);
}

static void
muster_lane_layer_finalize (GObject *object)
{
  MusterLaneLayer *self = MUSTER_LANE_LAYER (object);

  g_array_unref (self->lanes);
  muster_raster_free (self->raster);
  G_OBJECT_CLASS (muster_lane_layer_parent_class)->finalize (object);
}

static void
muster_lane_layer_class_init (MusterLaneLayerClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_lane_layer_dispose;
  object_class->finalize = muster_lane_layer_finalize;
  widget_class->snapshot = muster_lane_layer_snapshot;
  widget_class->size_allocate = muster_lane_layer_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "lanes");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static GtkWidget *
add_pen (MusterLaneLayer *self, const char *name, const char *css_class)
{
  GtkWidget *pen = muster_pen_new (name, css_class);

  gtk_widget_set_child_visible (pen, FALSE);
  gtk_widget_insert_before (pen, GTK_WIDGET (self), NULL);
  g_signal_connect_object (pen, "changed", G_CALLBACK (muster_lane_layer_invalidate), self,
                           G_CONNECT_SWAPPED);
  return pen;
}

static void
muster_lane_layer_init (MusterLaneLayer *self)
{
  self->raster = muster_raster_new ();
  self->lanes = g_array_new (FALSE, FALSE, sizeof (Lane));
  g_array_set_clear_func (self->lanes, lane_clear);
  self->caption = add_pen (self, "caption", NULL);
  self->word = add_pen (self, "word", NULL);
  self->off = add_pen (self, "state", "state-off");
  for (unsigned i = 0; i < N_COLOURS; i++)
    {
      g_autofree char *css_class = g_strdup_printf ("series-%u", i + 1);

      self->states[i] = add_pen (self, "state", css_class);
    }
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

GtkWidget *
muster_lane_layer_new (MusterAxis *x_axis)
{
  MusterLaneLayer *self = g_object_new (MUSTER_TYPE_LANE_LAYER, NULL);

  self->x_axis = g_object_ref (x_axis);
  g_signal_connect_object (x_axis, "range-changed", G_CALLBACK (muster_lane_layer_invalidate), self,
                           G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

static unsigned
find_lane (MusterLaneLayer *self, MusterSeries *series)
{
  for (unsigned i = 0; i < self->lanes->len; i++)
    if (g_array_index (self->lanes, Lane, i).series == series)
      return i;
  return self->lanes->len;
}

void
muster_lane_layer_add (MusterLaneLayer *self, MusterSeries *series, MusterPen *pen)
{
  Lane lane = { series, pen, TRUE };

  g_return_if_fail (MUSTER_IS_LANE_LAYER (self));
  g_return_if_fail (find_lane (self, series) == self->lanes->len);

  g_object_ref (series);
  g_object_ref_sink (pen);
  g_array_append_val (self->lanes, lane);
  g_signal_connect_object (series, "changed", G_CALLBACK (muster_lane_layer_invalidate), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (pen, "changed", G_CALLBACK (muster_lane_layer_invalidate), self,
                           G_CONNECT_SWAPPED);
  muster_lane_layer_invalidate (self);
}

void
muster_lane_layer_remove (MusterLaneLayer *self, MusterSeries *series)
{
  unsigned position;
  Lane    *lane;

  g_return_if_fail (MUSTER_IS_LANE_LAYER (self));

  position = find_lane (self, series);
  g_return_if_fail (position < self->lanes->len);
  lane = &g_array_index (self->lanes, Lane, position);
  g_signal_handlers_disconnect_by_data (lane->series, self);
  g_signal_handlers_disconnect_by_data (lane->pen, self);
  g_array_remove_index (self->lanes, position);
  muster_lane_layer_invalidate (self);
}

void
muster_lane_layer_set_visible (MusterLaneLayer *self, MusterSeries *series, gboolean visible)
{
  unsigned position;

  g_return_if_fail (MUSTER_IS_LANE_LAYER (self));

  position = find_lane (self, series);
  g_return_if_fail (position < self->lanes->len);
  g_array_index (self->lanes, Lane, position).visible = visible;
  muster_lane_layer_invalidate (self);
}

unsigned
muster_lane_layer_get_generation (MusterLaneLayer *self)
{
  g_return_val_if_fail (MUSTER_IS_LANE_LAYER (self), 0);

  return self->generation;
}

void
muster_lane_layer_set_on_paper (MusterLaneLayer *self, gboolean on_paper)
{
  g_return_if_fail (MUSTER_IS_LANE_LAYER (self));

  self->on_paper = !!on_paper;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
