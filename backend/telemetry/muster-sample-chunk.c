/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sample-chunk"

#include "config.h"

#include <string.h>
#include <zstd.h>

#include "model/muster-error.h"
#include "muster-sample-chunk.h"
#include "muster-sample-ints.h"
#include "muster-sample-reducer.h"

/* Journal entries are written once and read after a crash only: quickly packed. */
#define PACK_LEVEL 1
#define MAX_UNPACKED (256u * 1024 * 1024)

MusterSampleChunk *
muster_sample_chunk_new (void)
{
  MusterSampleChunk *self = g_new0 (MusterSampleChunk, 1);

  self->strings = g_string_chunk_new (4096);
  self->devices = g_ptr_array_new ();
  self->metrics = g_ptr_array_new ();
  self->texts = g_ptr_array_new ();
  self->device_numbers = g_hash_table_new (g_str_hash, g_str_equal);
  self->metric_numbers = g_hash_table_new (g_str_hash, g_str_equal);
  self->rows = g_array_new (FALSE, FALSE, sizeof (MusterChunkRow));
  self->cells = g_array_new (FALSE, FALSE, sizeof (MusterCell));
  self->cell_metrics = g_array_new (FALSE, FALSE, sizeof (guint16));
  self->cell_tags = g_byte_array_new ();
  return self;
}

void
muster_sample_chunk_free (MusterSampleChunk *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->device_numbers);
  g_hash_table_unref (self->metric_numbers);
  g_ptr_array_unref (self->devices);
  g_ptr_array_unref (self->metrics);
  g_ptr_array_unref (self->texts);
  g_array_unref (self->rows);
  g_array_unref (self->cells);
  g_array_unref (self->cell_metrics);
  g_byte_array_unref (self->cell_tags);
  g_string_chunk_free (self->strings);
  g_free (self);
}

static unsigned
add_name (MusterSampleChunk *self, GPtrArray *names, GHashTable *numbers, const char *name)
{
  gpointer number;
  char    *copy;

  if (g_hash_table_lookup_extended (numbers, name, NULL, &number))
    return GPOINTER_TO_UINT (number);
  copy = g_string_chunk_insert (self->strings, name);
  g_hash_table_insert (numbers, copy, GUINT_TO_POINTER (names->len));
  g_ptr_array_add (names, copy);
  return names->len - 1;
}

unsigned
muster_sample_chunk_add_device (MusterSampleChunk *self, const char *id)
{
  return add_name (self, self->devices, self->device_numbers, id);
}

unsigned
muster_sample_chunk_add_metric (MusterSampleChunk *self, const char *name)
{
  return add_name (self, self->metrics, self->metric_numbers, name);
}

void
muster_sample_chunk_add_row (MusterSampleChunk *self, unsigned device, gint64 time)
{
  MusterChunkRow row = { time, device, 0 };

  g_array_append_val (self->rows, row);
}

void
muster_sample_chunk_add_cell (MusterSampleChunk *self,
                              unsigned           metric,
                              MusterCellTag      tag,
                              MusterCell         cell)
{
  guint16 number = metric;

  g_array_append_val (self->cells, cell);
  g_array_append_val (self->cell_metrics, number);
  g_byte_array_append (self->cell_tags, &tag, 1);
  g_array_index (self->rows, MusterChunkRow, self->rows->len - 1).n_cells++;
}

void
muster_sample_chunk_add_text (MusterSampleChunk *self,
                              unsigned           metric,
                              MusterSampleFlags  flags,
                              const char        *text)
{
  MusterCell cell = { .integer = self->texts->len };

  g_ptr_array_add (self->texts, g_string_chunk_insert_const (self->strings, text));
  muster_sample_chunk_add_cell (self, metric, muster_cell_tag (MUSTER_SAMPLE_STRING, flags), cell);
}

static MusterCell
to_cell (const MusterSample *sample)
{
  MusterCell cell = { 0 };

  if (sample->type == MUSTER_SAMPLE_INTEGER)
    cell.integer = sample->integer;
  else if (sample->type == MUSTER_SAMPLE_DOUBLE)
    cell.number = sample->number;
  else if (sample->type == MUSTER_SAMPLE_BOOLEAN)
    cell.integer = sample->boolean != FALSE;
  return cell;
}

void
muster_sample_chunk_add_batch (MusterSampleChunk *self, MusterSampleBatch *batch)
{
  unsigned            n;
  const MusterSample *samples = muster_sample_batch_get (batch, &n);
  unsigned            device =
    muster_sample_chunk_add_device (self, muster_sample_batch_get_device_id (batch));
  gint64 time = -1;

  for (unsigned i = 0; i < n; i++)
    {
      const MusterSample *sample = &samples[i];
      unsigned            metric;

      if (sample->flags & MUSTER_SAMPLE_TRANSIENT)
        continue;
      if (sample->time != time)
        muster_sample_chunk_add_row (self, device, sample->time);
      time = sample->time;
      metric = muster_sample_chunk_add_metric (self, sample->metric);
      if (sample->type == MUSTER_SAMPLE_STRING)
        muster_sample_chunk_add_text (self, metric, sample->flags, sample->text);
      else
        muster_sample_chunk_add_cell (self, metric, muster_cell_tag (sample->type, sample->flags),
                                      to_cell (sample));
    }
}

