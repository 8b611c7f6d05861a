/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-accounts"

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "model/muster-error.h"
#include "muster-accounts-private.h"

/* People whose sign-in is kept, at once. */
#define MAX_SIGN_INS 100

/* By HTTP Basic, programs show a password with each request. Hashing it takes the tenth of a second
 * that it is to take, so it is looked at once: what stays is the sign-in, under a digest that says
 * nothing to anybody else, and whether that is still good is asked each time. */

static char *
make_name (MusterAccounts *self, const char *user, const char *password)
{
  crypto_generichash_state state;
  guint8                   digest[32];
  char                     text[2 * sizeof digest + 1];

  crypto_generichash_init (&state, self->basic_key, sizeof self->basic_key, sizeof digest);
  crypto_generichash_update (&state, (const guint8 *)user, strlen (user) + 1);
  crypto_generichash_update (&state, (const guint8 *)password, strlen (password));
  crypto_generichash_final (&state, digest, sizeof digest);
  return g_strdup (sodium_bin2hex (text, sizeof text, digest, sizeof digest));
}

/* The sign-in under NAME, the one that is kept or a new one: (transfer full). */
static DexFuture *
muster_accounts_get_sign_in (MusterAccounts     *self,
                             const char         *name,
                             MusterAccountsCall *call,
                             gboolean           *is_kept)
{
  DexFuture   *sign_in = NULL;
  MusterCaller caller = { call->remote, "HTTP Basic" };

  if (self->sign_ins == NULL)
    self->sign_ins = muster_lru_new (MAX_SIGN_INS, dex_unref);
  sign_in = muster_lru_lookup (self->sign_ins, name);
  *is_kept = sign_in != NULL;
  if (sign_in == NULL)
    {
      sign_in = muster_accounts_sign_in (self, call->id, call->secret, &caller);
      muster_lru_insert (self->sign_ins, name, sign_in, 1);
    }
  return dex_ref (sign_in);
}

static DexFuture *
basic_fiber (gpointer user_data)
{
  MusterAccountsCall *call = user_data;
  MusterAccounts     *self = call->accounts;
  g_autofree char    *name = make_name (self, call->id, call->secret);
  gboolean            is_kept = TRUE;
  GError             *error = NULL;

  while (is_kept)
    {
      MusterSession *session = NULL;
      MusterActor   *actor = NULL;

      g_clear_error (&error);
      session = dex_await_boxed (muster_accounts_get_sign_in (self, name, call, &is_kept), &error);
      if (session != NULL)
        actor =
          dex_await_boxed (muster_accounts_authenticate (self, session->access_token), &error);
      if (session != NULL)
        g_boxed_free (MUSTER_TYPE_SESSION, session);
      if (actor != NULL)
        return dex_future_new_take_boxed (MUSTER_TYPE_ACTOR, actor);
      muster_lru_remove (self->sign_ins, name);
    }
  return dex_future_new_for_error (error);
}

DexFuture *
muster_accounts_authenticate_basic (MusterAccounts *self,
                                    const char     *user,
                                    const char     *password,
                                    const char     *remote)
{
  MusterAccountsCall *call = NULL;

  g_return_val_if_fail (MUSTER_IS_ACCOUNTS (self), NULL);
  g_return_val_if_fail (user != NULL && password != NULL, NULL);

  /* People sign in by their e-mail addresses. */
  if (strchr (user, '@') == NULL)
    return muster_accounts_authenticate (self, password);
  call = muster_accounts_call_new (self, NULL);
  call->id = g_strdup (user);
  call->secret = g_strdup (password);
  call->remote = g_strdup (remote);
  return muster_accounts_call_run (call, basic_fiber);
}
