/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-tile-grid"

#include "config.h"

#include "muster-tile-grid.h"

struct _MusterTileGrid
{
  GtkWidget parent_instance;

  int spacing;
};

G_DEFINE_FINAL_TYPE (MusterTileGrid, muster_tile_grid, GTK_TYPE_WIDGET)

typedef enum
{
  PROP_SPACING = 1,
} MusterTileGridProperty;

static GParamSpec *properties[PROP_SPACING + 1];

/* The tiles that are shown, and how they stand. */
typedef struct
{
  GPtrArray *tiles; /* (owned) of borrowed widgets */
  int        n_columns;
} Plan;

static void
plan_clear (Plan *plan)
{
  g_clear_pointer (&plan->tiles, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Plan, plan_clear)

int
muster_tile_grid_choose_columns (int n_tiles, int width, int least, int spacing)
{
  int fit, n_rows;

  g_return_val_if_fail (n_tiles > 0 && least + spacing > 0, 1);

  fit = CLAMP ((width + spacing) / (least + spacing), 1, n_tiles);
  n_rows = (n_tiles + fit - 1) / fit;
  return (n_tiles + n_rows - 1) / n_rows;
}

static void
measure_tile (GtkWidget *tile, GtkOrientation orientation, int for_size, int *minimum, int *natural)
{
  gtk_widget_measure (tile, orientation, for_size, minimum, natural, NULL, NULL);
}

/* The least width of each, which is the greatest of theirs. */
static int
get_least (const Plan *plan)
{
  int least = 0, minimum;

  for (unsigned i = 0; i < plan->tiles->len; i++)
    {
      measure_tile (plan->tiles->pdata[i], GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL);
      least = MAX (least, minimum);
    }
  return least;
}

/* WIDTH -1: all in one row. */
static void
plan (MusterTileGrid *self, int width, Plan *plan)
{
  plan->tiles = g_ptr_array_new ();
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (gtk_widget_should_layout (child))
      g_ptr_array_add (plan->tiles, child);
  plan->n_columns = (int)plan->tiles->len;
  if (width >= 0 && plan->tiles->len > 0)
    plan->n_columns = muster_tile_grid_choose_columns (plan->n_columns, width,
                                                       MAX (get_least (plan), 1), self->spacing);
}

/* How many stand in the row that begins with FIRST, and how wide each is in WIDTH. */
static int
get_row (MusterTileGrid *self, const Plan *plan, unsigned first, int width, int *tile_width)
{
  int n = MIN (plan->n_columns, (int)(plan->tiles->len - first));

  *tile_width = (width - (n - 1) * self->spacing) / n;
  return n;
}

static int
get_row_height (const Plan *plan, unsigned first, int n, int tile_width)
{
  int height = 0, natural;

  for (unsigned i = first; i < first + n; i++)
    {
      measure_tile (plan->tiles->pdata[i], GTK_ORIENTATION_VERTICAL, tile_width, NULL, &natural);
      height = MAX (height, natural);
    }
  return height;
}

static void
muster_tile_grid_measure (GtkWidget     *widget,
                          GtkOrientation orientation,
                          int            for_size,
                          int           *minimum,
                          int           *natural,
                          int           *minimum_baseline,
                          int           *natural_baseline)
{
  MusterTileGrid *self = MUSTER_TILE_GRID (widget);
  g_auto (Plan) found = { 0 };
  int n, tile_width;

  plan (self, orientation == GTK_ORIENTATION_VERTICAL ? for_size : -1, &found);
  *minimum = *natural = 0;
  if (found.tiles->len == 0)
    return;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      for (unsigned i = 0; i < found.tiles->len; i++)
        {
          measure_tile (found.tiles->pdata[i], orientation, -1, NULL, &tile_width);
          *natural = MAX (*natural, tile_width);
        }
      *natural = *natural * found.n_columns + (found.n_columns - 1) * self->spacing;
      *minimum = get_least (&found);
      return;
    }
  for (unsigned first = 0; first < found.tiles->len; first += n)
    {
      n = get_row (self, &found, first, MAX (for_size, 0), &tile_width);
      *natural += (first > 0 ? self->spacing : 0) +
                  get_row_height (&found, first, n, for_size >= 0 ? tile_width : -1);
    }
  *minimum = *natural;
}

static void
muster_tile_grid_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  MusterTileGrid *self = MUSTER_TILE_GRID (widget);
  gboolean        backwards = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  g_auto (Plan) found = { 0 };
  int y = 0, n;

  plan (self, width, &found);
  for (unsigned first = 0; first < found.tiles->len; first += n)
    {
      int tile_width, row_height;

      n = get_row (self, &found, first, width, &tile_width);
      row_height = get_row_height (&found, first, n, tile_width);
      for (int i = 0; i < n; i++)
        gtk_widget_size_allocate (found.tiles->pdata[first + i],
                                  &(GtkAllocation){ (backwards ? n - 1 - i : i) *
                                                      (tile_width + self->spacing),
                                                    y, tile_width, row_height },
                                  -1);
      y += row_height + self->spacing;
    }
}

static GtkSizeRequestMode
muster_tile_grid_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
muster_tile_grid_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch ((MusterTileGridProperty)prop_id)
    {
    case PROP_SPACING:
      g_value_set_int (value, MUSTER_TILE_GRID (object)->spacing);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_tile_grid_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  switch ((MusterTileGridProperty)prop_id)
    {
    case PROP_SPACING:
      MUSTER_TILE_GRID (object)->spacing = g_value_get_int (value);
      gtk_widget_queue_resize (GTK_WIDGET (object));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_tile_grid_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (muster_tile_grid_parent_class)->dispose (object);
}

static void
muster_tile_grid_class_init (MusterTileGridClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = muster_tile_grid_get_property;
  object_class->set_property = muster_tile_grid_set_property;
  object_class->dispose = muster_tile_grid_dispose;
  widget_class->get_request_mode = muster_tile_grid_get_request_mode;
  widget_class->measure = muster_tile_grid_measure;
  widget_class->size_allocate = muster_tile_grid_size_allocate;
  properties[PROP_SPACING] =
    g_param_spec_int ("spacing", NULL, NULL, 0, 100, 0, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
muster_tile_grid_init (MusterTileGrid *self)
{
}

void
muster_tile_grid_append (MusterTileGrid *self, GtkWidget *tile)
{
  g_return_if_fail (MUSTER_IS_TILE_GRID (self));
  g_return_if_fail (GTK_IS_WIDGET (tile));

  gtk_widget_set_parent (tile, GTK_WIDGET (self));
}
