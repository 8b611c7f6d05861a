/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-pairing-test"

#include "config.h"

#include <string.h>

#include "core/muster-core-test-util.h"
#include "muster-pairing-message.h"
#include "muster-test-device.h"

#define SERIAL "MN-000117"
#define ADDRESS "192.0.2.7:8080"
#define ADOPTION_ID "0199a1b2-0000-7000-8000-000000000001"

static const char *const hosts[] = { "192.0.2.1", "hall.local", NULL };
static const guint8      wrong_secret[MUSTER_LABEL_SECRET_LENGTH] = { 1, 2, 3 };

static DexFuture *
tell (MusterPairing *pairing, const char *adoption_id)
{
  static const guint8 der[600] = { 0x30, 0x82 };
  g_autoptr (GBytes) certificate = g_bytes_new_static (der, sizeof der);
  MusterPairingCredentials credentials = {
    .adoption_id = adoption_id,
    .site_name = "Hall 3",
    .broker_hosts = hosts,
    .broker_port = 8883,
    .username = SERIAL,
    .password = "correct horse",
    .ca_certificate = certificate,
    .group_id = "hall-3",
    .host_id = "console",
    .now = G_GINT64_CONSTANT (1767225600000000),
    .tls_name = "muster-1f0c2ab93d44",
  };

  return muster_pairing_tell (pairing, &credentials);
}

static MusterPairing *
prove (MusterTestDevice *device, gboolean retry)
{
  MusterPairing *pairing = muster_pairing_new (MUSTER_HTTP_FETCH (device), ADDRESS);

  muster_test_await (
    muster_pairing_prove (pairing, muster_test_device_get_secret (device), SERIAL, retry));
  g_assert_cmpint (muster_pairing_get_step (pairing), ==, MUSTER_PAIRING_READY);
  return pairing;
}

static void
assert_prove_fails (MusterTestDevice *device,
                    const guint8     *secret,
                    const char       *serial,
                    int               code,
                    const char       *text)
{
  g_autoptr (MusterPairing) pairing = muster_pairing_new (MUSTER_HTTP_FETCH (device), ADDRESS);
  g_autoptr (GError) error = muster_test_await_error (
    muster_pairing_prove (pairing, secret != NULL ? secret : muster_test_device_get_secret (device),
                          serial, FALSE),
    code);

  g_assert_nonnull (strstr (error->message, text));
  g_assert_cmpint (muster_pairing_get_step (pairing), ==, MUSTER_PAIRING_FAILED);
  g_assert_cmpuint (muster_test_device_count_stores (device), ==, 0);
}

static void
test_success (void)
{
  g_autoptr (MusterTestDevice) device = muster_test_device_new (SERIAL);
  g_autoptr (MusterPairing) pairing = muster_pairing_new (MUSTER_HTTP_FETCH (device), ADDRESS);
  g_autoptr (MusterTestCounter) steps = muster_test_counter_new (pairing, "notify::step");
  const MusterPairingIdentity *identity = NULL;

  muster_test_await (
    muster_pairing_prove (pairing, muster_test_device_get_secret (device), NULL, FALSE));
  identity = muster_pairing_get_identity (pairing);
  g_assert_cmpstr (identity->serial, ==, SERIAL);
  g_assert_cmpstr (identity->mac, ==, "a4:cf:12:00:33:44");
  g_assert_cmpstr (identity->model, ==, "MN-1");
  g_assert_cmpstr (muster_pairing_get_firmware (pairing), ==, "1.0.0");
  g_assert_null (muster_test_device_get_adoption_id (device));
  muster_test_await (tell (pairing, ADOPTION_ID));
  g_assert_cmpint (muster_pairing_get_step (pairing), ==, MUSTER_PAIRING_DONE);
  g_assert_cmpuint (muster_test_counter_take (steps), ==, 4);
  g_assert_cmpstr (muster_test_device_get_adoption_id (device), ==, ADOPTION_ID);
  g_assert_cmpstr (muster_test_device_get_username (device), ==, SERIAL);
  g_assert_cmpstr (muster_test_device_get_password (device), ==, "correct horse");
  g_assert_cmpstr (muster_pairing_get_firmware (pairing), ==, "1.0.1");
}

