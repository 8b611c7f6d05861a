/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-key-ring"

#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sodium.h>

#include "core/muster-private-file.h"
#include "model/muster-error.h"
#include "muster-key-ring.h"

/* The file is a GKeyFile: [secrets] badge= refresh=, and a group "sign ID" with created= and
 * secret= for each signing key, the oldest first; secrets are 64 hexadecimal digits. */
#define SECRETS_GROUP "secrets"
#define SIGN_PREFIX "sign "

struct _MusterKeyRing
{
  char        *path;  /* (owned) */
  MusterClock *clock; /* (owned) */
  GArray      *keys;  /* (owned) (element-type MusterSigningKey): the newest last */
  guint8       secrets[MUSTER_KEY_REFRESH + 1][MUSTER_KEY_LENGTH];
};

static const char *const secret_names[] = {
  [MUSTER_KEY_BADGE] = "badge",
  [MUSTER_KEY_REFRESH] = "refresh",
};

MusterKeyRing *
muster_key_ring_new (const char *path, MusterClock *clock)
{
  MusterKeyRing *self = NULL;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (MUSTER_IS_CLOCK (clock), NULL);

  if (sodium_init () < 0)
    g_error ("libsodium cannot start");
  self = g_new0 (MusterKeyRing, 1);
  self->path = g_strdup (path);
  self->clock = g_object_ref (clock);
  self->keys = g_array_new (FALSE, TRUE, sizeof (MusterSigningKey));
  return self;
}

static void
muster_key_ring_forget (MusterKeyRing *self)
{
  if (self->keys->len > 0)
    sodium_memzero (self->keys->data, self->keys->len * sizeof (MusterSigningKey));
  g_array_set_size (self->keys, 0);
  sodium_memzero (self->secrets, sizeof self->secrets);
}

void
muster_key_ring_free (MusterKeyRing *self)
{
  if (self == NULL)
    return;
  muster_key_ring_forget (self);
  g_array_unref (self->keys);
  g_object_unref (self->clock);
  g_free (self->path);
  g_free (self);
}

/* --- the file --- */

static gboolean
read_secret (GKeyFile *file, const char *group, const char *name, guint8 *secret)
{
  g_autofree char *hex = g_key_file_get_string (file, group, name, NULL);
  gsize            length = 0;
  gboolean         good =
    hex != NULL &&
    sodium_hex2bin (secret, MUSTER_KEY_LENGTH, hex, strlen (hex), NULL, &length, NULL) == 0 &&
    length == MUSTER_KEY_LENGTH;

  if (hex != NULL)
    sodium_memzero (hex, strlen (hex));
  return good;
}

static void
write_secret (GKeyFile *file, const char *group, const char *name, const guint8 *secret)
{
  char hex[2 * MUSTER_KEY_LENGTH + 1];

  sodium_bin2hex (hex, sizeof hex, secret, MUSTER_KEY_LENGTH);
  g_key_file_set_string (file, group, name, hex);
  sodium_memzero (hex, sizeof hex);
}

static gboolean
muster_key_ring_parse (MusterKeyRing *self, GKeyFile *file)
{
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);

  for (unsigned i = 0; i < G_N_ELEMENTS (secret_names); i++)
    if (!read_secret (file, SECRETS_GROUP, secret_names[i], self->secrets[i]))
      return FALSE;
  for (char **group = groups; *group != NULL; group++)
    {
      MusterSigningKey key = { .created_at = g_key_file_get_int64 (file, *group, "created", NULL) };

      if (!g_str_has_prefix (*group, SIGN_PREFIX))
        continue;
      if (g_strlcpy (key.id, *group + strlen (SIGN_PREFIX), sizeof key.id) >= sizeof key.id ||
          !read_secret (file, *group, "secret", key.secret))
        return FALSE;
      g_array_append_val (self->keys, key);
      sodium_memzero (&key, sizeof key);
    }
  return TRUE;
}

