/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-import-file"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <gio/gunixinputstream.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "model/muster-error.h"
#include "muster-import-file.h"
#include "muster-import-plan.h"

#define PIECE_BYTES (64 * 1024)
#define HEAD_BYTES (64 * 1024)
/* Values shown beside a column, so that a person sees what it holds. */
#define N_SAMPLES 5

/* --- encodings --- */

static gboolean
read_head (int fd, char *head, gsize *length, GError **error)
{
  gssize n = pread (fd, head, HEAD_BYTES, 0);

  *length = MAX (n, 0);
  if (n > 0)
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED, "the file %s",
               n == 0 ? "is empty" : "cannot be read");
  return FALSE;
}

/* Whether all of FD is UTF-8. */
static gboolean
is_utf8 (int fd)
{
  g_autofree char *piece = g_malloc (PIECE_BYTES);
  gsize            kept = 0;
  off_t            offset = 0;
  gssize           n;

  while ((n = pread (fd, piece + kept, PIECE_BYTES - kept, offset)) > 0)
    {
      const char *end;

      offset += n;
      n += kept;
      if (g_utf8_validate_len (piece, n, &end))
        kept = 0;
      else
        {
          /* A character may go on in the next piece. */
          kept = piece + n - end;
          if (kept >= 4 || (guchar)*end < 0xc2)
            return FALSE;
          memmove (piece, end, kept);
        }
    }
  return kept == 0;
}

static const char *
find_encoding (int fd, const char *head, gsize length, gsize *skip)
{
  *skip = 0;
  if (length >= 3 && memcmp (head, "\xef\xbb\xbf", 3) == 0)
    *skip = 3;
  else if (length >= 2 && (memcmp (head, "\xff\xfe", 2) == 0 || memcmp (head, "\xfe\xff", 2) == 0))
    {
      *skip = 2;
      return head[0] == '\xff' ? "UTF-16LE" : "UTF-16BE";
    }
  /* Without a mark: plain letters have a zero byte behind or before them. */
  else if (length >= 4 && head[1] == '\0' && head[3] == '\0')
    return "UTF-16LE";
  else if (length >= 4 && head[0] == '\0' && head[2] == '\0')
    return "UTF-16BE";
  return is_utf8 (fd) ? "UTF-8" : "WINDOWS-1252";
}

static GInputStream *
open_text (int fd, gsize skip, const char *encoding, GError **error)
{
  g_autoptr (GInputStream) bytes = NULL;
  g_autoptr (GCharsetConverter) converter = NULL;

  lseek (fd, skip, SEEK_SET);
  bytes = g_unix_input_stream_new (fd, FALSE);
  if (strcmp (encoding, "UTF-8") == 0)
    return g_steal_pointer (&bytes);
  converter = g_charset_converter_new ("UTF-8", encoding, error);
  /* Five bytes mean nothing in Windows-1252, and are there all the same now and then. */
  if (converter != NULL)
    g_charset_converter_set_use_fallback (converter, TRUE);
  return converter != NULL ? g_converter_input_stream_new (bytes, G_CONVERTER (converter)) : NULL;
}

gboolean
muster_import_file_take (int fd, const char *path, const char **encoding, GError **error)
{
  g_autofree char *head = g_malloc (HEAD_BYTES);
  gsize            length, skip;
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GInputStream) input = NULL;
  g_autoptr (GFileOutputStream) output = NULL;
  g_autoptr (GError) cause = NULL;

  if (!read_head (fd, head, &length, error))
    return FALSE;
  *encoding = find_encoding (fd, head, length, &skip);
  input = open_text (fd, skip, *encoding, error);
  output =
    input != NULL ? g_file_replace (file, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL, error) : NULL;
  if (output == NULL)
    return FALSE;
  if (g_output_stream_splice (G_OUTPUT_STREAM (output), input, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
                              NULL, &cause) >= 0)
    return TRUE;
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_STORAGE_FULL, "the file cannot be kept: %s",
                 cause->message);
  else
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                 "the file was taken for %s text and cannot be read so: save it as UTF-8",
                 *encoding);
  return FALSE;
}

