/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib.h>
#include <sodium.h>

#include "mf_ed25519.h"
#include "mf_hmac.h"

/* The core's own cryptography against the published vectors, the known ways to be lax, and, with
 * random input, against libsodium. */

#define RANDOM_ROUNDS 200

static GBytes *
from_hex (const char *hex)
{
  gsize   size = strlen (hex) / 2;
  guint8 *bytes = g_malloc (size + 1);

  g_assert_cmpint (sodium_hex2bin (bytes, size + 1, hex, strlen (hex), NULL, NULL, NULL), ==, 0);
  return g_bytes_new_take (bytes, size);
}

static void
assert_hex (const guint8 *bytes, gsize size, const char *expected)
{
  g_autofree char *hex = g_malloc (2 * size + 1);

  g_assert_cmpstr (sodium_bin2hex (hex, 2 * size + 1, bytes, size), ==, expected);
}

static void
test_sha2 (void)
{
  /* FIPS 180 examples and NIST's additional ones. */
  static const struct
  {
    const char *text;
    guint       times;
    const char *sha256;
    const char *sha512;
  } cases[] = {
    { "", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
      "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e" },
    { "abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
      "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f" },
    { "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
      "204a8fc6dda82f0a0ced7beb8e08a41657c16ef468b228a8279be331a703c335"
      "96fd15c13b1b07f9aa1d3bea57789ca031ad85c7a71dd70354ec631238ca3445" },
    { "aaaaaaaaaa", 100000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
      "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973eb"
      "de0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b" },
  };
  guint8           digest[MF_SHA512_SIZE];
  struct mf_sha256 small;
  struct mf_sha512 large;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      mf_sha256_init (&small);
      mf_sha512_init (&large);
      for (guint n = 0; n < cases[i].times; n++)
        {
          mf_sha256_update (&small, cases[i].text, strlen (cases[i].text));
          mf_sha512_update (&large, cases[i].text, strlen (cases[i].text));
        }
      mf_sha256_final (&small, digest);
      assert_hex (digest, MF_SHA256_SIZE, cases[i].sha256);
      mf_sha512_final (&large, digest);
      assert_hex (digest, MF_SHA512_SIZE, cases[i].sha512);
    }
}

/* Every length about the blocks' ends, fed in two pieces. */
static void
test_sha2_lengths (void)
{
  guint8           text[3 * MF_SHA512_BLOCK], digest[MF_SHA512_SIZE], expected[MF_SHA512_SIZE];
  struct mf_sha256 small;
  struct mf_sha512 large;

  randombytes_buf (text, sizeof text);
  for (gsize size = 0; size <= sizeof text; size++)
    {
      gsize first = size * 3 / 7;

      mf_sha256_init (&small);
      mf_sha256_update (&small, text, first);
      mf_sha256_update (&small, text + first, size - first);
      mf_sha256_final (&small, digest);
      crypto_hash_sha256 (expected, text, size);
      g_assert_cmpmem (digest, MF_SHA256_SIZE, expected, MF_SHA256_SIZE);
      mf_sha512_init (&large);
      mf_sha512_update (&large, text, first);
      mf_sha512_update (&large, text + first, size - first);
      mf_sha512_final (&large, digest);
      crypto_hash_sha512 (expected, text, size);
      g_assert_cmpmem (digest, MF_SHA512_SIZE, expected, MF_SHA512_SIZE);
    }
}

