/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <json-glib/json-glib.h>
#include <sodium.h>

#include "mf_ed25519.h"
#include "mf_hmac.h"

/* The core's cryptography against the vectors of Project Wycheproof, which hold what
 * implementations got wrong before. Their folder is the program's argument; without it there is
 * nothing to run. */

static const char *folder;

/* At least one byte, for an empty one is a value too: (transfer full). */
static guint8 *
from_hex (JsonObject *object, const char *name, gsize *size)
{
  const char *hex = json_object_get_string_member (object, name);
  guint8     *bytes = g_malloc (strlen (hex) / 2 + 1);

  g_assert_cmpint (sodium_hex2bin (bytes, strlen (hex) / 2 + 1, hex, strlen (hex), NULL, size,
                                   NULL),
                   ==, 0);
  return bytes;
}

typedef gboolean (*Check) (JsonObject *group, JsonObject *test);

/* Every vector of the file NAME; at least LEAST of them. */
static void
run_file (const char *name, Check check, guint least)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonArray *groups = NULL;
  guint      n_run = 0;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  groups = json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)),
                                         "testGroups");
  for (guint i = 0; i < json_array_get_length (groups); i++)
    {
      JsonObject *group = json_array_get_object_element (groups, i);
      JsonArray  *tests = json_object_get_array_member (group, "tests");

      for (guint j = 0; j < json_array_get_length (tests); j++, n_run++)
        {
          JsonObject *test = json_array_get_object_element (tests, j);
          const char *result = json_object_get_string_member (test, "result");

          g_test_message ("%" G_GINT64_FORMAT " %s: %s", json_object_get_int_member (test, "tcId"),
                          result, json_object_get_string_member (test, "comment"));
          if (g_str_equal (result, "acceptable"))
            check (group, test);
          else
            g_assert_cmpint (check (group, test), ==, g_str_equal (result, "valid"));
        }
    }
  g_test_message ("%u vectors", n_run);
  g_assert_cmpuint (n_run, >=, least);
}

static gboolean
check_signature (JsonObject *group, JsonObject *test)
{
  JsonObject *public_key =
    json_object_get_object_member (group, json_object_has_member (group, "publicKey") ? "publicKey"
                                                                                      : "key");
  gsize              key_size, signature_size, size;
  g_autofree guint8 *key = from_hex (public_key, "pk", &key_size);
  g_autofree guint8 *signature = from_hex (test, "sig", &signature_size);
  g_autofree guint8 *message = from_hex (test, "msg", &size);
  struct mf_bytes    part = { message, size };

  g_assert_cmpuint (key_size, ==, MF_ED25519_KEY_SIZE);
  /* An image's header has room for 64 bytes alone: what has another length cannot come so far. */
  return signature_size == MF_ED25519_SIGNATURE_SIZE &&
         mf_ed25519_verify (signature, key, &part, 1);
}

static void
test_ed25519 (void)
{
  run_file ("ed25519_test.json", check_signature, 100);
}

static gboolean
check_code (JsonObject *group, JsonObject *test)
{
  gsize              key_size, tag_size, size;
  g_autofree guint8 *key = from_hex (test, "key", &key_size);
  g_autofree guint8 *tag = from_hex (test, "tag", &tag_size);
  g_autofree guint8 *message = from_hex (test, "msg", &size);
  struct mf_bytes    part = { message, size };
  guint8             code[MF_SHA256_SIZE];

  g_assert_cmpuint (tag_size, ==, json_object_get_int_member (group, "tagSize") / 8);
  mf_hmac_sha256 (code, (struct mf_bytes){ key, key_size }, &part, 1);
  return sodium_memcmp (code, tag, tag_size) == 0;
}

static void
test_hmac_sha256 (void)
{
  run_file ("hmac_sha256_test.json", check_code, 100);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  folder = argc > 1 ? argv[1] : "";
  if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    {
      g_print ("1..0 # SKIP the vectors of Project Wycheproof are not here\n");
      return 0;
    }
  g_test_add_func ("/wycheproof/ed25519", test_ed25519);
  g_test_add_func ("/wycheproof/hmac-sha256", test_hmac_sha256);
  return g_test_run ();
}
