/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-accounts"

#include "config.h"

#include "model/muster-error.h"
#include "model/muster-revoked-token.h"
#include "model/muster-sign-in.h"
#include "model/muster-uuid.h"
#include "muster-accounts-private.h"
#include "muster-refresh-token.h"

/* --- sessions --- */

static MusterSession *
muster_session_copy (MusterSession *self)
{
  MusterSession *copy = g_new0 (MusterSession, 1);

  copy->access_token = g_strdup (self->access_token);
  copy->refresh_token = g_strdup (self->refresh_token);
  copy->expires_in = self->expires_in;
  copy->person = g_object_ref (self->person);
  return copy;
}

static void
muster_session_free (MusterSession *self)
{
  g_free (self->access_token);
  g_free (self->refresh_token);
  g_clear_object (&self->person);
  g_free (self);
}

G_DEFINE_BOXED_TYPE (MusterSession, muster_session, muster_session_copy, muster_session_free)

/* For PERSON and the family of refresh tokens of SIGN_IN_ID, whose newest is REFRESH. */
static DexFuture *
resolve_session (MusterAccounts *self,
                 MusterEntity   *person,
                 const char     *sign_in_id,
                 const char     *refresh)
{
  gint64 seconds = muster_settings_get_integer (self->settings, MUSTER_SETTING_ACCESS_SECONDS);
  gint64 now = muster_clock_get_now (self->clock);
  g_autofree char  *id = muster_uuid_new (now);
  MusterAccessToken token = { .id = id,
                              .person_id = (char *)muster_entity_get_id (person),
                              .sign_in_id = (char *)sign_in_id,
                              .issued_at = now / G_USEC_PER_SEC,
                              .expires_at = now / G_USEC_PER_SEC + seconds };
  MusterSession    *session = g_new0 (MusterSession, 1);

  session->access_token = muster_access_token_sign (&token, self->keys, self->issuer);
  session->refresh_token = g_strdup (refresh);
  session->expires_in = seconds;
  session->person = g_object_ref (person);
  return dex_future_new_take_boxed (MUSTER_TYPE_SESSION, session);
}

static void
set_expiry (MusterEntity *sign_in, MusterAccountsCall *call, gint64 now)
{
  muster_entity_set_integer (sign_in, "refreshed_at", now);
  muster_entity_set_integer (sign_in, "expires_at", now + call->revision);
}

/* Taken before a job begins, for the settings are of the main thread: µs. */
static gint64
get_refresh_life (MusterAccounts *self)
{
  return muster_settings_get_integer (self->settings, MUSTER_SETTING_REFRESH_DAYS) *
         G_TIME_SPAN_DAY;
}

/* A new sign-in of CALL's person. */
static gboolean
begin_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  MusterAccountsCall *call = data;
  gint64              now = muster_transaction_get_now (transaction);
  g_autoptr (MusterEntity) sign_in = muster_entity_new (&muster_sign_in_info);
  g_autoptr (MusterEntity) person =
              muster_transaction_get (transaction, &muster_person_info, call->id, error);

  if (person == NULL || !muster_accounts_check_enabled (person, error))
    return FALSE;
  muster_entity_set_string (sign_in, "id", call->old);
  muster_entity_set_string (sign_in, "person_id", call->id);
  muster_entity_set_string (sign_in, "token_hash", call->hash);
  muster_entity_set_string (sign_in, "client", call->client);
  muster_entity_set_string (sign_in, "remote", call->remote);
  set_expiry (sign_in, call, now);
  muster_entity_set_integer (person, "last_sign_in", now);
  return muster_transaction_insert (transaction, sign_in, error) &&
         muster_transaction_touch (transaction, person, error);
}

/* In a fiber: PERSON has shown who it is. */
static DexFuture *
begin_session (MusterAccountsCall *call, MusterEntity *person)
{
  MusterAccounts     *self = call->accounts;
  g_autofree char    *refresh = NULL;
  GError             *error = NULL;
  MusterAccountsCall *job = muster_accounts_call_new (self, NULL);

  job->id = g_strdup (muster_entity_get_id (person));
  job->old = muster_uuid_new (muster_clock_get_now (self->clock));
  job->client = g_strdup (call->client);
  job->remote = g_strdup (call->remote);
  job->revision = get_refresh_life (self);
  refresh = muster_refresh_token_make (self->keys, job->old);
  job->hash = muster_secret_hash (refresh);
  if (muster_accounts_call_write (job, NULL, begin_job, &error))
    {
      DexFuture *future = resolve_session (self, person, job->old, refresh);

      muster_accounts_call_unref (job);
      return future;
    }
  muster_accounts_call_unref (job);
  return dex_future_new_for_error (error);
}

