/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sample-table"

#include "config.h"

#include <string.h>

#include "muster-sample-ints.h"
#include "muster-sample-table.h"

/* A block has so many rows, and up to half more: devices that report in step are not all full at
 * once. */
#define SEAL_ROWS 704
#define HISTORICAL_TAG (MUSTER_SAMPLE_HISTORICAL << 3)

static void
clear_latest (gpointer data)
{
  MusterLatestSample *latest = data;

  if (muster_cell_get_kind (latest->tag) == MUSTER_CELL_TEXT)
    g_ref_string_release (latest->cell.text);
}

static void
device_free (gpointer data)
{
  MusterSampleDevice *device = data;

  if (device == NULL)
    return;
  muster_sample_rows_free (device->head);
  muster_sample_rows_free (device->sealing);
  g_array_unref (device->latest);
  g_free (device->id);
  g_free (device);
}

MusterSampleTable *
muster_sample_table_new (void)
{
  MusterSampleTable *self = g_new0 (MusterSampleTable, 1);

  g_rw_lock_init (&self->lock);
  self->devices = g_ptr_array_new_with_free_func (device_free);
  self->device_numbers = g_hash_table_new (g_str_hash, g_str_equal);
  self->metrics = g_ptr_array_new_with_free_func (g_free);
  self->metric_numbers = g_hash_table_new (g_str_hash, g_str_equal);
  g_ptr_array_add (self->devices, NULL); /* numbers count from 1 */
  return self;
}

void
muster_sample_table_free (MusterSampleTable *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->device_numbers);
  g_hash_table_unref (self->metric_numbers);
  g_ptr_array_unref (self->devices);
  g_ptr_array_unref (self->metrics);
  g_rw_lock_clear (&self->lock);
  g_free (self);
}

/* --- names --- */

MusterSampleDevice *
muster_sample_table_find_device (MusterSampleTable *self, const char *id)
{
  return g_hash_table_lookup (self->device_numbers, id);
}

MusterSampleDevice *
muster_sample_table_load_device (MusterSampleTable *self, guint32 number, const char *id)
{
  MusterSampleDevice *device = g_new0 (MusterSampleDevice, 1);

  device->number = number;
  device->id = g_strdup (id);
  device->head = muster_sample_rows_new ();
  device->sealed_until = G_MININT64;
  device->seal_rows = SEAL_ROWS + g_str_hash (id) % (SEAL_ROWS / 2);
  device->latest = g_array_new (FALSE, FALSE, sizeof (MusterLatestSample));
  g_array_set_clear_func (device->latest, clear_latest);
  if (number >= self->devices->len)
    g_ptr_array_set_size (self->devices, number + 1);
  self->devices->pdata[number] = device;
  g_hash_table_insert (self->device_numbers, device->id, device);
  return device;
}

MusterSampleDevice *
muster_sample_table_ensure_device (MusterSampleTable *self, const char *id)
{
  MusterSampleDevice *device = muster_sample_table_find_device (self, id);

  return device != NULL ? device : muster_sample_table_load_device (self, self->devices->len, id);
}

void
muster_sample_table_load_metric (MusterSampleTable *self, guint32 number, const char *name)
{
  if (number >= self->metrics->len)
    g_ptr_array_set_size (self->metrics, number + 1);
  self->metrics->pdata[number] = g_strdup (name);
  g_hash_table_insert (self->metric_numbers, self->metrics->pdata[number],
                       GUINT_TO_POINTER (number + 1));
}

gboolean
muster_sample_table_find_metric (MusterSampleTable *self, const char *name, guint32 *number)
{
  guint found = GPOINTER_TO_UINT (g_hash_table_lookup (self->metric_numbers, name));

  *number = found - 1;
  return found != 0;
}

guint32
muster_sample_table_ensure_metric (MusterSampleTable *self, const char *name)
{
  guint32 number;

  if (muster_sample_table_find_metric (self, name, &number))
    return number;
  number = self->metrics->len;
  muster_sample_table_load_metric (self, number, name);
  return number;
}

/* --- what comes in --- */

static void
note_latest (MusterSampleDevice *device,
             guint32             metric,
             unsigned            hint,
             gint64              time,
             MusterCellTag       tag,
             MusterCell          cell)
{
  MusterLatestSample *latest = NULL;

  if (hint < device->latest->len)
    latest = &g_array_index (device->latest, MusterLatestSample, hint);
  if (latest == NULL || latest->metric != metric)
    {
      latest = NULL;
      for (guint i = 0; i < device->latest->len && latest == NULL; i++)
        if (g_array_index (device->latest, MusterLatestSample, i).metric == metric)
          latest = &g_array_index (device->latest, MusterLatestSample, i);
    }
  if (latest == NULL)
    {
      MusterLatestSample fresh = { .metric = metric, .time = G_MININT64 };

      g_array_append_val (device->latest, fresh);
      latest = &g_array_index (device->latest, MusterLatestSample, device->latest->len - 1);
    }
  /* Sent once more as history, what came live is mended, and stays live. */
  if (time < latest->time || ((tag & HISTORICAL_TAG) && time > latest->time))
    return;
  if (latest->tag == MUSTER_CELL_ABSENT && (tag & HISTORICAL_TAG))
    return;
  tag &= ~HISTORICAL_TAG;
  clear_latest (latest);
  if (muster_cell_get_kind (tag) == MUSTER_CELL_TEXT)
    g_ref_string_acquire (cell.text);
  *latest = (MusterLatestSample){ metric, tag, time, cell };
}

