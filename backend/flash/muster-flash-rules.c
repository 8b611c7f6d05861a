/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-flash-rules"

#include "config.h"

#include "model/muster-firmware-artifact.h"
#include "model/muster-flash-batch.h"
#include "muster-flash-rules.h"

/* Batches that ended keep none: their firmware may go, and what was done with it stays written. */
static gboolean
artifact_rule (MusterTransaction *transaction,
               MusterEntity      *before,
               MusterEntity      *after,
               gpointer           data,
               GError           **error)
{
  g_autoptr (MusterQuery) query = NULL;
  g_autoptr (MusterEntity) batch = NULL;
  g_autoptr (GError) cause = NULL;

  if (after != NULL)
    return TRUE;
  query = muster_query_new (&muster_flash_batch_info);
  muster_query_where (query, "artifact_id", muster_entity_get_id (before));
  muster_query_where (query, "status", "open");
  batch = muster_transaction_find (transaction, query, &cause);
  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  if (batch != NULL)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                 "the boards of %s are being given %s: cancel that first",
                 muster_entity_get_string (batch, "name"),
                 muster_entity_get_string (before, "name"));
  return batch == NULL;
}

void
muster_flash_rules_add (MusterDatabase *database)
{
  g_return_if_fail (MUSTER_IS_DATABASE (database));

  muster_database_add_rule (database, &muster_firmware_artifact_info, MUSTER_RULE_BEFORE,
                            artifact_rule, NULL);
}
