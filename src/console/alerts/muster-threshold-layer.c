/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-threshold-layer"

#include "config.h"

#include "muster-threshold-handle.h"
#include "muster-threshold-layer.h"

/* Pixels. */
#define GRIP 6 /* above and below a line that it can be taken by */
#define LINE_WIDTH 2
#define MARK_HEIGHT 5 /* of the strip on top of a firing */
#define LEAST_WIDTH 2 /* of a firing too short to be seen */

#define TINT 0.07f   /* of the wrong side */
#define STRETCH 0.2f /* of a firing */

typedef struct
{
  MusterThreshold threshold;
  GtkWidget      *handle; /* (owned) */
} Line;

struct _MusterThresholdLayer
{
  GtkWidget parent_instance;

  MusterChart *chart;   /* (unowned): beside it in the same overlay */
  GArray      *lines;   /* (owned) (element-type Line) */
  GArray      *firings; /* (owned) (element-type MusterFiring) */
  char        *unit;    /* (owned) (nullable) */
  GtkWidget   *pens[3]; /* a colour a severity */
  gboolean     editable;

  int    dragged; /* index, or -1 */
  double drag_y;  /* where the line was when it was taken */
  double drag_lower, drag_upper;
};

G_DEFINE_FINAL_TYPE (MusterThresholdLayer, muster_threshold_layer, GTK_TYPE_WIDGET)

enum
{
  MOVED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static Line *
get_line (MusterThresholdLayer *self, unsigned index)
{
  return &g_array_index (self->lines, Line, index);
}

static void
line_clear (gpointer data)
{
  g_clear_pointer (&((Line *)data)->handle, gtk_widget_unparent);
}

/* The plot of the chart in coordinates of this; FALSE: nothing is laid out yet. */
static gboolean
get_plot (MusterThresholdLayer *self, graphene_rect_t *plot)
{
  graphene_point_t origin;

  if (self->chart == NULL)
    return FALSE;
  muster_chart_get_plot (self->chart, plot);
  if (!gtk_widget_compute_point (GTK_WIDGET (self->chart), GTK_WIDGET (self),
                                 &GRAPHENE_POINT_INIT (0, 0), &origin))
    return FALSE;
  graphene_rect_offset (plot, origin.x, origin.y);
  return plot->size.width > 1 && plot->size.height > 1;
}

static float
get_y (MusterThresholdLayer *self, const graphene_rect_t *plot, double value)
{
  double fraction = muster_axis_normalize (muster_chart_get_y_axis (self->chart), value);

  return plot->origin.y + plot->size.height * (1 - CLAMP (fraction, 0, 1));
}

static GdkRGBA
get_colour (MusterThresholdLayer *self, int severity, float alpha)
{
  GdkRGBA colour;

  gtk_widget_get_color (self->pens[CLAMP (severity, 0, 2)], &colour);
  colour.alpha *= alpha;
  return colour;
}

/* Handles and lines go where they belong now. */
static void
muster_threshold_layer_refresh (MusterThresholdLayer *self)
{
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* --- keeping thresholds in sight --- */

static void
keep_in_sight (MusterThresholdLayer *self)
{
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (double));

  for (unsigned i = 0; i < self->lines->len; i++)
    g_array_append_val (values, get_line (self, i)->threshold.value);
  if (self->chart != NULL)
    muster_chart_keep_in_sight (self->chart, (double *)(gpointer)values->data, values->len);
}

/* IN_SIGHT: the axis may follow; not while a line is dragged, which would run away from the
 * pointer. */
static void
move (MusterThresholdLayer *self, unsigned index, double value, gboolean in_sight)
{
  Line *line = get_line (self, index);

  if (line->threshold.value == value)
    return;
  line->threshold.value = value;
  muster_threshold_handle_set_value (MUSTER_THRESHOLD_HANDLE (line->handle), value, self->unit);
  if (in_sight)
    keep_in_sight (self);
  muster_threshold_layer_refresh (self);
  g_signal_emit (self, signals[MOVED], 0, index, value);
}

static void
muster_threshold_layer_moved_cb (MusterThresholdLayer *self, double value, GtkWidget *handle)
{
  for (unsigned i = 0; self->editable && i < self->lines->len; i++)
    if (get_line (self, i)->handle == handle)
      {
        move (self, i, value, TRUE);
        return;
      }
}

/* --- dragging --- */

/* The line that the pointer could take at X, Y; -1: none. */
static int
find_line (MusterThresholdLayer *self, double x, double y)
{
  graphene_rect_t plot;
  int             best = -1;
  double          least = GRIP + 1;

  if (!self->editable || !get_plot (self, &plot) || x < plot.origin.x ||
      x > plot.origin.x + plot.size.width)
    return -1;
  for (unsigned i = 0; i < self->lines->len; i++)
    {
      double distance = ABS (y - get_y (self, &plot, get_line (self, i)->threshold.value));

      if (distance < least)
        {
          best = i;
          least = distance;
        }
    }
  return best;
}

static int
find_handle (MusterThresholdLayer *self, double x, double y)
{
  GtkWidget *picked = gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT);
  GtkWidget *handle = picked != NULL && picked != GTK_WIDGET (self)
                        ? gtk_widget_get_ancestor (picked, MUSTER_TYPE_THRESHOLD_HANDLE)
                        : NULL;

