/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "faulty-vfs.h"

#define SECTOR 512

/* A write or truncation that no sync has followed. */
typedef struct
{
  gint64  offset;
  GBytes *old;     /* what stood there, as far as the file went */
  GBytes *new;     /* (nullable) a truncation to `offset` */
  gint64 old_size; /* of the file */
} Change;

typedef struct
{
  sqlite3_file  base;
  char         *path; /* (nullable) a temporary file */
  sqlite3_file *real;
} FaultyFile;

static sqlite3_vfs       *real_vfs;
static sqlite3_vfs        faulty_vfs;
static sqlite3_io_methods faulty_methods;
static GMutex             mutex;   /* of what follows */
static GHashTable        *changes; /* path → GPtrArray of Change */
static Fault              fault;
static unsigned           fault_at;
static unsigned           count;
static gboolean           has_struck;

static void
change_free (gpointer data)
{
  Change *change = data;

  g_bytes_unref (change->old);
  g_clear_pointer (&change->new, g_bytes_unref);
  g_free (change);
}

/* What becomes of the next operation: SQLITE_OK, or why it fails. TORN: half of it is done. */
static int
take_operation (gboolean *torn)
{
  gboolean here;

  count++;
  here = fault != FAULT_NONE && count == fault_at;
  *torn = here && fault == FAULT_TEAR;
  if (here)
    has_struck = TRUE;
  if (here && fault == FAULT_FULL)
    return SQLITE_FULL;
  if (here)
    return SQLITE_IOERR_WRITE;
  return has_struck && (fault == FAULT_STOP || fault == FAULT_TEAR) ? SQLITE_IOERR_WRITE
                                                                    : SQLITE_OK;
}

/* --- files --- */

static GBytes *
read_old (FaultyFile *file, gint64 offset, gint64 length, gint64 size)
{
  gint64           n = CLAMP (size - offset, 0, length);
  g_autofree char *bytes = g_malloc0 (n + 1);

  if (n > 0 && file->real->pMethods->xRead (file->real, bytes, n, offset) != SQLITE_OK)
    g_error ("%s: what is overwritten cannot be read", file->path);
  return g_bytes_new_take (g_steal_pointer (&bytes), n);
}

/* NEW NULL: a truncation to OFFSET. */
static void
note_change (FaultyFile *file, gint64 offset, const void *new, gint64 length)
{
  GPtrArray *list;
  Change    *change;

  if (file->path == NULL)
    return;
  list = g_hash_table_lookup (changes, file->path);
  if (list == NULL)
    {
      list = g_ptr_array_new_with_free_func (change_free);
      g_hash_table_insert (changes, g_strdup (file->path), list);
    }
  change = g_new0 (Change, 1);
  change->offset = offset;
  file->real->pMethods->xFileSize (file->real, (sqlite3_int64 *)&change->old_size);
  change->old =
    read_old (file, offset, new != NULL ? length : G_MAXINT64 - offset, change->old_size);
  change->new = new != NULL ? g_bytes_new (new, length) : NULL;
  g_ptr_array_add (list, change);
}

static int
faulty_write (sqlite3_file *base, const void *bytes, int length, sqlite3_int64 offset)
{
  FaultyFile *file = (FaultyFile *)base;
  gboolean    torn;
  int         code;

  g_mutex_lock (&mutex);
  code = take_operation (&torn);
  if (torn)
    length /= 2;
  if (code == SQLITE_OK || torn)
    {
      int written;

      note_change (file, offset, bytes, length);
      written = file->real->pMethods->xWrite (file->real, bytes, length, offset);
      code = code == SQLITE_OK ? written : code;
    }
  g_mutex_unlock (&mutex);
  return code;
}

static int
faulty_truncate (sqlite3_file *base, sqlite3_int64 size)
{
  FaultyFile *file = (FaultyFile *)base;
  gboolean    torn;
  int         code;

  g_mutex_lock (&mutex);
  code = take_operation (&torn);
  if (code == SQLITE_OK)
    {
      note_change (file, size, NULL, 0);
      code = file->real->pMethods->xTruncate (file->real, size);
    }
  g_mutex_unlock (&mutex);
  return code;
}

