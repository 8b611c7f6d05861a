/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-upload-list"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-firmware.h"
#include "muster-upload-list.h"
#include "widgets/muster-ask.h"
#include "widgets/muster-format.h"
#include "widgets/muster-references.h"

struct _MusterUploadList
{
  AdwBin parent_instance;

  MusterSession *session; /* (owned) */
  GtkListBox    *list;
};

G_DEFINE_FINAL_TYPE (MusterUploadList, muster_upload_list, ADW_TYPE_BIN)

enum
{
  MADE,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

/* A file on its way. It goes on when nobody looks any more. */
typedef struct
{
  gatomicrefcount   refs;
  MusterSession    *session; /* (owned) */
  MusterUploadList *view;    /* (nullable) weak: gone with the page */
  char             *path;    /* (owned) */
  char             *name;    /* (owned) of the file */
  JsonObject       *members; /* (owned) (nullable) what the person said of it */
  gboolean          given_up;

  /* Borrowed from the list, as long as the row stands there */
  GtkWidget *row;
  GtkWidget *bar;
  GtkWidget *again;
} Upload;

static void start (Upload *self);

static Upload *
upload_ref (Upload *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

static void
upload_unref (gpointer data)
{
  Upload *self = data;

  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  g_object_unref (self->session);
  g_clear_weak_pointer (&self->view);
  g_free (self->path);
  g_free (self->name);
  g_clear_pointer (&self->members, json_object_unref);
  g_free (self);
}

static void
upload_closure_unref (gpointer data, GClosure *closure)
{
  upload_unref (data);
}

/* --- the row --- */

static gboolean
has_row (Upload *self)
{
  return self->view != NULL && self->row != NULL;
}

static void
update_visible (MusterUploadList *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self), gtk_list_box_get_row_at_index (self->list, 0) != NULL);
}

static void
drop_row (Upload *self)
{
  if (!has_row (self))
    return;
  gtk_list_box_remove (self->view->list, self->row);
  self->row = self->bar = self->again = NULL;
  update_visible (self->view);
}

static void
muster_upload_list_cancel_cb (Upload *self)
{
  self->given_up = TRUE;
  drop_row (self);
}

static void
muster_upload_list_again_cb (Upload *self)
{
  start (self);
}

static GtkWidget *
add_button (Upload *self, const char *icon_name, const char *label, GCallback clicked)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon_name);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  g_signal_connect_data (button, "clicked", clicked, upload_ref (self), upload_closure_unref,
                         G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self->row), button);
  return button;
}

static void
add_row (Upload *self)
{
  self->row = g_object_new (ADW_TYPE_ACTION_ROW, "title", self->name, "use-markup", FALSE,
                            "subtitle-lines", 3, NULL);
  self->bar = gtk_progress_bar_new ();
  gtk_widget_set_valign (self->bar, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bar), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Upload"), -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self->row), self->bar);
  self->again = add_button (self, "view-refresh-symbolic", _ ("Try again"),
                            G_CALLBACK (muster_upload_list_again_cb));
  add_button (self, "window-close-symbolic", _ ("Cancel the upload"),
              G_CALLBACK (muster_upload_list_cancel_cb));
  gtk_list_box_append (self->view->list, self->row);
  update_visible (self->view);
}

static void
show_error (Upload *self, const GError *error)
{
  g_autofree char *text = muster_format_sentence (error->message);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->row), text);
  gtk_widget_add_css_class (self->row, "error");
  gtk_widget_set_visible (self->bar, FALSE);
  gtk_widget_set_visible (self->again, TRUE);
}

/* --- what it does not say of itself --- */

static void
muster_upload_list_told_cb (GtkWidget *const *rows, gpointer user_data)
{
  Upload *self = user_data;

  g_clear_pointer (&self->members, json_object_unref);
  self->members = json_object_new ();
  json_object_set_string_member (self->members, "name",
                                 gtk_editable_get_text (GTK_EDITABLE (rows[0])));
  json_object_set_string_member (self->members, "version",
                                 gtk_editable_get_text (GTK_EDITABLE (rows[1])));
  start (self);
}

static GtkWidget *
create_entry (const char *title, const char *text)
{
  return g_object_new (ADW_TYPE_ENTRY_ROW, "title", title, "text", text, NULL);
}

static void
ask_name (Upload *self)
{
  const char      *dot = strrchr (self->name, '.');
  g_autofree char *stem =
    dot != NULL ? g_strndup (self->name, dot - self->name) : g_strdup (self->name);
  GtkWidget *rows[] = { create_entry (_ ("Name"), stem), create_entry (_ ("Version"), ""), NULL };

  muster_ask (
    GTK_WIDGET (self->view), _ ("What Is It?"),
    _ ("This file does not say what it is. Devices report the version once they run it, so "
       "write it as they do."),
    rows, _ ("_Upload"), muster_upload_list_told_cb, upload_ref (self), upload_unref);
}

