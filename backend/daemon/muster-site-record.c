/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-site-record"

#include "config.h"

#include "model/muster-site.h"
#include "muster-site-record.h"

static gboolean
ensure_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_site_info);
  g_autoptr (GError) cause = NULL;
  g_autoptr (MusterEntity) site = muster_transaction_find (transaction, query, &cause);

  if (cause != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  if (site == NULL)
    {
      site = muster_entity_new (&muster_site_info);
      muster_entity_set_string (site, "name", data);
      muster_transaction_set_final (transaction, "all that is here belongs to the site");
      if (!muster_transaction_insert (transaction, site, error))
        return FALSE;
    }
  g_value_init (result, MUSTER_TYPE_ENTITY);
  g_value_set_object (result, site);
  return TRUE;
}

DexFuture *
muster_site_record_ensure (MusterDatabase *database, const char *name)
{
  g_autoptr (MusterActor) actor = muster_actor_new_system ("daemon");

  g_return_val_if_fail (MUSTER_IS_DATABASE (database), NULL);

  return muster_database_write (database, actor, "Make the site", ensure_job,
                                g_strdup (name != NULL ? name : g_get_host_name ()), g_free);
}
