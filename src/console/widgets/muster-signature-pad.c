/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-signature-pad"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-signature-pad.h"

#define RATIO 3
#define MINIMUM_WIDTH 180
#define NATURAL_WIDTH 420
/* Of the ink, in parts of the height. */
#define PEN_WIDTH 0.018

struct _MusterSignaturePad
{
  GtkWidget parent_instance;

  MusterStrokes *strokes; /* (owned) */
  GskPath       *path;    /* (owned) (nullable) of the strokes at the size of the last drawing */
  int            path_width;
  GtkGesture    *drag; /* owned by the widget */
  gboolean       read_only;
};

G_DEFINE_FINAL_TYPE (MusterSignaturePad, muster_signature_pad, GTK_TYPE_WIDGET)

enum
{
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static void
changed (MusterSignaturePad *self)
{
  gboolean empty = muster_strokes_is_empty (self->strokes);

  g_clear_pointer (&self->path, gsk_path_unref);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  empty ? _ ("Nothing drawn") : _ ("Signed"), -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
muster_signature_pad_begin_cb (MusterSignaturePad *self, double x, double y)
{
  muster_strokes_begin (self->strokes, x, y, gtk_widget_get_width (GTK_WIDGET (self)),
                        gtk_widget_get_height (GTK_WIDGET (self)));
  gtk_gesture_set_state (self->drag, GTK_EVENT_SEQUENCE_CLAIMED);
  changed (self);
}

static void
muster_signature_pad_update_cb (MusterSignaturePad *self, double offset_x, double offset_y)
{
  double x, y;

  if (gtk_gesture_drag_get_start_point (GTK_GESTURE_DRAG (self->drag), &x, &y) &&
      muster_strokes_extend (self->strokes, x + offset_x, y + offset_y,
                             gtk_widget_get_width (GTK_WIDGET (self)),
                             gtk_widget_get_height (GTK_WIDGET (self))))
    changed (self);
}

/* A curve through the middles of the points, which bends at the points: smooth without inventing
 * anything. */
static void
add_stroke (GskPathBuilder          *builder,
            const MusterStrokePoint *points,
            unsigned                 n_points,
            int                      width,
            int                      height)
{
  gsk_path_builder_move_to (builder, points[0].x * width, points[0].y * height);
  for (unsigned i = 1; i + 1 < n_points; i++)
    gsk_path_builder_quad_to (builder, points[i].x * width, points[i].y * height,
                              (points[i].x + points[i + 1].x) / 2 * width,
                              (points[i].y + points[i + 1].y) / 2 * height);
  /* A dot is a line to itself, as round as the pen. */
  gsk_path_builder_line_to (builder, points[n_points - 1].x * width + (n_points == 1 ? 0.1 : 0),
                            points[n_points - 1].y * height);
}

static GskPath *
ensure_path (MusterSignaturePad *self, int width, int height)
{
  GskPathBuilder *builder;

  if (self->path != NULL && self->path_width == width)
    return self->path;
  g_clear_pointer (&self->path, gsk_path_unref);
  builder = gsk_path_builder_new ();
  for (unsigned i = 0; i < muster_strokes_get_length (self->strokes); i++)
    {
      unsigned                 n_points;
      const MusterStrokePoint *points = muster_strokes_peek (self->strokes, i, &n_points);

      if (n_points > 0)
        add_stroke (builder, points, n_points, width, height);
    }
  self->path = gsk_path_builder_free_to_path (builder);
  self->path_width = width;
  return self->path;
}

static void
muster_signature_pad_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  MusterSignaturePad *self = MUSTER_SIGNATURE_PAD (widget);
  int                 width = gtk_widget_get_width (widget);
  int                 height = gtk_widget_get_height (widget);
  GdkRGBA             ink, line;
  GskStroke          *stroke;

  gtk_widget_get_color (widget, &ink);
  line = ink;
  line.alpha *= 0.25;
  if (!self->read_only)
    gtk_snapshot_append_color (snapshot, &line,
                               &GRAPHENE_RECT_INIT (width * 0.06, height * 0.8, width * 0.88, 1));
  if (muster_strokes_is_empty (self->strokes) || width <= 0 || height <= 0)
    return;
  stroke = gsk_stroke_new (MAX (height * PEN_WIDTH, 1.4));
  gsk_stroke_set_line_cap (stroke, GSK_LINE_CAP_ROUND);
  gsk_stroke_set_line_join (stroke, GSK_LINE_JOIN_ROUND);
  gtk_snapshot_append_stroke (snapshot, ensure_path (self, width, height), stroke, &ink);
  gsk_stroke_free (stroke);
}

static GtkSizeRequestMode
muster_signature_pad_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
muster_signature_pad_measure (GtkWidget     *widget,
                              GtkOrientation orientation,
                              int            for_size,
                              int           *minimum,
                              int           *natural,
                              int           *minimum_baseline,
                              int           *natural_baseline)
{
  *minimum_baseline = *natural_baseline = -1;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = MINIMUM_WIDTH;
      *natural = NATURAL_WIDTH;
    }
  else if (for_size < 0)
    {
      *minimum = MINIMUM_WIDTH / RATIO;
      *natural = NATURAL_WIDTH / RATIO;
    }
  else
    *minimum = *natural = MAX (for_size, MINIMUM_WIDTH) / RATIO;
}

