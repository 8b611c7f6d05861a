/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mf-test-flash.h"

/* The format of images: what is written is read, and whatever is amiss is refused by its name. */

static const guint8 second_seed[MF_ED25519_SEED_SIZE] = "another seed, which takes over";

static const struct mf_image_target target = { .model = MF_TEST_MODEL,
                                               .hardware_revision = MF_TEST_HARDWARE,
                                               .security_counter = 5,
                                               .payload_max = 2000 };

static struct mf_image
fields_of_test (void)
{
  return (struct mf_image){ .model = MF_TEST_MODEL,
                            .hardware_min = 2,
                            .hardware_max = 4,
                            .version = { 1, 20, 300 },
                            .security_counter = 6 };
}

static GBytes *
build (const struct mf_image *fields, const guint8 *seed, const guint8 *second)
{
  g_autoptr (GBytes) payload = g_bytes_new_static ("a payload", 9);

  return mf_test_image_build (fields, payload, seed, second);
}

static enum mf_image_error
verdict_for (GBytes *image, const guint8 *trusted_seed, const struct mf_image_target *wanted)
{
  guint8               keys[1][MF_ED25519_KEY_SIZE];
  struct mf_image_keys trusted = { (const guint8 (*)[MF_ED25519_KEY_SIZE])keys, 1 };
  struct mf_image      read;

  mf_ed25519_public_key (keys[0], trusted_seed);
  return mf_image_accept (&read, g_bytes_get_data (image, NULL), &trusted, wanted);
}

static enum mf_image_error
verdict (GBytes *image)
{
  return verdict_for (image, mf_test_seed, &target);
}

static void
test_reads_what_was_written (void)
{
  struct mf_image fields = fields_of_test (), read;
  g_autoptr (GBytes) image = build (&fields, mf_test_seed, NULL);

  g_assert_cmpuint (g_bytes_get_size (image), ==, MF_IMAGE_HEADER_SIZE + 9);
  g_assert_cmpint (mf_image_parse (&read, g_bytes_get_data (image, NULL)), ==, MF_IMAGE_OK);
  g_assert_cmpstr (read.model, ==, MF_TEST_MODEL);
  g_assert_cmpuint (read.hardware_min, ==, 2);
  g_assert_cmpuint (read.hardware_max, ==, 4);
  g_assert_cmpint (mf_image_version_compare (read.version, fields.version), ==, 0);
  g_assert_cmpuint (read.security_counter, ==, 6);
  g_assert_cmpuint (read.payload_size, ==, 9);
  g_assert_cmpint (verdict (image), ==, MF_IMAGE_OK);
}

/* No byte of the header is without meaning: whichever is changed, the image is refused. */
static void
test_every_byte_is_signed (void)
{
  struct mf_image fields = fields_of_test ();
  g_autoptr (GBytes) good = build (&fields, mf_test_seed, NULL);
  gsize         size;
  const guint8 *data = g_bytes_get_data (good, &size);

  for (guint at = 0; at < MF_IMAGE_HEADER_SIZE; at++)
    for (guint bit = 0; bit < 8; bit += 7)
      {
        g_autofree guint8 *altered = g_memdup2 (data, size);
        g_autoptr (GBytes) image = NULL;

        altered[at] ^= (guint8)(1u << bit);
        image = g_bytes_new (altered, size);
        g_assert_cmpint (verdict (image), !=, MF_IMAGE_OK);
      }
}

