/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sample-upgrade"

#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "model/muster-error.h"
#include "muster-sample-compact.h"
#include "muster-sample-file.h"
#include "muster-sample-upgrade.h"

/* Of version 1: integers that are booleans. */
#define OLD_FLAG_BOOLEAN (1 << 16)

typedef struct
{
  MusterConnection   *old;
  MusterSampleFile   *file;
  MusterSampleTable  *table;
  guint               n_metrics; /* that the file has */
  MusterSampleDevice *device;    /* (nullable) under way */
} Upgrade;

static MusterCell
read_cell (sqlite3_stmt *row, gint64 flags, MusterSampleType *type)
{
  MusterCell cell = { 0 };

  switch (sqlite3_column_type (row, 3))
    {
    case SQLITE_INTEGER:
      *type = (flags & OLD_FLAG_BOOLEAN) ? MUSTER_SAMPLE_BOOLEAN : MUSTER_SAMPLE_INTEGER;
      cell.integer = sqlite3_column_int64 (row, 3);
      break;
    case SQLITE_FLOAT:
      *type = MUSTER_SAMPLE_DOUBLE;
      cell.number = sqlite3_column_double (row, 3);
      break;
    case SQLITE_TEXT:
      *type = MUSTER_SAMPLE_STRING;
      cell.text = g_ref_string_new ((const char *)sqlite3_column_text (row, 3));
      break;
    default:
      *type = MUSTER_SAMPLE_NULL;
    }
  return cell;
}

/* Writes the head of the device under way as a block. */
static gboolean
write_block (Upgrade *self, GError **error)
{
  MusterSampleDevice *device = self->device;
  MusterSampleRows   *rows = device->head;
  MusterSampleWritten written = { .device = device->number,
                                  .max_span = device->max_span,
                                  .sealed_until = device->sealed_until };

  if (rows->n_rows == 0)
    return TRUE;
  for (; self->n_metrics < self->table->metrics->len; self->n_metrics++)
    if (!muster_sample_file_put_metric (self->file, self->n_metrics,
                                        self->table->metrics->pdata[self->n_metrics], error))
      return FALSE;
  if (!muster_sample_compact_write (self->file, rows, 0, rows->n_rows, &written, error))
    return FALSE;
  device->n_sealed += written.n_samples;
  device->max_span = written.max_span;
  device->sealed_until = written.sealed_until;
  muster_sample_rows_free (rows);
  device->head = muster_sample_rows_new ();
  return TRUE;
}

static gboolean
end_device (Upgrade *self, GError **error)
{
  g_autoptr (GByteArray) latest = g_byte_array_new ();

  if (self->device == NULL)
    return TRUE;
  muster_sample_device_write_latest (self->device, latest);
  return write_block (self, error) &&
         muster_sample_file_put_device (self->file, self->device, latest, error);
}

/* Through the table, so that the newest samples are noted as ever. */
static gboolean
take_row (Upgrade *self, sqlite3_stmt *row, GError **error)
{
  const char      *id = (const char *)sqlite3_column_text (row, 0);
  gint64           flags = sqlite3_column_int64 (row, 4);
  MusterSampleType type;
  MusterCell       cell = read_cell (row, flags, &type);

  if (self->device == NULL || !g_str_equal (self->device->id, id))
    {
      if (!end_device (self, error))
        return FALSE;
      self->device = muster_sample_table_ensure_device (self->table, id);
    }
  if (self->device->head->n_rows >= MUSTER_SAMPLE_BLOCK_ROWS &&
      self->device->head->times[self->device->head->n_rows - 1] < sqlite3_column_int64 (row, 2) &&
      !write_block (self, error))
    return FALSE;
  muster_sample_table_put (self->table, self->device, (const char *)sqlite3_column_text (row, 1),
                           sqlite3_column_int64 (row, 2),
                           muster_cell_tag (type, flags & (OLD_FLAG_BOOLEAN - 1)), cell);
  return TRUE;
}

static gboolean
copy_samples (Upgrade *self, GError **error)
{
  static const char sql[] =
    "SELECT device_id, metric, time, value, flags FROM series JOIN sample ON sample.series = series.id ORDER BY device_id, time";
  sqlite3      *handle = muster_connection_get_handle (self->old);
  sqlite3_stmt *rows = NULL;
  int           code = sqlite3_prepare_v2 (handle, sql, -1, &rows, NULL);
  gboolean      is_good = code == SQLITE_OK;

  while (is_good && (code = sqlite3_step (rows)) == SQLITE_ROW)
    is_good = take_row (self, rows, error);
  if (code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE)
    {
      muster_connection_set_error (self->old, code, error);
      is_good = FALSE;
    }
  sqlite3_finalize (rows);
  return is_good && end_device (self, error);
}

static gboolean
write_file (MusterConnection *old, const char *path, GError **error)
{
  g_autoptr (MusterSampleTable) table = muster_sample_table_new ();
  g_autoptr (MusterSampleFile) file = NULL;
  Upgrade upgrade = { .old = old, .table = table };

  g_unlink (path);
  file = muster_sample_file_open (path, MUSTER_CONNECTION_WRITE, error);
  upgrade.file = file;
  return file != NULL && muster_sample_file_begin (file, error) && copy_samples (&upgrade, error) &&
         muster_sample_file_commit (file, error);
}

gboolean
muster_sample_upgrade (const char *path, GError **error)
{
  g_autofree char *fresh = g_strconcat (path, ".new", NULL);
  g_autoptr (MusterConnection) old = NULL;
  gint64 version;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  /* To write: what stands in its log is brought home when it is closed. */
  old =
    muster_connection_open (path, MUSTER_CONNECTION_WRITE, muster_sample_file_get_format (), error);
  if (old == NULL || !muster_connection_query_integer (old, "PRAGMA user_version", &version, error))
    return FALSE;
  if (version != 1)
    return TRUE;
  g_message ("%s: bringing the samples into blocks", path);
  if (!write_file (old, fresh, error))
    return FALSE;
  g_clear_pointer (&old, muster_connection_close);
  if (g_rename (fresh, path) == 0)
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, "cannot replace %s: %s", path,
               g_strerror (errno));
  return FALSE;
}
