/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-rows-editor"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-json.h"
#include "muster-rows-editor.h"

typedef struct
{
  gpointer   item; /* (owned) */
  GtkWidget *row;  /* borrowed from the group */
} Entry;

typedef struct
{
  GPtrArray *entries; /* (owned) (element-type Entry) */
  GtkWidget *add;
} MusterRowsEditorPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (MusterRowsEditor,
                                     muster_rows_editor,
                                     ADW_TYPE_PREFERENCES_GROUP)

enum
{
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->item);
  g_free (entry);
}

static GPtrArray *
get_entries (MusterRowsEditor *self)
{
  return ((MusterRowsEditorPrivate *)muster_rows_editor_get_instance_private (self))->entries;
}

static Entry *
get_entry (MusterRowsEditor *self, unsigned index)
{
  return get_entries (self)->pdata[index];
}

unsigned
muster_rows_editor_get_length (MusterRowsEditor *self)
{
  g_return_val_if_fail (MUSTER_IS_ROWS_EDITOR (self), 0);

  return get_entries (self)->len;
}

gpointer
muster_rows_editor_get_item (MusterRowsEditor *self, unsigned index)
{
  g_return_val_if_fail (MUSTER_IS_ROWS_EDITOR (self), NULL);
  g_return_val_if_fail (index < get_entries (self)->len, NULL);

  return get_entry (self, index)->item;
}

void
muster_rows_editor_changed (MusterRowsEditor *self)
{
  MusterRowsEditorClass   *klass;
  MusterRowsEditorPrivate *priv;

  g_return_if_fail (MUSTER_IS_ROWS_EDITOR (self));

  klass = MUSTER_ROWS_EDITOR_GET_CLASS (self);
  priv = muster_rows_editor_get_instance_private (self);
  for (unsigned i = 0; i < priv->entries->len; i++)
    {
      GtkWidget *row = get_entry (self, i)->row;

      gtk_widget_remove_css_class (row, "error");
      klass->show (self, i, get_entry (self, i)->item, ADW_EXPANDER_ROW (row));
    }
  gtk_widget_set_sensitive (priv->add, priv->entries->len < klass->most);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* --- rows --- */

static void
remove_entry (MusterRowsEditor *self, unsigned index)
{
  adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), get_entry (self, index)->row);
  g_ptr_array_remove_index (get_entries (self), index);
}

/* The index of the row that BUTTON stands in. */
static unsigned
find_entry (MusterRowsEditor *self, GtkWidget *button)
{
  GtkWidget *row = gtk_widget_get_ancestor (button, ADW_TYPE_EXPANDER_ROW);
  unsigned   index = 0;

  while (index < get_entries (self)->len && get_entry (self, index)->row != row)
    index++;
  return index;
}

/* The keyboard goes on where the row was. */
static void
muster_rows_editor_remove_cb (MusterRowsEditor *self, GtkWidget *button)
{
  MusterRowsEditorPrivate *priv = muster_rows_editor_get_instance_private (self);
  unsigned                 index = find_entry (self, button);

  if (index >= priv->entries->len)
    return;
  remove_entry (self, index);
  muster_rows_editor_changed (self);
  if (index < priv->entries->len)
    gtk_widget_child_focus (get_entry (self, index)->row, GTK_DIR_TAB_FORWARD);
  else
    gtk_widget_grab_focus (priv->add);
}

/* A group has no way to move a row: all behind it are put there anew. */
static void
muster_rows_editor_move_cb (MusterRowsEditor *self, GtkWidget *button)
{
  GPtrArray *entries = get_entries (self);
  unsigned   index = find_entry (self, button);
  Entry     *entry;

  if (index == 0 || index >= entries->len)
    return;
  entry = g_ptr_array_steal_index (entries, index);
  g_ptr_array_insert (entries, (int)index - 1, entry);
  for (unsigned i = index - 1; i < entries->len; i++)
    {
      g_autoptr (GtkWidget) row = g_object_ref (get_entry (self, i)->row);

      adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), row);
      adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
    }
  muster_rows_editor_changed (self);
  gtk_widget_grab_focus (button);
}

static void
muster_rows_editor_add_cb (MusterRowsEditor *self)
{
  MUSTER_ROWS_EDITOR_GET_CLASS (self)->add (self);
  muster_rows_editor_changed (self);
}

static GtkWidget *
create_button (MusterRowsEditor *self, const char *icon_name, const char *label, GCallback clicked)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon_name);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  g_signal_connect_object (button, "clicked", clicked, self, G_CONNECT_SWAPPED);
  return button;
}

