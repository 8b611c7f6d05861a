/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-accounts"

#include "config.h"

#include "core/muster-promise.h"
#include "model/muster-api-key.h"
#include "model/muster-error.h"
#include "model/muster-revoked-token.h"
#include "model/muster-sign-in.h"
#include "muster-accounts-private.h"
#include "muster-refresh-token.h"

#define KEY_PREFIX "mk_"
#define KEY_MAX 100
/* How exact "last used" is: each is a write. */
#define KEY_TOUCH (60 * G_TIME_SPAN_SECOND)

/* --- what is known --- */

/* Who was found behind a token or a user. */
typedef struct
{
  MusterActor *actor; /* (owned) (nullable): nobody of the site's people */
  gint64       until; /* UTC µs */
} Known;

static void
known_free (gpointer data)
{
  Known *self = data;

  g_clear_pointer (&self->actor, muster_actor_unref);
  g_free (self);
}

MusterLru *
muster_accounts_known_new (unsigned n)
{
  return muster_lru_new (n, known_free);
}

static Known *
muster_accounts_recall (MusterAccounts *self, const char *name)
{
  Known *known = muster_lru_lookup (self->known, name);

  if (known == NULL || known->until > muster_clock_get_now (self->clock))
    return known;
  muster_lru_remove (self->known, name);
  return NULL;
}

/* Keeps ACTOR (nullable) unless records have changed since GENERATION. */
static void
muster_accounts_learn (MusterAccounts *self,
                       unsigned        generation,
                       const char     *name,
                       MusterActor    *actor,
                       gint64          until)
{
  Known *known = NULL;

  if (generation != self->generation)
    return;
  known = g_new0 (Known, 1);
  known->actor = actor != NULL ? muster_actor_ref (actor) : NULL;
  known->until = until;
  muster_lru_insert (self->known, name, known, 1);
}

static DexFuture *
resolve_actor (MusterActor *actor)
{
  return dex_future_new_take_boxed (MUSTER_TYPE_ACTOR, actor);
}

static DexFuture *
refuse_token (void)
{
  return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_UNAUTHORIZED,
                                "the token is not valid here");
}

static MusterActor *
make_person_actor (MusterEntity *person)
{
  return muster_actor_new (MUSTER_ACTOR_PERSON, muster_entity_get_id (person),
                           muster_entity_get_string (person, "name"),
                           muster_entity_get_enum (person, "role"));
}

/* --- looking up, in one snapshot --- */

typedef struct
{
  MusterAccounts    *accounts; /* (owned) */
  MusterAccessToken *token;    /* (owned) (nullable) */
  char              *name;     /* (owned): under which it is known */
  char              *value;    /* (owned) (nullable): hash of a key, name of a user */
  unsigned           generation;
  gint64             until;
  gboolean           is_owner;
  int                role;
  char              *key_id; /* (owned) (nullable): whose use is to be noted */
} Lookup;

static Lookup *
lookup_new (MusterAccounts *accounts, const char *kind, const char *value)
{
  Lookup *self = g_atomic_rc_box_new0 (Lookup);

  self->accounts = g_object_ref (accounts);
  self->name = g_strconcat (kind, ":", value, NULL);
  self->value = g_strdup (value);
  self->generation = accounts->generation;
  self->until = G_MAXINT64;
  return self;
}

static void
lookup_clear (gpointer data)
{
  Lookup *self = data;

  g_object_unref (self->accounts);
  g_clear_pointer (&self->token, muster_access_token_free);
  g_free (self->name);
  g_free (self->value);
  g_free (self->key_id);
}

static void
lookup_unref (gpointer self)
{
  g_atomic_rc_box_release_full (self, lookup_clear);
}

static gboolean
refuse (GError **error)
{
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_UNAUTHORIZED,
                       "the token is not valid here any more: sign in again");
  return FALSE;
}

static MusterEntity *
find_one (MusterTransaction      *transaction,
          const MusterEntityInfo *info,
          const char             *field,
          const char             *value,
          GError                **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (info);

  muster_query_where (query, field, value);
  return muster_transaction_find (transaction, query, error);
}

/* The person of ID who may act: NULL with ERROR otherwise. */
static MusterEntity *
get_active_person (MusterTransaction *transaction, const char *id, GError **error)
{
  g_autoptr (MusterEntity) person =
              muster_transaction_get (transaction, &muster_person_info, id, NULL);

  if (person != NULL && !muster_entity_get_boolean (person, "disabled"))
    return g_steal_pointer (&person);
  refuse (error);
  return NULL;
}

