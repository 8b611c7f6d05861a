/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-firmware-service.h"

G_BEGIN_DECLS

/* Keys and signatures. The secret half of a key is 32 bytes that are stored only sealed: salt,
 * nonce, and XSalsa20-Poly1305 under a key that Argon2id makes of a passphrase. It is open in
 * memory for the time of one signature, and wiped. */

/* PASSPHRASE's least length, in bytes. */
#define MUSTER_PASSPHRASE_MIN 8

/* A new key NAME. SEED (nullable): 64 hexadecimal digits, of one made elsewhere, as muster-image
 * keeps it. Resolves to the MusterSigningKey; MUSTER_ERROR_INVALID (`/secret_key`, `/passphrase`),
 * MUSTER_ERROR_CONFLICT: the site has it. */
DexFuture *muster_signing_create (MusterFirmwareService *firmware,
                                  MusterActor           *actor,
                                  const char            *name,
                                  const char            *passphrase,
                                  const char            *seed);
/* A key of which only the public half is known here: it checks, and does not sign. What it signed
 * and is here already counts from then on. */
DexFuture *muster_signing_trust (MusterFirmwareService *firmware,
                                 MusterActor           *actor,
                                 const char            *name,
                                 const char            *public_key);
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
 * Resolves to the new MusterSigningKey; MUSTER_ERROR_FORBIDDEN for a wrong passphrase. */
DexFuture *muster_signing_rotate (MusterFirmwareService *firmware,
                                  MusterActor           *actor,
                                  const char            *id,
                                  const char            *passphrase,
                                  const char            *name,
                                  const char            *new_passphrase);
/* Nothing that it signed counts any more, and is given to no device. Resolves to the key. */
DexFuture *muster_signing_revoke (MusterFirmwareService *firmware,
                                  MusterActor           *actor,
                                  const char            *id,
                                  const char            *reason);
/* Who signs, and by what passphrase. */
typedef struct
{
  const char *key_id;
  const char *passphrase;
} MusterSigner;
/* Signs the main file of ARTIFACT_ID, a Muster image, by FIRST and perhaps by SECOND (nullable):
 * its bytes are others then, under another SHA-256. Resolves to the MusterFirmwareArtifact;
 * MUSTER_ERROR_CONFLICT: it is no image, or updates under way need it as it is;
 * MUSTER_ERROR_FORBIDDEN: a wrong passphrase. */
DexFuture *muster_signing_sign (MusterFirmwareService *firmware,
                                MusterActor           *actor,
                                const char            *artifact_id,
                                const MusterSigner    *first,
                                const MusterSigner    *second);

G_END_DECLS
