/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sparkline"

#include "config.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "muster-sparkline.h"
#include "muster-trace-layer.h"

#define DEFAULT_SPAN (10 * 60 * G_USEC_PER_SEC)
#define LEAST_SPAN G_USEC_PER_SEC
#define FILL 0.16
/* To putting it into words: a row that is scrolled by is not read. */
#define WORDS_MSEC 300

struct _MusterSparkline
{
  GtkWidget parent_instance;

  MusterSeries *series; /* (owned) (nullable) */
  MusterAxis   *x_axis; /* (owned) */
  MusterAxis   *y_axis; /* (owned) */
  GtkWidget    *layer;
  GtkWidget    *pen;
  gint64        span;
  unsigned      update_id; /* tick callback */
  unsigned      words_id;  /* timeout */
};

G_DEFINE_FINAL_TYPE (MusterSparkline, muster_sparkline, GTK_TYPE_WIDGET)

typedef enum
{
  PROP_SERIES = 1,
} MusterSparklineProperty;

static GParamSpec *properties[PROP_SERIES + 1];

static void
muster_sparkline_describe_cb (gpointer user_data)
{
  MusterSparkline   *self = user_data;
  const MusterPoint *last = self->series != NULL ? muster_series_peek_last (self->series) : NULL;
  g_autofree char   *value = NULL, *least = NULL, *greatest = NULL, *text = NULL;
  double             low, high;

  self->words_id = 0;
  if (last == NULL || isnan (last->value) ||
      !muster_series_get_extent (self->series, muster_axis_get_lower (self->x_axis),
                                 muster_axis_get_upper (self->x_axis), &low, &high))
    return;
  value = muster_axis_format (self->y_axis, last->value);
  least = muster_axis_format (self->y_axis, low);
  greatest = muster_axis_format (self->y_axis, high);
  text = g_strdup_printf (_ ("last %s, between %s and %s"), value, least, greatest);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
}

/* A short course takes all the room rather than a corner of it. */
static void
fit_time (MusterSparkline *self)
{
  unsigned           n_points;
  const MusterPoint *points = muster_series_peek (self->series, &n_points);
  gint64             to = points[n_points - 1].time;

  if (muster_series_is_current (self->series))
    to = MAX (to, g_get_real_time ());
  muster_axis_set_range (self->x_axis, MAX (to - self->span, MIN (points[0].time, to - LEAST_SPAN)),
                         to);
}

static gboolean
muster_sparkline_update_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  MusterSparkline   *self = MUSTER_SPARKLINE (widget);
  const MusterPoint *last = self->series != NULL ? muster_series_peek_last (self->series) : NULL;
  double             low, high;

  self->update_id = 0;
  if (last == NULL)
    return G_SOURCE_REMOVE;
  fit_time (self);
  if (muster_series_get_extent (self->series, muster_axis_get_lower (self->x_axis),
                                muster_axis_get_upper (self->x_axis), &low, &high))
    muster_axis_fit (self->y_axis, low, high);
  if (self->words_id == 0)
    self->words_id = g_timeout_add_once (WORDS_MSEC, muster_sparkline_describe_cb, self);
  return G_SOURCE_REMOVE;
}

static void
muster_sparkline_queue_update (MusterSparkline *self)
{
  if (self->update_id == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->update_id =
      gtk_widget_add_tick_callback (GTK_WIDGET (self), muster_sparkline_update_cb, NULL, NULL);
}

static void
muster_sparkline_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (muster_sparkline_parent_class)->map (widget);
  muster_sparkline_queue_update (MUSTER_SPARKLINE (widget));
}

static void
muster_sparkline_unmap (GtkWidget *widget)
{
  MusterSparkline *self = MUSTER_SPARKLINE (widget);

  if (self->update_id != 0)
    gtk_widget_remove_tick_callback (widget, self->update_id);
  self->update_id = 0;
  g_clear_handle_id (&self->words_id, g_source_remove);
  GTK_WIDGET_CLASS (muster_sparkline_parent_class)->unmap (widget);
}

static void
muster_sparkline_measure (GtkWidget     *widget,
                          GtkOrientation orientation,
                          int            for_size,
                          int           *minimum,
                          int           *natural,
                          int           *minimum_baseline,
                          int           *natural_baseline)
{
  *minimum = *natural = 16;
  *minimum_baseline = *natural_baseline = -1;
}

