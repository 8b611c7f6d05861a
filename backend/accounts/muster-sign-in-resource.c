/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sign-in-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-error.h"
#include "model/muster-person.h"
#include "muster-accounts-resource.h"
#include "muster-rights-resource.h"

/* Longer than any token that is given out here. */
#define MAX_TOKEN 4096

const char *
muster_accounts_get_member (MusterRequest *request, const char *name)
{
  JsonObject *object = json_node_get_object (muster_request_get_json (request));
  JsonNode   *node = json_object_get_member (object, name);

  return node != NULL && !JSON_NODE_HOLDS_NULL (node) ? json_node_get_string (node) : NULL;
}

static MusterCaller
get_caller (MusterRequest *request)
{
  MusterCaller caller = { muster_request_get_remote (request),
                          muster_request_get_header (request, "User-Agent") };

  if (caller.client != NULL && !g_utf8_validate (caller.client, -1, NULL))
    caller.client = NULL;
  return caller;
}

/* --- answers --- */

static void
append_text (GString *json, const char *name, const char *text)
{
  g_string_append_printf (json, "%s\"%s\":", json->len > 1 ? "," : "", name);
  if (text != NULL)
    muster_json_append_string (json, text, -1);
  else
    g_string_append (json, "null");
}

static DexFuture *
respond_session_cb (DexFuture *future, gpointer user_data)
{
  const MusterSession *session = g_value_get_boxed (dex_future_get_value (future, NULL));
  GString             *json = g_string_new ("{");
  MusterResponse      *response = NULL;

  append_text (json, "access_token", session->access_token);
  append_text (json, "token", session->access_token);
  append_text (json, "refresh_token", session->refresh_token);
  append_text (json, "token_type", "Bearer");
  g_string_append_printf (json,
                          ",\"expires_in\":%" G_GINT64_FORMAT ",\"user\":", session->expires_in);
  muster_entity_encode (session->person, json);
  g_string_append_c (json, '}');
  response = muster_response_new_json (200, json);
  muster_response_set_header (response, "Cache-Control", "no-store");
  return muster_response_resolve (response);
}

/* --- in and out --- */

static DexFuture *
post_auth (MusterRequest *request, gpointer accounts)
{
  MusterCaller caller = get_caller (request);

  return dex_future_then (muster_accounts_sign_in (accounts,
                                                   muster_accounts_get_member (request, "email"),
                                                   muster_accounts_get_member (request, "password"),
                                                   &caller),
                          respond_session_cb, NULL, NULL);
}

static DexFuture *
post_auth_pin (MusterRequest *request, gpointer accounts)
{
  MusterCaller caller = get_caller (request);
  const char  *person = muster_accounts_get_member (request, "person_id");
  const char  *pin = muster_accounts_get_member (request, "pin");
  const char  *badge = muster_accounts_get_member (request, "badge");

  if (badge != NULL && person == NULL && pin == NULL)
    return dex_future_then (muster_accounts_sign_in_by_badge (accounts, badge, &caller),
                            respond_session_cb, NULL, NULL);
  if (person == NULL || pin == NULL || badge != NULL)
    {
      g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
      GError *error = NULL;

      muster_field_errors_add (errors, "", "must have person_id and pin, or badge alone");
      muster_field_errors_check (errors, &error);
      return dex_future_new_for_error (error);
    }
  return dex_future_then (muster_accounts_sign_in_by_pin (accounts, person, pin, &caller),
                          respond_session_cb, NULL, NULL);
}

static DexFuture *
post_refresh (MusterRequest *request, gpointer accounts)
{
  return dex_future_then (
    muster_accounts_refresh (accounts, muster_accounts_get_member (request, "refresh_token")),
    respond_session_cb, NULL, NULL);
}

static DexFuture *
respond_out_cb (DexFuture *future, gpointer user_data)
{
  return muster_response_resolve (
    muster_response_new_json (200, g_string_new ("{\"signed_out\":true}")));
}

