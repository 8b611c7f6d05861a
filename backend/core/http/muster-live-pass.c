/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-live-pass"

#include "config.h"

#include "model/muster-error.h"
#include "model/muster-rights.h"
#include "muster-live-pass.h"

struct _MusterLivePass
{
  MusterLiveAsk ask;
  gpointer      owner; /* (unowned) */
  char         *token; /* (owned) (nullable) */
  MusterActor  *local; /* (owned) (nullable) */
  MusterActor  *actor; /* (owned) */
};

MusterLivePass *
muster_live_pass_new (MusterLiveAsk ask,
                      gpointer      owner,
                      const char   *token,
                      MusterActor  *local,
                      MusterActor  *actor)
{
  MusterLivePass *self = NULL;

  g_return_val_if_fail (ask != NULL, NULL);
  g_return_val_if_fail (token != NULL || local != NULL, NULL);
  g_return_val_if_fail (actor != NULL, NULL);

  self = g_new0 (MusterLivePass, 1);
  self->ask = ask;
  self->owner = owner;
  self->token = g_strdup (token);
  self->local = local != NULL ? muster_actor_ref (local) : NULL;
  self->actor = muster_actor_ref (actor);
  return self;
}

void
muster_live_pass_free (MusterLivePass *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->token);
  g_clear_pointer (&self->local, muster_actor_unref);
  muster_actor_unref (self->actor);
  g_free (self);
}

DexFuture *
muster_live_pass_ask (MusterLivePass *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->ask (self->owner, self->token, self->local);
}

const char *
muster_live_pass_get_customer (MusterLivePass *self)
{
  const char *id;

  g_return_val_if_fail (self != NULL, NULL);

  if (muster_actor_get_role (self->actor) != MUSTER_ROLE_CUSTOMER)
    return NULL;
  id = muster_actor_get_person_id (self->actor);
  /* A customer who is nobody has nothing. */
  return id != NULL ? id : "";
}

gboolean
muster_live_pass_is_good (MusterLivePass *self, DexFuture *answer)
{
  g_autoptr (GError) error = NULL;
  const GValue *value = NULL;
  MusterActor  *now = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (DEX_IS_FUTURE (answer), FALSE);

  value = dex_future_get_value (answer, &error);
  if (value == NULL)
    return !g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_UNAUTHORIZED) &&
           !g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN);
  now = g_value_get_boxed (value);
  return muster_actor_get_role (now) == muster_actor_get_role (self->actor) &&
         g_str_equal (muster_actor_to_string (now), muster_actor_to_string (self->actor));
}
