/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-firmware-service.h"

G_BEGIN_DECLS

/* Keys and signatures. The secret half of a key is in a token of PKCS #11, which signs by itself;
 * or it is 32 bytes that are stored only sealed: salt, nonce, and XSalsa20-Poly1305 under a key
 * that Argon2id makes of a passphrase. It is open in memory for the time of one signature, and
 * wiped. Wherever a passphrase is asked for, a key of a token takes the token's PIN. */

/* The least length of a passphrase, in bytes. */
#define MUSTER_PASSPHRASE_MIN 8

/* A key that is to sign here. */
typedef struct
{
  const char *name;
  const char *secret;    /* the passphrase that seals it, or the PIN of its token */
  const char *seed;      /* (nullable): of one made elsewhere: as muster_key_file_read() takes it */
  const char *token_uri; /* (nullable): of one that a token holds: PKCS #11 (RFC 7512), no PIN */
} MusterNewSigningKey;

/* Who signs, and by what passphrase or PIN. */
typedef struct
{
  const char *key_id;
  const char *passphrase;
} MusterSigner;

/* A new key. One in a token signs once, so that it is known to do so. Resolves to the
 * MusterSigningKey; MUSTER_ERROR_INVALID (`/secret_key`, `/passphrase`, `/token_uri`),
 * MUSTER_ERROR_FORBIDDEN (`/passphrase`): a wrong PIN; MUSTER_ERROR_CONFLICT: the site has it, or
 * the PIN is locked; MUSTER_ERROR_UNAVAILABLE: the token is not there, or fails. */
DexFuture *muster_signing_create (MusterFirmwareService     *firmware,
                                  MusterActor               *actor,
                                  const MusterNewSigningKey *wish);
/* A key of which only the public half is known here: it checks, and does not sign. What it signed
 * and is here already counts soon: files are looked at again one after another, and `to_check` of
 * the key tells how many are left. */
DexFuture *muster_signing_trust (MusterFirmwareService *firmware,
                                 MusterActor           *actor,
                                 const char            *name,
                                 const char            *public_key);
/* Goes on with that where the daemon ended before. Resolves to TRUE once it has begun. */
DexFuture *muster_signing_resume (MusterFirmwareService *firmware);
/* A CERTIFICATE (PEM) that updates of SWUpdate and bundles of RAUC are checked by: that of who
 * signs them, or of an authority above. MUSTER_ERROR_INVALID (`/certificate`),
 * MUSTER_ERROR_CONFLICT: the site has it. */
DexFuture *muster_signing_trust_certificate (MusterFirmwareService *firmware,
                                             MusterActor           *actor,
                                             const char            *name,
                                             const char            *certificate);
/* Another key follows the key ID, which signs that it does: the statement is Ed25519 over
 * "muster-key-follows:" and the 32 bytes of the new public half. What the old one signed still
 * counts; images may be signed by both, so that devices which know only one of them take them.
 * Each of the two may be here or in a token; WISH has no seed. Resolves to the new
 * MusterSigningKey; errors as of muster_signing_create(). */
DexFuture *muster_signing_rotate (MusterFirmwareService     *firmware,
                                  MusterActor               *actor,
                                  const char                *id,
                                  const char                *secret,
                                  const MusterNewSigningKey *wish);
/* Nothing that it signed counts any more, and is given to no device. Resolves to the key. */
DexFuture *muster_signing_revoke (MusterFirmwareService *firmware,
                                  MusterActor           *actor,
                                  const char            *id,
                                  const char            *reason);
/* Signs the main file of ARTIFACT_ID, a Muster image, by FIRST and perhaps by SECOND (nullable):
 * its bytes are others then, under another SHA-256. Resolves to the MusterFirmwareArtifact;
 * MUSTER_ERROR_CONFLICT: it is no image, or updates under way need it as it is;
 * MUSTER_ERROR_FORBIDDEN (`/passphrase`, `/second_passphrase`): a wrong one; of tokens also as
 * muster_signing_create() says. */
DexFuture *muster_signing_sign (MusterFirmwareService *firmware,
                                MusterActor           *actor,
                                const char            *artifact_id,
                                const MusterSigner    *first,
                                const MusterSigner    *second);

G_END_DECLS
