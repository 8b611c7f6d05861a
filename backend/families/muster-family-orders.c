/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-family-orders"

#include "config.h"

#include <math.h>
#include <string.h>

#include "model/muster-error.h"
#include "muster-family-host-private.h"
#include "muster-template-private.h"

/* Something that a unit was told, until it confirms it. */
typedef struct
{
  MusterFamilyOrders *orders;
  MusterFamilyUnit   *unit;   /* (owned) */
  char               *metric; /* (nullable) */
  MusterSample        wanted; /* its text owned */
  gint64              request;
  MusterFamilyConfirm confirm;
  DexPromise         *promise; /* (owned) */
  guint               timeout_id;
  unsigned            seconds;
} Order;

struct _MusterFamilyOrders
{
  GPtrArray *list; /* (owned) (element-type Order): the oldest first */
  gint64     n_given;
};

static void
order_free (gpointer data)
{
  Order *self = data;

  g_clear_handle_id (&self->timeout_id, g_source_remove);
  if (self->wanted.type == MUSTER_SAMPLE_STRING)
    g_free ((char *)self->wanted.text);
  muster_family_unit_unref (self->unit);
  dex_unref (self->promise);
  g_free (self->metric);
  g_free (self);
}

MusterFamilyOrders *
muster_family_orders_new (void)
{
  MusterFamilyOrders *self = g_new0 (MusterFamilyOrders, 1);

  self->list = g_ptr_array_new_with_free_func (order_free);
  return self;
}

void
muster_family_orders_free (MusterFamilyOrders *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->list);
  g_free (self);
}

/* Ends ORDER: ERROR (nullable) is taken. */
static void
settle (MusterFamilyOrders *self, Order *order, GError *error)
{
  g_autoptr (DexPromise) promise = dex_ref (order->promise);

  g_ptr_array_remove (self->list, order);
  if (error != NULL)
    dex_promise_reject (promise, error);
  else
    dex_promise_resolve_boolean (promise, TRUE);
}

static gboolean
order_timeout_cb (gpointer user_data)
{
  Order *order = user_data;

  order->timeout_id = 0;
  settle (order->orders, order,
          g_error_new (MUSTER_ERROR, MUSTER_ERROR_TIMED_OUT,
                       "the device did not confirm it within %u s", order->seconds));
  return G_SOURCE_REMOVE;
}

static gboolean
is_same (const MusterSample *a, const MusterSample *b)
{
  double x = a->type == MUSTER_SAMPLE_INTEGER ? (double)a->integer : a->number;
  double y = b->type == MUSTER_SAMPLE_INTEGER ? (double)b->integer : b->number;

  if (a->type == MUSTER_SAMPLE_BOOLEAN || b->type == MUSTER_SAMPLE_BOOLEAN)
    return a->type == b->type && a->boolean == b->boolean;
  if (a->type == MUSTER_SAMPLE_STRING || b->type == MUSTER_SAMPLE_STRING)
    return a->type == b->type && g_str_equal (a->text, b->text);
  /* Devices round what they are told. */
  return a->type != MUSTER_SAMPLE_NULL && b->type != MUSTER_SAMPLE_NULL &&
         fabs (x - y) <= 1e-3 * MAX (1, fabs (y));
}

void
muster_family_orders_note_value (MusterFamilyOrders       *self,
                                 MusterFamilyUnit         *unit,
                                 const MusterFamilyMetric *metric)
{
  for (guint i = self->list->len; i > 0; i--)
    {
      Order *order = self->list->pdata[i - 1];

      if (order->unit == unit && order->metric != NULL &&
          g_str_equal (order->metric, metric->name) && is_same (&metric->value, &order->wanted))
        settle (self, order, NULL);
    }
}

void
muster_family_orders_note_answer (MusterFamilyOrders *self,
                                  MusterFamilyUnit   *unit,
                                  gint64              request,
                                  const char         *failure)
{
  for (guint i = 0; i < self->list->len; i++)
    {
      Order *order = self->list->pdata[i];

      if (order->unit != unit || (request != 0 && order->request != request))
        continue;
      if (failure != NULL)
        settle (self, order,
                g_error_new (MUSTER_ERROR, MUSTER_ERROR_FAILED, "the device refused: %s", failure));
      else if (order->confirm == MUSTER_FAMILY_CONFIRM_ANSWER)
        settle (self, order, NULL);
      return;
    }
}

void
muster_family_orders_abandon (MusterFamilyOrders *self, MusterFamilyUnit *unit, const char *why)
{
  for (guint i = self->list->len; i > 0; i--)
    {
      Order *order = self->list->pdata[i - 1];

      if (unit == NULL || order->unit == unit)
        settle (self, order, g_error_new (MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE, "%s", why));
    }
}

/* --- giving them --- */

/* VALUE as templates and devices write it. */
static JsonNode *
make_node (const MusterFamilyMetric *metric, const MusterSample *value)
{
  double number = value->type == MUSTER_SAMPLE_INTEGER ? (double)value->integer : value->number;

  if (value->type == MUSTER_SAMPLE_STRING)
    return muster_template_make_string (value->text);
  if (value->type == MUSTER_SAMPLE_BOOLEAN && value->boolean && metric->on != NULL)
    return muster_template_make_string (metric->on);
  if (value->type == MUSTER_SAMPLE_BOOLEAN && !value->boolean && metric->off != NULL)
    return muster_template_make_string (metric->off);
  if (value->type == MUSTER_SAMPLE_BOOLEAN)
    return muster_template_make_boolean (value->boolean);
  number /= metric->scale;
  return number == trunc (number) && fabs (number) < 1e15
           ? muster_template_make_integer ((gint64)number)
           : muster_template_make_double (number);
}

