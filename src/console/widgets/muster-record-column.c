/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-record-column"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-age-label.h"
#include "muster-index-item.h"
#include "muster-path-label.h"
#include "muster-record-column.h"
#include "muster-record-format.h"
#include "muster-references.h"
#include "muster-status-chip.h"
#include "muster-thumbnail.h"

#define KEY_ITEM "muster-list-item"
#define KEY_BELOW "muster-below"

/* Pixels: as much as a row has. */
#define THUMBNAIL_SIZE 32

/* What the cells of a column share: owned by its factory. */
typedef struct
{
  const MusterColumn     *table;
  const MusterEntityInfo *info;
  int                     index; /* of the field, or -1 */
  const char *const      *below; /* (nullable) */
  MusterSession          *session;
  GWeakRef                owner;
  GWeakRef                column;
} Cells;

static void
cells_free (gpointer data)
{
  Cells *cells = data;

  g_clear_object (&cells->session);
  g_weak_ref_clear (&cells->owner);
  g_weak_ref_clear (&cells->column);
  g_free (cells);
}

static const MusterField *
get_field (const Cells *cells)
{
  return cells->index >= 0 ? &cells->info->fields[cells->index] : NULL;
}

const char *
muster_column_get_title (const MusterColumn *self, const MusterEntityInfo *info)
{
  int index = muster_entity_info_find (info, self->field);

  if (self->title != NULL)
    return _ (self->title);
  return index >= 0 ? _ (info->fields[index].label) : "";
}

/* --- kinds of cells --- */

typedef enum
{
  CELL_TEXT,
  CELL_NUMBER,
  CELL_CHIP,
  CELL_AGE,
  CELL_TITLE,
  CELL_OWN,
} CellKind;

static CellKind
get_kind (const Cells *cells)
{
  const MusterField *field = get_field (cells);

  if (cells->table->show != NULL)
    return CELL_OWN;
  if (cells->table->flags & MUSTER_COLUMN_TITLE)
    return CELL_TITLE;
  if (cells->table->flags & MUSTER_COLUMN_AGE)
    return CELL_AGE;
  if (field->type == MUSTER_FIELD_ENUM && muster_status_chip_knows (field->enumeration))
    return CELL_CHIP;
  if (field->type == MUSTER_FIELD_INTEGER || field->type == MUSTER_FIELD_MONEY ||
      field->type == MUSTER_FIELD_DOUBLE)
    return CELL_NUMBER;
  return CELL_TEXT;
}

static GtkWidget *
create_text (PangoEllipsizeMode ellipsize)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), ellipsize);
  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  return label;
}

static void
set_text (GtkWidget *label, const char *text)
{
  if (MUSTER_IS_PATH_LABEL (label))
    muster_path_label_set_path (MUSTER_PATH_LABEL (label), text);
  else
    gtk_label_set_label (GTK_LABEL (label), text != NULL ? text : "");
}

static GtkWidget *
create_text_or_place (const Cells *cells)
{
  const MusterField *field = get_field (cells);

  return field != NULL && g_strcmp0 (field->references, "location") == 0
           ? muster_path_label_new ()
           : create_text (PANGO_ELLIPSIZE_END);
}

static GtkWidget *
create_number (void)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_START);
  gtk_widget_add_css_class (label, "numeric");
  return label;
}

static GtkWidget *
create_chip (void)
{
  GtkWidget *chip = muster_status_chip_new ();

  muster_status_chip_set_can_shrink (MUSTER_STATUS_CHIP (chip), TRUE);
  return chip;
}

static GtkWidget *
create_age (const Cells *cells)
{
  GtkWidget *label = muster_age_label_new ();

  muster_age_label_set_zone (MUSTER_AGE_LABEL (label), muster_session_get_zone (cells->session));
  return label;
}

/* An icon where there is one, the title, and under it what else matters where there is no room for
 * columns. */
static GtkWidget *
create_title (const Cells *cells)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);
  GtkWidget *title = create_text (PANGO_ELLIPSIZE_END);
  GtkWidget *below = create_text (PANGO_ELLIPSIZE_END);

  gtk_label_set_width_chars (GTK_LABEL (title), 10);
  gtk_widget_add_css_class (below, "caption");
  gtk_widget_add_css_class (below, "dim-label");
  gtk_widget_set_hexpand (lines, TRUE);
  gtk_widget_set_valign (lines, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (lines), title);
  gtk_box_append (GTK_BOX (lines), below);
  gtk_box_append (GTK_BOX (box), cells->table->get_picture != NULL
                                   ? muster_thumbnail_new (THUMBNAIL_SIZE)
                                   : gtk_image_new ());
  gtk_box_append (GTK_BOX (box), lines);
  gtk_widget_set_visible (below, FALSE);
  g_object_set_data (G_OBJECT (box), KEY_BELOW, below);
  return box;
}

