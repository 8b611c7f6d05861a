/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sample-extent"

#include "config.h"

#include "model/muster-error.h"
#include "muster-sample-compact.h"
#include "muster-sample-file-private.h"

/* An extent is closed when it is about so long: of a longer one, a reader's way to the last block
 * would lead over more pages. */
#define LEAST_BYTES 24576
#define MOST_BYTES 49152
/* SQLite keeps a part of a long value in a leaf, where the parts of several lie together; the rest
 * fills pages (Database File Format, "Cell payload overflow pages"). With a small part a leaf has
 * little room left over. */
#define LEAST_LOCAL 489
#define OVERFLOW_BYTES 4092
#define SMALL_LOCAL 1500
/* An extent of whole blocks is thin with fewer live bytes; one of growing blocks, which will be
 * gone soon, with this part of its bytes. */
#define THIN_BYTES (LEAST_BYTES / 2)
#define THIN_PART 4
/* As soon as so many are thin, they are put together, this many at most in one transaction. */
#define LEAST_THIN 16
#define MOST_AT_ONCE 64
/* At the end, those of which a tenth is gone, or small: this many at most. */
#define MOST_AT_END 1024

static void
extent_clear (MusterSampleExtent *self)
{
  self->id = 0;
  self->live = 0;
  g_clear_pointer (&self->data, g_byte_array_unref);
  g_clear_pointer (&self->members, g_byte_array_unref);
}

/* --- thin ones --- */

static void
note_use (MusterSampleFile *self, gint64 id, gboolean is_young, gsize size, gsize live)
{
  gsize limit = is_young ? size / THIN_PART : THIN_BYTES;

  if (live > 0 && live < limit)
    g_hash_table_add (self->thin[is_young], g_memdup2 (&id, sizeof id));
  else
    g_hash_table_remove (self->thin[is_young], &id);
}

gboolean
muster_sample_extents_load (MusterSampleFile *self, GError **error)
{
  sqlite3_stmt *list = muster_sample_file_prepare (self, SQL_EXTENT_THIN, error);
  int           code;

  if (list == NULL)
    return FALSE;
  for (int i = 0; i < 2; i++)
    {
      g_clear_pointer (&self->thin[i], g_hash_table_unref);
      self->thin[i] = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
    }
  sqlite3_bind_int64 (list, 1, THIN_BYTES);
  while ((code = sqlite3_step (list)) == SQLITE_ROW)
    note_use (self, sqlite3_column_int64 (list, 0), sqlite3_column_int (list, 1) != 0,
              sqlite3_column_int64 (list, 2), sqlite3_column_int64 (list, 3));
  sqlite3_reset (list);
  return code == SQLITE_DONE || muster_sample_file_fail (self, code, error);
}

void
muster_sample_extents_clear (MusterSampleFile *self)
{
  for (int i = 0; i < 2; i++)
    {
      extent_clear (&self->open[i]);
      g_clear_pointer (&self->thin[i], g_hash_table_unref);
    }
  g_clear_pointer (&self->buffer, g_byte_array_unref);
}

void
muster_sample_extents_revert (MusterSampleFile *self)
{
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 2; i++)
    extent_clear (&self->open[i]);
  if (!muster_sample_extents_load (self, &error))
    g_warning ("what is thin is not put together: %s", error->message);
}

/* --- writing --- */

static gboolean
write_extent (MusterSampleFile *self, gboolean is_young, GError **error)
{
  MusterSampleExtent *extent = &self->open[is_young];
  sqlite3_stmt       *add, *add_use;

  if (extent->id == 0)
    return TRUE;
  if (extent->live == 0)
    {
      extent_clear (extent);
      return TRUE;
    }
  add = muster_sample_file_prepare (self, SQL_EXTENT_ADD, error);
  add_use = muster_sample_file_prepare (self, SQL_EXTENT_ADD_USE, error);
  if (add == NULL || add_use == NULL)
    return FALSE;
  muster_sample_extents_let_go (self);
  sqlite3_bind_int64 (add, 1, extent->id);
  sqlite3_bind_blob (add, 2, extent->data->data, extent->data->len, SQLITE_STATIC);
  sqlite3_bind_int64 (add_use, 1, extent->id);
  sqlite3_bind_int (add_use, 2, is_young);
  sqlite3_bind_int64 (add_use, 3, extent->data->len);
  sqlite3_bind_int64 (add_use, 4, extent->live);
  sqlite3_bind_blob (add_use, 5, extent->members->data, extent->members->len, SQLITE_STATIC);
  if (!muster_sample_file_run (self, add, error) || !muster_sample_file_run (self, add_use, error))
    return FALSE;
  note_use (self, extent->id, is_young, extent->data->len, extent->live);
  extent_clear (extent);
  return TRUE;
}

static gboolean
is_long_enough (gsize length, gsize next)
{
  if (length + next > MOST_BYTES)
    return TRUE;
  return length >= LEAST_BYTES &&
         LEAST_LOCAL + (length - LEAST_LOCAL) % OVERFLOW_BYTES < SMALL_LOCAL;
}