/* --- rows --- */

static gboolean
read_rows (const char *path, char delimiter, MusterCsvRowFunc func, gpointer data, GError **error)
{
  g_autoptr (MusterCsvReader) reader = muster_csv_reader_new (delimiter, func, data);
  g_autofree char *piece = g_malloc (PIECE_BYTES);
  g_autofd int     fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  gssize           n;

  if (fd < 0)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
                   "the file of the import is no longer kept");
      return FALSE;
    }
  while ((n = read (fd, piece, PIECE_BYTES)) > 0)
    if (!muster_csv_reader_feed (reader, piece, n, error))
      return FALSE;
  return muster_csv_reader_finish (reader, error);
}

typedef struct
{
  MusterCsvRowFunc func;
  gpointer         data;
} Rest;

static gboolean
skip_headings (char **cells, guint n_cells, gint64 number, gpointer data, GError **error)
{
  const Rest *rest = data;

  return number == 1 || rest->func (cells, n_cells, number, rest->data, error);
}

gboolean
muster_import_file_each (const char      *path,
                         char             delimiter,
                         MusterCsvRowFunc func,
                         gpointer         data,
                         GError         **error)
{
  Rest rest = { func, data };

  g_return_val_if_fail (path != NULL && func != NULL, FALSE);

  return read_rows (path, delimiter, skip_headings, &rest, error);
}

/* --- what it holds --- */

typedef struct
{
  GPtrArray *names;   /* (element-type utf8): of the columns, each once */
  GPtrArray *samples; /* (element-type GPtrArray): along them, (element-type utf8) */
  gint64     n_rows;
} Table;

static void
table_clear (Table *self)
{
  g_clear_pointer (&self->names, g_ptr_array_unref);
  g_clear_pointer (&self->samples, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Table, table_clear)

static gboolean
has_name (Table *self, const char *name)
{
  return g_ptr_array_find_with_equal_func (self->names, name, g_str_equal, NULL);
}

/* What a second column of a name, or one without, is called. */
static char *
make_name (Table *self, const char *heading)
{
  g_autofree char *name =
    *heading != '\0' ? g_strdup (heading) : g_strdup_printf ("column %u", self->names->len + 1);

  for (unsigned i = 2; has_name (self, name); i++)
    {
      g_free (name);
      name = g_strdup_printf ("%s (%u)", heading, i);
    }
  return g_steal_pointer (&name);
}

static gboolean
table_take_row (char **cells, guint n_cells, gint64 number, gpointer data, GError **error)
{
  Table *self = data;

  for (guint i = 0; i < n_cells && number == 1; i++)
    {
      g_ptr_array_add (self->names, make_name (self, cells[i]));
      g_ptr_array_add (self->samples, g_ptr_array_new_with_free_func (g_free));
    }
  if (number == 1)
    return TRUE;
  if (n_cells > self->names->len)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                   "row %" G_GINT64_FORMAT " has %u cells, but there are %u headings", number,
                   n_cells, self->names->len);
      return FALSE;
    }
  self->n_rows++;
  for (guint i = 0; i < n_cells; i++)
    {
      GPtrArray *samples = self->samples->pdata[i];

      if (samples->len < N_SAMPLES && *cells[i] != '\0')
        g_ptr_array_add (samples,
                         g_utf8_substring (cells[i], 0, MIN (80, g_utf8_strlen (cells[i], -1))));
    }
  return TRUE;
}

