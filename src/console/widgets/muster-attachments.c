/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-attachments"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-attachments.h"
#include "client/muster-api-calls.h"
#include "client/muster-api-collection.h"
#include "client/muster-api-journal.h"
#include "client/muster-api-json.h"
#include "client/muster-api-subscription.h"
#include "model/muster-product.h"
#include "muster-ask.h"
#include "muster-attachments.h"
#include "muster-hindsight.h"
#include "muster-list.h"
#include "muster-permission.h"
#include "muster-references.h"
#include "muster-save-file.h"
#include "muster-thumbnail.h"

/* What the daemon keeps at most; read whole, so more is refused before it is read. */
#define MAX_BYTES (64 * 1024 * 1024)
/* Pixels. */
#define THUMBNAIL_SIZE 40

struct _MusterAttachments
{
  AdwBin parent_instance;

  MusterSession         *session;   /* (owned) (nullable) until it is shown */
  char                  *entity;    /* (owned) */
  char                  *entity_id; /* (owned) */
  char                  *picture;   /* (owned) (nullable) id of the one that is shown */
  DexFuture             *reading;   /* (owned) (nullable) */
  DexFuture             *drawing;   /* (owned) (nullable) */
  MusterApiSubscription *journal;   /* (owned) (nullable) */
  GtkListBox            *list;
  GtkWidget             *add;
};

G_DEFINE_FINAL_TYPE (MusterAttachments, muster_attachments, ADW_TYPE_BIN)

enum
{
  PICTURE,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static void read_list (MusterAttachments *self);

static MusterEntity *
attachment_of (GtkWidget *row)
{
  return g_object_get_data (G_OBJECT (row), "muster-attachment");
}

static MusterAttachments *
get_attachments (gpointer row)
{
  return MUSTER_ATTACHMENTS (gtk_widget_get_ancestor (row, MUSTER_TYPE_ATTACHMENTS));
}

/* --- one thing at a time, which outlives this widget --- */

typedef struct
{
  MusterSession     *session;
  MusterAttachments *view;       /* (owned) */
  MusterEntity      *attachment; /* (nullable) */
  GFile             *file;       /* (nullable) */
} Work;

static Work *
work_new (MusterAttachments *self, MusterEntity *attachment)
{
  Work *work = g_new0 (Work, 1);

  work->session = g_object_ref (self->session);
  work->view = g_object_ref (self);
  g_set_object (&work->attachment, attachment);
  return work;
}

static void
work_free (gpointer data)
{
  Work *work = data;

  g_object_unref (work->session);
  g_object_unref (work->view);
  g_clear_object (&work->attachment);
  g_clear_object (&work->file);
  g_free (work);
}

/* --- adding --- */

static GtkWindow *
get_window (MusterAttachments *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

/* What a file called NAME most likely is to a record of ENTITY. */
static const char *
guess_purpose (const char *entity, const char *name)
{
  gboolean         uncertain;
  g_autofree char *type = g_content_type_guess (name, NULL, 0, &uncertain);
  gboolean         of_product = g_strcmp0 (entity, "product") == 0;

  if (g_content_type_is_a (type, "image/*"))
    return of_product ? "picture" : "photo";
  return of_product && g_content_type_is_a (type, "application/pdf") ? "datasheet" : "document";
}

static DexFuture *
muster_attachments_add_fiber (gpointer user_data)
{
  Work            *work = user_data;
  g_autofree char *name = g_file_get_basename (work->file);
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileInfo) info =
              dex_await_object (dex_file_query_info (work->file, G_FILE_ATTRIBUTE_STANDARD_SIZE,
                                                     G_FILE_QUERY_INFO_NONE, 0),
                                &error);
  g_autoptr (GBytes) content = NULL;
  g_autoptr (MusterEntity) attachment = NULL;
  g_autofree char *text = NULL;

  if (info != NULL && g_file_info_get_size (info) > MAX_BYTES)
    g_set_error (&error, MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE,
                 _ ("files of at most 64 MB are kept"));
  else if (info != NULL)
    content = dex_await_boxed (dex_file_load_contents_bytes (work->file), &error);
  if (content != NULL)
    attachment = dex_await_object (
      muster_api_attachments_create (muster_session_get_client (work->session), work->view->entity,
                                     work->view->entity_id, name,
                                     guess_purpose (work->view->entity, name), content),
      &error);
  if (attachment == NULL)
    {
      muster_session_tell_error (work->session, _ ("Could not attach it"), error);
      return dex_future_new_true ();
    }
  text = g_strdup_printf (_ ("“%s” is attached"), name);
  muster_session_offer_journal_undo (work->session, text, "attachment",
                                     muster_entity_get_id (attachment));
  read_list (work->view);
  return dex_future_new_true ();
}

static void
add_file (MusterAttachments *self, GFile *file)
{
  Work *work = work_new (self, NULL);

  work->file = g_object_ref (file);
  dex_future_disown (dex_scheduler_spawn (NULL, 0, muster_attachments_add_fiber, work, work_free));
}

static void
muster_attachments_chosen_cb (GObject *dialog, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MusterAttachments) self = user_data;
  g_autoptr (GListModel) files =
              gtk_file_dialog_open_multiple_finish (GTK_FILE_DIALOG (dialog), result, NULL);

