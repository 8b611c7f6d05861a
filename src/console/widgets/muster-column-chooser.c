/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-column-chooser"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-column-chooser.h"

#define SETTING "columns"
/* Narrower than this, what gave way stands below the title. In sp. */
#define NARROW 640

struct _MusterColumnChooser
{
  GObject parent_instance;

  GtkColumnView          *view;  /* (unowned) */
  AdwBreakpointBin       *bin;   /* (unowned) */
  GObject                *owner; /* (unowned) */
  const MusterColumn     *table;
  const MusterEntityInfo *info;
  GSettings              *settings; /* (owned) (nullable) */
  char                   *name;     /* (owned) */
  unsigned                n_columns;
  gboolean               *chosen;      /* (owned) along the table */
  GPtrArray              *breakpoints; /* (owned) (element-type AdwBreakpoint) borrowed from bin */
};

G_DEFINE_FINAL_TYPE (MusterColumnChooser, muster_column_chooser, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static GtkColumnViewColumn *
find_column (MusterColumnChooser *self, const char *id)
{
  GListModel *columns = gtk_column_view_get_columns (self->view);

  for (unsigned i = 0; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, i);

      if (g_strcmp0 (gtk_column_view_column_get_id (column), id) == 0)
        return column; /* the view holds it */
    }
  return NULL;
}

/* --- as far as the room goes --- */

static void
set_boolean (AdwBreakpoint *breakpoint, GObject *object, const char *property, gboolean wanted)
{
  GValue value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_BOOLEAN);
  g_value_set_boolean (&value, wanted);
  adw_breakpoint_add_setter (breakpoint, object, property, &value);
  g_value_unset (&value);
}

static int
compare_keep (gconstpointer a, gconstpointer b, gpointer table)
{
  const MusterColumn *columns = table;

  return (int)columns[*(const unsigned *)b].keep - (int)columns[*(const unsigned *)a].keep;
}

/* Positions of the chosen columns that may be missed, the first to go first: (transfer full). */
static GArray *
list_dispensable (MusterColumnChooser *self)
{
  GArray *positions = g_array_new (FALSE, FALSE, sizeof (unsigned));

  for (unsigned i = 0; i < self->n_columns; i++)
    if (self->chosen[i] && self->table[i].keep > 0)
      g_array_append_val (positions, i);
  g_array_sort_with_data (positions, compare_keep, (gpointer)self->table);
  return positions;
}

static double
measure (MusterColumnChooser *self)
{
  double width = 0;

  for (unsigned i = 0; i < self->n_columns; i++)
    width += self->chosen[i] ? self->table[i].width : 0;
  return width;
}

static int
get_width (MusterColumnChooser *self, const GArray *positions, unsigned number)
{
  return self->table[g_array_index (positions, unsigned, number)].width;
}

/* How many of the columns at POSITIONS must go for the rest to fit into ROOM. */
static unsigned
count_hidden (MusterColumnChooser *self, const GArray *positions, double room)
{
  double   width = measure (self);
  unsigned count = 0;

  while (count < positions->len && width > room)
    width -= get_width (self, positions, count++);
  return count;
}

/* What holds where there is no more room than WIDTH. */
static void
add_breakpoint (MusterColumnChooser *self, double width, const GArray *positions)
{
  unsigned       n_hidden = count_hidden (self, positions, width);
  AdwBreakpoint *breakpoint =
    adw_breakpoint_new (adw_breakpoint_condition_new_length (ADW_BREAKPOINT_CONDITION_MAX_WIDTH,
                                                             width, ADW_LENGTH_UNIT_SP));

  for (unsigned i = 0; i < n_hidden; i++)
    set_boolean (breakpoint,
                 G_OBJECT (
                   find_column (self, self->table[g_array_index (positions, unsigned, i)].field)),
                 "visible", FALSE);
  if (width < NARROW)
    set_boolean (breakpoint, self->owner, "narrow", TRUE);
  adw_breakpoint_bin_add_breakpoint (self->bin, breakpoint);
  g_ptr_array_add (self->breakpoints, breakpoint);
}

static int
compare_falling (gconstpointer a, gconstpointer b)
{
  double x = *(const double *)a, y = *(const double *)b;

  return (x < y) - (x > y);
}

static void
update (MusterColumnChooser *self)
{
  g_autoptr (GArray) positions = list_dispensable (self);
  g_autoptr (GArray) widths = g_array_new (FALSE, FALSE, sizeof (double));
  double width = NARROW - 1;

  /* Going, a breakpoint puts back what it had set. */
  for (unsigned i = 0; i < self->breakpoints->len; i++)
    adw_breakpoint_bin_remove_breakpoint (self->bin, self->breakpoints->pdata[i]);
  g_ptr_array_set_size (self->breakpoints, 0);
  for (unsigned i = 0; i < self->n_columns; i++)
    gtk_column_view_column_set_visible (find_column (self, self->table[i].field), self->chosen[i]);
  g_array_append_val (widths, width);
  width = measure (self) - 1;
  for (unsigned i = 0; i < positions->len; i++)
    {
      g_array_append_val (widths, width);
      width -= get_width (self, positions, i);
    }
  /* The last one that holds is in force: from wide to narrow. */
  g_array_sort (widths, compare_falling);
  for (unsigned i = 0; i < widths->len; i++)
    add_breakpoint (self, g_array_index (widths, double, i), positions);
}

