/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-factory-rules"

#include "config.h"

#include <string.h>

#include "flash/muster-flash-tool.h"
#include "inventory/muster-unit.h"
#include "model/muster-factory-batch.h"
#include "model/muster-factory-unit.h"
#include "model/muster-product.h"
#include "model/muster-test-plan.h"
#include "muster-factory-rules.h"
#include "muster-test-steps.h"

char *
muster_factory_format_serial (MusterEntity *batch, gint64 number)
{
  const char *prefix = NULL;

  g_return_val_if_fail (MUSTER_IS_FACTORY_BATCH (batch), NULL);

  prefix = muster_entity_get_string (batch, "serial_prefix");
  return g_strdup_printf ("%s%0*" G_GINT64_FORMAT, prefix != NULL ? prefix : "",
                          (int)muster_entity_get_integer (batch, "serial_digits"), number);
}

static gboolean
plan_rule (MusterTransaction *transaction,
           MusterEntity      *before,
           MusterEntity      *after,
           gpointer           data,
           GError           **error)
{
  g_autoptr (GPtrArray) steps = NULL;

  if (after == NULL)
    return TRUE;
  steps = muster_test_steps_parse (muster_entity_get_string (after, "steps"), error);
  return steps != NULL;
}

/* --- batches --- */

static void
check_prefix (MusterEntity *batch, MusterFieldErrors *errors)
{
  const char *prefix = muster_entity_get_string (batch, "serial_prefix");
  gint64      digits = muster_entity_get_integer (batch, "serial_digits");

  for (const char *c = prefix; c != NULL && *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && strchr ("-_.", *c) == NULL)
      {
        muster_field_errors_add (errors, "/serial_prefix",
                                 "must have letters, digits, “-”, “_” and “.” alone");
        break;
      }
  if (prefix != NULL && (gint64)strlen (prefix) + digits > MUSTER_FACTORY_SERIAL_MAX)
    muster_field_errors_add (errors, "/serial_prefix",
                             "must be shorter: a serial number has %d characters at most",
                             MUSTER_FACTORY_SERIAL_MAX);
}

static void
check_product (MusterTransaction *transaction, MusterEntity *batch, MusterFieldErrors *errors)
{
  g_autoptr (MusterEntity) product =
              muster_transaction_get (transaction, &muster_product_info,
                                      muster_entity_get_string (batch, "product_id"), NULL);

  if (product != NULL && muster_entity_get_enum (product, "tracking") != MUSTER_TRACKING_SERIAL)
    muster_field_errors_add (
      errors, "/product_id",
      "must be tracked by serial number: units of it have no records of their own");
}

static void
check_tool (MusterEntity *batch, MusterFieldErrors *errors)
{
  if (!muster_entity_is_null (batch, "artifact_id"))
    muster_flash_tool_check_words (batch, errors);
}

/* Whether the numbers that are to come are not those of before. */
static gboolean
is_range_new (MusterEntity *before, MusterEntity *after)
{
  return before == NULL ||
         g_strcmp0 (muster_entity_get_string (before, "serial_prefix"),
                    muster_entity_get_string (after, "serial_prefix")) != 0 ||
         muster_entity_get_integer (before, "serial_digits") !=
           muster_entity_get_integer (after, "serial_digits") ||
         muster_entity_get_integer (before, "wanted") !=
           muster_entity_get_integer (after, "wanted") ||
         muster_entity_get_integer (before, "serial_next") >
           muster_entity_get_integer (after, "serial_next") ||
         muster_entity_get_integer (before, "serial_next") + 1 <
           muster_entity_get_integer (after, "serial_next");
}

