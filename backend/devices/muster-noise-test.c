/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-noise-test"

#include "config.h"

#include <string.h>

#include "model/muster-error.h"
#include "muster-noise.h"

/* Of the test vectors of the cacophony library (vectors/cacophony.txt), which most implementations
 * check against. */
#define VECTOR_PROLOGUE "4a6f686e2047616c74"
#define VECTOR_PSK "54686973206973206d7920417573747269616e20706572737065637469766521"
#define VECTOR_INITIATOR "893e28b9dc6ca8d611ab664754b8ceb7bac5117349a4439a6b0569da977c464a"
#define VECTOR_RESPONDER "bbdb4cdbd309f1a1f2e1456967fe288cadd6f712d65dc7b7793d5e63da6b375b"
#define VECTOR_HASH                                                                                \
  "ed5e9692d0ab507b6c2beec3f584fd5b127817a9d20b26cd50aa72c507260fa3"                               \
  "1aa7d88dd3723316338af37ce0b4cfb2923aeb848bbf2b934911306f01ffc963"

static const struct
{
  const char *payload;
  const char *message;
} vector[] = {
  { "4c756477696720766f6e204d69736573",
    "ca35def5ae56cec33dc2036731ab14896bc4c75dbb07a61f879f8e3afa4c7944ed63df2f5a12aee1185ee9c50305f2ecf12421dcb53c047a63b784cf7c54a105" },
  { "4d757272617920526f746862617264",
    "95ebc60d2b1fa672c1f46a8aa265ef51bfe38e7ccb39ec5be34069f1448088430e0fe7d5c0c9b92f7478716c8852f1b4f389edb75e3ebe546fafafd5b6f0f7" },
  { "462e20412e20486179656b", "0fe04b26dcfbb69f8a6a94c61f1a26ef88769218d32f5d17c068a6" },
  { "4361726c204d656e676572", "2239e0c540c01f09eb1f4cc5258fd5acfefff18a5a3773f21b7bfe" },
  { "4a65616e2d426170746973746520536179",
    "f216cb03d30fb8af1e561fe02a07552d09b416e27a75e62c77d193718b0bdaae9f" },
  { "457567656e2042f6686d20766f6e2042617765726b",
    "6e8baf98b944184dd7dc5ef14d8108cbeca626de118a5460f3308e294d61e17238bce29bd9" },
};

static GBytes *
from_hex (const char *hex)
{
  GByteArray *bytes = g_byte_array_new ();

  for (gsize i = 0; hex[i] != '\0'; i += 2)
    {
      guint8 byte = g_ascii_xdigit_value (hex[i]) << 4 | g_ascii_xdigit_value (hex[i + 1]);

      g_byte_array_append (bytes, &byte, 1);
    }
  return g_byte_array_free_to_bytes (bytes);
}

static void
assert_hex (GBytes *bytes, const char *hex)
{
  g_autoptr (GBytes) expected = from_hex (hex);

  g_assert_nonnull (bytes);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                   g_bytes_get_data (expected, NULL), g_bytes_get_size (expected));
}

static MusterNoise *
new_vector_end (MusterNoiseRole role)
{
  g_autoptr (GBytes) psk = from_hex (VECTOR_PSK);
  g_autoptr (GBytes) prologue = from_hex (VECTOR_PROLOGUE);
  g_autoptr (GBytes) ephemeral =
              from_hex (role == MUSTER_NOISE_INITIATOR ? VECTOR_INITIATOR : VECTOR_RESPONDER);
  MusterNoise *noise =
    muster_noise_new (role, g_bytes_get_data (psk, NULL), g_bytes_get_data (prologue, NULL),
                      g_bytes_get_size (prologue));

  muster_noise_set_ephemeral (noise, g_bytes_get_data (ephemeral, NULL));
  return noise;
}