static void
test_refuses (void)
{
  struct mf_image        fields = fields_of_test ();
  struct mf_image_target wanted = target;
  g_autoptr (GBytes) good = build (&fields, mf_test_seed, NULL);
  g_autoptr (GBytes) nameless = build (&fields, NULL, NULL);
  g_autoptr (GBytes) foreign = build (&fields, second_seed, NULL);

  g_assert_cmpint (verdict (nameless), ==, MF_IMAGE_UNSIGNED);
  g_assert_cmpint (verdict (foreign), ==, MF_IMAGE_UNKNOWN_KEY);
  wanted.model = "MN-2";
  g_assert_cmpint (verdict_for (good, mf_test_seed, &wanted), ==, MF_IMAGE_WRONG_MODEL);
  wanted = target;
  wanted.hardware_revision = 1;
  g_assert_cmpint (verdict_for (good, mf_test_seed, &wanted), ==, MF_IMAGE_WRONG_HARDWARE);
  wanted.hardware_revision = 5;
  g_assert_cmpint (verdict_for (good, mf_test_seed, &wanted), ==, MF_IMAGE_WRONG_HARDWARE);
  wanted = target;
  wanted.security_counter = 7;
  g_assert_cmpint (verdict_for (good, mf_test_seed, &wanted), ==, MF_IMAGE_ROLLED_BACK);
  wanted = target;
  wanted.payload_max = 8;
  g_assert_cmpint (verdict_for (good, mf_test_seed, &wanted), ==, MF_IMAGE_TOO_LARGE);
}

static void
test_addresses (void)
{
  struct mf_image        fields = fields_of_test ();
  struct mf_image_target wanted = target;
  g_autoptr (GBytes) image = NULL;

  fields.load_address = 0x08004100;
  image = build (&fields, mf_test_seed, NULL);
  g_assert_cmpint (verdict (image), ==, MF_IMAGE_OK);
  wanted.load_address = 0x08004100;
  g_assert_cmpint (verdict_for (image, mf_test_seed, &wanted), ==, MF_IMAGE_OK);
  wanted.load_address = 0x0800A100;
  g_assert_cmpint (verdict_for (image, mf_test_seed, &wanted), ==, MF_IMAGE_WRONG_ADDRESS);
}

/* While a site changes its key, devices that know the old one and those that know the new one take
 * the same image. */
static void
test_two_signatures (void)
{
  static const guint8 third[MF_ED25519_SEED_SIZE] = "a seed that nobody trusts";
  struct mf_image     fields = fields_of_test ();
  g_autoptr (GBytes) image = build (&fields, mf_test_seed, second_seed);
  gsize              size;
  const guint8      *data = g_bytes_get_data (image, &size);
  g_autofree guint8 *altered = g_memdup2 (data, size);
  g_autoptr (GBytes) forged = NULL;

  g_assert_cmpint (verdict_for (image, mf_test_seed, &target), ==, MF_IMAGE_OK);
  g_assert_cmpint (verdict_for (image, second_seed, &target), ==, MF_IMAGE_OK);
  g_assert_cmpint (verdict_for (image, third, &target), ==, MF_IMAGE_UNKNOWN_KEY);
  altered[56]++;
  forged = g_bytes_new (altered, size);
  g_assert_cmpint (verdict_for (forged, second_seed, &target), ==, MF_IMAGE_BAD_SIGNATURE);
}

static void
test_limits (void)
{
  struct mf_image fields = fields_of_test (), read;
  guint8          header[MF_IMAGE_HEADER_SIZE];

  fields.payload_size = 1;
  g_assert_true (mf_image_format (&fields, header));
  header[4] = 2;
  g_assert_cmpint (mf_image_parse (&read, header), ==, MF_IMAGE_MALFORMED);
  header[0] = 'X';
  g_assert_cmpint (mf_image_parse (&read, header), ==, MF_IMAGE_NOT_AN_IMAGE);
  fields.payload_size = 0;
  g_assert_false (mf_image_format (&fields, header));
  fields.payload_size = G_MAXUINT32 - MF_IMAGE_HEADER_SIZE + 1;
  g_assert_false (mf_image_format (&fields, header));
  fields = fields_of_test ();
  fields.payload_size = 1;
  fields.hardware_min = 5;
  g_assert_false (mf_image_format (&fields, header));
  fields = fields_of_test ();
  fields.payload_size = fields.flags = 1;
  g_assert_false (mf_image_format (&fields, header));
  fields = fields_of_test ();
  fields.payload_size = 1;
  strcpy (fields.model, " blank first");
  g_assert_false (mf_image_format (&fields, header));
  memset (fields.model, 'M', MF_IMAGE_MODEL_SIZE);
  g_assert_true (mf_image_format (&fields, header));
  g_assert_cmpint (mf_image_parse (&read, header), ==, MF_IMAGE_OK);
  g_assert_cmpuint (strlen (read.model), ==, MF_IMAGE_MODEL_SIZE);
}