void
muster_sample_chunk_rewind (MusterSampleChunk *self, unsigned n_rows, unsigned n_cells)
{
  g_array_set_size (self->rows, n_rows);
  g_array_set_size (self->cells, n_cells);
  g_array_set_size (self->cell_metrics, n_cells);
  g_byte_array_set_size (self->cell_tags, n_cells);
}

static MusterSampleBatch *
ensure_batch (GHashTable *batches, GPtrArray *list, const char *device)
{
  MusterSampleBatch *batch = g_hash_table_lookup (batches, device);

  if (batch == NULL)
    {
      batch = muster_sample_batch_new (device);
      g_hash_table_insert (batches, (gpointer)device, batch);
      g_ptr_array_add (list, batch);
    }
  return batch;
}

static void
add_to_batch (const MusterSampleChunk *self,
              MusterSampleBatch       *batch,
              const MusterChunkRow    *row,
              guint                    first,
              MusterSampleFlags        flags)
{
  for (guint i = first; i < first + row->n_cells; i++)
    {
      const char   *metric = self->metrics->pdata[g_array_index (self->cell_metrics, guint16, i)];
      MusterCellTag tag = self->cell_tags->data[i];
      MusterCell    cell = g_array_index (self->cells, MusterCell, i);
      MusterSample  sample;

      if (muster_cell_get_kind (tag) == MUSTER_CELL_TEXT)
        cell.text = self->texts->pdata[cell.bits];
      sample = muster_sample_from_cell (metric, row->time, tag, cell);
      sample.flags |= flags;
      muster_sample_batch_append (batch, metric, row->time, &sample);
    }
}

GPtrArray *
muster_sample_chunk_list_batches (const MusterSampleChunk *self, gint64 since)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GHashTable) batches = g_hash_table_new (g_direct_hash, g_direct_equal);
  guint first = 0;

  for (guint i = 0; i < self->rows->len; i++)
    {
      const MusterChunkRow *row = &g_array_index (self->rows, MusterChunkRow, i);

      if (row->time >= since)
        add_to_batch (self, ensure_batch (batches, list, self->devices->pdata[row->device]), row,
                      first, MUSTER_SAMPLE_PLAIN);
      first += row->n_cells;
    }
  return list;
}

/* Moves a row's cells from FROM down to TO. */
static void
move_cells (MusterSampleChunk *self, guint from, guint to, guint n)
{
  MusterCell *cells = (MusterCell *)(gpointer)self->cells->data;
  guint16    *metrics = (guint16 *)(gpointer)self->cell_metrics->data;

  memmove (&cells[to], &cells[from], n * sizeof *cells);
  memmove (&metrics[to], &metrics[from], n * sizeof *metrics);
  memmove (&self->cell_tags->data[to], &self->cell_tags->data[from], n);
}

GPtrArray *
muster_sample_chunk_take_batches (MusterSampleChunk *self, const gboolean *is_taken, gint64 since)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GHashTable) batches = g_hash_table_new (g_direct_hash, g_direct_equal);
  guint first = 0, n_rows = 0, n_cells = 0;

  for (guint i = 0; i < self->rows->len; i++)
    {
      MusterChunkRow row = g_array_index (self->rows, MusterChunkRow, i);

      if (is_taken[row.device])
        add_to_batch (self, ensure_batch (batches, list, self->devices->pdata[row.device]), &row,
                      first, row.time < since ? MUSTER_SAMPLE_HISTORICAL : MUSTER_SAMPLE_PLAIN);
      else
        {
          move_cells (self, first, n_cells, row.n_cells);
          g_array_index (self->rows, MusterChunkRow, n_rows++) = row;
          n_cells += row.n_cells;
        }
      first += row.n_cells;
    }
  muster_sample_chunk_rewind (self, n_rows, n_cells);
  return list;
}

unsigned
muster_sample_chunk_count (const MusterSampleChunk *self)
{
  return self->cells->len;
}

/* --- bytes --- */

static void
write_names (GByteArray *bytes, GPtrArray *names)
{
  muster_bytes_add_varint (bytes, names->len);
  for (guint i = 0; i < names->len; i++)
    g_byte_array_append (bytes, names->pdata[i], strlen (names->pdata[i]) + 1);
}

/* Rows and cells stand as in memory: the file stays on the machine, and `byte_order` tells a copy
 * that went to another kind. */
static const guint16 byte_order = 0x4d73;