static MusterNoise *
new_end (MusterNoiseRole role, guint8 psk_byte, const char *prologue)
{
  guint8 psk[MUSTER_NOISE_KEY_LENGTH];

  memset (psk, psk_byte, sizeof psk);
  return muster_noise_new (role, psk, prologue, strlen (prologue));
}

static GBytes *
read_bytes (MusterNoise *noise, GBytes *message, GError **error)
{
  return muster_noise_read (noise, g_bytes_get_data (message, NULL), g_bytes_get_size (message),
                            error);
}

/* Passes PAYLOAD from one end to the other. */
static void
pass (MusterNoise *from, MusterNoise *to, const char *payload)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) message = muster_noise_write (from, payload, strlen (payload), &error);
  g_autoptr (GBytes) got = NULL;

  g_assert_no_error (error);
  got = read_bytes (to, message, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (got, NULL), g_bytes_get_size (got), payload, strlen (payload));
}

static void
assert_refuses (MusterNoise *noise, gconstpointer message, gsize length, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) got = muster_noise_read (noise, message, length, &error);

  g_assert_null (got);
  g_assert_error (error, MUSTER_ERROR, code);
}

static void
test_vector (void)
{
  g_autoptr (MusterNoise) initiator = new_vector_end (MUSTER_NOISE_INITIATOR);
  g_autoptr (MusterNoise) responder = new_vector_end (MUSTER_NOISE_RESPONDER);
  g_autoptr (GBytes) hash = from_hex (VECTOR_HASH);

  for (unsigned i = 0; i < G_N_ELEMENTS (vector); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) payload = from_hex (vector[i].payload);
      g_autoptr (GBytes) message = muster_noise_write (i % 2 == 0 ? initiator : responder,
                                                      g_bytes_get_data (payload, NULL),
                                                      g_bytes_get_size (payload), &error);
      g_autoptr (GBytes) got = NULL;

      g_assert_no_error (error);
      assert_hex (message, vector[i].message);
      got = read_bytes (i % 2 == 0 ? responder : initiator, message, &error);
      g_assert_no_error (error);
      assert_hex (got, vector[i].payload);
      g_assert_cmpint (muster_noise_is_complete (initiator), ==, i >= 1);
    }
  g_assert_cmpmem (muster_noise_get_hash (initiator), MUSTER_NOISE_HASH_LENGTH,
                   g_bytes_get_data (hash, NULL), g_bytes_get_size (hash));
  g_assert_cmpmem (muster_noise_get_hash (responder), MUSTER_NOISE_HASH_LENGTH,
                   g_bytes_get_data (hash, NULL), g_bytes_get_size (hash));
}

static void
test_sizes (void)
{
  g_autoptr (MusterNoise) initiator = new_end (MUSTER_NOISE_INITIATOR, 1, "p");
  g_autoptr (MusterNoise) responder = new_end (MUSTER_NOISE_RESPONDER, 1, "p");
  g_autoptr (GBytes) one = muster_noise_write (initiator, NULL, 0, NULL);
  g_autoptr (GBytes) got = read_bytes (responder, one, NULL);
  g_autoptr (GBytes) two = muster_noise_write (responder, NULL, 0, NULL);
  g_autoptr (GBytes) got_two = read_bytes (initiator, two, NULL);
  g_autoptr (GBytes) three = muster_noise_write (initiator, "abc", 3, NULL);

  g_assert_cmpuint (g_bytes_get_size (one), ==, 48);
  g_assert_cmpuint (g_bytes_get_size (got), ==, 0);
  g_assert_cmpuint (g_bytes_get_size (two), ==, 48);
  g_assert_cmpuint (g_bytes_get_size (got_two), ==, 0);
  g_assert_cmpuint (g_bytes_get_size (three), ==, 3 + MUSTER_NOISE_TAG_LENGTH);
}

