/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "muster-secret.h"

static void
test_format (void)
{
  static const struct
  {
    const char *text;
    int         cursor;
    const char *formatted;
    int         place;
  } cases[] = {
    { "", 0, "", 0 },
    { "abcd", 4, "ABCD", 4 },
    { "abcde", 5, "ABCD-E", 6 },
    { "ab cd-ef", 8, "ABCD-EF", 7 },
    { "o0iIlL", 6, "0011-11", 7 },
    { "a!ü€b", 5, "AB", 2 },
    { "abcdefgh", 3, "ABCD-EFGH", 3 },
    { "ABCD-EFGH", 5, "ABCD-EFGH", 4 },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      int              cursor = cases[i].cursor;
      g_autofree char *formatted = muster_secret_format (cases[i].text, &cursor);

      g_assert_cmpstr (formatted, ==, cases[i].formatted);
      g_assert_cmpint (cursor, ==, cases[i].place);
    }
}

static void
test_length (void)
{
  int              cursor = 60;
  g_autofree char *long_text = g_strnfill (60, '7');
  g_autofree char *formatted = muster_secret_format (long_text, &cursor);

  g_assert_cmpuint (strlen (formatted), ==, 34);
  g_assert_cmpuint (muster_secret_count (formatted), ==, MUSTER_SECRET_LENGTH);
}

static void
test_check (void)
{
  const char *right = NULL;
  char        text[MUSTER_SECRET_LENGTH + 1] = "00000000000000000000000000";
  unsigned    n_right = 0;

  g_assert_cmpint (muster_secret_check (""), ==, MUSTER_SECRET_INCOMPLETE);
  g_assert_cmpint (muster_secret_check (text), ==, MUSTER_SECRET_INCOMPLETE);
  /* Of all check characters exactly one pair fits. */
  for (const char *a = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; *a != '\0'; a++)
    for (const char *b = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; *b != '\0'; b++)
      {
        text[26] = *a;
        text[27] = *b;
        if (muster_secret_check (text) == MUSTER_SECRET_RIGHT)
          {
            n_right++;
            right = g_intern_string (text);
          }
        else
          g_assert_cmpint (muster_secret_check (text), ==, MUSTER_SECRET_WRONG);
      }
  g_assert_cmpuint (n_right, ==, 1);
  g_test_message ("%s", right);
  /* A single wrong character is found, as is a last data character whose spare bits are set. */
  for (unsigned i = 0; i < 26; i++)
    {
      g_autofree char *wrong = g_strdup (right);

      wrong[i] = '1';
      g_assert_cmpint (muster_secret_check (wrong), ==, MUSTER_SECRET_WRONG);
    }
}

static void
test_spelling (void)
{
  /* The same secret however it is written. */
  g_autofree char *text = NULL, *formatted = NULL;
  int              cursor = 0;

  for (unsigned check = 0; check < 1024 && text == NULL; check++)
    {
      const char *alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
      char        candidate[MUSTER_SECRET_LENGTH + 1] = "ABCDEFGHJKMNPQRSTVWXYZ0110";

      candidate[26] = alphabet[check >> 5];
      candidate[27] = alphabet[check & 31];
      if (muster_secret_check (candidate) == MUSTER_SECRET_RIGHT)
        text = g_strdup (candidate);
    }
  g_assert_nonnull (text);
  for (char *p = text; *p != '\0'; p++)
    *p = *p == '0' ? 'o' : *p == '1' ? 'l' : g_ascii_tolower (*p);
  g_assert_cmpint (muster_secret_check (text), ==, MUSTER_SECRET_RIGHT);
  formatted = muster_secret_format (text, &cursor);
  g_assert_cmpint (muster_secret_check (formatted), ==, MUSTER_SECRET_RIGHT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/secret/format", test_format);
  g_test_add_func ("/secret/length", test_length);
  g_test_add_func ("/secret/check", test_check);
  g_test_add_func ("/secret/spelling", test_spelling);
  return g_test_run ();
}
