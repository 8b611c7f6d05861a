/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-label-secret-test"

#include "config.h"

#include <string.h>

#include "muster-error.h"
#include "muster-label-secret.h"

/* Made apart from this code: base 32 by hand, check and key by an independent BLAKE2b. */
static const struct
{
  guint8      secret[MUSTER_LABEL_SECRET_LENGTH];
  const char *text;
  const char *psk;
} known[] = {
  { { 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
      0x00 },
    "0000-0000-0000-0000-0000-0000-00EE",
    "7b2f06467870b7473ccf479b6d1cc575ee7adad65cdaa52c991e19c5214280c2" },
  { { 0x00, 0x10, 0x20, 0x30, 0x40, 0x50, 0x60, 0x70, 0x80, 0x90, 0xa0, 0xb0, 0xc0, 0xd0, 0xe0,
      0xf0 },
    "0082-0C20-A1G7-104G-M2RC-1M70-Y0HD",
    "9c91f602ba356b7018f432bd27c2ac2628080dfa60e7d1875d5ec9bdc8d36b73" },
  { { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
      0xff },
    "ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZW49",
    "9ec7f87d47426082bc651283c4098e9326f2df116fa441d239fa57499fe2791e" },
  { { 0x2d, 0x71, 0x16, 0x42, 0xb7, 0x26, 0xb0, 0x44, 0x01, 0x62, 0x7c, 0xa9, 0xfb, 0xac, 0x32,
      0xf5 },
    "5NRH-CGNQ-4TR4-80B2-FJMZ-QB1J-YMYF",
    "1889998cb635c9b28825f017abc9cfd22d95b55527b745c8fa21d1b445ca0ec7" },
};

static void
assert_detail (const char *text, const char *detail)
{
  g_autoptr (GError) error = NULL;
  guint8            secret[MUSTER_LABEL_SECRET_LENGTH] = { 0x5a };
  MusterFieldError *field = NULL;

  g_assert_false (muster_label_secret_parse (text, secret, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
  g_assert_cmpuint (muster_error_get_fields (error)->len, ==, 1);
  field = muster_error_get_fields (error)->pdata[0];
  g_assert_cmpstr (field->pointer, ==, "/secret");
  g_assert_nonnull (strstr (field->detail, detail));
  g_assert_cmpint (secret[0], ==, 0x5a);
}

static void
assert_parses (const char *text, const guint8 *expected)
{
  g_autoptr (GError) error = NULL;
  guint8 secret[MUSTER_LABEL_SECRET_LENGTH];

  g_assert_true (muster_label_secret_parse (text, secret, &error));
  g_assert_no_error (error);
  g_assert_cmpmem (secret, sizeof secret, expected, MUSTER_LABEL_SECRET_LENGTH);
}

static void
test_known (void)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (known); i++)
    {
      g_autofree char *text = muster_label_secret_format (known[i].secret);
      guint8           psk[MUSTER_LABEL_PSK_LENGTH];
      g_autoptr (GString) hex = g_string_new (NULL);

      g_assert_cmpstr (text, ==, known[i].text);
      assert_parses (known[i].text, known[i].secret);
      muster_label_secret_derive_psk (known[i].secret, psk);
      for (unsigned j = 0; j < sizeof psk; j++)
        g_string_append_printf (hex, "%02x", psk[j]);
      g_assert_cmpstr (hex->str, ==, known[i].psk);
    }
}

static void
test_round_trip (void)
{
  for (unsigned i = 0; i < 1000; i++)
    {
      guint8           secret[MUSTER_LABEL_SECRET_LENGTH];
      g_autofree char *text = NULL;

      muster_label_secret_generate (secret);
      text = muster_label_secret_format (secret);
      g_assert_cmpuint (strlen (text), ==, MUSTER_LABEL_TEXT_LENGTH);
      assert_parses (text, secret);
    }
}

static void
test_lenient_forms (void)
{
  g_autofree char *lower = g_ascii_strdown (known[1].text, -1);
  g_auto (GStrv) groups = g_strsplit (known[1].text, "-", -1);
  g_autofree char *plain = g_strjoinv ("", groups);
  g_autofree char *spaced = g_strdup_printf ("  %s\n", known[1].text);
  g_autofree char *confused = g_strdup (known[1].text);

  assert_parses (lower, known[1].secret);
  assert_parses (plain, known[1].secret);
  assert_parses (spaced, known[1].secret);
  for (char *p = confused; *p != '\0'; p++)
    if (*p == '0')
      *p = p - confused < 10 ? 'O' : 'o';
    else if (*p == '1')
      *p = p - confused < 10 ? 'I' : 'l';
  g_assert_nonnull (strchr (confused, 'O'));
  g_assert_nonnull (strchr (confused, 'l'));
  assert_parses (confused, known[1].secret);
}

/* One wrong character is found but for the 1 in 1,024 that the check cannot see; two exchanged
 * neighbours likewise. */
static void
test_typing_errors (void)
{
  const char *alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  unsigned    n_tried = 0, n_found = 0;

  for (unsigned i = 0; i < MUSTER_LABEL_TEXT_LENGTH; i++)
    for (const char *letter = alphabet; *letter != '\0'; letter++)
      {
        g_autofree char *text = g_strdup (known[1].text);
        guint8           secret[MUSTER_LABEL_SECRET_LENGTH];
        g_autoptr (GError) error = NULL;

        if (text[i] == '-' || text[i] == *letter)
          continue;
        text[i] = *letter;
        n_tried++;
        if (!muster_label_secret_parse (text, secret, &error))
          n_found += g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
      }
  g_assert_cmpuint (n_tried, ==, 28 * 31);
  g_assert_cmpuint (n_found, >=, n_tried - 4);
}

static void
test_refusals (void)
{
  g_autofree char *one_less = g_strndup (known[1].text, MUSTER_LABEL_TEXT_LENGTH - 1);
  g_autofree char *one_more = g_strconcat (known[1].text, "0", NULL);
  g_autofree char *very_long = g_strnfill (100000, 'A');
  g_autofree char *letter_u = g_strdup (known[1].text);
  g_autofree char *umlaut = g_strconcat ("AB-ä", known[1].text, NULL);
  g_autofree char *spare = g_strdup (known[0].text);

  assert_detail ("", "has 0");
  assert_detail (one_less, "must have 28 characters, has 27");
  assert_detail (one_more, "has 29");
  assert_detail (very_long, "has 100000");
  letter_u[6] = 'u';
  assert_detail (letter_u, "“u” (character 7)");
  assert_detail (umlaut, "“ä” (character 4)");
  assert_detail ("\xff\xfe", "must be text");
  assert_detail ("ABCD\xc3", "must be text");
  /* The spare bits must be zero: no two texts mean the same secret. */
  spare[31] = '1';
  assert_detail (spare, "typing error");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/label-secret/known", test_known);
  g_test_add_func ("/label-secret/round-trip", test_round_trip);
  g_test_add_func ("/label-secret/lenient-forms", test_lenient_forms);
  g_test_add_func ("/label-secret/typing-errors", test_typing_errors);
  g_test_add_func ("/label-secret/refusals", test_refusals);
  return g_test_run ();
}
