/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-csv-reader"

#include "config.h"

#include <csv.h>
#include <string.h>

#include "model/muster-error.h"
#include "muster-csv-reader.h"

/* Between two looks at how much the parser holds. */
#define STEP_BYTES 4096

struct _MusterCsvReader
{
  struct csv_parser parser;
  MusterCsvRowFunc  func;
  gpointer          data;
  GPtrArray        *cells; /* (owned) (element-type utf8): of the row under way */
  gsize             bytes; /* of them */
  gint64            n_rows;
  gint64            max_rows;
  GError           *error; /* (owned) (nullable): what ended the reading */
};

static void
muster_csv_reader_refuse (MusterCsvReader *self, const char *why)
{
  if (self->error == NULL)
    self->error = g_error_new (MUSTER_ERROR, MUSTER_ERROR_MALFORMED, "row %" G_GINT64_FORMAT " %s",
                               self->n_rows + 1, why);
}

static void
take_cell (void *text, size_t length, void *user_data)
{
  MusterCsvReader *self = user_data;

  self->bytes += length;
  if (self->cells->len >= MUSTER_CSV_MAX_COLUMNS)
    muster_csv_reader_refuse (self, "has more than 256 cells");
  else if (length > MUSTER_CSV_MAX_CELL_BYTES || self->bytes > MUSTER_CSV_MAX_ROW_BYTES)
    muster_csv_reader_refuse (self, "is too long: 64 KiB a cell and 256 KiB a row are the most");
  else if (length > 0 && !g_utf8_validate_len (text, length, NULL))
    muster_csv_reader_refuse (self, "is not text in UTF-8");
  if (self->error == NULL)
    g_ptr_array_add (self->cells, g_strndup (text != NULL ? text : "", length));
}

static gboolean
row_is_blank (MusterCsvReader *self)
{
  for (guint i = 0; i < self->cells->len; i++)
    if (*(const char *)self->cells->pdata[i] != '\0')
      return FALSE;
  return TRUE;
}

static void
take_row (int terminator, void *user_data)
{
  MusterCsvReader *self = user_data;

  if (self->error == NULL && self->cells->len > 0 && !row_is_blank (self))
    {
      if (self->n_rows >= self->max_rows)
        {
          g_autofree char *why =
            g_strdup_printf ("is one too many: %" G_GINT64_FORMAT " is the most", self->max_rows);

          muster_csv_reader_refuse (self, why);
        }
      else
        self->func ((char **)self->cells->pdata, self->cells->len, ++self->n_rows, self->data,
                    &self->error);
    }
  g_ptr_array_set_size (self->cells, 0);
  self->bytes = 0;
}

MusterCsvReader *
muster_csv_reader_new (char delimiter, MusterCsvRowFunc func, gpointer data)
{
  MusterCsvReader *self = NULL;

  g_return_val_if_fail (delimiter != '\0' && func != NULL, NULL);

  self = g_new0 (MusterCsvReader, 1);
  self->func = func;
  self->data = data;
  self->max_rows = MUSTER_CSV_MAX_ROWS;
  self->cells = g_ptr_array_new_with_free_func (g_free);
  csv_init (&self->parser, 0);
  csv_set_delim (&self->parser, delimiter);
  return self;
}

void
muster_csv_reader_free (MusterCsvReader *self)
{
  g_return_if_fail (self != NULL);

  csv_free (&self->parser);
  g_ptr_array_unref (self->cells);
  g_clear_error (&self->error);
  g_free (self);
}

void
muster_csv_reader_set_max_rows (MusterCsvReader *self, gint64 max_rows)
{
  g_return_if_fail (self != NULL && max_rows > 0);

  self->max_rows = max_rows;
}

static gboolean
muster_csv_reader_check (MusterCsvReader *self, GError **error)
{
  if (self->error == NULL)
    return TRUE;
  if (error != NULL)
    *error = g_error_copy (self->error);
  return FALSE;
}

gboolean
muster_csv_reader_feed (MusterCsvReader *self, const char *text, gsize length, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  while (length > 0 && self->error == NULL)
    {
      gsize step = MIN (length, STEP_BYTES);

      if (csv_parse (&self->parser, text, step, take_cell, take_row, self) != step)
        muster_csv_reader_refuse (self, "cannot be read");
      /* A quote that is never closed takes all the rest into one cell. */
      else if (self->parser.entry_pos > MUSTER_CSV_MAX_CELL_BYTES)
        muster_csv_reader_refuse (self, "has a cell of more than 64 KiB: is a quote not closed?");
      text += step;
      length -= step;
    }
  return muster_csv_reader_check (self, error);
}

gboolean
muster_csv_reader_finish (MusterCsvReader *self, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->error == NULL)
    csv_fini (&self->parser, take_cell, take_row, self);
  return muster_csv_reader_check (self, error);
}

char
muster_csv_guess_delimiter (const char *head, gsize length)
{
  static const char candidates[] = { ',', ';', '\t' };
  unsigned          counts[G_N_ELEMENTS (candidates)] = { 0 };
  gboolean          quoted = FALSE;
  unsigned          best = 0;

  g_return_val_if_fail (head != NULL || length == 0, ',');

  /* The first line alone: texts further down hold commas of their own. */
  for (gsize i = 0; i < length && (quoted || (head[i] != '\n' && head[i] != '\r')); i++)
    {
      if (head[i] == '"')
        quoted = !quoted;
      for (unsigned j = 0; j < G_N_ELEMENTS (candidates) && !quoted; j++)
        counts[j] += head[i] == candidates[j];
    }
  for (unsigned i = 1; i < G_N_ELEMENTS (candidates); i++)
    if (counts[i] > counts[best])
      best = i;
  return candidates[best];
}
