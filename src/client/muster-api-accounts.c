/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-accounts"

#include "config.h"

#include "muster-api-accounts.h"
#include "muster-api-calls.h"
#include "muster-api-json.h"

#include "model/muster-error.h"

/* --- signing in --- */

/* Ends the sign-in of REFRESH at the site; CLIENT has forgotten it already. */
static DexFuture *
end_sign_in (MusterApiClient *client, const char *refresh)
{
  MusterApiRequest *request = muster_api_request_new ("POST", "users", "logout", NULL);

  muster_api_request_set_speaks_for_itself (request, TRUE);
  muster_api_request_take_object (request, muster_api_make_object ("refresh_token", refresh, NULL));
  return muster_api_call_done (client, request);
}

static void
disown_end (MusterApiClient *client, const char *refresh)
{
  dex_future_disown (end_sign_in (client, refresh));
}

static DexFuture *
signed_in_cb (DexFuture *future, gpointer user_data)
{
  MusterApiClient *client = user_data;
  JsonObject      *session = g_value_get_boxed (dex_future_get_value (future, NULL));
  JsonObject      *user = muster_api_json_get_object (session, "user");
  const char      *access = muster_api_json_get_string (session, "access_token");
  const char      *refresh = muster_api_json_get_string (session, "refresh_token");
  g_autofree char *before = g_strdup (muster_api_client_get_refresh_token (client));
  g_autoptr (MusterEntity) person = NULL;
  GError *error = NULL;

  if (user == NULL || access == NULL || refresh == NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_PROTOCOL,
                                  "the answer to a sign-in has no tokens or no person");
  person = muster_entity_new_from_json (&muster_person_info, user, &error);
  if (person == NULL)
    return dex_future_new_for_error (error);
  muster_api_client_set_sign_in (client, access, refresh);
  if (before != NULL)
    disown_end (client, before);
  return dex_future_new_take_object (g_steal_pointer (&person));
}

/* Takes REQUEST and BODY. */
static DexFuture *
sign_in (MusterApiClient *client, MusterApiRequest *request, JsonObject *body)
{
  muster_api_request_take_object (request, body);
  return dex_future_then (muster_api_call_object (client, request), signed_in_cb,
                          g_object_ref (client), g_object_unref);
}

DexFuture *
muster_api_sign_in (MusterApiClient *client, const char *email, const char *password)
{
  MusterApiRequest *request = muster_api_request_new ("POST", "users", "auth", NULL);

  muster_api_request_set_speaks_for_itself (request, TRUE);
  return sign_in (client, request,
                  muster_api_make_object ("email", email, "password", password, NULL));
}

DexFuture *
muster_api_sign_in_by_pin (MusterApiClient *client, const char *person_id, const char *pin)
{
  return sign_in (client, muster_api_request_new ("POST", "users", "auth-pin", NULL),
                  muster_api_make_object ("person_id", person_id, "pin", pin, NULL));
}

DexFuture *
muster_api_sign_in_by_badge (MusterApiClient *client, const char *code)
{
  return sign_in (client, muster_api_request_new ("POST", "users", "auth-pin", NULL),
                  muster_api_make_object ("badge", code, NULL));
}

DexFuture *
muster_api_sign_out (MusterApiClient *client)
{
  g_autofree char *refresh = g_strdup (muster_api_client_get_refresh_token (client));

  if (refresh == NULL)
    return dex_future_new_true ();
  muster_api_client_set_sign_in (client, NULL, NULL);
  return end_sign_in (client, refresh);
}

/* --- who may what --- */

DexFuture *
muster_api_users_get_me (MusterApiClient *client)
{
  return muster_api_call_entity (client, muster_api_request_new ("GET", "users", "me", NULL),
                                 &muster_person_info);
}

DexFuture *
muster_api_rights_get (MusterApiClient *client)
{
  return muster_api_call_object (client, muster_api_request_new ("GET", "rights", NULL));
}

/* --- people --- */

