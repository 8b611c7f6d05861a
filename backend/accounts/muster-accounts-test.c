/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-accounts-test"

#include "config.h"

#include "core/muster-core-test-util.h"
#include "core/muster-journal.h"
#include "model/muster-entities.h"
#include "model/muster-error.h"
#include "model/muster-person.h"
#include "model/muster-rights.h"
#include "muster-accounts.h"

#define SITE "0199a1b2-0000-7000-8000-000000000001"
#define NOW (G_GINT64_CONSTANT (1767225600) * G_USEC_PER_SEC)
#define PASSWORD "a long enough password"

static const MusterPasswordCost cheap = { 1, 64 * 1024 };

/* A site with Ann, whose time stands still until it is told to go on. */
typedef struct
{
  MusterTestDir     *dir;
  MusterManualClock *clock;
  MusterDatabase    *database;
  MusterRepository  *repository;
  MusterSettings    *settings;
  MusterAccounts    *accounts;
  MusterActor       *actor;
  MusterEntity      *ann;
} Fixture;

static const MusterCaller caller = { .remote = "192.0.2.1", .client = "test" };

static MusterEntity *
add_person (Fixture *self, const char *name, const char *email)
{
  g_autoptr (MusterEntity) person = muster_entity_new (&muster_person_info);

  muster_entity_set_string (person, "name", name);
  muster_entity_set_string (person, "email", email);
  return muster_test_await_object (
    muster_accounts_add_person (self->accounts, self->actor, "unix", person, TRUE, PASSWORD));
}

static Fixture *
fixture_new (void)
{
  Fixture         *self = g_new0 (Fixture, 1);
  g_autofree char *path = NULL;
  g_autofree char *keys = NULL;

  self->dir = muster_test_dir_new ();
  path = muster_test_dir_build (self->dir, "muster.db");
  keys = muster_test_dir_build (self->dir, "keys/accounts");
  self->clock = MUSTER_MANUAL_CLOCK (muster_manual_clock_new (NOW));
  self->actor = muster_actor_new_system ("test");
  self->database = muster_database_new (path, MUSTER_CLOCK (self->clock), NULL);
  muster_database_register_entities (self->database, muster_entities);
  self->settings = muster_settings_new (self->database);
  muster_settings_register (self->settings, muster_accounts_settings);
  muster_accounts_add_rules (self->database);
  muster_test_await (muster_service_start (MUSTER_SERVICE (self->database)));
  muster_test_await (muster_settings_load (self->settings, NULL));
  self->repository = muster_repository_new (self->database);
  self->accounts = muster_accounts_new (self->repository, self->settings,
                                        &(MusterAccountsOptions){
                                          .key_file = keys, .issuer = SITE, .cost = &cheap });
  muster_test_await (muster_service_start (MUSTER_SERVICE (self->accounts)));
  self->ann = add_person (self, "Ann", "Ann@Example.org");
  return self;
}

static void
fixture_free (Fixture *self)
{
  muster_test_await (muster_service_stop (MUSTER_SERVICE (self->accounts)));
  g_object_unref (self->ann);
  g_assert_finalize_object (self->accounts);
  g_object_unref (self->repository);
  g_object_unref (self->settings);
  muster_test_database_free (self->database);
  g_object_unref (self->clock);
  muster_actor_unref (self->actor);
  muster_test_dir_free (self->dir);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static void
advance (Fixture *self, gint64 seconds)
{
  muster_manual_clock_advance (self->clock, seconds * G_USEC_PER_SEC);
}

static DexFuture *
sign_in (Fixture *self, const char *email, const char *password)
{
  return muster_accounts_sign_in (self->accounts, email, password, &caller);
}

/* What FUTURE (taken) resolves to: borrowed with it, until KEEP is unreferenced. */
static MusterSession *
await_session (DexFuture *future, DexFuture **keep)
{
  g_autoptr (GError) error = NULL;
  const GValue *value = NULL;

  *keep = dex_ref (future);
  g_assert_true (dex_await (future, &error));
  g_assert_no_error (error);
  value = dex_future_get_value (*keep, NULL);
  return g_value_get_boxed (value);
}

static void
refuse (DexFuture *future, int code)
{
  g_autoptr (GError) error = muster_test_await_error (future, code);

  g_assert_cmpstr (error->message, !=, "");
}

static void
expect_valid (Fixture *self, const char *token)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DexFuture) future = muster_accounts_authenticate (self->accounts, token);
  MusterActor *actor = NULL;

  g_assert_true (dex_await (dex_ref (future), &error));
  g_assert_no_error (error);
  actor = g_value_get_boxed (dex_future_get_value (future, NULL));
  g_assert_cmpstr (muster_actor_get_person_id (actor), ==, muster_entity_get_id (self->ann));
  g_assert_cmpint (muster_actor_get_role (actor), ==, MUSTER_ROLE_ADMINISTRATOR);
}

