/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "alerts/muster-device-alerts.h"
#include "alerts/muster-rule-editor.h"
#include "client/muster-api-devices.h"
#include "client/muster-api-factory.h"
#include "client/muster-api-journal.h"
#include "client/muster-api-json.h"
#include "firmware/muster-device-firmware.h"
#include "firmware/muster-device-update.h"
#include "inventory/muster-device-stock.h"
#include "muster-command-states.h"
#include "muster-credentials-dialog.h"
#include "muster-derived-list.h"
#include "muster-device-dialog.h"
#include "muster-device-page.h"
#include "muster-device-reach.h"
#include "muster-live-label.h"
#include "muster-telemetry-panel.h"
#include "print/muster-print-dialog.h"
#include "widgets/muster-attachments.h"
#include "widgets/muster-record-history.h"
#include "widgets/muster-event-row.h"
#include "widgets/muster-format.h"
#include "widgets/muster-kind-icon.h"
#include "widgets/muster-list.h"
#include "widgets/muster-save-file.h"
#include "widgets/muster-skeleton.h"
#include "widgets/muster-status-chip.h"
#include "widgets/muster-trouble-view.h"

#define MAX_EVENTS 20

struct _MusterDevicePage
{
  MusterPage parent_instance;

  char                *id;      /* (owned) */
  MusterDevice        *device;  /* (owned) (nullable) */
  char                *command; /* (owned) (nullable) id of the last command given here */
  MusterCommandStates *states;  /* (owned) of all commands of the device */
  GPtrArray *details; /* (owned) (element-type GtkWidget) rows, borrowed from their group */
  MusterApiSubscription *journal; /* (owned) */
  MusterApiSubscription *live;    /* (owned) */
  MusterApiSubscription *happens; /* (owned) events */

  /* Template children */
  GtkStack             *stack;
  MusterTroubleView    *trouble;
  GtkImage             *icon;
  GtkLabel             *name;
  GtkLabel             *subtitle;
  MusterStatusChip     *live_chip;
  MusterStatusChip     *status_chip;
  MusterStatusChip     *adoption_chip;
  MusterLiveLabel      *proofs;
  GtkWidget            *commands;
  MusterStatusChip     *command_chip;
  MusterDeviceAlerts   *alerts;
  MusterTelemetryPanel *telemetry;
  MusterDerivedList    *derived;
  MusterDeviceReach    *reach;
  MusterDeviceStock    *stock;
  MusterDeviceFirmware *firmware;
  GMenu                *status_menu;
  AdwPreferencesGroup  *details_group;
  MusterAttachments    *attachments;
  GtkListBox           *events;
  MusterRecordHistory  *history;
};

G_DEFINE_FINAL_TYPE (MusterDevicePage, muster_device_page, MUSTER_TYPE_PAGE)

static MusterEntity *
entity_of (MusterDevicePage *self)
{
  return MUSTER_ENTITY (self->device);
}

static MusterSession *
session_of (MusterDevicePage *self)
{
  return muster_page_get_session (MUSTER_PAGE (self));
}

static MusterApiClient *
client_of (MusterDevicePage *self)
{
  return muster_page_get_client (MUSTER_PAGE (self));
}

/* --- what is shown --- */

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

static void
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

/* Maker, model and serial number in one line. */
static char *
describe (MusterDevicePage *self)
{
  static const char *const fields[] = { "manufacturer", "model", "serial", "location" };
  g_autoptr (GString) text = g_string_new (
    _ (muster_enum_get_label (&muster_device_kind_enum,
                              muster_entity_get_enum (entity_of (self), "kind"))));

  for (unsigned i = 0; i < G_N_ELEMENTS (fields); i++)
    if (!muster_entity_is_null (entity_of (self), fields[i]))
      g_string_append_printf (text, " · %s",
                              muster_entity_get_string (entity_of (self), fields[i]));
  return g_string_free_and_steal (g_steal_pointer (&text));
}

