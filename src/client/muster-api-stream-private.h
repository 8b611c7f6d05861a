/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-api-stream.h"

G_BEGIN_DECLS

/* CLIENT owns it, and detaches it before it goes. */
MusterApiStream *muster_api_stream_new (MusterApiClient *client);
void             muster_api_stream_detach (MusterApiStream *self);
/* For a subscription that ends. */
void muster_api_stream_remove (MusterApiStream *self, MusterApiSubscription *subscription);

G_END_DECLS