static void
expect_invalid (Fixture *self, const char *token)
{
  refuse (muster_accounts_authenticate (self->accounts, token), MUSTER_ERROR_UNAUTHORIZED);
}

/* --- signing in --- */

static void
test_sign_in (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autoptr (DexFuture) kept = NULL;
  MusterSession *session = await_session (sign_in (self, "ANN@example.org", PASSWORD), &kept);

  g_assert_cmpstr (muster_entity_get_id (session->person), ==, muster_entity_get_id (self->ann));
  g_assert_cmpint (session->expires_in, ==, 900);
  expect_valid (self, session->access_token);
  advance (self, 899);
  expect_valid (self, session->access_token);
  advance (self, 2);
  expect_invalid (self, session->access_token);
  expect_invalid (self, session->refresh_token);
  expect_invalid (self, "nonsense");
}

/* Neither says whether there is such an account. */
static void
test_wrong (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autoptr (GError) known = NULL;
  g_autoptr (GError) unknown = NULL;

  known =
    muster_test_await_error (sign_in (self, "ann@example.org", "x"), MUSTER_ERROR_UNAUTHORIZED);
  unknown = muster_test_await_error (sign_in (self, "bob@example.org", PASSWORD),
                                     MUSTER_ERROR_UNAUTHORIZED);
  g_assert_cmpstr (known->message, ==, unknown->message);
}

/* From the fifth failure on an account waits, twice as long each time, and even the right password
 * does not help before; afterwards what failed is forgotten. */
static void
test_lock_out (void)
{
  static const unsigned waits[] = { 1, 2, 4, 8 };
  g_autoptr (Fixture) self = fixture_new ();
  g_autoptr (MusterEntity) bob = add_person (self, "Bob", "bob@example.org");
  g_autoptr (DexFuture) anns = NULL;
  g_autoptr (DexFuture) bobs = NULL;

  for (unsigned i = 0; i < 4; i++)
    refuse (sign_in (self, "ann@example.org", "wrong"), MUSTER_ERROR_UNAUTHORIZED);
  for (unsigned i = 0; i < G_N_ELEMENTS (waits); i++)
    {
      g_autoptr (GError) error = NULL;

      refuse (sign_in (self, "ann@example.org", "wrong"), MUSTER_ERROR_UNAUTHORIZED);
      error = muster_test_await_error (sign_in (self, "Ann@example.org", PASSWORD),
                                       MUSTER_ERROR_RATE_LIMITED);
      g_assert_cmpuint (muster_error_get_retry_after (error), ==, waits[i]);
      advance (self, waits[i] - 1);
      refuse (sign_in (self, "ann@example.org", PASSWORD), MUSTER_ERROR_RATE_LIMITED);
      advance (self, 1);
    }
  await_session (sign_in (self, "bob@example.org", PASSWORD), &bobs);
  await_session (sign_in (self, "ann@example.org", PASSWORD), &anns);
  refuse (sign_in (self, "ann@example.org", "wrong"), MUSTER_ERROR_UNAUTHORIZED);
  refuse (sign_in (self, "ann@example.org", "wrong"), MUSTER_ERROR_UNAUTHORIZED);
}

/* One address that tries many accounts waits, too. */
static void
test_address_locked_out (void)
{
  static const MusterCaller elsewhere = { .remote = "192.0.2.2" };
  g_autoptr (Fixture) self = fixture_new ();
  g_autoptr (DexFuture) kept = NULL;

  for (unsigned i = 0; i < 20; i++)
    {
      g_autofree char *email = g_strdup_printf ("nobody-%u@example.org", i);

      refuse (sign_in (self, email, "wrong"), MUSTER_ERROR_UNAUTHORIZED);
    }
  refuse (sign_in (self, "ann@example.org", PASSWORD), MUSTER_ERROR_RATE_LIMITED);
  await_session (muster_accounts_sign_in (self->accounts, "ann@example.org", PASSWORD, &elsewhere),
                 &kept);
}

/* --- going on --- */