static char *
format_field (MusterDevicePage *self, const MusterField *field, unsigned index)
{
  const MusterValue *value = muster_entity_peek (entity_of (self), index);

  if (field->type == MUSTER_FIELD_TIME)
    return muster_format_time (value->integer, muster_session_get_zone (session_of (self)));
  if (field->type == MUSTER_FIELD_ENUM)
    return g_strdup (_ (muster_enum_get_label (field->enumeration, value->integer)));
  return muster_field_format_text (field, value);
}

static void
show_details (MusterDevicePage *self)
{
  static const char *const fields[] = { "mac",        "address",     "node_id",          "family",
                                        "family_key", "node_device", "firmware_version", "notes",
                                        "created_at", "id" };

  for (unsigned i = 0; i < self->details->len; i++)
    adw_preferences_group_remove (self->details_group, self->details->pdata[i]);
  g_ptr_array_set_size (self->details, 0);
  for (unsigned i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      int                index = muster_entity_info_find (&muster_device_info, fields[i]);
      const MusterField *field = &muster_device_info.fields[index];
      g_autofree char   *text = NULL;
      GtkWidget         *row;

      if (muster_entity_is_null (entity_of (self), fields[i]))
        continue;
      text = format_field (self, field, index);
      row = g_object_new (ADW_TYPE_ACTION_ROW, "title", _ (field->label), "use-markup", FALSE,
                          "subtitle", text, "subtitle-selectable", TRUE, "tooltip-text", field->doc,
                          NULL);
      gtk_widget_add_css_class (row, "property");
      adw_preferences_group_add (self->details_group, row);
      g_ptr_array_add (self->details, row);
    }
}

/* Only the steps that its life allows now. */
static void
show_next_states (MusterDevicePage *self)
{
  g_auto (GStrv) next =
           muster_state_machine_list_next (&muster_device_status_machine,
                                           muster_entity_get_enum (entity_of (self), "status"));

  g_menu_remove_all (self->status_menu);
  for (unsigned i = 0; next[i] != NULL; i++)
    {
      int value = muster_enum_parse (&muster_device_status_enum, next[i]);
      g_autoptr (GMenuItem) item =
                  g_menu_item_new (_ (muster_enum_get_label (&muster_device_status_enum, value)),
                                   NULL);

      g_menu_item_set_action_and_target (item, "device.set-status", "s", next[i]);
      g_menu_append_item (self->status_menu, item);
    }
}

static void
show_device (MusterDevicePage *self)
{
  MusterEntity    *entity = entity_of (self);
  g_autofree char *subtitle = describe (self);

  gtk_image_set_from_icon_name (self->icon, muster_kind_get_icon_name (
                                              muster_entity_get_string (entity, "kind")));
  gtk_label_set_label (self->name, muster_entity_get_string (entity, "name"));
  adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self),
                                 muster_entity_get_string (entity, "name"));
  gtk_label_set_label (self->subtitle, subtitle);
  muster_status_chip_set_live (self->live_chip, muster_entity_get_enum (entity, "live_state"));
  muster_status_chip_set_status (self->status_chip, muster_entity_get_enum (entity, "status"));
  muster_status_chip_set_adoption (self->adoption_chip,
                                   muster_entity_get_enum (entity, "adoption"));
  show_details (self);
  show_next_states (self);
  muster_derived_list_show (self->derived, session_of (self), self->id, NULL);
  muster_device_reach_show (self->reach, session_of (self), self->device);
  muster_device_stock_show (self->stock, session_of (self), self->device);
  muster_device_firmware_show (self->firmware, session_of (self), entity_of (self));
  muster_attachments_show (self->attachments, session_of (self), "device", self->id);
  muster_device_page_update_actions (self);
  gtk_stack_set_visible_child_name (self->stack, "content");
}

