/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-save-file"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-save-file.h"

typedef struct
{
  MusterSession *session; /* (owned) */
  GFile         *file;    /* (owned) (nullable) until it is chosen */
  MusterSaveFunc func;
  gpointer       user_data;
  GDestroyNotify destroy; /* (nullable) */
} Saving;

static void
saving_free (gpointer data)
{
  Saving *saving = data;

  if (saving->destroy != NULL)
    saving->destroy (saving->user_data);
  g_object_unref (saving->session);
  g_clear_object (&saving->file);
  g_free (saving);
}

static DexFuture *
muster_save_file_fiber (gpointer user_data)
{
  Saving          *saving = user_data;
  MusterApiClient *client = muster_session_get_client (saving->session);
  g_autofree char *name = g_file_get_basename (saving->file);
  g_autofree char *text = g_strdup_printf (_ ("Saved as “%s”"), name);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) content = dex_await_boxed (saving->func (client, saving->user_data), &error);

  if (content != NULL &&
      dex_await (dex_file_replace_contents_bytes (saving->file, content, NULL, FALSE,
                                                  G_FILE_CREATE_REPLACE_DESTINATION),
                 &error))
    muster_session_tell (saving->session, text);
  else
    muster_session_tell_error (saving->session, _ ("Could not save it"), error);
  return dex_future_new_true ();
}

static void
muster_save_file_chosen_cb (GObject *dialog, GAsyncResult *result, gpointer user_data)
{
  Saving *saving = user_data;
  g_autoptr (GError) error = NULL;

  saving->file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (dialog), result, &error);
  if (saving->file != NULL)
    {
      dex_future_disown (
        dex_scheduler_spawn (NULL, 0, muster_save_file_fiber, saving, saving_free));
      return;
    }
  if (!g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED))
    muster_session_tell_error (saving->session, _ ("Could not choose a file"), error);
  saving_free (saving);
}

void
muster_save_file (MusterSession *session,
                  GtkWidget     *parent,
                  const char    *title,
                  const char    *name,
                  MusterSaveFunc func,
                  gpointer       user_data,
                  GDestroyNotify destroy)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  GtkRoot *root = NULL;
  Saving  *saving = NULL;

  g_return_if_fail (MUSTER_IS_SESSION (session));
  g_return_if_fail (GTK_IS_WIDGET (parent) && func != NULL);

  root = gtk_widget_get_root (parent);
  saving = g_new0 (Saving, 1);
  saving->session = g_object_ref (session);
  saving->func = func;
  saving->user_data = user_data;
  saving->destroy = destroy;
  gtk_file_dialog_set_title (dialog, title);
  gtk_file_dialog_set_initial_name (dialog, name);
  gtk_file_dialog_save (dialog, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, NULL,
                        muster_save_file_chosen_cb, saving);
}
