/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-accounts-parts-test"

#include "config.h"

#include <glib/gstdio.h>
#include <stdint.h>
#include <string.h>

#include "core/muster-core-test-util.h"
#include "model/muster-error.h"
#include "muster-access-token.h"
#include "muster-password-hasher.h"
#include "muster-refresh-token.h"
#include "muster-throttle.h"

/* tests/fuzz/fuzz-tokens.c */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define SITE "0199a1b2-0000-7000-8000-000000000001"
#define OTHER_SITE "0199a1b2-0000-7000-8000-000000000002"
#define PERSON "0199a1b2-0000-7000-8000-000000000003"
#define FAMILY "0199a1b2-0000-7000-8000-000000000004"
#define TOKEN "0199a1b2-0000-7000-8000-000000000005"
#define NOW (G_GINT64_CONSTANT (1767225600) * G_USEC_PER_SEC)
#define LIFE (15 * G_TIME_SPAN_MINUTE)

static const MusterPasswordCost cheap = { 1, 64 * 1024 };

/* A ring of keys in a folder of its own. */
typedef struct
{
  MusterTestDir *dir;
  char          *path;
  MusterClock   *clock;
  MusterKeyRing *keys;
} Fixture;

static void
fixture_set_up (Fixture *self, gconstpointer data)
{
  self->dir = muster_test_dir_new ();
  self->path = muster_test_dir_build (self->dir, "keys/accounts");
  self->clock = muster_manual_clock_new (NOW);
  self->keys = muster_key_ring_new (self->path, self->clock);
  g_assert_true (muster_key_ring_load (self->keys, NULL));
}

static void
fixture_tear_down (Fixture *self, gconstpointer data)
{
  muster_key_ring_free (self->keys);
  g_object_unref (self->clock);
  g_free (self->path);
  muster_test_dir_free (self->dir);
}

static char *
sign (Fixture *self, const char *site)
{
  gint64            now = muster_clock_get_now (self->clock) / G_USEC_PER_SEC;
  MusterAccessToken token = { (char *)TOKEN, (char *)PERSON, (char *)FAMILY, now, now + 900 };

  return muster_access_token_sign (&token, self->keys, site);
}

static MusterAccessToken *
verify (Fixture *self, const char *text)
{
  return muster_access_token_verify (text, self->keys, SITE,
                                     muster_clock_get_now (self->clock) / G_USEC_PER_SEC, NULL);
}

