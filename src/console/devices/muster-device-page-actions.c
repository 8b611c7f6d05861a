/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "alerts/muster-rule-editor.h"
#include "client/muster-api-devices.h"
#include "client/muster-api-factory.h"
#include "firmware/muster-device-update.h"
#include "muster-credentials-dialog.h"
#include "muster-device-dialog.h"
#include "muster-device-page-private.h"
#include "muster-doing.h"
#include "print/muster-print-dialog.h"
#include "widgets/muster-save-file.h"

/* --- what can be done now --- */

/* Whether the person at this console may do what ACTION does. */
static gboolean
may (MusterDevicePage *self, const char *action)
{
  static const struct
  {
    const char *action, *operation;
  } operations[] = {
    { "device.account", "makeDeviceAccount" }, { "device.delete", "deleteDevice" },
    { "device.edit", "updateDevice" },         { "device.identify", "commandDevice" },
    { "device.reboot", "commandDevice" },      { "device.rebirth", "commandDevice" },
    { "device.release", "releaseDevice" },     { "device.set-status", "setDeviceStatus" },
    { "device.token", "issueDeviceToken" },    { "device.update", "createUpdate" },
    { "device.unit-keys", "getFactoryKeys" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (operations); i++)
    if (g_str_equal (operations[i].action, action))
      return muster_page_may (MUSTER_PAGE (self), operations[i].operation);
  return TRUE;
}

static gboolean
is_gateway (MusterDevicePage *self)
{
  return g_strcmp0 (muster_enum_get_nick (&muster_device_kind_enum,
                                          muster_entity_get_enum (entity_of (self), "kind")),
                    "gateway") == 0;
}

void
muster_device_page_update_actions (MusterDevicePage *self)
{
  gboolean known = self->device != NULL;
  gboolean adopted =
    known && muster_entity_get_enum (entity_of (self), "adoption") == MUSTER_ADOPTION_ADOPTED;
  static const char *const for_adopted[] = { "device.identify", "device.reboot", "device.rebirth",
                                             "device.release", "device.update" };
  static const char *const for_known[] = { "device.edit", "device.delete", "device.set-status",
                                           "device.token" };

  for (unsigned i = 0; i < G_N_ELEMENTS (for_adopted); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), for_adopted[i],
                                   adopted && may (self, for_adopted[i]));
  for (unsigned i = 0; i < G_N_ELEMENTS (for_known); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), for_known[i],
                                   known && may (self, for_known[i]));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "device.add-rule",
                                 known && muster_page_may (MUSTER_PAGE (self), "createAlertRule"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "device.account",
                                 known && !adopted && may (self, "device.account"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "device.unit-keys",
                                 known && is_gateway (self) && may (self, "device.unit-keys"));
  gtk_widget_set_visible (self->commands, adopted);
}

/* --- commands --- */

void
muster_device_page_show_command (MusterDevicePage *self, int state)
{
  muster_status_chip_set_command (self->command_chip, state);
  gtk_widget_set_visible (GTK_WIDGET (self->command_chip), TRUE);
}

static DexFuture *
muster_device_page_told_cb (DexFuture *future, gpointer user_data)
{
  MusterDevicePage *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  MusterEntity *command;

  if (!muster_page_is_alive (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  if (value == NULL)
    {
      muster_device_page_show_command (self, MUSTER_COMMAND_FAILED);
      muster_session_tell_error (session_of (self), _ ("The command was not given"), error);
      return dex_future_new_true ();
    }
  command = g_value_get_object (value);
  g_set_str (&self->command, muster_entity_get_id (command));
  muster_device_page_show_command (self,
                                   muster_command_states_note (self->states, self->command,
                                                               muster_entity_get_enum (command,
                                                                                       "state")));
  return dex_future_new_true ();
}

static void
tell (MusterDevicePage *self, const char *kind)
{
  g_clear_pointer (&self->command, g_free);
  muster_device_page_show_command (self, MUSTER_COMMAND_PENDING);
  dex_future_disown (
    dex_future_finally (muster_api_devices_command (client_of (self), self->id, kind, NULL, NULL),
                        muster_device_page_told_cb, g_object_ref (self), g_object_unref));
}

/* ACTION is "device." and the kind of the command. */
static void
muster_device_page_command_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  tell (MUSTER_DEVICE_PAGE (widget), action + strlen ("device."));
}

/* --- other doings --- */

/* PARAMETER: what the rule watches over, "": to be chosen. */
static void
muster_device_page_rule_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterDevicePage *self = MUSTER_DEVICE_PAGE (widget);
  const char       *metric = g_variant_get_string (parameter, NULL);

  muster_page_push (MUSTER_PAGE (self),
                    muster_rule_editor_new_for_metric (session_of (self), self->id,
                                                       *metric != '\0' ? metric : NULL));
}

static void
muster_device_page_update_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterDevicePage *self = MUSTER_DEVICE_PAGE (widget);

  muster_device_update_ask (session_of (self), widget, entity_of (self), NULL);
}

static void
muster_device_page_edit_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterDevicePage *self = MUSTER_DEVICE_PAGE (widget);

  adw_dialog_present (muster_device_dialog_new (session_of (self), self->device), widget);
}

/* Something that the journal can take back; DONE is taken. */
static void
do_undoable (MusterDevicePage *self, DexFuture *work, char *done, const char *failed)
{
  muster_do_and_offer (session_of (self), work, "device", self->id, done, failed);
}

