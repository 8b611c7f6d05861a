/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-api-client.h"

G_BEGIN_DECLS

/* One request on its way, with its repeats, for everybody who waits for it. Ends when nobody does
 * any more. */
typedef struct _MusterApiExchange MusterApiExchange;

typedef void (*MusterApiExchangeDone) (MusterApiExchange *exchange, gpointer user_data);

/* Begins at once. DONE is called once: when it is over, or abandoned by everybody. The first
 * muster_api_exchange_wait() must follow. */
MusterApiExchange *muster_api_exchange_new (MusterApiClient      *client,
                                            MusterApiRequest     *request,
                                            const MusterApiRetry *retry,
                                            MusterApiExchangeDone done,
                                            gpointer              user_data);
void               muster_api_exchange_unref (MusterApiExchange *self);
/* Resolves to the MusterApiResponse. */
DexFuture *muster_api_exchange_wait (MusterApiExchange *self);
/* The request's method and path. */
const char *muster_api_exchange_get_key (MusterApiExchange *self);
char       *muster_api_exchange_make_key (MusterApiRequest *request);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterApiExchange, muster_api_exchange_unref)

G_END_DECLS