/* --- the choice --- */

static void
remember (MusterColumnChooser *self)
{
  g_autoptr (GVariant) all = NULL;
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{sas}"));
  g_auto (GStrv) columns = muster_column_chooser_list (self);
  GVariantIter iter;
  const char  *name;
  GVariant    *value;

  if (self->settings == NULL)
    return;
  all = g_settings_get_value (self->settings, SETTING);
  g_variant_iter_init (&iter, all);
  while (g_variant_iter_loop (&iter, "{&s@as}", &name, &value))
    if (!g_str_equal (name, self->name))
      g_variant_builder_add (&builder, "{s@as}", name, value);
  g_variant_builder_add (&builder, "{s^as}", self->name, columns);
  g_settings_set_value (self->settings, SETTING, g_variant_builder_end (&builder));
}

static gboolean
is_fixed (const MusterColumn *column)
{
  return (column->flags & MUSTER_COLUMN_TITLE) != 0;
}

static void
take (MusterColumnChooser *self, const char *const *columns)
{
  for (unsigned i = 0; i < self->n_columns; i++)
    self->chosen[i] = is_fixed (&self->table[i]) ||
                      (columns != NULL ? g_strv_contains (columns, self->table[i].field)
                                       : (self->table[i].flags & MUSTER_COLUMN_HIDDEN) == 0);
  update (self);
}

static void
recall (MusterColumnChooser *self)
{
  g_autoptr (GVariant) all = NULL;
  g_auto (GStrv) columns = NULL;

  if (self->settings != NULL)
    {
      all = g_settings_get_value (self->settings, SETTING);
      g_variant_lookup (all, self->name, "^as", &columns);
    }
  take (self, (const char *const *)columns);
}

char **
muster_column_chooser_list (MusterColumnChooser *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_return_val_if_fail (MUSTER_IS_COLUMN_CHOOSER (self), NULL);

  for (unsigned i = 0; i < self->n_columns; i++)
    if (self->chosen[i])
      g_strv_builder_add (builder, self->table[i].field);
  return g_strv_builder_end (builder);
}

void
muster_column_chooser_choose (MusterColumnChooser *self, const char *const *columns)
{
  g_return_if_fail (MUSTER_IS_COLUMN_CHOOSER (self));

  take (self, columns);
  remember (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

void
muster_column_chooser_reset (MusterColumnChooser *self)
{
  muster_column_chooser_choose (self, NULL);
}

/* --- choosing --- */

static void
muster_column_chooser_toggled_cb (MusterColumnChooser *self, GtkCheckButton *button)
{
  unsigned position = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "muster-position"));

  if (self->chosen[position] == gtk_check_button_get_active (button))
    return;
  self->chosen[position] = gtk_check_button_get_active (button);
  update (self);
  remember (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

GtkWidget *
muster_column_chooser_create_rows (MusterColumnChooser *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  g_return_val_if_fail (MUSTER_IS_COLUMN_CHOOSER (self), NULL);

  for (unsigned i = 0; i < self->n_columns; i++)
    {
      GtkWidget *button =
        gtk_check_button_new_with_label (muster_column_get_title (&self->table[i], self->info));

      gtk_check_button_set_active (GTK_CHECK_BUTTON (button), self->chosen[i]);
      gtk_widget_set_sensitive (button, !is_fixed (&self->table[i]));
      g_object_set_data (G_OBJECT (button), "muster-position", GUINT_TO_POINTER (i));
      g_signal_connect_object (button, "toggled", G_CALLBACK (muster_column_chooser_toggled_cb),
                               self, G_CONNECT_SWAPPED);
      gtk_box_append (GTK_BOX (box), button);
    }
  return box;
}

/* --- life --- */

static void
muster_column_chooser_finalize (GObject *object)
{
  MusterColumnChooser *self = MUSTER_COLUMN_CHOOSER (object);

  g_clear_object (&self->settings);
  g_free (self->name);
  g_free (self->chosen);
  g_ptr_array_unref (self->breakpoints);
  G_OBJECT_CLASS (muster_column_chooser_parent_class)->finalize (object);
}

static void
muster_column_chooser_class_init (MusterColumnChooserClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_column_chooser_finalize;
  signals[CHANGED] = g_signal_new ("changed", MUSTER_TYPE_COLUMN_CHOOSER, G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_column_chooser_init (MusterColumnChooser *self)
{
  self->breakpoints = g_ptr_array_new ();
}

MusterColumnChooser *
muster_column_chooser_new (GtkColumnView          *view,
                           AdwBreakpointBin       *bin,
                           GObject                *owner,
                           const MusterColumn     *table,
                           unsigned                n_columns,
                           const MusterEntityInfo *info,
                           GSettings              *settings,
                           const char             *name)
{
  MusterColumnChooser *self = g_object_new (MUSTER_TYPE_COLUMN_CHOOSER, NULL);

  self->view = view;
  self->bin = bin;
  self->owner = owner;
  self->table = table;
  self->n_columns = n_columns;
  self->info = info;
  self->settings = settings != NULL ? g_object_ref (settings) : NULL;
  self->name = g_strdup (name);
  self->chosen = g_new0 (gboolean, n_columns);
  recall (self);
  return self;
}