static void
take_actor (GValue *result, MusterActor *actor)
{
  g_value_init (result, MUSTER_TYPE_ACTOR);
  g_value_take_boxed (result, actor);
}

static gboolean
token_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Lookup *lookup = data;
  g_autoptr (GError) cause = NULL;
  g_autoptr (MusterEntity) sign_in = muster_transaction_get (transaction, &muster_sign_in_info,
                                                            lookup->token->sign_in_id, NULL);
  g_autoptr (MusterEntity) revoked = find_one (transaction, &muster_revoked_token_info, "token_id",
                                              lookup->token->id, &cause);
  g_autoptr (MusterEntity) person = NULL;

  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  if (sign_in == NULL || revoked != NULL || !muster_entity_is_null (sign_in, "revoked_at") ||
      g_strcmp0 (muster_entity_get_string (sign_in, "person_id"), lookup->token->person_id) != 0)
    return refuse (error);
  person = get_active_person (transaction, lookup->token->person_id, error);
  if (person == NULL)
    return FALSE;
  take_actor (result, make_person_actor (person));
  return TRUE;
}

/* A key is good for what its role and, still, its person's allow. */
static gboolean
key_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Lookup *lookup = data;
  g_autoptr (MusterEntity) key = NULL;
  g_autoptr (MusterEntity) person = NULL;
  gint64 now = muster_transaction_get_now (transaction);
  int    role;

  key = find_one (transaction, &muster_api_key_info, "key_hash", lookup->value, NULL);
  if (key == NULL || muster_entity_get_boolean (key, "disabled") ||
      (!muster_entity_is_null (key, "expires_at") &&
       muster_entity_get_integer (key, "expires_at") <= now))
    return refuse (error);
  role = muster_entity_get_enum (key, "role");
  if (!muster_entity_is_null (key, "person_id"))
    {
      person = get_active_person (transaction, muster_entity_get_string (key, "person_id"), error);
      if (person == NULL)
        return FALSE;
      role = MAX (role, muster_entity_get_enum (person, "role"));
    }
  if (!muster_entity_is_null (key, "expires_at"))
    lookup->until = muster_entity_get_integer (key, "expires_at");
  if (muster_entity_get_integer (key, "last_used_at") + KEY_TOUCH < now)
    lookup->key_id = g_strdup (muster_entity_get_id (key));
  else
    lookup->until = MIN (lookup->until, now + KEY_TOUCH);
  take_actor (result, muster_actor_new_key (muster_entity_get_id (key),
                                            muster_entity_get_string (key, "name"), role,
                                            muster_entity_get_string (key, "person_id")));
  return TRUE;
}

static gboolean
user_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Lookup *lookup = data;
  g_autoptr (GError) cause = NULL;
  g_autoptr (MusterEntity) person =
              find_one (transaction, &muster_person_info, "local_user", lookup->value, &cause);

  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  if (person == NULL)
    return TRUE;
  if (!muster_accounts_check_enabled (person, error))
    return FALSE;
  take_actor (result, make_person_actor (person));
  return TRUE;
}

/* --- afterwards --- */

static gboolean
touch_key_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Lookup *lookup = data;
  g_autoptr (MusterEntity) key =
              muster_transaction_get (transaction, &muster_api_key_info, lookup->key_id, error);

  if (key == NULL)
    return FALSE;
  muster_entity_set_integer (key, "last_used_at", muster_transaction_get_now (transaction));
  return muster_transaction_touch (transaction, key, error);
}

/* Whoever uses the machine and is no person of the site. */
static MusterActor *
make_local_actor (MusterAccounts *self, const char *user, gboolean is_owner, int role)
{
  const char *setting = muster_settings_get_string (self->settings, MUSTER_SETTING_LOCAL_ROLE);

  if (is_owner)
    role = muster_enum_parse (&muster_role_enum, setting);
  return muster_actor_new (MUSTER_ACTOR_LOCAL, user, user, role);
}

static DexFuture *
muster_accounts_found_cb (DexFuture *future, gpointer user_data)
{
  Lookup         *lookup = user_data;
  MusterAccounts *self = lookup->accounts;
  const GValue   *value = dex_future_get_value (future, NULL);
  MusterActor *actor = G_VALUE_HOLDS (value, MUSTER_TYPE_ACTOR) ? g_value_get_boxed (value) : NULL;

  if (lookup->key_id != NULL)
    muster_disown_logged (G_LOG_LEVEL_MESSAGE,
                          muster_database_write (muster_repository_get_database (self->repository),
                                                 self->actor, NULL, touch_key_job,
                                                 g_atomic_rc_box_acquire (lookup), lookup_unref),
                          "the use of a key");
  else
    muster_accounts_learn (self, lookup->generation, lookup->name, actor, lookup->until);
  if (actor != NULL)
    return dex_ref (future);
  return resolve_actor (make_local_actor (self, lookup->value, lookup->is_owner, lookup->role));
}

