/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-saved-views"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "client/muster-api-json.h"
#include "client/muster-api-views.h"
#include "muster-format.h"
#include "muster-saved-views.h"

struct _MusterSavedViews
{
  GtkPopover parent_instance;

  MusterSession *session; /* (owned) */
  char          *entity;  /* (owned) */
  DexFuture     *reading; /* (owned) (nullable) */
  GtkListBox    *list;
  GtkLabel      *placeholder; /* (owned) */
};

G_DEFINE_FINAL_TYPE (MusterSavedViews, muster_saved_views, GTK_TYPE_POPOVER)

enum
{
  CHOSEN,
  SAVE,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static MusterEntity *
view_of (GtkWidget *row)
{
  return g_object_get_data (G_OBJECT (row), "muster-view");
}

/* --- choosing --- */

/* The JSON in FIELD of VIEW, or NULL: (transfer full). */
static JsonNode *
parse_field (MusterEntity *view, const char *field)
{
  const char *text = muster_entity_get_string (view, field);

  return text != NULL ? json_from_string (text, NULL) : NULL;
}

static char **
list_columns (MusterEntity *view)
{
  g_autoptr (JsonNode) node = parse_field (view, "columns");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return NULL;
  array = json_node_get_array (node);
  for (unsigned i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_VALUE (element) && json_node_get_value_type (element) == G_TYPE_STRING)
        g_strv_builder_add (builder, json_node_get_string (element));
    }
  return g_strv_builder_end (builder);
}

void
muster_saved_view_read (MusterEntity *view, char ***filters, char ***columns)
{
  g_autoptr (JsonNode) node = parse_field (view, "query");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonObject    *query = node != NULL ? muster_api_json_as_object (node) : NULL;
  JsonObjectIter iter;
  const char    *name;

  if (query != NULL)
    {
      json_object_iter_init (&iter, query);
      while (json_object_iter_next (&iter, &name, NULL))
        if (!g_str_equal (name, "q") && !g_str_equal (name, "sort") &&
            muster_api_json_get_string (query, name) != NULL)
          g_strv_builder_add_many (builder, name, muster_api_json_get_string (query, name), NULL);
    }
  *filters = g_strv_builder_end (builder);
  *columns = list_columns (view);
}

static void
choose (MusterSavedViews *self, MusterEntity *view)
{
  g_autoptr (JsonNode) node = parse_field (view, "query");
  g_auto (GStrv) filters = NULL;
  g_auto (GStrv) columns = NULL;
  JsonObject *query = node != NULL ? muster_api_json_as_object (node) : NULL;

  muster_saved_view_read (view, &filters, &columns);
  g_signal_emit (self, signals[CHOSEN], 0,
                 query != NULL ? muster_api_json_get_string (query, "q") : NULL,
                 query != NULL ? muster_api_json_get_string (query, "sort") : NULL, filters,
                 columns);
}

static void
muster_saved_views_activated_cb (MusterSavedViews *self, GtkWidget *row)
{
  gtk_popover_popdown (GTK_POPOVER (self));
  choose (self, view_of (row));
}

/* --- taking one away --- */

typedef struct
{
  MusterSession *session;
  MusterEntity  *view;
} Removal;

static void
removal_free (gpointer data)
{
  Removal *removal = data;

  g_object_unref (removal->session);
  g_object_unref (removal->view);
  g_free (removal);
}

static DexFuture *
muster_saved_views_delete_fiber (gpointer user_data)
{
  Removal         *removal = user_data;
  const char      *id = muster_entity_get_id (removal->view);
  g_autofree char *text =
    g_strdup_printf (_ ("“%s” is deleted"), muster_entity_get_string (removal->view, "name"));
  g_autoptr (GError) error = NULL;

  if (dex_await (muster_api_views_delete (muster_session_get_client (removal->session), id, 0),
                 &error))
    muster_session_offer_journal_undo (removal->session, text, "saved_view", id);
  else
    muster_session_tell_error (removal->session, _ ("Could not delete the view"), error);
  return dex_future_new_true ();
}

static void
muster_saved_views_delete_cb (MusterSavedViews *self, GtkWidget *button)
{
  GtkWidget *row = gtk_widget_get_ancestor (button, GTK_TYPE_LIST_BOX_ROW);
  Removal   *removal = g_new0 (Removal, 1);

  removal->session = g_object_ref (self->session);
  removal->view = g_object_ref (view_of (row));
  gtk_popover_popdown (GTK_POPOVER (self));
  dex_future_disown (
    dex_scheduler_spawn (NULL, 0, muster_saved_views_delete_fiber, removal, removal_free));
}

