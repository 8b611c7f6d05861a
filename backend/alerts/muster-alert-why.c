/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-why"

#include "config.h"

#include <math.h>

#include "model/muster-time.h"
#include "muster-alert-backtest.h"
#include "muster-alert-replay.h"
#include "muster-alert-service-private.h"

/* Evaluations that are told. */
#define N_TOLD 50
/* Devices of a rule that is asked about without one. */
#define N_DEVICES 5
#define N_CHILDREN 100

/* How far back it is looked, until there are enough. */
static const gint64 spans[] = { 10 * G_TIME_SPAN_MINUTE, 6 * G_TIME_SPAN_HOUR,
                                7 * G_TIME_SPAN_DAY };

typedef struct
{
  gint64             at;
  char              *device_id; /* (owned) */
  char              *metric;    /* (owned) (nullable) */
  double             value;
  double             threshold;
  unsigned           level;
  MusterAlertOutcome outcome;
  const char        *reason;
} Evaluation;

/* --- what is told --- */

typedef struct
{
  MusterAlertService *service;
  const char         *device_id;
  const char         *rule_id;
  GQueue              evaluations; /* (element-type Evaluation) the oldest first */
} Told;

static void
evaluation_free (gpointer data)
{
  Evaluation *self = data;

  g_free (self->device_id);
  g_free (self->metric);
  g_free (self);
}

/* Of what fires in a silence nobody is told. */
static const char *
get_reason (Told *self, const MusterAlertTrace *trace)
{
  MusterAlertSubject subject = { self->rule_id, self->device_id, trace->metric };

  if (trace->level > 0 && muster_alert_silences_get_until (self->service->silences, &subject,
                                                           self->service->zone, trace->at) > 0)
    return "silenced";
  return muster_enum_get_nick (&muster_alert_reason_enum, (int)trace->reason);
}

static void
take_trace (const MusterAlertTrace *trace, gpointer user_data)
{
  Told       *self = user_data;
  Evaluation *evaluation = g_new (Evaluation, 1);

  *evaluation = (Evaluation){ .at = trace->at,
                              .device_id = g_strdup (self->device_id),
                              .metric = g_strdup (trace->metric),
                              .value = trace->value,
                              .threshold = trace->threshold,
                              .level = trace->level,
                              .outcome = trace->outcome,
                              .reason = get_reason (self, trace) };
  g_queue_push_tail (&self->evaluations, evaluation);
  if (self->evaluations.length > N_TOLD)
    evaluation_free (g_queue_pop_head (&self->evaluations));
}

static int
compare_newest (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Evaluation *first = a;
  const Evaluation *second = b;

  return (first->at < second->at) - (first->at > second->at);
}

static const char *
get_outcome (const Evaluation *evaluation)
{
  switch (evaluation->outcome)
    {
    case MUSTER_ALERT_RAISED:
      return "raised";
    case MUSTER_ALERT_CHANGED:
      return "changed";
    case MUSTER_ALERT_CLEARED:
      return "resolved";
    case MUSTER_ALERT_UNCHANGED:
    default:
      return evaluation->level > 0 ? "firing" : "well";
    }
}

static void
append_number (GString *json, const char *name, double value)
{
  g_string_append_printf (json, ",\"%s\":", name);
  if (isfinite (value))
    muster_json_append_double (json, value);
  else
    g_string_append (json, "null");
}

static void
append_evaluation (const Evaluation *self, GString *json)
{
  char at[MUSTER_TIME_TEXT_LENGTH + 1];

  g_string_append_printf (json, "{\"at\":\"%s\",\"device_id\":\"%s\",\"metric\":",
                          muster_time_format (self->at, at), self->device_id);
  if (self->metric != NULL)
    muster_json_append_string (json, self->metric, -1);
  else
    g_string_append (json, "null");
  append_number (json, "value", self->value);
  append_number (json, "threshold", self->threshold);
  g_string_append_printf (json, ",\"outcome\":\"%s\",\"reason\":\"%s\"}", get_outcome (self),
                          self->reason);
}

static void
append_told (Told *self, GString *json)
{
  g_queue_sort (&self->evaluations, compare_newest, NULL);
  g_string_append (json, "\"evaluations\":[");
  for (GList *link = self->evaluations.head; link != NULL; link = link->next)
    {
      append_evaluation (link->data, json);
      if (link->next != NULL)
        g_string_append_c (json, ',');
    }
  g_string_append_c (json, ']');
}