static GtkWidget *
create_cell (const Cells *cells)
{
  switch (get_kind (cells))
    {
    case CELL_NUMBER:
      return create_number ();
    case CELL_CHIP:
      return create_chip ();
    case CELL_AGE:
      return create_age (cells);
    case CELL_TITLE:
      return create_title (cells);
    case CELL_OWN:
      if (cells->table->create != NULL)
        return cells->table->create (cells->session);
      return cells->table->flags & MUSTER_COLUMN_NUMBER ? create_number ()
                                                        : create_text_or_place (cells);
    case CELL_TEXT:
    default:
      return create_text_or_place (cells);
    }
}

/* --- what they show --- */

/* (transfer full) (nullable) */
static char *
format_cell (const Cells *cells, MusterEntity *record)
{
  if ((cells->table->flags & MUSTER_COLUMN_DATE) &&
      !muster_entity_is_null (record, cells->table->field))
    return muster_format_date (muster_entity_get_integer (record, cells->table->field),
                               muster_session_get_zone (cells->session));
  return muster_record_format_index (cells->session, record, cells->index);
}

static gboolean
is_narrow (const Cells *cells)
{
  g_autoptr (GObject) owner = g_weak_ref_get ((GWeakRef *)&cells->owner);
  gboolean narrow = FALSE;

  if (owner != NULL && cells->below != NULL)
    g_object_get (owner, "narrow", &narrow, NULL);
  return narrow;
}

/* The columns of the view, or NULL where it has gone: (transfer none). */
static GListModel *
get_columns (const Cells *cells)
{
  g_autoptr (GtkColumnViewColumn) column = g_weak_ref_get ((GWeakRef *)&cells->column);
  GtkColumnView *view = column != NULL ? gtk_column_view_column_get_column_view (column) : NULL;

  return view != NULL ? gtk_column_view_get_columns (view) : NULL;
}

static gboolean
has_column (GListModel *columns, const char *field)
{
  for (unsigned i = 0; columns != NULL && i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, i);

      if (gtk_column_view_column_get_visible (column) &&
          g_strcmp0 (gtk_column_view_column_get_id (column), field) == 0)
        return TRUE;
    }
  return FALSE;
}

/* What the columns do not say already: (transfer full). */
static char *
format_below (const Cells *cells, MusterEntity *record)
{
  g_autoptr (GPtrArray) fields = g_ptr_array_new_null_terminated (4, NULL, TRUE);
  GListModel *columns = get_columns (cells);

  for (unsigned i = 0; cells->below[i] != NULL; i++)
    if (!has_column (columns, cells->below[i]))
      g_ptr_array_add (fields, (gpointer)cells->below[i]);
  return muster_record_format_line (cells->session, record, (const char *const *)fields->pdata);
}

/* (transfer full) (nullable) */
static char *
format_title (const Cells *cells, MusterEntity *record)
{
  return cells->table->dup_title != NULL ? cells->table->dup_title (record)
                                         : format_cell (cells, record);
}

static void
show_title (const Cells *cells, GtkWidget *box, MusterEntity *record)
{
  GtkWidget       *image = gtk_widget_get_first_child (box);
  GtkWidget       *below = g_object_get_data (G_OBJECT (box), KEY_BELOW);
  g_autofree char *text = format_title (cells, record);
  g_autofree char *line = NULL;
  const char *icon_name = cells->table->get_icon_name != NULL ? cells->table->get_icon_name (record)
                                                              : cells->table->icon_name;

  gtk_widget_set_visible (image, icon_name != NULL);
  if (cells->table->get_picture != NULL)
    muster_thumbnail_set (MUSTER_THUMBNAIL (image), cells->session,
                          cells->table->get_picture (record), icon_name);
  else if (icon_name != NULL)
    gtk_image_set_from_icon_name (GTK_IMAGE (image), icon_name);
  set_text (gtk_widget_get_prev_sibling (below), text);
  if (is_narrow (cells))
    line = format_below (cells, record);
  set_text (below, line);
  gtk_widget_set_visible (below, line != NULL && *line != '\0');
}

static void
show_cell (const Cells *cells, GtkWidget *cell, MusterEntity *record)
{
  g_autofree char *text = NULL;

  switch (get_kind (cells))
    {
    case CELL_OWN:
      cells->table->show (cell, record, cells->session);
      break;
    case CELL_CHIP:
      gtk_widget_set_visible (cell, !muster_entity_is_null (record, cells->table->field));
      muster_status_chip_set_value (MUSTER_STATUS_CHIP (cell), get_field (cells)->enumeration,
                                    muster_entity_get_enum (record, cells->table->field));
      break;
    case CELL_AGE:
      muster_age_label_set_time (MUSTER_AGE_LABEL (cell),
                                 muster_entity_get_integer (record, cells->table->field));
      break;
    case CELL_TITLE:
      show_title (cells, cell, record);
      break;
    case CELL_NUMBER:
      text = format_cell (cells, record);
      gtk_label_set_label (GTK_LABEL (cell), text != NULL ? text : "");
      break;
    case CELL_TEXT:
    default:
      text = format_cell (cells, record);
      set_text (cell, text);
      break;
    }
}

