/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-statement"

#include "config.h"

#include "muster-connection-private.h"

struct _MusterStatement
{
  MusterConnection *connection; /* (unowned) */
  sqlite3_stmt     *handle;     /* (owned) */
  guint             kept : 1;   /* by the connection; else it goes when it is released */
  guint             in_use : 1;
};

static void
muster_statement_free (MusterStatement *self)
{
  sqlite3_finalize (self->handle);
  g_free (self);
}

void
muster_statement_drop (gpointer data)
{
  MusterStatement *self = data;

  self->kept = FALSE;
  if (!self->in_use)
    muster_statement_free (self);
}

MusterStatement *
muster_statement_new (MusterConnection *connection, const char *sql, GError **error)
{
  MusterStatement *self = NULL;
  MusterStatement *kept = NULL;
  sqlite3_stmt    *handle = NULL;
  int              code;

  g_return_val_if_fail (connection != NULL, NULL);
  g_return_val_if_fail (sql != NULL, NULL);

  kept = muster_lru_lookup (connection->statements, sql);
  if (kept != NULL && !kept->in_use)
    {
      kept->in_use = TRUE;
      return kept;
    }
  code = sqlite3_prepare_v3 (connection->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, NULL);
  if (code != SQLITE_OK)
    {
      muster_connection_set_error (connection, code, error);
      return NULL;
    }
  self = g_new0 (MusterStatement, 1);
  self->connection = connection;
  self->handle = handle;
  self->in_use = TRUE;
  self->kept = kept == NULL;
  if (self->kept)
    muster_lru_insert (connection->statements, sql, self, 1);
  return self;
}

void
muster_statement_release (MusterStatement *self)
{
  g_return_if_fail (self != NULL);

  if (!self->kept)
    {
      muster_statement_free (self);
      return;
    }
  /* Its failure, if any, was reported by the step. */
  sqlite3_reset (self->handle);
  sqlite3_clear_bindings (self->handle);
  self->in_use = FALSE;
}

static int
position_of (MusterStatement *self, const char *name)
{
  int position = sqlite3_bind_parameter_index (self->handle, name);

  if (position == 0)
    g_critical ("no parameter %s in %s", name, sqlite3_sql (self->handle));
  return position;
}

/* Binding fails for a wrong position or a statement in use: mistakes of ours, not conditions. */
static void
check_bound (MusterStatement *self, int code)
{
  if (code != SQLITE_OK)
    g_critical ("%s: %s", sqlite3_sql (self->handle), sqlite3_errstr (code));
}

void
muster_statement_bind_text (MusterStatement *self, const char *name, const char *text)
{
  check_bound (self, sqlite3_bind_text (self->handle, position_of (self, name), text, -1,
                                        SQLITE_TRANSIENT));
}

void
muster_statement_bind_integer (MusterStatement *self, const char *name, gint64 value)
{
  check_bound (self, sqlite3_bind_int64 (self->handle, position_of (self, name), value));
}

void
muster_statement_bind_blob (MusterStatement *self, const char *name, GBytes *bytes)
{
  gsize         size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  /* A NULL pointer would bind null, not an empty blob. */
  check_bound (self, sqlite3_bind_blob64 (self->handle, position_of (self, name), data ? data : "",
                                          size, SQLITE_TRANSIENT));
}

void
muster_statement_bind_static_text (MusterStatement *self, int position, const char *text)
{
  check_bound (self, sqlite3_bind_text (self->handle, position, text, -1, SQLITE_STATIC));
}

void
muster_statement_bind_static_blob (MusterStatement *self,
                                   int              position,
                                   gconstpointer    data,
                                   gsize            length)
{
  check_bound (self, sqlite3_bind_blob64 (self->handle, position, data, length, SQLITE_STATIC));
}

void
muster_statement_bind_integer_at (MusterStatement *self, int position, gint64 value)
{
  check_bound (self, sqlite3_bind_int64 (self->handle, position, value));
}