  for (unsigned i = 0; handle != NULL && i < self->lines->len; i++)
    if (get_line (self, i)->handle == handle)
      return i;
  return find_line (self, x, y);
}

static void
muster_threshold_layer_drag_begin_cb (MusterThresholdLayer *self,
                                      double                x,
                                      double                y,
                                      GtkGesture           *gesture)
{
  MusterAxis     *axis = muster_chart_get_y_axis (self->chart);
  graphene_rect_t plot;

  self->dragged = self->editable ? find_handle (self, x, y) : -1;
  if (self->dragged < 0 || !get_plot (self, &plot))
    {
      gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_DENIED);
      return;
    }
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_widget_grab_focus (get_line (self, self->dragged)->handle);
  self->drag_y = get_y (self, &plot, get_line (self, self->dragged)->threshold.value);
  self->drag_lower = muster_axis_get_lower (axis);
  self->drag_upper = muster_axis_get_upper (axis);
}

static void
muster_threshold_layer_drag_update_cb (MusterThresholdLayer *self, double dx, double dy)
{
  graphene_rect_t plot;
  double          fraction;

  if (self->dragged < 0 || !get_plot (self, &plot))
    return;
  fraction = 1 - (self->drag_y + dy - plot.origin.y) / plot.size.height;
  move (self, self->dragged,
        muster_threshold_round (muster_chart_get_y_axis (self->chart),
                                self->drag_lower +
                                  CLAMP (fraction, 0, 1) * (self->drag_upper - self->drag_lower)),
        FALSE);
}

static void
muster_threshold_layer_drag_end_cb (MusterThresholdLayer *self)
{
  self->dragged = -1;
  keep_in_sight (self);
}

/* --- drawing --- */

static void
snapshot_side (MusterThresholdLayer  *self,
               GtkSnapshot           *snapshot,
               const graphene_rect_t *plot,
               const MusterThreshold *threshold)
{
  float   y = get_y (self, plot, threshold->value);
  float   bottom = plot->origin.y + plot->size.height;
  GdkRGBA colour = get_colour (self, threshold->severity, TINT);

  if (threshold->side == MUSTER_THRESHOLD_ABOVE)
    gtk_snapshot_append_color (snapshot, &colour,
                               &GRAPHENE_RECT_INIT (plot->origin.x, plot->origin.y,
                                                    plot->size.width, y - plot->origin.y));
  else if (threshold->side == MUSTER_THRESHOLD_BELOW)
    gtk_snapshot_append_color (snapshot, &colour,
                               &GRAPHENE_RECT_INIT (plot->origin.x, y, plot->size.width,
                                                    bottom - y));
}

static void
snapshot_firing (MusterThresholdLayer  *self,
                 GtkSnapshot           *snapshot,
                 const graphene_rect_t *plot,
                 const MusterFiring    *firing)
{
  MusterAxis *axis = muster_chart_get_x_axis (self->chart);
  double      from = CLAMP (muster_axis_normalize (axis, firing->from), 0, 1);
  double to = firing->to == G_MAXINT64 ? 1 : CLAMP (muster_axis_normalize (axis, firing->to), 0, 1);
  float  x = plot->origin.x + plot->size.width * from;
  float  width = MAX (plot->size.width * (to - from), LEAST_WIDTH);
  GdkRGBA light = get_colour (self, firing->severity, STRETCH);
  GdkRGBA full = get_colour (self, firing->severity, 1);

  if (from >= 1 || to <= 0)
    return;
  gtk_snapshot_append_color (snapshot, &light,
                             &GRAPHENE_RECT_INIT (x, plot->origin.y, width, plot->size.height));
  gtk_snapshot_append_color (snapshot, &full,
                             &GRAPHENE_RECT_INIT (x, plot->origin.y, width, MARK_HEIGHT));
}