/* --- by password --- */

static void
set_caller (MusterAccountsCall *call, const MusterCaller *caller)
{
  call->remote = g_strdup (caller->remote);
  if (caller->client != NULL && *caller->client != '\0')
    call->client =
      g_utf8_substring (caller->client, 0, MIN (g_utf8_strlen (caller->client, -1), 200));
}

static gboolean
refuse_password (GError **error)
{
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_UNAUTHORIZED,
                       "the e-mail address or the password is wrong");
  return FALSE;
}

static gboolean
store_hash_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  MusterAccountsCall *call = data;
  g_autoptr (MusterEntity) person =
              muster_transaction_get (transaction, &muster_person_info, call->id, error);

  if (person == NULL)
    return FALSE;
  /* Meanwhile it may have become another one. */
  if (g_strcmp0 (muster_entity_get_string (person, "password_hash"), call->old) != 0)
    return TRUE;
  muster_entity_set_string (person, "password_hash", call->hash);
  muster_transaction_set_context (transaction, "same-password", call);
  muster_transaction_set_final (transaction, "the password itself did not change");
  return muster_transaction_update (transaction, person, 0, error);
}

/* In a fiber: the cost has changed since PERSON's password was hashed. */
static void
renew_hash (MusterAccountsCall *call, MusterEntity *person)
{
  MusterAccountsCall *job = muster_accounts_call_new (call->accounts, NULL);
  g_autoptr (GError) error = NULL;

  job->id = g_strdup (muster_entity_get_id (person));
  job->old = g_strdup (muster_entity_get_string (person, "password_hash"));
  job->hash =
    dex_await_string (muster_password_hasher_hash (call->accounts->hasher, call->secret), &error);
  if (job->hash == NULL ||
      !muster_accounts_call_write (job, "Renew the hash of a password", store_hash_job, &error))
    g_message ("a password keeps its old hash: %s", error->message);
  muster_accounts_call_unref (job);
}

/* In a fiber: whether CALL's secret is that of PERSON (nullable), whose hash stands in FIELD. */
static gboolean
check_secret (MusterAccountsCall *call, MusterEntity *person, const char *field, GError **error)
{
  const char *hash = person != NULL ? muster_entity_get_string (person, field) : NULL;
  g_autoptr (GError) cause = NULL;
  int verdict =
    dex_await_int (muster_password_hasher_verify (call->accounts->hasher, hash, call->secret),
                   &cause);

  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  if (verdict == MUSTER_PASSWORD_WRONG)
    return refuse_password (error);
  if (verdict == MUSTER_PASSWORD_AGED && strcmp (field, "password_hash") == 0)
    renew_hash (call, person);
  return TRUE;
}

