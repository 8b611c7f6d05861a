/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-device.h"

/* clang-format off */
static const MusterEnumValue kinds[] = {
  { "sensor", N_("Sensor") }, { "actuator", N_("Actuator") }, { "meter", N_("Meter") },
  { "controller", N_("Controller") }, { "light", N_("Light") }, { "plug", N_("Plug") },
  { "gateway", N_("Gateway") }, { "camera", N_("Camera") }, { "printer", N_("Printer") },
  { "instrument", N_("Instrument") }, { "media", N_("Media player") }, { "computer", N_("Computer") },
  { "service", N_("Service") }, { "other", N_("Other") }, { NULL, NULL },
};
const MusterEnum muster_device_kind_enum = { "DeviceKind", kinds };

static const MusterEnumValue statuses[] = {
  { "in_stock", N_("In stock") }, { "reserved", N_("Reserved") }, { "sold", N_("Sold") },
  { "deployed", N_("Deployed") }, { "maintenance", N_("In maintenance") }, { "defective", N_("Defective") },
  { "retired", N_("Retired") }, { NULL, NULL },
};
const MusterEnum muster_device_status_enum = { "DeviceStatus", statuses };

static const MusterEnumValue adoptions[] = {
  { "none", N_("Not adopted") }, { "pairing", N_("Pairing") }, { "adopted", N_("Adopted") },
  { "released", N_("Released") }, { NULL, NULL },
};
const MusterEnum muster_adoption_enum = { "Adoption", adoptions };

static const MusterEnumValue live_states[] = {
  { "unknown", N_("Unknown") }, { "online", N_("Online") }, { "offline", N_("Offline") }, { NULL, NULL },
};
const MusterEnum muster_live_state_enum = { "LiveState", live_states };

static const MusterEnumValue firmware_origins[] = {
  { "unknown", N_("Not known") }, { "update", N_("By an update") }, { "outside", N_("From outside") }, { NULL, NULL },
};
const MusterEnum muster_firmware_origin_enum = { "FirmwareOrigin", firmware_origins };

#define S(name) MUSTER_DEVICE_STATUS_##name
static const MusterTransition transitions[] = {
  { S (IN_STOCK), S (RESERVED) }, { S (IN_STOCK), S (SOLD) }, { S (IN_STOCK), S (DEPLOYED) },
  { S (IN_STOCK), S (MAINTENANCE) }, { S (IN_STOCK), S (DEFECTIVE) }, { S (IN_STOCK), S (RETIRED) },
  { S (RESERVED), S (IN_STOCK) }, { S (RESERVED), S (SOLD) }, { S (RESERVED), S (DEPLOYED) },
  { S (SOLD), S (DEPLOYED) }, { S (SOLD), S (IN_STOCK) }, { S (SOLD), S (DEFECTIVE) },
  { S (DEPLOYED), S (MAINTENANCE) }, { S (DEPLOYED), S (DEFECTIVE) }, { S (DEPLOYED), S (IN_STOCK) },
  { S (DEPLOYED), S (RETIRED) },
  { S (MAINTENANCE), S (IN_STOCK) }, { S (MAINTENANCE), S (DEPLOYED) }, { S (MAINTENANCE), S (DEFECTIVE) },
  { S (MAINTENANCE), S (RETIRED) },
  { S (DEFECTIVE), S (MAINTENANCE) }, { S (DEFECTIVE), S (RETIRED) },
  { -1, -1 },
};
#undef S
const MusterStateMachine muster_device_status_machine = { &muster_device_status_enum, transitions };

