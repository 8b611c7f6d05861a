/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-noise"

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "model/muster-error.h"
#include "muster-noise.h"

#define PROTOCOL_NAME "Noise_NNpsk0_25519_ChaChaPoly_BLAKE2b"
#define BLOCK_LENGTH 128 /* of BLAKE2b, for HMAC */
#define HASH_LENGTH MUSTER_NOISE_HASH_LENGTH
#define KEY_LENGTH MUSTER_NOISE_KEY_LENGTH
#define TAG_LENGTH MUSTER_NOISE_TAG_LENGTH

G_STATIC_ASSERT (KEY_LENGTH == crypto_aead_chacha20poly1305_ietf_KEYBYTES);
G_STATIC_ASSERT (TAG_LENGTH == crypto_aead_chacha20poly1305_ietf_ABYTES);
G_STATIC_ASSERT (KEY_LENGTH == crypto_scalarmult_BYTES);
G_STATIC_ASSERT (sizeof PROTOCOL_NAME - 1 <= HASH_LENGTH);

typedef struct
{
  guint8  key[KEY_LENGTH];
  guint64 nonce;
} Cipher;

/* What the channel expects next. */
typedef enum
{
  STEP_MESSAGE_1,
  STEP_MESSAGE_2,
  STEP_TRANSPORT,
  STEP_BROKEN,
} Step;

/* The names are those of the specification's §5. */
struct _MusterNoise
{
  MusterNoiseRole role;
  Step            step;
  guint8          psk[KEY_LENGTH];
  guint8          ephemeral_secret[KEY_LENGTH];
  guint8          ephemeral[KEY_LENGTH];
  guint8          remote_ephemeral[KEY_LENGTH];
  guint8          ck[HASH_LENGTH];
  guint8          h[HASH_LENGTH];
  Cipher          handshake;
  Cipher          send;
  Cipher          receive;
};

static void
hash (guint8 out[HASH_LENGTH], gconstpointer a, gsize a_length, gconstpointer b, gsize b_length)
{
  crypto_generichash_state state;

  crypto_generichash_init (&state, NULL, 0, HASH_LENGTH);
  crypto_generichash_update (&state, a, a_length);
  if (b_length > 0)
    crypto_generichash_update (&state, b, b_length);
  crypto_generichash_final (&state, out, HASH_LENGTH);
  sodium_memzero (&state, sizeof state);
}

/* HMAC (RFC 2104) with BLAKE2b-512; its key is always a chaining key or a digest, so never longer
 * than a block. */
static void
hmac (guint8 out[HASH_LENGTH], const guint8 key[HASH_LENGTH], gconstpointer data, gsize length)
{
  guint8 pad[BLOCK_LENGTH];
  guint8 inner[HASH_LENGTH];

  memset (pad, 0x36, sizeof pad);
  for (unsigned i = 0; i < HASH_LENGTH; i++)
    pad[i] ^= key[i];
  hash (inner, pad, sizeof pad, data, length);
  for (unsigned i = 0; i < BLOCK_LENGTH; i++)
    pad[i] ^= 0x36 ^ 0x5c;
  hash (out, pad, sizeof pad, inner, sizeof inner);
  sodium_memzero (pad, sizeof pad);
  sodium_memzero (inner, sizeof inner);
}

/* HKDF of the specification's §4.3 with COUNT outputs (2 or 3), HASH_LENGTH bytes each, one after
 * the other in OUT. */
static void
derive (guint8       *out,
        unsigned      count,
        const guint8  ck[HASH_LENGTH],
        gconstpointer material,
        gsize         length)
{
  guint8 key[HASH_LENGTH];
  guint8 block[HASH_LENGTH + 1];

  hmac (key, ck, material, length);
  for (unsigned i = 0; i < count; i++)
    {
      gsize before = i == 0 ? 0 : HASH_LENGTH;

      if (before > 0)
        memcpy (block, out + (i - 1) * HASH_LENGTH, before);
      block[before] = i + 1;
      hmac (out + i * HASH_LENGTH, key, block, before + 1);
    }
  sodium_memzero (key, sizeof key);
  sodium_memzero (block, sizeof block);
}

