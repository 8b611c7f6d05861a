/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MUSTER_CSV_MAX_COLUMNS 256
#define MUSTER_CSV_MAX_CELL_BYTES (64 * 1024)
#define MUSTER_CSV_MAX_ROW_BYTES (256 * 1024)
#define MUSTER_CSV_MAX_ROWS 1000000

/* One row: NUMBER counts from 1, blank lines left out. CELLS: UTF-8, without blanks around them
 * unless quoted; they are the reader's. FALSE with ERROR ends the reading. */
typedef gboolean (
  *MusterCsvRowFunc) (char **cells, guint n_cells, gint64 number, gpointer data, GError **error);

/**
 * MusterCsvReader:
 *
 * Reads rows of CSV (RFC 4180, and what spreadsheets make of it) out of bytes from anybody, as they
 * come, within the limits above. MUSTER_ERROR_MALFORMED names the row.
 */
typedef struct _MusterCsvReader MusterCsvReader;

MusterCsvReader *muster_csv_reader_new (char delimiter, MusterCsvRowFunc func, gpointer data);
void             muster_csv_reader_free (MusterCsvReader *self);
/* Before the first row: the most rows, instead of MUSTER_CSV_MAX_ROWS. */
void muster_csv_reader_set_max_rows (MusterCsvReader *self, gint64 max_rows);
/* After a failure, nothing more. */
gboolean muster_csv_reader_feed (MusterCsvReader *self,
                                 const char      *text,
                                 gsize            length,
                                 GError         **error);
/* The last row, which may lack its line end. */
gboolean muster_csv_reader_finish (MusterCsvReader *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterCsvReader, muster_csv_reader_free)

/* The delimiter that HEAD, the beginning of a file, uses: comma, semicolon or tab. */
char muster_csv_guess_delimiter (const char *head, gsize length);

G_END_DECLS