static gboolean
muster_key_ring_write (MusterKeyRing *self, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree char *text = NULL;
  gsize            length;
  gboolean         done;

  for (unsigned i = 0; i < G_N_ELEMENTS (secret_names); i++)
    write_secret (file, SECRETS_GROUP, secret_names[i], self->secrets[i]);
  for (guint i = 0; i < self->keys->len; i++)
    {
      MusterSigningKey *key = &g_array_index (self->keys, MusterSigningKey, i);
      g_autofree char  *group = g_strconcat (SIGN_PREFIX, key->id, NULL);

      g_key_file_set_int64 (file, group, "created", key->created_at);
      write_secret (file, group, "secret", key->secret);
    }
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, "cannot make the folder %s: %s",
                   folder, g_strerror (errno));
      return FALSE;
    }
  text = g_key_file_to_data (file, &length, NULL);
  done = muster_private_file_write (self->path, text, length, -1, -1, error);
  sodium_memzero (text, length);
  return done;
}

gboolean
muster_key_ring_load (MusterKeyRing *self, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) cause = NULL;

  g_return_val_if_fail (self != NULL, FALSE);

  muster_key_ring_forget (self);
  if (g_key_file_load_from_file (file, self->path, G_KEY_FILE_NONE, &cause))
    {
      if (muster_key_ring_parse (self, file))
        return TRUE;
      g_set_error (
        error, MUSTER_ERROR, MUSTER_ERROR_CORRUPT,
        "%s does not hold the keys of the accounts: restore it from a backup, or remove it: then everybody signs in again, and badges are given out anew",
        self->path);
      return FALSE;
    }
  if (!g_error_matches (cause, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CORRUPT, "cannot read the keys in %s: %s",
                   self->path, cause->message);
      return FALSE;
    }
  randombytes_buf (self->secrets, sizeof self->secrets);
  return muster_key_ring_rotate (self, 0, error);
}

/* --- rotation --- */

gboolean
muster_key_ring_needs_rotation (MusterKeyRing *self)
{
  const MusterSigningKey *newest = muster_key_ring_get_signing_key (self);
  gint64                  now = muster_clock_get_now (self->clock);

  /* A key of the future is of a clock that was wrong. */
  return newest == NULL || now - newest->created_at >= MUSTER_KEY_ROTATION ||
         newest->created_at > now + G_TIME_SPAN_DAY;
}

static void
muster_key_ring_add (MusterKeyRing *self)
{
  MusterSigningKey key = { .created_at = muster_clock_get_now (self->clock) };
  guint8           id[8];

  randombytes_buf (id, sizeof id);
  sodium_bin2hex (key.id, sizeof key.id, id, sizeof id);
  randombytes_buf (key.secret, sizeof key.secret);
  g_array_append_val (self->keys, key);
  sodium_memzero (&key, sizeof key);
}

/* A key's tokens can still be good for KEEP after the next key took over. */
static void
muster_key_ring_drop_old (MusterKeyRing *self, gint64 keep)
{
  gint64 now = muster_clock_get_now (self->clock);

  while (self->keys->len > 1 &&
         g_array_index (self->keys, MusterSigningKey, 1).created_at + keep < now)
    {
      sodium_memzero (self->keys->data, sizeof (MusterSigningKey));
      g_array_remove_index (self->keys, 0);
    }
}

gboolean
muster_key_ring_rotate (MusterKeyRing *self, gint64 keep, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (!muster_key_ring_needs_rotation (self))
    return TRUE;
  muster_key_ring_add (self);
  muster_key_ring_drop_old (self, keep);
  return muster_key_ring_write (self, error);
}

/* --- asking --- */

const MusterSigningKey *
muster_key_ring_get_signing_key (MusterKeyRing *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->keys->len > 0 ? &g_array_index (self->keys, MusterSigningKey, self->keys->len - 1)
                             : NULL;
}

const MusterSigningKey *
muster_key_ring_find (MusterKeyRing *self, const char *id)
{
  g_return_val_if_fail (self != NULL && id != NULL, NULL);

  for (guint i = 0; i < self->keys->len; i++)
    {
      const MusterSigningKey *key = &g_array_index (self->keys, MusterSigningKey, i);

      if (strcmp (key->id, id) == 0)
        return key;
    }
  return NULL;
}

const guint8 *
muster_key_ring_get_secret (MusterKeyRing *self, MusterKeyPurpose purpose)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (purpose <= MUSTER_KEY_REFRESH, NULL);

  return self->secrets[purpose];
}
