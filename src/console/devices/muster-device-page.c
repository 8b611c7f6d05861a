/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-page"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-devices.h"
#include "client/muster-api-journal.h"
#include "client/muster-api-json.h"
#include "muster-device-page-private.h"
#include "widgets/muster-event-row.h"
#include "widgets/muster-format.h"
#include "widgets/muster-kind-icon.h"
#include "widgets/muster-list.h"
#include "widgets/muster-skeleton.h"

#define MAX_EVENTS 20

G_DEFINE_FINAL_TYPE (MusterDevicePage, muster_device_page, MUSTER_TYPE_PAGE)

/* --- what is shown --- */

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
    muster_device_page_show_command (self, state);
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

/* --- life --- */

static void
muster_device_page_rights_changed (MusterPage *page)
{
  muster_device_page_update_actions (MUSTER_DEVICE_PAGE (page));
}

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
  muster_device_page_install_actions (widget_class);
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
