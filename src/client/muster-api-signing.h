/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-firmware-artifact.h"
#include "model/muster-signing-key.h"
#include "muster-api-client.h"
#include "muster-api-page.h"

G_BEGIN_DECLS

/* Keys that firmware is signed with. Their secret halves stay in the daemon. */

/* Resolves to a MusterApiPage of MusterSigningKey. */
DexFuture *muster_api_signing_keys_list (MusterApiClient *client, const MusterApiListQuery *query);
/* Resolve to the MusterSigningKey. */
DexFuture *muster_api_signing_keys_get (MusterApiClient *client, const char *id);
/* A new key; with SECRET_KEY (nullable: 64 hexadecimal digits, or PEM) one made elsewhere. */
DexFuture *muster_api_signing_keys_create (MusterApiClient *client,
                                           const char      *name,
                                           const char      *passphrase,
                                           const char      *secret_key);
/* One that a token holds, opened by its PIN: TOKEN_URI is one of PKCS #11.
 * MUSTER_ERROR_FORBIDDEN: not its PIN; MUSTER_ERROR_UNAVAILABLE: no such token now. */
DexFuture *muster_api_signing_keys_add_token (MusterApiClient *client,
                                              const char      *name,
                                              const char      *token_uri,
                                              const char      *pin);
/* One that signs elsewhere: PUBLIC_KEY has 64 hexadecimal digits. */
DexFuture *muster_api_signing_keys_trust (MusterApiClient *client,
                                          const char      *name,
                                          const char      *public_key);
/* Of who signs updates of SWUpdate and RAUC: CERTIFICATE is PEM. */
DexFuture *muster_api_signing_keys_trust_certificate (MusterApiClient *client,
                                                      const char      *name,
                                                      const char      *certificate);
/* CHANGES is taken. */
DexFuture *muster_api_signing_keys_update (MusterApiClient *client,
                                           const char      *id,
                                           JsonObject      *changes,
                                           gint64           revision);
/* Another follows it, in a token where NEW_TOKEN_URI (nullable) is given; passphrases are PINs for
 * keys of tokens. Resolves to the new one; MUSTER_ERROR_FORBIDDEN: not its passphrase. */
DexFuture *muster_api_signing_keys_rotate (MusterApiClient *client,
                                           const char      *id,
                                           const char      *passphrase,
                                           const char      *name,
                                           const char      *new_passphrase,
                                           const char      *new_token_uri);
/* REASON may be NULL. */
DexFuture *muster_api_signing_keys_revoke (MusterApiClient *client,
                                           const char      *id,
                                           const char      *reason);
/* Signs a Muster image by KEY_ID, and while keys are changed by SECOND_KEY_ID (nullable) too.
 * Resolves to the MusterFirmwareArtifact. */
DexFuture *muster_api_firmware_sign (MusterApiClient *client,
                                     const char      *artifact_id,
                                     const char      *key_id,
                                     const char      *passphrase,
                                     const char      *second_key_id,
                                     const char      *second_passphrase);

G_END_DECLS
