/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-week-grid"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-week-grid.h"

#define N_COLOURS 8
#define HOUR_HEIGHT 14 /* pixels, naturally */
#define LEAST_HOUR_HEIGHT 9
#define GUTTER 40 /* for the hours */
#define HEADER 24 /* for the days */
#define LABEL_EVERY 4
#define GAP 2
#define QUARTER 15 /* minutes that a drag snaps to */
#define FILL 0.28f

typedef struct
{
  MusterHours *hours; /* (owned) */
  char        *name;  /* (owned) (nullable) */
  unsigned     colour;
} Shift;

struct _MusterWeekGrid
{
  GtkWidget parent_instance;

  GPtrArray *shifts; /* (owned) (element-type Shift) */
  GtkWidget *pens[N_COLOURS];
  GtkWidget *grid;

  int drag_day; /* -1: none */
  int drag_from, drag_to;
};

G_DEFINE_FINAL_TYPE (MusterWeekGrid, muster_week_grid, GTK_TYPE_WIDGET)

enum
{
  DRAWN,
  CHOSEN,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static void
shift_free (gpointer data)
{
  Shift *shift = data;

  muster_hours_free (shift->hours);
  g_free (shift->name);
  g_free (shift);
}

/* --- what lies where --- */

static float
get_day_width (MusterWeekGrid *self)
{
  return MAX (gtk_widget_get_width (GTK_WIDGET (self)) - GUTTER, 7) / 7.0f;
}

static float
get_minute_height (MusterWeekGrid *self)
{
  return MAX (gtk_widget_get_height (GTK_WIDGET (self)) - HEADER, 1) / (float)MUSTER_MINUTES_A_DAY;
}

static graphene_rect_t
get_rect (MusterWeekGrid *self, unsigned day, int from, int to)
{
  float width = get_day_width (self);
  float height = get_minute_height (self);

  return GRAPHENE_RECT_INIT (GUTTER + day * width + GAP, HEADER + from * height, width - 2 * GAP,
                             MAX ((to - from) * height - 1, 2));
}

/* The parts of SHIFT within days of the week: up to two on each day that it begins on. FUNC returns
 * whether to go on. */
typedef gboolean (*PartFunc) (MusterWeekGrid *self,
                              const Shift    *shift,
                              unsigned        day,
                              int             from,
                              int             to,
                              gpointer        data);

static void
each_part (MusterWeekGrid *self, const Shift *shift, PartFunc func, gpointer data)
{
  const MusterHours *hours = shift->hours;
  int                end = hours->from + muster_hours_get_length (hours);

  for (unsigned day = 0; day < 7; day++)
    {
      if (!(hours->days & 1u << day))
        continue;
      if (!func (self, shift, day, hours->from, MIN (end, MUSTER_MINUTES_A_DAY), data))
        return;
      if (end > MUSTER_MINUTES_A_DAY &&
          !func (self, shift, (day + 1) % 7, 0, end - MUSTER_MINUTES_A_DAY, data))
        return;
    }
}

int
muster_week_count_gaps (GPtrArray *shifts)
{
  g_autofree guint8 *covered = g_malloc0 (7 * MUSTER_MINUTES_A_DAY);
  int                gaps = 0;

  for (unsigned i = 0; i < shifts->len; i++)
    {
      const MusterHours *hours = shifts->pdata[i];

      for (unsigned day = 0; day < 7; day++)
        for (int minute = 0; hours->days & 1u << day && minute < muster_hours_get_length (hours);
             minute++)
          covered[(day * MUSTER_MINUTES_A_DAY + hours->from + minute) %
                  (7 * MUSTER_MINUTES_A_DAY)] = 1;
    }
  for (int i = 0; i < 7 * MUSTER_MINUTES_A_DAY; i++)
    gaps += !covered[i];
  return gaps;
}

/* --- drawing --- */

static void
snapshot_text (MusterWeekGrid *self,
               GtkSnapshot    *snapshot,
               const char     *text,
               const GdkRGBA  *colour,
               float           x,
               float           y,
               float           width)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);

  pango_layout_set_width (layout, (int)MAX (width, 1) * PANGO_SCALE);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, y));
  gtk_snapshot_append_layout (snapshot, layout, colour);
  gtk_snapshot_restore (snapshot);
}

static gboolean
snapshot_part (MusterWeekGrid *self,
               const Shift    *shift,
               unsigned        day,
               int             from,
               int             to,
               gpointer        data)
{
  GtkSnapshot    *snapshot = data;
  graphene_rect_t rect = get_rect (self, day, from, to);
  GskRoundedRect  outline;
  GdkRGBA         colour, light;

  gtk_widget_get_color (self->pens[shift->colour], &colour);
  light = colour;
  light.alpha *= FILL;
  gsk_rounded_rect_init_from_rect (&outline, &rect, 5);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, &light, &rect);
  gtk_snapshot_append_color (snapshot, &colour,
                             &GRAPHENE_RECT_INIT (rect.origin.x, rect.origin.y, 3,
                                                  rect.size.height));
  if (shift->name != NULL && rect.size.height >= 16)
    {
      GdkRGBA text;

      gtk_widget_get_color (GTK_WIDGET (self), &text);
      snapshot_text (self, snapshot, shift->name, &text, rect.origin.x + 6, rect.origin.y + 1,
                     rect.size.width - 8);
    }
  gtk_snapshot_pop (snapshot);
  return TRUE;
}

