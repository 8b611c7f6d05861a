/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-key-ring.h"

G_BEGIN_DECLS

/* A refresh token is "mr_" and base64url of 16 bytes of its family's id, 32 random bytes and 16
 * bytes of BLAKE2b over both, keyed. So one of ours is known for what it is though it is spent and
 * nothing is kept of it, and nobody else can make one that would end a family. */
#define MUSTER_REFRESH_TOKEN_PREFIX "mr_"

/* A new one of the family SIGN_IN_ID (a UUID): (transfer full). */
char *muster_refresh_token_make (MusterKeyRing *keys, const char *sign_in_id);
/* The id of the family that TEXT belongs to, or NULL when it is none of ours: (transfer full). */
char *muster_refresh_token_parse (MusterKeyRing *keys, const char *text);

/* BLAKE2b-256 of TEXT in hexadecimal digits, as tokens and keys are kept: (transfer full). */
char *muster_secret_hash (const char *text);
/* The same, keyed with KEY of MUSTER_KEY_LENGTH, for what is easily guessed: (transfer full). */
char *muster_secret_hash_keyed (const char *text, const guint8 *key);

G_END_DECLS