static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_SEARCHABLE, 1, 120, .label = N_("Name"), .doc = "What people call it." },
  { "kind", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &muster_device_kind_enum, .default_value = 13, .label = N_("Kind"), .doc = "What sort of thing it is." },
  { "status", MUSTER_FIELD_ENUM, MUSTER_FIELD_PLAIN, .enumeration = &muster_device_status_enum, .label = N_("Status"), .doc = "Where it is in its life, from purchase to scrap." },
  { "manufacturer", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SEARCHABLE, 1, 120, .label = N_("Manufacturer"), .doc = "Who made it." },
  { "model", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SEARCHABLE, 1, 120, .label = N_("Model"), .doc = "The maker's name of the model." },
  { "serial", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_UNIQUE | MUSTER_FIELD_SEARCHABLE, 1, 64, .label = N_("Serial number"), .doc = "The maker's serial number; unique on the site." },
  { "mac", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_UNIQUE | MUSTER_FIELD_SEARCHABLE, .format = "mac", .label = N_("MAC address"), .doc = "Hardware address: six pairs of lower-case hexadecimal digits with colons." },
  { "location", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SEARCHABLE, 1, 200, .label = N_("Place"), .doc = "Where it stands or lies, in words." },
  { "notes", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SEARCHABLE, 0, 10000, .label = N_("Notes"), .doc = "Anything worth knowing about it." },
  { "secret", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_SECRET, .format = "secret", .label = N_("Label secret"), .doc = "The 128-bit pairing secret printed on the device's label." },
  { "adoption", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY, .enumeration = &muster_adoption_enum, .label = N_("Adoption"), .doc = "Whether the device holds an account of this site's broker." },
  { "node_id", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_UNIQUE, 1, 64, .format = "node", .label = N_("Node"), .doc = "Its Sparkplug edge node id. Given with its account, whose user name it is, and bound to it; to be told for a device with an account at a broker of the site's own." },
  { "firmware_version", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_SEARCHABLE, 1, 64, .label = N_("Firmware"), .doc = "The version it reported last." },
  { "address", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_VOLATILE | MUSTER_FIELD_SEARCHABLE, 1, 260, .label = N_("Address"), .doc = "Host and port it was last seen at." },
  { "live_state", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_VOLATILE, .enumeration = &muster_live_state_enum, .label = N_("Live state"), .doc = "What its proofs of life say together." },
  { "last_seen", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_VOLATILE, .label = N_("Last seen"), .doc = "The newest proof of life." },
  { "product_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_RESTRICT, .references = "product", .label = N_("Product"), .doc = "The product that it is a unit of." },
  { "location_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_RESTRICT, .references = "location", .label = N_("Stock place"), .doc = "The place, of those that the site keeps, where it is." },
  { "batch_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_RESTRICT, .references = "batch", .label = N_("Batch"), .doc = "The batch that it came with." },
  { "order_item_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .references = "order_item", .label = N_("Order line"), .doc = "The order line that it is reserved for or was sold on." },
  { "purchase_item_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .references = "order_item", .label = N_("Purchase line"), .doc = "The purchase that brought it." },
  { "customer_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .references = "person", .label = N_("Owner"), .doc = "Whose it is, among the site's people." },
  { "received_at", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE, .label = N_("Received"), .doc = "When it came into the house." },
  { "warranty_until", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE, .label = N_("Warranty until"), .doc = "Until when the maker answers for it." },
  { "replaces_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .references = "device", .label = N_("Replaces"), .doc = "The device whose place it took; its history goes on there." },
  { "loan_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, .references = "loan", .label = N_("Lent"), .doc = "The loan by which it is away." },
  { "gateway_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .references = "device", .label = N_("Reached through"), .doc = "The gateway or network switch that it is reached through: when that is down, so is this, and one alert says so." },
  { "family", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 1, 64, .label = N_("Family"), .doc = "Of a device that speaks MQTT in its maker's way, the family whose way it is: tasmota, shelly, zigbee2mqtt …" },
  { "family_key", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_UNIQUE, 1, 264, .label = N_("Name in the family"), .doc = "What identifies it among the devices of its family: `tasmota:A8032AB12345`." },
  { "hardware_revision", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 32, .label = N_("Hardware revision"), .doc = "Which revision of the board it is, as it reports it; firmware may fit some alone." },
  { "security_counter", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY, 0, 4294967295, .label = N_("Security counter"), .doc = "The highest that it ran: it refuses firmware with a lower one." },
  { "firmware_origin", MUSTER_FIELD_ENUM, MUSTER_FIELD_READ_ONLY, .enumeration = &muster_firmware_origin_enum, .label = N_("Firmware came"), .doc = "How its firmware came to it: by an update of this site, or from outside." },
  { "node_device", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE | MUSTER_FIELD_READ_ONLY | MUSTER_FIELD_UNIQUE, 1, 320, .label = N_("Name at its gateway"), .doc = "Of a device that a gateway speaks for, the gateway's node and the name that it gives the device: `Hall-3/EM-0001`." },
};
/* clang-format on */

const MusterEntityInfo muster_device_info = {
  .name = "device",
  .table = "device",
  .path = "devices",
  .schema = "Device",
  .doc = "One unit for its whole life: ordered, in stock, deployed, in maintenance, retired.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .machine = &muster_device_status_machine,
  .machine_field = "status",
  .title_field = "name",
  .get_type = muster_device_get_type,
};

struct _MusterDevice
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterDevice, muster_device, MUSTER_TYPE_ENTITY)

static void
muster_device_class_init (MusterDeviceClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_device_info);
}

static void
muster_device_init (MusterDevice *self)
{
}
