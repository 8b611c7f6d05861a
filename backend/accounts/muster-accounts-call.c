/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-accounts"

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "model/muster-error.h"
#include "muster-accounts-private.h"

MusterAccountsCall *
muster_accounts_call_new (MusterAccounts *accounts, MusterActor *actor)
{
  MusterAccountsCall *self = g_atomic_rc_box_new0 (MusterAccountsCall);

  self->accounts = g_object_ref (accounts);
  self->actor = actor != NULL ? muster_actor_ref (actor) : NULL;
  return self;
}

MusterAccountsCall *
muster_accounts_call_ref (MusterAccountsCall *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
wipe (char *text)
{
  if (text != NULL)
    sodium_memzero (text, strlen (text));
  g_free (text);
}

static void
muster_accounts_call_clear (gpointer data)
{
  MusterAccountsCall *self = data;

  g_object_unref (self->accounts);
  g_clear_pointer (&self->actor, muster_actor_unref);
  g_clear_object (&self->entity);
  g_clear_pointer (&self->changes, json_object_unref);
  wipe (self->secret);
  wipe (self->old);
  g_free (self->id);
  g_free (self->hash);
  g_free (self->remote);
  g_free (self->client);
}

void
muster_accounts_call_unref (gpointer self)
{
  g_atomic_rc_box_release_full (self, muster_accounts_call_clear);
}

DexFuture *
muster_accounts_call_run (MusterAccountsCall *self, DexFiberFunc fiber)
{
  return dex_scheduler_spawn (NULL, 0, fiber, self, muster_accounts_call_unref);
}

gboolean
muster_accounts_call_write (MusterAccountsCall *self,
                            const char         *operation,
                            MusterDatabaseFunc  func,
                            GError            **error)
{
  MusterAccounts *accounts = self->accounts;

  return dex_await (muster_database_write (muster_repository_get_database (accounts->repository),
                                           self->actor != NULL ? self->actor : accounts->actor,
                                           operation, func, muster_accounts_call_ref (self),
                                           muster_accounts_call_unref),
                    error);
}

MusterEntity *
muster_accounts_find (MusterAccounts         *self,
                      const MusterEntityInfo *info,
                      const char             *field,
                      const char             *value,
                      GError                **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (info);
  g_autoptr (GPtrArray) found = NULL;

  muster_query_where (query, field, value);
  muster_query_set_limit (query, 1);
  found = dex_await_boxed (muster_repository_select (self->repository, query), error);
  return found != NULL && found->len > 0 ? g_object_ref (found->pdata[0]) : NULL;
}

gboolean
muster_accounts_attempt (MusterAccounts *self,
                         MusterThrottle *throttle,
                         const char     *name,
                         GError        **error)
{
  gint64   now = muster_clock_get_monotonic (self->clock);
  gint64   wait = muster_throttle_get_wait (throttle, name, now);
  unsigned seconds = (wait + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;
  GError  *refusal = NULL;

  if (wait == 0)
    {
      muster_throttle_fail (throttle, name, now);
      return TRUE;
    }
  refusal = g_error_new (MUSTER_ERROR, MUSTER_ERROR_RATE_LIMITED,
                         "too many attempts have failed: try again in %u s", seconds);
  muster_error_set_retry_after (refusal, seconds);
  g_propagate_error (error, refusal);
  return FALSE;
}

gboolean
muster_accounts_check_enabled (MusterEntity *person, GError **error)
{
  if (!muster_entity_get_boolean (person, "disabled"))
    return TRUE;
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN,
                       "this person is disabled: an administrator can change that");
  return FALSE;
}

gboolean
muster_accounts_is_administrator (MusterActor *actor)
{
  return actor != NULL && (muster_actor_get_role (actor) == MUSTER_ROLE_ADMINISTRATOR ||
                           muster_actor_get_kind (actor) == MUSTER_ACTOR_SYSTEM);
}
