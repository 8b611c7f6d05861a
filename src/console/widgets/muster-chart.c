/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-chart"

#include "config.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "muster-chart-private.h"

#define DESCRIPTION_INTERVAL (3 * G_USEC_PER_SEC)
#define MINIMUM_WIDTH 160
#define MINIMUM_HEIGHT 90 /* of the plot, unless it is set */
#define NATURAL_WIDTH 480
#define NATURAL_HEIGHT 190
#define EMPTY_HEIGHT 60
#define MARGIN 6

G_DEFINE_FINAL_TYPE (MusterChart, muster_chart, GTK_TYPE_WIDGET)

typedef enum
{
  PROP_FOLLOWING = 1,
  PROP_CURSOR_TIME,
  PROP_X_AXIS,
} MusterChartProperty;

enum
{
  BRUSHED,
  CONTEXT,
  N_SIGNALS,
};

static GParamSpec *properties[PROP_X_AXIS + 1];
static unsigned    signals[N_SIGNALS];

static void muster_chart_schedule_follow (MusterChart *self);

static void
append_description (MusterChart *self, MusterSeries *series, GString *text)
{
  const MusterPoint *last = muster_series_peek_last (series);
  double             low, high;
  g_autofree char   *last_text = NULL, *low_text = NULL, *high_text = NULL;

  if (last == NULL || isnan (last->value))
    return;
  last_text = muster_chart_format_value (self, series, last->value);
  if (text->len > 0)
    g_string_append (text, "; ");
  if (muster_series_get_state (series, last->value) != NULL)
    {
      /* Translators: a series of states for the screen reader: name, last state. */
      g_string_append_printf (text, _ ("%s: last %s"), muster_series_get_name (series), last_text);
      return;
    }
  if (!muster_series_get_extent (series, muster_axis_get_lower (self->x_axis),
                                 muster_axis_get_upper (self->x_axis), &low, &high))
    return;
  low_text = muster_axis_format (muster_chart_find_axis (self, series), low);
  high_text = muster_axis_format (muster_chart_find_axis (self, series), high);
  /* Translators: a series of a chart for the screen reader: name, last value with its unit, least
   * and greatest value. */
  g_string_append_printf (text, _ ("%s: last %s, between %s and %s"),
                          muster_series_get_name (series), last_text, low_text, high_text);
}

/* Not with every sample: a screen reader should not be flooded. */
static void
update_description (MusterChart *self)
{
  g_autoptr (GString) text = NULL;
  gint64 now = g_get_monotonic_time ();

  /* What the crosshair reads out stays until it goes elsewhere. */
  if (self->spoken || (self->described_at != 0 && now - self->described_at < DESCRIPTION_INTERVAL))
    return;
  self->described_at = now;
  text = g_string_new (NULL);
  for (unsigned i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->series)); i++)
    {
      g_autoptr (MusterSeries) series = g_list_model_get_item (G_LIST_MODEL (self->series), i);

      append_description (self, series, text);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text->len > 0 ? text->str
                                                : gtk_label_get_text (GTK_LABEL (self->empty)),
                                  -1);
}

/* The present; a source whose clock is ahead of ours is not cut off. */
static double
get_now (MusterChart *self)
{
  gint64 now = g_get_real_time ();

  for (unsigned i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->series)); i++)
    {
      g_autoptr (MusterSeries) series = g_list_model_get_item (G_LIST_MODEL (self->series), i);
      const MusterPoint *last = muster_series_peek_last (series);

      if (last != NULL && last->time > now && last->time < now + G_USEC_PER_SEC * 60)
        now = last->time;
    }
  return now;
}

static gboolean
muster_chart_update_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  MusterChart *self = MUSTER_CHART (widget);
  gboolean     any;

  self->update_id = 0;
  if (self->following)
    {
      double now = get_now (self);

      muster_axis_set_range (self->x_axis, now - muster_axis_get_span (self->x_axis), now);
    }
  muster_chart_assign_scales (self);
  any = muster_chart_fit_scales (self);
  gtk_widget_set_child_visible (self->empty, !any);
  if (muster_lane_layer_get_height (MUSTER_LANE_LAYER (self->lanes)) != self->lanes_height)
    gtk_widget_queue_resize (widget);
  muster_chart_update_ticks (self);
  muster_chart_legend_update (self);
  muster_chart_update_readout (self);
  update_description (self);
  gtk_widget_queue_draw (widget);
  return G_SOURCE_REMOVE;
}

