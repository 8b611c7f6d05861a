/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * MusterApiSubscription:
 *
 * What one part of a program wants to hear of the live stream. All signals on the main thread:
 *
 * - `event (char *topic, char *subject, JsonObject *data)`: SUBJECT may be NULL
 * - `ready (gboolean resumed)`: the daemon has taken it. RESUMED: nothing was missed since the last
 * event. After FALSE whoever shows a state had better fetch it again: also emitted for the topic
 * `journal` when so much has changed at once (an import, a bulk job, its undoing) that it is not
 * told change by change.
 * - `lagged (gint64 dropped)`: so many events were left out, because this side is too slow
 * - `failed (GError *error)`: the daemon refuses it; nothing more comes
 */
#define MUSTER_TYPE_API_SUBSCRIPTION (muster_api_subscription_get_type ())
G_DECLARE_FINAL_TYPE (MusterApiSubscription,
                      muster_api_subscription,
                      MUSTER,
                      API_SUBSCRIPTION,
                      GObject)

/* Ends it: no signal comes any more. Finalizing does the same. */
void        muster_api_subscription_close (MusterApiSubscription *self);
gboolean    muster_api_subscription_is_ready (MusterApiSubscription *self);
const char *muster_api_subscription_get_topic (MusterApiSubscription *self);
/* Of the newest journal entry heard, or what was given; -1: none yet. */
gint64 muster_api_subscription_get_sequence (MusterApiSubscription *self);

G_END_DECLS