  for (unsigned i = 0;
       self->session != NULL && files != NULL && i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);

      add_file (self, file);
    }
}

static gboolean
muster_attachments_drop_cb (MusterAttachments *self, const GValue *value)
{
  GSList          *files = gdk_file_list_get_files (g_value_get_boxed (value));
  g_autofree char *why =
    self->session != NULL ? muster_session_explain (self->session, "createAttachment") : NULL;

  if (why != NULL)
    muster_session_tell (self->session, why);
  for (GSList *file = files; self->session != NULL && why == NULL && file != NULL;
       file = file->next)
    add_file (self, file->data);
  g_slist_free (files);
  return TRUE;
}

static void
muster_attachments_add_cb (MusterAttachments *self)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();

  gtk_file_dialog_set_title (dialog, _ ("Attach Files"));
  gtk_file_dialog_open_multiple (dialog, get_window (self), NULL, muster_attachments_chosen_cb,
                                 g_object_ref (self));
}

/* --- looking at one --- */

static DexFuture *
read_content (MusterApiClient *client, gpointer attachment)
{
  return muster_api_attachments_get_content (client, muster_entity_get_id (attachment));
}

static void
muster_attachments_save_action (GSimpleAction *action, GVariant *parameter, gpointer row)
{
  MusterAttachments *self = get_attachments (row);
  MusterEntity      *attachment = attachment_of (row);

  muster_save_file (self->session, row, _ ("Save File"),
                    muster_entity_get_string (attachment, "name"), read_content,
                    g_object_ref (attachment), g_object_unref);
}

static void
muster_attachments_launched_cb (GObject *launcher, GAsyncResult *result, gpointer session)
{
  g_autoptr (MusterSession) owned = session;
  g_autoptr (GError) error = NULL;

  if (!gtk_file_launcher_launch_finish (GTK_FILE_LAUNCHER (launcher), result, &error) &&
      !g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED))
    muster_session_tell_error (owned, _ ("No program opens it: save it instead"), error);
}

/* A copy, for programs that know nothing of a site: changing it changes nothing here. */
static DexFuture *
muster_attachments_open_fiber (gpointer user_data)
{
  Work *work = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("muster-XXXXXX", &error);
  g_autofree char *path =
    folder != NULL
      ? g_build_filename (folder, muster_entity_get_string (work->attachment, "name"), NULL)
      : NULL;
  g_autoptr (GFile) file = path != NULL ? g_file_new_for_path (path) : NULL;
  g_autoptr (GBytes) content = NULL;
  g_autoptr (GtkFileLauncher) launcher = NULL;

  if (file != NULL)
    content =
      dex_await_boxed (read_content (muster_session_get_client (work->session), work->attachment),
                       &error);
  if (content == NULL || !dex_await (dex_file_replace_contents_bytes (file, content, NULL, FALSE,
                                                                      G_FILE_CREATE_PRIVATE),
                                     &error))
    {
      muster_session_tell_error (work->session, _ ("Could not open it"), error);
      return dex_future_new_true ();
    }
  launcher = gtk_file_launcher_new (file);
  gtk_file_launcher_launch (launcher, get_window (work->view), NULL, muster_attachments_launched_cb,
                            g_object_ref (work->session));
  return dex_future_new_true ();
}

static void
muster_attachments_activated_cb (MusterAttachments *self, GtkWidget *row)
{
  if (attachment_of (row) != NULL)
    dex_future_disown (dex_scheduler_spawn (NULL, 0, muster_attachments_open_fiber,
                                            work_new (self, attachment_of (row)), work_free));
}