static const Cells *
get_cells (GtkListItem *list_item)
{
  return g_object_get_data (G_OBJECT (list_item), "muster-cells");
}

static void
muster_record_column_update (GtkListItem *list_item)
{
  MusterIndexItem *item = gtk_list_item_get_item (list_item);
  GtkWidget       *stack = gtk_list_item_get_child (list_item);
  const Cells     *cells = get_cells (list_item);
  MusterEntity    *record = item != NULL ? muster_index_item_get_entity (item) : NULL;

  if (item == NULL || stack == NULL)
    return;
  if (record != NULL)
    {
      show_cell (cells, gtk_stack_get_child_by_name (GTK_STACK (stack), "cell"), record);
      if (cells->table->flags & MUSTER_COLUMN_TITLE)
        {
          g_autofree char *title =
            cells->table->dup_title != NULL ? cells->table->dup_title (record) : NULL;

          gtk_list_item_set_accessible_label (list_item, title != NULL
                                                           ? title
                                                           : muster_reference_get_title (record));
        }
    }
  gtk_stack_set_visible_child_name (GTK_STACK (stack), record != NULL ? "cell" : "skeleton");
}

static gboolean
shows_references (const Cells *cells)
{
  const MusterField *field = get_field (cells);

  return cells->table->show != NULL || (cells->table->flags & MUSTER_COLUMN_TITLE) != 0 ||
         (field != NULL && field->references != NULL);
}

/* What a column says goes from below the title, and comes back with the column's going. */
static void
follow_columns (const Cells *cells, GtkListItem *list_item)
{
  GListModel *columns = get_columns (cells);
  g_autoptr (GObject) owner = g_weak_ref_get ((GWeakRef *)&cells->owner);

  if (cells->below == NULL || !(cells->table->flags & MUSTER_COLUMN_TITLE))
    return;
  if (owner != NULL)
    g_signal_connect_object (owner, "notify::narrow", G_CALLBACK (muster_record_column_update),
                             list_item, G_CONNECT_SWAPPED);
  for (unsigned i = 0; columns != NULL && i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr (GtkColumnViewColumn) column = g_list_model_get_item (columns, i);

      g_signal_connect_object (column, "notify::visible", G_CALLBACK (muster_record_column_update),
                               list_item, G_CONNECT_SWAPPED);
    }
}

static void
muster_record_column_setup_cb (GtkSignalListItemFactory *factory,
                               GtkListItem              *list_item,
                               Cells                    *cells)
{
  GtkWidget *stack = gtk_stack_new ();
  GtkWidget *skeleton = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_add_css_class (skeleton, "skeleton");
  gtk_widget_set_valign (skeleton, GTK_ALIGN_CENTER);
  gtk_stack_add_named (GTK_STACK (stack), create_cell (cells), "cell");
  gtk_stack_add_named (GTK_STACK (stack), skeleton, "skeleton");
  g_object_set_data (G_OBJECT (stack), KEY_ITEM, list_item);
  g_object_set_data (G_OBJECT (list_item), "muster-cells", cells);
  gtk_list_item_set_child (list_item, stack);
  follow_columns (cells, list_item);
  if (shows_references (cells))
    g_signal_connect_object (muster_references_get (cells->session), "changed",
                             G_CALLBACK (muster_record_column_update), list_item,
                             G_CONNECT_SWAPPED);
}

static void
muster_record_column_bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  g_signal_connect_object (gtk_list_item_get_item (list_item), "changed",
                           G_CALLBACK (muster_record_column_update), list_item, G_CONNECT_SWAPPED);
  muster_record_column_update (list_item);
}

static void
muster_record_column_unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (list_item),
                                        muster_record_column_update, list_item);
}

static void
muster_record_column_teardown_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  /* The last words of references find no cell any more. */
  gtk_list_item_set_child (list_item, NULL);
}

