/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-rule-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-alert-rule.h"
#include "model/muster-time.h"
#include "muster-alert-backtest.h"
#include "muster-alert-resource.h"

static DexFuture *
explain_rule (MusterRequest *request, gpointer service)
{
  return muster_alert_respond_json (
    muster_alert_service_explain_rule (service, muster_request_get_path_param (request, "id"),
                                       muster_request_get_param_text (request, "device_id")));
}

/* The rule of the body; it need not have a name. (transfer full) (nullable) */
static MusterEntity *
read_rule (MusterRequest *request, GError **error)
{
  JsonObject *body = json_node_get_object (muster_request_get_json (request));
  JsonNode   *node = json_object_get_member (body, "rule");
  g_autoptr (MusterEntity) rule = muster_entity_new (&muster_alert_rule_info);
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      muster_field_errors_add (errors, "/rule", "must be a rule as createAlertRule takes it");
      muster_field_errors_check (errors, error);
      return NULL;
    }
  muster_entity_set_string (rule, "name", "Trial");
  return muster_entity_decode (rule, json_node_get_object (node), MUSTER_DECODE_REPLACE, "/rule",
                               error)
           ? g_steal_pointer (&rule)
           : NULL;
}

static gint64
read_time (MusterRequest *request, const char *name)
{
  const char *text = muster_alert_get_text (request, name);
  gint64      time = 0;

  return text != NULL && muster_time_parse (text, &time) ? time : 0;
}

static DexFuture *
backtest (MusterRequest *request, gpointer service)
{
  MusterAlertBacktest question = { .device_id = muster_alert_get_text (request, "device_id"),
                                   .from = read_time (request, "from"),
                                   .to = read_time (request, "to") };
  GError             *error = NULL;
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (MusterEntity) rule = read_rule (request, &error);

  if (rule == NULL)
    return dex_future_new_for_error (error);
  if (question.to < question.from)
    muster_field_errors_add (errors, "/to", "must not be earlier than from");
  if (!muster_field_errors_check (errors, &error))
    return dex_future_new_for_error (error);
  question.rule = rule;
  return muster_alert_respond_json (muster_alert_service_backtest (service, &question));
}

static DexFuture *
respond_made_cb (DexFuture *future, gpointer user_data)
{
  GString *json = g_string_new (NULL);

  g_string_printf (json, "{\"made\":%" G_GINT64_FORMAT "}",
                   g_value_get_int64 (dex_future_get_value (future, NULL)));
  return muster_response_resolve (muster_response_new_json (200, json));
}

static DexFuture *
make_defaults (MusterRequest *request, gpointer service)
{
  return dex_future_then (
    muster_alert_service_add_defaults (service, muster_request_get_actor (request),
                                       muster_alert_get_text (request, "product_id")),
    respond_made_cb, NULL, NULL);
}

