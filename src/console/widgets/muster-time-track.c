/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-time-track"

#include "config.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "client/muster-api-json.h"
#include "model/muster-time.h"
#include "muster-format.h"
#include "muster-pen.h"
#include "muster-time-track.h"

#define HEIGHT 22
#define INSET 9 /* the slider's middle does not come nearer to the ends */
#define RADIUS 4
#define REACH 6    /* how far from a mark it is still meant */
#define MAX_TOLD 6 /* marks in one tooltip */

typedef enum
{
  MARK_NOTE,
  MARK_WARNING,
  MARK_CRITICAL,
  MARK_FIRMWARE,
  N_MARKS,
} MarkKind;

typedef struct
{
  gint64   at;
  MarkKind kind;
  char    *text;
} Mark;

struct _MusterTimeTrack
{
  GtkWidget parent_instance;

  GArray    *marks;  /* (owned) (element-type Mark): in order of time */
  double    *shares; /* (owned) (nullable): how much was changed, 0 to 1 */
  unsigned   n_shares;
  gint64     from, to;
  GTimeZone *zone; /* (owned) (nullable) */
  GtkWidget *density;
  GtkWidget *pens[N_MARKS];
};

G_DEFINE_FINAL_TYPE (MusterTimeTrack, muster_time_track, GTK_TYPE_WIDGET)

enum
{
  CHOSEN,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static void
mark_clear (gpointer data)
{
  g_free (((Mark *)data)->text);
}

/* --- places --- */

static double
get_room (MusterTimeTrack *self)
{
  return MAX (1, gtk_widget_get_width (GTK_WIDGET (self)) - 2 * INSET);
}

static double
get_x (MusterTimeTrack *self, gint64 at)
{
  double x = INSET + get_room (self) * (double)(at - self->from) / MAX (1, self->to - self->from);

  return gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL
           ? gtk_widget_get_width (GTK_WIDGET (self)) - x
           : x;
}

static gint64
get_time (MusterTimeTrack *self, double x)
{
  double share;

  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    x = gtk_widget_get_width (GTK_WIDGET (self)) - x;
  share = CLAMP ((x - INSET) / get_room (self), 0, 1);
  return self->from + (gint64)(share * (double)(self->to - self->from));
}

/* --- drawing --- */

static void
append_density (MusterTimeTrack *self, GtkSnapshot *snapshot)
{
  GdkRGBA color;
  double  width = get_room (self) / MAX (1, self->n_shares);

  muster_pen_get (self->density, &color);
  for (unsigned i = 0; i < self->n_shares; i++)
    {
      double height = self->shares[i] > 0 ? 2 + self->shares[i] * (HEIGHT - 8) : 0;
      gint64 at = self->from + (self->to - self->from) * (gint64)i / self->n_shares;
      double x = get_x (self, at);

      if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
        x -= width;
      if (height > 0)
        gtk_snapshot_append_color (snapshot, &color,
                                   &GRAPHENE_RECT_INIT (x, HEIGHT - height, MAX (1, width - 0.5),
                                                        height));
    }
}

/* Alerts are dots, firmware is a diamond: told apart without colours too. */
static GskPath *
make_shape (MarkKind kind, double x, double y)
{
  g_autoptr (GskPathBuilder) builder = gsk_path_builder_new ();

  if (kind == MARK_FIRMWARE)
    {
      gsk_path_builder_move_to (builder, x, y - RADIUS - 1);
      gsk_path_builder_line_to (builder, x + RADIUS + 1, y);
      gsk_path_builder_line_to (builder, x, y + RADIUS + 1);
      gsk_path_builder_line_to (builder, x - RADIUS - 1, y);
      gsk_path_builder_close (builder);
    }
  else
    gsk_path_builder_add_circle (builder, &GRAPHENE_POINT_INIT (x, y),
                                 kind == MARK_NOTE ? RADIUS - 1 : RADIUS);
  return gsk_path_builder_free_to_path (g_steal_pointer (&builder));
}

static void
muster_time_track_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  MusterTimeTrack *self = MUSTER_TIME_TRACK (widget);

  append_density (self, snapshot);
  for (unsigned i = 0; i < self->marks->len; i++)
    {
      const Mark *mark = &g_array_index (self->marks, Mark, i);
      g_autoptr (GskPath) path = make_shape (mark->kind, get_x (self, mark->at), HEIGHT / 2.0);
      GdkRGBA color;

      muster_pen_get (self->pens[mark->kind], &color);
      gtk_snapshot_append_fill (snapshot, path, GSK_FILL_RULE_WINDING, &color);
    }
}

