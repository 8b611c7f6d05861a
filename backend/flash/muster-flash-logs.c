/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-flash-logs"

#include "config.h"

#include <glib/gstdio.h>

#include "model/muster-flash-run.h"
#include "muster-flash-logs.h"

/* The ids whose logs are in FOLDER, as a set. */
static GHashTable *
list_logs (const char *folder)
{
  GHashTable *ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, MUSTER_FLASH_LOG_SUFFIX))
      g_hash_table_add (ids, g_strndup (name, strlen (name) - strlen (MUSTER_FLASH_LOG_SUFFIX)));
  return ids;
}

/* A run is written down before it has a log: who has one and is not found here is gone. */
static gboolean
collect_job (MusterTransaction *transaction, gpointer folder, GValue *result, GError **error)
{
  g_autoptr (GHashTable) orphans = list_logs (folder);
  g_autoptr (MusterQuery) query = muster_query_new (&muster_flash_run_info);
  g_autoptr (GPtrArray) ids = NULL;
  GHashTableIter iter;
  gpointer       id;
  gint64         n_removed = 0;

  muster_query_set_limit (query, 0);
  ids = muster_transaction_select_ids (transaction, query, error);
  if (ids == NULL)
    return FALSE;
  for (guint i = 0; i < ids->len; i++)
    g_hash_table_remove (orphans, ids->pdata[i]);
  g_hash_table_iter_init (&iter, orphans);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      g_autofree char *name = g_strconcat (id, MUSTER_FLASH_LOG_SUFFIX, NULL);
      g_autofree char *path = g_build_filename (folder, name, NULL);

      n_removed += g_unlink (path) == 0;
    }
  g_value_init (result, G_TYPE_INT64);
  g_value_set_int64 (result, n_removed);
  return TRUE;
}

DexFuture *
muster_flash_logs_collect (MusterDatabase *database, const char *folder)
{
  dex_return_error_if_fail (MUSTER_IS_DATABASE (database));
  dex_return_error_if_fail (folder != NULL);

  return muster_database_read (database, collect_job, g_strdup (folder), g_free);
}
