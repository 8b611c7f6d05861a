/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_NOISE_H
#define MF_NOISE_H

#include "mf_port.h"

/* Noise_NNpsk0_25519_ChaChaPoly_BLAKE2b of the Noise protocol framework, revision 34: the
 * responder. */

#define MF_NOISE_TAG 16u
#define MF_NOISE_OVERHEAD 48u /* what a handshake message has beyond its payload */

/* One direction of the finished channel. */
struct mf_cipher
{
  uint8_t  key[32];
  uint64_t n;
};

struct mf_noise
{
  const struct mf_port *port;
  uint8_t               h[64];
  uint8_t               ck[64];
  struct mf_cipher      cipher;
  uint8_t               remote[32];
};

void mf_noise_init (struct mf_noise      *self,
                    const struct mf_port *port,
                    const uint8_t         psk[32],
                    struct mf_bytes       prologue);

/* Reads message 1; its payload (message.size - MF_NOISE_OVERHEAD bytes) goes to `payload`. False:
 * it does not decrypt; the handshake is over. */
bool mf_noise_read (struct mf_noise *self, struct mf_bytes message, uint8_t *payload);

/* Writes message 2 (payload.size + MF_NOISE_OVERHEAD bytes) and yields the channel's two
 * directions. False: the other side's point was useless. Either way nothing of the handshake is
 * left. */
bool mf_noise_write (struct mf_noise  *self,
                     struct mf_bytes   payload,
                     uint8_t          *message,
                     struct mf_cipher *receive,
                     struct mf_cipher *send);

/* Transport messages. Opening one that does not fit leaves the cipher as it was. `out` may be `in`.
 */
void mf_cipher_seal (const struct mf_port *port,
                     struct mf_cipher     *self,
                     struct mf_bytes       in,
                     uint8_t              *out);
bool mf_cipher_open (const struct mf_port *port,
                     struct mf_cipher     *self,
                     struct mf_bytes       in,
                     uint8_t              *out);

#endif
