/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ports-ask"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-port-list.h"
#include "muster-ports-ask.h"

typedef struct
{
  MusterPortList *list; /* borrowed from the dialog */
  MusterPortsFunc func;
  GObject        *user_data; /* (owned) */
} Ask;

static void
ask_free (gpointer data, GClosure *closure)
{
  Ask *self = data;

  g_object_unref (self->user_data);
  g_free (self);
}

static void
muster_ports_ask_yes_cb (AdwAlertDialog *dialog, const char *response, gpointer user_data)
{
  Ask *self = user_data;
  g_auto (GStrv) ports = NULL;

  if (g_strcmp0 (response, "yes") != 0)
    return;
  ports = muster_port_list_dup_chosen (self->list);
  if (ports[0] != NULL)
    self->func ((const char *const *)ports, self->user_data);
}

static void
muster_ports_ask_changed_cb (AdwAlertDialog *dialog, MusterPortList *list)
{
  adw_alert_dialog_set_response_enabled (dialog, "yes", muster_port_list_count_chosen (list) > 0);
}

AdwDialog *
muster_ports_ask (GtkWidget      *parent,
                  MusterSession  *session,
                  const char     *heading,
                  const char     *body,
                  const char     *verb,
                  gboolean        single,
                  MusterPortsFunc func,
                  GObject        *user_data)
{
  AdwDialog *dialog = adw_alert_dialog_new (heading, body);
  Ask       *ask = g_new0 (Ask, 1);

  ask->list = MUSTER_PORT_LIST (muster_port_list_new (session, single));
  ask->func = func;
  ask->user_data = g_object_ref (user_data);
  adw_alert_dialog_set_extra_child (ADW_ALERT_DIALOG (dialog), GTK_WIDGET (ask->list));
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _ ("_Cancel"), "yes", verb,
                                  NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "yes",
                                            ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_response_enabled (ADW_ALERT_DIALOG (dialog), "yes", FALSE);
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "yes");
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");
  adw_alert_dialog_set_prefer_wide_layout (ADW_ALERT_DIALOG (dialog), TRUE);
  g_signal_connect_object (ask->list, "changed", G_CALLBACK (muster_ports_ask_changed_cb), dialog,
                           G_CONNECT_SWAPPED);
  g_signal_connect_data (dialog, "response", G_CALLBACK (muster_ports_ask_yes_cb), ask, ask_free,
                         0);
  adw_dialog_present (dialog, parent);
  return dialog;
}
