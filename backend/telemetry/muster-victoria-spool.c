/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-victoria"

#include "config.h"

#include <glib/gstdio.h>

#include "core/muster-backup.h"
#include "muster-victoria-spool.h"

struct _MusterVictoriaSpool
{
  gatomicrefcount     count;
  char               *path;
  unsigned            number;
  MusterSampleEngine *engine;
  int                 is_done; /* atomic */
};

/* What a store in one file has beside it. */
static const char *const files[] = { "", "-wal", "-shm" };

char *
muster_victoria_make_path (const char *path, const char *name)
{
  gsize length = strlen (path) - (g_str_has_suffix (path, ".db") ? strlen (".db") : 0);

  return g_strdup_printf ("%.*s-%s.db", (int)length, path, name);
}

static char *
make_spool_path (const char *path, unsigned number)
{
  g_autofree char *name = g_strdup_printf ("spool-%06u", number);

  return muster_victoria_make_path (path, name);
}

MusterVictoriaSpool *
muster_victoria_spool_open (const char *path, unsigned number)
{
  MusterVictoriaSpool *self = g_new0 (MusterVictoriaSpool, 1);

  g_atomic_ref_count_init (&self->count);
  self->number = number;
  self->path = make_spool_path (path, number);
  self->engine = muster_sample_engine_new (self->path);
  return self;
}

MusterVictoriaSpool *
muster_victoria_spool_ref (MusterVictoriaSpool *self)
{
  g_atomic_ref_count_inc (&self->count);
  return self;
}

static void
delete_files (const char *path)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *name = g_strconcat (path, files[i], NULL);

      g_unlink (name);
    }
}

void
muster_victoria_spool_unref (MusterVictoriaSpool *self)
{
  if (!g_atomic_ref_count_dec (&self->count))
    return;
  muster_sample_engine_free (self->engine);
  if (g_atomic_int_get (&self->is_done))
    {
      g_autofree char *journal = g_strconcat (self->path, "-journal.db", NULL);

      /* Blocks first: a journal alone is of no store, and set aside. */
      delete_files (self->path);
      delete_files (journal);
    }
  g_free (self->path);
  g_free (self);
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  guint first = *(const guint *)a, second = *(const guint *)b;

  return (first > second) - (first < second);
}

GArray *
muster_victoria_spool_list (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *pattern = g_path_get_basename (path);
  g_autofree char *start = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  GArray *numbers = g_array_new (FALSE, FALSE, sizeof (guint));

  if (g_str_has_suffix (pattern, ".db"))
    pattern[strlen (pattern) - strlen (".db")] = '\0';
  start = g_strconcat (pattern, "-spool-", NULL);
  for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;)
    {
      char   *end = NULL;
      guint64 number;

      if (!g_str_has_prefix (name, start))
        continue;
      number = g_ascii_strtoull (name + strlen (start), &end, 10);
      if (g_str_equal (end, ".db") && number > 0 && number <= G_MAXUINT)
        {
          guint found = number;

          g_array_append_val (numbers, found);
        }
    }
  g_array_sort (numbers, compare_numbers);
  return numbers;
}

unsigned
muster_victoria_spool_get_number (MusterVictoriaSpool *self)
{
  return self->number;
}

MusterSampleEngine *
muster_victoria_spool_get_engine (MusterVictoriaSpool *self)
{
  return self->engine;
}

void
muster_victoria_spool_set_done (MusterVictoriaSpool *self)
{
  g_atomic_int_set (&self->is_done, TRUE);
}

gint64
muster_victoria_spool_get_size (MusterVictoriaSpool *self)
{
  static const char *const ends[] = { "", "-wal", "-journal.db", "-journal.db-wal" };
  gint64                   size = 0;

  for (unsigned i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *name = g_strconcat (self->path, ends[i], NULL);
      GStatBuf         info;

      size += g_stat (name, &info) == 0 ? info.st_size : 0;
    }
  return size;
}

typedef struct
{
  MusterVictoriaSpool *spool;
  char                *path;
  GCancellable        *cancellable;
} Backup;

static void
backup_free (gpointer data)
{
  Backup *backup = data;

  muster_victoria_spool_unref (backup->spool);
  g_clear_object (&backup->cancellable);
  g_free (backup->path);
  g_free (backup);
}

static DexFuture *
flushed_cb (DexFuture *future, gpointer user_data)
{
  Backup *backup = user_data;

  return muster_backup_start (backup->spool->path, backup->path, muster_sample_file_get_format (),
                              backup->cancellable);
}

DexFuture *
muster_victoria_spool_backup (MusterVictoriaSpool *self,
                              const char          *path,
                              GCancellable        *cancellable)
{
  Backup *backup = g_new0 (Backup, 1);

  *backup =
    (Backup){ muster_victoria_spool_ref (self), g_strdup (path), g_object_ref (cancellable) };
  return dex_future_then (muster_sample_engine_flush (self->engine), flushed_cb, backup,
                          backup_free);
}