gboolean
muster_sample_extents_add (MusterSampleFile      *self,
                           MusterSampleFileBlock *block,
                           const guint8          *data,
                           GError               **error)
{
  gboolean            is_young = block->n_rows < MUSTER_SAMPLE_BLOCK_ROWS;
  MusterSampleExtent *extent = &self->open[is_young];

  /* What is all regular stands in its directory. */
  if (block->length == 0)
    return TRUE;
  if (extent->id != 0 && is_long_enough (extent->data->len, block->length) &&
      !write_extent (self, is_young, error))
    return FALSE;
  if (extent->id == 0)
    {
      if (!muster_sample_file_get_next_id (self, &extent->id, error))
        return FALSE;
      extent->data = g_byte_array_new ();
      extent->members = g_byte_array_new ();
    }
  block->extent = extent->id;
  block->offset = extent->data->len;
  extent->live += block->length;
  g_byte_array_append (extent->data, data, block->length);
  muster_bytes_add_varint (extent->members, block->device);
  muster_bytes_add_signed (extent->members, block->first);
  muster_bytes_add_varint (extent->members, block->id);
  return TRUE;
}

static gboolean
delete_extent (MusterSampleFile *self, gint64 id, GError **error)
{
  sqlite3_stmt *delete = muster_sample_file_prepare (self, SQL_EXTENT_DELETE, error);
  sqlite3_stmt *delete_use = muster_sample_file_prepare (self, SQL_EXTENT_DELETE_USE, error);

  if (delete == NULL || delete_use == NULL)
    return FALSE;
  muster_sample_extents_let_go (self);
  sqlite3_bind_int64 (delete, 1, id);
  sqlite3_bind_int64 (delete_use, 1, id);
  for (int i = 0; i < 2; i++)
    g_hash_table_remove (self->thin[i], &id);
  return muster_sample_file_run (self, delete, error) &&
         muster_sample_file_run (self, delete_use, error);
}

gboolean
muster_sample_extents_release (MusterSampleFile            *self,
                               const MusterSampleFileBlock *block,
                               GError                     **error)
{
  sqlite3_stmt *release;
  gboolean      is_young = FALSE;
  gint64        size = 0, live = 0;
  int           code;

  if (block->length == 0)
    return TRUE;
  for (int i = 0; i < 2; i++)
    if (self->open[i].id == block->extent)
      {
        self->open[i].live -= block->length;
        return TRUE;
      }
  release = muster_sample_file_prepare (self, SQL_EXTENT_RELEASE, error);
  if (release == NULL)
    return FALSE;
  sqlite3_bind_int64 (release, 1, block->extent);
  sqlite3_bind_int64 (release, 2, block->length);
  code = sqlite3_step (release);
  if (code == SQLITE_ROW)
    {
      is_young = sqlite3_column_int (release, 0) != 0;
      size = sqlite3_column_int64 (release, 1);
      live = sqlite3_column_int64 (release, 2);
      code = sqlite3_step (release);
    }
  sqlite3_reset (release);
  if (code != SQLITE_DONE)
    return muster_sample_file_fail (self, code, error);
  if (live <= 0)
    return delete_extent (self, block->extent, error);
  note_use (self, block->extent, is_young, size, live);
  return TRUE;
}

/* --- putting together --- */

static gboolean
collect_cb (const MusterSampleFileBlock *block, gpointer user_data, GError **error)
{
  GArray *blocks = user_data;

  g_array_append_val (blocks, *block);
  return TRUE;
}

/* Data that cannot be read stay where they are, so that the extent stays too. */
static gboolean
move_block (MusterSampleFile *self, MusterSampleFileBlock *block, GError **error)
{
  gsize              length = block->length;
  const guint8      *data = muster_sample_file_read (self, block, &length, NULL);
  g_autofree guint8 *copy = NULL;
  gint64             from = block->extent;

  if (data == NULL)
    return TRUE;
  copy = g_memdup2 (data, length);
  if (!muster_sample_extents_add (self, block, copy, error) ||
      !muster_sample_file_move_block (self, block, error))
    return FALSE;
  block->extent = from;
  return muster_sample_extents_release (self, block, error);
}

/* Reads the names of the blocks that EXTENT was made of. */
static GByteArray *
read_members (MusterSampleFile *self, gint64 extent, GError **error)
{
  sqlite3_stmt *get = muster_sample_file_prepare (self, SQL_EXTENT_MEMBERS, error);
  g_autoptr (GByteArray) members = g_byte_array_new ();
  int code;

  if (get == NULL)
    return NULL;
  sqlite3_bind_int64 (get, 1, extent);
  code = sqlite3_step (get);
  if (code == SQLITE_ROW)
    g_byte_array_append (members, sqlite3_column_blob (get, 0), sqlite3_column_bytes (get, 0));
  sqlite3_reset (get);
  if (code == SQLITE_ROW || code == SQLITE_DONE)
    return g_steal_pointer (&members);
  muster_sample_file_fail (self, code, error);
  return NULL;
}

