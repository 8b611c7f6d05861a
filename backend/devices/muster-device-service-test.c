/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-service-test"

#include "config.h"

#include <string.h>

#include "core/muster-journal.h"
#include "model/muster-device-account.h"
#include "model/muster-device-token.h"
#include "model/muster-pairing-attempt.h"
#include "muster-test-site.h"

static const char wrong_secret[] = "0000-0000-0000-0000-0000-0000-00EE";

static MusterEntity *
adopt (MusterTestSite *site)
{
  g_autoptr (GError) error = NULL;
  MusterEntity *device =
    dex_await_object (muster_device_service_adopt_candidate (
                        site->service, site->actor, MUSTER_TEST_KEY,
                        muster_test_device_get_secret_text (site->device), NULL, "Hall 3"),
                      &error);

  g_assert_no_error (error);
  return device;
}

static DexFuture *
try_adopt (MusterTestSite *site)
{
  return muster_device_service_adopt_candidate (site->service, site->actor, MUSTER_TEST_KEY,
                                                muster_test_device_get_secret_text (site->device),
                                                NULL, NULL);
}

static void
assert_counts (MusterTestSite *site, unsigned n_devices, unsigned n_accounts, unsigned n_attempts)
{
  g_autoptr (GPtrArray) devices = muster_test_site_list (site, &muster_device_info);
  g_autoptr (GPtrArray) accounts = muster_test_site_list (site, &muster_device_account_info);
  g_autoptr (GPtrArray) attempts = muster_test_site_list (site, &muster_pairing_attempt_info);

  g_assert_cmpuint (devices->len, ==, n_devices);
  g_assert_cmpuint (accounts->len, ==, n_accounts);
  g_assert_cmpuint (attempts->len, ==, n_attempts);
  muster_test_site_settle (site);
  g_assert_cmpuint (g_hash_table_size (site->accounts), ==, n_accounts + n_attempts);
}

static void
test_adopt_candidate (void)
{
  g_autoptr (MusterTestSite) site = muster_test_site_new ();
  g_autoptr (MusterEntity) device = adopt (site);
  g_autoptr (GPtrArray) events = NULL;
  const MusterDeviceBrief *brief =
    muster_device_registry_get_brief (site->registry, muster_entity_get_id (device));

  g_assert_cmpstr (muster_entity_get_string (device, "name"), ==, "Lamp");
  g_assert_cmpstr (muster_entity_get_string (device, "serial"), ==, MUSTER_TEST_SERIAL);
  g_assert_cmpstr (muster_entity_get_string (device, "mac"), ==, "a4:cf:12:00:33:44");
  g_assert_cmpstr (muster_entity_get_string (device, "manufacturer"), ==, "Acme");
  g_assert_cmpstr (muster_entity_get_string (device, "kind"), ==, "sensor");
  g_assert_cmpstr (muster_entity_get_string (device, "location"), ==, "Hall 3");
  g_assert_cmpstr (muster_entity_get_string (device, "status"), ==, "deployed");
  g_assert_cmpstr (muster_entity_get_string (device, "adoption"), ==, "adopted");
  g_assert_cmpstr (muster_entity_get_string (device, "node_id"), ==, MUSTER_TEST_SERIAL);
  g_assert_cmpstr (muster_entity_get_string (device, "firmware_version"), ==, "1.0.1");
  g_assert_cmpstr (muster_entity_get_string (device, "secret"), ==,
                   muster_test_device_get_secret_text (site->device));
  g_assert_cmpint (brief->adoption, ==, MUSTER_ADOPTION_ADOPTED);
  g_assert_cmpint (brief->live_state, ==, MUSTER_LIVE_ONLINE);
  g_assert_cmpstr (muster_device_registry_find_by_node (site->registry, MUSTER_TEST_SERIAL), ==,
                   muster_entity_get_id (device));
  g_assert_cmpstr (muster_test_device_get_username (site->device), ==, MUSTER_TEST_SERIAL);
  assert_counts (site, 1, 1, 0);
  g_assert_true (g_hash_table_contains (site->accounts, MUSTER_TEST_SERIAL));
  muster_test_await (
    muster_device_event_log_flush (muster_device_registry_get_event_log (site->registry)));
  events = muster_test_site_list (site, &muster_device_event_info);
  g_assert_cmpuint (events->len, ==, 2);
}