static void
test_wrong_secret (void)
{
  g_autoptr (MusterTestDevice) device = muster_test_device_new (SERIAL);

  for (unsigned i = 0; i < 5; i++)
    assert_prove_fails (device, wrong_secret, SERIAL, MUSTER_ERROR_FORBIDDEN,
                        "not the secret of the device");
  assert_prove_fails (device, NULL, SERIAL, MUSTER_ERROR_RATE_LIMITED, "for 1 seconds");
}

static void
test_other_device (void)
{
  g_autoptr (MusterTestDevice) device = muster_test_device_new (SERIAL);

  assert_prove_fails (device, NULL, "MN-000118", MUSTER_ERROR_CONFLICT,
                      "answers the device MN-000117, not MN-000118");
  g_assert_cmpuint (muster_test_device_count_requests (device, "/pair/1"), ==, 0);
}

static void
test_adopted_elsewhere (void)
{
  g_autoptr (MusterTestDevice) device = muster_test_device_new (SERIAL);
  g_autoptr (MusterPairing) pairing = NULL;
  g_autoptr (GError) error = NULL;

  muster_test_device_set_adopted (device, "0199a1b2-0000-7000-8000-00000000ffff");
  assert_prove_fails (device, NULL, SERIAL, MUSTER_ERROR_CONFLICT, "adopted already");
  pairing = prove (device, TRUE);
  error = muster_test_await_error (tell (pairing, ADOPTION_ID), MUSTER_ERROR_CONFLICT);
  g_assert_true (muster_pairing_error_is_definite (error));
  g_assert_cmpstr (muster_test_device_get_adoption_id (device), ==,
                   "0199a1b2-0000-7000-8000-00000000ffff");
}

static const struct
{
  const char *name;
  const char *json;
} bad_identities[] = {
  { "empty", "" },
  { "no-json", "<html>" },
  { "array", "[1]" },
  { "no-serial", "{\"pairing\":1}" },
  { "serial-number", "{\"serial\":17,\"pairing\":1}" },
  { "empty-serial", "{\"serial\":\"\",\"pairing\":1}" },
  { "long-serial",
    "{\"serial\":\"01234567890123456789012345678901234567890123456789012345678901234\",\"pairing\":1}" },
  { "control", "{\"serial\":\"a\\u0007b\",\"pairing\":1}" },
  { "other-version", "{\"serial\":\"MN-000117\",\"pairing\":2}" },
  { "no-version", "{\"serial\":\"MN-000117\"}" },
  { "object-version", "{\"serial\":\"MN-000117\",\"pairing\":{}}" },
};

static void
test_bad_identity (void)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (bad_identities); i++)
    {
      g_autoptr (MusterTestDevice) device = muster_test_device_new (SERIAL);

      muster_test_device_set_identity (device, bad_identities[i].json);
      assert_prove_fails (device, NULL, SERIAL, MUSTER_ERROR_PROTOCOL, "");
    }
}

static void
test_bad_handshake (void)
{
  g_autoptr (MusterTestDevice) device = muster_test_device_new (SERIAL);

  muster_test_device_set_fault (device, "/pair/1", MUSTER_TEST_FAULT_CHANGE_ANSWER, 1);
  assert_prove_fails (device, NULL, SERIAL, MUSTER_ERROR_PROTOCOL, "not genuine");
  muster_test_device_set_fault (device, "/pair/1", MUSTER_TEST_FAULT_CUT_ANSWER, 1);
  assert_prove_fails (device, NULL, SERIAL, MUSTER_ERROR_PROTOCOL, "28 bytes");
  muster_test_device_set_fault (device, "/pair/1", MUSTER_TEST_FAULT_LOSE_ANSWER, 1);
  assert_prove_fails (device, NULL, SERIAL, MUSTER_ERROR_TIMED_OUT, "no answer");
  muster_test_device_set_fault (device, "/pair", MUSTER_TEST_FAULT_LOSE_REQUEST, 1);
  assert_prove_fails (device, NULL, SERIAL, MUSTER_ERROR_UNAVAILABLE, "cannot reach");
}

/* Whatever is lost on the way to the device's last word, the credentials are stored once, and the
 * pairing ends well. */
