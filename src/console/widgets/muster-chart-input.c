/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-chart-input"

#include "config.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "muster-chart-private.h"

#define ZOOM_STEP 1.25
#define PAN_STEP 0.1
#define LEAST_DRAG 8 /* pixels: less is a click that slipped */

/* A chart that follows goes on doing so: the present stays at its right end. */
static void
zoom_by (MusterChart *self, double factor, double fraction)
{
  muster_axis_zoom (self->x_axis, factor, self->following ? 1 : CLAMP (fraction, 0, 1));
}

static void
pan_by (MusterChart *self, double fraction)
{
  muster_chart_set_following (self, FALSE);
  muster_axis_pan (self->x_axis, fraction);
}

static void
muster_chart_motion_cb (MusterChart *self, double x, double y)
{
  double fraction = muster_chart_get_fraction (self, x);

  self->pointer_x = x;
  if (fraction < 0 || fraction > 1 || self->panning)
    muster_chart_set_cursor_time (self, 0);
  else
    muster_chart_set_cursor_time (self, muster_axis_denormalize (self->x_axis, fraction));
}

static void
muster_chart_leave_cb (MusterChart *self)
{
  muster_chart_set_cursor_time (self, 0);
}

static void
muster_chart_click_cb (MusterChart *self, int n_press, double x, double y, GtkGestureClick *gesture)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (n_press != 2)
    return;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  muster_chart_reset (self);
}

static gboolean
is_pan (GtkGesture *gesture)
{
  GdkEvent       *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (gesture));
  GdkModifierType state =
    gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));

  return (state & GDK_SHIFT_MASK) != 0 ||
         gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture)) ==
           GDK_BUTTON_MIDDLE ||
         (event != NULL && gdk_event_get_event_type (event) == GDK_TOUCH_BEGIN);
}

static void
muster_chart_drag_begin_cb (MusterChart *self, double x, double y, GtkGesture *gesture)
{
  unsigned button = gtk_gesture_single_get_current_button (GTK_GESTURE_SINGLE (gesture));

  if (button == GDK_BUTTON_SECONDARY || x < self->plot.origin.x ||
      x > self->plot.origin.x + self->plot.size.width || y < self->plot.origin.y ||
      y > self->bottom)
    {
      gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_DENIED);
      return;
    }
  self->panning = is_pan (gesture);
  self->drag_from = self->drag_to = muster_chart_get_fraction (self, x);
  self->drag_lower = muster_axis_get_lower (self->x_axis);
  self->drag_upper = muster_axis_get_upper (self->x_axis);
}

static void
muster_chart_drag_update_cb (MusterChart *self,
                             double       offset_x,
                             double       offset_y,
                             GtkGesture  *gesture)
{
  double shift = offset_x / MAX (self->plot.size.width, 1);

  if (!self->panning && !self->zooming && fabs (offset_x) < LEAST_DRAG)
    return;
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  if (self->panning)
    {
      double span = self->drag_upper - self->drag_lower;

      muster_chart_set_following (self, FALSE);
      muster_axis_set_range (self->x_axis, self->drag_lower - shift * span,
                             self->drag_upper - shift * span);
      return;
    }
  self->zooming = TRUE;
  self->drag_to = self->drag_from + shift;
  muster_chart_update_readout (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
muster_chart_drag_end_cb (MusterChart *self, double offset_x, double offset_y, GtkGesture *gesture)
{
  gboolean zooming = self->zooming;

  self->panning = FALSE;
  self->zooming = FALSE;
  if (zooming && fabs (offset_x) >= LEAST_DRAG)
    {
      double from = muster_axis_denormalize (self->x_axis, CLAMP (self->drag_from, 0, 1));
      double to = muster_axis_denormalize (self->x_axis, CLAMP (self->drag_to, 0, 1));

      if (self->brushing)
        muster_chart_brushed (self, MIN (from, to), MAX (from, to));
      else
        {
          muster_chart_set_following (self, FALSE);
          muster_axis_set_range (self->x_axis, MIN (from, to), MAX (from, to));
        }
    }
  muster_chart_queue_update (self);
}

static gboolean
muster_chart_scroll_cb (MusterChart *self, double dx, double dy, GtkEventController *controller)
{
  if ((gtk_event_controller_get_current_event_state (controller) & GDK_CONTROL_MASK) != 0)
    {
      zoom_by (self, pow (ZOOM_STEP, dy), muster_chart_get_fraction (self, self->pointer_x));
      return GDK_EVENT_STOP;
    }
  if (fabs (dx) <= fabs (dy))
    return GDK_EVENT_PROPAGATE;
  pan_by (self, dx * PAN_STEP / 2);
  return GDK_EVENT_STOP;
}

static void
muster_chart_pinch_begin_cb (MusterChart *self, GdkEventSequence *sequence, GtkGesture *gesture)
{
  double x, y;

  self->panning = FALSE;
  self->zooming = FALSE;
  self->drag_lower = muster_axis_get_lower (self->x_axis);
  self->drag_upper = muster_axis_get_upper (self->x_axis);
  gtk_gesture_get_bounding_box_center (gesture, &x, &y);
  self->drag_from = CLAMP (muster_chart_get_fraction (self, x), 0, 1);
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
muster_chart_pinch_cb (MusterChart *self, double scale, GtkGesture *gesture)
{
  double fraction = self->following ? 1 : self->drag_from;
  double span = self->drag_upper - self->drag_lower;
  double fixed = self->drag_lower + span * fraction;

  span /= MAX (scale, 0.01);
  muster_axis_set_range (self->x_axis, fixed - span * fraction, fixed + span * (1 - fraction));
}

static void
muster_chart_pan_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  pan_by (MUSTER_CHART (widget), g_variant_get_double (parameter));
}

static void
muster_chart_zoom_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  zoom_by (MUSTER_CHART (widget), g_variant_get_double (parameter), 0.5);
}

static void
muster_chart_cursor_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  muster_chart_step_cursor (MUSTER_CHART (widget), g_variant_get_int32 (parameter));
}