static void
put_cell (MusterSampleTable  *self,
          MusterSampleDevice *device,
          unsigned            row,
          guint32             metric,
          unsigned            hint,
          MusterCellTag       tag,
          MusterCell          cell)
{
  MusterSampleRows *rows = device->head;
  unsigned          column = muster_sample_rows_ensure_column (rows, metric, hint);

  if (muster_sample_rows_set (rows, row, column, tag, cell))
    self->n_cells++;
  note_latest (device, metric, column, rows->times[row], tag, cell);
}

void
muster_sample_table_put (MusterSampleTable  *self,
                         MusterSampleDevice *device,
                         const char         *metric,
                         gint64              time,
                         MusterCellTag       tag,
                         MusterCell          cell)
{
  unsigned row = muster_sample_rows_ensure_row (device->head, time);

  put_cell (self, device, row, muster_sample_table_ensure_metric (self, metric), 0, tag, cell);
}

/* A row's cells from number FIRST on. */
static void
apply_row (MusterSampleTable       *self,
           MusterSampleDevice      *device,
           const MusterSampleChunk *chunk,
           const MusterChunkRow    *row,
           guint                    first,
           const guint32           *metrics,
           GRefString             **texts)
{
  unsigned to = muster_sample_rows_ensure_row (device->head, row->time);

  for (guint32 i = 0; i < row->n_cells; i++)
    {
      MusterCellTag tag = chunk->cell_tags->data[first + i];
      MusterCell    cell = g_array_index (chunk->cells, MusterCell, first + i);

      if (muster_cell_get_kind (tag) == MUSTER_CELL_TEXT)
        cell.text = g_ref_string_acquire (texts[cell.bits]);
      put_cell (self, device, to, metrics[g_array_index (chunk->cell_metrics, guint16, first + i)],
                i, tag, cell);
    }
}

static guint32 *
number_metrics (MusterSampleTable *self, const MusterSampleChunk *chunk)
{
  guint32 *metrics = g_new (guint32, MAX (1, chunk->metrics->len));

  for (guint i = 0; i < chunk->metrics->len; i++)
    metrics[i] = muster_sample_table_ensure_metric (self, chunk->metrics->pdata[i]);
  return metrics;
}

static MusterSampleDevice **
number_devices (MusterSampleTable *self, const MusterSampleChunk *chunk)
{
  MusterSampleDevice **devices = g_new (MusterSampleDevice *, MAX (1, chunk->devices->len));

  for (guint i = 0; i < chunk->devices->len; i++)
    devices[i] = muster_sample_table_ensure_device (self, chunk->devices->pdata[i]);
  return devices;
}

void
muster_sample_table_apply (MusterSampleTable       *self,
                           const MusterSampleChunk *chunk,
                           gint64                   sequence,
                           GPtrArray               *ready)
{
  g_autofree guint32             *metrics = number_metrics (self, chunk);
  g_autofree MusterSampleDevice **devices = number_devices (self, chunk);
  g_autoptr (GPtrArray) texts =
              g_ptr_array_new_with_free_func ((GDestroyNotify)g_ref_string_release);
  guint first = 0;

  for (guint i = 0; i < chunk->texts->len; i++)
    g_ptr_array_add (texts, g_ref_string_new (chunk->texts->pdata[i]));
  for (guint i = 0; i < chunk->rows->len; i++)
    {
      const MusterChunkRow *row = &g_array_index (chunk->rows, MusterChunkRow, i);
      MusterSampleDevice   *device = devices[row->device];

      if (sequence > device->sealed_sequence)
        {
          apply_row (self, device, chunk, row, first, metrics, (GRefString **)texts->pdata);
          if (device->head_sequence == 0)
            device->head_sequence = sequence;
          if (ready != NULL && device->head->n_rows >= device->seal_rows && !device->is_queued)
            {
              device->is_queued = TRUE;
              g_ptr_array_add (ready, device);
            }
        }
      first += row->n_cells;
    }
  self->last_sequence = sequence;
}