static int
faulty_sync (sqlite3_file *base, int flags)
{
  FaultyFile *file = (FaultyFile *)base;
  gboolean    torn;
  int         code;

  g_mutex_lock (&mutex);
  code = take_operation (&torn);
  /* The kernel keeps what is written; that it would reach the disk is ours to say. */
  if (code == SQLITE_OK && file->path != NULL)
    g_hash_table_remove (changes, file->path);
  g_mutex_unlock (&mutex);
  return code;
}

static int
faulty_close (sqlite3_file *base)
{
  FaultyFile *file = (FaultyFile *)base;
  int         code = file->real->pMethods->xClose (file->real);

  g_free (file->path);
  g_free (file->real);
  return code;
}

#define REAL(base) (((FaultyFile *)(base))->real)

static int
faulty_read (sqlite3_file *base, void *bytes, int length, sqlite3_int64 offset)
{
  return REAL (base)->pMethods->xRead (REAL (base), bytes, length, offset);
}

static int
faulty_file_size (sqlite3_file *base, sqlite3_int64 *size)
{
  return REAL (base)->pMethods->xFileSize (REAL (base), size);
}

static int
faulty_lock (sqlite3_file *base, int level)
{
  return REAL (base)->pMethods->xLock (REAL (base), level);
}

static int
faulty_unlock (sqlite3_file *base, int level)
{
  return REAL (base)->pMethods->xUnlock (REAL (base), level);
}

static int
faulty_check_reserved_lock (sqlite3_file *base, int *result)
{
  return REAL (base)->pMethods->xCheckReservedLock (REAL (base), result);
}

static int
faulty_file_control (sqlite3_file *base, int operation, void *argument)
{
  /* No space ahead of time, and no memory maps that are written to: all goes by xWrite. */
  if (operation == SQLITE_FCNTL_SIZE_HINT || operation == SQLITE_FCNTL_CHUNK_SIZE)
    return SQLITE_OK;
  return REAL (base)->pMethods->xFileControl (REAL (base), operation, argument);
}

static int
faulty_sector_size (sqlite3_file *base)
{
  return REAL (base)->pMethods->xSectorSize (REAL (base));
}

static int
faulty_device_characteristics (sqlite3_file *base)
{
  return REAL (base)->pMethods->xDeviceCharacteristics (REAL (base));
}

static int
faulty_shm_map (sqlite3_file *base, int page, int size, int extend, void volatile **memory)
{
  return REAL (base)->pMethods->xShmMap (REAL (base), page, size, extend, memory);
}

static int
faulty_shm_lock (sqlite3_file *base, int offset, int n, int flags)
{
  return REAL (base)->pMethods->xShmLock (REAL (base), offset, n, flags);
}

static void
faulty_shm_barrier (sqlite3_file *base)
{
  REAL (base)->pMethods->xShmBarrier (REAL (base));
}

static int
faulty_shm_unmap (sqlite3_file *base, int remove)
{
  return REAL (base)->pMethods->xShmUnmap (REAL (base), remove);
}

static sqlite3_io_methods faulty_methods = {
  .iVersion = 2, /* no memory maps */
  .xClose = faulty_close,
  .xRead = faulty_read,
  .xWrite = faulty_write,
  .xTruncate = faulty_truncate,
  .xSync = faulty_sync,
  .xFileSize = faulty_file_size,
  .xLock = faulty_lock,
  .xUnlock = faulty_unlock,
  .xCheckReservedLock = faulty_check_reserved_lock,
  .xFileControl = faulty_file_control,
  .xSectorSize = faulty_sector_size,
  .xDeviceCharacteristics = faulty_device_characteristics,
  .xShmMap = faulty_shm_map,
  .xShmLock = faulty_shm_lock,
  .xShmBarrier = faulty_shm_barrier,
  .xShmUnmap = faulty_shm_unmap,
};

/* --- the file system --- */