/* Once where the crosshair stands, and again at the other end. */
static void
muster_chart_brush_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterChart *self = MUSTER_CHART (widget);
  gint64       from = self->brush_from;

  if (self->cursor_time == 0)
    return;
  self->brush_from = from == 0 ? self->cursor_time : 0;
  if (from != 0)
    muster_chart_brushed (self, MIN (from, self->cursor_time), MAX (from, self->cursor_time));
  else if (gtk_widget_has_focus (widget))
    gtk_accessible_announce (GTK_ACCESSIBLE (self), _ ("Range begins here; B again ends it"),
                             GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
muster_chart_menu_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  muster_chart_ask_context (MUSTER_CHART (widget));
}

static void
muster_chart_reset_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  muster_chart_reset (MUSTER_CHART (widget));
}

static void
muster_chart_follow_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  muster_chart_set_following (MUSTER_CHART (widget), TRUE);
}

void
muster_chart_class_install_input (GtkWidgetClass *klass)
{
  static const struct
  {
    unsigned        key;
    GdkModifierType modifiers;
    const char     *action;
    double          amount;
  } bindings[] = {
    { GDK_KEY_Left, 0, "chart.pan", -PAN_STEP },
    { GDK_KEY_Right, 0, "chart.pan", PAN_STEP },
    { GDK_KEY_Page_Up, 0, "chart.pan", -0.9 },
    { GDK_KEY_Page_Down, 0, "chart.pan", 0.9 },
    { GDK_KEY_plus, 0, "chart.zoom", 1 / ZOOM_STEP },
    { GDK_KEY_KP_Add, 0, "chart.zoom", 1 / ZOOM_STEP },
    { GDK_KEY_equal, 0, "chart.zoom", 1 / ZOOM_STEP },
    { GDK_KEY_minus, 0, "chart.zoom", ZOOM_STEP },
    { GDK_KEY_KP_Subtract, 0, "chart.zoom", ZOOM_STEP },
  };

  gtk_widget_class_install_action (klass, "chart.pan", "d", muster_chart_pan_action);
  gtk_widget_class_install_action (klass, "chart.zoom", "d", muster_chart_zoom_action);
  gtk_widget_class_install_action (klass, "chart.cursor", "i", muster_chart_cursor_action);
  gtk_widget_class_install_action (klass, "chart.brush", NULL, muster_chart_brush_action);
  gtk_widget_class_install_action (klass, "chart.menu", NULL, muster_chart_menu_action);
  gtk_widget_class_install_action (klass, "chart.reset", NULL, muster_chart_reset_action);
  gtk_widget_class_install_action (klass, "chart.follow", NULL, muster_chart_follow_action);
  for (unsigned i = 0; i < G_N_ELEMENTS (bindings); i++)
    gtk_widget_class_add_binding_action (klass, bindings[i].key, bindings[i].modifiers,
                                         bindings[i].action, "d", bindings[i].amount);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_Left, GDK_SHIFT_MASK, "chart.cursor", "i",
                                       -1);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_Right, GDK_SHIFT_MASK, "chart.cursor", "i",
                                       1);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_Home, 0, "chart.reset", NULL);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_End, 0, "chart.follow", NULL);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_Menu, 0, "chart.menu", NULL);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_F10, GDK_SHIFT_MASK, "chart.menu", NULL);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_b, 0, "chart.brush", NULL);
  /* Whoever has the history fetches the week before, or takes it away. */
  gtk_widget_class_add_binding_action (klass, GDK_KEY_w, 0, "deck.week", NULL);
}

static void
add_controller (MusterChart        *self,
                GtkEventController *controller,
                const char         *signal,
                GCallback           callback)
{
  g_signal_connect_object (controller, signal, callback, self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

void
muster_chart_init_input (MusterChart *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture         *drag = gtk_gesture_drag_new ();
  GtkGesture         *pinch = gtk_gesture_zoom_new ();

  add_controller (self, motion, "motion", G_CALLBACK (muster_chart_motion_cb));
  g_signal_connect_object (motion, "leave", G_CALLBACK (muster_chart_leave_cb), self,
                           G_CONNECT_SWAPPED);
  add_controller (self, GTK_EVENT_CONTROLLER (gtk_gesture_click_new ()), "pressed",
                  G_CALLBACK (muster_chart_click_cb));
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (drag), 0);
  add_controller (self, GTK_EVENT_CONTROLLER (drag), "drag-begin",
                  G_CALLBACK (muster_chart_drag_begin_cb));
  g_signal_connect_object (drag, "drag-update", G_CALLBACK (muster_chart_drag_update_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (drag, "drag-end", G_CALLBACK (muster_chart_drag_end_cb), self,
                           G_CONNECT_SWAPPED);
  add_controller (self, GTK_EVENT_CONTROLLER (pinch), "begin",
                  G_CALLBACK (muster_chart_pinch_begin_cb));
  g_signal_connect_object (pinch, "scale-changed", G_CALLBACK (muster_chart_pinch_cb), self,
                           G_CONNECT_SWAPPED);
  add_controller (self, gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES),
                  "scroll", G_CALLBACK (muster_chart_scroll_cb));
}
