/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-data-dir"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <sys/file.h>

#include "model/muster-error.h"
#include "muster-data-dir.h"

#define TOKEN_BYTES 32
#define KEY_BYTES 32

struct _MusterDataDir
{
  char *path;
  int   lock;
};

MusterDataDir *
muster_data_dir_open (const char *path, GError **error)
{
  g_autoptr (MusterDataDir) self = g_new0 (MusterDataDir, 1);
  g_autofree char *lock = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  self->path = g_strdup (path);
  self->lock = -1;
  if (g_mkdir_with_parents (path, 0700) != 0)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, "cannot make the data folder %s: %s",
                   path, g_strerror (errno));
      return NULL;
    }
  lock = muster_data_dir_build (self, "lock");
  self->lock = g_open (lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (self->lock < 0)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED,
                   "cannot write in the data folder %s: %s", path, g_strerror (errno));
      return NULL;
    }
  if (flock (self->lock, LOCK_EX | LOCK_NB) != 0)
    {
      g_set_error (
        error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
        "another musterd works on %s: end it first, or give another folder by --data-dir", path);
      return NULL;
    }
  return g_steal_pointer (&self);
}

void
muster_data_dir_close (MusterDataDir *self)
{
  if (self == NULL)
    return;
  if (self->lock >= 0)
    g_close (self->lock, NULL);
  g_free (self->path);
  g_free (self);
}

char *
muster_data_dir_build (MusterDataDir *self, const char *name)
{
  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  return g_build_filename (self->path, name, NULL);
}

char *
muster_data_dir_make (MusterDataDir *self, const char *name, GError **error)
{
  g_autofree char *path = NULL;

  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  path = muster_data_dir_build (self, name);
  if (g_mkdir_with_parents (path, 0700) == 0)
    return g_steal_pointer (&path);
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, "cannot make the folder %s: %s", path,
               g_strerror (errno));
  return NULL;
}

char *
muster_data_dir_load_token (MusterDataDir *self, GError **error)
{
  g_autofree char *path = NULL;
  g_autofree char *token = NULL;
  g_autofree char *line = NULL;
  g_autoptr (GError) cause = NULL;
  guint8 bytes[TOKEN_BYTES];

  g_return_val_if_fail (self != NULL, NULL);

  path = muster_data_dir_build (self, "token");
  if (g_file_get_contents (path, &token, NULL, &cause))
    {
      g_strstrip (token);
      if (strlen (token) >= 32)
        return g_steal_pointer (&token);
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CORRUPT,
                   "%s holds no token: remove it, and a new one is made", path);
      return NULL;
    }
  if (!g_error_matches (cause, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return NULL;
    }
  randombytes_buf (bytes, sizeof bytes);
  token = g_base64_encode (bytes, sizeof bytes);
  g_strdelimit (token, "+/=", '-');
  line = g_strconcat (token, "\n", NULL);
  if (!g_file_set_contents_full (path, line, -1,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                 error))
    return NULL;
  return g_steal_pointer (&token);
}

/* 64 hexadecimal digits; NULL with MUSTER_ERROR_CORRUPT. */
static GBytes *
parse_key (const char *path, const char *text, GError **error)
{
  guint8  key[KEY_BYTES];
  size_t  length = 0;
  GBytes *bytes = NULL;

  if (sodium_hex2bin (key, sizeof key, text, strlen (text), " \r\n", &length, NULL) == 0 &&
      length == sizeof key)
    bytes = g_bytes_new (key, sizeof key);
  else
    g_set_error (
      error, MUSTER_ERROR, MUSTER_ERROR_CORRUPT,
      "%s holds no key: put back the one of the backup; without it the journal cannot be "
      "verified any more",
      path);
  sodium_memzero (key, sizeof key);
  return bytes;
}

/* Until the journal is sealed with it, the key has another name: whoever finds it there starts once
 * more, and not with a journal whose seals are missing. */
static char *
build_key_path (MusterDataDir *self, gboolean is_fresh)
{
  return g_build_filename (self->path, "keys", is_fresh ? "journal.key.new" : "journal.key", NULL);
}

static gboolean
make_key (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  guint8           key[KEY_BYTES];
  char             hex[2 * KEY_BYTES + 1];
  gboolean         done;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, "cannot make the folder %s: %s",
                   folder, g_strerror (errno));
      return FALSE;
    }
  randombytes_buf (key, sizeof key);
  sodium_bin2hex (hex, sizeof hex, key, sizeof key);
  done = g_file_set_contents_full (path, hex, -1,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
  sodium_memzero (key, sizeof key);
  sodium_memzero (hex, sizeof hex);
  return done;
}

GBytes *
muster_data_dir_load_journal_key (MusterDataDir *self, gboolean *is_fresh, GError **error)
{
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  GBytes          *key = NULL;

  g_return_val_if_fail (self != NULL && is_fresh != NULL, NULL);

  path = build_key_path (self, FALSE);
  *is_fresh = !g_file_test (path, G_FILE_TEST_EXISTS);
  if (*is_fresh)
    {
      g_free (path);
      path = build_key_path (self, TRUE);
      if (!g_file_test (path, G_FILE_TEST_EXISTS) && !make_key (path, error))
        return NULL;
    }
  if (!g_file_get_contents (path, &text, NULL, error))
    return NULL;
  key = parse_key (path, text, error);
  sodium_memzero (text, strlen (text));
  return key;
}

gboolean
muster_data_dir_confirm_journal_key (MusterDataDir *self, GError **error)
{
  g_autofree char *fresh = NULL;
  g_autofree char *path = NULL;

  g_return_val_if_fail (self != NULL, FALSE);

  fresh = build_key_path (self, TRUE);
  path = build_key_path (self, FALSE);
  if (g_rename (fresh, path) == 0)
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, "cannot keep the key %s: %s", path,
               g_strerror (errno));
  return FALSE;
}