static void
muster_threshold_layer_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  MusterThresholdLayer *self = MUSTER_THRESHOLD_LAYER (widget);
  graphene_rect_t       plot;

  if (!get_plot (self, &plot))
    return;
  gtk_snapshot_push_clip (snapshot, &plot);
  for (unsigned i = 0; i < self->lines->len; i++)
    snapshot_side (self, snapshot, &plot, &get_line (self, i)->threshold);
  for (unsigned i = 0; i < self->firings->len; i++)
    snapshot_firing (self, snapshot, &plot, &g_array_index (self->firings, MusterFiring, i));
  for (unsigned i = 0; i < self->lines->len; i++)
    {
      const MusterThreshold *threshold = &get_line (self, i)->threshold;
      GdkRGBA                colour = get_colour (self, threshold->severity, 1);
      float                  y = get_y (self, &plot, threshold->value) - LINE_WIDTH / 2.0f;

      gtk_snapshot_append_color (snapshot, &colour,
                                 &GRAPHENE_RECT_INIT (plot.origin.x, y, plot.size.width,
                                                      LINE_WIDTH));
    }
  gtk_snapshot_pop (snapshot);
  for (unsigned i = 0; i < self->lines->len; i++)
    gtk_widget_snapshot_child (widget, get_line (self, i)->handle, snapshot);
}

/* --- layout --- */

static void
muster_threshold_layer_measure (GtkWidget     *widget,
                                GtkOrientation orientation,
                                int            for_size,
                                int           *minimum,
                                int           *natural,
                                int           *minimum_baseline,
                                int           *natural_baseline)
{
  *minimum = *natural = 0;
  *minimum_baseline = *natural_baseline = -1;
}

static void
muster_threshold_layer_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  MusterThresholdLayer *self = MUSTER_THRESHOLD_LAYER (widget);
  graphene_rect_t       plot;
  gboolean              placed = get_plot (self, &plot);

  for (unsigned i = 0; i < 3; i++)
    gtk_widget_size_allocate (self->pens[i], &(GtkAllocation){ 0, 0, 0, 0 }, -1);
  for (unsigned i = 0; i < self->lines->len; i++)
    {
      Line          *line = get_line (self, i);
      GtkRequisition size;
      double         y;

      gtk_widget_set_child_visible (line->handle, placed);
      if (!placed)
        continue;
      gtk_widget_get_preferred_size (line->handle, NULL, &size);
      y = get_y (self, &plot, line->threshold.value) - size.height / 2.0;
      gtk_widget_size_allocate (line->handle,
                                &(GtkAllocation){ (int)(plot.origin.x + plot.size.width) -
                                                    size.width,
                                                  (int)CLAMP (y, 0, MAX (height - size.height, 0)),
                                                  size.width, size.height },
                                -1);
    }
}

/* Only lines and handles are there for the pointer. */
static gboolean
muster_threshold_layer_contains (GtkWidget *widget, double x, double y)
{
  return find_line (MUSTER_THRESHOLD_LAYER (widget), x, y) >= 0;
}

/* --- life --- */

static void
muster_threshold_layer_dispose (GObject *object)
{
  MusterThresholdLayer *self = MUSTER_THRESHOLD_LAYER (object);

  g_array_set_size (self->lines, 0);
  for (unsigned i = 0; i < 3; i++)
    g_clear_pointer (&self->pens[i], gtk_widget_unparent);
  g_clear_weak_pointer (&self->chart);
  G_OBJECT_CLASS (muster_threshold_layer_parent_class)->dispose (object);
}

static void
muster_threshold_layer_finalize (GObject *object)
{
  MusterThresholdLayer *self = MUSTER_THRESHOLD_LAYER (object);

  g_array_unref (self->lines);
  g_array_unref (self->firings);
  g_free (self->unit);
  G_OBJECT_CLASS (muster_threshold_layer_parent_class)->finalize (object);
}