/* A record from a delivery knows the secret, so nobody has to type it; what it says already stays.
 */
static void
test_adopt_record (void)
{
  g_autoptr (MusterTestSite) site = muster_test_site_new ();
  g_autofree char *id = muster_test_site_add_device (site, "Reserve lamp", MUSTER_TEST_SERIAL);
  g_autoptr (GError) no_secret = muster_test_await_error (
    muster_device_service_adopt_device (site->service, site->actor, id, NULL, NULL),
    MUSTER_ERROR_INVALID);
  g_autoptr (JsonObject) change = json_object_new ();
  g_autoptr (MusterEntity) device = NULL;

  json_object_set_string_member (change, "secret",
                                 muster_test_device_get_secret_text (site->device));
  json_object_set_string_member (change, "model", "MN-1 special");
  muster_test_await (muster_repository_patch (site->repository, site->actor, "Note",
                                              &muster_device_info, id, change, 0));
  device = dex_await_object (muster_device_service_adopt_device (site->service, site->actor, id,
                                                                 NULL, NULL),
                             NULL);
  g_assert_nonnull (device);
  g_assert_cmpstr (muster_entity_get_id (device), ==, id);
  g_assert_cmpstr (muster_entity_get_string (device, "name"), ==, "Reserve lamp");
  g_assert_cmpstr (muster_entity_get_string (device, "model"), ==, "MN-1 special");
  g_assert_cmpstr (muster_entity_get_string (device, "mac"), ==, "a4:cf:12:00:33:44");
  assert_counts (site, 1, 1, 0);
}

static void
test_refusals (void)
{
  g_autoptr (MusterTestSite) site = muster_test_site_new ();
  g_autofree char *other = muster_test_site_add_device (site, "Other", "X-1");
  const char      *unknown = "0199a1b2-0000-7000-8000-000000000009";
  g_autoptr (GError) no_key =
              muster_test_await_error (muster_device_service_adopt_candidate (
                                         site->service, site->actor, "mac:nobody", "x", NULL, NULL),
                                       MUSTER_ERROR_NOT_FOUND);
  g_autoptr (GError) absent = muster_test_await_error (
    muster_device_service_adopt_device (site->service, site->actor, other, "x", NULL),
    MUSTER_ERROR_CONFLICT);
  g_autoptr (GError) typo = muster_test_await_error (
    muster_device_service_adopt_candidate (site->service, site->actor, MUSTER_TEST_KEY, "ABCD",
                                           NULL, NULL),
    MUSTER_ERROR_INVALID);
  g_autoptr (GError) wrong = muster_test_await_error (
    muster_device_service_adopt_candidate (site->service, site->actor, MUSTER_TEST_KEY,
                                           wrong_secret, NULL, NULL),
    MUSTER_ERROR_FORBIDDEN);
  g_autoptr (GError) released =
      muster_test_await_error (muster_device_service_release (site->service, site->actor, other),
                               MUSTER_ERROR_CONFLICT);
  g_autoptr (GError) nobody =
      muster_test_await_error (muster_device_service_release (site->service, site->actor, unknown),
                               MUSTER_ERROR_NOT_FOUND);
  g_autoptr (MusterEntity) device = NULL;
  g_autoptr (GError) again = NULL;

  g_assert_nonnull (strstr (absent->message, "not on the network"));
  assert_counts (site, 1, 0, 0);
  device = adopt (site);
  again = muster_test_await_error (try_adopt (site), MUSTER_ERROR_CONFLICT);
  g_assert_nonnull (strstr (again->message, "adopted already"));
}

static void
test_two_at_once (void)
{
  g_autoptr (MusterTestSite) site = muster_test_site_new ();
  g_autoptr (DexFuture) first = try_adopt (site);
  g_autoptr (DexFuture) second = try_adopt (site);
  g_autoptr (GError) one = NULL;
  g_autoptr (GError) other = NULL;

  dex_await (dex_ref (first), &one);
  dex_await (dex_ref (second), &other);
  g_assert_no_error (one);
  g_assert_error (other, MUSTER_ERROR, MUSTER_ERROR_CONFLICT);
  assert_counts (site, 1, 1, 0);
  g_assert_cmpuint (muster_test_device_count_stores (site->device), ==, 1);
}