static void
test_lost_answers (void)
{
  static const MusterTestFault faults[] = { MUSTER_TEST_FAULT_LOSE_REQUEST,
                                            MUSTER_TEST_FAULT_LOSE_ANSWER,
                                            MUSTER_TEST_FAULT_RESTART };

  for (unsigned i = 0; i < G_N_ELEMENTS (faults); i++)
    for (unsigned n = 1; n <= (faults[i] == MUSTER_TEST_FAULT_RESTART ? 1 : 2); n++)
      {
        g_autoptr (MusterTestDevice) device = muster_test_device_new (SERIAL);
        g_autoptr (MusterPairing) pairing = prove (device, FALSE);

        muster_test_device_set_fault (device, "/pair/2", faults[i], n);
        muster_test_await (tell (pairing, ADOPTION_ID));
        g_assert_cmpuint (muster_test_device_count_stores (device), ==, 1);
        g_assert_cmpuint (muster_test_device_count_requests (device, "/pair/2"), ==, n + 1);
      }
}

/* Nothing comes back at all: nobody knows, and a new pairing with the same id mends it. */
static void
test_interrupted (void)
{
  g_autoptr (MusterTestDevice) device = muster_test_device_new (SERIAL);
  g_autoptr (MusterPairing) first = prove (device, FALSE);
  g_autoptr (MusterPairing) second = NULL;
  g_autoptr (GError) error = NULL;

  muster_test_device_set_fault (device, "/pair/2", MUSTER_TEST_FAULT_LOSE_ANSWER, 100);
  error = muster_test_await_error (tell (first, ADOPTION_ID), MUSTER_ERROR_TIMED_OUT);
  g_assert_false (muster_pairing_error_is_definite (error));
  g_assert_cmpuint (muster_test_device_count_stores (device), ==, 1);
  muster_test_device_set_fault (device, "/pair/2", MUSTER_TEST_FAULT_NONE, 0);
  second = prove (device, TRUE);
  muster_test_await (tell (second, ADOPTION_ID));
  g_assert_cmpuint (muster_test_device_count_stores (device), ==, 1);
}

static void
test_refused (void)
{
  g_autoptr (MusterTestDevice) device = muster_test_device_new (SERIAL);
  g_autoptr (MusterPairing) pairing = prove (device, FALSE);
  g_autoptr (GError) error = NULL;

  muster_test_device_set_fault (device, "/pair/2", MUSTER_TEST_FAULT_REFUSE, 1);
  error = muster_test_await_error (tell (pairing, ADOPTION_ID), MUSTER_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "no space left for the certificate"));
  g_assert_true (muster_pairing_error_is_definite (error));
  g_assert_cmpuint (muster_test_device_count_stores (device), ==, 0);
}

static void
test_spoiled_result (void)
{
  static const MusterTestFault faults[] = { MUSTER_TEST_FAULT_CHANGE_ANSWER,
                                            MUSTER_TEST_FAULT_CUT_ANSWER };

  for (unsigned i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (MusterTestDevice) device = muster_test_device_new (SERIAL);
      g_autoptr (MusterPairing) pairing = prove (device, FALSE);
      g_autoptr (GError) error = NULL;

      muster_test_device_set_fault (device, "/pair/2", faults[i], 1);
      error = muster_test_await_error (tell (pairing, ADOPTION_ID), MUSTER_ERROR_PROTOCOL);
      g_assert_false (muster_pairing_error_is_definite (error));
    }
}

/* What was recorded of one pairing opens nothing in the next. */
static void
test_replay (void)
{
  g_autoptr (MusterTestDevice) device = muster_test_device_new (SERIAL);
  g_autoptr (MusterPairing) pairing = prove (device, FALSE);
  g_autoptr (MusterPairing) next = NULL;
  g_autoptr (GBytes) letter = NULL;
  g_autoptr (MusterHttpReply) reply = NULL;

  muster_test_await (tell (pairing, ADOPTION_ID));
  letter = g_bytes_ref (muster_test_device_get_last_letter (device));
  g_assert_null (memmem (g_bytes_get_data (letter, NULL), g_bytes_get_size (letter),
                         "correct horse", strlen ("correct horse")));
  muster_test_device_set_adopted (device, NULL);
  next = prove (device, FALSE);
  reply =
    dex_await_boxed (muster_http_fetch_send (MUSTER_HTTP_FETCH (device), "POST",
                                             "http://" ADDRESS "/pair/2", letter, NULL, 100, 100),
                     NULL);
  g_assert_cmpuint (reply->status, ==, 410);
  g_assert_null (muster_test_device_get_adoption_id (device));
}

