/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_HMAC_H
#define MF_HMAC_H

#include "mf_port.h"
#include "mf_sha2.h"

/* HMAC-SHA-256 (RFC 2104, FIPS 198-1) of the parts as if they were one. The key may have any
 * length; it is nowhere kept. To compare a code with one that came: mf_bytes_same_secret(). */
void mf_hmac_sha256 (uint8_t                out[MF_SHA256_SIZE],
                     struct mf_bytes        key,
                     const struct mf_bytes *parts,
                     size_t                 n_parts);

#endif
