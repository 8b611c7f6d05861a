/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-alert.h"
#include "model/muster-time.h"
#include "muster-alert-actions.h"
#include "muster-alert-backtest.h"
#include "muster-alert-resource.h"

/* Most alerts that one request deals with. */
#define MAX_IDS 10000

/* --- what the room's paths share --- */

DexFuture *
muster_alert_respond_entity (DexFuture *future)
{
  return muster_response_resolve_entity (future, 200);
}

static DexFuture *
respond_json_cb (DexFuture *future, gpointer user_data)
{
  GBytes *bytes = g_value_get_boxed (dex_future_get_value (future, NULL));

  return muster_response_resolve (muster_response_new_bytes (200, "application/json", bytes));
}

DexFuture *
muster_alert_respond_json (DexFuture *future)
{
  return dex_future_then (future, respond_json_cb, NULL, NULL);
}

static JsonObject *
get_object (MusterRequest *request)
{
  return json_node_get_object (muster_request_get_json (request));
}

const char *
muster_alert_get_text (MusterRequest *request, const char *name)
{
  return json_object_get_string_member_with_default (get_object (request), name, NULL);
}

/* --- alerts --- */

static MusterDatabase *
get_database (gpointer service)
{
  return muster_repository_get_database (muster_alert_service_get_repository (service));
}

/* `until`, or `seconds` from now; FALSE with a row. */
static gboolean
read_until (MusterRequest *request, MusterDatabase *database, gint64 *until, GError **error)
{
  const char *text = muster_alert_get_text (request, "until");
  gint64 seconds = json_object_get_int_member_with_default (get_object (request), "seconds", 0);
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  if (text != NULL && muster_time_parse (text, until))
    return TRUE;
  if (seconds <= 0)
    muster_field_errors_add (errors, "/until", "must say until when, or seconds for how long");
  *until = muster_clock_get_now (muster_database_get_clock (database)) + seconds * G_USEC_PER_SEC;
  return muster_field_errors_check (errors, error);
}

/* What the body says of VERB, borrowed from it. */
static gboolean
read_action (MusterRequest     *request,
             MusterDatabase    *database,
             MusterAlertVerb    verb,
             MusterAlertAction *action,
             GError           **error)
{
  gboolean is_silence = verb == MUSTER_ALERT_VERB_SILENCE;

  *action = (MusterAlertAction){
    .verb = verb,
    .comment = muster_alert_get_text (request, is_silence ? "reason" : "comment"),
    .person_id =
      verb == MUSTER_ALERT_VERB_ASSIGN ? muster_alert_get_text (request, "person_id") : NULL,
  };
  return !is_silence || read_until (request, database, &action->until, error);
}

static DexFuture *
act (MusterRequest *request, gpointer service, MusterAlertVerb verb)
{
  MusterDatabase   *database = get_database (service);
  MusterAlertAction action;
  GError           *error = NULL;

  if (!read_action (request, database, verb, &action, &error))
    return dex_future_new_for_error (error);
  return muster_alert_respond_entity (
    muster_alert_act (database, muster_request_get_actor (request),
                      muster_request_get_path_param (request, "id"), &action));
}

/* The ids of the body: (transfer full) (nullable): NULL with a row at /ids. */
static char **
read_ids (MusterRequest *request, GError **error)
{
  JsonNode  *node = json_object_get_member (get_object (request), "ids");
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  if (array == NULL || json_array_get_length (array) > MAX_IDS)
    muster_field_errors_add (errors, "/ids", "must be a list of at most %d ids", MAX_IDS);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode   *item = json_array_get_element (array, i);
      const char *id = JSON_NODE_HOLDS_VALUE (item) ? json_node_get_string (item) : NULL;

      if (id == NULL)
        muster_field_errors_add (errors, "/ids", "must hold ids alone");
      else
        g_strv_builder_add (builder, id);
    }
  return muster_field_errors_check (errors, error) ? g_strv_builder_end (builder) : NULL;
}

static DexFuture *
act_on_many (MusterRequest *request, gpointer service, MusterAlertVerb verb)
{
  MusterDatabase   *database = get_database (service);
  MusterAlertAction action;
  GError           *error = NULL;
  g_auto (GStrv) ids = read_ids (request, &error);

  if (ids == NULL || !read_action (request, database, verb, &action, &error))
    return dex_future_new_for_error (error);
  return muster_alert_respond_json (muster_alert_act_on_many (database,
                                                              muster_request_get_actor (request),
                                                              (const char *const *)ids, &action));
}

static DexFuture *
acknowledge (MusterRequest *request, gpointer service)
{
  return act (request, service, MUSTER_ALERT_VERB_ACKNOWLEDGE);
}

static DexFuture *
acknowledge_many (MusterRequest *request, gpointer service)
{
  return act_on_many (request, service, MUSTER_ALERT_VERB_ACKNOWLEDGE);
}

