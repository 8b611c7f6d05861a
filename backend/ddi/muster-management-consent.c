/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-management-consent"

#include "config.h"

#include "muster-ddi-consent.h"
#include "muster-management-private.h"

/* Whether a target consents to updates in advance, looked at and set for it. */

static MusterEntity *
get_target (MusterManagementCall *call, GError **error)
{
  return muster_management_get (call, &muster_management_target_kind, "targetId", error);
}

static MusterResponse *
answer_get (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) target = get_target (call, error);
  const char      *verb = NULL;
  g_autofree char *id = NULL;
  g_autofree char *href = NULL;
  GString         *json = NULL;

  if (target == NULL)
    return NULL;
  json = g_string_new (NULL);
  verb = muster_entity_get_boolean (target, "auto_confirm") ? "deactivate" : "activate";
  id = g_uri_escape_string (muster_entity_get_string (target, "controller_id"), NULL, FALSE);
  href = g_strdup_printf ("%s/targets/%s/autoConfirm/%s", call->base, id, verb);
  muster_ddi_auto_confirm_append (target, json);
  g_string_truncate (json, json->len - 1);
  g_string_append_printf (json, ",\"_links\":{\"%s\":{\"href\":", verb);
  muster_json_append_string (json, href, -1);
  g_string_append (json, "}}}");
  return muster_management_respond (200, json);
}
MUSTER_MANAGEMENT_HANDLER (get)

static MusterResponse *
answer_start (MusterManagementCall *call, GError **error)
{
  GBytes *body = muster_request_get_body (call->request);
  g_autoptr (GPtrArray) objects =
              g_bytes_get_size (body) > 0 ? muster_management_list_objects (call, error) : NULL;
  g_autoptr (MusterEntity) target = NULL;

  if (g_bytes_get_size (body) > 0 && objects == NULL)
    return NULL;
  target = get_target (call, error);
  return target != NULL &&
             muster_ddi_auto_confirm_start (call->service, call->actor, target,
                                            objects != NULL && objects->len > 0 ? objects->pdata[0]
                                                                                : NULL,
                                            error)
           ? muster_response_new (204)
           : NULL;
}
MUSTER_MANAGEMENT_HANDLER (start)

static MusterResponse *
answer_stop (MusterManagementCall *call, GError **error)
{
  g_autoptr (MusterEntity) target = get_target (call, error);

  return target != NULL && muster_ddi_auto_confirm_stop (call->service, call->actor, target, error)
           ? muster_response_new (204)
           : NULL;
}
MUSTER_MANAGEMENT_HANDLER (stop)

/* clang-format off */
static const MusterRoute routes[] = {
  { "GET", "/rest/v1/targets/{targetId}/autoConfirm", "managementGetAutoConfirm", "management", "Management: whether a target consents in advance", handle_get, MUSTER_ROUTE_PLAIN, .response = &muster_management_answer, .dialect = &muster_management_dialect },
  { "POST", "/rest/v1/targets/{targetId}/autoConfirm/activate", "managementStartAutoConfirm", "management", "Management: consent in advance for a target", handle_start, MUSTER_ROUTE_RAW, .request = &muster_management_body, .dialect = &muster_management_dialect },
  { "POST", "/rest/v1/targets/{targetId}/autoConfirm/deactivate", "managementStopAutoConfirm", "management", "Management: ask for consent again", handle_stop, MUSTER_ROUTE_PLAIN, .dialect = &muster_management_dialect },
};
/* clang-format on */

void
muster_management_consent_add (MusterRouter *router, MusterManagement *management)
{
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (management));
}
