/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-threshold-handle"

#include "config.h"

#include <math.h>

#include "model/muster-device-event.h"
#include "muster-threshold-handle.h"
#include "widgets/muster-format.h"

/* So many places on an axis can be told apart. */
#define PLACES 200.0

struct _MusterThresholdHandle
{
  GtkWidget parent_instance;

  MusterAxis *y_axis; /* (owned) */
  double      value;
  GtkWidget  *label;
};

enum
{
  MOVED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static void muster_threshold_handle_range_init (GtkAccessibleRangeInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (MusterThresholdHandle,
                               muster_threshold_handle,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_ACCESSIBLE_RANGE,
                                                      muster_threshold_handle_range_init))

/* The least step: a power of ten. */
static double
get_step (MusterAxis *y_axis)
{
  return pow (10, floor (log10 (muster_axis_get_span (y_axis) / PLACES)));
}

double
muster_threshold_round (MusterAxis *y_axis, double value)
{
  double step = get_step (y_axis);

  /* Divided by a whole number where it is small, so that 0.1 stays 0.1. */
  return step < 1 ? round (value * round (1 / step)) / round (1 / step)
                  : round (value / step) * step;
}

static gboolean
muster_threshold_handle_set_current_value (GtkAccessibleRange *range, double value)
{
  g_signal_emit (range, signals[MOVED], 0, value);
  return TRUE;
}

static void
muster_threshold_handle_range_init (GtkAccessibleRangeInterface *interface)
{
  interface->set_current_value = muster_threshold_handle_set_current_value;
}

static gboolean
muster_threshold_handle_step_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  MusterThresholdHandle *self = MUSTER_THRESHOLD_HANDLE (widget);
  int                    steps;
  double                 value;

  g_variant_get (arguments, "(i)", &steps);
  value = self->value + steps * get_step (self->y_axis);
  g_signal_emit (self, signals[MOVED], 0, muster_threshold_round (self->y_axis, value));
  return TRUE;
}

static void
muster_threshold_handle_pressed_cb (MusterThresholdHandle *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

static void
muster_threshold_handle_dispose (GObject *object)
{
  MusterThresholdHandle *self = MUSTER_THRESHOLD_HANDLE (object);

  g_clear_pointer (&self->label, gtk_widget_unparent);
  g_clear_object (&self->y_axis);
  G_OBJECT_CLASS (muster_threshold_handle_parent_class)->dispose (object);
}

static void
muster_threshold_handle_class_init (MusterThresholdHandleClass *klass)
{
  static const struct
  {
    unsigned key;
    int      steps;
  } keys[] = { { GDK_KEY_Up, 1 },          { GDK_KEY_Down, -1 },         { GDK_KEY_KP_Up, 1 },
               { GDK_KEY_KP_Down, -1 },    { GDK_KEY_Page_Up, 10 },      { GDK_KEY_Page_Down, -10 },
               { GDK_KEY_KP_Page_Up, 10 }, { GDK_KEY_KP_Page_Down, -10 } };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_threshold_handle_dispose;
  signals[MOVED] = g_signal_new ("moved", MUSTER_TYPE_THRESHOLD_HANDLE, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, G_TYPE_DOUBLE);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "threshold");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_SLIDER);
  for (unsigned i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding (widget_class, keys[i].key, 0, muster_threshold_handle_step_cb,
                                  "(i)", keys[i].steps);
}

static void
muster_threshold_handle_init (MusterThresholdHandle *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  self->label = gtk_label_new (NULL);
  gtk_widget_set_parent (self->label, GTK_WIDGET (self));
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "ns-resize");
  g_signal_connect_object (click, "pressed", G_CALLBACK (muster_threshold_handle_pressed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

GtkWidget *
muster_threshold_handle_new (const char *name, int severity, MusterAxis *y_axis)
{
  MusterThresholdHandle *self = g_object_new (MUSTER_TYPE_THRESHOLD_HANDLE, NULL);

  self->y_axis = g_object_ref (y_axis);
  gtk_widget_add_css_class (GTK_WIDGET (self),
                            muster_enum_get_nick (&muster_severity_enum, severity));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  return GTK_WIDGET (self);
}

double
muster_threshold_handle_get_value (MusterThresholdHandle *self)
{
  g_return_val_if_fail (MUSTER_IS_THRESHOLD_HANDLE (self), NAN);

  return self->value;
}

void
muster_threshold_handle_set_value (MusterThresholdHandle *self, double value, const char *unit)
{
  g_autofree char *number = muster_format_number (value);
  g_autofree char *text =
    unit != NULL ? g_strdup_printf ("%s %s", number, unit) : g_steal_pointer (&number);

  g_return_if_fail (MUSTER_IS_THRESHOLD_HANDLE (self));

  self->value = value;
  gtk_label_set_label (GTK_LABEL (self->label), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_VALUE_MIN,
                                  -G_MAXFLOAT, GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, G_MAXFLOAT,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, value,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text, -1);
}