static DexFuture *
assign (MusterRequest *request, gpointer service)
{
  return act (request, service, MUSTER_ALERT_VERB_ASSIGN);
}

static DexFuture *
assign_many (MusterRequest *request, gpointer service)
{
  return act_on_many (request, service, MUSTER_ALERT_VERB_ASSIGN);
}

static DexFuture *
silence (MusterRequest *request, gpointer service)
{
  return act (request, service, MUSTER_ALERT_VERB_SILENCE);
}

static DexFuture *
silence_many (MusterRequest *request, gpointer service)
{
  return act_on_many (request, service, MUSTER_ALERT_VERB_SILENCE);
}

static DexFuture *
unsilence (MusterRequest *request, gpointer service)
{
  return act (request, service, MUSTER_ALERT_VERB_UNSILENCE);
}

static DexFuture *
unsilence_many (MusterRequest *request, gpointer service)
{
  return act_on_many (request, service, MUSTER_ALERT_VERB_UNSILENCE);
}

static DexFuture *
resolve (MusterRequest *request, gpointer service)
{
  return act (request, service, MUSTER_ALERT_VERB_RESOLVE);
}

static DexFuture *
resolve_many (MusterRequest *request, gpointer service)
{
  return act_on_many (request, service, MUSTER_ALERT_VERB_RESOLVE);
}

static DexFuture *
explain_alert (MusterRequest *request, gpointer service)
{
  return muster_alert_respond_json (
    muster_alert_service_explain_alert (service, muster_request_get_path_param (request, "id")));
}

static DexFuture *
list_open (MusterRequest *request, gpointer repository)
{
  static const char *const unresolved[] = { "open", "acknowledged", NULL };

  muster_query_where_any (muster_request_get_query (request), "status", unresolved);
  return muster_handle_list (request, repository);
}

/* clang-format off */
#define IDS_MEMBERS \
  { "ids", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Alerts"), .doc = "Their ids, at most 10,000." },
#define COMMENT_MEMBERS \
  { "comment", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE, 0, 4000, .label = N_("Comment"), .doc = "What there is to say about it." },
#define ASSIGN_MEMBERS \
  { "person_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Person"), .doc = "Who sees to it; null for nobody." },
#define SILENCE_MEMBERS \
  { "until", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE, .label = N_("Until"), .doc = "Nobody is told of it before." }, \
  { "seconds", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, 1, 31536000, .unit = "s", .label = N_("For"), .doc = "Or for how long from now." }, \
  { "reason", MUSTER_FIELD_TEXT, MUSTER_FIELD_NULLABLE, 0, 4000, .label = N_("Reason"), .doc = "Why; it becomes the comment." },
