/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-attachments"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-attachments.h"
#include "muster-attachments.h"
#include "muster-list.h"
#include "muster-permission.h"
#include "muster-save-file.h"

/* What the daemon keeps at most; read whole, so more is refused before it is read. */
#define MAX_BYTES (64 * 1024 * 1024)

struct _MusterAttachments
{
  AdwBin parent_instance;

  MusterSession *session;   /* (owned) (nullable) until it is shown */
  char          *entity;    /* (owned) */
  char          *entity_id; /* (owned) */
  char          *picture;   /* (owned) (nullable) id of the one that is shown */
  DexFuture     *reading;   /* (owned) (nullable) */
  DexFuture     *drawing;   /* (owned) (nullable) */
  GtkListBox    *list;
  GtkWidget     *add;
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

static const char *
guess_purpose (const char *name)
{
  gboolean         uncertain;
  g_autofree char *type = g_content_type_guess (name, NULL, 0, &uncertain);

  return g_content_type_is_a (type, "image/*") ? "picture" : "document";
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
    attachment =
      dex_await_object (muster_api_attachments_create (muster_session_get_client (work->session),
                                                       work->view->entity, work->view->entity_id,
                                                       name, guess_purpose (name), content),
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
muster_attachments_chosen_cb (GObject *dialog, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MusterAttachments) self = user_data;
  g_autoptr (GFile) file = gtk_file_dialog_open_finish (GTK_FILE_DIALOG (dialog), result, NULL);
  Work *work;

  if (file == NULL || self->session == NULL)
    return;
  work = work_new (self, NULL);
  work->file = g_object_ref (file);
  dex_future_disown (dex_scheduler_spawn (NULL, 0, muster_attachments_add_fiber, work, work_free));
}

static GtkWindow *
get_window (MusterAttachments *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

static void
muster_attachments_add_cb (MusterAttachments *self)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();

  gtk_file_dialog_set_title (dialog, _ ("Attach a File"));
  gtk_file_dialog_open (dialog, get_window (self), NULL, muster_attachments_chosen_cb,
                        g_object_ref (self));
}

/* --- saving --- */

static DexFuture *
read_content (MusterApiClient *client, gpointer attachment)
{
  return muster_api_attachments_get_content (client, muster_entity_get_id (attachment));
}

static void
muster_attachments_activated_cb (MusterAttachments *self, GtkWidget *row)
{
  MusterEntity *attachment = attachment_of (row);

  if (attachment != NULL)
    muster_save_file (self->session, GTK_WIDGET (self), _ ("Save File"),
                      muster_entity_get_string (attachment, "name"), read_content,
                      g_object_ref (attachment), g_object_unref);
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
muster_attachments_delete_cb (MusterAttachments *self, GtkWidget *button)
{
  GtkWidget *row = gtk_widget_get_ancestor (button, GTK_TYPE_LIST_BOX_ROW);

  dex_future_disown (dex_scheduler_spawn (NULL, 0, muster_attachments_delete_fiber,
                                          work_new (self, attachment_of (row)), work_free));
}

/* --- what is shown --- */

static GtkWidget *
create_row (MusterAttachments *self, MusterEntity *attachment)
{
  const char      *name = muster_entity_get_string (attachment, "name");
  int              purpose = muster_entity_get_enum (attachment, "purpose");
  g_autofree char *size = g_format_size (muster_entity_get_integer (attachment, "size"));
  g_autofree char *subtitle =
    g_strdup_printf ("%s · %s",
                     _ (muster_enum_get_label (&muster_attachment_purpose_enum, purpose)), size);
  g_autofree char *label = g_strdup_printf (_ ("Delete %s"), name);
  GtkWidget       *row = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", name,
                                       "subtitle", subtitle, "activatable", TRUE, NULL);
  GtkWidget       *button = gtk_button_new_from_icon_name ("user-trash-symbolic");

  adw_action_row_add_prefix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name (purpose == 0 || purpose == 1
                                                             ? "image-x-generic-symbolic"
                                                             : "text-x-generic-symbolic"));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  g_signal_connect_object (button, "clicked", G_CALLBACK (muster_attachments_delete_cb), self,
                           G_CONNECT_SWAPPED);
  muster_permission_guard (self->session, button, "deleteAttachment");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  g_object_set_data_full (G_OBJECT (row), "muster-attachment", g_object_ref (attachment),
                          g_object_unref);
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

void
muster_attachments_show (MusterAttachments *self,
                         MusterSession     *session,
                         const char        *entity,
                         const char        *entity_id)
{
  g_return_if_fail (MUSTER_IS_ATTACHMENTS (self));

  if (g_set_object (&self->session, session))
    muster_permission_guard (session, self->add, "createAttachment");
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
  GtkWidget *group = adw_preferences_group_new ();

  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Files"), -1);
  gtk_list_box_set_placeholder (self->list,
                                g_object_new (GTK_TYPE_LABEL, "label", _ ("No files are attached."),
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