static void
test_flash (void)
{
  g_autoptr (MfTestFlash) board = mf_test_flash_new (4096, 256, 16);
  g_autoptr (GBytes) image = mf_test_image_new (2, 0, 1001);
  struct mf_image_target wanted = { .model = MF_TEST_MODEL,
                                    .hardware_revision = MF_TEST_HARDWARE,
                                    .payload_max = G_MAXUINT32 };
  struct mf_image        read;

  g_assert_cmpint (mf_image_check_flash (&read, &board->config.slots[1], &board->config.keys,
                                         &wanted),
                   ==, MF_IMAGE_NOT_AN_IMAGE);
  mf_test_flash_write_image (board, 1, image);
  g_assert_cmpint (mf_image_check_flash (&read, &board->config.slots[1], &board->config.keys,
                                         &wanted),
                   ==, MF_IMAGE_OK);
  g_assert_cmpuint (read.payload_size, ==, 1001);
  board->memory[2 * 256 + 4096 + MF_IMAGE_HEADER_SIZE + 1000] ^= 1;
  g_assert_cmpint (mf_image_check_flash (&read, &board->config.slots[1], &board->config.keys,
                                         &wanted),
                   ==, MF_IMAGE_BAD_PAYLOAD);
}

static void
test_texts (void)
{
  guint16 version[3];
  char    text[MF_IMAGE_VERSION_TEXT_SIZE];

  g_assert_true (mf_image_version_parse (version, "1.20.65535"));
  mf_image_version_format (version, text);
  g_assert_cmpstr (text, ==, "1.20.65535");
  g_assert_true (mf_image_version_parse (version, "0.0.0-rc1"));
  mf_image_version_format (version, text);
  g_assert_cmpstr (text, ==, "0.0.0");
  g_assert_false (mf_image_version_parse (version, "1.2"));
  g_assert_false (mf_image_version_parse (version, "1.2.65536"));
  g_assert_false (mf_image_version_parse (version, "1..3"));
  g_assert_false (mf_image_version_parse (version, "1.2.3x"));
  g_assert_cmpuint (mf_image_hardware_revision ("sim-1"), ==, 1);
  g_assert_cmpuint (mf_image_hardware_revision ("rev12"), ==, 12);
  g_assert_cmpuint (mf_image_hardware_revision ("C"), ==, 0);
  g_assert_cmpuint (mf_image_hardware_revision ("r99999"), ==, 0);
  g_assert_cmpuint (mf_image_hardware_revision (""), ==, 0);
  for (guint error = 0; error < MF_N_IMAGE_ERRORS; error++)
    {
      g_assert_nonnull (mf_image_error_code ((enum mf_image_error)error));
      g_assert_nonnull (mf_image_error_text ((enum mf_image_error)error));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/reads-what-was-written", test_reads_what_was_written);
  g_test_add_func ("/image/every-byte-is-signed", test_every_byte_is_signed);
  g_test_add_func ("/image/refuses", test_refuses);
  g_test_add_func ("/image/addresses", test_addresses);
  g_test_add_func ("/image/two-signatures", test_two_signatures);
  g_test_add_func ("/image/limits", test_limits);
  g_test_add_func ("/image/flash", test_flash);
  g_test_add_func ("/image/texts", test_texts);
  return g_test_run ();
}