static void
muster_signature_pad_finalize (GObject *object)
{
  MusterSignaturePad *self = MUSTER_SIGNATURE_PAD (object);

  g_clear_pointer (&self->path, gsk_path_unref);
  muster_strokes_free (self->strokes);
  G_OBJECT_CLASS (muster_signature_pad_parent_class)->finalize (object);
}

static void
muster_signature_pad_class_init (MusterSignaturePadClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = muster_signature_pad_finalize;
  widget_class->snapshot = muster_signature_pad_snapshot;
  widget_class->measure = muster_signature_pad_measure;
  widget_class->get_request_mode = muster_signature_pad_get_request_mode;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_css_name (widget_class, "signature");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
muster_signature_pad_init (MusterSignaturePad *self)
{
  self->strokes = muster_strokes_new ();
  self->drag = gtk_gesture_drag_new ();
  g_signal_connect_object (self->drag, "drag-begin", G_CALLBACK (muster_signature_pad_begin_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->drag, "drag-update", G_CALLBACK (muster_signature_pad_update_cb),
                           self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (self->drag));
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "crosshair");
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Signature"), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  _ ("Nothing drawn"), -1);
}

GtkWidget *
muster_signature_pad_new (void)
{
  return g_object_new (MUSTER_TYPE_SIGNATURE_PAD, NULL);
}

void
muster_signature_pad_set_read_only (MusterSignaturePad *self, gboolean read_only)
{
  g_return_if_fail (MUSTER_IS_SIGNATURE_PAD (self));

  self->read_only = !!read_only;
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (self->drag),
                                              read_only ? GTK_PHASE_NONE : GTK_PHASE_BUBBLE);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), read_only ? NULL : "crosshair");
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

MusterStrokes *
muster_signature_pad_get_strokes (MusterSignaturePad *self)
{
  g_return_val_if_fail (MUSTER_IS_SIGNATURE_PAD (self), NULL);

  return self->strokes;
}

gboolean
muster_signature_pad_set_json (MusterSignaturePad *self, JsonNode *node)
{
  gboolean right = FALSE;

  g_return_val_if_fail (MUSTER_IS_SIGNATURE_PAD (self), FALSE);

  if (node != NULL)
    right = muster_strokes_read_json (self->strokes, node);
  else
    muster_strokes_clear (self->strokes);
  changed (self);
  return right;
}

void
muster_signature_pad_clear (MusterSignaturePad *self)
{
  g_return_if_fail (MUSTER_IS_SIGNATURE_PAD (self));

  muster_strokes_clear (self->strokes);
  changed (self);
}