static void
cipher_set_key (Cipher *self, const guint8 *key)
{
  memcpy (self->key, key, KEY_LENGTH);
  self->nonce = 0;
}

/* §12.3: 32 zero bits, then the counter little-endian. */
static void
cipher_get_nonce (Cipher *self, guint8 nonce[crypto_aead_chacha20poly1305_ietf_NPUBBYTES])
{
  guint64 counter = GUINT64_TO_LE (self->nonce);

  memset (nonce, 0, 4);
  memcpy (nonce + 4, &counter, sizeof counter);
}

static void
cipher_encrypt (Cipher       *self,
                guint8       *out,
                gconstpointer ad,
                gsize         ad_length,
                gconstpointer plaintext,
                gsize         length)
{
  guint8 nonce[crypto_aead_chacha20poly1305_ietf_NPUBBYTES];

  cipher_get_nonce (self, nonce);
  crypto_aead_chacha20poly1305_ietf_encrypt (out, NULL, plaintext, length, ad, ad_length, NULL,
                                             nonce, self->key);
  self->nonce++;
}

/* LENGTH includes the tag. The nonce moves on only when the message is genuine. */
static gboolean
cipher_decrypt (Cipher       *self,
                guint8       *out,
                gconstpointer ad,
                gsize         ad_length,
                gconstpointer ciphertext,
                gsize         length,
                GError      **error)
{
  guint8 nonce[crypto_aead_chacha20poly1305_ietf_NPUBBYTES];

  cipher_get_nonce (self, nonce);
  if (crypto_aead_chacha20poly1305_ietf_decrypt (out, NULL, NULL, ciphertext, length, ad, ad_length,
                                                 nonce, self->key) != 0)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN, "the message does not decrypt");
      return FALSE;
    }
  self->nonce++;
  return TRUE;
}

static void
muster_noise_mix_hash (MusterNoise *self, gconstpointer data, gsize length)
{
  guint8 before[HASH_LENGTH];

  memcpy (before, self->h, HASH_LENGTH);
  hash (self->h, before, HASH_LENGTH, data, length);
}

static void
muster_noise_mix_key (MusterNoise *self, gconstpointer material, gsize length)
{
  guint8 out[2 * HASH_LENGTH];

  derive (out, 2, self->ck, material, length);
  memcpy (self->ck, out, HASH_LENGTH);
  cipher_set_key (&self->handshake, out + HASH_LENGTH);
  sodium_memzero (out, sizeof out);
}

/* The token `psk`. */
static void
muster_noise_mix_psk (MusterNoise *self)
{
  guint8 out[3 * HASH_LENGTH];

  derive (out, 3, self->ck, self->psk, KEY_LENGTH);
  memcpy (self->ck, out, HASH_LENGTH);
  muster_noise_mix_hash (self, out + HASH_LENGTH, HASH_LENGTH);
  cipher_set_key (&self->handshake, out + 2 * HASH_LENGTH);
  sodium_memzero (out, sizeof out);
}

/* The token `e` of either end; with a pre-shared key it goes into the chaining key as well (§9.2).
 */
static void
muster_noise_mix_ephemeral (MusterNoise *self, const guint8 *key)
{
  muster_noise_mix_hash (self, key, KEY_LENGTH);
  muster_noise_mix_key (self, key, KEY_LENGTH);
}

/* The token `ee`. */
static gboolean
muster_noise_mix_shared (MusterNoise *self, GError **error)
{
  guint8 shared[crypto_scalarmult_BYTES];

  if (crypto_scalarmult (shared, self->ephemeral_secret, self->remote_ephemeral) != 0)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL, "the other end sent a weak key");
      return FALSE;
    }
  muster_noise_mix_key (self, shared, sizeof shared);
  sodium_memzero (shared, sizeof shared);
  return TRUE;
}

