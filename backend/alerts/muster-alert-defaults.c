/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-defaults"

#include "config.h"

#include <math.h>

#include "core/muster-promise.h"
#include "model/muster-alert-rule.h"
#include "model/muster-metric.h"
#include "model/muster-product.h"
#include "muster-alert-service-private.h"

/* The metrics of one birth come one by one. */
#define GATHER_MILLISECONDS 500
/* A metric that stays within its range by a hair is no news each time. */
#define HYSTERESIS_SHARE 0.02
/* Devices of the default rule come and go for a moment. */
#define OFFLINE_SECONDS 120

/* A metric that is new, of a device of a product. */
typedef struct
{
  char  *product_id; /* (owned) */
  char  *device_id;  /* (owned) */
  char  *name;       /* (owned) */
  double minimum;    /* NAN: none */
  double maximum;
} NewMetric;

static void
new_metric_free (gpointer data)
{
  NewMetric *self = data;

  g_free (self->product_id);
  g_free (self->device_id);
  g_free (self->name);
  g_free (self);
}

/* --- on the writer's thread --- */

static gint64
count_metrics (MusterTransaction *transaction,
               const NewMetric   *metric,
               gboolean           by_name,
               gboolean           of_device,
               GError           **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_metric_info);

  if (by_name)
    muster_query_where (query, "name", metric->name);
  if (of_device)
    muster_query_where (query, "device_id", metric->device_id);
  else
    muster_query_where_through (query, "device_id", &muster_device_info, "product_id",
                                metric->product_id);
  return muster_transaction_count (transaction, query, error);
}

/* Whether no other device of the product had it before: what people did about its rules since then
 * is theirs. METRIC's name counts, or whether there was any. */
static gboolean
is_first (MusterTransaction *transaction, const NewMetric *metric, gboolean by_name)
{
  gint64 all = count_metrics (transaction, metric, by_name, FALSE, NULL);

  return all > 0 && all == count_metrics (transaction, metric, by_name, TRUE, NULL);
}

/* METRIC_NAME NULL: the rule that looks at no metric. */
static gboolean
has_rule (MusterTransaction *transaction, const char *product_id, const char *metric_name)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_alert_rule_info);

  muster_query_where (query, "product_id", product_id);
  muster_query_where (query, "metric", metric_name);
  return muster_transaction_count (transaction, query, NULL) > 0;
}

static MusterEntity *
make_rule (MusterTransaction *transaction,
           const NewMetric   *metric,
           const char        *kind,
           const char        *what)
{
  g_autoptr (MusterEntity) product =
              muster_transaction_get (transaction, &muster_product_info, metric->product_id, NULL);
  g_autofree char *name = NULL;
  MusterEntity    *rule = NULL;

  if (product == NULL)
    return NULL;
  name = g_strdup_printf ("%.60s: %.50s", muster_entity_get_string (product, "name"), what);
  rule = muster_entity_new (&muster_alert_rule_info);
  muster_entity_set_string (rule, "name", g_utf8_validate (name, -1, NULL) ? name : what);
  muster_entity_set_string (rule, "kind", kind);
  muster_entity_set_string (rule, "scope_kind", "product");
  muster_entity_set_string (rule, "scope_id", metric->product_id);
  muster_entity_set_string (rule, "product_id", metric->product_id);
  muster_entity_set_boolean (rule, "is_default", TRUE);
  return rule;
}

static gboolean
add_range (MusterTransaction *transaction, const NewMetric *metric, GError **error)
{
  g_autoptr (MusterEntity) rule = NULL;

  if (!isfinite (metric->minimum) || !isfinite (metric->maximum) ||
      metric->minimum >= metric->maximum || !is_first (transaction, metric, TRUE) ||
      has_rule (transaction, metric->product_id, metric->name))
    return TRUE;
  rule = make_rule (transaction, metric, "range", metric->name);
  if (rule == NULL)
    return TRUE;
  muster_entity_set_string (rule, "metric", metric->name);
  muster_entity_set_double (rule, "value", metric->minimum);
  muster_entity_set_double (rule, "value_high", metric->maximum);
  muster_entity_set_double (rule, "hysteresis",
                            (metric->maximum - metric->minimum) * HYSTERESIS_SHARE);
  return muster_transaction_insert (transaction, rule, error);
}

static gboolean
add_offline (MusterTransaction *transaction, const NewMetric *metric, GError **error)
{
  g_autoptr (MusterEntity) rule = NULL;

  if (!is_first (transaction, metric, FALSE) || has_rule (transaction, metric->product_id, NULL))
    return TRUE;
  rule = make_rule (transaction, metric, "offline", "not reached");
  if (rule == NULL)
    return TRUE;
  muster_entity_set_integer (rule, "missing_seconds", OFFLINE_SECONDS);
  return muster_transaction_insert (transaction, rule, error);
}

static gboolean
add_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  GPtrArray *metrics = data;

  for (guint i = 0; i < metrics->len; i++)
    if (!add_offline (transaction, metrics->pdata[i], error) ||
        !add_range (transaction, metrics->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* --- on the main thread --- */

static gboolean
gather_cb (gpointer user_data)
{
  MusterAlertService *self = user_data;
  g_autoptr (MusterActor) actor = muster_actor_new_system ("alerts");

  self->defaults_id = 0;
  muster_disown_logged (G_LOG_LEVEL_WARNING,
                        muster_database_write (muster_repository_get_database (self->repository),
                                               actor, "Add alert rules of a product", add_job,
                                               g_steal_pointer (&self->new_metrics),
                                               (GDestroyNotify)g_ptr_array_unref),
                        "default alert rules");
  return G_SOURCE_REMOVE;
}

void
muster_alert_service_note_metric (MusterAlertService *self, MusterEntity *metric)
{
  const char      *device_id = muster_entity_get_string (metric, "device_id");
  MusterAlertUnit *unit = muster_alert_site_get_unit (self->site, device_id);
  NewMetric       *own = NULL;

  if (unit == NULL || unit->product_id == NULL ||
      !muster_alert_service_get_setting (self, MUSTER_SETTING_ALERTS_DEFAULT_RULES))
    return;
  own = g_new (NewMetric, 1);
  *own = (NewMetric){ g_strdup (unit->product_id), g_strdup (device_id),
                      g_strdup (muster_entity_get_string (metric, "name")),
                      muster_entity_get_double (metric, "minimum"),
                      muster_entity_get_double (metric, "maximum") };
  if (self->new_metrics == NULL)
    self->new_metrics = g_ptr_array_new_with_free_func (new_metric_free);
  g_ptr_array_add (self->new_metrics, own);
  if (self->defaults_id == 0)
    self->defaults_id = g_timeout_add (GATHER_MILLISECONDS, gather_cb, self);
}