/* --- saving the present one --- */

static void
muster_saved_views_save_cb (MusterSavedViews *self)
{
  gtk_popover_popdown (GTK_POPOVER (self));
  g_signal_emit (self, signals[SAVE], 0);
}

static DexFuture *
muster_saved_views_saved_cb (DexFuture *future, gpointer session)
{
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (value == NULL)
    muster_session_tell_error (session, _ ("Could not save the view"), error);
  else
    {
      MusterEntity    *view = g_value_get_object (value);
      g_autofree char *text =
        g_strdup_printf (_ ("“%s” is saved"), muster_entity_get_string (view, "name"));

      muster_session_offer_journal_undo (session, text, "saved_view", muster_entity_get_id (view));
    }
  return dex_future_new_true ();
}

/* What is to be saved once it has a name. */
typedef struct
{
  MusterSession *session;
  char          *entity;
  JsonObject    *query;
  JsonArray     *columns;
  GtkWidget     *name;
  GtkWidget     *shared;
} Draft;

static void
draft_free (gpointer data, GClosure *closure)
{
  Draft *draft = data;

  g_object_unref (draft->session);
  g_free (draft->entity);
  json_object_unref (draft->query);
  json_array_unref (draft->columns);
  g_free (draft);
}

static void
muster_saved_views_response_cb (AdwDialog *dialog, const char *response, Draft *draft)
{
  dex_future_disown (dex_future_finally (
    muster_api_views_create (muster_session_get_client (draft->session),
                             gtk_editable_get_text (GTK_EDITABLE (draft->name)), draft->entity,
                             json_object_ref (draft->query), json_array_ref (draft->columns),
                             adw_switch_row_get_active (ADW_SWITCH_ROW (draft->shared))),
    muster_saved_views_saved_cb, g_object_ref (draft->session), g_object_unref));
}

static void
muster_saved_views_named_cb (AdwAlertDialog *dialog, GtkEditable *name)
{
  adw_alert_dialog_set_response_enabled (dialog, "save", *gtk_editable_get_text (name) != '\0');
}

static void
ask_name (MusterSavedViews *self, Draft *draft)
{
  AdwDialog *dialog =
    adw_alert_dialog_new (_ ("Save View"),
                          _ ("Search, filters, order and columns come back with one click."));
  GtkWidget *rows = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (rows), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (rows, "boxed-list");
  draft->name = adw_entry_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (draft->name), _ ("Name"));
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (draft->name), TRUE);
  draft->shared = adw_switch_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (draft->shared), _ ("For everybody"));
  gtk_list_box_append (GTK_LIST_BOX (rows), draft->name);
  gtk_list_box_append (GTK_LIST_BOX (rows), draft->shared);
  adw_alert_dialog_set_extra_child (ADW_ALERT_DIALOG (dialog), rows);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _ ("_Cancel"), "save",
                                  _ ("_Save"), NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "save",
                                            ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_response_enabled (ADW_ALERT_DIALOG (dialog), "save", FALSE);
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "save");
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");
  g_signal_connect_object (draft->name, "changed", G_CALLBACK (muster_saved_views_named_cb), dialog,
                           G_CONNECT_SWAPPED);
  g_signal_connect_data (dialog, "response::save", G_CALLBACK (muster_saved_views_response_cb),
                         draft, draft_free, 0);
  adw_dialog_set_focus (dialog, draft->name);
  adw_dialog_present (dialog, gtk_widget_get_parent (GTK_WIDGET (self)));
}

void
muster_saved_views_save (MusterSavedViews  *self,
                         const char        *text,
                         const char        *sort,
                         const char *const *filters,
                         const char *const *columns)
{
  Draft *draft;

  g_return_if_fail (MUSTER_IS_SAVED_VIEWS (self));

  draft = g_new0 (Draft, 1);
  draft->session = g_object_ref (self->session);
  draft->entity = g_strdup (self->entity);
  draft->query = json_object_new ();
  draft->columns = json_array_new ();
  if (text != NULL && *text != '\0')
    json_object_set_string_member (draft->query, "q", text);
  if (sort != NULL)
    json_object_set_string_member (draft->query, "sort", sort);
  for (unsigned i = 0; filters[i] != NULL && filters[i + 1] != NULL; i += 2)
    json_object_set_string_member (draft->query, filters[i], filters[i + 1]);
  for (unsigned i = 0; columns[i] != NULL; i++)
    json_array_add_string_element (draft->columns, columns[i]);
  ask_name (self, draft);
}

/* --- the list --- */