static void
show_live (MusterDevicePage *self, JsonObject *live)
{
  int state = live != NULL ? muster_enum_parse (&muster_live_state_enum,
                                                muster_api_json_get_string (live, "state"))
                           : -1;

  muster_live_label_set_live (self->proofs, live);
  if (state >= 0)
    muster_status_chip_set_live (self->live_chip, state);
}

/* --- reading --- */

static DexFuture *
muster_device_page_load_fiber (gpointer user_data)
{
  MusterDevicePage *self = user_data;
  MusterApiClient  *client = client_of (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterDevice) device =
              dex_await_object (muster_api_devices_get (client, self->id), &error);
  g_autoptr (JsonObject) status = NULL;

  if (!muster_page_is_alive (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  if (device == NULL)
    {
      gboolean gone = g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND);

      if (!gone)
        muster_trouble_view_set_error (self->trouble, _ ("The Device Could Not Be Read"), error);
      if (gone || self->device == NULL)
        gtk_stack_set_visible_child_name (self->stack, gone ? "gone" : "error");
      return dex_future_new_true ();
    }
  g_set_object (&self->device, device);
  show_device (self);
  status = dex_await_boxed (muster_api_devices_get_status (client, self->id), NULL);
  if (status != NULL && muster_page_is_alive (MUSTER_PAGE (self)))
    show_live (self, muster_api_json_get_object (status, "live"));
  return dex_future_new_true ();
}

static DexFuture *
muster_device_page_events_fiber (gpointer user_data)
{
  MusterDevicePage        *self = user_data;
  const MusterApiListQuery query = { .limit = MAX_EVENTS, .sort = "-created_at" };
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterApiPage) page =
              dex_await_object (muster_api_devices_list_events (client_of (self), self->id, &query),
                                &error);

  if (page == NULL)
    g_message ("could not read the events: %s", error->message);
  if (page == NULL || !muster_page_is_alive (MUSTER_PAGE (self)))
    return dex_future_new_true ();
  muster_list_clear (self->events);
  for (unsigned i = 0; i < muster_api_page_get_length (page); i++)
    {
      MusterDeviceEvent *event = muster_api_page_get (page, i);
      GtkWidget         *last = muster_list_get_last_row (self->events);

      if (last == NULL || !muster_event_row_fold (last, event))
        gtk_list_box_append (self->events, muster_event_row_new (session_of (self), event, NULL));
    }
  return dex_future_new_true ();
}

static void
muster_device_page_reload (MusterDevicePage *self)
{
  muster_page_run (MUSTER_PAGE (self), muster_device_page_load_fiber);
  muster_record_history_show (self->history, session_of (self), "device", self->id);
}

static void
muster_device_page_refresh (MusterPage *page)
{
  MusterDevicePage *self = MUSTER_DEVICE_PAGE (page);

  muster_device_page_reload (self);
  muster_page_run (page, muster_device_page_events_fiber);
  muster_telemetry_panel_refresh (self->telemetry);
}

/* --- changes as they happen --- */

static void
show_command_state (MusterDevicePage *self, int state)
{
  muster_status_chip_set_command (self->command_chip, state);
  gtk_widget_set_visible (GTK_WIDGET (self->command_chip), TRUE);
}

static void
muster_device_page_command_changed (MusterDevicePage *self, MusterApiChange *change)
{
  JsonObject *after = muster_api_change_get_after (change);
  int         state = after != NULL ? muster_enum_parse (&muster_command_state_enum,
                                                         muster_api_json_get_string (after, "state"))
                                    : -1;

  if (state < 0)
    return;
  state =
    muster_command_states_note (self->states, muster_api_change_get_entity_id (change), state);
  if (g_strcmp0 (self->command, muster_api_change_get_entity_id (change)) == 0)
    show_command_state (self, state);
  muster_telemetry_panel_command_changed (self->telemetry, muster_api_change_get_entity_id (change),
                                          state);
}