/* --- in a fiber --- */

/* Rules that look at no samples say what they know now. */
static void
tell_state (const MusterAlertPlan      *plan,
            const char                 *device_id,
            const char                 *metric,
            const MusterAlertCondition *condition,
            gpointer                    user_data)
{
  Told            *told = user_data;
  MusterAlertTrace trace = { condition->at,    metric,
                             condition->value, NAN,
                             condition->level, MUSTER_ALERT_UNCHANGED,
                             condition->reason };

  if (told->device_id != NULL && !g_str_equal (told->device_id, device_id))
    return;
  if (trace.at == 0)
    trace.at = muster_alert_service_get_now (told->service);
  told->device_id = device_id;
  take_trace (&trace, told);
  told->device_id = NULL;
}

/* How much was told of SPAN before TO. */
static gboolean
replay (Told *told, MusterAlertPlan *plan, gint64 from, gint64 to, GError **error)
{
  g_autoptr (MusterAlertReplay) self =
              muster_alert_replay_new (plan, from, muster_alert_service_gate, told->service,
                                       take_trace, told);
  MusterSampleQuery query = { .device_id = told->device_id,
                              .metrics = muster_alert_replay_get_metrics (self),
                              .from = from,
                              .to = to };
  g_autoptr (GPtrArray) batches = dex_await_boxed (
    muster_sample_store_query_range (muster_telemetry_get_store (told->service->telemetry), &query),
    error);

  if (batches == NULL)
    return FALSE;
  for (guint i = 0; i < batches->len; i++)
    muster_alert_replay_feed (self, batches->pdata[i]);
  muster_alert_replay_end (self, to);
  return TRUE;
}

static gboolean
tell_device (Told *told, MusterAlertPlan *plan, gint64 to, GError **error)
{
  GQueue others = told->evaluations;

  for (size_t i = 0; i < G_N_ELEMENTS (spans); i++)
    {
      g_queue_init (&told->evaluations);
      if (!replay (told, plan, to - spans[i] - 2 * plan->duration, to, error))
        return FALSE;
      if (told->evaluations.length >= N_TOLD || i + 1 == G_N_ELEMENTS (spans))
        break;
      g_queue_clear_full (&told->evaluations, evaluation_free);
    }
  for (Evaluation *one = NULL; (one = g_queue_pop_head (&others)) != NULL;)
    g_queue_push_tail (&told->evaluations, one);
  return TRUE;
}

static gboolean
is_of_samples (const MusterAlertPlan *plan)
{
  return plan->kind != MUSTER_ALERT_RULE_OFFLINE && plan->kind != MUSTER_ALERT_RULE_ANOMALY;
}

static gboolean
tell_rule (Told *told, MusterAlertPlan *plan, const char *device_id, gint64 to, GError **error)
{
  g_autoptr (GPtrArray) ids = NULL;

  told->rule_id = plan->id;
  told->device_id = device_id;
  if (!is_of_samples (plan))
    {
      muster_alert_engine_foreach (told->service->engine, plan->id, tell_state, told);
      return TRUE;
    }
  if (device_id != NULL)
    return tell_device (told, plan, to, error);
  ids = muster_alert_engine_list_devices (told->service->engine, plan->scope, plan->scope_id,
                                          N_DEVICES);
  for (guint i = 0; i < ids->len; i++)
    {
      told->device_id = ids->pdata[i];
      if (!tell_device (told, plan, to, error))
        return FALSE;
    }
  return TRUE;
}

/* Whom it is asked of. */
typedef struct
{
  MusterAlertService *service;
  char               *id;
  char               *device_id; /* (nullable) */
} Question;

static void
question_free (gpointer data)
{
  Question *self = data;

  g_object_unref (self->service);
  g_free (self->id);
  g_free (self->device_id);
  g_free (self);
}

static Question *
question_new (MusterAlertService *service, const char *id, const char *device_id)
{
  Question *self = g_new (Question, 1);

  *self = (Question){ g_object_ref (service), g_strdup (id), g_strdup (device_id) };
  return self;
}

static MusterEntity *
get_record (Question *self, const MusterEntityInfo *info, const char *id, GError **error)
{
  return dex_await_object (muster_repository_get (self->service->repository, info, id), error);
}