static void
muster_sparkline_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  gtk_widget_size_allocate (MUSTER_SPARKLINE (widget)->layer,
                            &(GtkAllocation){ 0, 0, width, height }, -1);
}

static void
muster_sparkline_dispose (GObject *object)
{
  MusterSparkline *self = MUSTER_SPARKLINE (object);

  muster_sparkline_set_series (self, NULL);
  g_clear_handle_id (&self->words_id, g_source_remove);
  g_clear_pointer (&self->layer, gtk_widget_unparent);
  g_clear_pointer (&self->pen, gtk_widget_unparent);
  g_clear_object (&self->x_axis);
  g_clear_object (&self->y_axis);
  G_OBJECT_CLASS (muster_sparkline_parent_class)->dispose (object);
}

static void
muster_sparkline_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch ((MusterSparklineProperty)prop_id)
    {
    case PROP_SERIES:
      g_value_set_object (value, MUSTER_SPARKLINE (object)->series);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_sparkline_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  switch ((MusterSparklineProperty)prop_id)
    {
    case PROP_SERIES:
      muster_sparkline_set_series (MUSTER_SPARKLINE (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_sparkline_class_init (MusterSparklineClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_sparkline_dispose;
  object_class->get_property = muster_sparkline_get_property;
  object_class->set_property = muster_sparkline_set_property;
  widget_class->map = muster_sparkline_map;
  widget_class->unmap = muster_sparkline_unmap;
  widget_class->measure = muster_sparkline_measure;
  widget_class->size_allocate = muster_sparkline_size_allocate;
  properties[PROP_SERIES] =
    g_param_spec_object ("series", NULL, NULL, MUSTER_TYPE_SERIES,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
  gtk_widget_class_set_css_name (widget_class, "sparkline");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
muster_sparkline_init (MusterSparkline *self)
{
  self->span = DEFAULT_SPAN;
  self->x_axis = muster_axis_new (MUSTER_AXIS_TIME);
  self->y_axis = muster_axis_new (MUSTER_AXIS_NUMBER);
  self->layer = muster_trace_layer_new (self->x_axis, self->y_axis);
  muster_trace_layer_set_fill (MUSTER_TRACE_LAYER (self->layer), FILL);
  gtk_widget_set_parent (self->layer, GTK_WIDGET (self));
  self->pen = muster_pen_new ("line", NULL);
  gtk_widget_set_child_visible (self->pen, FALSE);
  gtk_widget_set_parent (self->pen, GTK_WIDGET (self));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Course"), -1);
}

GtkWidget *
muster_sparkline_new (void)
{
  return g_object_new (MUSTER_TYPE_SPARKLINE, NULL);
}

MusterSeries *
muster_sparkline_get_series (MusterSparkline *self)
{
  g_return_val_if_fail (MUSTER_IS_SPARKLINE (self), NULL);

  return self->series;
}

void
muster_sparkline_set_series (MusterSparkline *self, MusterSeries *series)
{
  g_return_if_fail (MUSTER_IS_SPARKLINE (self));
  g_return_if_fail (series == NULL || MUSTER_IS_SERIES (series));

  if (self->series == series)
    return;
  if (self->series != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->series, self);
      muster_trace_layer_remove (MUSTER_TRACE_LAYER (self->layer), self->series);
    }
  g_set_object (&self->series, series);
  g_clear_handle_id (&self->words_id, g_source_remove);
  if (series != NULL)
    {
      muster_trace_layer_add (MUSTER_TRACE_LAYER (self->layer), series, MUSTER_PEN (self->pen));
      g_signal_connect_object (series, "changed", G_CALLBACK (muster_sparkline_queue_update), self,
                               G_CONNECT_SWAPPED);
      muster_sparkline_queue_update (self);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SERIES]);
}

void
muster_sparkline_set_span (MusterSparkline *self, gint64 span)
{
  g_return_if_fail (MUSTER_IS_SPARKLINE (self));
  g_return_if_fail (span > 0);

  if (self->span == span)
    return;
  self->span = span;
  muster_sparkline_queue_update (self);
}
