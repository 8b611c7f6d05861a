/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-backtest"

#include "config.h"

#include <math.h>

#include "model/muster-device-event.h"
#include "model/muster-time.h"
#include "muster-alert-backtest.h"
#include "muster-alert-replay.h"
#include "muster-alert-service-private.h"

/* Read at once. */
#define PIECE (6 * G_TIME_SPAN_HOUR)
#define MAX_FIRINGS 10000
/* Points of a curve that is drawn under the firings. */
#define CURVE_POINTS 1000
/* Devices whose curves come along. */
#define MAX_CURVES 5

typedef struct
{
  MusterAlertService *service;   /* (owned) */
  MusterAlertPlan    *plan;      /* (owned) */
  char               *device_id; /* (owned) (nullable) */
  gint64              from;
  gint64              to;

  const char *device; /* the one that is looked at */
  GString    *firings;
  GString    *series;
  unsigned    n_firings;
  gint64      n_evaluated;
  gboolean    truncated;
  GHashTable *open; /* (owned) (element-type utf8 Firing): by metric */
} Run;

typedef struct
{
  gint64 from;
  double value;
  int    severity;
} Firing;

static void
run_free (gpointer data)
{
  Run *self = data;

  g_object_unref (self->service);
  g_clear_pointer (&self->plan, muster_alert_plan_unref);
  g_free (self->device_id);
  g_string_free (self->firings, TRUE);
  g_string_free (self->series, TRUE);
  g_hash_table_unref (self->open);
  g_free (self);
}

/* --- firings --- */

static void
append_time (GString *json, gint64 time)
{
  char text[MUSTER_TIME_TEXT_LENGTH + 1];

  if (time > 0)
    g_string_append_printf (json, "\"%s\"", muster_time_format (time, text));
  else
    g_string_append (json, "null");
}

static void
append_number (GString *json, double value)
{
  if (isfinite (value))
    muster_json_append_double (json, value);
  else
    g_string_append (json, "null");
}

static void
append_text (GString *json, const char *text)
{
  if (text != NULL)
    muster_json_append_string (json, text, -1);
  else
    g_string_append (json, "null");
}

/* TO 0: it goes on. */
static void
append_firing (Run *self, const char *metric, const Firing *firing, gint64 to)
{
  GString *json = self->firings;

  if (self->n_firings++ >= MAX_FIRINGS)
    {
      self->truncated = TRUE;
      return;
    }
  g_string_append_printf (json, "%s{\"device_id\":\"%s\",\"metric\":", json->len > 0 ? "," : "",
                          self->device);
  append_text (json, *metric != '\0' ? metric : NULL);
  g_string_append_printf (json, ",\"severity\":\"%s\",\"from\":",
                          muster_enum_get_nick (&muster_severity_enum, firing->severity));
  append_time (json, firing->from);
  g_string_append (json, ",\"to\":");
  append_time (json, to);
  g_string_append (json, ",\"value\":");
  append_number (json, firing->value);
  g_string_append_c (json, '}');
}

/* Another severity is another firing, so that each can be drawn in its colour. */
static void
take_trace (const MusterAlertTrace *trace, gpointer user_data)
{
  Run        *self = user_data;
  const char *metric = trace->metric != NULL ? trace->metric : "";
  Firing     *firing = NULL;

  if (trace->outcome == MUSTER_ALERT_UNCHANGED)
    return;
  firing = g_hash_table_lookup (self->open, metric);
  if (firing != NULL)
    append_firing (self, metric, firing, trace->at);
  g_hash_table_remove (self->open, metric);
  if (trace->level == 0)
    return;
  firing = g_new (Firing, 1);
  *firing = (Firing){ trace->at, trace->value, self->plan->levels[trace->level - 1].severity };
  g_hash_table_insert (self->open, g_strdup (metric), firing);
}

static void
close_firings (Run *self)
{
  GHashTableIter iter;
  const char    *metric = NULL;
  Firing        *firing = NULL;

  g_hash_table_iter_init (&iter, self->open);
  while (g_hash_table_iter_next (&iter, (gpointer *)&metric, (gpointer *)&firing))
    append_firing (self, metric, firing, 0);
  g_hash_table_remove_all (self->open);
}

/* --- in a fiber --- */

/* (transfer full): of one batch, or NULL with ERROR. */
static GPtrArray *
read_piece (MusterAlertService *service, const MusterSampleQuery *query, GError **error)
{
  return dex_await_boxed (
    muster_sample_store_query_range (muster_telemetry_get_store (service->telemetry), query),
    error);
}

static gboolean
add_curve (Run *self, const char *const *metrics, GError **error)
{
  MusterSampleQuery query = { .device_id = self->device,
                              .metrics = metrics,
                              .from = self->from,
                              .to = self->to,
                              .points = CURVE_POINTS };
  g_autoptr (GPtrArray) batches = read_piece (self->service, &query, error);
  gsize before = self->series->len;

  if (batches == NULL)
    return FALSE;
  if (before > 0)
    g_string_append_c (self->series, ',');
  if (batches->len == 0 || !muster_sample_batch_encode (batches->pdata[0], NULL, self->series))
    g_string_truncate (self->series, before);
  return TRUE;
}

