/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-txt-test"

#include "config.h"

#include <string.h>

#include "model/muster-entity.h"
#include "muster-txt.h"

static void
assert_json (MusterTxt *txt, const char *expected)
{
  g_autoptr (GString) json = g_string_new (NULL);

  muster_txt_encode (txt, json);
  g_assert_cmpstr (json->str, ==, expected);
}

static void
test_entries (void)
{
  static const guint8 wire[] = "\x09"
                               "ID=Lamp 3"
                               "\x04"
                               "flag"
                               "\x06"
                               "empty="
                               "\x03"
                               "a=b";
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterTxt) txt = muster_txt_new_from_wire (wire, sizeof wire - 1, &error);
  gsize length;

  g_assert_no_error (error);
  g_assert_cmpuint (muster_txt_get_count (txt), ==, 4);
  g_assert_cmpstr (muster_txt_get_text (txt, "id"), ==, "Lamp 3");
  g_assert_cmpstr (muster_txt_get_text (txt, "Id"), ==, "Lamp 3");
  g_assert_true (muster_txt_has (txt, "FLAG"));
  g_assert_null (muster_txt_get_text (txt, "flag"));
  g_assert_null (muster_txt_get_bytes (txt, "flag", &length));
  g_assert_null (muster_txt_get_text (txt, "empty"));
  g_assert_nonnull (muster_txt_get_bytes (txt, "empty", &length));
  g_assert_cmpuint (length, ==, 0);
  g_assert_false (muster_txt_has (txt, "b"));
  assert_json (txt, "{\"id\":\"Lamp 3\",\"flag\":\"\",\"empty\":\"\",\"a\":\"b\"}");
}

static void
test_first_wins (void)
{
  g_autoptr (MusterTxt) txt = muster_txt_new ();

  g_assert_true (muster_txt_set (txt, "mac", "1"));
  g_assert_false (muster_txt_set (txt, "MAC", "2"));
  g_assert_cmpstr (muster_txt_get_text (txt, "mac"), ==, "1");
}

static void
test_binary (void)
{
  g_autoptr (MusterTxt) txt = muster_txt_new ();
  gsize         length;
  const guint8 *bytes;

  g_assert_true (muster_txt_add (txt, (const guint8 *)"xa=\x01\x00\xff", 6));
  g_assert_true (muster_txt_add (txt, (const guint8 *)"x==\"\\\xc3\xa4", 7));
  g_assert_null (muster_txt_get_text (txt, "xa"));
  bytes = muster_txt_get_bytes (txt, "xa", &length);
  g_assert_cmpmem (bytes, length, "\x01\x00\xff", 3);
  g_assert_cmpstr (muster_txt_get_text (txt, "x"), ==, "=\"\\ä");
  assert_json (txt, "{\"xa\":\"0x0100ff\",\"x\":\"=\\\"\\\\ä\"}");
}

static void
test_refused_entries (void)
{
  g_autoptr (MusterTxt) txt = muster_txt_new ();
  guint8 large[256];

  memset (large, 'a', sizeof large);
  g_assert_false (muster_txt_add (txt, (const guint8 *)"", 0));
  g_assert_false (muster_txt_add (txt, (const guint8 *)"=value", 6));
  g_assert_false (muster_txt_add (txt, (const guint8 *)"k\ney=value", 10));
  g_assert_false (muster_txt_add (txt, (const guint8 *)"k\xc3\xa4=value", 9));
  g_assert_false (muster_txt_add (txt, large, 256));
  g_assert_true (muster_txt_add (txt, large, 255));
  g_assert_cmpuint (muster_txt_get_count (txt), ==, 1);
}

static void
test_limits (void)
{
  g_autoptr (MusterTxt) many = muster_txt_new ();
  g_autoptr (MusterTxt) large = muster_txt_new ();
  g_autofree char *value = g_strnfill (240, 'v');

  for (unsigned i = 0; i < 1000; i++)
    {
      g_autofree char *key = g_strdup_printf ("k%u", i);

      muster_txt_set (many, key, "");
      muster_txt_set (large, key, value);
    }
  g_assert_cmpuint (muster_txt_get_count (many), ==, MUSTER_TXT_MAX_ENTRIES);
  g_assert_cmpuint (muster_txt_get_count (large), <=, MUSTER_TXT_MAX_BYTES / 240);
}

static void
test_cut (void)
{
  static const guint8 wire[] = "\x03"
                               "a=b"
                               "\x05"
                               "ab";
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterTxt) txt = muster_txt_new_from_wire (wire, sizeof wire - 1, &error);

  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED);
  g_assert_cmpstr (error->message, ==, "TXT entry at byte 4 claims 5 bytes of 2 left");
  g_assert_null (txt);
}

static void
test_equal (void)
{
  g_autoptr (MusterTxt) a = muster_txt_new ();
  g_autoptr (MusterTxt) b = muster_txt_new ();

  g_assert_true (muster_txt_equal (a, b));
  muster_txt_set (a, "x", "1");
  muster_txt_set (a, "y", NULL);
  muster_txt_set (b, "Y", NULL);
  g_assert_false (muster_txt_equal (a, b));
  muster_txt_set (b, "X", "1");
  g_assert_true (muster_txt_equal (a, b));
  muster_txt_set (a, "z", "");
  muster_txt_set (b, "z", NULL);
  g_assert_false (muster_txt_equal (a, b));
}

/* Whatever comes: within the limits, and the JSON can be read. */
static void
check_wire (const guint8 *data, gsize length)
{
  g_autoptr (MusterTxt) txt = muster_txt_new_from_wire (data, length, NULL);
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;

  if (txt == NULL)
    return;
  g_assert_cmpuint (muster_txt_get_count (txt), <=, MUSTER_TXT_MAX_ENTRIES);
  muster_txt_encode (txt, json);
  node = json_from_string (json->str, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (json_object_get_size (json_node_get_object (node)), ==,
                    muster_txt_get_count (txt));
}

static void
test_mutations (void)
{
  static const guint8 seed[] = "\x09"
                               "ID=Lamp 3"
                               "\x04"
                               "flag"
                               "\x06"
                               "empty="
                               "\x06"
                               "xa=\x01\x00\xff"
                               "\x10"
                               "friendly=\xc3\xa4\"\\\n--";
  g_autoptr (GRand) random = g_rand_new_with_seed (20260131);

  for (unsigned round = 0; round < 20000; round++)
    {
      guint8 data[sizeof seed - 1];
      gsize  length = g_rand_int_range (random, 0, sizeof data + 1);

      memcpy (data, seed, sizeof data);
      for (int n = g_rand_int_range (random, 0, 8); n > 0; n--)
        data[g_rand_int_range (random, 0, sizeof data)] = g_rand_int (random);
      check_wire (data, length);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/txt/entries", test_entries);
  g_test_add_func ("/txt/first-wins", test_first_wins);
  g_test_add_func ("/txt/binary", test_binary);
  g_test_add_func ("/txt/refused-entries", test_refused_entries);
  g_test_add_func ("/txt/limits", test_limits);
  g_test_add_func ("/txt/cut", test_cut);
  g_test_add_func ("/txt/equal", test_equal);
  g_test_add_func ("/txt/mutations", test_mutations);
  return g_test_run ();
}
