/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/muster-location.h"
#include "muster-dialog.h"
#include "muster-record-dialog.h"

/* Dialogs whose person does not wait for the site. */

typedef struct
{
  MusterSession *session;
  GtkWidget     *window;
  AdwDialog     *dialog; /* (owned) */
  GPtrArray     *told;   /* (element-type utf8) */
} Case;

static void
told_cb (MusterSession *session, const char *text, MusterUndo *undo, Case *self)
{
  g_ptr_array_add (self->told, g_strdup (text));
}

static void
case_set_up (Case *self, gconstpointer data)
{
  g_autoptr (MusterApiClient) client = muster_api_client_new_for_socket ("/nonexistent/api.sock");

  muster_api_client_set_retry (client, &MUSTER_API_RETRY_NONE);
  self->session = muster_session_new (client, NULL);
  self->told = g_ptr_array_new_with_free_func (g_free);
  g_signal_connect (self->session, "message", G_CALLBACK (told_cb), self);
  self->window = adw_application_window_new (NULL);
  self->dialog = g_object_ref_sink (
    muster_record_dialog_new (self->session, &muster_location_info, NULL, NULL, "New Place"));
  muster_record_dialog_preset (MUSTER_RECORD_DIALOG (self->dialog), "name", "Shelf");
  gtk_window_present (GTK_WINDOW (self->window));
  adw_dialog_present (self->dialog, self->window);
}

static void
case_tear_down (Case *self, gconstpointer data)
{
  g_object_unref (self->dialog);
  gtk_window_destroy (GTK_WINDOW (self->window));
  g_object_unref (self->session);
  g_ptr_array_unref (self->told);
}

/* Nobody listens at the socket. */
static void
test_refused (Case *self, gconstpointer data)
{
  JsonObject *changes = json_object_new ();

  json_object_set_string_member (changes, "name", "Shelf");
  muster_record_dialog_send (MUSTER_RECORD_DIALOG (self->dialog), changes);
  g_assert_true (muster_dialog_is_open (self->dialog));
  adw_dialog_force_close (self->dialog);
  g_assert_false (muster_dialog_is_open (self->dialog));
  while (self->told->len == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (g_str_has_prefix (self->told->pdata[0], "New Place: "));
}

static void
test_end (Case *self, gconstpointer data)
{
  muster_dialog_end (self->dialog);
  g_assert_false (muster_dialog_is_open (self->dialog));
  muster_dialog_end (self->dialog);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  dex_init ();
  g_test_add ("/dialog/refused", Case, NULL, case_set_up, test_refused, case_tear_down);
  g_test_add ("/dialog/end", Case, NULL, case_set_up, test_end, case_tear_down);
  return g_test_run ();
}
