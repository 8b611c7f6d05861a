/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-update-dialog"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-firmware.h"
#include "client/muster-api-json.h"
#include "muster-update-dialog.h"
#include "muster-update-progress.h"
#include "widgets/muster-detail-rows.h"
#include "widgets/muster-format.h"
#include "widgets/muster-list.h"
#include "widgets/muster-references.h"

struct _MusterUpdateDialog
{
  AdwDialog parent_instance;

  MusterSession         *session; /* (owned) */
  MusterEntity          *update;  /* (owned) */
  MusterApiSubscription *live;    /* (owned) (nullable) */
  DexFuture             *reading; /* (owned) (nullable) */

  GtkWidget  *progress;
  GtkLabel   *error;
  GtkListBox *details;
  GtkListBox *events;
};

G_DEFINE_FINAL_TYPE (MusterUpdateDialog, muster_update_dialog, ADW_TYPE_DIALOG)

/* --- what is shown --- */

/* What was said, line by line: (transfer full) (nullable). */
static char *
join_messages (MusterEntity *event)
{
  const char *json = muster_entity_get_string (event, "messages");
  g_autoptr (JsonNode) root = json != NULL ? json_from_string (json, NULL) : NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  JsonArray *lines =
    root != NULL && JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root) : NULL;

  for (unsigned i = 0; lines != NULL && i < json_array_get_length (lines); i++)
    {
      JsonNode *line = json_array_get_element (lines, i);

      if (json_node_get_value_type (line) == G_TYPE_STRING)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "",
                                json_node_get_string (line));
    }
  return g_string_free_and_steal (g_steal_pointer (&text));
}

static GtkWidget *
create_event_row (MusterUpdateDialog *self, MusterEntity *event)
{
  g_autofree char *messages = join_messages (event);
  g_autofree char *when =
    muster_format_moment (muster_entity_get_integer (event, "created_at"), g_get_real_time (),
                          muster_session_get_zone (self->session));
  const char *kind =
    muster_enum_get_label (&muster_update_event_kind_enum, muster_entity_get_enum (event, "kind"));
  GtkWidget *label = gtk_label_new (when);
  GtkWidget *row =
    g_object_new (ADW_TYPE_ACTION_ROW, "title", _ (kind), "use-markup", FALSE, "subtitle", messages,
                  "subtitle-selectable", TRUE, "tooltip-text",
                  muster_entity_get_boolean (event, "by_device") ? _ ("The device said so")
                                                                 : _ ("The site said so"),
                  NULL);

  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (label, "numeric");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  return row;
}

static DexFuture *
muster_update_dialog_read_cb (DexFuture *future, gpointer user_data)
{
  MusterUpdateDialog *self = user_data;
  const GValue       *value = dex_future_get_value (future, NULL);
  MusterApiPage      *page = value != NULL ? g_value_get_object (value) : NULL;

  if (page == NULL || self->events == NULL)
    return dex_future_new_true ();
  muster_list_clear (self->events);
  for (unsigned i = muster_api_page_get_length (page); i > 0; i--)
    gtk_list_box_append (self->events, create_event_row (self, muster_api_page_get (page, i - 1)));
  return dex_future_new_true ();
}

static void
read_events (MusterUpdateDialog *self)
{
  dex_clear (&self->reading);
  self->reading =
    dex_future_finally (muster_api_updates_list_events (muster_session_get_client (self->session),
                                                        muster_entity_get_id (self->update)),
                        muster_update_dialog_read_cb, self, NULL);
}