static void
muster_attachments_open_action (GSimpleAction *action, GVariant *parameter, gpointer row)
{
  muster_attachments_activated_cb (get_attachments (row), row);
}

/* --- changing one --- */

static DexFuture *
muster_attachments_changed_cb (DexFuture *future, gpointer user_data)
{
  Work *work = user_data;
  g_autoptr (GError) error = NULL;

  if (dex_future_get_value (future, &error) == NULL)
    muster_session_tell_error (work->session, _ ("Could not change it"), error);
  read_list (work->view);
  return dex_future_new_true ();
}

static void
muster_attachments_named_cb (GtkWidget *const *rows, gpointer user_data)
{
  Work       *work = user_data;
  const char *name = gtk_editable_get_text (GTK_EDITABLE (rows[0]));

  dex_future_disown (dex_future_finally (
    muster_api_attachments_update (muster_session_get_client (work->session),
                                   muster_entity_get_id (work->attachment),
                                   muster_api_make_object ("name", name, NULL), 0),
    muster_attachments_changed_cb, work_new (work->view, work->attachment), work_free));
}

static void
muster_attachments_rename_action (GSimpleAction *action, GVariant *parameter, gpointer row)
{
  MusterAttachments *self = get_attachments (row);
  GtkWidget         *name = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (name), _ ("Name"));
  gtk_editable_set_text (GTK_EDITABLE (name),
                         muster_entity_get_string (attachment_of (row), "name"));
  muster_ask (GTK_WIDGET (self), _ ("Rename File"), NULL, (GtkWidget *const[]){ name, NULL },
              _ ("_Rename"), muster_attachments_named_cb, work_new (self, attachment_of (row)),
              work_free);
}

/* What stands for the product wherever it is listed. */
static void
muster_attachments_choose_action (GSimpleAction *action, GVariant *parameter, gpointer row)
{
  MusterAttachments *self = get_attachments (row);
  const char        *id = muster_entity_get_id (attachment_of (row));

  dex_future_disown (dex_future_finally (
    muster_api_collection_update (muster_session_get_client (self->session), &muster_product_info,
                                  self->entity_id, muster_api_make_object ("picture_id", id, NULL),
                                  0),
    muster_attachments_changed_cb, work_new (self, attachment_of (row)), work_free));
}

/* --- taking away --- */

static DexFuture *
muster_attachments_delete_fiber (gpointer user_data)
{
  Work            *work = user_data;
  const char      *id = muster_entity_get_id (work->attachment);
  g_autofree char *text =
    g_strdup_printf (_ ("“%s” is deleted"), muster_entity_get_string (work->attachment, "name"));
  g_autoptr (GError) error = NULL;

  if (dex_await (muster_api_attachments_delete (muster_session_get_client (work->session), id, 0),
                 &error))
    muster_session_offer_journal_undo (work->session, text, "attachment", id);
  else
    muster_session_tell_error (work->session, _ ("Could not delete it"), error);
  read_list (work->view);
  return dex_future_new_true ();
}

static void
muster_attachments_delete_action (GSimpleAction *action, GVariant *parameter, gpointer row)
{
  MusterAttachments *self = get_attachments (row);

  dex_future_disown (dex_scheduler_spawn (NULL, 0, muster_attachments_delete_fiber,
                                          work_new (self, attachment_of (row)), work_free));
}

/* --- what is shown --- */

static gboolean
is_image (MusterEntity *attachment)
{
  const char *media_type = muster_entity_get_string (attachment, "media_type");

  return media_type != NULL && g_str_has_prefix (media_type, "image/");
}

static void
add_actions (MusterAttachments *self, GtkWidget *row)
{
  static const GActionEntry entries[] = {
    { "open", muster_attachments_open_action },     { "save", muster_attachments_save_action },
    { "rename", muster_attachments_rename_action }, { "choose", muster_attachments_choose_action },
    { "delete", muster_attachments_delete_action },
  };
  static const struct
  {
    const char *action, *operation;
  } rights[] = { { "rename", "updateAttachment" },
                 { "choose", "updateProduct" },
                 { "delete", "deleteAttachment" } };
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (group), entries, G_N_ELEMENTS (entries), row);
  for (unsigned i = 0; i < G_N_ELEMENTS (rights); i++)
    g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (group),
                                                                              rights[i].action)),
                                 muster_session_may (self->session, rights[i].operation));
  gtk_widget_insert_action_group (row, "file", G_ACTION_GROUP (group));
}