/* A loan, or a move, of this very unit. */
static gboolean
is_about_stock (MusterDevicePage *self, MusterApiChange *change)
{
  JsonObject *members = muster_api_change_get_after (change) != NULL
                          ? muster_api_change_get_after (change)
                          : muster_api_change_get_before (change);
  const char *entity = muster_api_change_get_entity (change);

  /* A loan that comes back tells no device: its fields change, the device does not. */
  if (g_strcmp0 (entity, "loan") == 0 &&
      g_strcmp0 (muster_api_change_get_action (change), "update") == 0)
    return TRUE;
  return (g_strcmp0 (entity, "loan") == 0 || g_strcmp0 (entity, "stock_move") == 0) &&
         members != NULL &&
         g_strcmp0 (muster_api_json_get_string (members, "device_id"), self->id) == 0;
}

static void
muster_device_page_journal_cb (MusterDevicePage *self,
                               const char       *topic,
                               const char       *subject,
                               JsonObject       *data)
{
  g_autoptr (MusterApiChange) change = muster_api_change_new_from_json (data, NULL);

  if (change == NULL)
    return;
  if (g_strcmp0 (muster_api_change_get_entity (change), "device_command") == 0)
    muster_device_page_command_changed (self, change);
  else if (g_strcmp0 (muster_api_change_get_entity_id (change), self->id) == 0 ||
           (self->device != NULL && is_about_stock (self, change)))
    muster_device_page_reload (self);
}

static void
muster_device_page_live_cb (MusterDevicePage *self,
                            const char       *topic,
                            const char       *subject,
                            JsonObject       *data)
{
  show_live (self, data);
}

static void
muster_device_page_event_cb (MusterDevicePage *self,
                             const char       *topic,
                             const char       *subject,
                             JsonObject       *data)
{
  g_autoptr (MusterEntity) event =
              muster_entity_new_from_json (&muster_device_event_info, data, NULL);
  GtkListBoxRow *last;

  if (event == NULL)
    return;
  gtk_list_box_prepend (self->events, muster_event_row_new (session_of (self),
                                                            MUSTER_DEVICE_EVENT (event), NULL));
  last = gtk_list_box_get_row_at_index (self->events, MAX_EVENTS);
  if (last != NULL)
    gtk_list_box_remove (self->events, GTK_WIDGET (last));
}

static void
muster_device_page_ready_cb (MusterDevicePage *self, gboolean resumed)
{
  if (!resumed)
    muster_device_page_refresh (MUSTER_PAGE (self));
}

/* Without the site nobody knows whether the device lives. */
static void
muster_device_page_connected_cb (MusterDevicePage *self)
{
  gboolean connected = muster_session_is_connected (session_of (self));

  muster_live_label_set_connected (self->proofs, connected);
  if (connected)
    muster_device_page_refresh (MUSTER_PAGE (self));
  else
    muster_status_chip_set_live (self->live_chip, MUSTER_LIVE_UNKNOWN);
}

static void
subscribe (MusterDevicePage *self)
{
  MusterApiStream *stream = muster_session_get_stream (session_of (self));
  const char      *subjects[] = { self->id, NULL };

  self->journal = muster_api_stream_subscribe (stream, "journal", NULL, NULL, -1);
  g_signal_connect_object (self->journal, "event", G_CALLBACK (muster_device_page_journal_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->journal, "ready", G_CALLBACK (muster_device_page_ready_cb), self,
                           G_CONNECT_SWAPPED);
  self->live = muster_api_stream_subscribe (stream, "live", subjects, NULL, -1);
  g_signal_connect_object (self->live, "event", G_CALLBACK (muster_device_page_live_cb), self,
                           G_CONNECT_SWAPPED);
  self->happens = muster_api_stream_subscribe (stream, "events", subjects, NULL, -1);
  g_signal_connect_object (self->happens, "event", G_CALLBACK (muster_device_page_event_cb), self,
                           G_CONNECT_SWAPPED);
}

/* --- commands and other doings --- */

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
      show_command_state (self, MUSTER_COMMAND_FAILED);
      muster_session_tell_error (session_of (self), _ ("The command was not given"), error);
      return dex_future_new_true ();
    }
  command = g_value_get_object (value);
  g_set_str (&self->command, muster_entity_get_id (command));
  show_command_state (self, muster_command_states_note (self->states, self->command,
                                                        muster_entity_get_enum (command, "state")));
  return dex_future_new_true ();
}

