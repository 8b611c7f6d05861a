/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-accounts"

#include "config.h"

#include <string.h>

#include "model/muster-error.h"
#include "muster-accounts-private.h"
#include "muster-refresh-token.h"

#define PASSWORD_MIN 8
#define PASSWORD_MAX 512
#define PIN_MIN 4
#define PIN_MAX 12
#define BADGE_MIN 4
#define BADGE_MAX 200

static gboolean
forbid (GError **error, const char *message)
{
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN, message);
  return FALSE;
}

static gboolean
is_self (MusterActor *actor, const char *id)
{
  return actor != NULL && g_strcmp0 (muster_actor_get_person_id (actor), id) == 0;
}

/* A key acts for its person, but does not change how the person signs in. */
static gboolean
check_own_secret (MusterAccountsCall *call, GError **error)
{
  if (muster_accounts_is_administrator (call->actor))
    return TRUE;
  if (is_self (call->actor, call->id) && muster_actor_get_kind (call->actor) == MUSTER_ACTOR_PERSON)
    return TRUE;
  return forbid (error, "this is for the person themselves, signed in, and for administrators");
}

/* --- what is a good secret --- */

static gboolean
is_one_character (const char *text)
{
  const char *next = g_utf8_next_char (text);

  return strncmp (text, next, strlen (next)) == 0;
}

static void
check_password (const char        *password,
                const char        *name,
                const char        *email,
                MusterFieldErrors *errors)
{
  glong length = g_utf8_strlen (password, -1);

  if (length < PASSWORD_MIN || length > PASSWORD_MAX)
    muster_field_errors_add (errors, "/password", "must have %d to %d characters", PASSWORD_MIN,
                             PASSWORD_MAX);
  else if (is_one_character (password))
    muster_field_errors_add (errors, "/password", "must be more than one character repeated");
  else if ((email != NULL && g_ascii_strcasecmp (password, email) == 0) ||
           (name != NULL && g_ascii_strcasecmp (password, name) == 0))
    muster_field_errors_add (errors, "/password",
                             "must be neither the name nor the e-mail address");
}

static gboolean
check_pin (const char *pin, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  gsize length = strspn (pin, "0123456789");

  if (pin[length] != '\0' || length < PIN_MIN || length > PIN_MAX)
    muster_field_errors_add (errors, "/pin", "must be %d to %d digits", PIN_MIN, PIN_MAX);
  else if (is_one_character (pin))
    muster_field_errors_add (errors, "/pin", "must be more than one digit repeated");
  return muster_field_errors_check (errors, error);
}

static gboolean
check_badge (const char *code, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  glong length = g_utf8_strlen (code, -1);

  if (length < BADGE_MIN || length > BADGE_MAX)
    muster_field_errors_add (errors, "/badge", "must have %d to %d characters", BADGE_MIN,
                             BADGE_MAX);
  return muster_field_errors_check (errors, error);
}

/* --- adding --- */

/* Whether the site has nobody yet. */
static gboolean
count_people (MusterTransaction *transaction, gint64 *n, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_person_info);
  g_autoptr (GError) cause = NULL;

  *n = muster_transaction_count (transaction, query, &cause);
  if (cause == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

static gboolean
remote_is_here (const char *remote)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (remote);

  return strcmp (remote, "unix") == 0 ||
         (address != NULL && g_inet_address_get_is_loopback (address));
}

/* Whoever comes first to a new site would own it: so it must be somebody at its machine, or with
 * its access token. */
static gboolean
settle_first (MusterAccountsCall *call, GError **error)
{
  if (!muster_accounts_is_administrator (call->actor) && !remote_is_here (call->remote))
    return forbid (
      error,
      "the first person of a site is added on the daemon's own machine, or with the site's access token");
  muster_entity_set_enum (call->entity, "role", MUSTER_ROLE_ADMINISTRATOR);
  return TRUE;
}

/* The role that CALL's person gets. FLAG: whether one was asked for. */
static gboolean
settle_role (MusterAccountsCall *call, gboolean may_register, GError **error)
{
  int      role = muster_entity_get_enum (call->entity, "role");
  gboolean is_operator =
    call->actor != NULL && muster_actor_get_role (call->actor) == MUSTER_ROLE_OPERATOR;

  if (muster_accounts_is_administrator (call->actor))
    return TRUE;
  if (!is_operator && call->actor != NULL)
    return forbid (error, "people are added by administrators, and customers by operators too");
  if (!is_operator && !may_register)
    return forbid (
      error, "nobody registers themselves here (accounts.registration): ask an administrator");
  if (call->flag && role != MUSTER_ROLE_CUSTOMER)
    return forbid (error, "another role than customer is given by administrators alone");
  if (!muster_entity_is_null (call->entity, "local_user"))
    return forbid (error, "a user of the daemon's machine is named by administrators alone");
  muster_entity_set_enum (call->entity, "role", MUSTER_ROLE_CUSTOMER);
  return TRUE;
}