static DexFuture *
post_logout (MusterRequest *request, gpointer accounts)
{
  const char *token = muster_accounts_get_member (request, "token");
  const char *refresh = muster_accounts_get_member (request, "refresh_token");

  /* Who names a sign-in may well be speaking from another one, which goes on. */
  if (token == NULL && refresh == NULL)
    token = muster_request_get_bearer (request);
  return dex_future_then (muster_accounts_sign_out (accounts, token, refresh), respond_out_cb, NULL,
                          NULL);
}

/* --- who is that --- */

/* ACTOR, and PERSON (nullable) behind it. */
static DexFuture *
respond_actor (MusterActor *actor, MusterEntity *person)
{
  GString        *json = g_string_new ("{\"valid\":true");
  MusterResponse *response = NULL;

  append_text (json, "actor", muster_actor_to_string (actor));
  append_text (json, "name", muster_actor_get_name (actor));
  append_text (json, "role",
               muster_enum_get_nick (&muster_role_enum, muster_actor_get_role (actor)));
  g_string_append (json, ",\"user\":");
  if (person != NULL)
    muster_entity_encode (person, json);
  else
    g_string_append (json, "null");
  g_string_append_c (json, '}');
  response = muster_response_new_json (200, json);
  muster_response_set_header (response, "Cache-Control", "no-store");
  return muster_response_resolve (response);
}

typedef struct
{
  MusterAccounts *accounts; /* (owned) */
  char           *token;    /* (owned) */
} Question;

static void
question_free (gpointer data)
{
  Question *self = data;

  g_object_unref (self->accounts);
  g_free (self->token);
  g_free (self);
}

static DexFuture *
verify_fiber (gpointer user_data)
{
  Question   *question = user_data;
  const char *person_id = NULL;
  GError     *error = NULL;
  g_autoptr (MusterEntity) person = NULL;
  g_autoptr (MusterActor) actor =
              dex_await_boxed (muster_accounts_authenticate (question->accounts, question->token),
                               &error);

  if (actor == NULL)
    return dex_future_new_for_error (error);
  person_id = muster_actor_get_person_id (actor);
  if (person_id != NULL)
    person =
      dex_await_object (muster_repository_get (muster_accounts_get_repository (question->accounts),
                                               &muster_person_info, person_id),
                        NULL);
  return respond_actor (actor, person);
}

static DexFuture *
post_verify (MusterRequest *request, gpointer accounts)
{
  const char *token = muster_accounts_get_member (request, "token");
  Question   *question = NULL;

  if (token == NULL)
    token = muster_request_get_bearer (request);
  if (token == NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_UNAUTHORIZED,
                                  "there is no token to verify");
  question = g_new0 (Question, 1);
  question->accounts = g_object_ref (accounts);
  question->token = g_strdup (token);
  return dex_scheduler_spawn (NULL, 0, verify_fiber, question, question_free);
}