/* The account works before the device learns of it; without a broker nobody is told anything. */
static void
test_broker_down (void)
{
  g_autoptr (MusterTestSite) site = muster_test_site_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterEntity) device = NULL;

  site->broker_down = TRUE;
  error = muster_test_await_error (try_adopt (site), MUSTER_ERROR_UNAVAILABLE);
  g_assert_null (muster_test_device_get_adoption_id (site->device));
  g_assert_nonnull (muster_service_get_trouble (MUSTER_SERVICE (site->service)));
  site->broker_down = FALSE;
  device = adopt (site);
  g_assert_null (muster_service_get_trouble (MUSTER_SERVICE (site->service)));
  assert_counts (site, 1, 1, 0);
}

/* Whatever step of the way breaks, the next attempt completes, with one record, one account and one
 * set of credentials. */
static void
test_every_fault (void)
{
  static const char *const     paths[] = { "/pair", "/pair/1", "/pair/2" };
  static const MusterTestFault faults[] = {
    MUSTER_TEST_FAULT_LOSE_REQUEST, MUSTER_TEST_FAULT_LOSE_ANSWER, MUSTER_TEST_FAULT_CHANGE_ANSWER,
    MUSTER_TEST_FAULT_CUT_ANSWER, MUSTER_TEST_FAULT_RESTART
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (paths); i++)
    for (unsigned j = 0; j < G_N_ELEMENTS (faults); j++)
      {
        g_autoptr (MusterTestSite) site = muster_test_site_new ();
        g_autoptr (MusterEntity) device = NULL;

        muster_test_device_set_fault (site->device, paths[i], faults[j], 3);
        dex_await (try_adopt (site), NULL);
        muster_test_device_set_fault (site->device, paths[i], MUSTER_TEST_FAULT_NONE, 0);
        if (muster_device_registry_find_by_serial (site->registry, MUSTER_TEST_SERIAL) == NULL)
          device = adopt (site);
        assert_counts (site, 1, 1, 0);
        g_assert_cmpuint (muster_test_device_count_stores (site->device), ==, 1);
        g_assert_true (
          g_hash_table_contains (site->accounts, muster_test_device_get_username (site->device)));
      }
}

static void
test_refused_by_device (void)
{
  g_autoptr (MusterTestSite) site = muster_test_site_new ();
  g_autoptr (GError) refused = NULL;
  g_autoptr (GError) elsewhere = NULL;

  muster_test_device_set_fault (site->device, "/pair/2", MUSTER_TEST_FAULT_REFUSE, 1);
  refused = muster_test_await_error (try_adopt (site), MUSTER_ERROR_FAILED);
  assert_counts (site, 0, 0, 0);
  muster_test_device_set_adopted (site->device, "0199a1b2-0000-7000-8000-00000000ffff");
  elsewhere = muster_test_await_error (try_adopt (site), MUSTER_ERROR_CONFLICT);
  assert_counts (site, 0, 0, 0);
}

static void
interrupt (MusterTestSite *site, const char *device_id)
{
  g_autoptr (GError) error = NULL;

  muster_test_device_set_fault (site->device, "/pair/2", MUSTER_TEST_FAULT_LOSE_ANSWER, 100);
  if (device_id == NULL)
    error = muster_test_await_error (try_adopt (site), MUSTER_ERROR_TIMED_OUT);
  else
    error = muster_test_await_error (
      muster_device_service_adopt_device (site->service, site->actor, device_id,
                                          muster_test_device_get_secret_text (site->device), NULL),
      MUSTER_ERROR_TIMED_OUT);
  g_assert_nonnull (strstr (error->message, "completed by trying again"));
  muster_test_device_set_fault (site->device, "/pair/2", MUSTER_TEST_FAULT_NONE, 0);
}

/* The daemon ends between the device's yes and the record: the same adoption goes on after the
 * start. */