static void
muster_threshold_layer_class_init (MusterThresholdLayerClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_threshold_layer_dispose;
  object_class->finalize = muster_threshold_layer_finalize;
  widget_class->measure = muster_threshold_layer_measure;
  widget_class->size_allocate = muster_threshold_layer_size_allocate;
  widget_class->snapshot = muster_threshold_layer_snapshot;
  widget_class->contains = muster_threshold_layer_contains;
  signals[MOVED] = g_signal_new ("moved", MUSTER_TYPE_THRESHOLD_LAYER, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_DOUBLE);
  gtk_widget_class_set_css_name (widget_class, "thresholds");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
muster_threshold_layer_init (MusterThresholdLayer *self)
{
  static const char *const classes[] = { "info", "warning", "error" };
  GtkGesture              *drag = gtk_gesture_drag_new ();

  self->lines = g_array_new (FALSE, TRUE, sizeof (Line));
  self->firings = g_array_new (FALSE, FALSE, sizeof (MusterFiring));
  g_array_set_clear_func (self->lines, line_clear);
  self->editable = TRUE;
  self->dragged = -1;
  for (unsigned i = 0; i < G_N_ELEMENTS (classes); i++)
    {
      self->pens[i] = g_object_new (GTK_TYPE_BOX, "css-name", "pen", "can-target", FALSE, NULL);
      gtk_widget_add_css_class (self->pens[i], classes[i]);
      gtk_widget_set_parent (self->pens[i], GTK_WIDGET (self));
    }
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "ns-resize");
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (drag), GTK_PHASE_CAPTURE);
  g_signal_connect_object (drag, "drag-begin", G_CALLBACK (muster_threshold_layer_drag_begin_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (drag, "drag-update", G_CALLBACK (muster_threshold_layer_drag_update_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (drag, "drag-end", G_CALLBACK (muster_threshold_layer_drag_end_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
}

GtkWidget *
muster_threshold_layer_new (MusterChart *chart)
{
  MusterThresholdLayer *self = g_object_new (MUSTER_TYPE_THRESHOLD_LAYER, NULL);

  g_return_val_if_fail (MUSTER_IS_CHART (chart), GTK_WIDGET (self));

  g_set_weak_pointer (&self->chart, chart);
  g_signal_connect_object (muster_chart_get_x_axis (chart), "range-changed",
                           G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (muster_chart_get_y_axis (chart), "range-changed",
                           G_CALLBACK (muster_threshold_layer_refresh), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

static void
add_line (MusterThresholdLayer *self, const MusterThreshold *threshold)
{
  Line line = { *threshold, muster_threshold_handle_new (threshold->name, threshold->severity,
                                                         muster_chart_get_y_axis (self->chart)) };

  line.threshold.name = NULL;
  g_signal_connect_object (line.handle, "moved", G_CALLBACK (muster_threshold_layer_moved_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_set_sensitive (line.handle, self->editable);
  gtk_widget_set_parent (line.handle, GTK_WIDGET (self));
  muster_threshold_handle_set_value (MUSTER_THRESHOLD_HANDLE (line.handle), threshold->value,
                                     self->unit);
  g_array_append_val (self->lines, line);
}

static gboolean
are_alike (MusterThresholdLayer *self, const MusterThreshold *thresholds, unsigned n_thresholds)
{
  gboolean alike = self->lines->len == n_thresholds;

  for (unsigned i = 0; alike && i < n_thresholds; i++)
    alike = get_line (self, i)->threshold.severity == thresholds[i].severity;
  return alike;
}

void
muster_threshold_layer_set_thresholds (MusterThresholdLayer  *self,
                                       const MusterThreshold *thresholds,
                                       unsigned               n_thresholds,
                                       const char            *unit)
{
  g_return_if_fail (MUSTER_IS_THRESHOLD_LAYER (self));

  g_set_str (&self->unit, unit);
  if (!are_alike (self, thresholds, n_thresholds))
    {
      g_array_set_size (self->lines, 0);
      for (unsigned i = 0; i < n_thresholds; i++)
        add_line (self, &thresholds[i]);
    }
  for (unsigned i = 0; i < n_thresholds; i++)
    {
      Line *line = get_line (self, i);

      line->threshold.value = thresholds[i].value;
      line->threshold.side = thresholds[i].side;
      muster_threshold_handle_set_value (MUSTER_THRESHOLD_HANDLE (line->handle),
                                         thresholds[i].value, unit);
    }
  if (self->dragged < 0)
    keep_in_sight (self);
  muster_threshold_layer_refresh (self);
}

void
muster_threshold_layer_set_firings (MusterThresholdLayer *self,
                                    const MusterFiring   *firings,
                                    unsigned              n_firings)
{
  g_return_if_fail (MUSTER_IS_THRESHOLD_LAYER (self));

  g_array_set_size (self->firings, 0);
  g_array_append_vals (self->firings, firings, n_firings);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
muster_threshold_layer_set_editable (MusterThresholdLayer *self, gboolean editable)
{
  g_return_if_fail (MUSTER_IS_THRESHOLD_LAYER (self));

  self->editable = editable;
  for (unsigned i = 0; i < self->lines->len; i++)
    gtk_widget_set_sensitive (get_line (self, i)->handle, editable);
}