static GtkWidget *
make_row (MusterSavedViews *self, MusterEntity *view)
{
  const char *name = muster_entity_get_string (view, "name");
  GtkWidget  *row =
    g_object_new (ADW_TYPE_ACTION_ROW, "title", name, "use-markup", FALSE, "activatable", TRUE,
                  "subtitle",
                  muster_entity_is_null (view, "person_id") ? _ ("For everybody") : NULL, NULL);
  GtkWidget       *button = gtk_button_new_from_icon_name ("user-trash-symbolic");
  g_autofree char *label = g_strdup_printf (_ ("Delete %s"), name);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (muster_saved_views_delete_cb), self,
                           G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  g_object_set_data_full (G_OBJECT (row), "muster-view", g_object_ref (view), g_object_unref);
  return row;
}

static DexFuture *
muster_saved_views_read_cb (DexFuture *future, gpointer user_data)
{
  MusterSavedViews *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue    *value = dex_future_get_value (future, &error);
  MusterApiPage   *page = value != NULL ? g_value_get_object (value) : NULL;
  g_autofree char *text = error != NULL ? muster_format_sentence (error->message) : NULL;

  gtk_list_box_remove_all (self->list);
  gtk_list_box_set_placeholder (self->list, GTK_WIDGET (self->placeholder));
  gtk_label_set_label (self->placeholder,
                       text != NULL ? text : _ ("No views of this list are saved yet."));
  for (unsigned i = 0; page != NULL && i < muster_api_page_get_length (page); i++)
    gtk_list_box_append (self->list, make_row (self, muster_api_page_get (page, i)));
  gtk_widget_child_focus (GTK_WIDGET (self->list), GTK_DIR_TAB_FORWARD);
  return dex_future_new_true ();
}

static void
muster_saved_views_map (GtkWidget *widget)
{
  MusterSavedViews *self = MUSTER_SAVED_VIEWS (widget);

  GTK_WIDGET_CLASS (muster_saved_views_parent_class)->map (widget);
  dex_clear (&self->reading);
  self->reading =
    dex_future_finally (muster_api_views_list (muster_session_get_client (self->session),
                                               self->entity),
                        muster_saved_views_read_cb, self, NULL);
}

/* --- life --- */

static void
muster_saved_views_dispose (GObject *object)
{
  MusterSavedViews *self = MUSTER_SAVED_VIEWS (object);

  dex_clear (&self->reading);
  g_clear_object (&self->placeholder);
  g_clear_object (&self->session);
  g_clear_pointer (&self->entity, g_free);
  G_OBJECT_CLASS (muster_saved_views_parent_class)->dispose (object);
}

static void
muster_saved_views_class_init (MusterSavedViewsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_saved_views_dispose;
  GTK_WIDGET_CLASS (klass)->map = muster_saved_views_map;
  signals[CHOSEN] =
    g_signal_new ("chosen", MUSTER_TYPE_SAVED_VIEWS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 4, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRV, G_TYPE_STRV);
  signals[SAVE] = g_signal_new ("save", MUSTER_TYPE_SAVED_VIEWS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
}

static void
muster_saved_views_init (MusterSavedViews *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *save = gtk_button_new_with_mnemonic (_ ("_Save This View…"));

  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Saved views"), -1);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  g_signal_connect_object (self->list, "row-activated",
                           G_CALLBACK (muster_saved_views_activated_cb), self, G_CONNECT_SWAPPED);
  self->placeholder = g_object_ref_sink (
    g_object_new (GTK_TYPE_LABEL, "wrap", TRUE, "max-width-chars", 30, "margin-top", 12,
                  "margin-bottom", 12, "margin-start", 12, "margin-end", 12, "css-classes",
                  (const char *[]){ "dim-label", NULL }, NULL));
  g_object_set (scrolled, "hscrollbar-policy", GTK_POLICY_NEVER, "propagate-natural-height", TRUE,
                "max-content-height", 360, "width-request", 270, "child", self->list, NULL);
  gtk_widget_add_css_class (save, "flat");
  g_signal_connect_object (save, "clicked", G_CALLBACK (muster_saved_views_save_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), scrolled);
  gtk_box_append (GTK_BOX (box), save);
  gtk_popover_set_child (GTK_POPOVER (self), box);
}

GtkWidget *
muster_saved_views_new (MusterSession *session, const char *entity)
{
  MusterSavedViews *self = g_object_new (MUSTER_TYPE_SAVED_VIEWS, NULL);

  self->session = g_object_ref (session);
  self->entity = g_strdup (entity);
  return GTK_WIDGET (self);
}
