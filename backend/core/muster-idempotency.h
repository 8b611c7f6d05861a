/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-database.h"

G_BEGIN_DECLS

/* An answer kept for a retry of the request that carried an Idempotency-Key. Kept for a day. */
typedef struct
{
  char    *request_hash; /* of what was asked: the same key with another request is a mistake */
  unsigned status;
  char    *headers; /* as whoever keeps it writes them; never NULL */
  GBytes  *body;
} MusterKeptAnswer;
#define MUSTER_TYPE_KEPT_ANSWER (muster_kept_answer_get_type ())
GType muster_kept_answer_get_type (void);

MusterKeptAnswer *muster_kept_answer_new (const char *request_hash,
                                          unsigned    status,
                                          const char *headers,
                                          GBytes     *body);
void              muster_kept_answer_free (MusterKeptAnswer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterKeptAnswer, muster_kept_answer_free)

/* ACTOR: muster_actor_to_string(). Resolves to a MusterKeptAnswer, or rejects with
 * MUSTER_ERROR_NOT_FOUND. */
DexFuture *muster_idempotency_find (MusterDatabase *database, const char *actor, const char *key);
/* Resolves to TRUE once durable. An answer that is kept already stays. Forgets those of more than a
 * day ago. */
DexFuture *muster_idempotency_keep (MusterDatabase         *database,
                                    MusterActor            *actor,
                                    const char             *key,
                                    const MusterKeptAnswer *answer);

G_END_DECLS
