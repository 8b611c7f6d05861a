/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-error"

#include "config.h"

#include "muster-error.h"

typedef struct
{
  GPtrArray *fields;   /* (owned) (element-type MusterFieldError) */
  char     **allowed;  /* (owned) (nullable) */
  char     **blockers; /* (owned) (nullable) */
  unsigned   retry_after;
} MusterErrorPrivate;

static void
muster_field_error_free (gpointer data)
{
  MusterFieldError *row = data;

  g_free (row->pointer);
  g_free (row->detail);
  g_free (row);
}

static gpointer
muster_field_error_copy (gconstpointer data, gpointer user_data)
{
  const MusterFieldError *row = data;
  MusterFieldError       *copy = g_new (MusterFieldError, 1);

  copy->pointer = g_strdup (row->pointer);
  copy->detail = g_strdup (row->detail);
  return copy;
}

static void
muster_error_private_init (MusterErrorPrivate *priv)
{
  priv->fields = g_ptr_array_new_with_free_func (muster_field_error_free);
}

static void
muster_error_private_copy (const MusterErrorPrivate *src, MusterErrorPrivate *dest)
{
  g_ptr_array_unref (dest->fields); /* GLib initialises the copy before it asks for the contents */
  dest->fields = g_ptr_array_copy (src->fields, muster_field_error_copy, NULL);
  g_ptr_array_set_free_func (dest->fields, muster_field_error_free);
  dest->allowed = g_strdupv (src->allowed);
  dest->blockers = g_strdupv (src->blockers);
  dest->retry_after = src->retry_after;
}

static void
muster_error_private_clear (MusterErrorPrivate *priv)
{
  g_clear_pointer (&priv->fields, g_ptr_array_unref);
  g_clear_pointer (&priv->allowed, g_strfreev);
  g_clear_pointer (&priv->blockers, g_strfreev);
}

/* GLib aligns the private part as g_malloc() does; clang sees the cast from guint8 alone. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wcast-align"
G_DEFINE_EXTENDED_ERROR (MusterError, muster_error)
#pragma GCC diagnostic pop

GPtrArray *
muster_error_get_fields (const GError *error)
{
  static GPtrArray *none;

  if (error != NULL && error->domain == MUSTER_ERROR)
    return muster_error_get_private (error)->fields;
  if (g_once_init_enter_pointer (&none))
    g_once_init_leave_pointer (&none, g_ptr_array_new ());
  return none;
}

const char *const *
muster_error_get_allowed (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  return error->domain == MUSTER_ERROR
           ? (const char *const *)muster_error_get_private (error)->allowed
           : NULL;
}

void
muster_error_set_allowed (GError *error, const char *const *nicks)
{
  char **copy;

  g_return_if_fail (error != NULL && error->domain == MUSTER_ERROR);

  copy = g_strdupv ((char **)nicks);
  g_strfreev (muster_error_get_private (error)->allowed);
  muster_error_get_private (error)->allowed = copy;
}

const char *const *
muster_error_get_blockers (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  return error->domain == MUSTER_ERROR
           ? (const char *const *)muster_error_get_private (error)->blockers
           : NULL;
}

void
muster_error_set_blockers (GError *error, const char *const *blockers)
{
  char **copy;

  g_return_if_fail (error != NULL && error->domain == MUSTER_ERROR);

  copy = g_strdupv ((char **)blockers);
  g_strfreev (muster_error_get_private (error)->blockers);
  muster_error_get_private (error)->blockers = copy;
}

unsigned
muster_error_get_retry_after (const GError *error)
{
  g_return_val_if_fail (error != NULL, 0);

  return error->domain == MUSTER_ERROR ? muster_error_get_private (error)->retry_after : 0;
}

void
muster_error_set_retry_after (GError *error, unsigned seconds)
{
  g_return_if_fail (error != NULL && error->domain == MUSTER_ERROR);

  muster_error_get_private (error)->retry_after = seconds;
}

/* More rows than this tell nobody anything. */
#define MAX_ROWS 100

struct _MusterFieldErrors
{
  GPtrArray *rows;
};

MusterFieldErrors *
muster_field_errors_new (void)
{
  MusterFieldErrors *self = g_new (MusterFieldErrors, 1);

  self->rows = g_ptr_array_new_with_free_func (muster_field_error_free);
  return self;
}

void
muster_field_errors_free (MusterFieldErrors *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->rows);
  g_free (self);
}

void
muster_field_errors_add (MusterFieldErrors *self, const char *pointer, const char *format, ...)
{
  MusterFieldError *row;
  va_list           args;

  g_return_if_fail (self != NULL && pointer != NULL && format != NULL);

  if (self->rows->len >= MAX_ROWS)
    return;
  row = g_new (MusterFieldError, 1);
  row->pointer = g_utf8_make_valid (pointer, -1);
  va_start (args, format);
  row->detail = g_strdup_vprintf (format, args);
  va_end (args);
  g_ptr_array_add (self->rows, row);
}

unsigned
muster_field_errors_get_count (MusterFieldErrors *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->rows->len;
}

gboolean
muster_field_errors_check_as (MusterFieldErrors *self, MusterError code, GError **error)
{
  const MusterFieldError *first;

  g_return_val_if_fail (self != NULL, FALSE);

  if (self->rows->len == 0)
    return TRUE;
  first = self->rows->pdata[0];
  if (self->rows->len == 1)
    g_set_error (error, MUSTER_ERROR, code, "%s: %s", first->pointer, first->detail);
  else
    g_set_error (error, MUSTER_ERROR, code, "%s: %s (and %u more)", first->pointer, first->detail,
                 self->rows->len - 1);
  if (error != NULL)
    for (guint i = 0; i < self->rows->len; i++)
      g_ptr_array_add (muster_error_get_private (*error)->fields,
                       muster_field_error_copy (self->rows->pdata[i], NULL));
  return FALSE;
}

gboolean
muster_field_errors_check (MusterFieldErrors *self, GError **error)
{
  return muster_field_errors_check_as (self, MUSTER_ERROR_INVALID, error);
}
