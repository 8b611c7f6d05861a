/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-path"

#include "config.h"

#include <string.h>

#include "model/muster-error.h"
#include "muster-path.h"

/* Decodes LENGTH bytes of TEXT into OUT, which holds that many and a NUL. FALSE for a broken
 * escape, a NUL, or what is not UTF-8. */
static gboolean
decode_into (char *out, const char *text, gsize length, gboolean plus_is_space)
{
  gsize n = 0;

  for (gsize i = 0; i < length; i++)
    {
      char c = text[i];

      if (c == '%')
        {
          int high = i + 2 < length ? g_ascii_xdigit_value (text[i + 1]) : -1;
          int low = i + 2 < length ? g_ascii_xdigit_value (text[i + 2]) : -1;

          if (high < 0 || low < 0 || (high | low) == 0)
            return FALSE;
          c = (char)(high << 4 | low);
          i += 2;
        }
      else if (c == '+' && plus_is_space)
        c = ' ';
      out[n++] = c;
    }
  out[n] = '\0';
  return g_utf8_validate (out, n, NULL);
}

void
muster_path_clear (MusterPath *path)
{
  g_clear_pointer (&path->buffer, g_free);
  path->n_segments = 0;
}

static gboolean
muster_path_add_segment (MusterPath *path,
                         char      **out,
                         const char *text,
                         gsize       length,
                         GError    **error)
{
  if (length == 0 || path->n_segments == MUSTER_PATH_MAX_SEGMENTS)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
                           "there is nothing at this path");
      return FALSE;
    }
  if (!decode_into (*out, text, length, FALSE))
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                           "the path is not percent-encoded UTF-8");
      return FALSE;
    }
  path->segments[path->n_segments++] = *out;
  *out += strlen (*out) + 1;
  return TRUE;
}

gboolean
muster_path_parse (MusterPath *path, const char *text, GError **error)
{
  gsize length = strlen (text);
  char *out;

  *path = (MusterPath){ NULL };
  if (length > MUSTER_PATH_MAX_LENGTH || text[0] != '/')
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                           "the path must start with a slash and be at most 2048 bytes long");
      return FALSE;
    }
  out = path->buffer = g_malloc (length + 1);
  for (const char *segment = text + 1; *segment != '\0';)
    {
      gsize n = strcspn (segment, "/");

      if (!muster_path_add_segment (path, &out, segment, n, error))
        return FALSE;
      segment += n;
      if (*segment == '/')
        segment++;
    }
  return TRUE;
}

static gboolean
query_string_add (GHashTable *params, const char *text, gsize length, GError **error)
{
  const char        *equals = memchr (text, '=', length);
  gsize              n_name = equals != NULL ? (gsize)(equals - text) : length;
  gsize              n_value = equals != NULL ? length - n_name - 1 : 0;
  g_autofree char   *name = g_malloc (n_name + 1);
  g_autofree char   *value = g_malloc (n_value + 1);
  MusterFieldErrors *errors;

  if (n_name == 0 || !decode_into (name, text, n_name, TRUE) ||
      !decode_into (value, text + length - n_value, n_value, TRUE))
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                           "the query string is not percent-encoded UTF-8");
      return FALSE;
    }
  if (g_hash_table_size (params) == MUSTER_QUERY_MAX_PARAMS)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                   "the query string has more than %d parameters", MUSTER_QUERY_MAX_PARAMS);
      return FALSE;
    }
  if (!g_hash_table_contains (params, name))
    {
      g_hash_table_insert (params, g_steal_pointer (&name), g_steal_pointer (&value));
      return TRUE;
    }
  errors = muster_field_errors_new ();
  muster_field_errors_add (errors, name, "is given twice");
  muster_field_errors_check (errors, error);
  muster_field_errors_free (errors);
  return FALSE;
}

GHashTable *
muster_query_string_parse (const char *text, GError **error)
{
  g_autoptr (GHashTable) params = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  if (text == NULL)
    return g_steal_pointer (&params);
  if (strlen (text) > MUSTER_QUERY_MAX_LENGTH)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                   "the query string is longer than %d bytes", MUSTER_QUERY_MAX_LENGTH);
      return NULL;
    }
  while (*text != '\0')
    {
      gsize n = strcspn (text, "&");

      if (n > 0 && !query_string_add (params, text, n, error))
        return NULL;
      text += n;
      if (*text == '&')
        text++;
    }
  return g_steal_pointer (&params);
}
