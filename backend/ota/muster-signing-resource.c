/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-signing-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-signing-key.h"
#include "muster-signing-resource.h"
#include "muster-token-uri.h"
#include "muster-key-file.h"

static const char *
get_member (MusterRequest *request, const char *name)
{
  return json_object_get_string_member_with_default (json_node_get_object (
                                                       muster_request_get_json (request)),
                                                     name, NULL);
}

static const char *
get_id (MusterRequest *request)
{
  return muster_request_get_path_param (request, "id");
}

static DexFuture *
list_keys (MusterRequest *request, gpointer firmware)
{
  return muster_handle_list (request, muster_firmware_service_get_repository (firmware));
}

static DexFuture *
list_key_ids (MusterRequest *request, gpointer firmware)
{
  return muster_handle_list_ids (request, muster_firmware_service_get_repository (firmware));
}

static DexFuture *
get_key (MusterRequest *request, gpointer firmware)
{
  return muster_handle_get (request, muster_firmware_service_get_repository (firmware));
}

static DexFuture *
update_key (MusterRequest *request, gpointer firmware)
{
  return muster_handle_update (request, muster_firmware_service_get_repository (firmware));
}

static DexFuture *
create_key (MusterRequest *request, gpointer firmware)
{
  MusterActor              *actor = muster_request_get_actor (request);
  const char               *public_key = get_member (request, "public_key");
  const char               *certificate = get_member (request, "certificate");
  const MusterNewSigningKey wish = { get_member (request, "name"),
                                     get_member (request, "passphrase"),
                                     get_member (request, "secret_key"),
                                     get_member (request, "token_uri") };

  if (certificate != NULL)
    return muster_response_resolve_entity (
      muster_signing_trust_certificate (firmware, actor, get_member (request, "name"), certificate),
      201);
  if (public_key != NULL && wish.seed == NULL && wish.token_uri == NULL)
    return muster_response_resolve_entity (
      muster_signing_trust (firmware, actor, get_member (request, "name"), public_key), 201);
  return muster_response_resolve_entity (muster_signing_create (firmware, actor, &wish), 201);
}

static DexFuture *
rotate_key (MusterRequest *request, gpointer firmware)
{
  const MusterNewSigningKey wish = { get_member (request, "name"),
                                     get_member (request, "new_passphrase"), NULL,
                                     get_member (request, "new_token_uri") };

  return muster_response_resolve_entity (
    muster_signing_rotate (firmware, muster_request_get_actor (request), get_id (request),
                           get_member (request, "passphrase"), &wish),
    201);
}

static DexFuture *
revoke_key (MusterRequest *request, gpointer firmware)
{
  return muster_response_resolve_entity (muster_signing_revoke (firmware,
                                                                muster_request_get_actor (request),
                                                                get_id (request),
                                                                get_member (request, "reason")),
                                         200);
}

static DexFuture *
sign_firmware (MusterRequest *request, gpointer firmware)
{
  const MusterSigner first = { get_member (request, "signing_key_id"),
                               get_member (request, "passphrase") };
  const MusterSigner second = { get_member (request, "second_key_id"),
                                get_member (request, "second_passphrase") };

  return muster_response_resolve_entity (
    muster_signing_sign (firmware, muster_request_get_actor (request), get_id (request), &first,
                         second.key_id != NULL ? &second : NULL),
    200);
}

