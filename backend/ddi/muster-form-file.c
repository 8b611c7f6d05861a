/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-form-file"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "core/http/muster-form-data.h"
#include "model/muster-error.h"
#include "muster-form-file.h"

#define PIECE_BYTES (256 * 1024)

static MusterFormFile *
form_file_copy (const MusterFormFile *self)
{
  MusterFormFile *copy = g_new0 (MusterFormFile, 1);

  copy->name = g_strdup (self->name);
  copy->size = self->size;
  for (gsize i = 0; i < G_N_ELEMENTS (self->digests); i++)
    copy->digests[i] = g_strdup (self->digests[i]);
  return copy;
}

static void
form_file_free (MusterFormFile *self)
{
  g_free (self->name);
  for (gsize i = 0; i < G_N_ELEMENTS (self->digests); i++)
    g_free (self->digests[i]);
  g_free (self);
}

G_DEFINE_BOXED_TYPE (MusterFormFile, muster_form_file, form_file_copy, form_file_free)

typedef struct
{
  int        fd;         /* (owned) */
  char      *type;       /* (owned) */
  char      *wanted;     /* (owned) */
  char      *name;       /* (owned) (nullable): once it was found */
  GChecksum *digests[3]; /* (owned) */
  gint64     written;
  gboolean   is_it; /* the part under way */
} Extraction;

static void
extraction_free (gpointer data)
{
  Extraction *self = data;

  g_clear_fd (&self->fd, NULL);
  g_free (self->type);
  g_free (self->wanted);
  g_free (self->name);
  for (gsize i = 0; i < G_N_ELEMENTS (self->digests); i++)
    g_checksum_free (self->digests[i]);
  g_free (self);
}

static gboolean
set_failed (GError **error)
{
  g_set_error (error, MUSTER_ERROR,
               errno == ENOSPC ? MUSTER_ERROR_STORAGE_FULL : MUSTER_ERROR_FAILED,
               "the file cannot be kept: %s", g_strerror (errno));
  return FALSE;
}

static gboolean
begin_part (const MusterFormPart *part, gpointer user_data, GError **error)
{
  Extraction *self = user_data;
  const char *base = NULL;

  self->is_it = self->name == NULL && strcmp (part->name, self->wanted) == 0;
  if (!self->is_it)
    return TRUE;
  base = part->file_name != NULL ? part->file_name : "";
  for (const char *at = base; *at != '\0'; at++)
    if (*at == '/' || *at == '\\')
      base = at + 1;
  self->name = g_strdup (base);
  return TRUE;
}

/* A head stands before it: what is written lies behind what is still to be read. */
static gboolean
write_data (const char *data, gsize length, gpointer user_data, GError **error)
{
  Extraction *self = user_data;

  if (!self->is_it)
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (self->digests); i++)
    g_checksum_update (self->digests[i], (const guchar *)data, length);
  while (length > 0)
    {
      gssize n = pwrite (self->fd, data, length, self->written);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return set_failed (error);
      data += n;
      length -= n;
      self->written += n;
    }
  return TRUE;
}

static gboolean
extraction_read (Extraction *self, GError **error)
{
  static const MusterFormFuncs funcs = { begin_part, write_data, NULL };
  g_autoptr (MusterFormReader) reader = muster_form_reader_new (self->type, &funcs, self, error);
  g_autofree char *buffer = g_malloc (PIECE_BYTES);
  gint64           offset = 0;
  gssize           n;

  if (reader == NULL)
    return FALSE;
  while ((n = pread (self->fd, buffer, PIECE_BYTES, offset)) > 0)
    {
      offset += n;
      if (!muster_form_reader_feed (reader, buffer, n, error))
        return FALSE;
    }
  if (n < 0)
    return set_failed (error);
  if (!muster_form_reader_finish (reader, error))
    return FALSE;
  if (self->name != NULL)
    return ftruncate (self->fd, self->written) == 0 || set_failed (error);
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED, "the form has no part “%s”",
               self->wanted);
  return FALSE;
}

static DexFuture *
extract_fiber (gpointer user_data)
{
  Extraction    *self = user_data;
  GError        *error = NULL;
  MusterFormFile file = { 0 };

  if (!extraction_read (self, &error))
    return dex_future_new_for_error (error);
  file.name = self->name;
  file.size = self->written;
  for (gsize i = 0; i < G_N_ELEMENTS (self->digests); i++)
    file.digests[i] = (char *)g_checksum_get_string (self->digests[i]);
  return dex_future_new_take_boxed (MUSTER_TYPE_FORM_FILE, form_file_copy (&file));
}

DexFuture *
muster_form_file_extract (int fd, const char *type, const char *name)
{
  static const GChecksumType types[] = { G_CHECKSUM_MD5, G_CHECKSUM_SHA1, G_CHECKSUM_SHA256 };
  Extraction                *self = NULL;

  g_return_val_if_fail (fd >= 0 && type != NULL && name != NULL, NULL);

  self = g_new0 (Extraction, 1);
  self->fd = fcntl (fd, F_DUPFD_CLOEXEC, 0);
  self->type = g_strdup (type);
  self->wanted = g_strdup (name);
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    self->digests[i] = g_checksum_new (types[i]);
  return dex_scheduler_spawn (dex_thread_pool_scheduler_get_default (), 0, extract_fiber, self,
                              extraction_free);
}
