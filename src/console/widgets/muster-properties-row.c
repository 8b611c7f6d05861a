/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-properties-row"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>

#include "muster-properties-row.h"

struct _MusterPropertiesRow
{
  AdwExpanderRow parent_instance;

  GPtrArray *pairs; /* (owned) (element-type GtkWidget) rows, borrowed from their parent */
};

G_DEFINE_FINAL_TYPE (MusterPropertiesRow, muster_properties_row, ADW_TYPE_EXPANDER_ROW)

static GtkEditable *
get_part (GtkWidget *pair, const char *part)
{
  return GTK_EDITABLE (g_object_get_data (G_OBJECT (pair), part));
}

static void
show_count (MusterPropertiesRow *self)
{
  unsigned         count = self->pairs->len;
  g_autofree char *text =
    count > 0 ? g_strdup_printf (ngettext ("%u property", "%u properties", count), count)
              : g_strdup (_ ("None"));

  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), text);
}

static void
muster_properties_row_remove_cb (MusterPropertiesRow *self, GtkWidget *button)
{
  GtkWidget *pair = gtk_widget_get_ancestor (button, GTK_TYPE_LIST_BOX_ROW);

  g_ptr_array_remove (self->pairs, pair);
  adw_expander_row_remove (ADW_EXPANDER_ROW (self), pair);
  show_count (self);
}

static GtkWidget *
create_entry (const char *text, const char *label)
{
  GtkWidget *entry = gtk_entry_new ();

  gtk_editable_set_text (GTK_EDITABLE (entry), text);
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 6);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_hexpand (entry, TRUE);
  gtk_widget_set_valign (entry, GTK_ALIGN_CENTER);
  return entry;
}

/* KEPT: the value where it is none that can be typed (transfer full) (nullable). */
static GtkWidget *
add_pair (MusterPropertiesRow *self, const char *name, const char *value, JsonNode *kept)
{
  GtkWidget *pair = adw_preferences_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *names = create_entry (name, _ ("Name"));
  GtkWidget *values = create_entry (value, _ ("Value"));
  GtkWidget *remove = gtk_button_new_from_icon_name ("user-trash-symbolic");

  g_object_set (box, "margin-top", 6, "margin-bottom", 6, "margin-start", 12, "margin-end", 6,
                NULL);
  gtk_editable_set_editable (GTK_EDITABLE (values), kept == NULL);
  gtk_widget_set_tooltip_text (remove, _ ("Remove"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (remove), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Remove"), -1);
  gtk_widget_add_css_class (remove, "flat");
  gtk_widget_set_valign (remove, GTK_ALIGN_CENTER);
  g_signal_connect_object (remove, "clicked", G_CALLBACK (muster_properties_row_remove_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), names);
  gtk_box_append (GTK_BOX (box), values);
  gtk_box_append (GTK_BOX (box), remove);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (pair), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (pair), FALSE);
  g_object_set_data (G_OBJECT (pair), "muster-name", names);
  g_object_set_data (G_OBJECT (pair), "muster-value", values);
  if (kept != NULL)
    g_object_set_data_full (G_OBJECT (pair), "muster-kept", kept, (GDestroyNotify)json_node_unref);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), pair);
  g_ptr_array_add (self->pairs, pair);
  show_count (self);
  return names;
}

static void
muster_properties_row_add_cb (MusterPropertiesRow *self)
{
  GtkWidget *name = add_pair (self, "", "", NULL);

  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (self), TRUE);
  gtk_widget_grab_focus (name);
}

static void
muster_properties_row_finalize (GObject *object)
{
  g_ptr_array_unref (MUSTER_PROPERTIES_ROW (object)->pairs);
  G_OBJECT_CLASS (muster_properties_row_parent_class)->finalize (object);
}

static void
muster_properties_row_class_init (MusterPropertiesRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_properties_row_finalize;
}

static void
muster_properties_row_init (MusterPropertiesRow *self)
{
  GtkWidget *add = gtk_button_new_from_icon_name ("list-add-symbolic");

  self->pairs = g_ptr_array_new ();
  gtk_widget_set_valign (add, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (add, "flat");
  gtk_widget_set_tooltip_text (add, _ ("Add a property"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (add), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Add a property"), -1);
  g_signal_connect_object (add, "clicked", G_CALLBACK (muster_properties_row_add_cb), self,
                           G_CONNECT_SWAPPED);
  adw_expander_row_add_suffix (ADW_EXPANDER_ROW (self), add);
  show_count (self);
}

GtkWidget *
muster_properties_row_new (const char *title)
{
  return g_object_new (MUSTER_TYPE_PROPERTIES_ROW, "title", title, "use-markup", FALSE, NULL);
}

void
muster_properties_row_set_text (MusterPropertiesRow *self, const char *json)
{
  g_autoptr (JsonNode) node = NULL;
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *member;

  g_return_if_fail (MUSTER_IS_PROPERTIES_ROW (self));

  while (self->pairs->len > 0)
    adw_expander_row_remove (ADW_EXPANDER_ROW (self),
                             g_ptr_array_steal_index (self->pairs, self->pairs->len - 1));
  show_count (self);
  node = json != NULL && *json != '\0' ? json_from_string (json, NULL) : NULL;
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return;
  json_object_iter_init_ordered (&iter, json_node_get_object (node));
  while (json_object_iter_next_ordered (&iter, &name, &member))
    {
      gboolean is_text =
        JSON_NODE_HOLDS_VALUE (member) && json_node_get_value_type (member) == G_TYPE_STRING;
      g_autofree char *text =
        is_text ? g_strdup (json_node_get_string (member)) : json_to_string (member, FALSE);

      add_pair (self, name, text, JSON_NODE_HOLDS_VALUE (member) ? NULL : json_node_copy (member));
    }
}

/* "12.5" becomes a number, "true" a boolean, all else stays text: (transfer full). */
static JsonNode *
read_value (const char *text)
{
  JsonNode *node = json_from_string (text, NULL);

  if (node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
      json_node_get_value_type (node) != G_TYPE_STRING)
    return node;
  g_clear_pointer (&node, json_node_unref);
  node = json_node_new (JSON_NODE_VALUE);
  json_node_set_string (node, text);
  return node;
}

char *
muster_properties_row_dup_text (MusterPropertiesRow *self)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  g_return_val_if_fail (MUSTER_IS_PROPERTIES_ROW (self), NULL);

  for (unsigned i = 0; i < self->pairs->len; i++)
    {
      GtkWidget       *pair = self->pairs->pdata[i];
      JsonNode        *kept = g_object_get_data (G_OBJECT (pair), "muster-kept");
      g_autofree char *name =
        g_strstrip (g_strdup (gtk_editable_get_text (get_part (pair, "muster-name"))));

      if (*name != '\0')
        json_object_set_member (object, name,
                                kept != NULL ? json_node_copy (kept)
                                             : read_value (gtk_editable_get_text (
                                                 get_part (pair, "muster-value"))));
    }
  if (json_object_get_size (object) == 0)
    return g_strdup ("");
  json_node_set_object (node, object);
  return json_to_string (node, FALSE);
}
