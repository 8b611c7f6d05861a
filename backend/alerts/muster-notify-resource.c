/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-notify-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-duty-calendar.h"
#include "model/muster-escalation.h"
#include "model/muster-notification.h"
#include "muster-alert-resource.h"
#include "muster-notify-resource.h"

static DexFuture *
respond_tested_cb (DexFuture *future, gpointer user_data)
{
  MusterEntity *notification = g_value_get_object (dex_future_get_value (future, NULL));
  gboolean    is_sent = muster_entity_get_enum (notification, "status") == MUSTER_NOTIFICATION_SENT;
  const char *detail = muster_entity_get_string (notification, "error");
  GString    *json = g_string_new (NULL);

  g_string_append_printf (json, "{\"sent\":%s,\"detail\":", is_sent ? "true" : "false");
  if (detail != NULL)
    muster_json_append_string (json, detail, -1);
  else
    g_string_append (json, "null");
  g_string_append_printf (json, ",\"notification_id\":\"%s\"}",
                          muster_entity_get_id (notification));
  return muster_response_resolve (muster_response_new_json (200, json));
}

static DexFuture *
test_channel (MusterRequest *request, gpointer service)
{
  return dex_future_then (muster_notify_service_test (service, muster_request_get_actor (request),
                                                      muster_request_get_path_param (request,
                                                                                     "id")),
                          respond_tested_cb, NULL, NULL);
}

static DexFuture *
retry_notification (MusterRequest *request, gpointer service)
{
  const char *id = muster_request_get_path_param (request, "id");

  return muster_alert_respond_entity (
    muster_notify_service_retry (service, muster_request_get_actor (request), id));
}

static DexFuture *
get_on_duty (MusterRequest *request, gpointer service)
{
  const MusterValue *at = muster_request_get_param (request, "at");

  return muster_alert_respond_json (
    muster_notify_service_get_on_duty (service, muster_request_get_path_param (request, "id"),
                                       at->is_null ? 0 : at->integer));
}