static void
muster_time_track_measure (GtkWidget     *widget,
                           GtkOrientation orientation,
                           int            for_size,
                           int           *minimum,
                           int           *natural,
                           int           *minimum_baseline,
                           int           *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 120 : HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 400 : HEIGHT;
}

/* --- pointing --- */

/* The mark nearest to X within reach; NULL without one. */
static const Mark *
find_at (MusterTimeTrack *self, double x)
{
  const Mark *best = NULL;
  double      distance = REACH;

  for (unsigned i = 0; i < self->marks->len; i++)
    {
      const Mark *mark = &g_array_index (self->marks, Mark, i);
      double      own = fabs (get_x (self, mark->at) - x);

      if (own > distance)
        continue;
      distance = own;
      best = mark;
    }
  return best;
}

/* A mark says when something had happened: it is looked at from just after it. */
static void
muster_time_track_released_cb (MusterTimeTrack *self, int n_press, double x, double y)
{
  const Mark *mark = find_at (self, x);

  g_signal_emit (self, signals[CHOSEN], 0, mark != NULL ? mark->at : get_time (self, x));
}

static gboolean
muster_time_track_tooltip_cb (MusterTimeTrack *self,
                              int              x,
                              int              y,
                              gboolean         keyboard,
                              GtkTooltip      *tooltip)
{
  g_autoptr (GString) text = g_string_new (NULL);
  unsigned n_told = 0;

  if (keyboard)
    return FALSE;
  for (unsigned i = 0; i < self->marks->len && n_told < MAX_TOLD; i++)
    {
      const Mark *mark = &g_array_index (self->marks, Mark, i);

      if (fabs (get_x (self, mark->at) - x) > REACH)
        continue;
      g_string_append_printf (text, "%s%s", n_told > 0 ? "\n" : "", mark->text);
      n_told++;
    }
  if (n_told == 0)
    return FALSE;
  gtk_tooltip_set_text (tooltip, text->str);
  return TRUE;
}

/* --- what happened --- */

static MarkKind
get_kind (const char *kind, const char *detail)
{
  if (g_strcmp0 (kind, "firmware") == 0)
    return MARK_FIRMWARE;
  if (g_strcmp0 (detail, "critical") == 0 || g_strcmp0 (detail, "error") == 0)
    return MARK_CRITICAL;
  return g_strcmp0 (detail, "warning") == 0 ? MARK_WARNING : MARK_NOTE;
}

static void
add_mark (MusterTimeTrack *self, JsonObject *object)
{
  const char      *title = muster_api_json_get_string (object, "title");
  const char      *detail = muster_api_json_get_string (object, "detail");
  const char      *time = muster_api_json_get_string (object, "at");
  g_autofree char *when = NULL;
  Mark             mark = { 0 };

  if (time == NULL || !muster_time_parse (time, &mark.at))
    return;
  mark.kind = get_kind (muster_api_json_get_string (object, "kind"), detail);
  when = muster_format_short_time (mark.at, g_get_real_time (), self->zone);
  if (title == NULL)
    title = _ ("a device");
  mark.text =
    mark.kind == MARK_FIRMWARE
      /* Translators: when, which device, to which version. */
      ? g_strdup_printf (_ ("%s: %s got firmware %s"), when, title, detail != NULL ? detail : "")
      /* Translators: when, what an alert says. */
      : g_strdup_printf (_ ("%s: %s"), when, title);
  g_array_append_val (self->marks, mark);
}

static int
compare_marks (gconstpointer a, gconstpointer b)
{
  gint64 first = ((const Mark *)a)->at, second = ((const Mark *)b)->at;

  return (first > second) - (first < second);
}

/* By the root: one import of thousands does not hide that something was done at other times. */
static void
take_density (MusterTimeTrack *self, JsonArray *changes)
{
  double most = 0;

  g_clear_pointer (&self->shares, g_free);
  self->n_shares = changes != NULL ? json_array_get_length (changes) : 0;
  self->shares = g_new0 (double, self->n_shares + 1);
  for (unsigned i = 0; i < self->n_shares; i++)
    {
      self->shares[i] = sqrt ((double)json_array_get_int_element (changes, i));
      most = MAX (most, self->shares[i]);
    }
  for (unsigned i = 0; i < self->n_shares && most > 0; i++)
    self->shares[i] /= most;
}