/* clang-format off */
static const MusterField new_fields[] = {
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, 120, .label = N_("Name"), .doc = "What people call it." },
  { "passphrase", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SECRET, 1, 1000, .label = N_("Passphrase"), .doc = "What seals its secret half, 8 bytes at least; or the PIN of its token. Asked for at each signature." },
  { "secret_key", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SECRET, 64, MUSTER_KEY_FILE_MAX, .label = N_("Secret key"), .doc = "Of a key made elsewhere, the seed: 64 hexadecimal digits, or the key of Ed25519 as PEM without a passphrase. Left out, a new one is made." },
  { "public_key", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 64, 64, .label = N_("Public key"), .doc = "Of a key that signs elsewhere, its public half alone: 64 hexadecimal digits." },
  { "token_uri", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, MUSTER_TOKEN_URI_MAX, .label = N_("Token"), .doc = "Of a key that a token holds, where: a PKCS #11 URI (RFC 7512) that names token and key, and tells no PIN." },
  { "certificate", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE, 1, 16384, .label = N_("Certificate"), .doc = "In place of a key: of who signs updates of SWUpdate or RAUC, or of an authority above; PEM." },
};
static const MusterField rotate_fields[] = {
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, 120, .label = N_("Name"), .doc = "What people call the new one." },
  { "passphrase", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SECRET, 1, 1000, .label = N_("Passphrase"), .doc = "Of the old one, or the PIN of its token: it signs that the new one follows." },
  { "new_passphrase", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SECRET, 1, 1000, .label = N_("New passphrase"), .doc = "What seals the new one, 8 bytes at least; or the PIN of its token." },
  { "new_token_uri", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, MUSTER_TOKEN_URI_MAX, .label = N_("New token"), .doc = "Where a token holds the new one: a PKCS #11 URI. Left out, it is made and kept here." },
};
static const MusterField revoke_fields[] = {
  { "reason", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 500, .label = N_("Reason"), .doc = "Why it is revoked." },
};
static const MusterField sign_fields[] = {
  { "signing_key_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED, .references = "signing_key", .label = N_("Key"), .doc = "The key that signs." },
  { "passphrase", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SECRET, 1, 1000, .label = N_("Passphrase"), .doc = "Of that key, or the PIN of its token." },
  { "second_key_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .references = "signing_key", .label = N_("Second key"), .doc = "Another that signs too, while keys are changed." },
  { "second_passphrase", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SECRET, 1, 1000, .label = N_("Second passphrase"), .doc = "Of the second key, or the PIN of its token." },
};
static const MusterShape new_shape = { .schema = "NewSigningKey", .doc = "A key to be made, taken over or trusted.", .fields = new_fields, .n_fields = G_N_ELEMENTS (new_fields) };
static const MusterShape rotate_shape = { .schema = "SigningKeyRotation", .doc = "What follows a key.", .fields = rotate_fields, .n_fields = G_N_ELEMENTS (rotate_fields) };
static const MusterShape revoke_shape = { .schema = "SigningKeyRevocation", .doc = "Why a key is revoked.", .fields = revoke_fields, .n_fields = G_N_ELEMENTS (revoke_fields) };
static const MusterShape sign_shape = { .schema = "FirmwareSigning", .doc = "Who signs.", .fields = sign_fields, .n_fields = G_N_ELEMENTS (sign_fields) };
static const MusterShape key_shape = { .doc = "A key.", .entity = &muster_signing_key_info };
static const MusterShape keys_shape = { .doc = "Keys.", .entity = &muster_signing_key_info, .list = TRUE };
static const MusterShape artifact_shape = { .doc = "Firmware.", .entity = &muster_firmware_artifact_info };

static const MusterRoute routes[] = {
  { "GET", "/signing-keys", "listSigningKeys", "ota", "Keys that firmware is signed with", list_keys, MUSTER_ROUTE_LIST, .response = &keys_shape },
  { "GET", "/signing-keys/ids", "listSigningKeyIds", "ota", "Every matching id, in order", list_key_ids, MUSTER_ROUTE_IDS, .response = &keys_shape },
  { "POST", "/signing-keys", "createSigningKey", "ota", "Make a key, take one over, or trust one or a certificate that signs elsewhere", create_key, MUSTER_ROUTE_PLAIN, .request = &new_shape, .response = &key_shape, .status = 201 },
  { "GET", "/signing-keys/{id:uuid}", "getSigningKey", "ota", "One key; its secret half is never told", get_key, MUSTER_ROUTE_PLAIN, .response = &key_shape },
  { "PUT", "/signing-keys/{id:uuid}", "updateSigningKey", "ota", "Rename a key", update_key, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &key_shape, .response = &key_shape },
  { "POST", "/signing-keys/{id:uuid}/rotate", "rotateSigningKey", "ota", "Let another key follow, which this one vouches for", rotate_key, MUSTER_ROUTE_PLAIN, .request = &rotate_shape, .response = &key_shape, .status = 201 },
  { "POST", "/signing-keys/{id:uuid}/revoke", "revokeSigningKey", "ota", "Let nothing count any more that it signed", revoke_key, MUSTER_ROUTE_PLAIN, .request = &revoke_shape, .response = &key_shape },
  { "POST", "/firmware/{id:uuid}/sign", "signFirmware", "ota", "Sign a Muster image", sign_firmware, MUSTER_ROUTE_PLAIN, .request = &sign_shape, .response = &artifact_shape },
};
/* clang-format on */

void
muster_signing_resource_add (MusterRouter *router, MusterFirmwareService *firmware)
{
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (firmware));
}