static void
tell (MusterDevicePage *self, const char *kind)
{
  g_clear_pointer (&self->command, g_free);
  show_command_state (self, MUSTER_COMMAND_PENDING);
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

/* Something that the journal can take back. */
typedef struct
{
  MusterSession *session;
  DexFuture     *work;
  char          *id;
  char          *done;   /* what to say when it worked */
  char          *failed; /* and when not */
} Doing;

static void
doing_free (gpointer data)
{
  Doing *doing = data;

  g_object_unref (doing->session);
  dex_clear (&doing->work);
  g_free (doing->id);
  g_free (doing->done);
  g_free (doing->failed);
  g_free (doing);
}

static DexFuture *
muster_device_page_doing_fiber (gpointer user_data)
{
  Doing *doing = user_data;
  g_autoptr (GError) error = NULL;

  if (dex_await (dex_ref (doing->work), &error))
    muster_session_offer_journal_undo (doing->session, doing->done, "device", doing->id);
  else
    muster_session_tell_error (doing->session, doing->failed, error);
  return dex_future_new_true ();
}

/* DONE is a format with the name of the device. */
static void
do_undoable (MusterDevicePage *self, DexFuture *work, char *done, const char *failed)
{
  Doing *doing = g_new0 (Doing, 1);

  doing->session = g_object_ref (session_of (self));
  doing->work = work;
  doing->id = g_strdup (self->id);
  doing->done = done;
  doing->failed = g_strdup (failed);
  dex_future_disown (
    dex_scheduler_spawn (NULL, 0, muster_device_page_doing_fiber, doing, doing_free));
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
muster_device_page_rights_changed (MusterPage *page)
{
  muster_device_page_update_actions (MUSTER_DEVICE_PAGE (page));
}

static void
muster_device_page_print_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  MusterDevicePage *self = MUSTER_DEVICE_PAGE (widget);
  const char       *ids[] = { self->id, NULL };

  muster_print_dialog_show (widget, muster_page_get_session (MUSTER_PAGE (self)),
                            MUSTER_PRINT_DEVICE_LABELS, ids);
}

/* --- life --- */

static void
muster_device_page_dispose (GObject *object)
{
  MusterDevicePage       *self = MUSTER_DEVICE_PAGE (object);
  MusterApiSubscription **subscriptions[] = { &self->journal, &self->live, &self->happens };

  for (unsigned i = 0; i < G_N_ELEMENTS (subscriptions); i++)
    {
      if (*subscriptions[i] != NULL)
        muster_api_subscription_close (*subscriptions[i]);
      g_clear_object (subscriptions[i]);
    }
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_DEVICE_PAGE);
  G_OBJECT_CLASS (muster_device_page_parent_class)->dispose (object);
}

static void
muster_device_page_finalize (GObject *object)
{
  MusterDevicePage *self = MUSTER_DEVICE_PAGE (object);

  g_free (self->id);
  g_free (self->command);
  muster_command_states_free (self->states);
  g_clear_object (&self->device);
  g_ptr_array_unref (self->details);
  G_OBJECT_CLASS (muster_device_page_parent_class)->finalize (object);
}