static DexFuture *
sign_in_fiber (gpointer user_data)
{
  MusterAccountsCall *call = user_data;
  MusterAccounts     *self = call->accounts;
  g_autoptr (MusterEntity) person = NULL;
  g_autoptr (GError) error = NULL;

  if (!muster_accounts_attempt (self, self->by_address, call->remote, &error) ||
      !muster_accounts_attempt (self, self->by_account, call->id, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  person = muster_accounts_find (self, &muster_person_info, "email", call->id, &error);
  if (error != NULL || !check_secret (call, person, "password_hash", &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  muster_throttle_succeed (self->by_account, call->id);
  muster_throttle_forgive (self->by_address, call->remote);
  return begin_session (call, person);
}

DexFuture *
muster_accounts_sign_in (MusterAccounts     *self,
                         const char         *email,
                         const char         *password,
                         const MusterCaller *caller)
{
  MusterAccountsCall *call = NULL;

  g_return_val_if_fail (MUSTER_IS_ACCOUNTS (self), NULL);
  g_return_val_if_fail (email != NULL && password != NULL && caller != NULL, NULL);

  call = muster_accounts_call_new (self, NULL);
  call->id = g_utf8_strdown (email, -1);
  call->secret = g_strdup (password);
  set_caller (call, caller);
  return muster_accounts_call_run (call, sign_in_fiber);
}

/* --- at a kiosk --- */

/* Not 401: that would speak of the token that the kiosk itself shows. */
static void
refuse_field (const char *pointer, const char *detail, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  muster_field_errors_add (errors, pointer, "%s", detail);
  muster_field_errors_check (errors, error);
}

static DexFuture *
sign_in_by_pin_fiber (gpointer user_data)
{
  MusterAccountsCall *call = user_data;
  MusterAccounts     *self = call->accounts;
  g_autoptr (MusterEntity) person = NULL;
  g_autoptr (GError) error = NULL;

  if (!muster_accounts_attempt (self, self->by_pin, call->id, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  person = muster_accounts_find (self, &muster_person_info, "id", call->id, &error);
  if (error == NULL && !check_secret (call, person, "pin_hash", &error) &&
      g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_UNAUTHORIZED))
    {
      g_clear_error (&error);
      refuse_field ("/pin", "is wrong", &error);
    }
  if (error != NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  muster_throttle_succeed (self->by_pin, call->id);
  return begin_session (call, person);
}

DexFuture *
muster_accounts_sign_in_by_pin (MusterAccounts     *self,
                                const char         *person_id,
                                const char         *pin,
                                const MusterCaller *caller)
{
  MusterAccountsCall *call = NULL;

  g_return_val_if_fail (MUSTER_IS_ACCOUNTS (self), NULL);
  g_return_val_if_fail (person_id != NULL && pin != NULL && caller != NULL, NULL);

  call = muster_accounts_call_new (self, NULL);
  call->id = g_strdup (person_id);
  call->secret = g_strdup (pin);
  set_caller (call, caller);
  return muster_accounts_call_run (call, sign_in_by_pin_fiber);
}

/* Codes of badges are looked up, so that they are slowed down by address alone. */
static DexFuture *
sign_in_by_badge_fiber (gpointer user_data)
{
  MusterAccountsCall *call = user_data;
  MusterAccounts     *self = call->accounts;
  g_autoptr (MusterEntity) person = NULL;
  g_autoptr (GError) error = NULL;

  if (!muster_accounts_attempt (self, self->by_pin, call->remote, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  person = muster_accounts_find (self, &muster_person_info, "badge_hash", call->hash, &error);
  if (error == NULL && person == NULL)
    refuse_field ("/badge", "is nobody's here", &error);
  if (error != NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  muster_throttle_succeed (self->by_pin, call->remote);
  return begin_session (call, person);
}

DexFuture *
muster_accounts_sign_in_by_badge (MusterAccounts     *self,
                                  const char         *code,
                                  const MusterCaller *caller)
{
  MusterAccountsCall *call = NULL;

  g_return_val_if_fail (MUSTER_IS_ACCOUNTS (self), NULL);
  g_return_val_if_fail (code != NULL && caller != NULL, NULL);

  call = muster_accounts_call_new (self, NULL);
  call->hash =
    muster_secret_hash_keyed (code, muster_key_ring_get_secret (self->keys, MUSTER_KEY_BADGE));
  set_caller (call, caller);
  return muster_accounts_call_run (call, sign_in_by_badge_fiber);
}

/* --- going on --- */

static gboolean
refuse_refresh (GError **error, const char *message)
{
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_UNAUTHORIZED, message);
  return FALSE;
}

/* Answers the person, or FALSE where the token was spent before: then its family has ended. */
static gboolean
refresh_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  MusterAccountsCall *call = data;
  gint64              now = muster_transaction_get_now (transaction);
  g_autoptr (MusterEntity) person = NULL;
  g_autoptr (MusterEntity) sign_in =
              muster_transaction_get (transaction, &muster_sign_in_info, call->id, NULL);

  if (sign_in == NULL || !muster_entity_is_null (sign_in, "revoked_at") ||
      muster_entity_get_integer (sign_in, "expires_at") <= now)
    return refuse_refresh (error, "this sign-in has ended: sign in again");
  if (g_strcmp0 (muster_entity_get_string (sign_in, "token_hash"), call->old) != 0)
    {
      muster_entity_set_integer (sign_in, "revoked_at", now);
      g_value_init (result, G_TYPE_BOOLEAN);
      return muster_transaction_update (transaction, sign_in, 0, error);
    }
  person = muster_transaction_get (transaction, &muster_person_info,
                                   muster_entity_get_string (sign_in, "person_id"), error);
  if (person == NULL || !muster_accounts_check_enabled (person, error))
    return FALSE;
  muster_entity_set_string (sign_in, "token_hash", call->hash);
  set_expiry (sign_in, call, now);
  g_value_init (result, MUSTER_TYPE_ENTITY);
  g_value_take_object (result, g_steal_pointer (&person));
  return muster_transaction_update (transaction, sign_in, 0, error);
}

static DexFuture *
refreshed_cb (DexFuture *future, gpointer user_data)
{
  MusterAccountsCall *call = user_data;
  const GValue       *value = dex_future_get_value (future, NULL);

  if (G_VALUE_HOLDS (value, MUSTER_TYPE_ENTITY))
    return resolve_session (call->accounts, g_value_get_object (value), call->id, call->secret);
  g_message ("a spent refresh token was shown again: its sign-in %s is ended", call->id);
  return dex_future_new_reject (
    MUSTER_ERROR, MUSTER_ERROR_UNAUTHORIZED,
    "this token was used before, by you or by somebody else: sign in again");
}

DexFuture *
muster_accounts_refresh (MusterAccounts *self, const char *refresh_token)
{
  g_autofree char    *id = NULL;
  MusterAccountsCall *call = NULL;

  g_return_val_if_fail (MUSTER_IS_ACCOUNTS (self), NULL);
  g_return_val_if_fail (refresh_token != NULL, NULL);

  id = muster_refresh_token_parse (self->keys, refresh_token);
  if (id == NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_UNAUTHORIZED,
                                  "the refresh token is not valid here");
  call = muster_accounts_call_new (self, NULL);
  call->id = g_steal_pointer (&id);
  call->old = muster_secret_hash (refresh_token);
  call->secret = muster_refresh_token_make (self->keys, call->id);
  call->hash = muster_secret_hash (call->secret);
  call->revision = get_refresh_life (self);
  return dex_future_then (muster_database_write (muster_repository_get_database (self->repository),
                                                 self->actor, NULL, refresh_job,
                                                 muster_accounts_call_ref (call),
                                                 muster_accounts_call_unref),
                          refreshed_cb, call, muster_accounts_call_unref);
}

/* --- ending --- */

/* CALL: the family `id` (nullable), and the token `hash` (nullable) until `revision`, in seconds.
 */
static gboolean
end_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  MusterAccountsCall *call = data;
  g_autoptr (MusterEntity) sign_in =
              muster_transaction_get (transaction, &muster_sign_in_info, call->id, NULL);
  g_autoptr (MusterEntity) revoked = NULL;

  if (sign_in != NULL && muster_entity_is_null (sign_in, "revoked_at"))
    {
      muster_entity_set_integer (sign_in, "revoked_at", muster_transaction_get_now (transaction));
      if (!muster_transaction_update (transaction, sign_in, 0, error))
        return FALSE;
    }
  if (call->hash == NULL)
    return TRUE;
  revoked = muster_entity_new (&muster_revoked_token_info);
  muster_entity_set_string (revoked, "token_id", call->hash);
  muster_entity_set_integer (revoked, "expires_at", call->revision * G_USEC_PER_SEC);
  if (muster_transaction_insert (transaction, revoked, error))
    return TRUE;
  /* Logged out twice at the same time: once is enough. */
  if (error != NULL && g_error_matches (*error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT))
    {
      g_clear_error (error);
      return TRUE;
    }
  return FALSE;
}

DexFuture *
muster_accounts_sign_out (MusterAccounts *self, const char *access_token, const char *refresh_token)
{
  g_autoptr (MusterAccessToken) token = NULL;
  g_autofree char    *family = NULL;
  MusterAccountsCall *call = NULL;

  g_return_val_if_fail (MUSTER_IS_ACCOUNTS (self), NULL);

  if (access_token != NULL)
    token = muster_access_token_verify (access_token, self->keys, self->issuer,
                                        muster_clock_get_now (self->clock) / G_USEC_PER_SEC, NULL);
  if (refresh_token != NULL)
    family = muster_refresh_token_parse (self->keys, refresh_token);
  if (token == NULL && family == NULL)
    return dex_future_new_reject (
      MUSTER_ERROR, MUSTER_ERROR_UNAUTHORIZED,
      "logging out needs the access token or the refresh token of the sign-in that ends");
  call = muster_accounts_call_new (self, NULL);
  call->id = token != NULL ? g_strdup (token->sign_in_id) : g_steal_pointer (&family);
  call->hash = token != NULL ? g_strdup (token->id) : NULL;
  call->revision = token != NULL ? token->expires_at : 0;
  return muster_database_write (muster_repository_get_database (self->repository), self->actor,
                                NULL, end_job, call, muster_accounts_call_unref);
}