DexFuture *
muster_api_users_list (MusterApiClient *client, const MusterApiListQuery *query)
{
  return muster_api_call_page (client, muster_api_request_new ("GET", "users", "", NULL), query,
                               &muster_person_info);
}

DexFuture *
muster_api_users_list_names (MusterApiClient *client)
{
  return muster_api_call_object (client, muster_api_request_new ("GET", "users", "names", NULL));
}

DexFuture *
muster_api_users_get (MusterApiClient *client, const char *id)
{
  return muster_api_call_entity (client, muster_api_request_new ("GET", "users", id, NULL),
                                 &muster_person_info);
}

DexFuture *
muster_api_users_add (MusterApiClient *client, JsonObject *body)
{
  MusterApiRequest *request = muster_api_request_new ("POST", "users", "add", NULL);

  muster_api_request_take_object (request, body);
  return muster_api_call_entity (client, request, &muster_person_info);
}

DexFuture *
muster_api_users_update (MusterApiClient *client,
                         const char      *id,
                         JsonObject      *changes,
                         gint64           revision)
{
  return muster_api_call_update (client, muster_api_request_new ("PUT", "users", id, NULL), changes,
                                 revision, &muster_person_info);
}

DexFuture *
muster_api_users_delete (MusterApiClient *client, const char *id, gint64 revision)
{
  return muster_api_call_delete (client, muster_api_request_new ("DELETE", "users", id, NULL),
                                 revision);
}

static void
set_text_or_null (JsonObject *body, const char *name, const char *text)
{
  if (text != NULL)
    json_object_set_string_member (body, name, text);
  else
    json_object_set_null_member (body, name);
}

DexFuture *
muster_api_users_set_password (MusterApiClient *client,
                               const char      *id,
                               const char      *password,
                               const char      *old)
{
  MusterApiRequest *request = muster_api_request_new ("PUT", "users", id, "password", NULL);
  JsonObject       *body = muster_api_make_object ("old_password", old, NULL);

  set_text_or_null (body, "password", password);
  muster_api_request_take_object (request, body);
  return muster_api_call_entity (client, request, &muster_person_info);
}

static DexFuture *
set_kiosk_secret (MusterApiClient *client,
                  const char      *name,
                  const char      *person_id,
                  const char      *secret)
{
  MusterApiRequest *request = muster_api_request_new ("POST", "users", name, NULL);
  JsonObject       *body = muster_api_make_object ("person_id", person_id, NULL);

  set_text_or_null (body, name, secret);
  muster_api_request_take_object (request, body);
  return muster_api_call_entity (client, request, &muster_person_info);
}

DexFuture *
muster_api_users_set_pin (MusterApiClient *client, const char *person_id, const char *pin)
{
  return set_kiosk_secret (client, "pin", person_id, pin);
}

DexFuture *
muster_api_users_set_badge (MusterApiClient *client, const char *person_id, const char *code)
{
  return set_kiosk_secret (client, "badge", person_id, code);
}

/* --- keys of programs --- */

DexFuture *
muster_api_keys_list (MusterApiClient *client, const MusterApiListQuery *query)
{
  return muster_api_call_page (client, muster_api_request_new ("GET", "api-keys", "", NULL), query,
                               &muster_api_key_info);
}

DexFuture *
muster_api_keys_add (MusterApiClient *client, JsonObject *body)
{
  MusterApiRequest *request = muster_api_request_new ("POST", "api-keys", "", NULL);

  muster_api_request_take_object (request, body);
  return muster_api_call_object (client, request);
}

DexFuture *
muster_api_keys_update (MusterApiClient *client,
                        const char      *id,
                        JsonObject      *changes,
                        gint64           revision)
{
  return muster_api_call_update (client, muster_api_request_new ("PUT", "api-keys", id, NULL),
                                 changes, revision, &muster_api_key_info);
}

DexFuture *
muster_api_keys_delete (MusterApiClient *client, const char *id, gint64 revision)
{
  return muster_api_call_delete (client, muster_api_request_new ("DELETE", "api-keys", id, NULL),
                                 revision);
}