void
muster_record_column_set_up (GtkColumnViewColumn    *column,
                             const MusterColumn     *table,
                             const MusterEntityInfo *info,
                             const char *const      *below,
                             MusterSession          *session,
                             GObject                *owner)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  Cells *cells = g_new0 (Cells, 1);

  cells->table = table;
  cells->info = info;
  cells->index = muster_entity_info_find (info, table->field);
  cells->below = below;
  cells->session = g_object_ref (session);
  g_weak_ref_init (&cells->owner, owner);
  g_weak_ref_init (&cells->column, column);
  g_object_set_data_full (G_OBJECT (factory), "muster-cells", cells, cells_free);
  g_return_if_fail (cells->index >= 0 || table->show != NULL);

  g_signal_connect (factory, "setup", G_CALLBACK (muster_record_column_setup_cb), cells);
  g_signal_connect (factory, "bind", G_CALLBACK (muster_record_column_bind_cb), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (muster_record_column_unbind_cb), NULL);
  g_signal_connect (factory, "teardown", G_CALLBACK (muster_record_column_teardown_cb), NULL);
  gtk_column_view_column_set_id (column, table->field);
  gtk_column_view_column_set_title (column, muster_column_get_title (table, info));
  gtk_column_view_column_set_factory (column, factory);
  gtk_column_view_column_set_resizable (column, TRUE);
  if (table->flags & MUSTER_COLUMN_TITLE)
    gtk_column_view_column_set_expand (column, TRUE);
  else
    gtk_column_view_column_set_fixed_width (column, table->width);
  if (cells->index >= 0 && !(table->flags & MUSTER_COLUMN_UNSORTED))
    {
      /* The daemon sorts; a sorter that does nothing makes the header clickable. */
      g_autoptr (GtkSorter) sorter = GTK_SORTER (gtk_custom_sorter_new (NULL, NULL, NULL));

      gtk_column_view_column_set_sorter (column, sorter);
    }
}

gboolean
muster_record_column_is_number (GtkColumnViewColumn *column)
{
  GtkListItemFactory *factory = gtk_column_view_column_get_factory (column);
  const Cells        *cells =
    factory != NULL ? g_object_get_data (G_OBJECT (factory), "muster-cells") : NULL;

  return cells != NULL &&
         (get_kind (cells) == CELL_NUMBER || (cells->table->flags & MUSTER_COLUMN_NUMBER) != 0);
}

/* --- check boxes of the selection --- */

static void
muster_record_column_mark_toggled_cb (GtkCheckButton *button, GtkListItem *list_item)
{
  GtkWidget         *view = gtk_widget_get_ancestor (GTK_WIDGET (button), GTK_TYPE_COLUMN_VIEW);
  GtkSelectionModel *selection =
    view != NULL ? gtk_column_view_get_model (GTK_COLUMN_VIEW (view)) : NULL;
  gboolean active = gtk_check_button_get_active (button);

  if (selection == NULL || gtk_list_item_get_position (list_item) == GTK_INVALID_LIST_POSITION ||
      gtk_list_item_get_selected (list_item) == active)
    return;
  if (active)
    gtk_selection_model_select_item (selection, gtk_list_item_get_position (list_item), FALSE);
  else
    gtk_selection_model_unselect_item (selection, gtk_list_item_get_position (list_item));
}

static void
muster_record_column_selected_cb (GtkListItem *list_item)
{
  gtk_check_button_set_active (GTK_CHECK_BUTTON (gtk_list_item_get_child (list_item)),
                               gtk_list_item_get_selected (list_item));
}

static void
muster_record_column_mark_setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  GtkWidget *button = gtk_check_button_new ();

  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Selected"), -1);
  gtk_list_item_set_child (list_item, button);
  g_signal_connect_object (button, "toggled", G_CALLBACK (muster_record_column_mark_toggled_cb),
                           list_item, 0);
  g_signal_connect (list_item, "notify::selected", G_CALLBACK (muster_record_column_selected_cb),
                    NULL);
}

static void
muster_record_column_mark_bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  muster_record_column_selected_cb (list_item);
}

void
muster_record_column_set_up_marks (GtkColumnViewColumn *column)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (muster_record_column_mark_setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (muster_record_column_mark_bind_cb), NULL);
  gtk_column_view_column_set_factory (column, factory);
}

/* --- finding a row --- */

static GtkListItem *
find_item_below (GtkWidget *widget)
{
  GtkListItem *item = g_object_get_data (G_OBJECT (widget), KEY_ITEM);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); item == NULL && child != NULL;
       child = gtk_widget_get_next_sibling (child))
    item = find_item_below (child);
  return item;
}

unsigned
muster_record_column_find_position (GtkWidget *widget)
{
  GtkListItem *item = NULL;

  while (widget != NULL && !GTK_IS_COLUMN_VIEW (widget) &&
         g_strcmp0 (gtk_widget_get_css_name (widget), "row") != 0)
    widget = gtk_widget_get_parent (widget);
  if (widget != NULL && !GTK_IS_COLUMN_VIEW (widget))
    item = find_item_below (widget);
  return item != NULL ? gtk_list_item_get_position (item) : GTK_INVALID_LIST_POSITION;
}