static void
muster_noise_split (MusterNoise *self)
{
  guint8 out[2 * HASH_LENGTH];

  derive (out, 2, self->ck, NULL, 0);
  cipher_set_key (self->role == MUSTER_NOISE_INITIATOR ? &self->send : &self->receive, out);
  cipher_set_key (self->role == MUSTER_NOISE_INITIATOR ? &self->receive : &self->send,
                  out + HASH_LENGTH);
  sodium_memzero (out, sizeof out);
  sodium_memzero (self->psk, sizeof self->psk);
  sodium_memzero (self->ck, sizeof self->ck);
  sodium_memzero (&self->handshake, sizeof self->handshake);
  sodium_memzero (self->ephemeral_secret, sizeof self->ephemeral_secret);
  self->step = STEP_TRANSPORT;
}

static void
muster_noise_advance (MusterNoise *self)
{
  if (self->step == STEP_MESSAGE_1)
    self->step = STEP_MESSAGE_2;
  else
    muster_noise_split (self);
}

/* Mixes what goes before KEY in the handshake message that is due, KEY itself and what follows it.
 */
static gboolean
muster_noise_mix_tokens (MusterNoise *self, const guint8 *key, GError **error)
{
  if (self->step == STEP_MESSAGE_1)
    muster_noise_mix_psk (self);
  muster_noise_mix_ephemeral (self, key);
  return self->step == STEP_MESSAGE_1 || muster_noise_mix_shared (self, error);
}

static gboolean
muster_noise_check_turn (MusterNoise *self, MusterNoiseRole writer, GError **error)
{
  gboolean due = self->step == STEP_TRANSPORT ||
                 (self->step == STEP_MESSAGE_1 && writer == MUSTER_NOISE_INITIATOR) ||
                 (self->step == STEP_MESSAGE_2 && writer == MUSTER_NOISE_RESPONDER);

  if (!due)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL, "%s",
                 self->step == STEP_BROKEN ? "the handshake failed before"
                                           : "this message is not due in the handshake");
  return due;
}

static gboolean
muster_noise_check_length (gsize length, gsize least, GError **error)
{
  if (length >= least && length <= MUSTER_NOISE_MESSAGE_MAX)
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL, "a message of %zu bytes is too %s",
               length, length < least ? "short" : "long");
  return FALSE;
}

MusterNoise *
muster_noise_new (MusterNoiseRole role,
                  const guint8   *psk,
                  gconstpointer   prologue,
                  gsize           prologue_length)
{
  MusterNoise *self = NULL;

  g_return_val_if_fail (psk != NULL, NULL);
  g_return_val_if_fail (prologue != NULL || prologue_length == 0, NULL);

  if (sodium_init () < 0 || (self = sodium_malloc (sizeof *self)) == NULL)
    g_error ("no locked memory for keys");
  memset (self, 0, sizeof *self);
  self->role = role;
  memcpy (self->psk, psk, KEY_LENGTH);
  memcpy (self->h, PROTOCOL_NAME, sizeof PROTOCOL_NAME - 1);
  memcpy (self->ck, self->h, HASH_LENGTH);
  muster_noise_mix_hash (self, prologue, prologue_length);
  randombytes_buf (self->ephemeral_secret, KEY_LENGTH);
  crypto_scalarmult_base (self->ephemeral, self->ephemeral_secret);
  return self;
}

void
muster_noise_free (MusterNoise *self)
{
  if (self != NULL)
    sodium_free (self);
}

void
muster_noise_set_ephemeral (MusterNoise *self, const guint8 *secret_key)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (secret_key != NULL);

  memcpy (self->ephemeral_secret, secret_key, KEY_LENGTH);
  crypto_scalarmult_base (self->ephemeral, self->ephemeral_secret);
}