/* REVISION says whether people may register themselves. */
static gboolean
add_person_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  MusterAccountsCall *call = data;
  gint64              n;

  if (!count_people (transaction, &n, error) ||
      !(n == 0 ? settle_first (call, error) : settle_role (call, call->revision != 0, error)))
    return FALSE;
  muster_entity_set_string (call->entity, "password_hash", call->hash);
  g_value_init (result, MUSTER_TYPE_ENTITY);
  g_value_set_object (result, call->entity);
  return muster_transaction_insert (transaction, call->entity, error);
}

static gboolean
check_new_person (MusterAccountsCall *call, GError **error)
{
  const char *email = muster_entity_get_string (call->entity, "email");
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  if (call->secret != NULL)
    check_password (call->secret, muster_entity_get_string (call->entity, "name"), email, errors);
  if (call->actor == NULL && call->secret == NULL)
    muster_field_errors_add (errors, "/password", "must be given");
  if (email == NULL && (call->actor == NULL || call->secret != NULL))
    muster_field_errors_add (errors, "/email", "must be given to sign in with a password");
  return muster_field_errors_check (errors, error);
}

/* In a fiber: whether CALL may add anybody at all, before a password is hashed for it. */
static gboolean
check_adding (MusterAccountsCall *call, GError **error)
{
  MusterAccounts *self = call->accounts;
  g_autoptr (MusterQuery) query = muster_query_new (&muster_person_info);
  g_autoptr (GPtrArray) some = NULL;

  call->revision = muster_settings_get_boolean (self->settings, MUSTER_SETTING_REGISTRATION);
  if (call->actor == NULL &&
      !muster_accounts_attempt (self, self->registrations, call->remote, error))
    return FALSE;
  muster_query_set_limit (query, 1);
  some = dex_await_boxed (muster_repository_select (self->repository, query), error);
  if (some == NULL)
    return FALSE;
  return some->len == 0 ? settle_first (call, error)
                        : settle_role (call, call->revision != 0, error);
}

