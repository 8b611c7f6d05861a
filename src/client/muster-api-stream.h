/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-api-client.h"
#include "muster-api-subscription.h"

G_BEGIN_DECLS

/**
 * MusterApiStream:
 *
 * The live stream of a client: one WebSocket for all subscriptions, opened with the first of them,
 * opened again whenever it breaks, and kept as long as the client lives. Get it by
 * [method@Muster.ApiClient.get_stream]. Property `connected` notifies.
 */
#define MUSTER_TYPE_API_STREAM (muster_api_stream_get_type ())
G_DECLARE_FINAL_TYPE (MusterApiStream, muster_api_stream, MUSTER, API_STREAM, GObject)

/**
 * muster_api_stream_subscribe:
 * @topic: `journal`, `telemetry`, `discovery`, `live`, `events`, `jobs`
 * @subjects: (nullable): ids to hear of, at most 1000; all unless given
 * @details: (nullable): what of them, metric names say, at most 256; all unless given
 * @since: for `journal`: replay what came after this sequence number; -1: from now on
 *
 * Connect to the signals at once: nothing is emitted before the main loop turns.
 *
 * Returns: (transfer full): lives, and is heard, until it is closed or finalized
 */
MusterApiSubscription *muster_api_stream_subscribe (MusterApiStream   *self,
                                                    const char        *topic,
                                                    const char *const *subjects,
                                                    const char *const *details,
                                                    gint64             since);

gboolean muster_api_stream_is_connected (MusterApiStream *self);
/* Opens it anew, as whoever the client speaks for now: another person signed in. */
void muster_api_stream_renew (MusterApiStream *self);
/* Ends the wait for the next attempt, if there is one: the network came back, say. */
void muster_api_stream_retry_now (MusterApiStream *self);

G_END_DECLS