static void
test_refresh (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autoptr (DexFuture) first_kept = NULL;
  g_autoptr (DexFuture) second_kept = NULL;
  MusterSession *first = await_session (sign_in (self, "ann@example.org", PASSWORD), &first_kept);
  MusterSession *second = NULL;

  advance (self, 1000);
  second =
    await_session (muster_accounts_refresh (self->accounts, first->refresh_token), &second_kept);
  g_assert_cmpstr (second->refresh_token, !=, first->refresh_token);
  expect_invalid (self, first->access_token);
  expect_valid (self, second->access_token);
  refuse (muster_accounts_refresh (self->accounts, second->access_token),
          MUSTER_ERROR_UNAUTHORIZED);
}

/* A spent one that is shown again was stolen, or its successor was: both end. */
static void
test_reuse (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autoptr (DexFuture) first_kept = NULL;
  g_autoptr (DexFuture) second_kept = NULL;
  g_autoptr (DexFuture) other_kept = NULL;
  MusterSession *first = await_session (sign_in (self, "ann@example.org", PASSWORD), &first_kept);
  MusterSession *other = await_session (sign_in (self, "ann@example.org", PASSWORD), &other_kept);
  MusterSession *second =
    await_session (muster_accounts_refresh (self->accounts, first->refresh_token), &second_kept);

  expect_valid (self, second->access_token);
  refuse (muster_accounts_refresh (self->accounts, first->refresh_token),
          MUSTER_ERROR_UNAUTHORIZED);
  refuse (muster_accounts_refresh (self->accounts, second->refresh_token),
          MUSTER_ERROR_UNAUTHORIZED);
  expect_invalid (self, second->access_token);
  expect_valid (self, other->access_token);
}

static void
test_too_late (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autoptr (DexFuture) kept = NULL;
  g_autoptr (DexFuture) later_kept = NULL;
  MusterSession *session = await_session (sign_in (self, "ann@example.org", PASSWORD), &kept);

  advance (self, 29 * 86400);
  session =
    await_session (muster_accounts_refresh (self->accounts, session->refresh_token), &later_kept);
  advance (self, 30 * 86400);
  refuse (muster_accounts_refresh (self->accounts, session->refresh_token),
          MUSTER_ERROR_UNAUTHORIZED);
}

/* --- ending --- */

static void
test_sign_out (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autoptr (DexFuture) kept = NULL;
  MusterSession *session = await_session (sign_in (self, "ann@example.org", PASSWORD), &kept);

  expect_valid (self, session->access_token);
  muster_test_await (muster_accounts_sign_out (self->accounts, session->access_token, NULL));
  expect_invalid (self, session->access_token);
  refuse (muster_accounts_refresh (self->accounts, session->refresh_token),
          MUSTER_ERROR_UNAUTHORIZED);
  refuse (muster_accounts_sign_out (self->accounts, NULL, "nonsense"), MUSTER_ERROR_UNAUTHORIZED);
}

/* Who is disabled is out at once. */
static void
test_disabled (void)
{
  g_autoptr (Fixture) self = fixture_new ();
  g_autoptr (MusterEntity) bob = add_person (self, "Bob", "bob@example.org");
  g_autoptr (MusterEntity) changed = NULL;
  g_autoptr (JsonObject) changes = json_object_new ();
  g_autoptr (DexFuture) kept = NULL;
  MusterSession *session = await_session (sign_in (self, "bob@example.org", PASSWORD), &kept);

  json_object_set_boolean_member (changes, "disabled", TRUE);
  changed = muster_test_await_object (muster_accounts_update_person (self->accounts, self->actor,
                                                                     muster_entity_get_id (bob),
                                                                     changes, 0));
  g_assert_true (muster_entity_get_boolean (changed, "disabled"));
  expect_invalid (self, session->access_token);
  refuse (muster_accounts_refresh (self->accounts, session->refresh_token),
          MUSTER_ERROR_UNAUTHORIZED);
  refuse (sign_in (self, "bob@example.org", PASSWORD), MUSTER_ERROR_FORBIDDEN);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/accounts/sign-in", test_sign_in);
  muster_test_add_fiber ("/accounts/wrong", test_wrong);
  muster_test_add_fiber ("/accounts/lock-out", test_lock_out);
  muster_test_add_fiber ("/accounts/address-locked-out", test_address_locked_out);
  muster_test_add_fiber ("/accounts/refresh", test_refresh);
  muster_test_add_fiber ("/accounts/reuse", test_reuse);
  muster_test_add_fiber ("/accounts/too-late", test_too_late);
  muster_test_add_fiber ("/accounts/sign-out", test_sign_out);
  muster_test_add_fiber ("/accounts/disabled", test_disabled);
  return g_test_run ();
}
