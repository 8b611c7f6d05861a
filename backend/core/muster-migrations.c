/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-migrations"

#include "config.h"

#include <gio/gio.h>

#include "muster-migrations.h"
#include "muster-migrations-resource.h"

#define FOLDER "/org/muster/migrations"

static int
compare_names (const void *a, const void *b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* Names are "NNNN-what.sql", so their order is that of the steps. */
static char **
list_steps (void)
{
  g_autoptr (GError) error = NULL;
  char **names =
    g_resource_enumerate_children (muster_migrations_get_resource (), FOLDER, 0, &error);

  if (names == NULL)
    g_error ("%s", error->message); /* the program was built without them */
  qsort (names, g_strv_length (names), sizeof (char *), compare_names);
  return names;
}

int
muster_migrations_get_newest (void)
{
  static gsize newest;

  if (g_once_init_enter (&newest))
    {
      g_auto (GStrv) names = list_steps ();
      const char *last = names[g_strv_length (names) - 1];

      g_once_init_leave (&newest, (gsize)g_ascii_strtoull (last, NULL, 10));
    }
  return (int)newest;
}

const MusterFileFormat *
muster_migrations_get_format (void)
{
  static MusterFileFormat format = { .application_id = MUSTER_APPLICATION_ID };
  static gsize            done;

  if (g_once_init_enter (&done))
    {
      format.newest_version = muster_migrations_get_newest ();
      g_once_init_leave (&done, 1);
    }
  return &format;
}

gboolean
muster_migrations_apply_step (MusterConnection *connection,
                              int               number,
                              const char       *name,
                              const char       *sql,
                              GError          **error)
{
  g_autofree char *version =
    g_strdup_printf ("PRAGMA application_id = %d; PRAGMA user_version = %d", MUSTER_APPLICATION_ID,
                     number);

  if (!muster_connection_execute (connection, "BEGIN IMMEDIATE", error))
    return FALSE;
  if (muster_connection_execute (connection, sql, error) &&
      muster_connection_execute (connection, version, error) &&
      muster_connection_execute (connection, "COMMIT", error))
    {
      g_debug ("%s: applied %s", muster_connection_get_path (connection), name);
      return TRUE;
    }
  if (muster_connection_in_transaction (connection))
    muster_connection_execute (connection, "ROLLBACK", NULL);
  g_prefix_error (error, "%s: ", name);
  return FALSE;
}

gboolean
muster_migrations_apply (MusterConnection *connection, GError **error)
{
  g_auto (GStrv) names = list_steps ();
  gint64 version;

  if (!muster_connection_query_integer (connection, "PRAGMA user_version", &version, error))
    return FALSE;
  for (unsigned i = 0; names[i] != NULL; i++)
    {
      int              number = (int)g_ascii_strtoll (names[i], NULL, 10);
      g_autofree char *path = g_strconcat (FOLDER "/", names[i], NULL);
      g_autoptr (GBytes) sql = NULL;

      if (number <= version)
        continue;
      sql = g_resource_lookup_data (muster_migrations_get_resource (), path, 0, error);
      if (sql == NULL)
        return FALSE;
      /* Resources end with a NUL that is not counted. */
      if (!muster_migrations_apply_step (connection, number, names[i], g_bytes_get_data (sql, NULL),
                                         error))
        return FALSE;
    }
  return TRUE;
}