static gboolean
move_extent (MusterSampleFile *self, gint64 extent, GError **error)
{
  g_autoptr (GByteArray) members = read_members (self, extent, error);
  g_autoptr (GArray) blocks = g_array_new (FALSE, FALSE, sizeof (MusterSampleFileBlock));
  MusterByteReader reader;

  if (members == NULL)
    return FALSE;
  reader = (MusterByteReader){ members->data, members->data + members->len, FALSE };
  while (reader.at < reader.end && !reader.failed)
    {
      MusterSampleFileBlock key = { .device = muster_byte_reader_get_varint (&reader) };

      key.first = muster_byte_reader_get_signed (&reader);
      key.id = muster_byte_reader_get_varint (&reader);
      if (!muster_sample_file_find_block (self, &key, collect_cb, blocks, error))
        return FALSE;
    }
  for (guint i = 0; i < blocks->len; i++)
    {
      MusterSampleFileBlock *block = &g_array_index (blocks, MusterSampleFileBlock, i);

      if (block->extent == extent && !move_block (self, block, error))
        return FALSE;
    }
  return TRUE;
}

/* IDS: (element-type gint64). One that has what cannot be read is not tried again. */
static gboolean
move_extents (MusterSampleFile *self, GArray *ids, GError **error)
{
  for (guint i = 0; i < ids->len; i++)
    {
      gint64 extent = g_array_index (ids, gint64, i);

      for (int k = 0; k < 2; k++)
        g_hash_table_remove (self->thin[k], &extent);
      if (!move_extent (self, extent, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
put_together (MusterSampleFile *self, gboolean is_young, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  GHashTableIter iter;
  gpointer       id;

  if (g_hash_table_size (self->thin[is_young]) < LEAST_THIN)
    return TRUE;
  g_hash_table_iter_init (&iter, self->thin[is_young]);
  while (ids->len < MOST_AT_ONCE && g_hash_table_iter_next (&iter, &id, NULL))
    g_array_append_vals (ids, id, 1);
  return move_extents (self, ids, error);
}

gboolean
muster_sample_extents_tidy (MusterSampleFile *self, GError **error)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  sqlite3_stmt *list = muster_sample_file_prepare (self, SQL_EXTENT_UNTIDY, error);
  int           code;

  if (list == NULL)
    return FALSE;
  sqlite3_bind_int64 (list, 1, LEAST_BYTES);
  sqlite3_bind_int64 (list, 2, MOST_AT_END);
  while ((code = sqlite3_step (list)) == SQLITE_ROW)
    {
      gint64 id = sqlite3_column_int64 (list, 0);

      g_array_append_val (ids, id);
    }
  sqlite3_reset (list);
  if (code != SQLITE_DONE)
    return muster_sample_file_fail (self, code, error);
  return ids->len < 2 || move_extents (self, ids, error);
}

gboolean
muster_sample_extents_flush (MusterSampleFile *self, GError **error)
{
  for (int i = 0; i < 2; i++)
    if (!put_together (self, i, error) || !write_extent (self, i, error))
      return FALSE;
  return TRUE;
}

/* --- reading --- */

void
muster_sample_extents_let_go (MusterSampleFile *self)
{
  g_clear_pointer (&self->blob, sqlite3_blob_close);
  self->at = 0;
}

/* Stands on EXTENT: FALSE where it is not there. */
static gboolean
go_to (MusterSampleFile *self, gint64 extent, GError **error)
{
  sqlite3 *handle = muster_connection_get_handle (self->connection);
  int      code = SQLITE_OK;

  if (self->blob != NULL && self->at == extent)
    return TRUE;
  if (self->blob != NULL)
    code = sqlite3_blob_reopen (self->blob, extent);
  else
    code = sqlite3_blob_open (handle, "main", "extent", "data", extent, FALSE, &self->blob);
  self->at = extent;
  if (code == SQLITE_OK)
    return TRUE;
  muster_sample_extents_let_go (self);
  return muster_sample_file_fail (self, code, error);
}

/* Of the extent that it stands on. */
static const guint8 *
read_part (MusterSampleFile *self, gsize offset, gsize length, GError **error)
{
  int code;

  if (self->buffer == NULL)
    self->buffer = g_byte_array_new ();
  if (length > self->buffer->len)
    g_byte_array_set_size (self->buffer, length);
  code = sqlite3_blob_read (self->blob, self->buffer->data, length, offset);
  if (code == SQLITE_OK)
    return self->buffer->data;
  muster_sample_extents_let_go (self);
  muster_sample_file_fail (self, code, error);
  return NULL;
}

const guint8 *
muster_sample_file_read (MusterSampleFile            *self,
                         const MusterSampleFileBlock *block,
                         gsize                       *length,
                         GError                     **error)
{
  gsize size;

  *length = MIN (*length, block->length);
  if (*length == 0)
    return (const guint8 *)"";
  for (int i = 0; i < 2; i++)
    if (self->open[i].id == block->extent)
      return self->open[i].data->data + block->offset;
  if (!go_to (self, block->extent, error))
    return NULL;
  size = sqlite3_blob_bytes (self->blob);
  if (block->offset <= size && *length <= size - block->offset)
    return read_part (self, block->offset, *length, error);
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CORRUPT,
               "the data of the block of samples %" G_GINT64_FORMAT " are missing", block->id);
  return NULL;
}