static GtkWidget *
create_menu_button (MusterAttachments *self, MusterEntity *attachment)
{
  GtkWidget       *button = gtk_menu_button_new ();
  g_autofree char *label =
    g_strdup_printf (_ ("Actions on %s"), muster_entity_get_string (attachment, "name"));
  g_autoptr (GMenu) menu = g_menu_new ();

  g_menu_append (menu, _ ("_Open"), "file.open");
  g_menu_append (menu, _ ("_Save As…"), "file.save");
  g_menu_append (menu, _ ("_Rename…"), "file.rename");
  if (g_strcmp0 (self->entity, "product") == 0 && is_image (attachment))
    g_menu_append (menu, _ ("Show in _Lists"), "file.choose");
  g_menu_append (menu, _ ("_Delete"), "file.delete");
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "view-more-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), G_MENU_MODEL (menu));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  return button;
}

static GtkWidget *
create_row (MusterAttachments *self, MusterEntity *attachment)
{
  int              purpose = muster_entity_get_enum (attachment, "purpose");
  g_autofree char *size = g_format_size (muster_entity_get_integer (attachment, "size"));
  g_autofree char *subtitle =
    g_strdup_printf ("%s · %s",
                     _ (muster_enum_get_label (&muster_attachment_purpose_enum, purpose)), size);
  GtkWidget *thumbnail = muster_thumbnail_new (THUMBNAIL_SIZE);
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title",
                                 muster_entity_get_string (attachment, "name"), "title-lines", 1,
                                 "subtitle", subtitle, "activatable", TRUE, NULL);

  muster_references_keep (muster_references_get (self->session), attachment);
  muster_thumbnail_set (MUSTER_THUMBNAIL (thumbnail), self->session,
                        muster_entity_get_id (attachment),
                        is_image (attachment) ? "image-x-generic-symbolic"
                                              : "text-x-generic-symbolic");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), thumbnail);
  g_object_set_data_full (G_OBJECT (row), "muster-attachment", g_object_ref (attachment),
                          g_object_unref);
  add_actions (self, row);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), create_menu_button (self, attachment));
  return row;
}

static DexFuture *
muster_attachments_drawn_cb (DexFuture *future, gpointer user_data)
{
  MusterAttachments *self = user_data;
  const GValue      *value = dex_future_get_value (future, NULL);
  g_autoptr (GdkTexture) texture =
              value != NULL ? gdk_texture_new_from_bytes (g_value_get_boxed (value), NULL) : NULL;

  g_signal_emit (self, signals[PICTURE], 0, texture);
  return dex_future_new_true ();
}

static void
show_picture (MusterAttachments *self, MusterEntity *attachment)
{
  const char *id = attachment != NULL ? muster_entity_get_id (attachment) : NULL;

  if (!g_set_str (&self->picture, id))
    return;
  dex_clear (&self->drawing);
  if (id == NULL)
    g_signal_emit (self, signals[PICTURE], 0, NULL);
  else
    self->drawing = dex_future_finally (
      muster_api_attachments_get_content (muster_session_get_client (self->session), id),
      muster_attachments_drawn_cb, self, NULL);
}

static DexFuture *
muster_attachments_read_cb (DexFuture *future, gpointer user_data)
{
  MusterAttachments *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue  *value = dex_future_get_value (future, &error);
  MusterApiPage *page = value != NULL ? g_value_get_object (value) : NULL;
  MusterEntity  *picture = NULL;

  if (page == NULL)
    {
      g_message ("could not read what is attached: %s", error->message);
      return dex_future_new_true ();
    }
  muster_list_clear (self->list);
  for (unsigned i = 0; i < muster_api_page_get_length (page); i++)
    {
      MusterEntity *attachment = muster_api_page_get (page, i);

      if (picture == NULL &&
          g_strcmp0 (muster_entity_get_string (attachment, "purpose"), "picture") == 0)
        picture = attachment;
      gtk_list_box_append (self->list, create_row (self, attachment));
    }
  show_picture (self, picture);
  return dex_future_new_true ();
}

static void
read_list (MusterAttachments *self)
{
  if (self->session == NULL)
    return;
  dex_clear (&self->reading);
  self->reading =
    dex_future_finally (muster_api_attachments_list (muster_session_get_client (self->session),
                                                     self->entity, self->entity_id),
                        muster_attachments_read_cb, self, NULL);
}

