/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * MusterNoise:
 *
 * One end of a channel by `Noise_NNpsk0_25519_ChaChaPoly_BLAKE2b` (Noise protocol framework,
 * revision 34): two handshake messages in turns, initiator first, then transport messages either
 * way, in order. Both ends prove that they know the pre-shared key; what they say is encrypted with
 * keys that neither stores.
 *
 * Keys live in locked memory and are wiped when the channel is freed. Not thread-safe.
 */
typedef struct _MusterNoise MusterNoise;

typedef enum
{
  MUSTER_NOISE_INITIATOR,
  MUSTER_NOISE_RESPONDER,
} MusterNoiseRole;

#define MUSTER_NOISE_KEY_LENGTH 32
#define MUSTER_NOISE_HASH_LENGTH 64
/* Bytes that a transport message is longer than its payload. */
#define MUSTER_NOISE_TAG_LENGTH 16
/* Bytes that a handshake message is longer than its payload: the ephemeral key and the tag. */
#define MUSTER_NOISE_HANDSHAKE_OVERHEAD 48
/* Longest message of the framework. */
#define MUSTER_NOISE_MESSAGE_MAX 65535

/* PSK: MUSTER_NOISE_KEY_LENGTH bytes. PROLOGUE: what both ends must agree on without saying it. */
MusterNoise *muster_noise_new (MusterNoiseRole role,
                               const guint8   *psk,
                               gconstpointer   prologue,
                               gsize           prologue_length);
void         muster_noise_free (MusterNoise *self);

/* The next message, carrying PAYLOAD (may be NULL with LENGTH 0): a handshake message as long as
 * the handshake lasts. MUSTER_ERROR_PROTOCOL when it is the other end's turn, or when PAYLOAD is
 * too long. */
GBytes *muster_noise_write (MusterNoise *self, gconstpointer payload, gsize length, GError **error);

/* The payload of the other end's next message. MUSTER_ERROR_FORBIDDEN when it does not decrypt:
 * another pre-shared key or prologue, a changed, repeated or reordered message. A transport message
 * that fails leaves the channel as it was; after a failed handshake message nothing more can be
 * written or read. MUSTER_ERROR_PROTOCOL when it is too short or long, or not due. */
GBytes *muster_noise_read (MusterNoise *self, gconstpointer message, gsize length, GError **error);

/* Whether both handshake messages went through. */
gboolean muster_noise_is_complete (MusterNoise *self);
/* MUSTER_NOISE_HASH_LENGTH bytes that are the same at both ends of one channel alone. Borrowed;
 * once complete. */
const guint8 *muster_noise_get_hash (MusterNoise *self);

/* Replaces the random ephemeral key, MUSTER_NOISE_KEY_LENGTH bytes, before it is used: for
 * published vectors. */
void muster_noise_set_ephemeral (MusterNoise *self, const guint8 *secret_key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterNoise, muster_noise_free)

G_END_DECLS