void
muster_statement_bind_value (MusterStatement   *self,
                             int                position,
                             const MusterField *field,
                             const MusterValue *value)
{
  int code = SQLITE_OK;

  if (value->is_null)
    code = sqlite3_bind_null (self->handle, position);
  else
    switch (field->type)
      {
      case MUSTER_FIELD_INTEGER:
      case MUSTER_FIELD_MONEY:
      case MUSTER_FIELD_BOOLEAN:
      case MUSTER_FIELD_TIME:
        code = sqlite3_bind_int64 (self->handle, position, value->integer);
        break;
      case MUSTER_FIELD_DOUBLE:
        code = sqlite3_bind_double (self->handle, position, value->number);
        break;
      case MUSTER_FIELD_ENUM:
        code = sqlite3_bind_text (self->handle, position,
                                  muster_enum_get_nick (field->enumeration, value->integer), -1,
                                  SQLITE_TRANSIENT);
        break;
      case MUSTER_FIELD_STRING:
      case MUSTER_FIELD_TEXT:
      case MUSTER_FIELD_UUID:
      case MUSTER_FIELD_JSON:
      default:
        code = sqlite3_bind_text (self->handle, position, value->text, -1, SQLITE_TRANSIENT);
      }
  check_bound (self, code);
}

MusterStep
muster_statement_step (MusterStatement *self, GError **error)
{
  int code;

  g_return_val_if_fail (self != NULL, MUSTER_STEP_FAILED);

  code = sqlite3_step (self->handle);
  if (code == SQLITE_ROW)
    return MUSTER_STEP_ROW;
  if (code == SQLITE_DONE)
    return MUSTER_STEP_DONE;
  muster_connection_set_error (self->connection, code, error);
  return MUSTER_STEP_FAILED;
}

gboolean
muster_statement_run (MusterStatement *self, GError **error)
{
  MusterStep step;

  do
    step = muster_statement_step (self, error);
  while (step == MUSTER_STEP_ROW);
  sqlite3_reset (self->handle);
  return step == MUSTER_STEP_DONE;
}

char *
muster_statement_describe (MusterStatement *self)
{
  char *expanded = sqlite3_expanded_sql (self->handle);
  char *text = g_strdup (expanded != NULL ? expanded : "");

  sqlite3_free (expanded);
  return text;
}

gboolean
muster_connection_run (MusterConnection *self, const char *sql, GError **error)
{
  g_autoptr (MusterStatement) statement = muster_statement_new (self, sql, error);

  return statement != NULL && muster_statement_run (statement, error);
}

const char *
muster_statement_get_text (MusterStatement *self, int column)
{
  return (const char *)sqlite3_column_text (self->handle, column);
}

gint64
muster_statement_get_integer (MusterStatement *self, int column)
{
  return sqlite3_column_int64 (self->handle, column);
}

GBytes *
muster_statement_get_blob (MusterStatement *self, int column)
{
  gconstpointer data = sqlite3_column_blob (self->handle, column);

  return g_bytes_new (data, sqlite3_column_bytes (self->handle, column));
}

gconstpointer
muster_statement_get_static_blob (MusterStatement *self, int column, gsize *length)
{
  gconstpointer data = sqlite3_column_blob (self->handle, column);

  *length = sqlite3_column_bytes (self->handle, column);
  return data;
}

void
muster_statement_get_value (MusterStatement   *self,
                            int                column,
                            const MusterField *field,
                            MusterValue       *value)
{
  *value = (MusterValue){ .is_null = sqlite3_column_type (self->handle, column) == SQLITE_NULL };
  if (value->is_null)
    return;
  switch (field->type)
    {
    case MUSTER_FIELD_INTEGER:
    case MUSTER_FIELD_MONEY:
    case MUSTER_FIELD_BOOLEAN:
    case MUSTER_FIELD_TIME:
      value->integer = sqlite3_column_int64 (self->handle, column);
      break;
    case MUSTER_FIELD_DOUBLE:
      value->number = sqlite3_column_double (self->handle, column);
      break;
    case MUSTER_FIELD_ENUM:
      /* A nick that this version does not know reads as the default. */
      value->integer =
        muster_enum_parse (field->enumeration, muster_statement_get_text (self, column));
      if (value->integer < 0)
        value->integer = field->default_value;
      break;
    case MUSTER_FIELD_STRING:
    case MUSTER_FIELD_TEXT:
    case MUSTER_FIELD_UUID:
    case MUSTER_FIELD_JSON:
    default:
      value->text = (char *)muster_statement_get_text (self, column);
    }
}

MusterEntity *
muster_statement_get_entity (MusterStatement *self, int column, const MusterEntityInfo *info)
{
  MusterEntity *entity = muster_entity_new (info);

  for (unsigned i = 0; i < info->n_fields; i++)
    {
      MusterValue value;

      muster_statement_get_value (self, column + i, &info->fields[i], &value);
      if (muster_field_is_text (&info->fields[i]) && !value.is_null)
        value.text = g_strdup (value.text);
      muster_entity_take (entity, i, &value);
    }
  return entity;
}