/* RFC 4231, and every length of key about the block's. */
static void
test_hmac (void)
{
  static const struct
  {
    int         key;
    gsize       key_size;
    const char *text;
    const char *code;
  } cases[] = {
    { 0x0b, 20, "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
    { 0xaa, 131, "Test Using Larger Than Block-Size Key - Hash Key First",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54" },
    { 0xaa, 131,
      "This is a test using a larger than block-size key and a larger than block-size data. The key "
      "needs to be hashed before being used by the HMAC algorithm.",
      "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2" },
  };
  guint8 key[140], code[MF_SHA256_SIZE];

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      struct mf_bytes text = { (const guint8 *)cases[i].text, strlen (cases[i].text) },
                      parts[2] = { { text.data, 3 }, { text.data + 3, text.size - 3 } };

      memset (key, cases[i].key, sizeof key);
      mf_hmac_sha256 (code, (struct mf_bytes){ key, cases[i].key_size }, parts, 2);
      assert_hex (code, sizeof code, cases[i].code);
    }
  for (gsize size = 0; size <= sizeof key; size++)
    {
      struct mf_bytes part = { key, sizeof key };
      g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, key, size);

      g_hmac_update (hmac, key, sizeof key);
      mf_hmac_sha256 (code, (struct mf_bytes){ key, size }, &part, 1);
      assert_hex (code, sizeof code, g_hmac_get_string (hmac));
    }
}

/* RFC 8032, 7.1. */
static void
test_ed25519 (void)
{
  static const char *const cases[][4] = {
    { "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
      "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b" },
    { "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00" },
    { "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
      "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a" },
    { "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
      "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
      "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
      "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
      "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704" },
  };
  guint8 key[MF_ED25519_KEY_SIZE], signature[MF_ED25519_SIGNATURE_SIZE];

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) seed = from_hex (cases[i][0]);
      g_autoptr (GBytes) text = from_hex (cases[i][2]);
      struct mf_bytes part = { g_bytes_get_data (text, NULL), g_bytes_get_size (text) };

      mf_ed25519_public_key (key, g_bytes_get_data (seed, NULL));
      assert_hex (key, sizeof key, cases[i][1]);
      mf_ed25519_sign (signature, g_bytes_get_data (seed, NULL), &part, 1);
      assert_hex (signature, sizeof signature, cases[i][3]);
      g_assert_true (mf_ed25519_verify (signature, key, &part, 1));
    }
}

/* A key pair and a signature of a text, all random, made by libsodium. */
typedef struct
{
  guint8          seed[32], key[32], secret[64], signature[64], text[200];
  struct mf_bytes part;
} Signed;

static void
make_signed (Signed *self)
{
  randombytes_buf (self->text, sizeof self->text);
  randombytes_buf (self->seed, sizeof self->seed);
  self->part.data = self->text;
  self->part.size = randombytes_uniform (sizeof self->text) + 1;
  crypto_sign_seed_keypair (self->key, self->secret, self->seed);
  crypto_sign_detached (self->signature, NULL, self->text, self->part.size, self->secret);
}

static gboolean
verifies (const Signed *self)
{
  return mf_ed25519_verify (self->signature, self->key, &self->part, 1);
}

static void
test_against_libsodium (void)
{
  guint8 key[32], signature[64];
  Signed made;

  for (guint i = 0; i < RANDOM_ROUNDS; i++)
    {
      struct mf_bytes parts[2];
      guint           bit = randombytes_uniform (512);

      make_signed (&made);
      parts[0] = (struct mf_bytes){ made.text, made.part.size / 2 };
      parts[1] = (struct mf_bytes){ made.text + parts[0].size, made.part.size - parts[0].size };
      mf_ed25519_public_key (key, made.seed);
      g_assert_cmpmem (key, 32, made.key, 32);
      mf_ed25519_sign (signature, made.seed, parts, 2);
      g_assert_cmpmem (signature, 64, made.signature, 64);
      g_assert_true (mf_ed25519_verify (signature, key, parts, 2));
      made.signature[bit / 8] ^= (guint8)(1u << bit % 8);
      g_assert_false (verifies (&made));
    }
}