/* Takes LOOKUP. */
static DexFuture *
muster_accounts_look_up (Lookup *lookup, MusterDatabaseFunc func)
{
  MusterDatabase *database = muster_repository_get_database (lookup->accounts->repository);

  return dex_future_then (muster_database_read (database, func, g_atomic_rc_box_acquire (lookup),
                                                lookup_unref),
                          muster_accounts_found_cb, lookup, lookup_unref);
}

/* --- by token --- */

static DexFuture *
muster_accounts_authenticate_person (MusterAccounts *self, const char *text)
{
  GError *error = NULL;
  g_autoptr (MusterAccessToken) token =
              muster_access_token_verify (text, self->keys, self->issuer,
                                          muster_clock_get_now (self->clock) / G_USEC_PER_SEC,
                                          &error);
  Known           *known = NULL;
  Lookup          *lookup = NULL;
  g_autofree char *claims = NULL;

  if (token == NULL)
    return dex_future_new_for_error (error);
  claims = g_strjoin (":", token->id, token->sign_in_id, token->person_id, NULL);
  lookup = lookup_new (self, "token", claims);
  known = muster_accounts_recall (self, lookup->name);
  if (known != NULL)
    {
      lookup_unref (lookup);
      return resolve_actor (muster_actor_ref (known->actor));
    }
  lookup->until = token->expires_at * G_USEC_PER_SEC;
  lookup->token = g_steal_pointer (&token);
  return muster_accounts_look_up (lookup, token_job);
}

static DexFuture *
muster_accounts_authenticate_key (MusterAccounts *self, const char *text)
{
  g_autofree char *hash = muster_secret_hash (text);
  Lookup          *lookup = lookup_new (self, "key", hash);
  Known           *known = muster_accounts_recall (self, lookup->name);

  if (known == NULL)
    return muster_accounts_look_up (lookup, key_job);
  lookup_unref (lookup);
  return resolve_actor (muster_actor_ref (known->actor));
}

DexFuture *
muster_accounts_authenticate (MusterAccounts *self, const char *token)
{
  MusterActor *actor = NULL;

  g_return_val_if_fail (MUSTER_IS_ACCOUNTS (self), NULL);
  g_return_val_if_fail (token != NULL, NULL);

  if (g_str_has_prefix (token, KEY_PREFIX))
    return strnlen (token, KEY_MAX + 1) <= KEY_MAX ? muster_accounts_authenticate_key (self, token)
                                                   : refuse_token ();
  if (muster_access_token_looks_like (token))
    return muster_accounts_authenticate_person (self, token);
  if (self->fallback != NULL)
    actor = self->fallback (token, self->fallback_data);
  return actor != NULL ? resolve_actor (actor) : refuse_token ();
}

char *
muster_accounts_dup_sign_in (MusterAccounts *self, const char *access_token)
{
  g_autoptr (MusterAccessToken) token = NULL;

  g_return_val_if_fail (MUSTER_IS_ACCOUNTS (self), NULL);

  if (access_token != NULL)
    token = muster_access_token_verify (access_token, self->keys, self->issuer,
                                        muster_clock_get_now (self->clock) / G_USEC_PER_SEC, NULL);
  return token != NULL ? g_strdup (token->sign_in_id) : NULL;
}

/* --- by user of the machine --- */

DexFuture *
muster_accounts_identify (MusterAccounts *self, const char *user, gboolean is_owner, int role)
{
  Lookup *lookup = NULL;
  Known  *known = NULL;

  g_return_val_if_fail (MUSTER_IS_ACCOUNTS (self), NULL);
  g_return_val_if_fail (user != NULL, NULL);

  lookup = lookup_new (self, "user", user);
  known = muster_accounts_recall (self, lookup->name);
  lookup->is_owner = is_owner;
  lookup->role = role;
  if (known == NULL)
    return muster_accounts_look_up (lookup, user_job);
  lookup_unref (lookup);
  return resolve_actor (known->actor != NULL ? muster_actor_ref (known->actor)
                                             : make_local_actor (self, user, is_owner, role));
}