GBytes *
muster_sample_chunk_pack (const MusterSampleChunk *self)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  gsize   bound;
  gsize   length;
  guint8 *packed;

  g_byte_array_append (bytes, (const guint8 *)&byte_order, sizeof byte_order);
  write_names (bytes, self->devices);
  write_names (bytes, self->metrics);
  write_names (bytes, self->texts);
  muster_bytes_add_varint (bytes, self->rows->len);
  muster_bytes_add_varint (bytes, self->cells->len);
  g_byte_array_append (bytes, (const guint8 *)self->rows->data,
                       self->rows->len * sizeof (MusterChunkRow));
  g_byte_array_append (bytes, (const guint8 *)self->cells->data,
                       self->cells->len * sizeof (MusterCell));
  g_byte_array_append (bytes, (const guint8 *)self->cell_metrics->data,
                       self->cell_metrics->len * sizeof (guint16));
  g_byte_array_append (bytes, self->cell_tags->data, self->cell_tags->len);
  bound = ZSTD_compressBound (bytes->len);
  packed = g_malloc (bound);
  length = ZSTD_compress (packed, bound, bytes->data, bytes->len, PACK_LEVEL);
  g_assert (!ZSTD_isError (length));
  return g_bytes_new_take (g_realloc (packed, length), length);
}

static gboolean
read_names (MusterSampleChunk *self, MusterByteReader *reader, GPtrArray *names)
{
  guint64 n = muster_byte_reader_get_varint (reader);

  for (guint64 i = 0; i < n && !reader->failed; i++)
    {
      const guint8 *end = memchr (reader->at, '\0', reader->end - reader->at);

      if (end == NULL)
        return FALSE;
      g_ptr_array_add (names, g_string_chunk_insert_len (self->strings, (const char *)reader->at,
                                                         end - reader->at));
      reader->at = end + 1;
    }
  return !reader->failed;
}

static gboolean
read_array (MusterByteReader *reader, GArray *array, guint64 n, gsize size)
{
  const guint8 *bytes = n < MAX_UNPACKED ? muster_byte_reader_get_bytes (reader, n * size) : NULL;

  if (bytes != NULL)
    g_array_append_vals (array, bytes, n);
  return bytes != NULL;
}

/* Whether every number points into its list. */
static gboolean
is_sound (const MusterSampleChunk *self)
{
  guint64 n_cells = 0;

  for (guint i = 0; i < self->rows->len; i++)
    {
      const MusterChunkRow *row = &g_array_index (self->rows, MusterChunkRow, i);

      n_cells += row->n_cells;
      if (row->device >= self->devices->len)
        return FALSE;
    }
  for (guint i = 0; i < self->cells->len; i++)
    {
      unsigned kind = muster_cell_get_kind (self->cell_tags->data[i]);

      if (g_array_index (self->cell_metrics, guint16, i) >= self->metrics->len ||
          kind == MUSTER_CELL_ABSENT || kind > MUSTER_CELL_TEXT ||
          (kind == MUSTER_CELL_TEXT &&
           g_array_index (self->cells, MusterCell, i).bits >= self->texts->len))
        return FALSE;
    }
  return n_cells == self->cells->len;
}

static gboolean
read_chunk (MusterSampleChunk *self, MusterByteReader *reader)
{
  const guint8 *order = muster_byte_reader_get_bytes (reader, sizeof byte_order);
  const guint8 *tags = NULL;
  guint64       n_rows, n_cells;

  if (order == NULL || memcmp (order, &byte_order, sizeof byte_order) != 0 ||
      !read_names (self, reader, self->devices) || !read_names (self, reader, self->metrics) ||
      !read_names (self, reader, self->texts))
    return FALSE;
  n_rows = muster_byte_reader_get_varint (reader);
  n_cells = muster_byte_reader_get_varint (reader);
  if (!read_array (reader, self->rows, n_rows, sizeof (MusterChunkRow)) ||
      !read_array (reader, self->cells, n_cells, sizeof (MusterCell)) ||
      !read_array (reader, self->cell_metrics, n_cells, sizeof (guint16)))
    return FALSE;
  tags = muster_byte_reader_get_bytes (reader, n_cells);
  if (tags == NULL)
    return FALSE;
  g_byte_array_append (self->cell_tags, tags, n_cells);
  return reader->at == reader->end && is_sound (self);
}

MusterSampleChunk *
muster_sample_chunk_unpack (gconstpointer packed, gsize packed_length, GError **error)
{
  g_autoptr (MusterSampleChunk) self = muster_sample_chunk_new ();
  unsigned long long length = ZSTD_getFrameContentSize (packed, packed_length);
  g_autofree guint8 *bytes = NULL;

  if (length > 0 && length <= MAX_UNPACKED)
    {
      bytes = g_malloc (length);
      if (ZSTD_decompress (bytes, length, packed, packed_length) == length)
        {
          MusterByteReader reader = { bytes, bytes + length, FALSE };

          if (read_chunk (self, &reader))
            return g_steal_pointer (&self);
        }
    }
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_CORRUPT,
                       "an entry of the journal of samples is damaged");
  return NULL;
}
