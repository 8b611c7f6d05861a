/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-repository.h"
#include "core/muster-service.h"

G_BEGIN_DECLS

/**
 * MusterTokenBook:
 *
 * Knows by which token a device sends samples over HTTP. Only hashes are kept, here and in the
 * records.
 */
#define MUSTER_TYPE_TOKEN_BOOK (muster_token_book_get_type ())
G_DECLARE_FINAL_TYPE (MusterTokenBook, muster_token_book, MUSTER, TOKEN_BOOK, MusterService)

MusterTokenBook *muster_token_book_new (MusterRepository *repository, MusterBus *bus);
/* Replaces the device's token. Resolves to the new one (string), which nobody can read again. */
DexFuture *muster_token_book_issue (MusterTokenBook *self,
                                    MusterActor     *actor,
                                    const char      *device_id,
                                    const char      *device_name);
/* The id of the device that TOKEN belongs to, or NULL. Borrowed. */
const char *muster_token_book_verify (MusterTokenBook *self, const char *token);

G_END_DECLS
