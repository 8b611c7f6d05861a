/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "core/muster-actor.h"

G_BEGIN_DECLS

/* Who speaks now, by what was shown when the stream was opened: resolves to a MusterActor; rejects
 * when that is good for nothing any more. */
typedef DexFuture *(*MusterLiveAsk) (gpointer owner, const char *token, MusterActor *local);

/* By what a live stream was let in: that is looked at again as long as the stream is open, since a
 * stream outlives the request that opened it. */
typedef struct _MusterLivePass MusterLivePass;

/* ACTOR: who was let in, by TOKEN or, where that is NULL, as the user of the machine LOCAL. OWNER
 * (unowned) outlives it. */
MusterLivePass *muster_live_pass_new (MusterLiveAsk ask,
                                      gpointer      owner,
                                      const char   *token,
                                      MusterActor  *local,
                                      MusterActor  *actor);
void            muster_live_pass_free (MusterLivePass *self);
DexFuture      *muster_live_pass_ask (MusterLivePass *self);
/* The customer who was let in, and hears of nothing but their own; NULL: somebody of the site. */
const char *muster_live_pass_get_customer (MusterLivePass *self);
/* Whether ANSWER, what asking came to, still lets in the same one with the same rights. TRUE also
 * where nobody could say. */
gboolean muster_live_pass_is_good (MusterLivePass *self, DexFuture *answer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterLivePass, muster_live_pass_free)

G_END_DECLS
