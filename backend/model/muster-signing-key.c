/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-signing-key"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-signing-key.h"

/* clang-format off */
static const MusterEnumValue key_place_values[] = {
  { "site", N_("This site") }, { "token", N_("PKCS #11 token") }, { "elsewhere", N_("Elsewhere") }, { NULL, NULL },
};
const MusterEnum muster_key_place_enum = { "SigningKeyPlace", key_place_values };

static const MusterEnumValue key_status_values[] = {
  { "active", N_("Active") }, { "replaced", N_("Replaced") }, { "revoked", N_("Revoked") }, { NULL, NULL },
};
const MusterEnum muster_key_status_enum = { "SigningKeyStatus", key_status_values };

#define S(name) MUSTER_KEY_##name
static const MusterTransition key_status_transitions[] = {
  { S (ACTIVE), S (REPLACED) }, { S (ACTIVE), S (REVOKED) },
  { S (REPLACED), S (REVOKED) },
  { -1, -1 },
};
#undef S
const MusterStateMachine muster_key_status_machine = { &muster_key_status_enum, key_status_transitions };

static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SEARCHABLE, 1, 120, .label = N_("Name"), .doc = "What people call it." },
  { "place", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY, .enumeration = &muster_key_place_enum, .label = N_("Place"), .doc = "Where its secret half is." },
  { "status", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY, .enumeration = &muster_key_status_enum, .label = N_("Status"), .doc = "Whether it signs." },
  { "public_key", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_UNIQUE, 64, 64, .label = N_("Public key"), .doc = "Ed25519, in hexadecimal digits: devices know it by that; of a certificate, its SHA-256." },
  { "key_id", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_UNIQUE, 8, 16, .label = N_("Key number"), .doc = "The beginning of the SHA-256 of its public half; stands in each image that it signs." },
  { "sealed", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SECRET, 1, 4096, .label = N_("Sealed key"), .doc = "The secret half, sealed by the passphrase." },
  { "token_uri", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 1, 1000, .label = N_("Token"), .doc = "Where a token holds it: a PKCS #11 URI without a PIN." },
  { "endorsed_by_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .references = "signing_key", .label = N_("Endorsed by"), .doc = "The key before it, which signed that this one follows." },
  { "endorsement", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 128, 128, .label = N_("Endorsement"), .doc = "That signature, over the public half." },
  { "revoked_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .label = N_("Revoked"), .doc = "Since when nothing signed with it counts." },
  { "revocation", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 1, 500, .label = N_("Why revoked"), .doc = "Why it was revoked." },
  { "certificate", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 1, 16384, .label = N_("Certificate"), .doc = "Of a signer of updates of SWUpdate and RAUC, or of the authority above it: PEM. Its SHA-256 stands in the place of a public key then." },
  { "to_check", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_VOLATILE, 0, G_MAXINT64, .label = N_("Still to check"), .doc = "How many files of firmware that came before it are still to be checked by it." },
};
/* clang-format on */

const MusterEntityInfo muster_signing_key_info = {
  .name = "signing_key",
  .table = "signing_key",
  .path = "signing-keys",
  .schema = "SigningKey",
  .doc =
    "A key that firmware is signed with. Its secret half is in a token, or is stored sealed; it never leaves the daemon.",
  .flags = MUSTER_ENTITY_FINAL,
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .machine = &muster_key_status_machine,
  .machine_field = "status",
  .title_field = "name",
  .instead = "revoke it",
  .get_type = muster_signing_key_get_type,
};

struct _MusterSigningKey
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterSigningKey, muster_signing_key, MUSTER_TYPE_ENTITY)

static void
muster_signing_key_class_init (MusterSigningKeyClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_signing_key_info);
}

static void
muster_signing_key_init (MusterSigningKey *self)
{
}
