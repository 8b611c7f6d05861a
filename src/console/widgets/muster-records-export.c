/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-records-export"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-client.h"
#include "model/muster-entity.h"
#include "muster-records-export.h"

/* Some millions of rows; the daemon itself knows no limit. */
#define MAX_BYTES ((gsize)1 << 30)
#define DEADLINE_MSEC (10 * 60 * 1000)

typedef struct
{
  MusterSession          *session;
  const MusterEntityInfo *info;
  MusterApiRequest       *request;
  GFile                  *file; /* (nullable) until it is chosen */
} Export;

static void
export_free (gpointer data)
{
  Export *export = data;

  g_object_unref (export->session);
  muster_api_request_unref (export->request);
  g_clear_object (&export->file);
  g_free (export);
}

static MusterApiRequest *
make_request (const MusterEntityInfo *info,
              const char *const      *columns,
              const char *const      *parameters)
{
  MusterApiRequest *request = muster_api_request_new ("GET", "exports", info->path, NULL);
  g_autoptr (GString) names = g_string_new (NULL);

  for (unsigned i = 0; columns[i] != NULL; i++)
    if (muster_entity_info_find (info, columns[i]) >= 0)
      g_string_append_printf (names, "%s%s", names->len > 0 ? "," : "", columns[i]);
  muster_api_request_add_query (request, "columns", names->str);
  for (unsigned i = 0; parameters[i] != NULL && parameters[i + 1] != NULL; i += 2)
    muster_api_request_add_query (request, parameters[i], parameters[i + 1]);
  muster_api_request_set_limit (request, MAX_BYTES);
  muster_api_request_set_deadline (request, DEADLINE_MSEC);
  return request;
}

static void
muster_records_export_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Export *export = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_file_get_basename (export->file);
  g_autofree char *text = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    {
      text = g_strdup_printf (_ ("Exported to “%s”"), name);
      muster_session_tell (export->session, text);
    }
  else
    muster_session_tell_error (export->session, _ ("Could not write the file"), error);
  export_free (export);
}

static DexFuture *
muster_records_export_fiber (gpointer user_data)
{
  Export *export = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterApiResponse) response = dex_await_object (
    muster_api_client_send (muster_session_get_client (export->session), export->request), &error);

  if (response == NULL)
    {
      muster_session_tell_error (export->session, _ ("Could not export"), error);
      export_free (export);
      return dex_future_new_true ();
    }
  g_file_replace_contents_bytes_async (export->file, muster_api_response_get_body (response), NULL,
                                       FALSE, G_FILE_CREATE_REPLACE_DESTINATION, NULL,
                                       muster_records_export_written_cb, export);
  return dex_future_new_true ();
}

static void
muster_records_export_chosen_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Export *export = user_data;
  g_autoptr (GError) error = NULL;

  export->file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (source), result, &error);
  if (export->file != NULL)
    {
      dex_future_disown (dex_scheduler_spawn (NULL, 0, muster_records_export_fiber, export, NULL));
      return;
    }
  if (!g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED))
    muster_session_tell_error (export->session, _ ("Could not choose a file"), error);
  export_free (export);
}

void
muster_records_export (MusterSession          *session,
                       GtkWidget              *parent,
                       const MusterEntityInfo *info,
                       const char *const      *columns,
                       const char *const      *parameters)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  g_autofree char *name = g_strdup_printf ("%s.csv", info->path);
  GtkRoot         *root = gtk_widget_get_root (parent);
  Export *export = NULL;

  g_return_if_fail (MUSTER_IS_SESSION (session));
  g_return_if_fail (columns != NULL && parameters != NULL);

  export = g_new0 (Export, 1);
  export->session = g_object_ref (session);
  export->info = info;
  export->request = make_request (info, columns, parameters);
  gtk_file_dialog_set_title (dialog, _ ("Export"));
  gtk_file_dialog_set_initial_name (dialog, name);
  gtk_file_dialog_save (dialog, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, NULL,
                        muster_records_export_chosen_cb, export);
}
