/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-family-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-entity.h"
#include "muster-family-resource.h"

static DexFuture *
list_families (MusterRequest *request, gpointer service)
{
  GString *json = g_string_new (NULL);

  muster_family_service_encode (service, json);
  return muster_response_resolve (muster_response_new_json (200, json));
}

/* clang-format off */
static const MusterField fields[] = {
  { "items", MUSTER_FIELD_JSON, MUSTER_FIELD_READ_ONLY, .label = N_("Families"), .doc = "Array of {family, title, help, found, devices}: `help` is an array of sentences that say how a device is made to come here, `found` how many are at the broker now, `devices` how many of them are adopted." },
  { "messages", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .label = N_("Messages"), .doc = "Messages of such devices read since the daemon's start." },
  { "samples", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .label = N_("Samples"), .doc = "Values taken from them." },
  { "malformed", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .label = N_("Malformed"), .doc = "Payloads that could not be read." },
  { "dropped", MUSTER_FIELD_INTEGER, MUSTER_FIELD_READ_ONLY, .label = N_("Dropped"), .doc = "Values beyond what is taken of one device." },
};
static const MusterShape shape = { .schema = "DeviceFamilies", .doc = "Families of devices that speak MQTT in their makers' ways.", .fields = fields, .n_fields = G_N_ELEMENTS (fields) };

static const MusterRoute routes[] = {
  { "GET", "/families/", "listFamilies", "discovery", "Families of devices that are understood over MQTT", list_families, MUSTER_ROUTE_PLAIN, .response = &shape },
};
/* clang-format on */

void
muster_family_resource_add (MusterRouter *router, MusterFamilyService *service)
{
  g_return_if_fail (MUSTER_IS_ROUTER (router) && MUSTER_IS_FAMILY_SERVICE (service));

  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (service));
}
