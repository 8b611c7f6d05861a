/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-connection-errors"

#include "config.h"

#include <errno.h>

#include "muster-connection-private.h"

void
muster_connection_set_corrupt (MusterConnection *self, const char *fault, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree char *name = g_path_get_basename (self->path);

  g_set_error (
    error, MUSTER_ERROR, MUSTER_ERROR_CORRUPT,
    "the database %s is damaged: stop the service, move %s, %s-wal and %s-shm out of %s, put a backup there as %s and start again: %s",
    self->path, name, name, name, folder, name, fault);
}

/* "UNIQUE constraint failed: metric.device_id, metric.name": the table, and the fields as JSON
 * pointers. */
static char *
fields_of (const char *message, char **table)
{
  const char *colon = strstr (message, ": ");
  g_auto (GStrv) columns = NULL;
  g_autoptr (GString) fields = g_string_new (NULL);

  *table = NULL;
  if (colon == NULL)
    return NULL;
  columns = g_strsplit (colon + 2, ", ", -1);
  for (unsigned i = 0; columns[i] != NULL; i++)
    {
      const char *dot = strchr (columns[i], '.');

      if (dot == NULL)
        return NULL;
      if (*table == NULL)
        *table = g_strndup (columns[i], dot - columns[i]);
      g_string_append_printf (fields, "%s/%s", i > 0 ? " and " : "", dot + 1);
    }
  g_strdelimit (*table, "_", ' ');
  return g_string_free_and_steal (g_steal_pointer (&fields));
}

static void
set_constraint_error (MusterConnection *self, int code, GError **error)
{
  const char      *message = sqlite3_errmsg (self->handle);
  const char      *colon = strstr (message, ": ");
  g_autofree char *table = NULL;
  g_autofree char *fields = fields_of (message, &table);

  if ((code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY) && fields != NULL)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                 "%s: another %s has this value already", fields, table);
  else if (code == SQLITE_CONSTRAINT_NOTNULL && fields != NULL)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID, "%s: must not be null", fields);
  else if (code == SQLITE_CONSTRAINT_FOREIGNKEY)
    g_set_error_literal (
      error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
      "the record points at one that does not exist, or another still points at it");
  else if (code == SQLITE_CONSTRAINT_CHECK && colon != NULL)
    /* The migrations name what they check in words for people. */
    g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, colon + 2);
  else
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "the database refuses the change: %s",
                 message);
}

static void
set_storage_error (MusterConnection *self, int code, GError **error)
{
  int system = sqlite3_system_errno (self->handle);

  if ((code & 0xff) == SQLITE_FULL || system == ENOSPC || system == EDQUOT)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_STORAGE_FULL,
                 "no space is left on the disk of %s: free some and try again", self->path);
  else
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_STORAGE_FULL,
                 "the disk of %s refuses to read or write: %s", self->path,
                 system != 0 ? g_strerror (system) : sqlite3_errstr (code));
}

void
muster_connection_set_error (MusterConnection *self, int code, GError **error)
{
  int extended = self->handle != NULL ? sqlite3_extended_errcode (self->handle) : code;

  if ((extended & 0xff) != (code & 0xff))
    extended = code;
  switch (extended & 0xff)
    {
    case SQLITE_FULL:
    case SQLITE_IOERR:
      set_storage_error (self, extended, error);
      break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      muster_connection_set_corrupt (self, sqlite3_errstr (extended), error);
      break;
    case SQLITE_CONSTRAINT:
      set_constraint_error (self, extended, error);
      break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE,
                   "another program has locked the database %s: close it", self->path);
      break;
    case SQLITE_TOOBIG:
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE,
                           "the value is too large to be stored");
      break;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED,
                   "cannot open the database %s for this: %s", self->path,
                   sqlite3_errmsg (self->handle));
      break;
    default:
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, "the database %s failed: %s",
                   self->path, sqlite3_errmsg (self->handle));
    }
}