/* TAKEN (nullable): who has the first of SERIALS that is a device's, or was given to a board. */
static gboolean
find_taken (MusterTransaction *transaction,
            const char *const *serials,
            char             **taken,
            GError           **error)
{
  g_autoptr (GPtrArray) devices = muster_unit_find_by_serials (transaction, serials, error);
  g_autoptr (MusterQuery) query = muster_query_new (&muster_factory_unit_info);
  g_autoptr (MusterEntity) unit = NULL;
  g_autoptr (GError) cause = NULL;

  if (devices == NULL)
    return FALSE;
  if (devices->len > 0)
    {
      *taken = g_strdup_printf ("%s is taken by %s",
                                muster_entity_get_string (devices->pdata[0], "serial"),
                                muster_entity_get_string (devices->pdata[0], "name"));
      return TRUE;
    }
  muster_query_where_any (query, "serial", serials);
  unit = muster_transaction_find (transaction, query, &cause);
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  if (unit != NULL)
    *taken = g_strdup_printf ("%s was given to a board already",
                              muster_entity_get_string (unit, "serial"));
  return TRUE;
}

/* How many boards of BATCH still want a number; -1 with ERROR. */
static gint64
count_missing (MusterTransaction *transaction, MusterEntity *batch, GError **error)
{
  g_autoptr (MusterQuery) all = muster_query_new (&muster_factory_unit_info);
  g_autoptr (MusterQuery) without = muster_query_new (&muster_factory_unit_info);
  gint64 n_all, n_without;

  muster_query_where (all, "batch_id", muster_entity_get_id (batch));
  muster_query_where (without, "batch_id", muster_entity_get_id (batch));
  muster_query_where (without, "serial", NULL);
  n_all = muster_transaction_count (transaction, all, error);
  n_without = n_all >= 0 ? muster_transaction_count (transaction, without, error) : -1;
  if (n_without < 0)
    return -1;
  return MAX (muster_entity_get_integer (batch, "wanted") - (n_all - n_without), 0);
}

/* The first COUNT numbers to come fit into the digits, and nobody has one of them. */
static gboolean
check_range (MusterTransaction *transaction,
             MusterEntity      *batch,
             gint64             count,
             MusterFieldErrors *errors,
             GError           **error)
{
  gint64 next = muster_entity_get_integer (batch, "serial_next");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) serials = NULL;
  g_autofree char *taken = NULL;
  gint64           limit = 1;

  for (gint64 i = 0; i < muster_entity_get_integer (batch, "serial_digits"); i++)
    limit *= 10;
  if (next + count > limit)
    muster_field_errors_add (errors, "/serial_digits",
                             "must be more: the last number would be %" G_GINT64_FORMAT,
                             next + count - 1);
  for (gint64 i = 0; i < count; i++)
    g_strv_builder_take (builder, muster_factory_format_serial (batch, next + i));
  serials = g_strv_builder_end (builder);
  if (count > 0 && !find_taken (transaction, (const char *const *)serials, &taken, error))
    return FALSE;
  if (taken != NULL)
    muster_field_errors_add (errors, "/serial_next", "must be beyond the numbers in use: %s",
                             taken);
  return TRUE;
}

static gboolean
batch_rule (MusterTransaction *transaction,
            MusterEntity      *before,
            MusterEntity      *after,
            gpointer           data,
            GError           **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  gint64 missing;

  if (after == NULL)
    return TRUE;
  check_prefix (after, errors);
  check_product (transaction, after, errors);
  check_tool (after, errors);
  if (!muster_field_errors_check (errors, error))
    return FALSE;
  if (!is_range_new (before, after))
    return TRUE;
  missing = count_missing (transaction, after, error);
  return missing >= 0 && check_range (transaction, after, missing, errors, error) &&
         muster_field_errors_check (errors, error);
}

void
muster_factory_rules_add (MusterDatabase *database)
{
  g_return_if_fail (MUSTER_IS_DATABASE (database));

  muster_database_add_rule (database, &muster_test_plan_info,
                            MUSTER_RULE_BEFORE | MUSTER_RULE_ON_UNDO, plan_rule, NULL);
  muster_database_add_rule (database, &muster_factory_batch_info, MUSTER_RULE_BEFORE, batch_rule,
                            NULL);
}
