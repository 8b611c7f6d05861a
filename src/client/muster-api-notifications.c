/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-notifications"

#include "config.h"

#include "model/muster-duty-calendar.h"
#include "model/muster-notification-channel.h"
#include "model/muster-time.h"
#include "muster-api-calls.h"
#include "muster-api-notifications.h"

/* A mail server may take its time to say no. */
#define TEST_MILLISECONDS 60000

DexFuture *
muster_api_channels_test (MusterApiClient *client, const char *id)
{
  MusterApiRequest *request =
    muster_api_request_new ("POST", muster_notification_channel_info.path, id, "test", NULL);

  muster_api_request_set_deadline (request, TEST_MILLISECONDS);
  return muster_api_call_object (client, request);
}

DexFuture *
muster_api_duty_calendars_get_on_duty (MusterApiClient *client, const char *id, gint64 at)
{
  MusterApiRequest *request =
    muster_api_request_new ("GET", muster_duty_calendar_info.path, id, "on-duty", NULL);
  char text[MUSTER_TIME_TEXT_LENGTH + 1];

  if (at != 0)
    muster_api_request_add_query (request, "at", muster_time_format (at, text));
  return muster_api_call_object (client, request);
}

DexFuture *
muster_api_notifications_retry (MusterApiClient *client, const char *id)
{
  return muster_api_call_entity (client,
                                 muster_api_request_new ("POST", muster_notification_info.path, id,
                                                         "retry", NULL),
                                 &muster_notification_info);
}
