/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-default-rules"

#include "config.h"

#include <math.h>

#include "model/muster-alert-rule.h"
#include "model/muster-device-event.h"
#include "model/muster-device.h"
#include "model/muster-metric.h"
#include "model/muster-product.h"
#include "muster-alert-default-rules.h"

/* A metric that stays within its range by a hair is no news each time. */
#define HYSTERESIS_SHARE 0.02
/* Devices of the default rule come and go for a moment. */
#define OFFLINE_SECONDS 120

/* What a metric of such a name and unit is worth, where nobody said which range makes sense. */
typedef struct
{
  const char         *pattern; /* of the name in small letters */
  const char         *unit;    /* NULL: it is a truth value */
  MusterAlertOperator op;
  double              value;
  double              severe; /* NAN: none; a second threshold, of severity error */
  double              hysteresis;
  int                 seconds; /* how long it has to be so */
  int                 severity;
} Custom;

/* clang-format off */
static const Custom customs[] = {
  { "*battery*", "%", MUSTER_ALERT_OPERATOR_LT, 15, 5, 3, 60, MUSTER_SEVERITY_WARNING },
  { "*cpu*", "%", MUSTER_ALERT_OPERATOR_GT, 95, NAN, 5, 600, MUSTER_SEVERITY_WARNING },
  { "*load*", "%", MUSTER_ALERT_OPERATOR_GT, 95, NAN, 5, 600, MUSTER_SEVERITY_WARNING },
  { "*mem*", "%", MUSTER_ALERT_OPERATOR_GT, 95, NAN, 3, 600, MUSTER_SEVERITY_WARNING },
  { "*disk*", "%", MUSTER_ALERT_OPERATOR_GT, 90, 97, 2, 60, MUSTER_SEVERITY_WARNING },
  { "*storage*", "%", MUSTER_ALERT_OPERATOR_GT, 90, 97, 2, 60, MUSTER_SEVERITY_WARNING },
  { "*rssi*", "dBm", MUSTER_ALERT_OPERATOR_LT, -85, NAN, 3, 300, MUSTER_SEVERITY_INFO },
  { "*signal*", "dBm", MUSTER_ALERT_OPERATOR_LT, -85, NAN, 3, 300, MUSTER_SEVERITY_INFO },
  { "*smoke*", NULL, MUSTER_ALERT_OPERATOR_EQ, 0, NAN, 0, 0, MUSTER_SEVERITY_ERROR },
  { "*leak*", NULL, MUSTER_ALERT_OPERATOR_EQ, 0, NAN, 0, 0, MUSTER_SEVERITY_ERROR },
  { "*flood*", NULL, MUSTER_ALERT_OPERATOR_EQ, 0, NAN, 0, 0, MUSTER_SEVERITY_ERROR },
  { "*alarm*", NULL, MUSTER_ALERT_OPERATOR_EQ, 0, NAN, 0, 0, MUSTER_SEVERITY_ERROR },
  { "*fault*", NULL, MUSTER_ALERT_OPERATOR_EQ, 0, NAN, 0, 0, MUSTER_SEVERITY_WARNING },
  { "*error*", NULL, MUSTER_ALERT_OPERATOR_EQ, 0, NAN, 0, 0, MUSTER_SEVERITY_WARNING },
  { "*tamper*", NULL, MUSTER_ALERT_OPERATOR_EQ, 0, NAN, 0, 0, MUSTER_SEVERITY_WARNING },
};
/* clang-format on */

static const Custom *
find_custom (MusterEntity *metric)
{
  g_autofree char *name = g_utf8_strdown (muster_entity_get_string (metric, "name"), -1);
  const char      *unit = muster_entity_get_string (metric, "unit");
  int              type = muster_entity_get_enum (metric, "datatype");

  for (size_t i = 0; i < G_N_ELEMENTS (customs); i++)
    if (g_pattern_match_simple (customs[i].pattern, name) &&
        (customs[i].unit != NULL ? g_strcmp0 (customs[i].unit, unit) == 0
                                 : type == MUSTER_DATATYPE_BOOLEAN))
      return &customs[i];
  return NULL;
}

/* --- what is there --- */

/* Metrics of the product's devices; NAME (nullable) and DEVICE_ID (nullable): only such. */
static gint64
count_metrics (MusterTransaction *transaction,
               const char        *product_id,
               const char        *name,
               const char        *device_id)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_metric_info);

  if (name != NULL)
    muster_query_where (query, "name", name);
  if (device_id != NULL)
    muster_query_where (query, "device_id", device_id);
  else
    muster_query_where_through (query, "device_id", &muster_device_info, "product_id", product_id);
  return muster_transaction_count (transaction, query, NULL);
}