static void
test_interrupted_then_retried (void)
{
  g_autoptr (MusterTestSite) site = muster_test_site_new ();
  g_autofree char *id = muster_test_site_add_device (site, "Reserve lamp", MUSTER_TEST_SERIAL);
  g_autofree char *adoption_id = NULL;
  g_autoptr (MusterEntity) interrupted = NULL;
  g_autoptr (MusterEntity) device = NULL;

  interrupt (site, id);
  interrupted = muster_test_site_get_device (site, id);
  g_assert_cmpstr (muster_entity_get_string (interrupted, "adoption"), ==, "pairing");
  adoption_id = g_strdup (muster_test_device_get_adoption_id (site->device));
  assert_counts (site, 1, 0, 1);
  muster_test_site_restart (site);
  assert_counts (site, 1, 0, 1);
  device = adopt (site);
  g_assert_cmpstr (muster_entity_get_id (device), ==, id);
  g_assert_cmpstr (muster_entity_get_string (device, "adoption"), ==, "adopted");
  g_assert_cmpstr (muster_test_device_get_adoption_id (site->device), ==, adoption_id);
  g_assert_cmpuint (muster_test_device_count_stores (site->device), ==, 1);
  assert_counts (site, 1, 1, 0);
}

/* A pairing that nobody completes is forgotten after a week, and its account with it. */
static void
test_interrupted_for_good (void)
{
  g_autoptr (MusterTestSite) site = muster_test_site_new ();
  g_autofree char *id = muster_test_site_add_device (site, "Reserve lamp", MUSTER_TEST_SERIAL);
  g_autoptr (MusterClock) system_clock = g_object_ref (site->clock);
  g_autoptr (MusterEntity) device = NULL;

  interrupt (site, id);
  g_clear_object (&site->clock);
  site->clock = muster_manual_clock_new (muster_clock_get_now (system_clock) + 8 * G_TIME_SPAN_DAY);
  muster_test_site_restart (site);
  assert_counts (site, 1, 0, 0);
  device = muster_test_site_get_device (site, id);
  g_assert_cmpstr (muster_entity_get_string (device, "adoption"), ==, "none");
}

/* The device has its credentials and uses them: its first birth is proof enough. */
static void
test_completed_by_birth (void)
{
  g_autoptr (MusterTestSite) site = muster_test_site_new ();
  const char *id = NULL;

  interrupt (site, NULL);
  g_assert_true (g_hash_table_contains (site->accounts, MUSTER_TEST_SERIAL));
  muster_test_site_restart (site);
  g_assert_true (muster_device_service_note_birth (site->service, "stranger"));
  g_assert_true (muster_device_service_note_birth (site->service, MUSTER_TEST_SERIAL));
  for (unsigned i = 0; i < 200 && id == NULL; i++)
    {
      muster_test_sleep (5);
      id = muster_device_registry_find_by_node (site->registry, MUSTER_TEST_SERIAL);
    }
  g_assert_nonnull (id);
  assert_counts (site, 1, 1, 0);
}

static void
test_release (void)
{
  g_autoptr (MusterTestSite) site = muster_test_site_new ();
  g_autoptr (MusterEntity) device = adopt (site);
  g_autoptr (MusterEntity) released = NULL;
  gint64 sequence = 0;

  released = dex_await_object (muster_device_service_release (site->service, site->actor,
                                                              muster_entity_get_id (device)),
                               NULL);
  g_assert_cmpstr (muster_entity_get_string (released, "adoption"), ==, "released");
  g_assert_true (muster_entity_is_null (released, "node_id"));
  g_assert_cmpuint (g_hash_table_size (site->accounts), ==, 0);
  g_assert_cmpuint (site->n_forgotten, ==, 1);
  g_assert_cmpuint (site->n_released, ==, 0);
  /* The device was not reached, so it still knows its password: taking the release back lets it in
   * again. */
  sequence = muster_database_get_sequence (site->database);
  muster_test_await (muster_journal_undo (site->database, site->actor, sequence));
  assert_counts (site, 1, 1, 0);
}

