/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-rights-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-rights.h"
#include "muster-rights-resource.h"

static void
append_operations (GString *json, MusterRole role)
{
  unsigned           n_rights;
  const MusterRight *rights = muster_rights_list (&n_rights);
  const char        *separator = "";

  for (unsigned i = 0; i < n_rights; i++)
    if (rights[i].roles & MUSTER_ROLES_OF (role))
      {
        g_string_append_printf (json, "%s\"%s\"", separator, rights[i].operation);
        separator = ",";
      }
}

static DexFuture *
get_rights (MusterRequest *request, gpointer user_data)
{
  MusterActor *actor = muster_request_get_actor (request);
  MusterRole   role = muster_actor_get_role (actor);
  GString     *json = g_string_new ("{\"actor\":");

  muster_json_append_string (json, muster_actor_to_string (actor), -1);
  g_string_append (json, ",\"name\":");
  muster_json_append_string (json, muster_actor_get_name (actor), -1);
  g_string_append (json, ",\"role\":");
  muster_json_append_string (json, muster_enum_get_nick (&muster_role_enum, role), -1);
  g_string_append (json, ",\"operations\":[");
  append_operations (json, role);
  g_string_append (json, "]}");
  return muster_response_resolve (muster_response_new_json (200, json));
}

/* clang-format off */
static const MusterField rights_fields[] = {
  { "actor", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, .label = N_("Caller"), .doc = "Who calls, as the journal writes it." },
  { "name", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, .label = N_("Name"), .doc = "What the caller is called." },
  { "role", MUSTER_FIELD_ENUM, MUSTER_FIELD_REQUIRED, .enumeration = &muster_role_enum, .label = N_("Role"), .doc = "The caller's role." },
  { "operations", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Operations"), .doc = "The operationIds of all that the caller may call." },
};
static const MusterShape rights_shape = { .schema = "Rights", .doc = "What the caller may do.", .fields = rights_fields, .n_fields = G_N_ELEMENTS (rights_fields) };

static const MusterRoute routes[] = {
  { "GET", "/rights", "getRights", "accounts", "Who the caller is, and what the caller may do", get_rights, MUSTER_ROUTE_DEVICE, .response = &rights_shape },
};
/* clang-format on */

void
muster_rights_resource_add (MusterRouter *router)
{
  muster_router_add (router, routes, G_N_ELEMENTS (routes), NULL);
}