/* Whether no other device of the product had METRIC before, or any where NAME is NULL. */
static gboolean
is_first (MusterTransaction *transaction,
          const char        *product_id,
          MusterEntity      *metric,
          const char        *name)
{
  gint64 all = count_metrics (transaction, product_id, name, NULL);

  return all > 0 && all == count_metrics (transaction, product_id, name,
                                          muster_entity_get_string (metric, "device_id"));
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

/* --- making one --- */

/* (transfer full) (nullable): NULL where the product is gone. */
static MusterEntity *
make_rule (MusterTransaction *transaction,
           const char        *product_id,
           const char        *kind,
           const char        *what)
{
  g_autoptr (MusterEntity) product =
              muster_transaction_get (transaction, &muster_product_info, product_id, NULL);
  g_autofree char *name = NULL;
  MusterEntity    *rule = NULL;

  if (product == NULL)
    return NULL;
  name = g_strdup_printf ("%.60s: %.50s", muster_entity_get_string (product, "name"), what);
  rule = muster_entity_new (&muster_alert_rule_info);
  muster_entity_set_string (rule, "name", g_utf8_validate (name, -1, NULL) ? name : what);
  muster_entity_set_string (rule, "kind", kind);
  muster_entity_set_string (rule, "scope_kind", "product");
  muster_entity_set_string (rule, "scope_id", product_id);
  muster_entity_set_string (rule, "product_id", product_id);
  muster_entity_set_boolean (rule, "is_default", TRUE);
  return rule;
}

static gboolean
has_range (MusterEntity *metric)
{
  double minimum = muster_entity_get_double (metric, "minimum");
  double maximum = muster_entity_get_double (metric, "maximum");

  return isfinite (minimum) && isfinite (maximum) && minimum < maximum;
}

static void
set_range (MusterEntity *rule, MusterEntity *metric)
{
  double minimum = muster_entity_get_double (metric, "minimum");
  double maximum = muster_entity_get_double (metric, "maximum");

  muster_entity_set_double (rule, "value", minimum);
  muster_entity_set_double (rule, "value_high", maximum);
  muster_entity_set_double (rule, "hysteresis", (maximum - minimum) * HYSTERESIS_SHARE);
}

static void
set_custom (MusterEntity *rule, const Custom *custom)
{
  muster_entity_set_enum (rule, "operator", (int)custom->op);
  muster_entity_set_enum (rule, "severity", custom->severity);
  muster_entity_set_integer (rule, "for_seconds", custom->seconds);
  if (custom->unit == NULL)
    {
      muster_entity_set_string (rule, "text", "true");
      return;
    }
  muster_entity_set_double (rule, "value", custom->value);
  muster_entity_set_double (rule, "hysteresis", custom->hysteresis);
  if (!isnan (custom->severe))
    {
      g_autofree char *steps =
        g_strdup_printf ("[{\"severity\":\"error\",\"value\":%d}]", (int)custom->severe);

      muster_entity_set_string (rule, "steps", steps);
    }
}

/* ADDED: whether there was one to be made. */
static gboolean
add_of_metric (MusterTransaction *transaction,
               const char        *product_id,
               MusterEntity      *metric,
               gboolean          *added,
               GError           **error)
{
  const char   *name = muster_entity_get_string (metric, "name");
  const Custom *custom = has_range (metric) ? NULL : find_custom (metric);
  g_autoptr (MusterEntity) rule = NULL;

  *added = FALSE;
  if ((custom == NULL && !has_range (metric)) || has_rule (transaction, product_id, name))
    return TRUE;
  rule = make_rule (transaction, product_id,
                    custom == NULL         ? "range"
                    : custom->unit == NULL ? "state"
                                           : "threshold",
                    name);
  if (rule == NULL)
    return TRUE;
  muster_entity_set_string (rule, "metric", name);
  if (custom == NULL)
    set_range (rule, metric);
  else
    set_custom (rule, custom);
  *added = TRUE;
  return muster_transaction_insert (transaction, rule, error);
}

static gboolean
add_offline (MusterTransaction *transaction,
             const char        *product_id,
             gboolean          *added,
             GError           **error)
{
  g_autoptr (MusterEntity) rule = NULL;

  *added = FALSE;
  if (has_rule (transaction, product_id, NULL))
    return TRUE;
  rule = make_rule (transaction, product_id, "offline", "not reached");
  if (rule == NULL)
    return TRUE;
  muster_entity_set_integer (rule, "missing_seconds", OFFLINE_SECONDS);
  *added = TRUE;
  return muster_transaction_insert (transaction, rule, error);
}

gboolean
muster_alert_default_rules_add (MusterTransaction *transaction,
                                const char        *product_id,
                                MusterEntity      *metric,
                                GError           **error)
{
  gboolean added = FALSE;

  if (is_first (transaction, product_id, metric, NULL) &&
      !add_offline (transaction, product_id, &added, error))
    return FALSE;
  return !is_first (transaction, product_id, metric, muster_entity_get_string (metric, "name")) ||
         add_of_metric (transaction, product_id, metric, &added, error);
}

gint64
muster_alert_default_rules_add_again (MusterTransaction *transaction,
                                      const char        *product_id,
                                      GError           **error)
{
  g_autoptr (MusterEntity) product =
              muster_transaction_get (transaction, &muster_product_info, product_id, error);
  g_autoptr (MusterQuery) query = muster_query_new (&muster_metric_info);
  g_autoptr (GPtrArray) metrics = NULL;
  gboolean added = FALSE;
  gint64   n_added = 0;

  if (product == NULL)
    return -1;
  muster_query_where_through (query, "device_id", &muster_device_info, "product_id", product_id);
  muster_query_set_sort (query, "id");
  muster_query_set_limit (query, 0);
  metrics = muster_transaction_select (transaction, query, error);
  if (metrics == NULL || !add_offline (transaction, product_id, &added, error))
    return -1;
  n_added = added ? 1 : 0;
  for (guint i = 0; i < metrics->len; i++)
    {
      if (!add_of_metric (transaction, product_id, metrics->pdata[i], &added, error))
        return -1;
      n_added += added ? 1 : 0;
    }
  return n_added;
}