void
muster_chart_queue_update (MusterChart *self)
{
  if (self->update_id == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->update_id =
      gtk_widget_add_tick_callback (GTK_WIDGET (self), muster_chart_update_cb, NULL, NULL);
}

static void
muster_chart_follow_cb (gpointer user_data)
{
  MusterChart *self = user_data;

  self->follow_id = 0;
  muster_chart_queue_update (self);
  muster_chart_schedule_follow (self);
}

/* Wakes up again when the present has moved by a pixel: an idle chart of a day costs next to
 * nothing. */
static void
muster_chart_schedule_follow (MusterChart *self)
{
  double usec_a_pixel = muster_axis_get_span (self->x_axis) / MAX (self->plot.size.width, 1);

  if (self->follow_id != 0 || !self->following || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  self->follow_id =
    g_timeout_add_once (CLAMP (usec_a_pixel / 1000, 16, 1000), muster_chart_follow_cb, self);
}

double
muster_chart_get_fraction (MusterChart *self, double x)
{
  return (x - self->plot.origin.x) / MAX (self->plot.size.width, 1);
}

static void
muster_chart_measure (GtkWidget     *widget,
                      GtkOrientation orientation,
                      int            for_size,
                      int           *minimum,
                      int           *natural,
                      int           *minimum_baseline,
                      int           *natural_baseline)
{
  MusterChart *self = MUSTER_CHART (widget);
  int          legend_minimum, legend_natural;

  gtk_widget_measure (self->legend, orientation, for_size, &legend_minimum, &legend_natural, NULL,
                      NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = MAX (MINIMUM_WIDTH, legend_minimum);
      *natural = MAX (NATURAL_WIDTH, *minimum);
    }
  else
    {
      int lanes = muster_lane_layer_get_height (MUSTER_LANE_LAYER (self->lanes));
      int rest = legend_natural + lanes + muster_chart_measure_tick_height (self) * 2 + MARGIN;
      /* A chart with nothing in it says so where its plot would be. */
      gboolean plot = self->has_plot || lanes == 0;

      *minimum = rest + (plot ? self->plot_height : 0);
      *natural = rest + (plot ? MAX (NATURAL_HEIGHT, self->plot_height) : 0);
    }
  *minimum_baseline = *natural_baseline = -1;
}

static void
allocate_at (GtkWidget *child, const graphene_rect_t *place)
{
  gtk_widget_size_allocate (child,
                            &(GtkAllocation){ place->origin.x, place->origin.y, place->size.width,
                                              place->size.height },
                            -1);
}

/* The plot takes what legend, lanes and the labels of the ticks leave. */
static void
place_plot (MusterChart *self, int width, int height, int legend_height)
{
  int tick_height = muster_chart_measure_tick_height (self);

  self->lanes_height = muster_lane_layer_get_height (MUSTER_LANE_LAYER (self->lanes));
  graphene_rect_init (&self->plot, self->gutter + MARGIN, legend_height + tick_height / 2.0f,
                      MAX (1, width - self->gutter - self->end_gutter - MARGIN - 2),
                      height - legend_height - tick_height * 1.5f - MARGIN - self->lanes_height);
  self->plot.origin.y = roundf (self->plot.origin.y);
  self->bottom = self->plot.origin.y + roundf (self->plot.size.height) + self->lanes_height;
  self->plot.size.height =
    self->has_plot || self->lanes_height == 0 ? MAX (1, roundf (self->plot.size.height)) : 0;
}

static void
allocate_layers (MusterChart *self)
{
  graphene_rect_t lanes = self->plot;

  lanes.origin.y = self->bottom - self->lanes_height;
  lanes.size.height = self->lanes_height;
  gtk_widget_set_child_visible (self->layer, self->plot.size.height > 0);
  gtk_widget_set_child_visible (self->lanes, self->lanes_height > 0);
  if (self->plot.size.height > 0)
    allocate_at (self->layer, &self->plot);
  if (self->lanes_height > 0)
    allocate_at (self->lanes, &lanes);
}

static void
muster_chart_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  graphene_rect_t before = MUSTER_CHART (widget)->plot;
  MusterChart    *self = MUSTER_CHART (widget);
  int             legend_height = 0;

  if (gtk_widget_should_layout (self->legend))
    {
      gtk_widget_measure (self->legend, GTK_ORIENTATION_VERTICAL, width, NULL, &legend_height, NULL,
                          NULL);
      gtk_widget_size_allocate (self->legend, &(GtkAllocation){ 0, 0, width, legend_height }, -1);
    }
  place_plot (self, width, height, legend_height);
  allocate_layers (self);
  if (gtk_widget_should_layout (self->empty))
    {
      graphene_rect_t place = self->plot;

      place.size.height = MAX (self->bottom - self->plot.origin.y, EMPTY_HEIGHT);
      allocate_at (self->empty, &place);
    }
  if (gtk_widget_should_layout (self->readout))
    muster_chart_allocate_readout (self);
  /* Other ticks may need another gutter, and that is not asked for from within an allocation. */
  if (!graphene_rect_equal (&before, &self->plot))
    muster_chart_queue_update (self);
}

static void
muster_chart_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  MusterChart *self = MUSTER_CHART (widget);

  muster_chart_snapshot_grid (self, snapshot);
  muster_chart_snapshot_excluded (self, snapshot);
  gtk_widget_snapshot_child (widget, self->legend, snapshot);
  gtk_widget_snapshot_child (widget, self->layer, snapshot);
  gtk_widget_snapshot_child (widget, self->lanes, snapshot);
  muster_chart_snapshot_marks (self, snapshot);
  gtk_widget_snapshot_child (widget, self->empty, snapshot);
  muster_chart_snapshot_cursor (self, snapshot);
  gtk_widget_snapshot_child (widget, self->readout, snapshot);
}