static void
test_file (Fixture *self, gconstpointer data)
{
  g_autoptr (MusterKeyRing) again = muster_key_ring_new (self->path, self->clock);
  g_autoptr (GError) error = NULL;
  GStatBuf info;

  g_assert_cmpint (g_stat (self->path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
  g_assert_true (muster_key_ring_load (again, NULL));
  g_assert_cmpstr (muster_key_ring_get_signing_key (again)->id, ==,
                   muster_key_ring_get_signing_key (self->keys)->id);
  g_assert_cmpmem (muster_key_ring_get_secret (again, MUSTER_KEY_BADGE), MUSTER_KEY_LENGTH,
                   muster_key_ring_get_secret (self->keys, MUSTER_KEY_BADGE), MUSTER_KEY_LENGTH);
  g_assert_true (g_file_set_contents (self->path, "[secrets]\nbadge=00\n", -1, NULL));
  g_assert_false (muster_key_ring_load (again, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_CORRUPT);
}

static void
test_rotation (Fixture *self, gconstpointer data)
{
  g_autofree char *first = g_strdup (muster_key_ring_get_signing_key (self->keys)->id);
  g_autofree char *token = NULL;
  g_autoptr (MusterAccessToken) old = NULL;

  muster_manual_clock_advance (MUSTER_MANUAL_CLOCK (self->clock),
                               MUSTER_KEY_ROTATION - G_USEC_PER_SEC);
  g_assert_false (muster_key_ring_needs_rotation (self->keys));
  token = sign (self, SITE);
  muster_manual_clock_advance (MUSTER_MANUAL_CLOCK (self->clock), 2 * G_USEC_PER_SEC);
  g_assert_true (muster_key_ring_rotate (self->keys, LIFE, NULL));
  g_assert_cmpstr (muster_key_ring_get_signing_key (self->keys)->id, !=, first);
  /* What the old key signed is good to its end. */
  old = verify (self, token);
  g_assert_nonnull (old);
  muster_manual_clock_advance (MUSTER_MANUAL_CLOCK (self->clock),
                               MUSTER_KEY_ROTATION + G_USEC_PER_SEC);
  g_assert_true (muster_key_ring_rotate (self->keys, LIFE, NULL));
  g_assert_null (muster_key_ring_find (self->keys, first));
}

static void
test_access (Fixture *self, gconstpointer data)
{
  g_autofree char *text = sign (self, SITE);
  g_autofree char *foreign = sign (self, OTHER_SITE);
  g_autoptr (MusterAccessToken) token = verify (self, text);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (token);
  g_assert_cmpstr (token->id, ==, TOKEN);
  g_assert_cmpstr (token->person_id, ==, PERSON);
  g_assert_cmpstr (token->sign_in_id, ==, FAMILY);
  g_assert_cmpint (token->expires_at - token->issued_at, ==, 900);
  g_assert_null (verify (self, foreign));
  muster_manual_clock_advance (MUSTER_MANUAL_CLOCK (self->clock), 900 * G_USEC_PER_SEC);
  g_assert_null (
    muster_access_token_verify (text, self->keys, SITE, NOW / G_USEC_PER_SEC + 900, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_UNAUTHORIZED);
  /* A clock set far back does not make it good again. */
  g_assert_null (
    muster_access_token_verify (text, self->keys, SITE, NOW / G_USEC_PER_SEC - 3600, NULL));
}

/* One character that differs is enough to be refused. */
static void
test_changed (Fixture *self, gconstpointer data)
{
  g_autofree char *access = sign (self, SITE);
  g_autofree char *refresh = muster_refresh_token_make (self->keys, FAMILY);
  g_autofree char *family = muster_refresh_token_parse (self->keys, refresh);

  g_assert_cmpstr (family, ==, FAMILY);
  /* The last character of base64 has bits that stand for nothing. */
  for (gsize i = 0; i + 1 < strlen (access); i++)
    {
      g_autofree char *changed = g_strdup (access);

      changed[i] = changed[i] == 'A' ? 'B' : 'A';
      g_assert_null (verify (self, changed));
    }
  for (gsize i = 0; i + 1 < strlen (refresh); i++)
    {
      g_autofree char *changed = g_strdup (refresh);

      changed[i] = changed[i] == 'A' ? 'B' : 'A';
      g_assert_null (muster_refresh_token_parse (self->keys, changed));
    }
}

static void
test_mutations (Fixture *self, gconstpointer data)
{
  g_autofree char *access = sign (self, SITE);
  g_autofree char *refresh = muster_refresh_token_make (self->keys, FAMILY);

  for (unsigned round = 0; round < 4000; round++)
    {
      g_autoptr (GString) text = g_string_new (round % 2 ? access : refresh);

      for (int n = g_test_rand_int_range (0, 4); n > 0; n--)
        muster_test_mutate (text);
      g_assert_cmpint (LLVMFuzzerTestOneInput ((const uint8_t *)text->str, text->len), ==, 0);
    }
}

static void
test_throttle (void)
{
  static const MusterThrottlePolicy policy = { 3, 1000, 5000 };
  g_autoptr (MusterThrottle) throttle = muster_throttle_new (&policy);
  static const gint64 waits[] = { 0, 0, 1000, 2000, 4000, 5000, 5000 };
  gint64              now = 1000000;

  for (guint i = 0; i < G_N_ELEMENTS (waits); i++)
    {
      muster_throttle_fail (throttle, "ann", now);
      g_assert_cmpint (muster_throttle_get_wait (throttle, "ann", now), ==, waits[i]);
      g_assert_cmpint (muster_throttle_get_wait (throttle, "bob", now), ==, 0);
      now += waits[i];
      g_assert_cmpint (muster_throttle_get_wait (throttle, "ann", now), ==, 0);
    }
  /* Quiet for long enough, it starts anew. */
  now += 5001;
  muster_throttle_fail (throttle, "ann", now);
  g_assert_cmpint (muster_throttle_get_wait (throttle, "ann", now), ==, 0);
  /* An address is forgiven what was right, and no more. */
  muster_throttle_fail (throttle, "ann", now);
  muster_throttle_forgive (throttle, "ann");
  muster_throttle_fail (throttle, "ann", now);
  g_assert_cmpint (muster_throttle_get_wait (throttle, "ann", now), ==, 0);
  muster_throttle_fail (throttle, "ann", now);
  g_assert_cmpint (muster_throttle_get_wait (throttle, "ann", now), ==, 1000);
  muster_throttle_succeed (throttle, "ann");
  g_assert_cmpint (muster_throttle_get_wait (throttle, "ann", now), ==, 0);
}

static int
verdict (MusterPasswordHasher *hasher, const char *hash, const char *password)
{
  GError *error = NULL;
  int     result = dex_await_int (muster_password_hasher_verify (hasher, hash, password), &error);

  g_assert_no_error (error);
  return result;
}

static void
test_password (void)
{
  static const MusterPasswordCost dearer = { 2, 64 * 1024 };
  g_autoptr (MusterPasswordHasher) hasher = muster_password_hasher_new (&cheap);
  g_autoptr (MusterPasswordHasher) other = muster_password_hasher_new (&dearer);
  g_autofree char *hash =
    dex_await_string (muster_password_hasher_hash (hasher, "pa\xc3\xa4ss"), NULL);

  g_assert_true (g_str_has_prefix (hash, "$argon2id$"));
  g_assert_cmpint (verdict (hasher, hash, "pa\xc3\xa4ss"), ==, MUSTER_PASSWORD_RIGHT);
  /* Composed or not, it is the same text. */
  g_assert_cmpint (verdict (hasher, hash, "paa\xcc\x88ss"), ==, MUSTER_PASSWORD_RIGHT);
  g_assert_cmpint (verdict (hasher, hash, "paess"), ==, MUSTER_PASSWORD_WRONG);
  g_assert_cmpint (verdict (other, hash, "pa\xc3\xa4ss"), ==, MUSTER_PASSWORD_AGED);
  g_assert_cmpint (verdict (hasher, NULL, "pa\xc3\xa4ss"), ==, MUSTER_PASSWORD_WRONG);
  g_assert_cmpint (verdict (hasher, "no hash at all", "x"), ==, MUSTER_PASSWORD_WRONG);
}

static void
test_hash (void)
{
  static const guint8 key[MUSTER_KEY_LENGTH] = { 1 };
  g_autofree char    *plain = muster_secret_hash ("code");
  g_autofree char    *keyed = muster_secret_hash_keyed ("code", key);

  g_assert_cmpuint (strlen (plain), ==, 64);
  g_assert_cmpuint (strlen (keyed), ==, 64);
  g_assert_cmpstr (plain, !=, keyed);
}

int
main (int argc, char **argv)
{
#define ADD(path, func) g_test_add (path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  g_test_init (&argc, &argv, NULL);
  dex_init ();
  ADD ("/accounts-parts/keys/file", test_file);
  ADD ("/accounts-parts/keys/rotation", test_rotation);
  ADD ("/accounts-parts/access-token", test_access);
  ADD ("/accounts-parts/changed", test_changed);
  ADD ("/accounts-parts/mutations", test_mutations);
  g_test_add_func ("/accounts-parts/throttle", test_throttle);
  g_test_add_func ("/accounts-parts/hash", test_hash);
  muster_test_add_fiber ("/accounts-parts/password", test_password);
  return g_test_run ();
}