static void
snapshot_grid (MusterWeekGrid *self, GtkSnapshot *snapshot)
{
  GdkRGBA line, text;
  float   width = get_day_width (self);

  gtk_widget_get_color (self->grid, &line);
  gtk_widget_get_color (GTK_WIDGET (self), &text);
  text.alpha *= 0.7f;
  for (int hour = 0; hour <= 24; hour += LABEL_EVERY)
    {
      float            y = HEADER + hour * 60 * get_minute_height (self);
      g_autofree char *label = g_strdup_printf ("%02d", hour);

      gtk_snapshot_append_color (snapshot, &line, &GRAPHENE_RECT_INIT (GUTTER, y, width * 7, 1));
      if (hour < 24)
        snapshot_text (self, snapshot, label, &text, 8, y - 2, GUTTER - 10);
    }
  for (unsigned day = 0; day < 7; day++)
    {
      g_autofree char *name = muster_day_format (day);

      snapshot_text (self, snapshot, name, &text, GUTTER + day * width + 4, 2, width - 6);
      gtk_snapshot_append_color (snapshot, &line,
                                 &GRAPHENE_RECT_INIT (GUTTER + day * width, HEADER, 1,
                                                      gtk_widget_get_height (GTK_WIDGET (self)) -
                                                        HEADER));
    }
}

static void
muster_week_grid_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  MusterWeekGrid *self = MUSTER_WEEK_GRID (widget);

  snapshot_grid (self, snapshot);
  for (unsigned i = 0; i < self->shifts->len; i++)
    each_part (self, self->shifts->pdata[i], snapshot_part, snapshot);
  if (self->drag_day >= 0)
    {
      int             from = MIN (self->drag_from, self->drag_to);
      int             to = MAX (self->drag_from, self->drag_to);
      graphene_rect_t rect = get_rect (self, self->drag_day, from, to);
      GdkRGBA         colour;

      gtk_widget_get_color (GTK_WIDGET (self), &colour);
      colour.alpha *= 0.2f;
      gtk_snapshot_append_color (snapshot, &colour, &rect);
    }
}

static void
muster_week_grid_measure (GtkWidget     *widget,
                          GtkOrientation orientation,
                          int            for_size,
                          int           *minimum,
                          int           *natural,
                          int           *minimum_baseline,
                          int           *natural_baseline)
{
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = 280;
      *natural = 640;
    }
  else
    {
      *minimum = HEADER + 24 * LEAST_HOUR_HEIGHT;
      *natural = HEADER + 24 * HOUR_HEIGHT;
    }
  *minimum_baseline = *natural_baseline = -1;
}

static void
muster_week_grid_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  MusterWeekGrid *self = MUSTER_WEEK_GRID (widget);

  gtk_widget_size_allocate (self->grid, &(GtkAllocation){ 0, 0, 0, 0 }, -1);
  for (unsigned i = 0; i < N_COLOURS; i++)
    gtk_widget_size_allocate (self->pens[i], &(GtkAllocation){ 0, 0, 0, 0 }, -1);
}

/* --- the pointer --- */

typedef struct
{
  double   x, y;
  gboolean found;
} Search;

static gboolean
hits_part (MusterWeekGrid *self, const Shift *shift, unsigned day, int from, int to, gpointer data)
{
  Search         *search = data;
  graphene_rect_t rect = get_rect (self, day, from, to);

  search->found = graphene_rect_contains_point (&rect, &GRAPHENE_POINT_INIT (search->x, search->y));
  return !search->found;
}

/* The shift at X, Y, or -1. Those that came later lie on top. */
static int
find_shift (MusterWeekGrid *self, double x, double y)
{
  for (int i = (int)self->shifts->len - 1; i >= 0; i--)
    {
      Search search = { x, y, FALSE };

      each_part (self, self->shifts->pdata[i], hits_part, &search);
      if (search.found)
        return i;
    }
  return -1;
}

static int
get_minute (MusterWeekGrid *self, double y)
{
  int minute = (int)((y - HEADER) / get_minute_height (self));

  return CLAMP ((minute + QUARTER / 2) / QUARTER * QUARTER, 0, MUSTER_MINUTES_A_DAY);
}

static void
muster_week_grid_begin_cb (MusterWeekGrid *self, double x, double y, GtkGesture *gesture)
{
  int index = find_shift (self, x, y);

  self->drag_day = -1;
  if (index >= 0)
    g_signal_emit (self, signals[CHOSEN], 0, (unsigned)index);
  if (index >= 0 || x < GUTTER || y < HEADER)
    {
      gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_DENIED);
      return;
    }
  self->drag_day = CLAMP ((int)((x - GUTTER) / get_day_width (self)), 0, 6);
  self->drag_from = self->drag_to = get_minute (self, y);
}

