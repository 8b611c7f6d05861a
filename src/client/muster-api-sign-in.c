/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-sign-in"

#include "config.h"

#include "muster-api-calls.h"
#include "muster-api-json.h"
#include "muster-api-sign-in.h"

#include "model/muster-error.h"

gboolean
muster_api_sign_in_set (MusterApiSignIn *self, const char *access, const char *refresh)
{
  gboolean is_other = g_set_str (&self->access, access);

  return g_set_str (&self->refresh, refresh) || is_other;
}

void
muster_api_sign_in_clear (MusterApiSignIn *self)
{
  g_clear_pointer (&self->access, g_free);
  g_clear_pointer (&self->refresh, g_free);
  dex_clear (&self->renewal);
}

/* The client keeps the renewal, so the renewal must not keep the client. */
typedef struct
{
  GWeakRef client;
  char    *refresh; /* (owned): the token that is spent */
} Renewal;

static void
renewal_free (gpointer data)
{
  Renewal *self = data;

  g_weak_ref_clear (&self->client);
  g_free (self->refresh);
  g_free (self);
}

/* The tokens that came of it; NULL, NULL: the sign-in has ended. Somebody else may have signed in
 * while the answer was on its way. */
static void
renewal_settle (Renewal *self, const char *access, const char *refresh)
{
  g_autoptr (MusterApiClient) client = g_weak_ref_get (&self->client);

  if (client != NULL &&
      g_strcmp0 (muster_api_client_get_refresh_token (client), self->refresh) == 0)
    muster_api_client_set_sign_in (client, access, refresh);
}

static DexFuture *
renewed_cb (DexFuture *future, gpointer user_data)
{
  Renewal    *self = user_data;
  JsonObject *session = g_value_get_boxed (dex_future_get_value (future, NULL));
  const char *access = muster_api_json_get_string (session, "access_token");
  const char *refresh = muster_api_json_get_string (session, "refresh_token");

  if (access == NULL || refresh == NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_PROTOCOL,
                                  "the answer to a refresh has no tokens");
  renewal_settle (self, access, refresh);
  return dex_future_new_true ();
}

static DexFuture *
not_renewed_cb (DexFuture *future, gpointer user_data)
{
  Renewal *self = user_data;
  g_autoptr (GError) error = NULL;

  dex_future_get_value (future, &error);
  if (g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_UNAUTHORIZED) ||
      g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN))
    renewal_settle (self, NULL, NULL);
  return dex_ref (future);
}

DexFuture *
muster_api_sign_in_renew (MusterApiSignIn *self, MusterApiClient *client, const char *used)
{
  MusterApiRequest *request = NULL;
  Renewal          *renewal = NULL;

  if (self->refresh == NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_UNAUTHORIZED, "nobody is signed in");
  if (g_strcmp0 (used, self->access) != 0)
    return dex_future_new_true ();
  if (self->renewal != NULL && dex_future_is_pending (self->renewal))
    return dex_ref (self->renewal);
  renewal = g_new0 (Renewal, 1);
  g_weak_ref_init (&renewal->client, client);
  renewal->refresh = g_strdup (self->refresh);
  request = muster_api_request_new ("POST", "users", "refresh", NULL);
  /* Sent twice, it would look as if it had been stolen. */
  muster_api_request_set_single (request, TRUE);
  muster_api_request_set_speaks_for_itself (request, TRUE);
  muster_api_request_take_object (request,
                                  muster_api_make_object ("refresh_token", self->refresh, NULL));
  dex_clear (&self->renewal);
  self->renewal =
    dex_future_then (muster_api_call_object (client, request), renewed_cb, renewal, NULL);
  self->renewal = dex_future_catch (self->renewal, not_renewed_cb, renewal, renewal_free);
  return dex_ref (self->renewal);
}
