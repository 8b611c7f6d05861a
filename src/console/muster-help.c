/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-help"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "alerts/muster-alert-page.h"
#include "alerts/muster-alerts-page.h"
#include "alerts/muster-duty-page.h"
#include "alerts/muster-rule-editor.h"
#include "alerts/muster-rule-why.h"
#include "deliveries/muster-delivery-page.h"
#include "deliveries/muster-receive-page.h"
#include "devices/muster-device-page.h"
#include "firmware/muster-firmware-page.h"
#include "firmware/muster-rollout-page.h"
#include "firmware/muster-rollout-wizard.h"
#include "inventory/muster-inventory-page.h"
#include "inventory/muster-stocktake-page.h"
#include "muster-help.h"
#include "orders/muster-order-editor.h"
#include "orders/muster-orders-page.h"

/* What has a page of the manual of its own, beside the rooms: their pages bear their names. */
/* clang-format off */
static const struct
{
  GType (*get_type) (void);
  const char *view; /* of those that the page switches between, NULL: any */
  const char *topic;
} topics[] = {
  { muster_alerts_page_get_type, "rules", "alert-rules" },
  { muster_alerts_page_get_type, "silences", "alert-silences" },
  { muster_alerts_page_get_type, "channels", "channels" },
  { muster_alerts_page_get_type, "escalations", "escalations" },
  { muster_alerts_page_get_type, "duty", "duty" },
  { muster_alerts_page_get_type, "log", "escalations" },
  { muster_rule_editor_get_type, NULL, "alert-rules" },
  { muster_rule_why_get_type, NULL, "alert-rules" },
  { muster_duty_page_get_type, NULL, "duty" },
  { muster_device_page_get_type, NULL, "device" },
  { muster_firmware_page_get_type, "rollouts", "rollout" },
  { muster_firmware_page_get_type, "updates", "rollout" },
  { muster_rollout_page_get_type, NULL, "rollout" },
  { muster_rollout_wizard_get_type, NULL, "rollout" },
  { muster_inventory_page_get_type, "stocktakes", "stocktake" },
  { muster_stocktake_page_get_type, NULL, "stocktake" },
  { muster_order_editor_get_type, NULL, "order-write" },
  { muster_receive_page_get_type, NULL, "receive" },
};
/* clang-format on */

/* The name of the view in front where the page switches between views: borrowed. */
static const char *
find_view (GtkWidget *widget)
{
  const char *found = NULL;

  if (ADW_IS_VIEW_STACK (widget))
    return adw_view_stack_get_visible_child_name (ADW_VIEW_STACK (widget));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); found == NULL && child != NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_view (child);
  return found;
}

const char *
muster_help_find_topic (MusterPage *page, const char *room)
{
  const char *view = page != NULL ? find_view (GTK_WIDGET (page)) : NULL;

  for (unsigned i = 0; page != NULL && i < G_N_ELEMENTS (topics); i++)
    if (G_OBJECT_TYPE (page) == topics[i].get_type () &&
        (topics[i].view == NULL || g_strcmp0 (topics[i].view, view) == 0))
      return topics[i].topic;
  return room != NULL ? room : "index";
}

static void
muster_help_shortcuts_cb (GtkWidget *parent)
{
  gtk_widget_activate_action (parent, "win.show-help-overlay", NULL);
}

static void
muster_help_shown_cb (GObject *launcher, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) parent = user_data;
  g_autoptr (GError) error = NULL;
  AdwDialog *dialog;

  if (gtk_uri_launcher_launch_finish (GTK_URI_LAUNCHER (launcher), result, &error) ||
      gtk_widget_get_root (parent) == NULL)
    return;
  g_debug ("%s: %s", gtk_uri_launcher_get_uri (GTK_URI_LAUNCHER (launcher)), error->message);
  dialog = adw_alert_dialog_new (
    _ ("No Help Viewer"),
    _ ("The manual lies on this machine with Muster, but nothing is installed that shows it. "
       "Install GNOME’s help viewer (the package “yelp”), then press F1 again."));
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "close", _ ("_Close"), "shortcuts",
                                  _ ("_Keyboard Shortcuts"), NULL);
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "close");
  g_signal_connect_object (dialog, "response::shortcuts", G_CALLBACK (muster_help_shortcuts_cb),
                           parent, G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, parent);
}

void
muster_help_show (GtkWidget *parent, const char *topic)
{
  g_autofree char *uri = g_strdup_printf ("help:muster/%s", topic);
  g_autoptr (GtkUriLauncher) launcher = gtk_uri_launcher_new (uri);
  GtkRoot *root = gtk_widget_get_root (parent);

  gtk_uri_launcher_launch (launcher, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, NULL,
                           muster_help_shown_cb, g_object_ref (parent));
}
