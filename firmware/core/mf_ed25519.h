/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_ED25519_H
#define MF_ED25519_H

#include "mf_port.h"

/*
 * Ed25519 of RFC 8032 (pure: no context, no prehash). The message is the parts as if they were one.
 *
 * Verification is strict: S must be below the group's order; the key must be the canonical encoding
 * of a point that is not of small order; R must be, byte by byte, the encoding of S*B - k*A (the
 * equation without the cofactor), which is not of small order either. So nobody can make of one
 * valid signature another. It works on public data and takes no constant time.
 *
 * Signing and making the public key touch the secret: no branch and no address depends on it.
 */

#define MF_ED25519_KEY_SIZE 32u
#define MF_ED25519_SEED_SIZE 32u
#define MF_ED25519_SIGNATURE_SIZE 64u

bool mf_ed25519_verify (const uint8_t          signature[MF_ED25519_SIGNATURE_SIZE],
                        const uint8_t          key[MF_ED25519_KEY_SIZE],
                        const struct mf_bytes *parts,
                        size_t                 n_parts);

/* The public key of a seed, which is what RFC 8032 calls the private key. */
void mf_ed25519_public_key (uint8_t       key[MF_ED25519_KEY_SIZE],
                            const uint8_t seed[MF_ED25519_SEED_SIZE]);

void mf_ed25519_sign (uint8_t                signature[MF_ED25519_SIGNATURE_SIZE],
                      const uint8_t          seed[MF_ED25519_SEED_SIZE],
                      const struct mf_bytes *parts,
                      size_t                 n_parts);

#endif
