/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/muster-core-test-util.h"
#include "muster-key-file.h"
#include "muster-token-uri.h"

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);

/* The private key of RFC 8410, section 10.3, and its seed. */
#define PEM                                                                                        \
  "-----BEGIN PRIVATE KEY-----\n"                                                                  \
  "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"                             \
  "-----END PRIVATE KEY-----\n"
#define SEED "d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842"

static void
test_normalize (void)
{
  static const struct
  {
    const char *text, *kept;
  } cases[] = {
    { "pkcs11:token=Site;object=release", "pkcs11:token=Site;object=release" },
    { "PKCS11:id=%01%FF;type=private;serial=0a;model=SoftHSM%20v2;manufacturer=x;object=a:b&c=d",
      "pkcs11:manufacturer=x;model=SoftHSM%20v2;serial=0a;object=a:b&c=d;id=%01%FF" },
    { "", NULL },
    { "pkcs11:", NULL },
    { "pkcs11:token=;object=a", NULL },
    { "pkcs11:token=a;object=b;", NULL },
    { "pkcs11:token=a;object=%0", NULL },
    { "pkcs11:token=a;object=%00", NULL },
    { "pkcs11:token=a;object=\xc3\xa9", NULL },
    { "pkcs11:token=a;object=b;slot-id=1", NULL },
    { "pkcs11:token=a;object=b?pin-value=1", NULL },
    { "pkcs11:token=a;object=b?pin-source=/x", NULL },
    { "pkcs11:token=a;object=b?module-path=/x", NULL },
    { "pkcs11:token=a;object=b;type=cert", NULL },
    { "pkcs11:token=a;token=b;object=c", NULL },
    { "pkcs11:object=c", NULL },
    { "pkcs11:token=c", NULL },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *kept = muster_token_uri_normalize (cases[i].text, "/token_uri", &error);

      g_test_message ("%s", cases[i].text);
      g_assert_cmpstr (kept, ==, cases[i].kept);
      if (kept == NULL)
        g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
    }
}

static void
check_seed (const char *text)
{
  guint8 seed[MUSTER_SEED_BYTES], again[MUSTER_SEED_BYTES];
  g_autoptr (GError) error = NULL;

  g_assert_true (muster_key_file_read (text, seed, "/secret_key", &error));
  g_assert_no_error (error);
  g_assert_true (muster_key_file_read (SEED, again, "/secret_key", NULL));
  g_assert_cmpmem (seed, sizeof seed, again, sizeof again);
  g_assert_cmphex (seed[0], ==, 0xd4);
  g_assert_cmphex (seed[31], ==, 0x42);
}

static void
test_files (void)
{
  static const char *const broken[] = { "", (SEED "0"), ("x" SEED),
                                        "-----BEGIN PRIVATE KEY-----\n" };

  check_seed (SEED);
  check_seed (PEM);
  check_seed ("words before\n" PEM);
  for (unsigned i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr (GError) error = NULL;
      guint8 seed[MUSTER_SEED_BYTES];

      g_assert_false (muster_key_file_read (broken[i], seed, "/secret_key", &error));
      g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
    }
}

static void
test_mutations (void)
{
  static const char *const seeds[] = {
    "pkcs11:token=Site;serial=0a;object=release;id=%01;type=private",
    "pkcs11:token=Site;object=a?pin-value=1", PEM
  };

  for (unsigned i = 0; i < 9000; i++)
    {
      g_autoptr (GString) bytes = g_string_new (seeds[i % G_N_ELEMENTS (seeds)]);

      muster_test_mutate (bytes);
      LLVMFuzzerTestOneInput ((const guint8 *)bytes->str, bytes->len);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/token-uri/normalize", test_normalize);
  g_test_add_func ("/token-uri/files", test_files);
  g_test_add_func ("/token-uri/mutations", test_mutations);
  return g_test_run ();
}
