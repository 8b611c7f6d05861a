/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"
#include "muster-router.h"

G_BEGIN_DECLS

/* Answers to POST requests with an Idempotency-Key, kept for a day, so that a client that did not
 * hear the answer may ask again. Only answers of success are kept: what was refused has changed
 * nothing, and is judged anew. One with `Cache-Control: no-store` (a secret shown once) is kept in
 * memory alone. */
#define MUSTER_TYPE_IDEMPOTENCY (muster_idempotency_get_type ())
G_DECLARE_FINAL_TYPE (MusterIdempotency, muster_idempotency, MUSTER, IDEMPOTENCY, GObject)

/* DATABASE (nullable): where they survive a restart. */
MusterIdempotency *muster_idempotency_new (MusterDatabase *database);
/* 1 to 128 visible ASCII characters. */
gboolean muster_idempotency_key_is_valid (const char *key);
/* Resolves to the MusterResponse given before, or to FALSE when the request is new: then it is
 * under way until muster_idempotency_end(). Rejects with MUSTER_ERROR_CONFLICT while the first one
 * is under way, and with MUSTER_ERROR_INVALID when the key was used for another request (HASH). */
DexFuture *muster_idempotency_begin (MusterIdempotency *self,
                                     const char        *actor,
                                     const char        *key,
                                     const char        *hash);
/* Keeps RESPONSE (nullable: it failed), and resolves once that is durable. */
DexFuture *muster_idempotency_end (MusterIdempotency *self,
                                   MusterActor       *actor,
                                   const char        *key,
                                   const char        *hash,
                                   MusterResponse    *response);

G_END_DECLS
