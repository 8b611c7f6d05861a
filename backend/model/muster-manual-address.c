/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-manual-address"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-manual-address.h"

/* clang-format off */
static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "address", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED | MUSTER_FIELD_UNIQUE, 1, 260, .format = "address", .label = N_("Address"), .doc = "Host name or IP address, with `:port` where it is not the family's usual one." },
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 120, .label = N_("Name"), .doc = "What to call it until it says its own name." },
};
/* clang-format on */

const MusterEntityInfo muster_manual_address_info = {
  .name = "manual_address",
  .table = "manual_address",
  .path = "manual-addresses",
  .schema = "ManualAddress",
  .doc = "An address that somebody told the site to look at, where mDNS does not reach.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "address",
  .get_type = muster_manual_address_get_type,
};

struct _MusterManualAddress
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterManualAddress, muster_manual_address, MUSTER_TYPE_ENTITY)

static void
muster_manual_address_class_init (MusterManualAddressClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_manual_address_info);
}

static void
muster_manual_address_init (MusterManualAddress *self)
{
}
