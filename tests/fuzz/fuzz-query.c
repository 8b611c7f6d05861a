/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stddef.h>
#include <stdint.h>

#include <glib/gstdio.h>

#include "core/muster-migrations.h"
#include "core/muster-query-private.h"
#include "model/muster-device.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* An empty database that goes with the process. */
static MusterConnection *
open_database (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char  *folder = g_dir_make_tmp ("muster-fuzz-XXXXXX", &error);
  g_autofree char  *path = NULL;
  MusterConnection *connection = NULL;

  if (folder == NULL)
    g_error ("%s", error->message);
  path = g_build_filename (folder, "fuzz.db", NULL);
  connection =
    muster_connection_open (path, MUSTER_CONNECTION_WRITE, muster_migrations_get_format (), &error);
  if (connection == NULL || !muster_migrations_apply (connection, &error) ||
      !muster_connection_execute (connection, "PRAGMA journal_mode = MEMORY", &error))
    g_error ("%s", error->message);
  /* The open file lives on without its name. */
  g_unlink (path);
  g_rmdir (folder);
  return connection;
}

/* The parameters of a list request, one `name=value` a line: what is not refused must be SQL that
 * runs. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static MusterConnection *connection;
  g_autofree char         *text = g_strndup ((const char *)data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 64);
  g_autoptr (GHashTable) params = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (MusterQuery) query = NULL;
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  if (connection == NULL)
    connection = open_database ();
  for (unsigned i = 0; lines[i] != NULL; i++)
    {
      const char *equals = strchr (lines[i], '=');

      if (equals != NULL)
        g_hash_table_insert (params, g_strndup (lines[i], equals - lines[i]),
                             g_strdup (equals + 1));
    }
  query = muster_query_new_from_params (&muster_device_info, params, NULL, &error);
  if (query == NULL)
    return 0;
  if (!muster_query_list_json (query, connection, json, &error) ||
      !muster_query_list_ids (query, connection, json, &error))
    g_error ("a query that was accepted does not run: %s", error->message);
  return 0;
}