/* clang-format off */
static const MusterField at_query[] = {
  { "at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE, .label = N_("At"), .doc = "The time that is asked for; left out: now." },
};
static const MusterField on_duty_fields[] = {
  { "at", MUSTER_FIELD_TIME, MUSTER_FIELD_REQUIRED, .label = N_("At"), .doc = "The time that was asked for." },
  { "people", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("On duty"), .doc = "[{person_id, name, from, to, exception}]: who, and from when to when." },
  { "until", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE, .label = N_("Until"), .doc = "When that changes; null where it does not within eight days." },
};
static const MusterField tested_fields[] = {
  { "sent", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_REQUIRED, .label = N_("Sent"), .doc = "Whether the other side took it." },
  { "detail", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, .label = N_("Detail"), .doc = "What went wrong, or who of several recipients was refused." },
  { "notification_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED, .label = N_("Notification"), .doc = "Its row of the delivery log." },
};

static const MusterShape escalation_shape = { .doc = "An escalation.", .entity = &muster_escalation_info };
static const MusterShape escalations_shape = { .doc = "Escalations.", .entity = &muster_escalation_info, .list = TRUE };
static const MusterShape duty_calendar_shape = { .doc = "A duty calendar.", .entity = &muster_duty_calendar_info };
static const MusterShape duty_calendars_shape = { .doc = "Duty calendars.", .entity = &muster_duty_calendar_info, .list = TRUE };
static const MusterShape notification_channel_shape = { .doc = "A channel.", .entity = &muster_notification_channel_info };
static const MusterShape notification_channels_shape = { .doc = "Channels.", .entity = &muster_notification_channel_info, .list = TRUE };
static const MusterShape notification_shape = { .doc = "A row of the delivery log.", .entity = &muster_notification_info };
static const MusterShape notifications_shape = { .doc = "The delivery log.", .entity = &muster_notification_info, .list = TRUE };
static const MusterShape on_duty_shape = { .schema = "OnDuty", .doc = "Who is on duty.", .fields = on_duty_fields, .n_fields = G_N_ELEMENTS (on_duty_fields) };
static const MusterShape tested_shape = { .schema = "ChannelTest", .doc = "What a test came to.", .fields = tested_fields, .n_fields = G_N_ELEMENTS (tested_fields) };

static const MusterRoute record_routes[] = {
  { "GET", "/escalations", "listEscalations", "notifications", "List escalations", muster_handle_list, MUSTER_ROUTE_LIST, .response = &escalations_shape },
  { "GET", "/escalations/ids", "listEscalationIds", "notifications", "Every matching id, in order", muster_handle_list_ids, MUSTER_ROUTE_IDS, .response = &escalations_shape },
  { "POST", "/escalations", "createEscalation", "notifications", "Add an escalation", muster_handle_create, MUSTER_ROUTE_PLAIN, .request = &escalation_shape, .response = &escalation_shape, .status = 201 },
  { "GET", "/escalations/{id:uuid}", "getEscalation", "notifications", "One escalation", muster_handle_get, MUSTER_ROUTE_PLAIN, .response = &escalation_shape },
  { "PUT", "/escalations/{id:uuid}", "updateEscalation", "notifications", "Change an escalation", muster_handle_update, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &escalation_shape, .response = &escalation_shape },
  { "DELETE", "/escalations/{id:uuid}", "deleteEscalation", "notifications", "Delete an escalation", muster_handle_delete, MUSTER_ROUTE_UPDATE, .entity = &muster_escalation_info },
  { "GET", "/duty-calendars", "listDutyCalendars", "notifications", "List duty calendars", muster_handle_list, MUSTER_ROUTE_LIST, .response = &duty_calendars_shape },
  { "GET", "/duty-calendars/ids", "listDutyCalendarIds", "notifications", "Every matching id, in order", muster_handle_list_ids, MUSTER_ROUTE_IDS, .response = &duty_calendars_shape },
  { "POST", "/duty-calendars", "createDutyCalendar", "notifications", "Add a duty calendar", muster_handle_create, MUSTER_ROUTE_PLAIN, .request = &duty_calendar_shape, .response = &duty_calendar_shape, .status = 201 },
  { "GET", "/duty-calendars/{id:uuid}", "getDutyCalendar", "notifications", "One duty calendar", muster_handle_get, MUSTER_ROUTE_PLAIN, .response = &duty_calendar_shape },
  { "PUT", "/duty-calendars/{id:uuid}", "updateDutyCalendar", "notifications", "Change a duty calendar", muster_handle_update, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &duty_calendar_shape, .response = &duty_calendar_shape },
  { "DELETE", "/duty-calendars/{id:uuid}", "deleteDutyCalendar", "notifications", "Delete a duty calendar", muster_handle_delete, MUSTER_ROUTE_UPDATE, .entity = &muster_duty_calendar_info },
  { "GET", "/notification-channels", "listNotificationChannels", "notifications", "List channels", muster_handle_list, MUSTER_ROUTE_LIST, .response = &notification_channels_shape },
  { "GET", "/notification-channels/ids", "listNotificationChannelIds", "notifications", "Every matching id, in order", muster_handle_list_ids, MUSTER_ROUTE_IDS, .response = &notification_channels_shape },
  { "POST", "/notification-channels", "createNotificationChannel", "notifications", "Add a channel", muster_handle_create, MUSTER_ROUTE_PLAIN, .request = &notification_channel_shape, .response = &notification_channel_shape, .status = 201 },
  { "GET", "/notification-channels/{id:uuid}", "getNotificationChannel", "notifications", "One channel", muster_handle_get, MUSTER_ROUTE_PLAIN, .response = &notification_channel_shape },
  { "PUT", "/notification-channels/{id:uuid}", "updateNotificationChannel", "notifications", "Change a channel", muster_handle_update, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &notification_channel_shape, .response = &notification_channel_shape },
  { "DELETE", "/notification-channels/{id:uuid}", "deleteNotificationChannel", "notifications", "Delete a channel", muster_handle_delete, MUSTER_ROUTE_UPDATE, .entity = &muster_notification_channel_info },
  { "GET", "/notifications", "listNotifications", "notifications", "List what was told over channels", muster_handle_list, MUSTER_ROUTE_LIST, .response = &notifications_shape },
  { "GET", "/notifications/ids", "listNotificationIds", "notifications", "Every matching id, in order", muster_handle_list_ids, MUSTER_ROUTE_IDS, .response = &notifications_shape },
  { "GET", "/notifications/{id:uuid}", "getNotification", "notifications", "One row of the delivery log", muster_handle_get, MUSTER_ROUTE_PLAIN, .response = &notification_shape },
};

static const MusterRoute routes[] = {
  { "POST", "/notification-channels/{id:uuid}/test", "testNotificationChannel", "notifications", "Send a message over a channel to try it", test_channel, MUSTER_ROUTE_PLAIN, .response = &tested_shape },
  { "GET", "/duty-calendars/{id:uuid}/on-duty", "getOnDuty", "notifications", "Who is on duty", get_on_duty, MUSTER_ROUTE_PLAIN, .query = at_query, .n_query = G_N_ELEMENTS (at_query), .response = &on_duty_shape },
  { "POST", "/notifications/{id:uuid}/retry", "retryNotification", "notifications", "Send again what failed or was not sent", retry_notification, MUSTER_ROUTE_PLAIN, .response = &notification_shape },
};
/* clang-format on */

void
muster_notify_resource_add (MusterRouter *router, MusterNotifyService *service)
{
  g_return_if_fail (MUSTER_IS_ROUTER (router));
  g_return_if_fail (MUSTER_IS_NOTIFY_SERVICE (service));

  muster_router_add (router, record_routes, G_N_ELEMENTS (record_routes),
                     G_OBJECT (muster_notify_service_get_repository (service)));
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (service));
}