/* clang-format off */
static const MusterField auth_fields[] = {
  { "email", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, 254, .label = N_("E-mail"), .doc = "The person's e-mail address." },
  { "password", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SECRET, 1, 2000, .label = N_("Password"), .doc = "The person's password." },
};
static const MusterField pin_fields[] = {
  { "person_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Person"), .doc = "Who that is, with `pin`." },
  { "pin", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SECRET, 1, 20, .label = N_("PIN"), .doc = "The person's PIN." },
  { "badge", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SECRET, 1, 200, .label = N_("Badge"), .doc = "The code of a badge, instead of both." },
};
static const MusterField refresh_fields[] = {
  { "refresh_token", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SECRET, 1, MAX_TOKEN, .label = N_("Refresh token"), .doc = "The newest one of the sign-in." },
};
static const MusterField logout_fields[] = {
  { "token", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SECRET, 1, MAX_TOKEN, .label = N_("Token"), .doc = "The access token; without it and without a refresh token, that of the header." },
  { "refresh_token", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SECRET, 1, MAX_TOKEN, .label = N_("Refresh token"), .doc = "The refresh token, where the access token is not at hand." },
};
static const MusterField verify_fields[] = {
  { "token", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SECRET, 1, MAX_TOKEN, .label = N_("Token"), .doc = "The token; without, that of the header." },
};
static const MusterField session_fields[] = {
  { "access_token", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, .label = N_("Access token"), .doc = "A JSON Web Token for `Authorization: Bearer`." },
  { "token", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, .label = N_("Token"), .doc = "The access token, by the name that earlier clients know." },
  { "refresh_token", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, .label = N_("Refresh token"), .doc = "Good once, for the next access token." },
  { "token_type", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, .label = N_("Type"), .doc = "Bearer." },
  { "expires_in", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED, .unit = "s", .label = N_("Expires in"), .doc = "For how long the access token is good." },
  { "user", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Person"), .doc = "Who signed in." },
};
static const MusterField verified_fields[] = {
  { "valid", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_REQUIRED, .label = N_("Valid"), .doc = "True; what is not valid is answered by 401." },
  { "actor", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, .label = N_("Holder"), .doc = "As the journal writes it." },
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, .label = N_("Name"), .doc = "What the holder is called." },
  { "role", MUSTER_FIELD_ENUM, MUSTER_FIELD_REQUIRED, .enumeration = &muster_role_enum, .label = N_("Role"), .doc = "The holder's role." },
  { "user", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, .label = N_("Person"), .doc = "The person, where it is one of the site." },
};
static const MusterField out_fields[] = {
  { "signed_out", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_REQUIRED, .label = N_("Signed out"), .doc = "True." },
};
#define SHAPE(schema_name, text, table) { .schema = schema_name, .doc = text, .fields = table, .n_fields = G_N_ELEMENTS (table) }
static const MusterShape auth_shape = SHAPE ("SignInByPassword", "What one signs in with.", auth_fields);
static const MusterShape pin_shape = SHAPE ("SignInByPin", "What one switches with at a kiosk.", pin_fields);
static const MusterShape refresh_shape = SHAPE ("Refresh", "A refresh token.", refresh_fields);
static const MusterShape logout_shape = SHAPE ("SignOut", "What ends.", logout_fields);
static const MusterShape verify_shape = SHAPE ("TokenToVerify", "A token.", verify_fields);
static const MusterShape session_shape = SHAPE ("Session", "The tokens of a sign-in.", session_fields);
static const MusterShape verified_shape = SHAPE ("VerifiedToken", "Whose token it is.", verified_fields);
static const MusterShape out_shape = SHAPE ("SignedOut", "Done.", out_fields);

static const MusterRoute routes[] = {
  { "POST", "/users/auth", "authenticateUser", "accounts", "Sign in by e-mail address and password", post_auth, MUSTER_ROUTE_PUBLIC, .request = &auth_shape, .response = &session_shape },
  { "POST", "/users/auth-pin", "authenticateUserByPin", "accounts", "Switch person at a kiosk, by PIN or badge", post_auth_pin, MUSTER_ROUTE_PLAIN, .request = &pin_shape, .response = &session_shape },
  { "POST", "/users/refresh", "refreshUser", "accounts", "The next access token of a sign-in, for its refresh token, which is good once", post_refresh, MUSTER_ROUTE_PUBLIC, .request = &refresh_shape, .response = &session_shape },
  { "POST", "/users/verify-token", "verifyUserToken", "accounts", "Whose token that is; 401 when it is not valid", post_verify, MUSTER_ROUTE_PUBLIC, .request = &verify_shape, .response = &verified_shape },
  { "POST", "/users/logout", "logoutUser", "accounts", "End a sign-in; its access token is refused from now on", post_logout, MUSTER_ROUTE_PUBLIC, .request = &logout_shape, .response = &out_shape },
};
/* clang-format on */

void
muster_sign_in_resource_add (MusterRouter *router, MusterAccounts *accounts)
{
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (accounts));
}

void
muster_accounts_resource_add (MusterRouter *router, MusterAccounts *accounts)
{
  g_return_if_fail (MUSTER_IS_ROUTER (router));
  g_return_if_fail (MUSTER_IS_ACCOUNTS (accounts));

  muster_user_resource_add (router, accounts);
  muster_sign_in_resource_add (router, accounts);
  muster_api_key_resource_add (router, accounts);
  muster_rights_resource_add (router);
}