static void
test_release_is_final (void)
{
  g_autoptr (MusterTestSite) site = muster_test_site_new ();
  g_autoptr (MusterEntity) device = adopt (site);
  g_autoptr (MusterEntity) again = NULL;
  g_autoptr (GError) error = NULL;

  site->node_online = TRUE;
  muster_test_await (
    muster_device_service_release (site->service, site->actor, muster_entity_get_id (device)));
  g_assert_cmpuint (site->n_released, ==, 1);
  error =
    muster_test_await_error (muster_journal_undo (site->database, site->actor,
                                                  muster_database_get_sequence (site->database)),
                             MUSTER_ERROR_CONFLICT);
  assert_counts (site, 1, 0, 0);
  muster_test_device_set_adopted (site->device, NULL);
  again = adopt (site);
  g_assert_cmpstr (muster_entity_get_id (again), ==, muster_entity_get_id (device));
  assert_counts (site, 1, 1, 0);
}

/* However an account goes, the device is told as long as it can be. */
static void
test_told_however_it_goes (void)
{
  g_autoptr (MusterTestSite) site = muster_test_site_new ();
  g_autoptr (MusterEntity) device = adopt (site);
  g_autoptr (MusterEntity) again = NULL;

  site->node_online = TRUE;
  muster_test_await (muster_journal_undo (site->database, site->actor,
                                          muster_database_get_sequence (site->database)));
  assert_counts (site, 0, 0, 0);
  g_assert_cmpuint (site->n_released, ==, 1);
  muster_test_device_set_adopted (site->device, NULL);
  again = adopt (site);
  muster_test_await (muster_repository_delete (site->repository, site->actor, "Delete",
                                               &muster_device_info, muster_entity_get_id (again),
                                               0));
  assert_counts (site, 0, 0, 0);
  g_assert_cmpuint (site->n_released, ==, 2);
}

/* Undoing an adoption takes record and account away in one go. */
static void
test_undo_of_adoption (void)
{
  g_autoptr (MusterTestSite) site = muster_test_site_new ();
  g_autoptr (MusterEntity) device = adopt (site);

  assert_counts (site, 1, 1, 0);
  muster_test_await (muster_journal_undo (site->database, site->actor,
                                          muster_database_get_sequence (site->database)));
  assert_counts (site, 0, 0, 0);
  g_assert_null (muster_device_registry_find_by_serial (site->registry, MUSTER_TEST_SERIAL));
}

static void
test_delete_revokes (void)
{
  g_autoptr (MusterTestSite) site = muster_test_site_new ();
  g_autoptr (MusterEntity) device = adopt (site);

  muster_test_await (muster_repository_delete (site->repository, site->actor, "Delete",
                                               &muster_device_info, muster_entity_get_id (device),
                                               0));
  assert_counts (site, 0, 0, 0);
  g_assert_null (muster_device_registry_get_brief (site->registry, muster_entity_get_id (device)));
}

static void
test_usernames (void)
{
  g_autoptr (MusterTestSite) site = muster_test_site_new ();
  g_autofree char *first = muster_test_site_add_device (site, "Boiler: heat/flow", NULL);
  g_autofree char *second = muster_test_site_add_device (site, "Boiler heat#flow", NULL);
  g_autofree char *one =
    dex_await_string (muster_device_service_make_account (site->service, site->actor, first, NULL),
                      NULL);
  g_autofree char *other =
    dex_await_string (muster_device_service_make_account (site->service, site->actor, second, NULL),
                      NULL);

  g_assert_nonnull (strstr (one, "\"username\":\"Boiler-heat-flow\""));
  g_assert_nonnull (strstr (other, "\"username\":\"Boiler-heat-flow-2\""));
  g_assert_nonnull (strstr (one, "\"port\":8883"));
  g_assert_nonnull (strstr (one, "\"group_id\":\"hall-3\""));
  assert_counts (site, 2, 2, 0);
}