void
muster_rows_editor_append (MusterRowsEditor *self, gpointer item)
{
  MusterRowsEditorClass *klass;
  Entry                 *entry;

  g_return_if_fail (MUSTER_IS_ROWS_EDITOR (self) && item != NULL);

  klass = MUSTER_ROWS_EDITOR_GET_CLASS (self);
  entry = g_new0 (Entry, 1);
  entry->item = item;
  entry->row = g_object_new (ADW_TYPE_EXPANDER_ROW, "use-markup", FALSE, "subtitle-lines", 2, NULL);
  adw_expander_row_add_suffix (ADW_EXPANDER_ROW (entry->row),
                               create_button (self, "user-trash-symbolic", _ (klass->remove_label),
                                              G_CALLBACK (muster_rows_editor_remove_cb)));
  if (klass->move_label != NULL)
    adw_expander_row_add_suffix (ADW_EXPANDER_ROW (entry->row),
                                 create_button (self, "go-up-symbolic", _ (klass->move_label),
                                                G_CALLBACK (muster_rows_editor_move_cb)));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), entry->row);
  g_ptr_array_add (get_entries (self), entry);
}

void
muster_rows_editor_add_part (MusterRowsEditor *self, GtkWidget *part, const char *signal)
{
  GPtrArray *entries;

  g_return_if_fail (MUSTER_IS_ROWS_EDITOR (self));

  entries = get_entries (self);
  g_return_if_fail (entries->len > 0);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (get_entry (self, entries->len - 1)->row), part);
  g_signal_connect_object (part, signal, G_CALLBACK (muster_rows_editor_changed), self,
                           G_CONNECT_SWAPPED);
}

void
muster_rows_editor_open (MusterRowsEditor *self, gpointer item, GtkWidget *part)
{
  g_return_if_fail (MUSTER_IS_ROWS_EDITOR (self));

  for (unsigned i = 0; i < get_entries (self)->len; i++)
    if (get_entry (self, i)->item == item)
      adw_expander_row_set_expanded (ADW_EXPANDER_ROW (get_entry (self, i)->row), TRUE);
  gtk_widget_grab_focus (part);
}

/* --- JSON --- */

void
muster_rows_editor_set_json (MusterRowsEditor *self, const char *json)
{
  g_autoptr (JsonNode) root = json != NULL ? json_from_string (json, NULL) : NULL;
  JsonArray *array =
    root != NULL && JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root) : NULL;

  g_return_if_fail (MUSTER_IS_ROWS_EDITOR (self));

  while (get_entries (self)->len > 0)
    remove_entry (self, get_entries (self)->len - 1);
  for (unsigned i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *object = muster_api_json_as_object (json_array_get_element (array, i));

      if (object != NULL)
        MUSTER_ROWS_EDITOR_GET_CLASS (self)->read (self, object);
    }
  muster_rows_editor_changed (self);
}

char *
muster_rows_editor_dup_json (MusterRowsEditor *self)
{
  g_autoptr (JsonArray) array = json_array_new ();
  g_autoptr (JsonNode) root = NULL;
  GPtrArray *entries;

  g_return_val_if_fail (MUSTER_IS_ROWS_EDITOR (self), NULL);

  entries = get_entries (self);
  if (entries->len == 0)
    return NULL;
  for (unsigned i = 0; i < entries->len; i++)
    json_array_add_object_element (array, MUSTER_ROWS_EDITOR_GET_CLASS (self)->write (
                                            get_entry (self, i)->item));
  root = json_node_init_array (json_node_alloc (), array);
  return muster_api_json_to_string (root, FALSE);
}

void
muster_rows_editor_set_error (MusterRowsEditor *self, unsigned index, const char *message)
{
  g_return_if_fail (MUSTER_IS_ROWS_EDITOR (self));

  for (unsigned i = 0; i < get_entries (self)->len; i++)
    {
      GtkWidget *row = get_entry (self, i)->row;

      if (message == NULL)
        gtk_widget_remove_css_class (row, "error");
      else if (i == index)
        {
          gtk_widget_add_css_class (row, "error");
          adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (row), message);
        }
    }
}

/* --- life --- */

static void
muster_rows_editor_constructed (GObject *object)
{
  MusterRowsEditor        *self = MUSTER_ROWS_EDITOR (object);
  MusterRowsEditorPrivate *priv = muster_rows_editor_get_instance_private (self);

  G_OBJECT_CLASS (muster_rows_editor_parent_class)->constructed (object);
  priv->add =
    create_button (self, "list-add-symbolic", _ (MUSTER_ROWS_EDITOR_GET_CLASS (self)->add_label),
                   G_CALLBACK (muster_rows_editor_add_cb));
  adw_preferences_group_set_header_suffix (ADW_PREFERENCES_GROUP (self), priv->add);
}

static void
muster_rows_editor_finalize (GObject *object)
{
  g_ptr_array_unref (get_entries (MUSTER_ROWS_EDITOR (object)));
  G_OBJECT_CLASS (muster_rows_editor_parent_class)->finalize (object);
}

static void
muster_rows_editor_class_init (MusterRowsEditorClass *klass)
{
  G_OBJECT_CLASS (klass)->constructed = muster_rows_editor_constructed;
  G_OBJECT_CLASS (klass)->finalize = muster_rows_editor_finalize;
  signals[CHANGED] = g_signal_new ("changed", MUSTER_TYPE_ROWS_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_rows_editor_init (MusterRowsEditor *self)
{
  MusterRowsEditorPrivate *priv = muster_rows_editor_get_instance_private (self);

  priv->entries = g_ptr_array_new_with_free_func (entry_free);
}
