/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-pick-row"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-collection.h"
#include "muster-pick-row.h"
#include "widgets/muster-references.h"

#define MAX_SHOWN 500
#define KEY_ID "muster-id"

struct _MusterPickRow
{
  AdwActionRow parent_instance;

  MusterSession          *session; /* (owned) */
  const MusterEntityInfo *info;
  GPtrArray              *ids;     /* (owned) (element-type utf8) ticked, in the order of ticking */
  DexFuture              *reading; /* (owned) (nullable) */
  gboolean                filling;
  GtkWidget              *button;
  GtkListBox             *list;
};

G_DEFINE_FINAL_TYPE (MusterPickRow, muster_pick_row, ADW_TYPE_ACTION_ROW)

enum
{
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

/* The position of ID among the ticked ones, or -1. */
static int
find (MusterPickRow *self, const char *id)
{
  for (unsigned i = 0; i < self->ids->len; i++)
    if (g_str_equal (self->ids->pdata[i], id))
      return i;
  return -1;
}

static void
show (MusterPickRow *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  MusterReferences *references = muster_references_get (self->session);

  for (unsigned i = 0; i < self->ids->len; i++)
    {
      const char *name =
        muster_references_get_name (references, self->info->name, self->ids->pdata[i]);

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", name != NULL ? name : "…");
    }
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text->len > 0 ? text->str : _ ("None"));
}

static void
muster_pick_row_toggled_cb (MusterPickRow *self, GtkCheckButton *check)
{
  const char *id = g_object_get_data (G_OBJECT (check), KEY_ID);
  int         position = find (self, id);

  if (self->filling)
    return;
  if (gtk_check_button_get_active (check) && position < 0)
    g_ptr_array_add (self->ids, g_strdup (id));
  else if (!gtk_check_button_get_active (check) && position >= 0)
    g_ptr_array_remove_index (self->ids, position);
  show (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
add_choice (MusterPickRow *self, MusterEntity *record)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title",
                                 muster_reference_get_title (record), NULL);
  GtkWidget *check = gtk_check_button_new ();

  g_object_set_data_full (G_OBJECT (check), KEY_ID, g_strdup (muster_entity_get_id (record)),
                          g_free);
  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check),
                               find (self, muster_entity_get_id (record)) >= 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  muster_reference_get_title (record), -1);
  g_signal_connect_object (check, "toggled", G_CALLBACK (muster_pick_row_toggled_cb), self,
                           G_CONNECT_SWAPPED);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);
  gtk_list_box_append (self->list, row);
}

static DexFuture *
muster_pick_row_read_cb (DexFuture *future, gpointer user_data)
{
  MusterPickRow *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue  *value = dex_future_get_value (future, &error);
  MusterApiPage *page = value != NULL ? g_value_get_object (value) : NULL;

  if (page == NULL)
    g_message ("could not read %s: %s", self->info->path, error->message);
  self->filling = TRUE;
  gtk_list_box_remove_all (self->list);
  for (unsigned i = 0; page != NULL && i < muster_api_page_get_length (page); i++)
    {
      muster_references_keep (muster_references_get (self->session), muster_api_page_get (page, i));
      add_choice (self, muster_api_page_get (page, i));
    }
  self->filling = FALSE;
  /* The list was empty when it opened, and the focus went to what holds it. */
  if (gtk_widget_get_mapped (GTK_WIDGET (self->list)))
    gtk_widget_child_focus (GTK_WIDGET (self->list), GTK_DIR_TAB_FORWARD);
  show (self);
  return dex_future_new_true ();
}

/* What there is may have changed since the list was open last. */
static void
muster_pick_row_popup_cb (GtkMenuButton *button, gpointer user_data)
{
  MusterPickRow           *self = user_data;
  const MusterApiListQuery query = { .sort = self->info->title_field, .limit = MAX_SHOWN };

  dex_clear (&self->reading);
  self->reading =
    dex_future_finally (muster_api_collection_list (muster_session_get_client (self->session),
                                                    self->info, &query),
                        muster_pick_row_read_cb, self, NULL);
}

static void
muster_pick_row_dispose (GObject *object)
{
  MusterPickRow *self = MUSTER_PICK_ROW (object);

  dex_clear (&self->reading);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_pick_row_parent_class)->dispose (object);
}

static void
muster_pick_row_finalize (GObject *object)
{
  g_ptr_array_unref (MUSTER_PICK_ROW (object)->ids);
  G_OBJECT_CLASS (muster_pick_row_parent_class)->finalize (object);
}

static void
muster_pick_row_class_init (MusterPickRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_pick_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = muster_pick_row_finalize;
  signals[CHANGED] = g_signal_new ("changed", MUSTER_TYPE_PICK_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_pick_row_init (MusterPickRow *self)
{
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *placeholder = gtk_label_new (_ ("There are none yet"));

  self->ids = g_ptr_array_new_with_free_func (g_free);
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_list_box_set_placeholder (self->list, placeholder);
  g_object_set (placeholder, "margin-top", 12, "margin-bottom", 12, NULL);
  gtk_widget_add_css_class (placeholder, "dim-label");
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_widget_set_size_request (GTK_WIDGET (self->list), 260, -1);
  gtk_popover_set_child (GTK_POPOVER (popover),
                         g_object_new (GTK_TYPE_SCROLLED_WINDOW, "hscrollbar-policy",
                                       GTK_POLICY_NEVER, "propagate-natural-height", TRUE,
                                       "max-content-height", 340, "child", self->list, NULL));
  self->button = gtk_menu_button_new ();
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (self->button), "document-edit-symbolic");
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (self->button), popover);
  gtk_menu_button_set_create_popup_func (GTK_MENU_BUTTON (self->button), muster_pick_row_popup_cb,
                                         self, NULL);
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->button, "flat");
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), self->button);
  gtk_widget_add_css_class (GTK_WIDGET (self), "property");
}

GtkWidget *
muster_pick_row_new (MusterSession *session, const MusterEntityInfo *info, const char *title)
{
  MusterPickRow   *self = g_object_new (MUSTER_TYPE_PICK_ROW, "title", title, NULL);
  g_autofree char *label = g_strdup_printf (_ ("Choose: %s"), title);

  self->session = g_object_ref (session);
  self->info = info;
  gtk_widget_set_tooltip_text (self->button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  g_signal_connect_object (muster_references_get (session), "changed", G_CALLBACK (show), self,
                           G_CONNECT_SWAPPED);
  show (self);
  return GTK_WIDGET (self);
}

void
muster_pick_row_set_ids (MusterPickRow *self, JsonArray *ids)
{
  g_return_if_fail (MUSTER_IS_PICK_ROW (self));

  g_ptr_array_set_size (self->ids, 0);
  for (unsigned i = 0; ids != NULL && i < json_array_get_length (ids); i++)
    {
      JsonNode *node = json_array_get_element (ids, i);

      if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
        g_ptr_array_add (self->ids, g_strdup (json_node_get_string (node)));
    }
  show (self);
}

JsonArray *
muster_pick_row_get_ids (MusterPickRow *self)
{
  JsonArray *ids = json_array_new ();

  g_return_val_if_fail (MUSTER_IS_PICK_ROW (self), ids);

  for (unsigned i = 0; i < self->ids->len; i++)
    json_array_add_string_element (ids, self->ids->pdata[i]);
  return ids;
}
