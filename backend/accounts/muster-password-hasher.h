/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

G_BEGIN_DECLS

/* Argon2id by libsodium. 19 MiB and three passes are above OWASP's least, take about 80 ms on one
 * core of the machines that this runs on, and little of the daemon's memory while they last. */
typedef struct
{
  guint64 passes;
  gsize   memory; /* bytes */
} MusterPasswordCost;

extern const MusterPasswordCost muster_password_cost;

/* What muster_password_hasher_verify() resolves to (an int). */
typedef enum
{
  MUSTER_PASSWORD_WRONG,
  MUSTER_PASSWORD_RIGHT,
  MUSTER_PASSWORD_AGED, /* right, but its hash is of another cost: hash it anew */
} MusterPasswordVerdict;

/**
 * MusterPasswordHasher:
 *
 * Hashes and checks passwords and PINs on a thread of its own, one after the other, so that a flood
 * of them takes one core and no more. Main thread only. What waits is bounded: more rejects with
 * MUSTER_ERROR_UNAVAILABLE.
 */
#define MUSTER_TYPE_PASSWORD_HASHER (muster_password_hasher_get_type ())
G_DECLARE_FINAL_TYPE (MusterPasswordHasher,
                      muster_password_hasher,
                      MUSTER,
                      PASSWORD_HASHER,
                      GObject)

MusterPasswordHasher *muster_password_hasher_new (const MusterPasswordCost *cost);
/* Resolves to the hash (string). */
DexFuture *muster_password_hasher_hash (MusterPasswordHasher *self, const char *password);
/* Resolves to a MusterPasswordVerdict. HASH NULL, for nobody's: does the same work, and is wrong.
 */
DexFuture *muster_password_hasher_verify (MusterPasswordHasher *self,
                                          const char           *hash,
                                          const char           *password);

G_END_DECLS
