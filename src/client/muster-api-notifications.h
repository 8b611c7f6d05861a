/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-api-client.h"
#include "muster-api-page.h"

#include "model/muster-notification.h"

G_BEGIN_DECLS

/* What channels, duty calendars and notifications take beside the calls of every collection:
 * listing, adding, changing and deleting of them and of escalations is done by
 * muster-api-collection.h. */

/* Sends a message to try the channel. Resolves to a JsonObject (boxed) {"sent","detail"}: whether
 * the other side took it, and what it said. */
DexFuture *muster_api_channels_test (MusterApiClient *client, const char *id);
/* AT: UTC microseconds, or 0 for now. Resolves to a JsonObject (boxed)
 * {"at","people":[{"person_id", "name","from","to","exception"}],"until"}; `until` is null where it
 * never changes. */
DexFuture *muster_api_duty_calendars_get_on_duty (MusterApiClient *client,
                                                  const char      *id,
                                                  gint64           at);
/* Sends a failed or dropped one again. Resolves to the MusterNotification as it is now. */
DexFuture *muster_api_notifications_retry (MusterApiClient *client, const char *id);

G_END_DECLS