static void
muster_chart_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (muster_chart_parent_class)->map (widget);
  muster_chart_queue_update (MUSTER_CHART (widget));
  muster_chart_schedule_follow (MUSTER_CHART (widget));
}

static void
muster_chart_unmap (GtkWidget *widget)
{
  MusterChart *self = MUSTER_CHART (widget);

  g_clear_handle_id (&self->follow_id, g_source_remove);
  if (self->update_id != 0)
    gtk_widget_remove_tick_callback (widget, self->update_id);
  self->update_id = 0;
  GTK_WIDGET_CLASS (muster_chart_parent_class)->unmap (widget);
}

static void
muster_chart_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (muster_chart_parent_class)->css_changed (widget, change);
  muster_chart_queue_update (MUSTER_CHART (widget));
}

static void
muster_chart_dispose (GObject *object)
{
  MusterChart *self = MUSTER_CHART (object);
  GtkWidget   *child;

  g_clear_handle_id (&self->follow_id, g_source_remove);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->series);
  g_clear_object (&self->marks);
  g_clear_pointer (&self->kept, g_array_unref);
  g_clear_object (&self->x_axis);
  g_clear_object (&self->y_axis);
  g_clear_pointer (&self->x_ticks, g_array_unref);
  g_clear_pointer (&self->scales, g_ptr_array_unref);
  G_OBJECT_CLASS (muster_chart_parent_class)->dispose (object);
}

static void
muster_chart_constructed (GObject *object)
{
  MusterChart *self = MUSTER_CHART (object);

  G_OBJECT_CLASS (muster_chart_parent_class)->constructed (object);
  if (self->x_axis == NULL)
    self->x_axis = muster_axis_new (MUSTER_AXIS_TIME);
  self->layer = muster_trace_layer_new (self->x_axis, self->y_axis);
  gtk_widget_insert_after (self->layer, GTK_WIDGET (self), NULL);
  self->lanes = muster_lane_layer_new (self->x_axis);
  gtk_widget_insert_after (self->lanes, GTK_WIDGET (self), self->layer);
  g_signal_connect_object (self->x_axis, "range-changed", G_CALLBACK (muster_chart_queue_update),
                           self, G_CONNECT_SWAPPED);
}