static void
muster_week_grid_update_cb (MusterWeekGrid *self, double dx, double dy, GtkGestureDrag *gesture)
{
  double x, y;

  if (self->drag_day < 0 || !gtk_gesture_drag_get_start_point (gesture, &x, &y))
    return;
  self->drag_to = get_minute (self, y + dy);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
muster_week_grid_end_cb (MusterWeekGrid *self)
{
  int day = self->drag_day;
  int from = MIN (self->drag_from, self->drag_to);
  int to = MAX (self->drag_from, self->drag_to);

  self->drag_day = -1;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (day >= 0 && to - from >= QUARTER)
    g_signal_emit (self, signals[DRAWN], 0, (unsigned)day, from, to % MUSTER_MINUTES_A_DAY);
}

/* --- life --- */

static void
muster_week_grid_dispose (GObject *object)
{
  MusterWeekGrid *self = MUSTER_WEEK_GRID (object);

  for (unsigned i = 0; i < N_COLOURS; i++)
    g_clear_pointer (&self->pens[i], gtk_widget_unparent);
  g_clear_pointer (&self->grid, gtk_widget_unparent);
  G_OBJECT_CLASS (muster_week_grid_parent_class)->dispose (object);
}

static void
muster_week_grid_finalize (GObject *object)
{
  g_ptr_array_unref (MUSTER_WEEK_GRID (object)->shifts);
  G_OBJECT_CLASS (muster_week_grid_parent_class)->finalize (object);
}

static void
muster_week_grid_class_init (MusterWeekGridClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_week_grid_dispose;
  object_class->finalize = muster_week_grid_finalize;
  widget_class->measure = muster_week_grid_measure;
  widget_class->size_allocate = muster_week_grid_size_allocate;
  widget_class->snapshot = muster_week_grid_snapshot;
  signals[DRAWN] = g_signal_new ("drawn", MUSTER_TYPE_WEEK_GRID, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 3, G_TYPE_UINT, G_TYPE_INT, G_TYPE_INT);
  signals[CHOSEN] = g_signal_new ("chosen", MUSTER_TYPE_WEEK_GRID, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  gtk_widget_class_set_css_name (widget_class, "week");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
muster_week_grid_init (MusterWeekGrid *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();

  self->shifts = g_ptr_array_new_with_free_func (shift_free);
  self->drag_day = -1;
  self->grid = g_object_new (GTK_TYPE_BOX, "css-name", "grid", "can-target", FALSE, NULL);
  gtk_widget_set_parent (self->grid, GTK_WIDGET (self));
  for (unsigned i = 0; i < N_COLOURS; i++)
    {
      g_autofree char *class = g_strdup_printf ("series-%u", i + 1);

      self->pens[i] = g_object_new (GTK_TYPE_BOX, "css-name", "pen", "can-target", FALSE, NULL);
      gtk_widget_add_css_class (self->pens[i], class);
      gtk_widget_set_parent (self->pens[i], GTK_WIDGET (self));
    }
  g_signal_connect_object (drag, "drag-begin", G_CALLBACK (muster_week_grid_begin_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (drag, "drag-update", G_CALLBACK (muster_week_grid_update_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (drag, "drag-end", G_CALLBACK (muster_week_grid_end_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
}

GtkWidget *
muster_week_grid_new (void)
{
  return g_object_new (MUSTER_TYPE_WEEK_GRID, NULL);
}

/* One colour a person. */
static unsigned
choose_colour (GPtrArray *people, const char *who)
{
  for (unsigned i = 0; i < people->len; i++)
    if (g_strcmp0 (people->pdata[i], who) == 0)
      return i % N_COLOURS;
  g_ptr_array_add (people, (gpointer)who);
  return (people->len - 1) % N_COLOURS;
}

void
muster_week_grid_set_shifts (MusterWeekGrid *self, GPtrArray *shifts, const char *const *names)
{
  g_autoptr (GPtrArray) people = g_ptr_array_new ();
  g_autoptr (GString) text = g_string_new (NULL);

  g_return_if_fail (MUSTER_IS_WEEK_GRID (self));

  g_ptr_array_set_size (self->shifts, 0);
  for (unsigned i = 0; i < shifts->len; i++)
    {
      const MusterHours *hours = shifts->pdata[i];
      g_autofree char   *when = muster_hours_format (hours);
      Shift             *shift = g_new (Shift, 1);

      *shift = (Shift){ muster_hours_new (hours->days, hours->from, hours->to, hours->who),
                        g_strdup (names[i]), choose_colour (people, hours->who) };
      g_ptr_array_add (self->shifts, shift);
      g_string_append_printf (text, "%s%s: %s", i > 0 ? "; " : "",
                              names[i] != NULL ? names[i] : "…", when);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text->str, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