static void
muster_attachments_moment_cb (GtkWidget *widget)
{
  read_list (MUSTER_ATTACHMENTS (widget));
}

/* Whoever attaches, renames, deletes or takes that back. */
static void
muster_attachments_journal_cb (MusterAttachments *self,
                               const char        *topic,
                               const char        *subject,
                               JsonObject        *data)
{
  g_autoptr (MusterApiChange) change = muster_api_change_new_from_json (data, NULL);
  JsonObject *record = NULL;

  if (change == NULL || g_strcmp0 (muster_api_change_get_entity (change), "attachment") != 0)
    return;
  record = muster_api_change_get_after (change) != NULL ? muster_api_change_get_after (change)
                                                        : muster_api_change_get_before (change);
  /* An update names only what has changed. */
  if (record == NULL || !json_object_has_member (record, "entity_id") ||
      g_strcmp0 (muster_api_json_get_string (record, "entity_id"), self->entity_id) == 0)
    read_list (self);
}

static void
subscribe (MusterAttachments *self)
{
  self->journal = muster_api_stream_subscribe (muster_session_get_stream (self->session), "journal",
                                               NULL, NULL, -1);
  g_signal_connect_object (self->journal, "event", G_CALLBACK (muster_attachments_journal_cb), self,
                           G_CONNECT_SWAPPED);
}

void
muster_attachments_show (MusterAttachments *self,
                         MusterSession     *session,
                         const char        *entity,
                         const char        *entity_id)
{
  g_return_if_fail (MUSTER_IS_ATTACHMENTS (self));

  if (g_set_object (&self->session, session))
    {
      muster_permission_guard (session, self->add, "createAttachment");
      subscribe (self);
      muster_hindsight_follow (GTK_WIDGET (self), session, muster_attachments_moment_cb);
    }
  g_set_str (&self->entity, entity);
  g_set_str (&self->entity_id, entity_id);
  read_list (self);
}

/* --- life --- */

static void
muster_attachments_dispose (GObject *object)
{
  MusterAttachments *self = MUSTER_ATTACHMENTS (object);

  dex_clear (&self->reading);
  dex_clear (&self->drawing);
  if (self->journal != NULL)
    muster_api_subscription_close (self->journal);
  g_clear_object (&self->journal);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (muster_attachments_parent_class)->dispose (object);
}

static void
muster_attachments_finalize (GObject *object)
{
  MusterAttachments *self = MUSTER_ATTACHMENTS (object);

  g_free (self->entity);
  g_free (self->entity_id);
  g_free (self->picture);
  G_OBJECT_CLASS (muster_attachments_parent_class)->finalize (object);
}

static void
muster_attachments_class_init (MusterAttachmentsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_attachments_dispose;
  G_OBJECT_CLASS (klass)->finalize = muster_attachments_finalize;
  signals[PICTURE] = g_signal_new ("picture", MUSTER_TYPE_ATTACHMENTS, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, GDK_TYPE_TEXTURE);
}

static void
muster_attachments_init (MusterAttachments *self)
{
  GtkWidget     *group = adw_preferences_group_new ();
  GtkDropTarget *drops = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect_object (drops, "drop", G_CALLBACK (muster_attachments_drop_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drops));
  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Files"), -1);
  gtk_list_box_set_placeholder (
    self->list, g_object_new (GTK_TYPE_LABEL, "wrap", TRUE, "justify", GTK_JUSTIFY_CENTER,
                              "margin-start", 12, "margin-end", 12, "label",
                              _ ("Photos, datasheets and papers: attach them, or drop them here."),
                              "margin-top", 16, "margin-bottom", 16, "css-classes",
                              (const char *[]){ "dim-label", NULL }, NULL));
  g_signal_connect_object (self->list, "row-activated",
                           G_CALLBACK (muster_attachments_activated_cb), self, G_CONNECT_SWAPPED);
  self->add = gtk_button_new_with_mnemonic (_ ("_Attach…"));
  gtk_widget_add_css_class (self->add, "flat");
  gtk_widget_set_valign (self->add, GTK_ALIGN_CENTER);
  g_signal_connect_object (self->add, "clicked", G_CALLBACK (muster_attachments_add_cb), self,
                           G_CONNECT_SWAPPED);
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _ ("Files"));
  adw_preferences_group_set_header_suffix (ADW_PREFERENCES_GROUP (group), self->add);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), GTK_WIDGET (self->list));
  adw_bin_set_child (ADW_BIN (self), group);
}