static void
test_too_long (void)
{
  g_autoptr (MusterTestDevice) device = muster_test_device_new (SERIAL);
  g_autoptr (MusterPairing) pairing = prove (device, FALSE);
  g_autofree char         *large = g_strnfill (MUSTER_PAIRING_BODY_MAX, 'x');
  MusterPairingCredentials credentials = { .adoption_id = ADOPTION_ID, .site_name = large };
  g_autoptr (GError) error = muster_test_await_error (muster_pairing_tell (pairing, &credentials),
                                                     MUSTER_ERROR_FAILED);

  g_assert_nonnull (strstr (error->message, "too long"));
  g_assert_cmpuint (muster_test_device_count_requests (device, "/pair/2"), ==, 0);
}

/* --- mutation --- */

static void
mutate (GRand *rand, GByteArray *bytes)
{
  for (int n = g_rand_int_range (rand, 1, 6); n > 0 && bytes->len > 0; n--)
    {
      guint at = g_rand_int_range (rand, 0, bytes->len);

      if (g_rand_boolean (rand))
        bytes->data[at] = g_rand_int (rand);
      else if (g_rand_boolean (rand))
        g_byte_array_remove_index (bytes, at);
      else
        {
          g_autofree guint8 *copy = g_memdup2 (bytes->data, bytes->len);
          guint              length = g_rand_int_range (rand, 1, 20);

          g_byte_array_append (bytes, copy, MIN (bytes->len, length));
        }
    }
}

/* Changed answers are refused, or hold nothing but sensible text. */
static void
test_mutations (void)
{
  static const char identity_seed[] =
    "{\"serial\":\"MN-1\",\"mac\":\"a4cf12003344\",\"model\":\"M\",\"firmware\":\"1\",\"name\":\"ä\",\"pairing\":1,\"state\":\"new\"}";
  static const guint8 result_seed[] = { 0x08, 0x01, 0x12, 0x03, 'n', 'o', '.',
                                        0x1a, 0x05, '1',  '.',  '0', '.', '1' };
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  unsigned n_taken = 0;

  for (unsigned i = 0; i < 40000; i++)
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      g_autoptr (MusterPairingIdentity) identity = NULL;
      g_autoptr (MusterPairingResult) result = NULL;
      g_autoptr (GError) error = NULL;

      if (i % 2 == 0)
        g_byte_array_append (bytes, (const guint8 *)identity_seed, strlen (identity_seed));
      else
        g_byte_array_append (bytes, result_seed, sizeof result_seed);
      mutate (rand, bytes);
      if (i % 2 == 0)
        identity = muster_pairing_identity_parse ((const char *)bytes->data, bytes->len, &error);
      else
        result = muster_pairing_result_decode (bytes->data, bytes->len, &error);
      if (identity == NULL && result == NULL)
        {
          g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL);
          continue;
        }
      n_taken++;
      g_assert_no_error (error);
      g_assert_true (identity == NULL || (g_utf8_validate (identity->serial, -1, NULL) &&
                                          strlen (identity->serial) <= G_MAXUINT8));
      g_assert_true (result == NULL || result->error == NULL ||
                     g_utf8_validate (result->error, -1, NULL));
    }
  g_assert_cmpuint (n_taken, >, 100);
  g_assert_cmpuint (n_taken, <, 39000);
}

static void
test_two_values (void)
{
  static const char *const texts[] = { "{}{}", "{\"serial\":\"S1\"} []", "[1][2]" };

  for (unsigned i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MusterPairingIdentity) identity =
                  muster_pairing_identity_parse (texts[i], strlen (texts[i]), &error);

      g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_PROTOCOL);
      g_assert_null (identity);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pairing/two-values", test_two_values);
  muster_test_add_fiber ("/pairing/success", test_success);
  muster_test_add_fiber ("/pairing/wrong-secret", test_wrong_secret);
  muster_test_add_fiber ("/pairing/other-device", test_other_device);
  muster_test_add_fiber ("/pairing/adopted-elsewhere", test_adopted_elsewhere);
  muster_test_add_fiber ("/pairing/bad-identity", test_bad_identity);
  muster_test_add_fiber ("/pairing/bad-handshake", test_bad_handshake);
  muster_test_add_fiber ("/pairing/lost-answers", test_lost_answers);
  muster_test_add_fiber ("/pairing/interrupted", test_interrupted);
  muster_test_add_fiber ("/pairing/refused", test_refused);
  muster_test_add_fiber ("/pairing/spoiled-result", test_spoiled_result);
  muster_test_add_fiber ("/pairing/replay", test_replay);
  muster_test_add_fiber ("/pairing/too-long", test_too_long);
  g_test_add_func ("/pairing/mutations", test_mutations);
  return g_test_run ();
}
