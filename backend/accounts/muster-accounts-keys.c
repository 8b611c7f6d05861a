/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-accounts"

#include "config.h"

#include <sodium.h>

#include "model/muster-error.h"
#include "muster-accounts-private.h"
#include "muster-refresh-token.h"

#define KEY_PREFIX "mk_"
#define KEY_BYTES 32
#define SHOWN 8 /* characters of a key that tell it from others */

static char *
make_key (void)
{
  guint8 bytes[KEY_BYTES];
  char   text[sodium_base64_ENCODED_LEN (KEY_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];

  randombytes_buf (bytes, sizeof bytes);
  sodium_bin2base64 (text, sizeof text, bytes, sizeof bytes,
                     sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  sodium_memzero (bytes, sizeof bytes);
  return g_strconcat (KEY_PREFIX, text, NULL);
}

gboolean
muster_accounts_check_key_role (MusterEntity *key, MusterActor *actor, GError **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  int role;

  g_return_val_if_fail (MUSTER_IS_ENTITY (key), FALSE);
  g_return_val_if_fail (actor != NULL, FALSE);

  role = muster_entity_get_enum (key, "role");
  if (role < muster_actor_get_role (actor))
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN,
                   "a key cannot do more than who makes or changes it: its role may be %s at most",
                   muster_enum_get_nick (&muster_role_enum, muster_actor_get_role (actor)));
      return FALSE;
    }
  if (role == MUSTER_ROLE_PEER && !muster_accounts_is_administrator (actor))
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN,
                           "keys for other sites are made by administrators");
      return FALSE;
    }
  if (role == MUSTER_ROLE_DEVICE)
    muster_field_errors_add (errors, "/role",
                             "cannot be device: POST /devices/{id}/token gives a device its token");
  if (role == MUSTER_ROLE_PEER && !muster_entity_is_null (key, "person_id"))
    muster_field_errors_add (errors, "/person_id",
                             "must be left out: another site is nobody among the site's people");
  return muster_field_errors_check (errors, error);
}

static gboolean
check_key (MusterAccountsCall *call, GError **error)
{
  MusterActor *actor = call->actor;
  const char  *person_id = muster_entity_get_string (call->entity, "person_id");

  if (!muster_accounts_check_key_role (call->entity, actor, error))
    return FALSE;
  if (muster_accounts_is_administrator (actor))
    return TRUE;
  if (person_id == NULL)
    muster_entity_set_string (call->entity, "person_id", muster_actor_get_person_id (actor));
  else if (g_strcmp0 (person_id, muster_actor_get_person_id (actor)) != 0)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN,
                           "keys for others are made by administrators");
      return FALSE;
    }
  return TRUE;
}

static gboolean
add_key_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  return muster_transaction_insert (transaction, ((MusterAccountsCall *)data)->entity, error);
}

static DexFuture *
key_added_cb (DexFuture *future, gpointer user_data)
{
  return dex_future_new_for_string (((MusterAccountsCall *)user_data)->secret);
}

DexFuture *
muster_accounts_add_key (MusterAccounts *self, MusterActor *actor, MusterEntity *key)
{
  MusterAccountsCall *call = NULL;
  g_autofree char    *hash = NULL;
  g_autofree char    *prefix = NULL;
  g_autofree char    *operation = NULL;
  GError             *error = NULL;

  g_return_val_if_fail (MUSTER_IS_ACCOUNTS (self), NULL);
  g_return_val_if_fail (actor != NULL && MUSTER_IS_ENTITY (key), NULL);

  call = muster_accounts_call_new (self, actor);
  call->entity = g_object_ref (key);
  call->secret = make_key ();
  if (!check_key (call, &error))
    {
      muster_accounts_call_unref (call);
      return dex_future_new_for_error (error);
    }
  hash = muster_secret_hash (call->secret);
  prefix = g_strndup (call->secret, strlen (KEY_PREFIX) + SHOWN);
  muster_entity_set_string (key, "key_hash", hash);
  muster_entity_set_string (key, "prefix", prefix);
  operation = g_strconcat ("Make the key ", muster_entity_get_string (key, "name"), NULL);
  return dex_future_then (muster_database_write (muster_repository_get_database (self->repository),
                                                 actor, operation, add_key_job,
                                                 muster_accounts_call_ref (call),
                                                 muster_accounts_call_unref),
                          key_added_cb, call, muster_accounts_call_unref);
}
