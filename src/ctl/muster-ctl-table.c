/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-table"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-ctl-format.h"
#include "muster-ctl-table.h"

#define GAP 2
#define NARROWEST 6
#define MAXIMUM_COLUMNS 32
#define DASH "–"

struct _MusterCtlTable
{
  const MusterCtlColumn *columns;
  unsigned               n_columns;
  GPtrArray             *rows; /* (element-type GStrv) */
};

MusterCtlTable *
muster_ctl_table_new (const MusterCtlColumn *columns)
{
  MusterCtlTable *self = g_new0 (MusterCtlTable, 1);

  self->columns = columns;
  while (columns[self->n_columns].title != NULL)
    self->n_columns++;
  g_assert (self->n_columns <= MAXIMUM_COLUMNS);
  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify)g_strfreev);
  return self;
}

void
muster_ctl_table_free (MusterCtlTable *self)
{
  g_ptr_array_unref (self->rows);
  g_free (self);
}

void
muster_ctl_table_add (MusterCtlTable *self, const char *const *cells)
{
  char **row = g_new0 (char *, self->n_columns + 1);

  for (unsigned i = 0; i < self->n_columns; i++)
    row[i] =
      cells[i] == NULL || *cells[i] == '\0' ? g_strdup (DASH) : muster_ctl_format_line (cells[i]);
  g_ptr_array_add (self->rows, row);
}

unsigned
muster_ctl_table_get_length (MusterCtlTable *self)
{
  return self->rows->len;
}

static const char *
get_color (const char *word)
{
  static const struct
  {
    const char *word;
    const char *color;
  } colors[] = {
    { "online", "32" },      { "adopted", "32" },   { "confirmed", "32" }, { "running", "32" },
    { "yes", "32" },         { "offline", "31" },   { "error", "31" },     { "failed", "31" },
    { "defective", "31" },   { "timed_out", "31" }, { "warning", "33" },   { "pairing", "33" },
    { "maintenance", "33" }, { "new", "36" },       { "expected", "36" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (colors); i++)
    if (g_str_equal (colors[i].word, word))
      return colors[i].color;
  return NULL;
}

static void
measure (MusterCtlTable *self, unsigned *widths)
{
  for (unsigned column = 0; column < self->n_columns; column++)
    {
      widths[column] = muster_ctl_text_get_width (_ (self->columns[column].title));
      for (unsigned row = 0; row < self->rows->len; row++)
        widths[column] =
          MAX (widths[column],
               muster_ctl_text_get_width (((char **)self->rows->pdata[row])[column]));
    }
}

/* Takes from the widest column that may be cut, until all fit or none can give any more. */
static void
fit (MusterCtlTable *self, unsigned *widths, unsigned width)
{
  unsigned total = (self->n_columns - 1) * GAP;

  for (unsigned i = 0; i < self->n_columns; i++)
    total += widths[i];
  while (total > width)
    {
      unsigned *widest = NULL;

      for (unsigned i = 0; i < self->n_columns; i++)
        if ((self->columns[i].flags & MUSTER_CTL_COLUMN_ELIDE) && widths[i] > NARROWEST &&
            (widest == NULL || widths[i] > *widest))
          widest = &widths[i];
      if (widest == NULL)
        return;
      (*widest)--;
      total--;
    }
}

static void
append_spaces (GString *text, unsigned n)
{
  for (unsigned i = 0; i < n; i++)
    g_string_append_c (text, ' ');
}

static void
append_cell (MusterCtlTable *self,
             GString        *text,
             unsigned        column,
             const char     *cell,
             unsigned        width,
             const char     *color)
{
  g_autofree char *cut = muster_ctl_text_elide (cell, width);
  unsigned         padding = width - MIN (width, muster_ctl_text_get_width (cut));
  gboolean         right = (self->columns[column].flags & MUSTER_CTL_COLUMN_RIGHT) != 0;

  append_spaces (text, right ? padding : 0);
  if (color != NULL)
    g_string_append_printf (text, "\033[%sm%s\033[0m", color, cut);
  else
    g_string_append (text, cut);
  if (column + 1 < self->n_columns)
    append_spaces (text, (right ? 0 : padding) + GAP);
}

char *
muster_ctl_table_format (MusterCtlTable *self, unsigned width, gboolean color)
{
  GString *text = g_string_new (NULL);
  unsigned widths[MAXIMUM_COLUMNS];

  measure (self, widths);
  if (width > 0)
    fit (self, widths, width);
  for (unsigned i = 0; i < self->n_columns; i++)
    append_cell (self, text, i, _ (self->columns[i].title), widths[i], color ? "1" : NULL);
  g_string_append_c (text, '\n');
  for (unsigned row = 0; row < self->rows->len; row++)
    {
      char **cells = self->rows->pdata[row];

      for (unsigned i = 0; i < self->n_columns; i++)
        append_cell (self, text, i, cells[i], widths[i],
                     color && (self->columns[i].flags & MUSTER_CTL_COLUMN_COLORED)
                       ? get_color (cells[i])
                       : NULL);
      g_string_append_c (text, '\n');
    }
  return g_string_free (text, FALSE);
}