void
muster_time_track_set_marks (MusterTimeTrack *self, JsonObject *marks)
{
  JsonArray       *items;
  unsigned         counts[N_MARKS] = { 0 };
  g_autofree char *text = NULL;

  g_return_if_fail (MUSTER_IS_TIME_TRACK (self));
  g_return_if_fail (marks != NULL);

  g_array_set_size (self->marks, 0);
  take_density (self, muster_api_json_get_array (marks, "changes"));
  items = muster_api_json_get_array (marks, "marks");
  for (unsigned i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      JsonObject *mark = muster_api_json_as_object (json_array_get_element (items, i));

      if (mark != NULL)
        add_mark (self, mark);
    }
  g_array_sort (self->marks, compare_marks);
  for (unsigned i = 0; i < self->marks->len; i++)
    counts[g_array_index (self->marks, Mark, i).kind]++;
  text = g_strdup_printf (_ ("alerts: %u, updates of firmware: %u"),
                          counts[MARK_NOTE] + counts[MARK_WARNING] + counts[MARK_CRITICAL],
                          counts[MARK_FIRMWARE]);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
muster_time_track_set_range (MusterTimeTrack *self, gint64 from, gint64 to, GTimeZone *zone)
{
  g_return_if_fail (MUSTER_IS_TIME_TRACK (self));
  g_return_if_fail (from <= to && zone != NULL);

  self->from = from;
  self->to = to;
  g_clear_pointer (&self->zone, g_time_zone_unref);
  self->zone = g_time_zone_ref (zone);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

gint64
muster_time_track_find_next (MusterTimeTrack *self, gint64 at, gboolean before)
{
  gint64 found = 0;

  g_return_val_if_fail (MUSTER_IS_TIME_TRACK (self), 0);

  for (unsigned i = 0; i < self->marks->len; i++)
    {
      gint64 own = g_array_index (self->marks, Mark, i).at;

      if (before && own < at)
        found = own;
      else if (!before && own > at)
        return own;
    }
  return found;
}

/* --- life --- */

static void
muster_time_track_dispose (GObject *object)
{
  MusterTimeTrack *self = MUSTER_TIME_TRACK (object);

  g_clear_pointer (&self->density, gtk_widget_unparent);
  for (unsigned i = 0; i < N_MARKS; i++)
    g_clear_pointer (&self->pens[i], gtk_widget_unparent);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  G_OBJECT_CLASS (muster_time_track_parent_class)->dispose (object);
}

static void
muster_time_track_finalize (GObject *object)
{
  MusterTimeTrack *self = MUSTER_TIME_TRACK (object);

  g_array_unref (self->marks);
  g_free (self->shares);
  G_OBJECT_CLASS (muster_time_track_parent_class)->finalize (object);
}

static void
muster_time_track_class_init (MusterTimeTrackClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_time_track_dispose;
  G_OBJECT_CLASS (klass)->finalize = muster_time_track_finalize;
  widget_class->snapshot = muster_time_track_snapshot;
  widget_class->measure = muster_time_track_measure;
  signals[CHOSEN] = g_signal_new ("chosen", MUSTER_TYPE_TIME_TRACK, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  gtk_widget_class_set_css_name (widget_class, "time-track");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static GtkWidget *
add_pen (MusterTimeTrack *self, const char *name, const char *css_class)
{
  GtkWidget *pen = muster_pen_new (name, css_class);

  gtk_widget_set_child_visible (pen, FALSE);
  gtk_widget_set_parent (pen, GTK_WIDGET (self));
  g_signal_connect_object (pen, "changed", G_CALLBACK (gtk_widget_queue_draw), self,
                           G_CONNECT_SWAPPED);
  return pen;
}

static void
muster_time_track_init (MusterTimeTrack *self)
{
  static const char *const classes[] = { "info", "warning", "critical", "firmware" };
  GtkGesture              *click = gtk_gesture_click_new ();

  self->marks = g_array_new (FALSE, FALSE, sizeof (Mark));
  g_array_set_clear_func (self->marks, mark_clear);
  self->density = add_pen (self, "density", NULL);
  for (unsigned i = 0; i < N_MARKS; i++)
    self->pens[i] = add_pen (self, "mark", classes[i]);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  g_signal_connect (self, "query-tooltip", G_CALLBACK (muster_time_track_tooltip_cb), NULL);
  g_signal_connect_swapped (click, "released", G_CALLBACK (muster_time_track_released_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("What happened"), -1);
}