/* Guesses the fields of the columns; each is taken once. */
static JsonObject *
guess_mapping (Table *table, const MusterRecordKind *kind)
{
  JsonObject *mapping = json_object_new ();
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < table->names->len; i++)
    {
      const char      *name = table->names->pdata[i];
      g_autofree char *field = muster_import_guess_field (kind, name);
      g_auto (GStrv) parts = field != NULL ? g_strsplit (field, ".", 2) : NULL;

      if (field != NULL && g_hash_table_add (taken, g_strdup (parts[0])))
        json_object_set_string_member (mapping, name, field);
      else
        json_object_set_null_member (mapping, name);
    }
  return mapping;
}

/* The best field that is mapped by which rows can be told apart, or NULL. */
static const char *
guess_key (const MusterRecordKind *kind, JsonObject *mapping)
{
  const MusterEntityInfo *info = kind->scope.info;
  g_autoptr (GList) fields = json_object_get_values (mapping);

  for (const char *const *key = kind->keys; key != NULL && *key != NULL; key++)
    {
      const MusterField *field = &info->fields[muster_entity_info_find (info, *key)];

      for (GList *node = fields; node != NULL && (field->flags & MUSTER_FIELD_UNIQUE);
           node = node->next)
        if (JSON_NODE_HOLDS_VALUE ((JsonNode *)node->data) &&
            strcmp (json_node_get_string (node->data), *key) == 0)
          return *key;
    }
  return NULL;
}

static JsonArray *
list_columns (Table *table)
{
  JsonArray *columns = json_array_new ();

  for (guint i = 0; i < table->names->len; i++)
    {
      JsonObject *column = json_object_new ();
      JsonArray  *samples = json_array_new ();
      GPtrArray  *texts = table->samples->pdata[i];

      for (guint j = 0; j < texts->len; j++)
        json_array_add_string_element (samples, texts->pdata[j]);
      json_object_set_string_member (column, "name", table->names->pdata[i]);
      json_object_set_array_member (column, "samples", samples);
      json_array_add_object_element (columns, column);
    }
  return columns;
}

static JsonObject *
describe_table (Table *table, const MusterRecordKind *kind, char delimiter)
{
  JsonObject *import = json_object_new ();
  JsonObject *mapping = guess_mapping (table, kind);
  JsonObject *options = json_object_new ();
  const char *key = guess_key (kind, mapping);
  const char  text[] = { delimiter, '\0' };

  json_object_set_string_member (import, "delimiter", text);
  json_object_set_int_member (import, "rows", table->n_rows);
  json_object_set_array_member (import, "columns", list_columns (table));
  json_object_set_object_member (import, "mapping", mapping);
  if (key != NULL)
    json_object_set_string_member (import, "key", key);
  else
    json_object_set_null_member (import, "key");
  /* Where cells are parted by semicolons, the comma is mostly busy with decimals. */
  json_object_set_boolean_member (options, "decimal_comma", delimiter == ';');
  json_object_set_string_member (options, "date_format", delimiter == ';' ? "dmy" : "iso");
  json_object_set_string_member (options, "empty", "keep");
  json_object_set_object_member (import, "options", options);
  json_object_set_object_member (import, "defaults", json_object_new ());
  return import;
}

JsonObject *
muster_import_file_describe (const char *path, const MusterRecordKind *kind, GError **error)
{
  g_auto (Table) table = { 0 };
  g_autofree char *head = g_malloc (HEAD_BYTES);
  g_autofd int     fd = -1;
  gsize            length;
  char             delimiter;

  g_return_val_if_fail (path != NULL && kind != NULL, NULL);

  fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  if (!read_head (fd, head, &length, error))
    return NULL;
  delimiter = muster_csv_guess_delimiter (head, length);
  table.names = g_ptr_array_new_with_free_func (g_free);
  table.samples = g_ptr_array_new_with_free_func ((GDestroyNotify)g_ptr_array_unref);
  if (!read_rows (path, delimiter, table_take_row, &table, error))
    return NULL;
  if (table.n_rows == 0)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                           "the file has no rows behind its headings");
      return NULL;
    }
  return describe_table (&table, kind, delimiter);
}