static void
test_ephemeral_keys_differ (void)
{
  g_autoptr (MusterNoise) a = new_end (MUSTER_NOISE_INITIATOR, 1, "p");
  g_autoptr (MusterNoise) b = new_end (MUSTER_NOISE_INITIATOR, 1, "p");
  g_autoptr (GBytes) one = muster_noise_write (a, NULL, 0, NULL);
  g_autoptr (GBytes) two = muster_noise_write (b, NULL, 0, NULL);

  g_assert_cmpint (memcmp (g_bytes_get_data (one, NULL), g_bytes_get_data (two, NULL), 48), !=, 0);
}

static void
test_wrong_key_or_prologue (void)
{
  g_autoptr (MusterNoise) initiator = new_end (MUSTER_NOISE_INITIATOR, 1, "serial 1");
  g_autoptr (MusterNoise) other_key = new_end (MUSTER_NOISE_RESPONDER, 2, "serial 1");
  g_autoptr (MusterNoise) other_prologue = new_end (MUSTER_NOISE_RESPONDER, 1, "serial 2");
  g_autoptr (MusterNoise) same = new_end (MUSTER_NOISE_RESPONDER, 1, "serial 1");
  g_autoptr (GBytes) one = muster_noise_write (initiator, NULL, 0, NULL);
  g_autoptr (GBytes) got = NULL;

  assert_refuses (other_key, g_bytes_get_data (one, NULL), 48, MUSTER_ERROR_FORBIDDEN);
  assert_refuses (other_prologue, g_bytes_get_data (one, NULL), 48, MUSTER_ERROR_FORBIDDEN);
  got = read_bytes (same, one, NULL);
  g_assert_nonnull (got);
}

/* Every bit of either handshake message counts, and a failed handshake stays failed. */
static void
test_tampered_handshake (void)
{
  for (unsigned message = 0; message < 2; message++)
    for (unsigned byte = 0; byte < 48; byte++)
      {
        g_autoptr (MusterNoise) initiator = new_end (MUSTER_NOISE_INITIATOR, 1, "p");
        g_autoptr (MusterNoise) responder = new_end (MUSTER_NOISE_RESPONDER, 1, "p");
        g_autoptr (GBytes) genuine = muster_noise_write (initiator, NULL, 0, NULL);
        g_autoptr (GError) error = NULL;
        MusterNoise *reader = responder;
        guint8       changed[48];

        if (message == 1)
          {
            g_autoptr (GBytes) got = read_bytes (responder, genuine, NULL);

            g_assert_nonnull (got);
            g_clear_pointer (&genuine, g_bytes_unref);
            genuine = muster_noise_write (responder, NULL, 0, NULL);
            reader = initiator;
          }
        memcpy (changed, g_bytes_get_data (genuine, NULL), sizeof changed);
        changed[byte] ^= 1 << (byte % 7);
        assert_refuses (reader, changed, sizeof changed, MUSTER_ERROR_FORBIDDEN);
        assert_refuses (reader, g_bytes_get_data (genuine, NULL), 48, MUSTER_ERROR_PROTOCOL);
        g_assert_null (muster_noise_write (reader, NULL, 0, &error));
        g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL);
      }
}

/* An all-zero key would make the shared secret public (RFC 7748 §6.1). */
static void
test_weak_key (void)
{
  g_autoptr (MusterNoise) initiator = new_end (MUSTER_NOISE_INITIATOR, 1, "p");
  g_autoptr (GBytes) one = muster_noise_write (initiator, NULL, 0, NULL);
  guint8 zero[48] = { 0 };

  g_assert_nonnull (one);
  assert_refuses (initiator, zero, sizeof zero, MUSTER_ERROR_PROTOCOL);
}