guint32
muster_sample_table_forget (MusterSampleTable *self, const char *id, gint64 sequence)
{
  MusterSampleDevice *device = muster_sample_table_find_device (self, id);

  self->last_sequence = MAX (self->last_sequence, sequence);
  /* Read again after a crash, it may have a successor of the same id already. */
  if (device == NULL || device->sealed_sequence >= sequence)
    return 0;
  g_hash_table_remove (self->device_numbers, id);
  device->is_gone = TRUE;
  self->n_cells -= muster_sample_rows_count (device->head);
  g_clear_pointer (&device->head, muster_sample_rows_free);
  device->head = muster_sample_rows_new ();
  device->head_sequence = 0;
  return device->number;
}

/* --- sealing --- */

gboolean
muster_sample_table_begin_seal (MusterSampleTable *self, MusterSampleDevice *device)
{
  device->is_queued = FALSE;
  if (device->sealing != NULL || device->is_gone || device->head->n_rows == 0)
    return FALSE;
  device->sealing = g_steal_pointer (&device->head);
  device->sealing_sequence = device->head_sequence;
  device->head = muster_sample_rows_new ();
  device->head_sequence = 0;
  return TRUE;
}

void
muster_sample_table_end_seal (MusterSampleTable *self, MusterSampleDevice *device)
{
  gint64 n = muster_sample_rows_count (device->sealing);

  self->n_cells -= n;
  self->n_seals++;
  g_clear_pointer (&device->sealing, muster_sample_rows_free);
  device->sealing_sequence = 0;
}

void
muster_sample_table_cancel_seal (MusterSampleTable *self, MusterSampleDevice *device)
{
  MusterSampleRows *rows = g_steal_pointer (&device->sealing);

  if (device->is_gone)
    g_clear_pointer (&rows, muster_sample_rows_free);
  else
    {
      muster_sample_rows_merge (rows, device->head);
      muster_sample_rows_free (device->head);
      device->head = rows;
      device->head_sequence = device->sealing_sequence;
    }
  device->sealing_sequence = 0;
}

gint64
muster_sample_table_count (MusterSampleTable *self, gint64 *series)
{
  gint64 n_samples = (gint64)self->n_cells, n_series = 0;

  for (guint i = 1; i < self->devices->len; i++)
    {
      const MusterSampleDevice *device = self->devices->pdata[i];

      if (device == NULL || device->is_gone)
        continue;
      n_samples += device->n_sealed;
      n_series += device->latest->len;
    }
  if (series != NULL)
    *series = n_series;
  return n_samples;
}

gint64
muster_sample_table_get_oldest_sequence (MusterSampleTable *self)
{
  gint64 oldest = self->last_sequence + 1;

  for (guint i = 1; i < self->devices->len; i++)
    {
      const MusterSampleDevice *device = self->devices->pdata[i];

      if (device == NULL)
        continue;
      if (device->head_sequence != 0)
        oldest = MIN (oldest, device->head_sequence);
      if (device->sealing_sequence != 0)
        oldest = MIN (oldest, device->sealing_sequence);
    }
  return oldest;
}

/* --- the newest samples as bytes --- */

void
muster_sample_device_write_latest (const MusterSampleDevice *self, GByteArray *bytes)
{
  for (guint i = 0; i < self->latest->len; i++)
    {
      const MusterLatestSample *latest = &g_array_index (self->latest, MusterLatestSample, i);

      muster_bytes_add_varint (bytes, latest->metric);
      muster_bytes_add_byte (bytes, latest->tag);
      muster_bytes_add_signed (bytes, latest->time);
      if (muster_cell_get_kind (latest->tag) == MUSTER_CELL_TEXT)
        {
          gsize length = g_ref_string_length (latest->cell.text);

          muster_bytes_add_varint (bytes, length);
          g_byte_array_append (bytes, (const guint8 *)latest->cell.text, length);
        }
      else
        muster_bytes_add_fixed (bytes, latest->cell.bits);
    }
}

gboolean
muster_sample_device_read_latest (MusterSampleDevice *self, gconstpointer bytes, gsize length)
{
  MusterByteReader reader = { bytes, (const guint8 *)bytes + length, FALSE };

  while (reader.at < reader.end)
    {
      MusterLatestSample latest = { .metric = muster_byte_reader_get_varint (&reader) };

      latest.tag = muster_byte_reader_get_byte (&reader);
      latest.time = muster_byte_reader_get_signed (&reader);
      if (muster_cell_get_kind (latest.tag) == MUSTER_CELL_TEXT)
        {
          gsize         text_length = muster_byte_reader_get_varint (&reader);
          const guint8 *text = muster_byte_reader_get_bytes (&reader, text_length);

          if (text == NULL)
            return FALSE;
          latest.cell.text = g_ref_string_new_len ((const char *)text, text_length);
        }
      else
        latest.cell.bits = muster_byte_reader_get_fixed (&reader);
      if (reader.failed)
        {
          clear_latest (&latest);
          return FALSE;
        }
      g_array_append_val (self->latest, latest);
    }
  return TRUE;
}
