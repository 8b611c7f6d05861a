/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-site"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-site.h"

/* clang-format off */
static const MusterField fields[] = {
  MUSTER_ENTITY_BASE_FIELDS,
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, 120, .label = N_("Name"), .doc = "What people call the site; shown in every window and announced on the network." },
  { "timezone", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 64, .format = "timezone", .label = N_("Time zone"), .doc = "IANA name of the zone in which times are shown and planned; null for the machine's own." },
  { "notes", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE, 0, 10000, .label = N_("Notes"), .doc = "Anything worth knowing about the site." },
};
/* clang-format on */

const MusterEntityInfo muster_site_info = {
  .name = "site",
  .table = "site",
  .path = "sites",
  .schema = "Site",
  .doc = "The place that this daemon serves. There is exactly one.",
  .fields = fields,
  .n_fields = G_N_ELEMENTS (fields),
  .title_field = "name",
  .get_type = muster_site_get_type,
};

struct _MusterSite
{
  MusterEntity parent_instance;
};

G_DEFINE_FINAL_TYPE (MusterSite, muster_site, MUSTER_TYPE_ENTITY)

static void
muster_site_class_init (MusterSiteClass *klass)
{
  muster_entity_class_set_info (MUSTER_ENTITY_CLASS (klass), &muster_site_info);
}

static void
muster_site_init (MusterSite *self)
{
}
