/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ports-ask"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-port-list.h"
#include "muster-ports-ask.h"

typedef struct
{
  GtkWidget      *dialog; /* (weak) */
  MusterPortList *list;   /* borrowed from the dialog */
  AdwSwitchRow   *apart;  /* borrowed (nullable): the tool has a port of its own */
  MusterPortList *tool;   /* borrowed (nullable): which */
  MusterPortsFunc func;
  GObject        *user_data; /* (owned) */
} Ask;

static void
ask_clear (gpointer data)
{
  Ask *self = data;

  g_clear_weak_pointer (&self->dialog);
  g_object_unref (self->user_data);
}

/* What still listens keeps it. */
static void
ask_unref (gpointer data, GClosure *closure)
{
  g_rc_box_release_full (data, ask_clear);
}

static gboolean
has_tool (const Ask *self)
{
  return self->apart != NULL && adw_switch_row_get_active (self->apart);
}

static void
muster_ports_ask_yes_cb (AdwAlertDialog *dialog, const char *response, gpointer user_data)
{
  Ask *self = user_data;
  g_auto (GStrv) ports = NULL;

  if (g_strcmp0 (response, "yes") != 0)
    return;
  ports = muster_port_list_dup_chosen (self->list);
  if (has_tool (self))
    {
      g_autoptr (GStrvBuilder) both = g_strv_builder_new ();
      g_auto (GStrv) tools = muster_port_list_dup_chosen (self->tool);

      g_strv_builder_addv (both, (const char **)ports);
      g_strv_builder_addv (both, (const char **)tools);
      g_strfreev (ports);
      ports = g_strv_builder_end (both);
    }
  if (ports[0] != NULL)
    self->func ((const char *const *)ports, self->user_data);
}

static void
muster_ports_ask_changed (Ask *self)
{
  gboolean apart;

  if (self->dialog == NULL)
    return;
  apart = has_tool (self);
  if (self->tool != NULL)
    gtk_widget_set_visible (GTK_WIDGET (self->tool), apart);
  adw_alert_dialog_set_response_enabled (ADW_ALERT_DIALOG (self->dialog), "yes",
                                         muster_port_list_count_chosen (self->list) > 0 &&
                                           (!apart ||
                                            muster_port_list_count_chosen (self->tool) > 0));
}

static void
listen (Ask *self, gpointer to, const char *signal)
{
  g_signal_connect_data (to, signal, G_CALLBACK (muster_ports_ask_changed), g_rc_box_acquire (self),
                         ask_unref, G_CONNECT_SWAPPED);
}

/* The list of the tool's ports, behind a switch. */
static void
add_tool (Ask *self, GtkBox *box, MusterSession *session)
{
  GtkWidget *group = adw_preferences_group_new ();

  self->apart = ADW_SWITCH_ROW (
    g_object_new (ADW_TYPE_SWITCH_ROW, "title", _ ("The tool has a port of its own"), "subtitle",
                  _ ("A programmer beside the board’s serial line."), NULL));
  self->tool = MUSTER_PORT_LIST (muster_port_list_new (session, TRUE));
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self->tool), _ ("Port of the Tool"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), GTK_WIDGET (self->apart));
  gtk_box_append (box, group);
  gtk_box_append (box, GTK_WIDGET (self->tool));
  listen (self, self->apart, "notify::active");
  listen (self, self->tool, "changed");
}

static GtkWidget *
create_content (Ask *self, MusterSession *session, MusterPortsCount count)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);

  self->list = MUSTER_PORT_LIST (muster_port_list_new (session, count != MUSTER_PORTS_MANY));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->list));
  if (count == MUSTER_PORTS_ONE_AND_TOOL)
    add_tool (self, GTK_BOX (box), session);
  listen (self, self->list, "changed");
  muster_ports_ask_changed (self);
  return box;
}

AdwDialog *
muster_ports_ask (GtkWidget       *parent,
                  MusterSession   *session,
                  const char      *heading,
                  const char      *body,
                  const char      *verb,
                  MusterPortsCount count,
                  MusterPortsFunc  func,
                  GObject         *user_data)
{
  AdwDialog *dialog = adw_alert_dialog_new (heading, body);
  Ask       *ask = g_rc_box_new0 (Ask);

  g_set_weak_pointer (&ask->dialog, GTK_WIDGET (dialog));
  ask->func = func;
  ask->user_data = g_object_ref (user_data);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _ ("_Cancel"), "yes", verb,
                                  NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "yes",
                                            ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "yes");
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");
  adw_alert_dialog_set_prefer_wide_layout (ADW_ALERT_DIALOG (dialog), TRUE);
  adw_alert_dialog_set_extra_child (ADW_ALERT_DIALOG (dialog),
                                    create_content (ask, session, count));
  g_signal_connect_data (dialog, "response", G_CALLBACK (muster_ports_ask_yes_cb), ask, ask_unref,
                         0);
  adw_dialog_present (dialog, parent);
  return dialog;
}
