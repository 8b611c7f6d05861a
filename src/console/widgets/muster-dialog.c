/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-dialog"

#include "config.h"

#include "muster-dialog.h"
#include "muster-format.h"

gboolean
muster_dialog_is_open (AdwDialog *dialog)
{
  GtkRoot *root;
  g_autoptr (GListModel) dialogs = NULL;
  gboolean found = FALSE;

  g_return_val_if_fail (ADW_IS_DIALOG (dialog), FALSE);

  root = gtk_widget_get_root (GTK_WIDGET (dialog));
  /* Elsewhere it is a window of its own. */
  if (!ADW_IS_APPLICATION_WINDOW (root))
    return root != NULL;
  dialogs = adw_application_window_get_dialogs (ADW_APPLICATION_WINDOW (root));
  for (unsigned i = 0; !found && i < g_list_model_get_n_items (dialogs); i++)
    {
      g_autoptr (AdwDialog) other = g_list_model_get_item (dialogs, i);

      found = other == dialog;
    }
  return found;
}

void
muster_dialog_end (AdwDialog *dialog)
{
  if (muster_dialog_is_open (dialog))
    adw_dialog_force_close (dialog);
}

gboolean
muster_dialog_tell_missed (AdwDialog *dialog, MusterSession *session, const GError *error)
{
  g_return_val_if_fail (MUSTER_IS_SESSION (session), FALSE);
  g_return_val_if_fail (error != NULL, FALSE);

  if (muster_dialog_is_open (dialog))
    return FALSE;
  muster_session_tell_error (session, adw_dialog_get_title (dialog), error);
  return TRUE;
}

void
muster_dialog_refuse (AdwDialog     *dialog,
                      AdwBanner     *banner,
                      MusterSession *session,
                      const GError  *error)
{
  g_autofree char *text = NULL;

  g_return_if_fail (ADW_IS_BANNER (banner));

  if (muster_dialog_tell_missed (dialog, session, error))
    return;
  text = muster_format_sentence (error->message);
  adw_banner_set_title (banner, text);
  adw_banner_set_revealed (banner, TRUE);
}