static gboolean
says_nothing (const char *name)
{
  static const char *const suffixes[] = { ".bin", ".hex", ".uf2" };

  for (unsigned i = 0; i < G_N_ELEMENTS (suffixes); i++)
    if (g_str_has_suffix (name, suffixes[i]))
      return TRUE;
  return FALSE;
}

/* --- sending --- */

static gboolean
muster_upload_list_progress (gint64 sent, gint64 size, gpointer user_data)
{
  Upload          *self = user_data;
  g_autofree char *done = g_format_size (sent);
  g_autofree char *all = g_format_size (size);
  /* Translators: how much of a file is sent: "1.2 MB of 4.0 MB". */
  g_autofree char *text = g_strdup_printf (_ ("%s of %s"), done, all);

  if (has_row (self))
    {
      gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->bar),
                                     size > 0 ? (double)sent / size : 0);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (self->row), text);
    }
  return !self->given_up;
}

static DexFuture *
muster_upload_list_sent_cb (DexFuture *future, gpointer user_data)
{
  Upload *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue    *value = dex_future_get_value (future, &error);
  g_autofree char *text = NULL;

  if (self->given_up)
    return dex_future_new_true ();
  if (value == NULL)
    {
      if (has_row (self))
        show_error (self, error);
      return dex_future_new_true ();
    }
  drop_row (self);
  text =
    g_strdup_printf (_ ("%s is here"), muster_reference_get_title (g_value_get_object (value)));
  muster_session_offer_journal_undo (self->session, text, "firmware_artifact",
                                     muster_entity_get_id (g_value_get_object (value)));
  if (self->view != NULL)
    g_signal_emit (self->view, signals[MADE], 0, g_value_get_object (value));
  return dex_future_new_true ();
}

static void
start (Upload *self)
{
  if (self->row == NULL)
    add_row (self);
  gtk_widget_remove_css_class (self->row, "error");
  gtk_widget_set_visible (self->bar, TRUE);
  gtk_widget_set_visible (self->again, FALSE);
  dex_future_disown (dex_future_finally (
    muster_api_firmware_upload (muster_session_get_client (self->session), self->path,
                                self->members != NULL ? json_object_ref (self->members) : NULL,
                                muster_upload_list_progress, self),
    muster_upload_list_sent_cb, upload_ref (self), upload_unref));
}

void
muster_upload_list_add (MusterUploadList *self, GFile *file)
{
  g_autofree char *path = g_file_get_path (file);
  Upload          *upload;

  g_return_if_fail (MUSTER_IS_UPLOAD_LIST (self));

  if (path == NULL)
    {
      muster_session_tell (self->session, _ ("Only files of this computer can be uploaded"));
      return;
    }
  upload = g_new0 (Upload, 1);
  g_atomic_ref_count_init (&upload->refs);
  upload->session = g_object_ref (self->session);
  g_set_weak_pointer (&upload->view, self);
  upload->path = g_steal_pointer (&path);
  upload->name = g_file_get_basename (file);
  if (says_nothing (upload->name))
    ask_name (upload);
  else
    start (upload);
  upload_unref (upload);
}

/* --- life --- */

static void
muster_upload_list_finalize (GObject *object)
{
  g_clear_object (&MUSTER_UPLOAD_LIST (object)->session);
  G_OBJECT_CLASS (muster_upload_list_parent_class)->finalize (object);
}

static void
muster_upload_list_class_init (MusterUploadListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_upload_list_finalize;
  signals[MADE] = g_signal_new ("made", MUSTER_TYPE_UPLOAD_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, MUSTER_TYPE_ENTITY);
}

static void
muster_upload_list_init (MusterUploadList *self)
{
  GtkWidget *clamp = adw_clamp_new ();

  self->list = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list, GTK_SELECTION_NONE);
  gtk_widget_add_css_class (GTK_WIDGET (self->list), "boxed-list");
  gtk_widget_add_css_class (clamp, "uploads");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Uploads"), -1);
  adw_clamp_set_child (ADW_CLAMP (clamp), GTK_WIDGET (self->list));
  adw_bin_set_child (ADW_BIN (self), clamp);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

GtkWidget *
muster_upload_list_new (MusterSession *session)
{
  MusterUploadList *self = g_object_new (MUSTER_TYPE_UPLOAD_LIST, NULL);

  self->session = g_object_ref (session);
  return GTK_WIDGET (self);
}
