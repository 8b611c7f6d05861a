/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-alerts"

#include "config.h"

#include "model/muster-time.h"
#include "muster-api-alerts.h"
#include "muster-api-calls.h"

/* BODY is taken. */
static DexFuture *
act (MusterApiClient *client, const char *id, const char *verb, JsonObject *body)
{
  MusterApiRequest *request = muster_api_request_new ("POST", "alerts", id, verb, NULL);

  muster_api_request_take_object (request, body);
  return muster_api_call_entity (client, request, &muster_alert_info);
}

static void
set_time (JsonObject *object, const char *member, gint64 time)
{
  char text[MUSTER_TIME_TEXT_LENGTH + 1];

  muster_time_format (time, text);
  json_object_set_string_member (object, member, text);
}

DexFuture *
muster_api_alerts_acknowledge (MusterApiClient *client, const char *id, const char *comment)
{
  return act (client, id, "acknowledge", muster_api_make_object ("comment", comment, NULL));
}

DexFuture *
muster_api_alerts_assign (MusterApiClient *client, const char *id, const char *person_id)
{
  return act (client, id, "assign", muster_api_make_object ("person_id", person_id, NULL));
}

DexFuture *
muster_api_alerts_silence (MusterApiClient *client,
                           const char      *id,
                           gint64           until,
                           const char      *reason)
{
  JsonObject *body = muster_api_make_object ("reason", reason, NULL);

  set_time (body, "until", until);
  return act (client, id, "silence", body);
}

DexFuture *
muster_api_alerts_unsilence (MusterApiClient *client, const char *id)
{
  return muster_api_call_entity (client,
                                 muster_api_request_new ("POST", "alerts", id, "unsilence", NULL),
                                 &muster_alert_info);
}

DexFuture *
muster_api_alerts_resolve (MusterApiClient *client, const char *id, const char *comment)
{
  return act (client, id, "resolve", muster_api_make_object ("comment", comment, NULL));
}

/* BODY is taken. */
static DexFuture *
act_on_many (MusterApiClient *client, const char *verb, const char *const *ids, JsonObject *body)
{
  MusterApiRequest *request = muster_api_request_new ("POST", "alerts", verb, NULL);
  JsonArray        *array = json_array_new ();

  for (unsigned i = 0; ids[i] != NULL; i++)
    json_array_add_string_element (array, ids[i]);
  json_object_set_array_member (body, "ids", array);
  muster_api_request_take_object (request, body);
  return muster_api_call_object (client, request);
}

DexFuture *
muster_api_alerts_acknowledge_many (MusterApiClient   *client,
                                    const char *const *ids,
                                    const char        *comment)
{
  return act_on_many (client, "acknowledge", ids,
                      muster_api_make_object ("comment", comment, NULL));
}

DexFuture *
muster_api_alerts_assign_many (MusterApiClient   *client,
                               const char *const *ids,
                               const char        *person_id)
{
  return act_on_many (client, "assign", ids, muster_api_make_object ("person_id", person_id, NULL));
}

DexFuture *
muster_api_alerts_silence_many (MusterApiClient   *client,
                                const char *const *ids,
                                gint64             until,
                                const char        *reason)
{
  JsonObject *body = muster_api_make_object ("reason", reason, NULL);

  set_time (body, "until", until);
  return act_on_many (client, "silence", ids, body);
}

DexFuture *
muster_api_alerts_unsilence_many (MusterApiClient *client, const char *const *ids)
{
  return act_on_many (client, "unsilence", ids, json_object_new ());
}

DexFuture *
muster_api_alerts_resolve_many (MusterApiClient   *client,
                                const char *const *ids,
                                const char        *comment)
{
  return act_on_many (client, "resolve", ids, muster_api_make_object ("comment", comment, NULL));
}

DexFuture *
muster_api_alerts_explain (MusterApiClient *client, const char *id)
{
  return muster_api_call_object (client, muster_api_request_new ("GET", "alerts", id, "why", NULL));
}

DexFuture *
muster_api_alert_rules_explain (MusterApiClient *client, const char *id, const char *device_id)
{
  MusterApiRequest *request = muster_api_request_new ("GET", "alert-rules", id, "why", NULL);

  muster_api_request_add_query (request, "device_id", device_id);
  return muster_api_call_object (client, request);
}

DexFuture *
muster_api_alert_rules_backtest (MusterApiClient *client,
                                 JsonObject      *rule,
                                 const char      *device_id,
                                 gint64           from,
                                 gint64           to)
{
  MusterApiRequest *request = muster_api_request_new ("POST", "alert-rules", "backtest", NULL);
  JsonObject       *body = muster_api_make_object ("device_id", device_id, NULL);

  json_object_set_object_member (body, "rule", rule);
  set_time (body, "from", from);
  set_time (body, "to", to);
  muster_api_request_take_object (request, body);
  return muster_api_call_object (client, request);
}

DexFuture *
muster_api_alert_rules_make_defaults (MusterApiClient *client, const char *product_id)
{
  MusterApiRequest *request = muster_api_request_new ("POST", "alert-rules", "defaults", NULL);

  muster_api_request_take_object (request, muster_api_make_object ("product_id", product_id, NULL));
  return muster_api_call_object (client, request);
}