static void
muster_device_page_status_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterDevicePage *self = MUSTER_DEVICE_PAGE (widget);
  int               status =
    muster_enum_parse (&muster_device_status_enum, g_variant_get_string (parameter, NULL));

  do_undoable (self, muster_api_devices_set_status (client_of (self), self->id, status),
               g_strdup_printf (_ ("%s: %s"), muster_entity_get_string (entity_of (self), "name"),
                                _ (muster_enum_get_label (&muster_device_status_enum, status))),
               _ ("Could not set the status"));
}

static DexFuture *
muster_device_page_released_cb (DexFuture *future, gpointer user_data)
{
  MusterDevicePage *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (dex_future_get_value (future, &error) == NULL)
    {
      muster_session_tell_error (session_of (self), _ ("Could not release it"), error);
      return dex_future_new_true ();
    }
  text =
    g_strdup_printf (_ ("%s is released"), muster_entity_get_string (entity_of (self), "name"));
  muster_session_tell (session_of (self), text);
  return dex_future_new_true ();
}

static void
muster_device_page_release_cb (MusterDevicePage *self)
{
  dex_future_disown (dex_future_finally (muster_api_devices_release (client_of (self), self->id),
                                         muster_device_page_released_cb, g_object_ref (self),
                                         g_object_unref));
}

/* The device forgets the site, which no journal takes back: it would have to be paired again. */
static void
muster_device_page_release_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MusterDevicePage *self = MUSTER_DEVICE_PAGE (widget);
  const char       *name = muster_entity_get_string (entity_of (self), "name");
  g_autofree char  *title = g_strdup_printf (_ ("Release %s?"), name);
  AdwDialog        *dialog = adw_alert_dialog_new (
    title, _ ("It loses its account at once and sends nothing to this site any more. Its record "
                            "and its samples stay. This cannot be undone: to have it back, adopt it again "
                            "with the secret on its label."));

  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _ ("_Cancel"), "release",
                                  _ ("_Release Device"), NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "release",
                                            ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "cancel");
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response::release", G_CALLBACK (muster_device_page_release_cb),
                           self, G_CONNECT_SWAPPED);
  adw_dialog_present (dialog, widget);
}

/* ACTION says which. */
static void
muster_device_page_credentials_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MusterDevicePage     *self = MUSTER_DEVICE_PAGE (widget);
  MusterCredentialsKind kind =
    g_str_equal (action, "device.token") ? MUSTER_CREDENTIALS_TOKEN : MUSTER_CREDENTIALS_ACCOUNT;

  adw_dialog_present (muster_credentials_dialog_new (session_of (self), self->id, kind), widget);
}

static DexFuture *
get_unit_keys (MusterApiClient *client, gpointer id)
{
  return muster_api_factory_get_keys (client, NULL, id);
}

/* Those of the units that are reached through it. */
static void
muster_device_page_unit_keys_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  MusterDevicePage *self = MUSTER_DEVICE_PAGE (widget);
  g_autofree char  *file =
    g_strconcat (muster_entity_get_string (entity_of (self), "name"), ".keys", NULL);

  g_strdelimit (file, "/:", '-');
  muster_save_file (session_of (self), widget, _ ("Save the Units’ Keys"), file, get_unit_keys,
                    g_strdup (self->id), g_free);
}

static void
muster_device_page_delete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterDevicePage *self = MUSTER_DEVICE_PAGE (widget);
  GtkWidget        *view = gtk_widget_get_ancestor (widget, ADW_TYPE_NAVIGATION_VIEW);

  do_undoable (self, muster_api_devices_delete (client_of (self), self->id, 0),
               g_strdup_printf (_ ("%s is deleted"),
                                muster_entity_get_string (entity_of (self), "name")),
               _ ("Could not delete it"));
  adw_navigation_view_pop (ADW_NAVIGATION_VIEW (view));
}

static void
muster_device_page_print_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterDevicePage *self = MUSTER_DEVICE_PAGE (widget);
  const char       *ids[] = { self->id, NULL };

  muster_print_dialog_show (widget, muster_page_get_session (MUSTER_PAGE (self)),
                            MUSTER_PRINT_DEVICE_LABELS, ids);
}

void
muster_device_page_install_actions (GtkWidgetClass *klass)
{
  static const struct
  {
    const char                 *name;
    const char                 *parameter;
    GtkWidgetActionActivateFunc activate;
  } actions[] = {
    { "device.identify", NULL, muster_device_page_command_action },
    { "device.reboot", NULL, muster_device_page_command_action },
    { "device.rebirth", NULL, muster_device_page_command_action },
    { "device.add-rule", "s", muster_device_page_rule_action },
    { "device.edit", NULL, muster_device_page_edit_action },
    { "device.update", NULL, muster_device_page_update_action },
    { "device.set-status", "s", muster_device_page_status_action },
    { "device.release", NULL, muster_device_page_release_action },
    { "device.token", NULL, muster_device_page_credentials_action },
    { "device.account", NULL, muster_device_page_credentials_action },
    { "device.unit-keys", NULL, muster_device_page_unit_keys_action },
    { "page.print", NULL, muster_device_page_print_action },
    { "device.delete", NULL, muster_device_page_delete_action },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (klass, actions[i].name, actions[i].parameter,
                                     actions[i].activate);
}