static DexFuture *
add_person_fiber (gpointer user_data)
{
  MusterAccountsCall *call = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *operation = NULL;
  int              asked = muster_entity_get_enum (call->entity, "role");

  if (!check_new_person (call, &error) || !check_adding (call, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  /* What is settled for good is settled in the transaction. */
  muster_entity_set_enum (call->entity, "role", asked);
  if (call->secret != NULL)
    call->hash =
      dex_await_string (muster_password_hasher_hash (call->accounts->hasher, call->secret), &error);
  if (error != NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  operation = g_strconcat ("Add ", muster_entity_get_string (call->entity, "name"), NULL);
  if (!muster_accounts_call_write (call, operation, add_person_job, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  return dex_future_new_take_object (g_object_ref (call->entity));
}

DexFuture *
muster_accounts_add_person (MusterAccounts *self,
                            MusterActor    *actor,
                            const char     *remote,
                            MusterEntity   *person,
                            gboolean        role_given,
                            const char     *password)
{
  MusterAccountsCall *call = NULL;

  g_return_val_if_fail (MUSTER_IS_ACCOUNTS (self), NULL);
  g_return_val_if_fail (MUSTER_IS_PERSON (person) && remote != NULL, NULL);

  call = muster_accounts_call_new (self, actor);
  call->entity = muster_entity_copy (person);
  call->remote = g_strdup (remote);
  call->secret = g_strdup (password);
  call->flag = role_given;
  return muster_accounts_call_run (call, add_person_fiber);
}

/* --- changing --- */

/* Which of NAMES (NULL at the end) are not in CHANGES: FALSE with the first other one. */
static gboolean
check_members (JsonObject *changes, const char *const *names, GError **error)
{
  JsonObjectIter iter;
  const char    *name = NULL;

  json_object_iter_init (&iter, changes);
  while (json_object_iter_next (&iter, &name, NULL))
    if (!g_strv_contains (names, name))
      {
        g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN,
                     "%s of a person is changed by administrators alone", name);
        return FALSE;
      }
  return TRUE;
}

/* In the transaction: whether CALL's actor may change PERSON so. */
static gboolean
check_change (MusterAccountsCall *call, MusterEntity *person, GError **error)
{
  static const char *const own[] = { "name", "phone", "address", "email", NULL };
  static const char *const customers[] = { "name", "phone", "address", "email", "disabled", NULL };

  if (muster_accounts_is_administrator (call->actor))
    return TRUE;
  if (is_self (call->actor, call->id))
    return check_members (call->changes, own, error);
  if (muster_actor_get_role (call->actor) == MUSTER_ROLE_OPERATOR &&
      muster_entity_get_enum (person, "role") == MUSTER_ROLE_CUSTOMER)
    return check_members (call->changes, customers, error);
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "there is no person %s", call->id);
  return FALSE;
}

static gboolean
update_person_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  MusterAccountsCall *call = data;
  g_autofree char    *summary = NULL;
  g_autoptr (MusterEntity) person =
              muster_transaction_get (transaction, &muster_person_info, call->id, error);

  if (person == NULL || !check_change (call, person, error))
    return FALSE;
  summary = g_strconcat ("Change ", muster_entity_get_string (person, "name"), NULL);
  muster_transaction_set_summary (transaction, summary);
  if (!muster_entity_decode (person, call->changes, MUSTER_DECODE_REPLACE, "", error) ||
      !muster_transaction_update (transaction, person, call->revision, error))
    return FALSE;
  g_value_init (result, MUSTER_TYPE_ENTITY);
  g_value_take_object (result, g_steal_pointer (&person));
  return TRUE;
}

DexFuture *
muster_accounts_update_person (MusterAccounts *self,
                               MusterActor    *actor,
                               const char     *id,
                               JsonObject     *changes,
                               gint64          expected_revision)
{
  MusterAccountsCall *call = NULL;

  g_return_val_if_fail (MUSTER_IS_ACCOUNTS (self), NULL);
  g_return_val_if_fail (actor != NULL && id != NULL && changes != NULL, NULL);

  call = muster_accounts_call_new (self, actor);
  call->id = g_strdup (id);
  call->changes = json_object_ref (changes);
  call->revision = expected_revision;
  return muster_database_write (muster_repository_get_database (self->repository), actor, NULL,
                                update_person_job, call, muster_accounts_call_unref);
}

/* --- secrets --- */

/* CLIENT: the field; HASH (nullable): what it becomes. */
static gboolean
set_secret_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  MusterAccountsCall *call = data;
  g_autoptr (MusterEntity) person =
              muster_transaction_get (transaction, &muster_person_info, call->id, error);

  if (person == NULL)
    return FALSE;
  muster_transaction_set_context (transaction, "keep-sign-in", call->remote);
  muster_transaction_set_final (transaction,
                                "what opens an account is not taken back: set it anew");
  muster_entity_set_string (person, call->client, call->hash);
  if (!muster_transaction_update (transaction, person, 0, error))
    return FALSE;
  g_value_init (result, MUSTER_TYPE_ENTITY);
  g_value_take_object (result, g_steal_pointer (&person));
  return TRUE;
}

/* In a fiber. */
static DexFuture *
set_secret (MusterAccountsCall *call, const char *field, const char *operation)
{
  call->client = g_strdup (field);
  return muster_database_write (muster_repository_get_database (call->accounts->repository),
                                call->actor, operation, set_secret_job,
                                muster_accounts_call_ref (call), muster_accounts_call_unref);
}

/* In a fiber: CALL's secret hashed, where it has one. */
static gboolean
hash_secret (MusterAccountsCall *call, GError **error)
{
  if (call->secret == NULL)
    return TRUE;
  call->hash =
    dex_await_string (muster_password_hasher_hash (call->accounts->hasher, call->secret), error);
  return call->hash != NULL;
}

/* In a fiber: whether those who change their own password know the old one. */
static gboolean
check_old (MusterAccountsCall *call, MusterEntity *person, GError **error)
{
  MusterAccounts *self = call->accounts;
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (GError) cause = NULL;
  const char *hash = muster_entity_get_string (person, "password_hash");
  int         verdict;

  if (!is_self (call->actor, call->id) || hash == NULL)
    return TRUE;
  if (call->old == NULL)
    {
      muster_field_errors_add (errors, "/old_password",
                               "must be given to change one's own password");
      return muster_field_errors_check (errors, error);
    }
  if (!muster_accounts_attempt (self, self->by_account, call->id, error))
    return FALSE;
  verdict = dex_await_int (muster_password_hasher_verify (self->hasher, hash, call->old), &cause);
  if (cause == NULL && verdict != MUSTER_PASSWORD_WRONG)
    {
      muster_throttle_succeed (self->by_account, call->id);
      return TRUE;
    }
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  muster_field_errors_add (errors, "/old_password", "is wrong");
  return muster_field_errors_check (errors, error);
}

static DexFuture *
set_password_fiber (gpointer user_data)
{
  MusterAccountsCall *call = user_data;
  g_autoptr (MusterEntity) person = NULL;
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (GError) error = NULL;

  if (!check_own_secret (call, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  person = dex_await_object (muster_repository_get (call->accounts->repository, &muster_person_info,
                                                    call->id),
                             &error);
  if (person != NULL && call->secret != NULL)
    check_password (call->secret, muster_entity_get_string (person, "name"),
                    muster_entity_get_string (person, "email"), errors);
  if (person == NULL || !muster_field_errors_check (errors, &error) ||
      !check_old (call, person, &error) || !hash_secret (call, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  return set_secret (call, "password_hash",
                     call->secret != NULL ? "Change a password" : "Take a password away");
}

static MusterAccountsCall *
secret_call_new (MusterAccounts *self, MusterActor *actor, const char *id, const char *secret)
{
  MusterAccountsCall *call = muster_accounts_call_new (self, actor);

  call->id = g_strdup (id);
  call->secret = g_strdup (secret);
  return call;
}

DexFuture *
muster_accounts_set_password (MusterAccounts *self,
                              MusterActor    *actor,
                              const char     *id,
                              const char     *password,
                              const char     *old,
                              const char     *keep_sign_in)
{
  MusterAccountsCall *call = NULL;

  g_return_val_if_fail (MUSTER_IS_ACCOUNTS (self), NULL);
  g_return_val_if_fail (actor != NULL && id != NULL, NULL);

  call = secret_call_new (self, actor, id, password);
  call->old = g_strdup (old);
  call->remote = g_strdup (keep_sign_in);
  return muster_accounts_call_run (call, set_password_fiber);
}

static DexFuture *
set_pin_fiber (gpointer user_data)
{
  MusterAccountsCall *call = user_data;
  GError             *error = NULL;

  if (!check_own_secret (call, &error) ||
      (call->secret != NULL && !check_pin (call->secret, &error)) || !hash_secret (call, &error))
    return dex_future_new_for_error (error);
  return set_secret (call, "pin_hash", call->secret != NULL ? "Change a PIN" : "Take a PIN away");
}

DexFuture *
muster_accounts_set_pin (MusterAccounts *self, MusterActor *actor, const char *id, const char *pin)
{
  g_return_val_if_fail (MUSTER_IS_ACCOUNTS (self), NULL);
  g_return_val_if_fail (actor != NULL && id != NULL, NULL);

  return muster_accounts_call_run (secret_call_new (self, actor, id, pin), set_pin_fiber);
}

/* The database would name the hash, which is nobody's business. */
static DexFuture *
badge_taken_cb (DexFuture *future, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  dex_future_get_value (future, &error);
  if (g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT))
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                                  "badge: is somebody else's already");
  return dex_ref (future);
}

DexFuture *
muster_accounts_set_badge (MusterAccounts *self,
                           MusterActor    *actor,
                           const char     *id,
                           const char     *code)
{
  MusterAccountsCall *call = NULL;
  DexFuture          *future = NULL;
  GError             *error = NULL;

  g_return_val_if_fail (MUSTER_IS_ACCOUNTS (self), NULL);
  g_return_val_if_fail (actor != NULL && id != NULL, NULL);

  call = secret_call_new (self, actor, id, code);
  if (!check_own_secret (call, &error) || (code != NULL && !check_badge (code, &error)))
    future = dex_future_new_for_error (error);
  else
    {
      if (code != NULL)
        call->hash = muster_secret_hash_keyed (code, muster_key_ring_get_secret (self->keys,
                                                                                 MUSTER_KEY_BADGE));
      future = dex_future_catch (set_secret (call, "badge_hash",
                                             code != NULL ? "Change a badge" : "Take a badge away"),
                                 badge_taken_cb, NULL, NULL);
    }
  muster_accounts_call_unref (call);
  return future;
}