static const MusterField comment_fields[] = { COMMENT_MEMBERS };
static const MusterField assign_fields[] = { ASSIGN_MEMBERS };
static const MusterField silence_fields[] = { SILENCE_MEMBERS };
static const MusterField comment_many_fields[] = { IDS_MEMBERS COMMENT_MEMBERS };
static const MusterField assign_many_fields[] = { IDS_MEMBERS ASSIGN_MEMBERS };
static const MusterField silence_many_fields[] = { IDS_MEMBERS SILENCE_MEMBERS };
static const MusterField results_fields[] = {
  { "changed", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED, .label = N_("Changed"), .doc = "How many." },
  { "results", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Results"), .doc = "An object an id, in order: id, outcome (changed, unchanged or refused), and in detail why it was refused." },
};
static const MusterField why_fields[] = {
  { "alert", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Alert"), .doc = "As it is." },
  { "rule", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, .label = N_("Rule"), .doc = "That raised it, as it is now." },
  { "cause", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, .label = N_("Cause"), .doc = "The alert that explains it." },
  { "children", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Explains"), .doc = "The alerts that it explains, at most 100." },
  { "evaluations", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Evaluations"), .doc = "The last ones until it was raised, newest first, as explainAlertRule has them." },
};

static const MusterShape why_shape = { .schema = "AlertWhy", .doc = "Why it was raised.", .fields = why_fields, .n_fields = G_N_ELEMENTS (why_fields) };
static const MusterShape alert_shape = { .doc = "An alert.", .entity = &muster_alert_info };
static const MusterShape alerts_shape = { .doc = "Alerts; `status=open,acknowledged` are those that go on, `cause_id=null` leaves out those that another explains.", .entity = &muster_alert_info, .list = TRUE };
static const MusterShape comment_shape = { .schema = "AlertComment", .doc = "What there is to say.", .fields = comment_fields, .n_fields = G_N_ELEMENTS (comment_fields) };
static const MusterShape assign_shape = { .schema = "AssignAlert", .doc = "To whom.", .fields = assign_fields, .n_fields = G_N_ELEMENTS (assign_fields) };
static const MusterShape silence_shape = { .schema = "SilenceAlert", .doc = "For how long.", .fields = silence_fields, .n_fields = G_N_ELEMENTS (silence_fields) };
static const MusterShape comment_many_shape = { .schema = "AlertsComment", .doc = "Which, and what there is to say.", .fields = comment_many_fields, .n_fields = G_N_ELEMENTS (comment_many_fields) };
static const MusterShape assign_many_shape = { .schema = "AssignAlerts", .doc = "Which, and to whom.", .fields = assign_many_fields, .n_fields = G_N_ELEMENTS (assign_many_fields) };
static const MusterShape silence_many_shape = { .schema = "SilenceAlerts", .doc = "Which, and for how long.", .fields = silence_many_fields, .n_fields = G_N_ELEMENTS (silence_many_fields) };
static const MusterShape results_shape = { .schema = "AlertResults", .doc = "What became of each; all that changed is one operation.", .fields = results_fields, .n_fields = G_N_ELEMENTS (results_fields) };

static const MusterRoute record_routes[] = {
  { "GET", "/alerts", "listAlerts", "alerts", "List alerts", muster_handle_list, MUSTER_ROUTE_LIST, .response = &alerts_shape },
  { "GET", "/alerts/ids", "listAlertIds", "alerts", "Every matching id, in order", muster_handle_list_ids, MUSTER_ROUTE_IDS, .response = &alerts_shape },
  { "GET", "/alerts/{id:uuid}", "getAlert", "alerts", "One alert", muster_handle_get, MUSTER_ROUTE_PLAIN, .response = &alert_shape },
  { "GET", "/monitoring/alerts", "getMonitoringAlerts", "alerts", "The alerts that go on", list_open, MUSTER_ROUTE_LIST, .response = &alerts_shape },
};

static const MusterRoute routes[] = {
  { "GET", "/alerts/{id:uuid}/why", "explainAlert", "alerts", "Why an alert was raised", explain_alert, MUSTER_ROUTE_PLAIN, .response = &why_shape },
  { "POST", "/alerts/acknowledge", "acknowledgeAlerts", "alerts", "Take notice of many alerts", acknowledge_many, MUSTER_ROUTE_PLAIN, .request = &comment_many_shape, .response = &results_shape },
  { "POST", "/alerts/assign", "assignAlerts", "alerts", "Say who sees to many alerts", assign_many, MUSTER_ROUTE_PLAIN, .request = &assign_many_shape, .response = &results_shape },
  { "POST", "/alerts/silence", "silenceAlerts", "alerts", "Tell nobody of many alerts for a time", silence_many, MUSTER_ROUTE_PLAIN, .request = &silence_many_shape, .response = &results_shape },
  { "POST", "/alerts/unsilence", "unsilenceAlerts", "alerts", "End the silence of many alerts", unsilence_many, MUSTER_ROUTE_PLAIN, .request = &comment_many_shape, .response = &results_shape },
  { "POST", "/alerts/resolve", "resolveAlerts", "alerts", "Say that many alerts are over", resolve_many, MUSTER_ROUTE_PLAIN, .request = &comment_many_shape, .response = &results_shape },
  { "POST", "/alerts/{id:uuid}/acknowledge", "acknowledgeAlert", "alerts", "Take notice of an alert", acknowledge, MUSTER_ROUTE_PLAIN, .request = &comment_shape, .response = &alert_shape },
  { "POST", "/alerts/{id:uuid}/assign", "assignAlert", "alerts", "Say who sees to an alert", assign, MUSTER_ROUTE_PLAIN, .request = &assign_shape, .response = &alert_shape },
  { "POST", "/alerts/{id:uuid}/silence", "silenceAlert", "alerts", "Tell nobody of an alert for a time", silence, MUSTER_ROUTE_PLAIN, .request = &silence_shape, .response = &alert_shape },
  { "POST", "/alerts/{id:uuid}/unsilence", "unsilenceAlert", "alerts", "End the silence of an alert", unsilence, MUSTER_ROUTE_PLAIN, .request = &comment_shape, .response = &alert_shape },
  { "POST", "/alerts/{id:uuid}/resolve", "resolveAlert", "alerts", "Say that an alert is over", resolve, MUSTER_ROUTE_PLAIN, .request = &comment_shape, .response = &alert_shape },
};
/* clang-format on */

void
muster_alert_resource_add (MusterRouter *router, MusterAlertService *service)
{
  muster_router_add (router, record_routes, G_N_ELEMENTS (record_routes),
                     G_OBJECT (muster_alert_service_get_repository (service)));
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (service));
}

void
muster_alert_resource_add_all (MusterRouter *router, MusterAlertService *service)
{
  g_return_if_fail (MUSTER_IS_ROUTER (router));
  g_return_if_fail (MUSTER_IS_ALERT_SERVICE (service));

  muster_alert_resource_add (router, service);
  muster_alert_rule_resource_add (router, service);
  muster_alert_silence_resource_add (router, service);
}
