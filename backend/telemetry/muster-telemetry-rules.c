/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-telemetry-rules"

#include "config.h"

#include <string.h>

#include "model/muster-annotation.h"
#include "model/muster-device.h"
#include "model/muster-exclusion.h"
#include "model/muster-metric.h"
#include "model/muster-retention-class.h"
#include "muster-derived-plan.h"
#include "muster-telemetry-rules.h"

static gboolean
refuse (GError **error, const char *pointer, const char *detail)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  muster_field_errors_add (errors, pointer, "%s", detail);
  return muster_field_errors_check (errors, error);
}

static gboolean
check_exclusion (MusterTransaction *transaction,
                 MusterEntity      *before,
                 MusterEntity      *after,
                 gpointer           data,
                 GError           **error)
{
  if (after != NULL &&
      muster_entity_get_integer (after, "to_at") < muster_entity_get_integer (after, "from_at"))
    return refuse (error, "/to_at", "must not be before from_at");
  return TRUE;
}

static gboolean
check_annotation (MusterTransaction *transaction,
                  MusterEntity      *before,
                  MusterEntity      *after,
                  gpointer           data,
                  GError           **error)
{
  if (after == NULL)
    return TRUE;
  if (!muster_entity_is_null (after, "until") &&
      muster_entity_get_integer (after, "until") < muster_entity_get_integer (after, "at"))
    return refuse (error, "/until", "must not be before at");
  if (before == NULL && muster_entity_is_null (after, "author"))
    muster_entity_set_string (after, "author",
                              muster_actor_get_name (muster_transaction_get_actor (transaction)));
  return TRUE;
}

static gboolean
check_metric (MusterTransaction *transaction,
              MusterEntity      *before,
              MusterEntity      *after,
              gpointer           data,
              GError           **error)
{
  if (after == NULL)
    return TRUE;
  if (!muster_entity_is_null (after, "max_rate") &&
      muster_entity_get_double (after, "max_rate") <= 0)
    return refuse (error, "/max_rate", "must be more than 0, or null");
  return TRUE;
}

/* --- derived metrics --- */

static gboolean
check_expression (MusterEntity *derived, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (MusterExpression) expression =
              muster_expression_new (muster_entity_get_string (derived, "expression"), &cause);
  unsigned n;

  if (expression == NULL)
    return refuse (error, "/expression", cause->message);
  muster_expression_get_variables (expression, &n);
  if (n == 0)
    return refuse (error, "/expression", "must name at least one metric");
  return TRUE;
}

/* Adds the derived metrics whose FIELD is VALUE to RECORDS, but the one with the id of DERIVED. */
static gboolean
add_others (MusterTransaction *transaction,
            GPtrArray         *records,
            const char        *field,
            const char        *value,
            MusterEntity      *derived,
            GError           **error)
{
  g_autoptr (MusterQuery) query = NULL;
  g_autoptr (GPtrArray) found = NULL;

  if (value == NULL)
    return TRUE;
  query = muster_query_new (&muster_derived_metric_info);
  muster_query_where (query, field, value);
  muster_query_set_limit (query, 0);
  found = muster_transaction_select (transaction, query, error);
  for (guint i = 0; found != NULL && i < found->len; i++)
    if (g_strcmp0 (muster_entity_get_id (found->pdata[i]), muster_entity_get_id (derived)) != 0)
      g_ptr_array_add (records, g_object_ref (found->pdata[i]));
  return found != NULL;
}

/* What the device that it is of has besides, or the product. */
static gboolean
add_all_others (MusterTransaction *transaction,
                GPtrArray         *records,
                MusterEntity      *derived,
                GError           **error)
{
  const char *device_id = muster_entity_get_string (derived, "device_id");
  const char *product = muster_entity_get_string (derived, "product_id");
  g_autoptr (MusterEntity) device = NULL;

  if (device_id != NULL)
    {
      device = muster_transaction_get (transaction, &muster_device_info, device_id, NULL);
      product = device != NULL ? muster_entity_get_string (device, "product_id") : NULL;
    }
  return add_others (transaction, records, "device_id", device_id, derived, error) &&
         add_others (transaction, records, "product_id", product, derived, error);
}

static gboolean
check_circle (MusterTransaction *transaction, MusterEntity *derived, GError **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) circular = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (MusterDerivedPlan) plan = NULL;

  g_ptr_array_add (records, g_object_ref (derived));
  if (!add_all_others (transaction, records, derived, error))
    return FALSE;
  plan = muster_derived_plan_new (records, circular);
  if (g_ptr_array_find_with_equal_func (circular, muster_entity_get_string (derived, "name"),
                                        g_str_equal, NULL))
    return refuse (error, "/expression",
                   "is made of this metric itself, or of others that are: break the circle");
  return TRUE;
}

static gboolean
check_derived (MusterTransaction *transaction,
               MusterEntity      *before,
               MusterEntity      *after,
               gpointer           data,
               GError           **error)
{
  if (after == NULL)
    return TRUE;
  if (muster_entity_is_null (after, "device_id") == muster_entity_is_null (after, "product_id"))
    return refuse (error, "/device_id", "must be given, or product_id: one of the two");
  return check_expression (after, error) && check_circle (transaction, after, error);
}

static gboolean
check_retention_class (MusterTransaction *transaction,
                       MusterEntity      *before,
                       MusterEntity      *after,
                       gpointer           data,
                       GError           **error)
{
  return after == NULL || muster_retention_class_check (after, "", error);
}

void
muster_telemetry_rules_add (MusterDatabase *database)
{
  g_return_if_fail (MUSTER_IS_DATABASE (database));

  muster_database_add_rule (database, &muster_exclusion_info, MUSTER_RULE_BEFORE, check_exclusion,
                            NULL);
  muster_database_add_rule (database, &muster_annotation_info, MUSTER_RULE_BEFORE, check_annotation,
                            NULL);
  muster_database_add_rule (database, &muster_metric_info, MUSTER_RULE_BEFORE, check_metric, NULL);
  muster_database_add_rule (database, &muster_derived_metric_info, MUSTER_RULE_BEFORE,
                            check_derived, NULL);
  muster_database_add_rule (database, &muster_retention_class_info, MUSTER_RULE_BEFORE,
                            check_retention_class, NULL);
}