static void
show (MusterUpdateDialog *self)
{
  static const char *const fields[] = { "artifact_id",  "set_id",     "rollout_id",  "from_version",
                                        "to_version",   "kind",       "delivery",    "attempt",
                                        "confirmation", "started_at", "finished_at", NULL };
  const char              *error, *name;
  g_autofree char         *sentence = NULL;
  g_autofree char         *fetched = NULL;

  if (self->update == NULL)
    return;
  error = muster_entity_get_string (self->update, "error");
  sentence = error != NULL ? muster_format_sentence (error) : NULL;
  name = muster_references_get_name (muster_references_get (self->session), "device",
                                     muster_entity_get_string (self->update, "device_id"));
  adw_dialog_set_title (ADW_DIALOG (self), name != NULL ? name : _ ("Update"));
  muster_update_progress_show (MUSTER_UPDATE_PROGRESS (self->progress), self->update);
  gtk_label_set_label (self->error, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (GTK_WIDGET (self->error), sentence != NULL);
  muster_detail_rows_show (self->details, self->session, self->update, fields);
  fetched = muster_update_describe_fetched (self->update);
  if (fetched != NULL)
    gtk_list_box_append (self->details, muster_detail_row_new (_ ("Fetched"), fetched));
}

static void
muster_update_dialog_live_cb (MusterUpdateDialog *self,
                              const char         *topic,
                              const char         *subject,
                              JsonObject         *data)
{
  g_autoptr (MusterEntity) update =
              muster_entity_new_from_json (&muster_firmware_update_info, data, NULL);

  if (update == NULL ||
      g_strcmp0 (muster_entity_get_id (update), muster_entity_get_id (self->update)) != 0)
    return;
  g_set_object (&self->update, update);
  show (self);
  read_events (self);
}

/* --- life --- */

static void
muster_update_dialog_dispose (GObject *object)
{
  MusterUpdateDialog *self = MUSTER_UPDATE_DIALOG (object);

  dex_clear (&self->reading);
  if (self->live != NULL)
    muster_api_subscription_close (self->live);
  g_clear_object (&self->live);
  self->events = NULL;
  g_clear_object (&self->update);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_update_dialog_parent_class)->dispose (object);
}

static void
muster_update_dialog_class_init (MusterUpdateDialogClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_update_dialog_dispose;
}

static GtkListBox *
add_list (GtkWidget *page, const char *title)
{
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), title);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), list);
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (group));
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  return GTK_LIST_BOX (list);
}

static void
muster_update_dialog_init (MusterUpdateDialog *self)
{
  GtkWidget *view = adw_toolbar_view_new ();
  GtkWidget *page = adw_preferences_page_new ();
  GtkWidget *head = adw_preferences_group_new ();
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->progress = muster_update_progress_new ();
  self->error = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->error, TRUE);
  gtk_label_set_xalign (self->error, 0);
  gtk_label_set_selectable (self->error, TRUE);
  gtk_box_append (GTK_BOX (lines), self->progress);
  gtk_box_append (GTK_BOX (lines), GTK_WIDGET (self->error));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (head), lines);
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (head));
  self->events = add_list (page, _ ("What Happened"));
  self->details = add_list (page, _ ("Details"));
  adw_toolbar_view_add_top_bar (ADW_TOOLBAR_VIEW (view), adw_header_bar_new ());
  adw_toolbar_view_set_content (ADW_TOOLBAR_VIEW (view), page);
  adw_dialog_set_child (ADW_DIALOG (self), view);
  adw_dialog_set_content_width (ADW_DIALOG (self), 520);
  adw_dialog_set_content_height (ADW_DIALOG (self), 620);
}

AdwDialog *
muster_update_dialog_new (MusterSession *session, MusterEntity *update)
{
  MusterUpdateDialog *self = g_object_new (MUSTER_TYPE_UPDATE_DIALOG, NULL);
  const char         *subjects[] = { muster_entity_get_string (update, "device_id"), NULL };

  self->session = g_object_ref (session);
  self->update = g_object_ref (update);
  self->live = muster_api_stream_subscribe (muster_session_get_stream (session), "updates",
                                            subjects, NULL, -1);
  g_signal_connect_object (self->live, "event", G_CALLBACK (muster_update_dialog_live_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (muster_references_get (session), "changed", G_CALLBACK (show), self,
                           G_CONNECT_SWAPPED);
  show (self);
  read_events (self);
  return ADW_DIALOG (self);
}