static DexFuture *
explain_rule_fiber (gpointer user_data)
{
  Question *self = user_data;
  Told      told = { .service = self->service };
  GString  *json = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterEntity) rule = get_record (self, &muster_alert_rule_info, self->id, &error);
  g_autoptr (MusterAlertPlan) plan = NULL;

  if (rule != NULL)
    plan = muster_alert_plan_new (rule, &error);
  if (plan == NULL || !tell_rule (&told, plan, self->device_id,
                                  muster_alert_service_get_now (self->service), &error))
    {
      g_queue_clear_full (&told.evaluations, evaluation_free);
      return dex_future_new_for_error (g_steal_pointer (&error));
    }
  json = g_string_new ("{");
  append_told (&told, json);
  g_string_append_c (json, '}');
  g_queue_clear_full (&told.evaluations, evaluation_free);
  return dex_future_new_take_boxed (G_TYPE_BYTES, g_string_free_to_bytes (json));
}

DexFuture *
muster_alert_service_explain_rule (MusterAlertService *self,
                                   const char         *rule_id,
                                   const char         *device_id)
{
  g_return_val_if_fail (MUSTER_IS_ALERT_SERVICE (self), NULL);
  g_return_val_if_fail (rule_id != NULL, NULL);

  return dex_scheduler_spawn (NULL, 0, explain_rule_fiber, question_new (self, rule_id, device_id),
                              question_free);
}

/* --- of an alert --- */

static void
append_record (GString *json, const char *name, MusterEntity *record)
{
  g_string_append_printf (json, "%s\"%s\":", json->len > 1 ? "," : "", name);
  if (record != NULL)
    muster_entity_encode (record, json);
  else
    g_string_append (json, "null");
}

static gboolean
append_children (Question *self, GString *json, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_alert_info);
  g_autoptr (GPtrArray) children = NULL;

  muster_query_where (query, "cause_id", self->id);
  muster_query_set_limit (query, N_CHILDREN);
  children = dex_await_boxed (muster_repository_select (self->service->repository, query), error);
  if (children == NULL)
    return FALSE;
  g_string_append (json, ",\"children\":[");
  for (guint i = 0; i < children->len; i++)
    {
      if (i > 0)
        g_string_append_c (json, ',');
      muster_entity_encode (children->pdata[i], json);
    }
  g_string_append (json, "],");
  return TRUE;
}

/* What was evaluated until shortly after it was raised. */
static gboolean
append_evaluations (Question     *self,
                    GString      *json,
                    MusterEntity *alert,
                    MusterEntity *rule,
                    GError      **error)
{
  Told   told = { .service = self->service };
  gint64 to = muster_entity_get_integer (alert, "raised_at") + G_USEC_PER_SEC;
  g_autoptr (MusterAlertPlan) plan = rule != NULL ? muster_alert_plan_new (rule, NULL) : NULL;
  gboolean good = plan == NULL || muster_entity_is_null (alert, "device_id") ||
                  tell_rule (&told, plan, muster_entity_get_string (alert, "device_id"), to, error);

  if (good)
    append_told (&told, json);
  g_queue_clear_full (&told.evaluations, evaluation_free);
  return good;
}

static DexFuture *
explain_alert_fiber (gpointer user_data)
{
  Question *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterEntity) alert = get_record (self, &muster_alert_info, self->id, &error);
  g_autoptr (MusterEntity) rule = NULL;
  g_autoptr (MusterEntity) cause = NULL;
  g_autoptr (GString) json = g_string_new ("{");

  if (alert == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  if (!muster_entity_is_null (alert, "rule_id"))
    rule =
      get_record (self, &muster_alert_rule_info, muster_entity_get_string (alert, "rule_id"), NULL);
  if (!muster_entity_is_null (alert, "cause_id"))
    cause =
      get_record (self, &muster_alert_info, muster_entity_get_string (alert, "cause_id"), NULL);
  append_record (json, "alert", alert);
  append_record (json, "rule", rule);
  append_record (json, "cause", cause);
  if (!append_children (self, json, &error) ||
      !append_evaluations (self, json, alert, rule, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));
  g_string_append_c (json, '}');
  return dex_future_new_take_boxed (G_TYPE_BYTES, g_string_free_to_bytes (g_steal_pointer (&json)));
}

DexFuture *
muster_alert_service_explain_alert (MusterAlertService *self, const char *alert_id)
{
  g_return_val_if_fail (MUSTER_IS_ALERT_SERVICE (self), NULL);
  g_return_val_if_fail (alert_id != NULL, NULL);

  return dex_scheduler_spawn (NULL, 0, explain_alert_fiber, question_new (self, alert_id, NULL),
                              question_free);
}