static void
muster_device_page_class_init (MusterDevicePageClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = muster_device_page_dispose;
  object_class->finalize = muster_device_page_finalize;
  MUSTER_PAGE_CLASS (klass)->refresh = muster_device_page_refresh;
  MUSTER_PAGE_CLASS (klass)->rights_changed = muster_device_page_rights_changed;
  g_type_ensure (MUSTER_TYPE_DEVICE_ALERTS);
  g_type_ensure (MUSTER_TYPE_ATTACHMENTS);
  g_type_ensure (MUSTER_TYPE_DERIVED_LIST);
  g_type_ensure (MUSTER_TYPE_DEVICE_FIRMWARE);
  g_type_ensure (MUSTER_TYPE_DEVICE_REACH);
  g_type_ensure (MUSTER_TYPE_DEVICE_STOCK);
  g_type_ensure (MUSTER_TYPE_LIVE_LABEL);
  g_type_ensure (MUSTER_TYPE_RECORD_HISTORY);
  g_type_ensure (MUSTER_TYPE_SKELETON);
  g_type_ensure (MUSTER_TYPE_STATUS_CHIP);
  g_type_ensure (MUSTER_TYPE_TELEMETRY_PANEL);
  g_type_ensure (MUSTER_TYPE_TROUBLE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/device-page.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterDevicePage, stack);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicePage, trouble);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicePage, icon);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicePage, name);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicePage, subtitle);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicePage, live_chip);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicePage, status_chip);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicePage, adoption_chip);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicePage, proofs);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicePage, commands);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicePage, command_chip);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicePage, alerts);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicePage, telemetry);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicePage, derived);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicePage, reach);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicePage, stock);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicePage, firmware);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicePage, status_menu);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicePage, details_group);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicePage, attachments);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicePage, events);
  gtk_widget_class_bind_template_child (widget_class, MusterDevicePage, history);
  gtk_widget_class_install_action (widget_class, "device.identify", NULL,
                                   muster_device_page_command_action);
  gtk_widget_class_install_action (widget_class, "device.reboot", NULL,
                                   muster_device_page_command_action);
  gtk_widget_class_install_action (widget_class, "device.rebirth", NULL,
                                   muster_device_page_command_action);
  gtk_widget_class_install_action (widget_class, "device.add-rule", "s",
                                   muster_device_page_rule_action);
  gtk_widget_class_install_action (widget_class, "device.edit", NULL,
                                   muster_device_page_edit_action);
  gtk_widget_class_install_action (widget_class, "device.update", NULL,
                                   muster_device_page_update_action);
  gtk_widget_class_install_action (widget_class, "device.set-status", "s",
                                   muster_device_page_status_action);
  gtk_widget_class_install_action (widget_class, "device.release", NULL,
                                   muster_device_page_release_action);
  gtk_widget_class_install_action (widget_class, "device.token", NULL,
                                   muster_device_page_credentials_action);
  gtk_widget_class_install_action (widget_class, "device.account", NULL,
                                   muster_device_page_credentials_action);
  gtk_widget_class_install_action (widget_class, "device.unit-keys", NULL,
                                   muster_device_page_unit_keys_action);
  gtk_widget_class_install_action (widget_class, "page.print", NULL,
                                   muster_device_page_print_action);
  gtk_widget_class_install_action (widget_class, "device.delete", NULL,
                                   muster_device_page_delete_action);
}

static void
muster_device_page_init (MusterDevicePage *self)
{
  self->states = muster_command_states_new ();
  self->details = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

MusterPage *
muster_device_page_new (MusterSession *session, const char *device_id)
{
  MusterDevicePage *self =
    g_object_new (MUSTER_TYPE_DEVICE_PAGE, "session", session, "title", _ ("Device"), NULL);

  self->id = g_strdup (device_id);
  muster_device_page_update_actions (self);
  muster_device_alerts_open (self->alerts, session, self->id);
  muster_telemetry_panel_open (self->telemetry, session, device_id);
  g_signal_connect_object (self->telemetry, "heard", G_CALLBACK (muster_live_label_heard),
                           self->proofs, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::connected",
                           G_CALLBACK (muster_device_page_connected_cb), self, G_CONNECT_SWAPPED);
  subscribe (self);
  muster_device_page_reload (self);
  muster_page_run (MUSTER_PAGE (self), muster_device_page_events_fiber);
  return MUSTER_PAGE (self);
}