static int
faulty_open (sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags, int *out_flags)
{
  FaultyFile *file = (FaultyFile *)base;
  int         code;

  file->real = g_malloc0 (real_vfs->szOsFile);
  /* The real one keeps what PATH points to, which SQLite lets live until the file is closed. */
  code = real_vfs->xOpen (real_vfs, path, file->real, flags, out_flags);
  if (code != SQLITE_OK)
    {
      g_free (file->real);
      file->base.pMethods = NULL;
      return code;
    }
  file->path = g_strdup (path);
  file->base.pMethods = &faulty_methods;
  return SQLITE_OK;
}

static int
faulty_delete (sqlite3_vfs *vfs, const char *path, int sync)
{
  gboolean torn;
  int      code;

  g_mutex_lock (&mutex);
  code = take_operation (&torn);
  if (code == SQLITE_OK)
    {
      g_hash_table_remove (changes, path);
      code = real_vfs->xDelete (real_vfs, path, sync);
    }
  else
    code = SQLITE_IOERR_DELETE;
  g_mutex_unlock (&mutex);
  return code;
}

void
faulty_vfs_install (void)
{
  real_vfs = sqlite3_vfs_find (NULL);
  changes =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
  faulty_vfs = *real_vfs;
  faulty_vfs.zName = "faulty";
  faulty_vfs.szOsFile = sizeof (FaultyFile);
  faulty_vfs.xOpen = faulty_open;
  faulty_vfs.xDelete = faulty_delete;
  sqlite3_vfs_register (&faulty_vfs, 1);
}

void
faulty_vfs_arm (Fault wanted, unsigned at)
{
  g_mutex_lock (&mutex);
  fault = wanted;
  fault_at = at;
  count = 0;
  has_struck = FALSE;
  g_mutex_unlock (&mutex);
}

unsigned
faulty_vfs_count (void)
{
  unsigned n;

  g_mutex_lock (&mutex);
  n = count;
  g_mutex_unlock (&mutex);
  return n;
}

gboolean
faulty_vfs_has_struck (void)
{
  gboolean struck;

  g_mutex_lock (&mutex);
  struck = has_struck;
  g_mutex_unlock (&mutex);
  return struck;
}

/* --- loss of power --- */

static void
put_bytes (int fd, GBytes *bytes, gsize length, gint64 offset)
{
  if (length > 0 && pwrite (fd, g_bytes_get_data (bytes, NULL), length, offset) != (gssize)length)
    g_error ("what was lost cannot be written");
}

static void
resize (int fd, gint64 size)
{
  if (ftruncate (fd, size) != 0)
    g_error ("a file cannot be cut");
}

static void
take_back (int fd, const Change *change)
{
  put_bytes (fd, change->old, g_bytes_get_size (change->old), change->offset);
  resize (fd, change->old_size);
}

/* All of it, or the first sectors. */
static void
do_again (int fd, const Change *change, GRand *random)
{
  gsize length;

  if (change->new == NULL)
    {
      resize (fd, change->offset);
      return;
    }
  length = g_bytes_get_size (change->new);
  if (length > SECTOR && g_rand_boolean (random))
    length = g_rand_int_range (random, 0, length / SECTOR) * SECTOR;
  put_bytes (fd, change->new, length, change->offset);
}

static void
lose (const char *path, GPtrArray *list, Loss loss, GRand *random)
{
  int fd = open (path, O_RDWR | O_CLOEXEC);

  if (fd < 0)
    return; /* removed since */
  for (guint i = list->len; i-- > 0;)
    take_back (fd, list->pdata[i]);
  for (guint i = 0; loss == LOSE_AT_RANDOM && i < list->len; i++)
    if (g_rand_boolean (random))
      do_again (fd, list->pdata[i], random);
  close (fd);
}

void
faulty_vfs_recover (Loss loss, guint32 seed)
{
  GRand         *random = g_rand_new_with_seed (seed);
  GHashTableIter iter;
  gpointer       path, list;

  g_mutex_lock (&mutex);
  g_hash_table_iter_init (&iter, changes);
  while (loss != LOSE_NOTHING && g_hash_table_iter_next (&iter, &path, &list))
    lose (path, list, loss, random);
  g_hash_table_remove_all (changes);
  fault = FAULT_NONE;
  has_struck = FALSE;
  g_mutex_unlock (&mutex);
  g_rand_free (random);
}