static GBytes *
muster_noise_write_handshake (MusterNoise  *self,
                              gconstpointer payload,
                              gsize         length,
                              GError      **error)
{
  gsize              size = MUSTER_NOISE_HANDSHAKE_OVERHEAD + length;
  g_autofree guint8 *out = g_malloc (size);

  if (!muster_noise_mix_tokens (self, self->ephemeral, error))
    {
      self->step = STEP_BROKEN;
      return NULL;
    }
  memcpy (out, self->ephemeral, KEY_LENGTH);
  cipher_encrypt (&self->handshake, out + KEY_LENGTH, self->h, HASH_LENGTH, payload, length);
  muster_noise_mix_hash (self, out + KEY_LENGTH, size - KEY_LENGTH);
  muster_noise_advance (self);
  return g_bytes_new_take (g_steal_pointer (&out), size);
}

GBytes *
muster_noise_write (MusterNoise *self, gconstpointer payload, gsize length, GError **error)
{
  g_autofree guint8 *out = NULL;
  gsize              overhead = 0;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (payload != NULL || length == 0, NULL);

  if (!muster_noise_check_turn (self, self->role, error))
    return NULL;
  overhead = self->step == STEP_TRANSPORT ? TAG_LENGTH : MUSTER_NOISE_HANDSHAKE_OVERHEAD;
  if (!muster_noise_check_length (overhead + length, overhead, error))
    return NULL;
  if (self->step != STEP_TRANSPORT)
    return muster_noise_write_handshake (self, payload, length, error);
  out = g_malloc (length + TAG_LENGTH);
  cipher_encrypt (&self->send, out, NULL, 0, payload, length);
  return g_bytes_new_take (g_steal_pointer (&out), length + TAG_LENGTH);
}

static gboolean
muster_noise_read_handshake (MusterNoise  *self,
                             guint8       *out,
                             const guint8 *message,
                             gsize         length,
                             GError      **error)
{
  memcpy (self->remote_ephemeral, message, KEY_LENGTH);
  if (!muster_noise_mix_tokens (self, self->remote_ephemeral, error) ||
      !cipher_decrypt (&self->handshake, out, self->h, HASH_LENGTH, message + KEY_LENGTH,
                       length - KEY_LENGTH, error))
    {
      self->step = STEP_BROKEN;
      return FALSE;
    }
  muster_noise_mix_hash (self, message + KEY_LENGTH, length - KEY_LENGTH);
  muster_noise_advance (self);
  return TRUE;
}

GBytes *
muster_noise_read (MusterNoise *self, gconstpointer message, gsize length, GError **error)
{
  g_autofree guint8 *out = NULL;
  gsize              overhead = 0;
  gboolean           genuine = FALSE;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (message != NULL || length == 0, NULL);

  if (!muster_noise_check_turn (self,
                                self->role == MUSTER_NOISE_INITIATOR ? MUSTER_NOISE_RESPONDER
                                                                     : MUSTER_NOISE_INITIATOR,
                                error))
    return NULL;
  overhead = self->step == STEP_TRANSPORT ? TAG_LENGTH : MUSTER_NOISE_HANDSHAKE_OVERHEAD;
  if (!muster_noise_check_length (length, overhead, error))
    return NULL;
  out = g_malloc (length - overhead + 1);
  if (self->step == STEP_TRANSPORT)
    genuine = cipher_decrypt (&self->receive, out, NULL, 0, message, length, error);
  else
    genuine = muster_noise_read_handshake (self, out, message, length, error);
  return genuine ? g_bytes_new_take (g_steal_pointer (&out), length - overhead) : NULL;
}

gboolean
muster_noise_is_complete (MusterNoise *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->step == STEP_TRANSPORT;
}

const guint8 *
muster_noise_get_hash (MusterNoise *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (self->step == STEP_TRANSPORT, NULL);

  return self->h;
}
