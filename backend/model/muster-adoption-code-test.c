/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "muster-adoption-code.h"
#include "muster-error.h"
#include "muster-label-secret.h"

static char *
make_secret (void)
{
  guint8 bytes[MUSTER_LABEL_SECRET_LENGTH];

  for (unsigned i = 0; i < sizeof bytes; i++)
    bytes[i] = i * 17;
  return muster_label_secret_format (bytes);
}

static void
test_round_trip (void)
{
  static const char *const serials[] = { "SN-0001", "a b:c/d%20", "Zähler 7", "x" };
  g_autofree char         *secret = make_secret ();

  for (guint i = 0; i < G_N_ELEMENTS (serials); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *code = muster_adoption_code_format (serials[i], secret, &error);
      g_autofree char *lower = NULL;
      g_autofree char *serial = NULL;
      g_autofree char *read = NULL;

      g_assert_no_error (error);
      g_test_message ("%s", code);
      g_assert_true (muster_adoption_code_is_one (code));
      g_assert_true (muster_adoption_code_parse (code, &serial, &read, &error));
      g_assert_no_error (error);
      g_assert_cmpstr (serial, ==, serials[i]);
      g_assert_cmpstr (read, ==, secret);
    }
}

static void
test_form (void)
{
  g_autofree char *secret = make_secret ();
  g_autofree char *code = muster_adoption_code_format ("SN 1", secret, NULL);
  g_auto (GStrv) parts = g_strsplit (code, ":", -1);

  g_assert_cmpuint (g_strv_length (parts), ==, 4);
  g_assert_cmpstr (parts[2], ==, "SN%201");
  g_assert_cmpuint (strlen (parts[3]), ==, MUSTER_LABEL_N_CHARACTERS);
  g_assert_null (strchr (parts[3], '-'));
}

static void
test_refuses (void)
{
  g_autofree char  *secret = make_secret ();
  g_autofree char  *good = muster_adoption_code_format ("SN-1", secret, NULL);
  g_autofree char  *damaged = g_strdup (good);
  g_autofree char  *long_serial = g_strnfill (65, 'A');
  g_autofree char  *too_long = g_strdup_printf ("MUSTER:1:%s:%s", long_serial, secret);
  const char *const bad[] = { "",           "MUSTER:2:A:B",      "MUSTER:1:",    "MUSTER:1:SN-1",
                              "MUSTER:1::", "MUSTER:1:%FF:AAAA", "MUSTER:1:%:x", too_long,
                              damaged };
  gsize             last = strlen (damaged) - 1;

  /* One character of the secret misread. */
  damaged[last] = damaged[last] == '0' ? '1' : '0';
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      char *serial = NULL, *read = NULL;

      g_test_message ("%s", bad[i]);
      g_assert_false (muster_adoption_code_parse (bad[i], &serial, &read, &error));
      g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
      g_assert_null (serial);
      g_assert_null (read);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/adoption-code/round-trip", test_round_trip);
  g_test_add_func ("/adoption-code/form", test_form);
  g_test_add_func ("/adoption-code/refuses", test_refuses);
  return g_test_run ();
}
