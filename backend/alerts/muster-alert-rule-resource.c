/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-rule-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-alert-rule.h"
#include "muster-alert-resource.h"

static DexFuture *
delete_rule (MusterRequest *request, gpointer repository)
{
  return muster_alert_respond_deleted (request, repository, &muster_alert_rule_info,
                                       "Delete an alert rule");
}

/* clang-format off */
static const MusterShape rule_shape = { .doc = "A rule.", .entity = &muster_alert_rule_info };
static const MusterShape rules_shape = { .doc = "Rules.", .entity = &muster_alert_rule_info, .list = TRUE };

static const MusterRoute record_routes[] = {
  { "GET", "/alert-rules", "listAlertRules", "alerts", "List rules", muster_handle_list, MUSTER_ROUTE_LIST, .response = &rules_shape },
  { "GET", "/alert-rules/ids", "listAlertRuleIds", "alerts", "Every matching id, in order", muster_handle_list_ids, MUSTER_ROUTE_IDS, .response = &rules_shape },
  { "POST", "/alert-rules", "createAlertRule", "alerts", "Add a rule", muster_handle_create, MUSTER_ROUTE_PLAIN, .request = &rule_shape, .response = &rule_shape, .status = 201 },
  { "GET", "/alert-rules/{id:uuid}", "getAlertRule", "alerts", "One rule", muster_handle_get, MUSTER_ROUTE_PLAIN, .response = &rule_shape },
  { "PUT", "/alert-rules/{id:uuid}", "updateAlertRule", "alerts", "Change a rule", muster_handle_update, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &rule_shape, .response = &rule_shape },
  { "DELETE", "/alert-rules/{id:uuid}", "deleteAlertRule", "alerts", "Delete a rule; its alerts are resolved", delete_rule, MUSTER_ROUTE_UPDATE },
};
/* clang-format on */

void
muster_alert_rule_resource_add (MusterRouter *router, MusterAlertService *service)
{
  muster_router_add (router, record_routes, G_N_ELEMENTS (record_routes),
                     G_OBJECT (muster_alert_service_get_repository (service)));
}
