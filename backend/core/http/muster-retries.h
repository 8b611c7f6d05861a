/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"
#include "muster-router.h"

G_BEGIN_DECLS

/* Answers to POST requests with an Idempotency-Key, kept for a day, so that a client that did not
 * hear the answer may ask again. Only answers of success are kept: what was refused has changed
 * nothing, and is judged anew. One with `Cache-Control: no-store` (a secret shown once) is kept in
 * memory alone. */
#define MUSTER_TYPE_RETRIES (muster_retries_get_type ())
G_DECLARE_FINAL_TYPE (MusterRetries, muster_retries, MUSTER, RETRIES, GObject)

/* DATABASE (nullable): where they survive a restart. */
MusterRetries *muster_retries_new (MusterDatabase *database);
/* 1 to 128 visible ASCII characters. */
gboolean muster_retries_key_is_valid (const char *key);
/* Resolves to the MusterResponse given before, or to FALSE when the request is new: then it is
 * under way until muster_retries_end(). Rejects with MUSTER_ERROR_CONFLICT while the first one
 * is under way, and with MUSTER_ERROR_INVALID when the key was used for another request (HASH). */
DexFuture *muster_retries_begin (MusterRetries *self,
                                 const char    *actor,
                                 const char    *key,
                                 const char    *hash);
/* Keeps RESPONSE (nullable: it failed), and resolves once that is durable. */
DexFuture *muster_retries_end (MusterRetries  *self,
                               MusterActor    *actor,
                               const char     *key,
                               const char     *hash,
                               MusterResponse *response);

G_END_DECLS
