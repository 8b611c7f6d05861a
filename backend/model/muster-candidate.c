/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-candidate"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-candidate.h"
#include "muster-device.h"

/* clang-format off */
static const MusterEnumValue states[] = {
  { "new", N_("New") }, { "expected", N_("Expected") }, { "known", N_("Known") },
  { "adopted", N_("Adopted") }, { "ignored", N_("Ignored") }, { NULL, NULL },
};
const MusterEnum muster_candidate_state_enum = { "CandidateState", states };

static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "key", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY, 1, 200, .label = N_("Key"), .doc = "Names the physical device as long as it is seen: `mac:…`, `serial:…`, else `name:…` or `address:…`." },
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY, 1, 200, .label = N_("Name"), .doc = "What it calls itself." },
  { "kind", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY, .enumeration = &muster_device_kind_enum, .default_value = 13, .label = N_("Kind"), .doc = "What sort of thing it is." },
  { "family", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_NULLABLE, 1, 64, .label = N_("Family"), .doc = "Product family by the classification table: muster, esphome, shelly, tasmota …" },
  { "manufacturer", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_NULLABLE, 1, 120, .label = N_("Manufacturer"), .doc = "Who made it." },
  { "model", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_NULLABLE, 1, 120, .label = N_("Model"), .doc = "The maker's name of the model." },
  { "serial", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_NULLABLE, 1, 64, .label = N_("Serial number"), .doc = "The serial number that it announces." },
  { "mac", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_NULLABLE, .format = "mac", .label = N_("MAC address"), .doc = "Hardware address." },
  { "firmware_version", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_NULLABLE, 1, 64, .label = N_("Firmware"), .doc = "The version that it announces." },
  { "host", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_NULLABLE, 1, 260, .label = N_("Host name"), .doc = "Its mDNS host name." },
  { "addresses", MUSTER_FIELD_JSON, MUSTER_FIELD_READ_ONLY, .label = N_("Addresses"), .doc = "Array of IP addresses as text." },
  { "services", MUSTER_FIELD_JSON, MUSTER_FIELD_READ_ONLY, .label = N_("Services"), .doc = "Array of {type, name, host, port, txt}: what it announces." },
  { "state", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY, .enumeration = &muster_candidate_state_enum, .label = N_("State"), .doc = "new: never seen; expected: in the records but not adopted, its secret known; known: in the records; adopted; ignored." },
  { "present", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_READ_ONLY, .default_value = 1, .label = N_("Present"), .doc = "Whether at least one of its services is announced now." },
  { "pairable", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_READ_ONLY, .label = N_("Pairable"), .doc = "Whether it answers Muster's pairing protocol and is free to be adopted." },
  { "pairing_address", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_NULLABLE, 1, 260, .label = N_("Pairing address"), .doc = "Host and port of its pairing endpoint." },
  { "family_key", MUSTER_FIELD_STRING, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_NULLABLE, 1, 264, .label = N_("Name in the family"), .doc = "What identifies it among the devices that speak MQTT in its family's way; such a device is adopted without pairing." },
  { "adoptable", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_READ_ONLY, .label = N_("Adoptable"), .doc = "Whether it can be adopted: by pairing, or because it speaks with the site's broker already." },
  { "device_id", MUSTER_FIELD_UUID, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_NULLABLE, .references = "device", .label = N_("Device"), .doc = "The record that it was matched with." },
  { "expected", MUSTER_FIELD_JSON, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_NULLABLE, .label = N_("Expected"), .doc = "What a delivery says of it: {delivery_item_id, delivery_number, order_id, order_number, order_item_id, product_id, product, device_id, name}; null where none does." },
  { "secret_known", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_READ_ONLY, .label = N_("Secret known"), .doc = "Whether it is adopted without its label at hand." },
  { "first_seen", MUSTER_FIELD_TIME, MUSTER_FIELD_READ_ONLY, .label = N_("First seen"), .doc = "When the first of its services was resolved." },
  { "last_seen", MUSTER_FIELD_TIME, MUSTER_FIELD_READ_ONLY, .label = N_("Last seen"), .doc = "When something of it was heard last." },
};
/* clang-format on */

const MusterEntityInfo muster_candidate_info = {
  .name = "candidate",
  .table = "candidate",
  .path = "discovery",
  .schema = "Candidate",
  .doc = "Something on the network now that could become a device of the site.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "name",
  .flags = MUSTER_ENTITY_TRANSIENT,
  .get_type = muster_candidate_get_type,
};

struct _MusterCandidate
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterCandidate, muster_candidate, MUSTER_TYPE_ENTITY)

static void
muster_candidate_class_init (MusterCandidateClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_candidate_info);
}

static void
muster_candidate_init (MusterCandidate *self)
{
}