static void
test_turns (void)
{
  g_autoptr (MusterNoise) initiator = new_end (MUSTER_NOISE_INITIATOR, 1, "p");
  g_autoptr (MusterNoise) responder = new_end (MUSTER_NOISE_RESPONDER, 1, "p");
  g_autoptr (GError) error = NULL;
  guint8 bytes[48] = { 0 };

  g_assert_null (muster_noise_write (responder, NULL, 0, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL);
  assert_refuses (initiator, bytes, sizeof bytes, MUSTER_ERROR_PROTOCOL);
  /* Out of turn is the caller's mistake: the handshake can go on. */
  pass (initiator, responder, "one");
  pass (responder, initiator, "two");
  pass (responder, initiator, "three");
  pass (initiator, responder, "");
}

static void
test_lengths (void)
{
  g_autoptr (MusterNoise) initiator = new_end (MUSTER_NOISE_INITIATOR, 1, "p");
  g_autoptr (MusterNoise) responder = new_end (MUSTER_NOISE_RESPONDER, 1, "p");
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *big = g_malloc0 (MUSTER_NOISE_MESSAGE_MAX + 1);

  assert_refuses (responder, big, 47, MUSTER_ERROR_PROTOCOL);
  assert_refuses (responder, NULL, 0, MUSTER_ERROR_PROTOCOL);
  assert_refuses (responder, big, MUSTER_NOISE_MESSAGE_MAX + 1, MUSTER_ERROR_PROTOCOL);
  pass (initiator, responder, "");
  pass (responder, initiator, "");
  assert_refuses (responder, big, MUSTER_NOISE_TAG_LENGTH - 1, MUSTER_ERROR_PROTOCOL);
  g_assert_null (muster_noise_write (initiator, big,
                                     MUSTER_NOISE_MESSAGE_MAX - MUSTER_NOISE_TAG_LENGTH + 1,
                                     &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL);
  pass (initiator, responder, "still in step");
}

static void
test_transport_order (void)
{
  g_autoptr (MusterNoise) initiator = new_end (MUSTER_NOISE_INITIATOR, 1, "p");
  g_autoptr (MusterNoise) responder = new_end (MUSTER_NOISE_RESPONDER, 1, "p");
  g_autoptr (GBytes) one = NULL;
  g_autoptr (GBytes) two = NULL;
  g_autoptr (GBytes) got_one = NULL;
  g_autoptr (GBytes) got_two = NULL;
  g_autoptr (GError) error = NULL;
  guint8 changed[5 + MUSTER_NOISE_TAG_LENGTH];

  pass (initiator, responder, "");
  pass (responder, initiator, "");
  one = muster_noise_write (initiator, "first", 5, NULL);
  two = muster_noise_write (initiator, "again", 5, NULL);
  for (unsigned i = 0; i < sizeof changed; i++)
    {
      memcpy (changed, g_bytes_get_data (one, NULL), sizeof changed);
      changed[i] ^= 0x80;
      assert_refuses (responder, changed, sizeof changed, MUSTER_ERROR_FORBIDDEN);
    }
  assert_refuses (responder, g_bytes_get_data (two, NULL), g_bytes_get_size (two),
                  MUSTER_ERROR_FORBIDDEN);
  got_one = read_bytes (responder, one, &error);
  g_assert_no_error (error);
  assert_refuses (responder, g_bytes_get_data (one, NULL), g_bytes_get_size (one),
                  MUSTER_ERROR_FORBIDDEN);
  got_two = read_bytes (responder, two, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (got_two, NULL), g_bytes_get_size (got_two), "again", 5);
  /* What one end says never reads as said by the other. */
  assert_refuses (initiator, g_bytes_get_data (one, NULL), g_bytes_get_size (one),
                  MUSTER_ERROR_FORBIDDEN);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/noise/vector", test_vector);
  g_test_add_func ("/noise/sizes", test_sizes);
  g_test_add_func ("/noise/ephemeral-keys-differ", test_ephemeral_keys_differ);
  g_test_add_func ("/noise/wrong-key-or-prologue", test_wrong_key_or_prologue);
  g_test_add_func ("/noise/tampered-handshake", test_tampered_handshake);
  g_test_add_func ("/noise/weak-key", test_weak_key);
  g_test_add_func ("/noise/turns", test_turns);
  g_test_add_func ("/noise/lengths", test_lengths);
  g_test_add_func ("/noise/transport-order", test_transport_order);
  return g_test_run ();
}