static void
test_third_party_account (void)
{
  g_autoptr (MusterTestSite) site = muster_test_site_new ();
  g_autofree char *id = muster_test_site_add_device (site, "Boiler", NULL);
  g_autofree char *one =
    dex_await_string (muster_device_service_make_account (site->service, site->actor, id, NULL),
                      NULL);
  g_autofree char *hash = g_strdup (g_hash_table_lookup (site->accounts, "Boiler"));
  g_autofree char *again =
    dex_await_string (muster_device_service_make_account (site->service, site->actor, id, NULL),
                      NULL);
  g_autoptr (MusterEntity) device = muster_test_site_get_device (site, id);
  g_autoptr (MusterEntity) paired = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (hash);
  g_assert_cmpstr (one, !=, again);
  g_assert_cmpstr (hash, !=, g_hash_table_lookup (site->accounts, "Boiler"));
  g_assert_cmpstr (muster_entity_get_string (device, "adoption"), ==, "adopted");
  g_assert_cmpstr (muster_entity_get_string (device, "node_id"), ==, "Boiler");
  paired = adopt (site);
  error =
    muster_test_await_error (muster_device_service_make_account (site->service, site->actor,
                                                                 muster_entity_get_id (paired),
                                                                 NULL),
                             MUSTER_ERROR_CONFLICT);
  assert_counts (site, 2, 2, 0);
}

static void
test_tokens (void)
{
  g_autoptr (MusterTestSite) site = muster_test_site_new ();
  MusterTokenBook *tokens = muster_device_service_get_tokens (site->service);
  g_autofree char *id = muster_test_site_add_device (site, "Meter", NULL);
  g_autofree char *old =
    dex_await_string (muster_token_book_issue (tokens, site->actor, id, "Meter"), NULL);
  g_autofree char *token = NULL;
  g_autoptr (GPtrArray) records = NULL;

  g_assert_cmpstr (muster_token_book_verify (tokens, old), ==, id);
  token = dex_await_string (muster_token_book_issue (tokens, site->actor, id, "Meter"), NULL);
  g_assert_null (muster_token_book_verify (tokens, old));
  g_assert_cmpstr (muster_token_book_verify (tokens, token), ==, id);
  g_assert_null (muster_token_book_verify (tokens, ""));
  g_assert_null (muster_token_book_verify (tokens, "mdt_"));
  records = muster_test_site_list (site, &muster_device_token_info);
  g_assert_cmpuint (records->len, ==, 1);
  g_assert_cmpstr (muster_entity_get_string (records->pdata[0], "hash"), !=, token);
  muster_test_site_restart (site);
  tokens = muster_device_service_get_tokens (site->service);
  g_assert_cmpstr (muster_token_book_verify (tokens, token), ==, id);
  muster_test_await (
    muster_repository_delete (site->repository, site->actor, "Delete", &muster_device_info, id, 0));
  muster_test_site_settle (site);
  g_assert_null (muster_token_book_verify (tokens, token));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/device-service/adopt-candidate", test_adopt_candidate);
  muster_test_add_fiber ("/device-service/adopt-record", test_adopt_record);
  muster_test_add_fiber ("/device-service/refusals", test_refusals);
  muster_test_add_fiber ("/device-service/two-at-once", test_two_at_once);
  muster_test_add_fiber ("/device-service/broker-down", test_broker_down);
  muster_test_add_fiber ("/device-service/every-fault", test_every_fault);
  muster_test_add_fiber ("/device-service/refused-by-device", test_refused_by_device);
  muster_test_add_fiber ("/device-service/interrupted-then-retried", test_interrupted_then_retried);
  muster_test_add_fiber ("/device-service/interrupted-for-good", test_interrupted_for_good);
  muster_test_add_fiber ("/device-service/completed-by-birth", test_completed_by_birth);
  muster_test_add_fiber ("/device-service/release", test_release);
  muster_test_add_fiber ("/device-service/release-is-final", test_release_is_final);
  muster_test_add_fiber ("/device-service/undo-of-adoption", test_undo_of_adoption);
  muster_test_add_fiber ("/device-service/told-however-it-goes", test_told_however_it_goes);
  muster_test_add_fiber ("/device-service/delete-revokes", test_delete_revokes);
  muster_test_add_fiber ("/device-service/usernames", test_usernames);
  muster_test_add_fiber ("/device-service/third-party-account", test_third_party_account);
  muster_test_add_fiber ("/device-service/tokens", test_tokens);
  return g_test_run ();
}