static gboolean
replay_device (Run *self, GError **error)
{
  g_autoptr (MusterAlertReplay) replay =
              muster_alert_replay_new (self->plan, self->from, muster_alert_service_gate,
                                       self->service, take_trace, self);
  const char *const *metrics = muster_alert_replay_get_metrics (replay);

  for (gint64 at = self->from; at <= self->to && !self->truncated; at += PIECE)
    {
      MusterSampleQuery query = { .device_id = self->device,
                                  .metrics = metrics,
                                  .from = at,
                                  .to = MIN (at + PIECE - 1, self->to) };
      g_autoptr (GPtrArray) batches = read_piece (self->service, &query, error);

      if (batches == NULL)
        return FALSE;
      for (guint i = 0; i < batches->len; i++)
        muster_alert_replay_feed (replay, batches->pdata[i]);
      self->truncated = self->n_evaluated + muster_alert_replay_get_evaluated (replay) >
                        MUSTER_ALERT_BACKTEST_SAMPLES;
    }
  muster_alert_replay_end (replay, self->to);
  self->n_evaluated += muster_alert_replay_get_evaluated (replay);
  close_firings (self);
  return TRUE;
}

static GPtrArray *
list_devices (MusterAlertService *service, const MusterAlertPlan *plan, const char *device_id)
{
  GPtrArray *ids = NULL;

  if (device_id == NULL)
    return muster_alert_engine_list_devices (service->engine, plan->scope, plan->scope_id,
                                             MUSTER_ALERT_BACKTEST_DEVICES);
  ids = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (ids, g_strdup (device_id));
  return ids;
}

static DexFuture *
backtest_fiber (gpointer user_data)
{
  Run     *self = user_data;
  GString *json = NULL;
  g_autoptr (GPtrArray) ids = list_devices (self->service, self->plan, self->device_id);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < ids->len; i++)
    {
      const char *const one[] = { self->plan->metric, NULL };

      self->device = ids->pdata[i];
      if (!replay_device (self, &error) ||
          (i < MAX_CURVES && self->plan->pattern == NULL && self->plan->metric != NULL &&
           !add_curve (self, one, &error)))
        return dex_future_new_for_error (g_steal_pointer (&error));
    }
  json = g_string_new ("{\"firings\":[");
  g_string_append_len (json, self->firings->str, (gssize)self->firings->len);
  g_string_append_printf (json,
                          "],\"evaluated\":%" G_GINT64_FORMAT ",\"truncated\":%s,\"series\":[",
                          self->n_evaluated, self->truncated ? "true" : "false");
  g_string_append_len (json, self->series->str, (gssize)self->series->len);
  g_string_append (json, "]}");
  return dex_future_new_take_boxed (G_TYPE_BYTES, g_string_free_to_bytes (json));
}

/* The rows of CAUSE at /rule. */
static GError *
move_rows (const GError *cause)
{
  GError    *error = NULL;
  GPtrArray *rows = muster_error_get_fields (cause);
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  for (guint i = 0; i < rows->len; i++)
    {
      const MusterFieldError *row = rows->pdata[i];
      g_autofree char        *pointer = g_strconcat ("/rule", row->pointer, NULL);

      muster_field_errors_add (errors, pointer, "%s", row->detail);
    }
  muster_field_errors_check (errors, &error);
  return error;
}

/* (transfer full): NULL with rows at /rule. */
static MusterAlertPlan *
compile (MusterEntity *rule, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (MusterAlertPlan) plan = muster_alert_plan_new (rule, &cause);
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  if (plan == NULL)
    {
      g_propagate_error (error, move_rows (cause));
      return NULL;
    }
  if (plan->kind == MUSTER_ALERT_RULE_OFFLINE || plan->kind == MUSTER_ALERT_RULE_ANOMALY)
    muster_field_errors_add (errors, "/rule/kind",
                             "cannot be tried out: such a rule looks at no stored samples");
  return muster_field_errors_check (errors, error) ? g_steal_pointer (&plan) : NULL;
}

DexFuture *
muster_alert_service_backtest (MusterAlertService *self, const MusterAlertBacktest *backtest)
{
  Run    *run = NULL;
  GError *error = NULL;
  g_autoptr (MusterAlertPlan) plan = NULL;

  g_return_val_if_fail (MUSTER_IS_ALERT_SERVICE (self), NULL);
  g_return_val_if_fail (backtest != NULL && backtest->rule != NULL, NULL);

  plan = compile (backtest->rule, &error);
  if (plan == NULL)
    return dex_future_new_for_error (error);
  run = g_new0 (Run, 1);
  run->service = g_object_ref (self);
  run->plan = g_steal_pointer (&plan);
  run->device_id = g_strdup (backtest->device_id);
  run->from = backtest->from;
  run->to = backtest->to;
  run->firings = g_string_new (NULL);
  run->series = g_string_new (NULL);
  run->open = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return dex_scheduler_spawn (NULL, 0, backtest_fiber, run, run_free);
}
