/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_noise.h"
#include "mf_text.h"

#define HASH 64u
#define BLOCK 128u

static const struct mf_bytes nothing = { NULL, 0 };

static void
hash (const struct mf_port *port, uint8_t *out, const struct mf_bytes *parts, size_t n_parts)
{
  port->ops->blake2b (port->user, out, HASH, nothing, parts, n_parts);
}

/* HMAC of one or two parts; `out` may be any of the inputs. */
static void
hmac (const struct mf_port *port,
      uint8_t              *out,
      const uint8_t         key[HASH],
      struct mf_bytes       a,
      struct mf_bytes       b)
{
  uint8_t         pad[BLOCK], inner[HASH];
  struct mf_bytes first[3] = { { pad, BLOCK }, a, b },
                  second[2] = { { pad, BLOCK }, { inner, HASH } };
  size_t at;

  memset (pad, 0x36, BLOCK);
  for (at = 0; at < HASH; at++)
    pad[at] = (uint8_t)(key[at] ^ 0x36u);
  hash (port, inner, first, 3);
  for (at = 0; at < BLOCK; at++)
    pad[at] = (uint8_t)(pad[at] ^ 0x36u ^ 0x5Cu);
  hash (port, out, second, 2);
  port->ops->wipe (port->user, pad, sizeof pad);
  port->ops->wipe (port->user, inner, sizeof inner);
}

/* HKDF as the framework has it: `n` outputs of 64 bytes from the chaining key and the input. */
static void
hkdf (const struct mf_port *port,
      const uint8_t         ck[HASH],
      struct mf_bytes       input,
      uint8_t               outputs[][HASH],
      uint8_t               n)
{
  uint8_t key[HASH], counter;

  hmac (port, key, ck, input, nothing);
  for (counter = 1; counter <= n; counter++)
    {
      struct mf_bytes before = { counter > 1 ? outputs[counter - 2] : NULL,
                                 counter > 1 ? HASH : 0u },
                      mark = { &counter, 1 };

      hmac (port, outputs[counter - 1], key, before, mark);
    }
  port->ops->wipe (port->user, key, sizeof key);
}

static void
mix_hash (struct mf_noise *self, struct mf_bytes data)
{
  struct mf_bytes parts[2] = { { self->h, HASH }, data };

  hash (self->port, self->h, parts, 2);
}

static void
set_key (struct mf_noise *self, const uint8_t *key)
{
  memcpy (self->cipher.key, key, sizeof self->cipher.key);
  self->cipher.n = 0;
}

static void
mix_key (struct mf_noise *self, struct mf_bytes input)
{
  uint8_t outputs[2][HASH];

  hkdf (self->port, self->ck, input, outputs, 2);
  memcpy (self->ck, outputs[0], HASH);
  set_key (self, outputs[1]);
  self->port->ops->wipe (self->port->user, outputs, sizeof outputs);
}

static void
mix_key_and_hash (struct mf_noise *self, struct mf_bytes input)
{
  uint8_t         outputs[3][HASH];
  struct mf_bytes middle = { outputs[1], HASH };

  hkdf (self->port, self->ck, input, outputs, 3);
  memcpy (self->ck, outputs[0], HASH);
  mix_hash (self, middle);
  set_key (self, outputs[2]);
  self->port->ops->wipe (self->port->user, outputs, sizeof outputs);
}

static void
make_nonce (uint64_t n, uint8_t nonce[12])
{
  int at;

  memset (nonce, 0, 4);
  for (at = 0; at < 8; at++)
    nonce[4 + at] = (uint8_t)(n >> (8 * at));
}

static void
seal (const struct mf_port *port,
      struct mf_cipher     *self,
      struct mf_bytes       ad,
      struct mf_bytes       in,
      uint8_t              *out)
{
  uint8_t nonce[12];

  make_nonce (self->n++, nonce);
  port->ops->seal (port->user, out, self->key, nonce, ad, in);
}

static bool
open (const struct mf_port *port,
      struct mf_cipher     *self,
      struct mf_bytes       ad,
      struct mf_bytes       in,
      uint8_t              *out)
{
  uint8_t nonce[12];

  make_nonce (self->n, nonce);
  if (in.size < MF_NOISE_TAG || !port->ops->open (port->user, out, self->key, nonce, ad, in))
    return false;
  self->n++;
  return true;
}

void
mf_noise_init (struct mf_noise      *self,
               const struct mf_port *port,
               const uint8_t         psk[32],
               struct mf_bytes       prologue)
{
  static const char name[] = "Noise_NNpsk0_25519_ChaChaPoly_BLAKE2b";
  struct mf_bytes   secret = { psk, 32 };

  memset (self, 0, sizeof *self);
  self->port = port;
  memcpy (self->h, name, sizeof name - 1);
  memcpy (self->ck, self->h, HASH);
  mix_hash (self, prologue);
  mix_key_and_hash (self, secret);
}

bool
mf_noise_read (struct mf_noise *self, struct mf_bytes message, uint8_t *payload)
{
  struct mf_bytes remote = { self->remote, sizeof self->remote }, ad = { self->h, HASH }, sealed;

  if (message.size < MF_NOISE_OVERHEAD)
    return false;
  memcpy (self->remote, message.data, sizeof self->remote);
  mix_hash (self, remote);
  mix_key (self, remote);
  sealed.data = message.data + sizeof self->remote;
  sealed.size = message.size - sizeof self->remote;
  if (!open (self->port, &self->cipher, ad, sealed, payload))
    return false;
  mix_hash (self, sealed);
  return true;
}

static bool
mix_ephemeral (struct mf_noise *self, uint8_t *point)
{
  static const uint8_t  base[32] = { 9 };
  const struct mf_port *port = self->port;
  struct mf_bytes       own = { point, 32 }, common;
  uint8_t               scalar[32], shared[32];
  bool                  good;

  port->ops->random (port->user, scalar, sizeof scalar);
  good = port->ops->x25519 (port->user, point, scalar, base) &&
         port->ops->x25519 (port->user, shared, scalar, self->remote);
  if (good)
    {
      common.data = shared;
      common.size = sizeof shared;
      mix_hash (self, own);
      mix_key (self, own);
      mix_key (self, common);
    }
  port->ops->wipe (port->user, scalar, sizeof scalar);
  port->ops->wipe (port->user, shared, sizeof shared);
  return good;
}

bool
mf_noise_write (struct mf_noise  *self,
                struct mf_bytes   payload,
                uint8_t          *message,
                struct mf_cipher *receive,
                struct mf_cipher *send)
{
  struct mf_bytes       ad = { self->h, HASH };
  const struct mf_port *port = self->port;
  uint8_t               outputs[2][HASH];
  bool                  good = mix_ephemeral (self, message);

  if (good)
    {
      seal (port, &self->cipher, ad, payload, message + 32);
      hkdf (port, self->ck, nothing, outputs, 2);
      memcpy (receive->key, outputs[0], sizeof receive->key);
      memcpy (send->key, outputs[1], sizeof send->key);
      receive->n = send->n = 0;
      port->ops->wipe (port->user, outputs, sizeof outputs);
    }
  port->ops->wipe (port->user, self, sizeof *self);
  return good;
}

void
mf_cipher_seal (const struct mf_port *port,
                struct mf_cipher     *self,
                struct mf_bytes       in,
                uint8_t              *out)
{
  seal (port, self, nothing, in, out);
}

bool
mf_cipher_open (const struct mf_port *port,
                struct mf_cipher     *self,
                struct mf_bytes       in,
                uint8_t              *out)
{
  return open (port, self, nothing, in, out);
}
