/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ask"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-ask.h"

typedef struct
{
  GPtrArray     *rows; /* (element-type GtkWidget) ends with NULL */
  MusterAskFunc  func;
  gpointer       user_data;
  GDestroyNotify destroy;
} Ask;

static void
ask_free (gpointer data, GClosure *closure)
{
  Ask *ask = data;

  if (ask->destroy != NULL)
    ask->destroy (ask->user_data);
  g_ptr_array_unref (ask->rows);
  g_free (ask);
}

static void
muster_ask_response_cb (AdwAlertDialog *dialog, const char *response, Ask *ask)
{
  if (g_strcmp0 (response, "yes") == 0)
    ask->func ((GtkWidget *const *)ask->rows->pdata, ask->user_data);
}

AdwDialog *
muster_ask (GtkWidget        *parent,
            const char       *heading,
            const char       *body,
            GtkWidget *const *rows,
            const char       *verb,
            MusterAskFunc     func,
            gpointer          user_data,
            GDestroyNotify    destroy)
{
  AdwDialog *dialog = adw_alert_dialog_new (heading, body);
  GtkWidget *list = gtk_list_box_new ();
  Ask       *ask = g_new0 (Ask, 1);

  ask->rows = g_ptr_array_new_null_terminated (4, NULL, TRUE);
  ask->func = func;
  ask->user_data = user_data;
  ask->destroy = destroy;
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_widget_set_size_request (list, 300, -1);
  for (unsigned i = 0; rows[i] != NULL; i++)
    {
      g_ptr_array_add (ask->rows, rows[i]);
      gtk_list_box_append (GTK_LIST_BOX (list), rows[i]);
      if (ADW_IS_ENTRY_ROW (rows[i]))
        adw_entry_row_set_activates_default (ADW_ENTRY_ROW (rows[i]), TRUE);
    }
  adw_alert_dialog_set_extra_child (ADW_ALERT_DIALOG (dialog), list);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _ ("_Cancel"), "yes", verb,
                                  NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "yes",
                                            ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "yes");
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (muster_ask_response_cb), ask, ask_free, 0);
  adw_dialog_set_focus (dialog, rows[0]);
  adw_dialog_present (dialog, parent);
  return dialog;
}

void
muster_ask_set_ready (AdwDialog *dialog, gboolean ready)
{
  g_return_if_fail (ADW_IS_ALERT_DIALOG (dialog));

  adw_alert_dialog_set_response_enabled (ADW_ALERT_DIALOG (dialog), "yes", ready);
}
