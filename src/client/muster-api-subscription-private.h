/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-api-frame.h"
#include "muster-api-stream.h"

G_BEGIN_DECLS

MusterApiSubscription *muster_api_subscription_new (MusterApiStream   *stream,
                                                    const char        *topic,
                                                    const char *const *subjects,
                                                    const char *const *details,
                                                    gint64             since);
/* Names it anew, so that what comes for the old name is no longer heard. */
void        muster_api_subscription_rename (MusterApiSubscription *self, unsigned number);
const char *muster_api_subscription_get_id (MusterApiSubscription *self);
/* The frames that open and close it: (transfer full). */
char *muster_api_subscription_make_subscribe (MusterApiSubscription *self);
char *muster_api_subscription_make_unsubscribe (MusterApiSubscription *self);
/* The connection is gone. */
void muster_api_subscription_lose (MusterApiSubscription *self);
/* FRAME, an event, is not told; what comes after it is. */
void muster_api_subscription_pass_over (MusterApiSubscription *self, MusterApiFrame *frame);
/* FALSE: what was left out can be replayed; subscribe again. */
gboolean muster_api_subscription_handle (MusterApiSubscription *self, MusterApiFrame *frame);

G_END_DECLS
