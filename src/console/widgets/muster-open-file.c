/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-open-file"

#include "config.h"

#include "muster-open-file.h"

static void
opened_cb (GObject *dialog, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DexPromise) promise = user_data;
  g_autoptr (GError) error = NULL;
  GFile *file = gtk_file_dialog_open_finish (GTK_FILE_DIALOG (dialog), result, &error);

  if (file != NULL)
    dex_promise_resolve_object (promise, file);
  else
    dex_promise_reject (promise, g_steal_pointer (&error));
}

DexFuture *
muster_open_file (GtkFileDialog *dialog, GtkWidget *parent)
{
  DexPromise *promise = dex_promise_new_cancellable ();

  g_return_val_if_fail (GTK_IS_FILE_DIALOG (dialog), NULL);
  g_return_val_if_fail (GTK_IS_WIDGET (parent), NULL);

  gtk_file_dialog_open (dialog, GTK_WINDOW (gtk_widget_get_ancestor (parent, GTK_TYPE_WINDOW)),
                        dex_promise_get_cancellable (promise), opened_cb, dex_ref (promise));
  return DEX_FUTURE (promise);
}
