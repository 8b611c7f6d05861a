/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-signing"

#include "config.h"

#include "muster-api-calls.h"
#include "muster-api-signing.h"

#define COLLECTION "signing-keys"
/* A passphrase is worked on for a while, and a large image copied. In ms. */
#define SIGN_DEADLINE (5 * 60 * 1000)

DexFuture *
muster_api_signing_keys_list (MusterApiClient *client, const MusterApiListQuery *query)
{
  return muster_api_call_page (client, muster_api_request_new ("GET", COLLECTION, "", NULL), query,
                               &muster_signing_key_info);
}

DexFuture *
muster_api_signing_keys_get (MusterApiClient *client, const char *id)
{
  return muster_api_call_entity (client, muster_api_request_new ("GET", COLLECTION, id, NULL),
                                 &muster_signing_key_info);
}

/* Takes REQUEST and BODY. */
static DexFuture *
send (MusterApiClient        *client,
      MusterApiRequest       *request,
      JsonObject             *body,
      const MusterEntityInfo *info)
{
  muster_api_request_take_object (request, body);
  muster_api_request_set_deadline (request, SIGN_DEADLINE);
  return muster_api_call_entity (client, request, info);
}

DexFuture *
muster_api_signing_keys_create (MusterApiClient *client,
                                const char      *name,
                                const char      *passphrase,
                                const char      *secret_key)
{
  return send (client, muster_api_request_new ("POST", COLLECTION, "", NULL),
               muster_api_make_object ("name", name, "passphrase", passphrase, "secret_key",
                                       secret_key, NULL),
               &muster_signing_key_info);
}

DexFuture *
muster_api_signing_keys_add_token (MusterApiClient *client,
                                   const char      *name,
                                   const char      *token_uri,
                                   const char      *pin)
{
  return send (client, muster_api_request_new ("POST", COLLECTION, "", NULL),
               muster_api_make_object ("name", name, "token_uri", token_uri, "passphrase", pin,
                                       NULL),
               &muster_signing_key_info);
}

DexFuture *
muster_api_signing_keys_trust (MusterApiClient *client, const char *name, const char *public_key)
{
  return send (client, muster_api_request_new ("POST", COLLECTION, "", NULL),
               muster_api_make_object ("name", name, "public_key", public_key, NULL),
               &muster_signing_key_info);
}

DexFuture *
muster_api_signing_keys_trust_certificate (MusterApiClient *client,
                                           const char      *name,
                                           const char      *certificate)
{
  return send (client, muster_api_request_new ("POST", COLLECTION, "", NULL),
               muster_api_make_object ("name", name, "certificate", certificate, NULL),
               &muster_signing_key_info);
}

DexFuture *
muster_api_signing_keys_update (MusterApiClient *client,
                                const char      *id,
                                JsonObject      *changes,
                                gint64           revision)
{
  return muster_api_call_update (client, muster_api_request_new ("PUT", COLLECTION, id, NULL),
                                 changes, revision, &muster_signing_key_info);
}

DexFuture *
muster_api_signing_keys_rotate (MusterApiClient *client,
                                const char      *id,
                                const char      *passphrase,
                                const char      *name,
                                const char      *new_passphrase,
                                const char      *new_token_uri)
{
  return send (client, muster_api_request_new ("POST", COLLECTION, id, "rotate", NULL),
               muster_api_make_object ("name", name, "passphrase", passphrase, "new_passphrase",
                                       new_passphrase, "new_token_uri", new_token_uri, NULL),
               &muster_signing_key_info);
}

DexFuture *
muster_api_signing_keys_revoke (MusterApiClient *client, const char *id, const char *reason)
{
  return send (client, muster_api_request_new ("POST", COLLECTION, id, "revoke", NULL),
               muster_api_make_object ("reason", reason, NULL), &muster_signing_key_info);
}

DexFuture *
muster_api_firmware_sign (MusterApiClient *client,
                          const char      *artifact_id,
                          const char      *key_id,
                          const char      *passphrase,
                          const char      *second_key_id,
                          const char      *second_passphrase)
{
  return send (client, muster_api_request_new ("POST", "firmware", artifact_id, "sign", NULL),
               muster_api_make_object ("signing_key_id", key_id, "passphrase", passphrase,
                                       "second_key_id", second_key_id, "second_passphrase",
                                       second_passphrase, NULL),
               &muster_firmware_artifact_info);
}
