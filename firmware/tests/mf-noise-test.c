/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/muster-label-secret.h"
#include "mf-test-board.h"

/* The cryptography of the port by the RFCs' vectors, the handshake by the published vector, the
 * label against the console's. */

static GBytes *
unhex (const char *hex)
{
  gsize              size = strlen (hex) / 2;
  g_autofree guint8 *bytes = g_malloc (size + 1);

  for (gsize i = 0; i < size; i++)
    bytes[i] =
      (guint8)(g_ascii_xdigit_value (hex[2 * i]) << 4 | g_ascii_xdigit_value (hex[2 * i + 1]));
  return g_bytes_new (bytes, size);
}

static char *
hex (const guint8 *data, gsize size)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < size; i++)
    g_string_append_printf (text, "%02x", data[i]);
  return g_string_free (text, FALSE);
}

static void
assert_hex (const guint8 *data, gsize size, const char *expected)
{
  g_autofree char *text = hex (data, size);

  g_assert_cmpstr (text, ==, expected);
}

static struct mf_bytes
view (GBytes *bytes)
{
  struct mf_bytes view = { 0 };

  view.data = g_bytes_get_data (bytes, &view.size);
  return view;
}

/* RFC 7748, section 6.1. */
static void
test_x25519 (void)
{
  g_autoptr (MfTestBoard) board = mf_test_board_new ();
  g_autoptr (GBytes) alice =
              unhex ("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
  g_autoptr (GBytes) bob =
              unhex ("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
  static const guint8 base[32] = { 9 }, useless[32] = { 0 };
  guint8              out[32];

  g_assert_true (board->port.ops->x25519 (board, out, view (alice).data, base));
  assert_hex (out, 32, "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
  g_assert_true (board->port.ops->x25519 (board, out, view (alice).data, view (bob).data));
  assert_hex (out, 32, "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
  g_assert_false (board->port.ops->x25519 (board, out, view (alice).data, useless));
}

/* RFC 8439, section 2.8.2. */
static void
test_chacha20poly1305 (void)
{
  static const char text[] =
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.";
  g_autoptr (MfTestBoard) board = mf_test_board_new ();
  g_autoptr (GBytes) key =
              unhex ("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
  g_autoptr (GBytes) nonce = unhex ("070000004041424344454647");
  g_autoptr (GBytes) ad = unhex ("50515253c0c1c2c3c4c5c6c7");
  struct mf_bytes plain = { (const guint8 *)text, sizeof text - 1 }, sealed;
  guint8          out[sizeof text - 1 + 16], back[sizeof out];

  board->port.ops->seal (board, out, view (key).data, view (nonce).data, view (ad), plain);
  assert_hex (out, 16, "d31a8d34648e60db7b86afbc53ef7ec2");
  assert_hex (out + plain.size, 16, "1ae10b594f09e26a7e902ecbd0600691");
  sealed = (struct mf_bytes){ out, sizeof out };
  g_assert_true (
    board->port.ops->open (board, back, view (key).data, view (nonce).data, view (ad), sealed));
  g_assert_cmpmem (back, plain.size, text, plain.size);
  out[3] ^= 1;
  g_assert_false (
    board->port.ops->open (board, back, view (key).data, view (nonce).data, view (ad), sealed));
}

/* RFC 7693, appendix A; in one part and in several. */
static void
test_blake2b (void)
{
  static const char expected[] =
    "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923";
  g_autoptr (MfTestBoard) board = mf_test_board_new ();
  struct mf_bytes none = { 0 }, whole = { (const guint8 *)"abc", 3 };
  struct mf_bytes parts[3] = { { (const guint8 *)"a", 1 },
                               { NULL, 0 },
                               { (const guint8 *)"bc", 2 } };
  guint8          out[64];

  board->port.ops->blake2b (board, out, 64, none, &whole, 1);
  assert_hex (out, 64, expected);
  board->port.ops->blake2b (board, out, 64, none, parts, 3);
  assert_hex (out, 64, expected);
}

/* The vector that the framework's implementations share for this protocol. */
static const struct
{
  const char *payload;
  const char *message;
} messages[] = {
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

static void
start_vector (MfTestBoard *board, struct mf_noise *noise)
{
  g_autoptr (GBytes) prologue = unhex ("4a6f686e2047616c74");
  g_autoptr (GBytes) psk =
              unhex ("54686973206973206d7920417573747269616e20706572737065637469766521");

  g_queue_push_tail (&board->random,
                     unhex ("bbdb4cdbd309f1a1f2e1456967fe288cadd6f712d65dc7b7793d5e63da6b375b"));
  mf_noise_init (noise, &board->port, view (psk).data, view (prologue));
}

static void
test_vector (void)
{
  g_autoptr (MfTestBoard) board = mf_test_board_new ();
  g_autoptr (GBytes) first = unhex (messages[0].message), answer = unhex (messages[1].payload);
  struct mf_cipher receive, send;
  struct mf_noise  noise;
  guint8           out[128];

  start_vector (board, &noise);
  g_assert_true (mf_noise_read (&noise, view (first), out));
  assert_hex (out, view (first).size - MF_NOISE_OVERHEAD, messages[0].payload);
  g_assert_true (mf_noise_write (&noise, view (answer), out, &receive, &send));
  assert_hex (out, view (answer).size + MF_NOISE_OVERHEAD, messages[1].message);
  for (guint i = 2; i < G_N_ELEMENTS (messages); i++)
    {
      g_autoptr (GBytes) payload = unhex (messages[i].payload),
                        message = unhex (messages[i].message);

      if (i % 2 == 0)
        {
          g_assert_true (mf_cipher_open (&board->port, &receive, view (message), out));
          assert_hex (out, view (payload).size, messages[i].payload);
          g_assert_false (
            mf_cipher_open (&board->port, &receive, view (message), out)); /* a repetition */
        }
      else
        {
          mf_cipher_seal (&board->port, &send, view (payload), out);
          assert_hex (out, view (message).size, messages[i].message);
        }
    }
}

static void
test_refused (void)
{
  g_autoptr (MfTestBoard) board = mf_test_board_new ();
  g_autoptr (GBytes) first = unhex (messages[0].message);
  guint8 altered[64], out[128];

  g_assert_cmpuint (view (first).size, ==, sizeof altered);
  for (guint i = 0; i < sizeof altered; i++)
    {
      struct mf_bytes message = { altered, sizeof altered };
      struct mf_noise noise;

      memcpy (altered, view (first).data, sizeof altered);
      altered[i] ^= 0x40;
      start_vector (board, &noise);
      g_assert_false (mf_noise_read (&noise, message, out));
      message.size = i;
      memcpy (altered, view (first).data, sizeof altered);
      start_vector (board, &noise);
      g_assert_false (mf_noise_read (&noise, message, out));
    }
}

static void
test_label (void)
{
  g_autoptr (MfTestBoard) board = mf_test_board_new ();

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *console = NULL, *spoiled = NULL;
      char             label[MF_LABEL_SIZE];
      guint8           secret[MF_SECRET_SIZE], read[MF_SECRET_SIZE];
      gsize            at = i % (MF_LABEL_SIZE - 1);

      board->port.ops->random (board, secret, sizeof secret);
      mf_label_format (&board->port, secret, label);
      console = muster_label_secret_format (secret);
      g_assert_cmpstr (label, ==, console);
      g_assert_true (mf_label_parse (&board->port, label, read));
      g_assert_cmpmem (read, sizeof read, secret, sizeof secret);
      spoiled = g_ascii_strdown (label, -1);
      g_assert_true (mf_label_parse (&board->port, spoiled, read));
      spoiled[at] = spoiled[at] == 'w' ? 'x' : 'w';
      if (label[at] != '-')
        g_assert_cmpint (mf_label_parse (&board->port, spoiled, read), ==,
                         muster_label_secret_parse (spoiled, read, NULL));
    }
}

static void
test_label_refused (void)
{
  static const char *const wrong[] = { "",
                                       "-",
                                       "0",
                                       "HX0F-E736-MYR5-2ZMP-9K5G-9D0F-AR1",
                                       "HX0F-E736-MYR5-2ZMP-9K5G-9D0F-AR180",
                                       "HX0F-E736-MYR5-2ZMP-9K5G-9D0F-AR1U",
                                       "HX0F-E736-MYR5-2ZMP-9K5G-9D0F-AR19" };
  g_autoptr (MfTestBoard) board = mf_test_board_new ();
  guint8 secret[MF_SECRET_SIZE];

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (mf_label_parse (&board->port, wrong[i], secret));
  g_assert_true (mf_label_parse (&board->port, "hxof-e736-myr5-2zmp-9k5g-9d0f-ar18", secret));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/crypto/x25519", test_x25519);
  g_test_add_func ("/crypto/chacha20poly1305", test_chacha20poly1305);
  g_test_add_func ("/crypto/blake2b", test_blake2b);
  g_test_add_func ("/noise/published-vector", test_vector);
  g_test_add_func ("/noise/refused", test_refused);
  g_test_add_func ("/label/as-the-console", test_label);
  g_test_add_func ("/label/refused", test_label_refused);
  return g_test_run ();
}