static void
muster_chart_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  MusterChart *self = MUSTER_CHART (object);

  switch ((MusterChartProperty)prop_id)
    {
    case PROP_FOLLOWING:
      g_value_set_boolean (value, self->following);
      break;
    case PROP_CURSOR_TIME:
      g_value_set_int64 (value, self->cursor_time);
      break;
    case PROP_X_AXIS:
      g_value_set_object (value, self->x_axis);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_chart_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  MusterChart *self = MUSTER_CHART (object);

  switch ((MusterChartProperty)prop_id)
    {
    case PROP_FOLLOWING:
      muster_chart_set_following (self, g_value_get_boolean (value));
      break;
    case PROP_CURSOR_TIME:
      muster_chart_set_cursor_time (self, g_value_get_int64 (value));
      break;
    case PROP_X_AXIS:
      self->x_axis = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_chart_class_init (MusterChartClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = muster_chart_constructed;
  object_class->dispose = muster_chart_dispose;
  object_class->get_property = muster_chart_get_property;
  object_class->set_property = muster_chart_set_property;
  widget_class->measure = muster_chart_measure;
  widget_class->size_allocate = muster_chart_size_allocate;
  widget_class->snapshot = muster_chart_snapshot;
  widget_class->map = muster_chart_map;
  widget_class->unmap = muster_chart_unmap;
  widget_class->css_changed = muster_chart_css_changed;

  properties[PROP_FOLLOWING] =
    g_param_spec_boolean ("following", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_CURSOR_TIME] =
    g_param_spec_int64 ("cursor-time", NULL, NULL, 0, G_MAXINT64, 0,
                        G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_X_AXIS] =
    g_param_spec_object ("x-axis", NULL, NULL, MUSTER_TYPE_AXIS,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);

  signals[BRUSHED] = g_signal_new ("brushed", MUSTER_TYPE_CHART, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_INT64);
  signals[CONTEXT] =
    g_signal_new ("context", MUSTER_TYPE_CHART, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                  4, MUSTER_TYPE_SERIES, G_TYPE_INT64, G_TYPE_DOUBLE, GDK_TYPE_RECTANGLE);
  gtk_widget_class_set_css_name (widget_class, "chart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  muster_chart_class_install_input (widget_class);
}

static GtkWidget *
add_pen (MusterChart *self, const char *name)
{
  GtkWidget *pen = muster_pen_new (name, NULL);

  gtk_widget_set_child_visible (pen, FALSE);
  gtk_widget_insert_before (pen, GTK_WIDGET (self), NULL);
  g_signal_connect_object (pen, "changed", G_CALLBACK (gtk_widget_queue_draw), self,
                           G_CONNECT_SWAPPED);
  return pen;
}

static void
muster_chart_init (MusterChart *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  self->y_axis = muster_axis_new (MUSTER_AXIS_NUMBER);
  muster_chart_init_scales (self);
  self->series = g_list_store_new (MUSTER_TYPE_SERIES);
  self->plot_height = MINIMUM_HEIGHT;
  self->kept = g_array_new (FALSE, FALSE, sizeof (double));
  self->grid_pen = add_pen (self, "grid");
  self->axis_pen = add_pen (self, "axis");
  self->crosshair_pen = add_pen (self, "crosshair");
  self->zoom_pen = add_pen (self, "zoom");
  muster_chart_init_marks (self);
  self->empty = g_object_new (GTK_TYPE_LABEL, "label", _ ("No values in this time"), "wrap", TRUE,
                              "justify", GTK_JUSTIFY_CENTER, NULL);
  gtk_widget_add_css_class (self->empty, "chart-empty");
  gtk_widget_insert_before (self->empty, widget, NULL);
  self->legend = muster_chart_legend_new (self);
  gtk_widget_insert_before (self->legend, widget, NULL);
  self->readout = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (self->readout, "chart-readout");
  gtk_widget_set_can_target (self->readout, FALSE);
  gtk_widget_set_child_visible (self->readout, FALSE);
  self->readout_label = gtk_label_new (NULL);
  gtk_box_append (GTK_BOX (self->readout), self->readout_label);
  gtk_widget_insert_before (self->readout, widget, NULL);
  gtk_widget_set_focusable (widget, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Chart"),
                                  -1);
  muster_chart_init_input (self);
  muster_chart_init_context (self);
}

GtkWidget *
muster_chart_new (MusterAxis *x_axis)
{
  return g_object_new (MUSTER_TYPE_CHART, "x-axis", x_axis, NULL);
}

MusterAxis *
muster_chart_get_x_axis (MusterChart *self)
{
  g_return_val_if_fail (MUSTER_IS_CHART (self), NULL);

  return self->x_axis;
}

MusterAxis *
muster_chart_get_y_axis (MusterChart *self)
{
  g_return_val_if_fail (MUSTER_IS_CHART (self), NULL);

  return self->y_axis;
}

void
muster_chart_add_series (MusterChart *self, MusterSeries *series)
{
  muster_chart_add_series_in_colour (self, series, -1);
}

void
muster_chart_add_series_in_colour (MusterChart *self, MusterSeries *series, int colour)
{
  MusterPen *pen;

  g_return_if_fail (MUSTER_IS_CHART (self));
  g_return_if_fail (MUSTER_IS_SERIES (series));

  pen = muster_chart_legend_add (self, series, colour);
  g_list_store_append (self->series, series);
  muster_trace_layer_add (MUSTER_TRACE_LAYER (self->layer), series, pen);
  muster_lane_layer_add (MUSTER_LANE_LAYER (self->lanes), series, pen);
  muster_chart_assign_scales (self);
  g_signal_connect_object (series, "changed", G_CALLBACK (muster_chart_queue_update), self,
                           G_CONNECT_SWAPPED);
  self->described_at = 0;
  gtk_widget_queue_resize (GTK_WIDGET (self));
  muster_chart_queue_update (self);
}

void
muster_chart_remove_series (MusterChart *self, MusterSeries *series)
{
  unsigned position;

  g_return_if_fail (MUSTER_IS_CHART (self));
  g_return_if_fail (g_list_store_find (self->series, series, &position));

  g_signal_handlers_disconnect_by_data (series, self);
  muster_trace_layer_remove (MUSTER_TRACE_LAYER (self->layer), series);
  muster_lane_layer_remove (MUSTER_LANE_LAYER (self->lanes), series);
  muster_chart_legend_remove (self, series);
  g_list_store_remove (self->series, position);
  muster_chart_assign_scales (self);
  self->described_at = 0;
  gtk_widget_queue_resize (GTK_WIDGET (self));
  muster_chart_queue_update (self);
}

void
muster_chart_remove_all (MusterChart *self)
{
  g_return_if_fail (MUSTER_IS_CHART (self));

  while (g_list_model_get_n_items (G_LIST_MODEL (self->series)) > 0)
    {
      g_autoptr (MusterSeries) series = g_list_model_get_item (G_LIST_MODEL (self->series), 0);

      muster_chart_remove_series (self, series);
    }
}

GListModel *
muster_chart_get_series (MusterChart *self)
{
  g_return_val_if_fail (MUSTER_IS_CHART (self), NULL);

  return G_LIST_MODEL (self->series);
}

void
muster_chart_set_series_visible (MusterChart *self, MusterSeries *series, gboolean visible)
{
  g_return_if_fail (MUSTER_IS_CHART (self));

  muster_trace_layer_set_visible (MUSTER_TRACE_LAYER (self->layer), series, visible);
  muster_lane_layer_set_visible (MUSTER_LANE_LAYER (self->lanes), series, visible);
  muster_chart_legend_set_shown (self, series, visible);
  muster_chart_queue_update (self);
}

gboolean
muster_chart_is_series_visible (MusterChart *self, MusterSeries *series)
{
  g_return_val_if_fail (MUSTER_IS_CHART (self), FALSE);

  return muster_trace_layer_get_visible (MUSTER_TRACE_LAYER (self->layer), series);
}

void
muster_chart_follow (MusterChart *self, gint64 span)
{
  double now;

  g_return_if_fail (MUSTER_IS_CHART (self));
  g_return_if_fail (span > 0);

  self->home_span = span;
  now = get_now (self);
  muster_axis_set_range (self->x_axis, now - span, now);
  muster_chart_set_following (self, TRUE);
}

void
muster_chart_set_home_span (MusterChart *self, gint64 span)
{
  g_return_if_fail (MUSTER_IS_CHART (self));

  self->home_span = span;
}

void
muster_chart_show_range (MusterChart *self, gint64 from, gint64 to)
{
  g_return_if_fail (MUSTER_IS_CHART (self));

  muster_chart_set_following (self, FALSE);
  muster_axis_set_range (self->x_axis, from, to);
}

void
muster_chart_reset (MusterChart *self)
{
  g_return_if_fail (MUSTER_IS_CHART (self));

  if (self->home_span > 0)
    muster_chart_follow (self, self->home_span);
}

gboolean
muster_chart_get_following (MusterChart *self)
{
  g_return_val_if_fail (MUSTER_IS_CHART (self), FALSE);

  return self->following;
}

void
muster_chart_set_following (MusterChart *self, gboolean following)
{
  g_return_if_fail (MUSTER_IS_CHART (self));

  following = !!following;
  if (self->following == following)
    return;
  self->following = following;
  g_clear_handle_id (&self->follow_id, g_source_remove);
  muster_chart_schedule_follow (self);
  muster_chart_queue_update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOLLOWING]);
}

gint64
muster_chart_get_cursor_time (MusterChart *self)
{
  g_return_val_if_fail (MUSTER_IS_CHART (self), 0);

  return self->cursor_time;
}

void
muster_chart_set_cursor_time (MusterChart *self, gint64 time)
{
  g_return_if_fail (MUSTER_IS_CHART (self));

  if (self->cursor_time == time)
    return;
  self->cursor_time = time;
  if (self->spoken && !self->announce)
    self->described_at = 0;
  self->spoken = self->announce;
  muster_chart_update_readout (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CURSOR_TIME]);
}