/* Publishes what the metric's own description says. FALSE where it says nothing. */
static gboolean
publish_described (MusterFamilyHost         *self,
                   const MusterFamilyMetric *metric,
                   MusterFamilyScope        *scope,
                   DexFuture               **future)
{
  g_autofree char *payload = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (metric->command_topic == NULL)
    return FALSE;
  payload =
    metric->command_template != NULL
      ? muster_template_render (metric->command_template, muster_family_scope_look_up, scope, NULL)
      : muster_template_value_to_text (scope->value);
  if (payload == NULL)
    return FALSE;
  /* Python's way to write them is nobody's on the wire. */
  if (metric->command_template == NULL && json_node_get_value_type (scope->value) == G_TYPE_BOOLEAN)
    {
      g_free (payload);
      payload = g_strdup (json_node_get_boolean (scope->value) ? "true" : "false");
    }
  bytes = g_bytes_new (payload, strlen (payload));
  *future = muster_mqtt_client_publish (self->client, metric->command_topic, bytes, 1, FALSE);
  return TRUE;
}

static DexFuture *
published_cb (DexFuture *future, gpointer user_data)
{
  return dex_ref (user_data);
}

/* Resolves once what was PUBLISHED (taken) is confirmed in the way CONFIRM says. WANTED (nullable):
 * the value that METRIC is to take. */
static DexFuture *
await_confirmation (MusterFamilyHost   *self,
                    MusterFamilyUnit   *unit,
                    DexFuture          *published,
                    MusterFamilyConfirm confirm,
                    const char         *metric,
                    const MusterSample *wanted,
                    gint64              request,
                    gint64              timeout)
{
  Order *order = NULL;

  if (confirm == MUSTER_FAMILY_CONFIRM_SENT)
    return published;
  order = g_new0 (Order, 1);
  order->orders = self->orders;
  order->unit = muster_family_unit_ref (unit);
  order->metric = g_strdup (metric);
  if (wanted != NULL)
    order->wanted = *wanted;
  if (order->wanted.type == MUSTER_SAMPLE_STRING)
    order->wanted.text = g_strdup (wanted->text);
  order->request = request;
  order->confirm = confirm;
  order->promise = dex_promise_new ();
  order->seconds = timeout / G_TIME_SPAN_SECOND;
  order->timeout_id = g_timeout_add (timeout / 1000, order_timeout_cb, order);
  g_ptr_array_add (self->orders->list, order);
  return dex_future_then (published, published_cb, dex_ref (order->promise), dex_unref);
}

static DexFuture *
refuse_offline (void)
{
  return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "the device is offline");
}

DexFuture *
muster_family_host_write (MusterFamilyHost   *self,
                          MusterFamilyUnit   *unit,
                          const char         *name,
                          const MusterSample *value,
                          gint64              timeout)
{
  const MusterFamilyMetric      *metric = NULL;
  const MusterFamilyCommandRule *rule = NULL;
  MusterFamilyScope              scope = { .host = self->name, .unit = unit };
  g_auto (GStrv) captures = NULL;
  g_autoptr (JsonNode) node = NULL;
  DexFuture          *published = NULL;
  MusterFamilyConfirm confirm = MUSTER_FAMILY_CONFIRM_STATE;

  g_return_val_if_fail (MUSTER_IS_FAMILY_HOST (self), NULL);
  g_return_val_if_fail (unit != NULL && name != NULL && value != NULL, NULL);

  metric = muster_family_unit_find_metric (unit, name);
  if (metric == NULL)
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
                                  "the device does not report %s now", name);
  if (muster_family_life_get_state (unit->life) == MUSTER_LIVE_OFFLINE)
    return refuse_offline ();
  rule = muster_family_unit_find_command (unit, name, &captures);
  node = make_node (metric, value);
  scope.value = node;
  scope.request = ++self->orders->n_given;
  if (rule != NULL)
    {
      scope.names = muster_topic_pattern_get_names (rule->metric);
      scope.captures = captures;
      confirm = rule->confirm;
    }
  else if (metric->origin != NULL && !metric->has_topic)
    confirm = MUSTER_FAMILY_CONFIRM_SENT;
  if (!publish_described (self, metric, &scope, &published) &&
      (rule == NULL ||
       !muster_family_host_publish (self, &scope, &rule->message, TRUE, &published)))
    return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                                  "%s takes no commands: it can only be read", name);
  return await_confirmation (self, unit, published, confirm, name, value, scope.request, timeout);
}

DexFuture *
muster_family_host_act (MusterFamilyHost *self,
                        MusterFamilyUnit *unit,
                        const char       *action,
                        gint64            timeout)
{
  MusterFamilyScope scope = { .host = self->name, .unit = unit };
  DexFuture        *published = NULL;

  g_return_val_if_fail (MUSTER_IS_FAMILY_HOST (self), NULL);
  g_return_val_if_fail (unit != NULL && action != NULL, NULL);

  if (muster_family_life_get_state (unit->life) == MUSTER_LIVE_OFFLINE)
    return refuse_offline ();
  scope.request = ++self->orders->n_given;
  for (guint i = 0; i < unit->profile->commands->len; i++)
    {
      const MusterFamilyCommandRule *rule = unit->profile->commands->pdata[i];

      if (g_strcmp0 (rule->action, action) == 0 &&
          muster_family_host_publish (self, &scope, &rule->message, TRUE, &published))
        return await_confirmation (self, unit, published, rule->confirm, NULL, NULL, scope.request,
                                   timeout);
    }
  return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                                "devices of the family %s know no command %s", unit->profile->title,
                                action);
}