/* clang-format off */
static const MusterField why_query[] = {
  { "device_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Device"), .doc = "Only of this device." },
};
static const MusterField why_fields[] = {
  { "evaluations", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Evaluations"), .doc = "The last 50, newest first: {at, device_id, metric, value, threshold, outcome, reason}. Outcomes: raised, changed (another severity), resolved, firing, well. Reasons: well, firing, hysteresis, for_pending, quiet_hours, off_duty, no_data, late, duplicate, silenced." },
};
static const MusterField backtest_fields[] = {
  { "rule", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Rule"), .doc = "As createAlertRule takes it; it needs no name." },
  { "device_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Device"), .doc = "Only of this device; without it the first 20 of the rule's scope." },
  { "from", MUSTER_FIELD_TIME, MUSTER_FIELD_REQUIRED, .label = N_("From"), .doc = "Samples from then on." },
  { "to", MUSTER_FIELD_TIME, MUSTER_FIELD_REQUIRED, .label = N_("To"), .doc = "And until then." },
};
static const MusterField firings_fields[] = {
  { "firings", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Firings"), .doc = "What it would have raised: {device_id, metric, severity, from, to (null: it goes on), value}; another severity is another firing." },
  { "evaluated", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED, .label = N_("Evaluated"), .doc = "How many samples were looked at." },
  { "truncated", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_REQUIRED, .label = N_("Cut short"), .doc = "Whether there were more than 5 million samples or 10,000 firings." },
  { "series", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Series"), .doc = "The metric's curves, thinned to 1,000 points, of the first five devices: {device_id, samples:[{metric, points}]}." },
};

static const MusterField defaults_fields[] = {
  { "product_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED, .references = "product", .label = N_("Product"), .doc = "Whose rules are made." },
};
static const MusterField made_fields[] = {
  { "made", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED, .label = N_("Made"), .doc = "How many rules it lacked." },
};

static const MusterShape defaults_shape = { .schema = "DefaultAlertRules", .doc = "For what.", .fields = defaults_fields, .n_fields = G_N_ELEMENTS (defaults_fields) };
static const MusterShape made_shape = { .schema = "MadeAlertRules", .doc = "How many.", .fields = made_fields, .n_fields = G_N_ELEMENTS (made_fields) };
static const MusterShape why_shape = { .schema = "AlertRuleWhy", .doc = "What a rule found lately.", .fields = why_fields, .n_fields = G_N_ELEMENTS (why_fields) };
static const MusterShape backtest_shape = { .schema = "Backtest", .doc = "What is tried on what.", .fields = backtest_fields, .n_fields = G_N_ELEMENTS (backtest_fields) };
static const MusterShape firings_shape = { .schema = "BacktestFirings", .doc = "What would have been raised.", .fields = firings_fields, .n_fields = G_N_ELEMENTS (firings_fields) };
static const MusterShape rule_shape = { .doc = "A rule.", .entity = &muster_alert_rule_info };
static const MusterShape rules_shape = { .doc = "Rules.", .entity = &muster_alert_rule_info, .list = TRUE };

static const MusterRoute record_routes[] = {
  { "GET", "/alert-rules", "listAlertRules", "alerts", "List rules", muster_handle_list, MUSTER_ROUTE_LIST, .response = &rules_shape },
  { "GET", "/alert-rules/ids", "listAlertRuleIds", "alerts", "Every matching id, in order", muster_handle_list_ids, MUSTER_ROUTE_IDS, .response = &rules_shape },
  { "POST", "/alert-rules", "createAlertRule", "alerts", "Add a rule", muster_handle_create, MUSTER_ROUTE_PLAIN, .request = &rule_shape, .response = &rule_shape, .status = 201 },
  { "GET", "/alert-rules/{id:uuid}", "getAlertRule", "alerts", "One rule", muster_handle_get, MUSTER_ROUTE_PLAIN, .response = &rule_shape },
  { "PUT", "/alert-rules/{id:uuid}", "updateAlertRule", "alerts", "Change a rule", muster_handle_update, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &rule_shape, .response = &rule_shape },
  { "DELETE", "/alert-rules/{id:uuid}", "deleteAlertRule", "alerts", "Delete a rule; its alerts are resolved", muster_handle_delete, MUSTER_ROUTE_UPDATE, .entity = &muster_alert_rule_info },
};

static const MusterRoute routes[] = {
  { "GET", "/alert-rules/{id:uuid}/why", "explainAlertRule", "alerts", "What a rule found lately, and why nothing came of it", explain_rule, MUSTER_ROUTE_PLAIN, .query = why_query, .n_query = G_N_ELEMENTS (why_query), .response = &why_shape },
  { "POST", "/alert-rules/backtest", "backtestAlertRule", "alerts", "What a rule would have raised on what is stored", backtest, MUSTER_ROUTE_PLAIN, .request = &backtest_shape, .response = &firings_shape },
  { "POST", "/alert-rules/defaults", "makeDefaultAlertRules", "alerts", "Make the rules again that Muster makes for a product", make_defaults, MUSTER_ROUTE_PLAIN, .request = &defaults_shape, .response = &made_shape },
};
/* clang-format on */

void
muster_alert_rule_resource_add (MusterRouter *router, MusterAlertService *service)
{
  muster_router_add (router, record_routes, G_N_ELEMENTS (record_routes),
                     G_OBJECT (muster_alert_service_get_repository (service)));
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (service));
}