void
muster_chart_keep_in_sight (MusterChart *self, const double *values, unsigned n_values)
{
  g_return_if_fail (MUSTER_IS_CHART (self));

  g_array_set_size (self->kept, 0);
  g_array_append_vals (self->kept, values, n_values);
  muster_chart_queue_update (self);
}

void
muster_chart_get_plot (MusterChart *self, graphene_rect_t *plot)
{
  g_return_if_fail (MUSTER_IS_CHART (self));

  *plot = self->plot;
}

void
muster_chart_set_brushing (MusterChart *self, gboolean brushing)
{
  g_return_if_fail (MUSTER_IS_CHART (self));

  self->brushing = !!brushing;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), brushing ? "crosshair" : NULL);
}

void
muster_chart_brushed (MusterChart *self, gint64 from, gint64 to)
{
  g_signal_emit (self, signals[BRUSHED], 0, from, to);
}

void
muster_chart_context (MusterChart        *self,
                      MusterSeries       *series,
                      gint64              time,
                      double              value,
                      const GdkRectangle *place)
{
  g_signal_emit (self, signals[CONTEXT], 0, series, time, value, place);
}

void
muster_chart_set_line_width (MusterChart *self, double width)
{
  g_return_if_fail (MUSTER_IS_CHART (self));

  muster_trace_layer_set_line_width (MUSTER_TRACE_LAYER (self->layer), width);
}

void
muster_chart_set_plot_height (MusterChart *self, int height)
{
  g_return_if_fail (MUSTER_IS_CHART (self));
  g_return_if_fail (height > 0);

  if (self->plot_height == height)
    return;
  self->plot_height = height;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
muster_chart_set_empty_text (MusterChart *self, const char *text)
{
  g_return_if_fail (MUSTER_IS_CHART (self));

  gtk_label_set_label (GTK_LABEL (self->empty), text);
}