static void
test_every_bit_counts (void)
{
  Signed made;

  make_signed (&made);
  for (guint bit = 0; bit < 512; bit++)
    {
      made.signature[bit / 8] ^= (guint8)(1u << bit % 8);
      g_assert_false (verifies (&made));
      made.signature[bit / 8] ^= (guint8)(1u << bit % 8);
    }
  for (guint bit = 0; bit < 256; bit++)
    {
      made.key[bit / 8] ^= (guint8)(1u << bit % 8);
      g_assert_false (verifies (&made));
      made.key[bit / 8] ^= (guint8)(1u << bit % 8);
    }
  g_assert_true (verifies (&made));
  made.part.size--;
  g_assert_false (verifies (&made));
}

/* The order of the group, little-endian: RFC 8032, 5.1. */
static const guint8 order[32] = { 0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                  0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
                                  0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10 };

/* S plus the order solves the same equation. */
static void
test_malleable_s (void)
{
  Signed made;

  for (guint times = 1; times <= 14; times++)
    {
      make_signed (&made);
      for (guint n = 0; n < times; n++)
        {
          guint carry = 0;

          for (guint i = 0; i < 32; i++)
            {
              carry += made.signature[32 + i] + (guint)order[i];
              made.signature[32 + i] = (guint8)carry;
              carry >>= 8;
            }
        }
      g_assert_false (verifies (&made));
    }
}

/* Encodings of the eight points of small order and those of them that are not canonical; and keys
 * that are no point. With S = 0 and such a key somebody without a secret solves the equation. */
static void
test_bad_keys (void)
{
  static const char *const keys[] = {
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "0200000000000000000000000000000000000000000000000000000000000000",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    for (guint r = 0; r < G_N_ELEMENTS (keys); r++)
      {
        g_autoptr (GBytes) key = from_hex (keys[i]);
        g_autoptr (GBytes) first = from_hex (keys[r]);
        guint8          signature[64] = { 0 };
        struct mf_bytes part = { (const guint8 *)"text", 4 };

        memcpy (signature, g_bytes_get_data (first, NULL), 32);
        g_assert_false (mf_ed25519_verify (signature, g_bytes_get_data (key, NULL), &part, 1));
      }
}

/* R the neutral point and S = k * a: the equation holds, for the owner of the key. */
static void
test_bad_r (void)
{
  guint8 digest[64], scalar[32], k[32];
  Signed made;

  make_signed (&made);
  memset (made.signature, 0, sizeof made.signature);
  made.signature[0] = 1;
  {
    crypto_hash_sha512_state hash;

    crypto_hash_sha512_init (&hash);
    crypto_hash_sha512_update (&hash, made.signature, 32);
    crypto_hash_sha512_update (&hash, made.key, 32);
    crypto_hash_sha512_update (&hash, made.text, made.part.size);
    crypto_hash_sha512_final (&hash, digest);
  }
  crypto_core_ed25519_scalar_reduce (k, digest);
  crypto_hash_sha512 (digest, made.seed, 32);
  memcpy (scalar, digest, 32);
  scalar[0] &= 248;
  scalar[31] = (guint8)((scalar[31] & 127) | 64);
  memset (digest, 0, sizeof digest);
  memcpy (digest, scalar, 32);
  crypto_core_ed25519_scalar_reduce (scalar, digest);
  crypto_core_ed25519_scalar_mul (made.signature + 32, k, scalar);
  g_assert_false (verifies (&made));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);
  g_test_add_func ("/crypto/sha2", test_sha2);
  g_test_add_func ("/crypto/sha2-lengths", test_sha2_lengths);
  g_test_add_func ("/crypto/hmac", test_hmac);
  g_test_add_func ("/crypto/ed25519", test_ed25519);
  g_test_add_func ("/crypto/against-libsodium", test_against_libsodium);
  g_test_add_func ("/crypto/every-bit-counts", test_every_bit_counts);
  g_test_add_func ("/crypto/malleable-s", test_malleable_s);
  g_test_add_func ("/crypto/bad-keys", test_bad_keys);
  g_test_add_func ("/crypto/bad-r", test_bad_r);
  return g_test_run ();
}
