/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "muster-api-request.h"

G_BEGIN_DECLS

/* Takes a piece of an answer: (transfer full) a future, until which the next one waits. */
typedef DexFuture *(*MusterApiSinkFunc) (GBytes *piece, gpointer user_data);

/* Hands what is answered to FUNC piece by piece, however long it is: the answer itself is then
 * empty. USER_DATA stays as long as the request is on its way. It is sent once, and shared with
 * nobody. */
void              muster_api_request_set_sink (MusterApiRequest *self,
                                               MusterApiSinkFunc func,
                                               gpointer          user_data);
MusterApiSinkFunc muster_api_request_get_sink (MusterApiRequest *self,
                                               gpointer         *user_data); /* (nullable) */

G_END_DECLS
