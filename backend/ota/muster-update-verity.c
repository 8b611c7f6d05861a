/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-update-verity"

#include "config.h"

#include <gnutls/crypto.h>
#include <sodium.h>
#include <string.h>

#include "muster-update-verity.h"

#define BLOCK 4096
#define HASH 32
#define MAX_SALT 256

/* Where hashes are made: salt, then a block. */
typedef struct
{
  guint8 bytes[MAX_SALT + BLOCK];
  gsize  salt;
} Salted;

static gboolean
salted_hash (Salted *self, guint8 hash[HASH])
{
  return gnutls_hash_fast (GNUTLS_DIG_SHA256, self->bytes, self->salt + BLOCK, hash) >= 0;
}

static gboolean
read_hex (const char *text, guint8 *bytes, gsize max, gsize *length)
{
  const char *end = NULL;

  return text != NULL &&
         sodium_hex2bin (bytes, max, text, strlen (text), NULL, length, &end) == 0 && *end == '\0';
}

/* The hashes of the first SIZE bytes, block by block: (transfer full) (nullable). */
static GByteArray *
hash_data (Salted *salted, const MusterFirmwareSource *source, gint64 size)
{
  g_autoptr (GByteArray) level = g_byte_array_new ();

  for (gint64 at = 0; at < size; at += BLOCK)
    {
      guint8 hash[HASH];

      if (!muster_firmware_source_read (source, at, salted->bytes + salted->salt, BLOCK) ||
          !salted_hash (salted, hash))
        return NULL;
      g_byte_array_append (level, hash, HASH);
    }
  return g_steal_pointer (&level);
}

static GByteArray *
hash_level (Salted *salted, GByteArray *below)
{
  g_autoptr (GByteArray) level = g_byte_array_new ();

  for (guint at = 0; at < below->len; at += BLOCK)
    {
      guint8 hash[HASH];

      memcpy (salted->bytes + salted->salt, below->data + at, BLOCK);
      if (!salted_hash (salted, hash))
        return NULL;
      g_byte_array_append (level, hash, HASH);
    }
  return g_steal_pointer (&level);
}

static void
fill_up (GByteArray *level)
{
  static const guint8 zeros[BLOCK];

  if (level->len % BLOCK != 0)
    g_byte_array_append (level, zeros, BLOCK - level->len % BLOCK);
}

/* The levels of the tree from its leaves to its root, which is the only hash of the last:
 * (transfer full) (nullable). */
static GPtrArray *
make_tree (Salted *salted, const MusterFirmwareSource *source, gint64 size)
{
  g_autoptr (GPtrArray) levels = g_ptr_array_new_with_free_func ((GDestroyNotify)g_byte_array_unref);
  GByteArray *level = hash_data (salted, source, size);

  while (level != NULL)
    {
      g_ptr_array_add (levels, level);
      if (level->len == HASH)
        return g_steal_pointer (&levels);
      fill_up (level);
      level = hash_level (salted, level);
    }
  return NULL;
}

/* The tree as it is stored: the level below the root comes first. */
static gboolean
compare_tree (GPtrArray *levels, const MusterFirmwareSource *source, gint64 at, gint64 size)
{
  gint64 end = at + size;
  guint8 block[BLOCK];

  for (guint i = levels->len - 1; i-- > 0;)
    {
      GByteArray *level = levels->pdata[i];

      if (level->len > end - at)
        return FALSE;
      for (guint done = 0; done < level->len; done += BLOCK)
        if (!muster_firmware_source_read (source, at + done, block, BLOCK) ||
            memcmp (block, level->data + done, BLOCK) != 0)
          return FALSE;
      at += level->len;
    }
  return TRUE;
}

gboolean
muster_update_verity_check (const MusterFirmwareSource *source,
                            gint64                      data_size,
                            gint64                      tree_size,
                            const char                 *salt,
                            const char                 *root,
                            GError                    **error)
{
  Salted salted = { 0 };
  guint8 wanted[HASH];
  gsize  length = 0;
  g_autoptr (GPtrArray) levels = NULL;
  GByteArray *top = NULL;

  g_return_val_if_fail (source != NULL, FALSE);

  if (data_size <= 0 || data_size % BLOCK != 0 || tree_size < 0 ||
      tree_size > source->size - data_size || !read_hex (root, wanted, HASH, &length) ||
      length != HASH || !read_hex (salt, salted.bytes, MAX_SALT, &salted.salt))
    return muster_firmware_refuse (error, "has a manifest that does not fit it: build it again");
  levels = make_tree (&salted, source, data_size);
  if (levels == NULL)
    return muster_firmware_refuse (error, "cannot be read to its end");
  top = levels->pdata[levels->len - 1];
  if (memcmp (top->data, wanted, HASH) != 0 || !compare_tree (levels, source, data_size, tree_size))
    return muster_firmware_refuse (error, "was changed after it was signed: build or download it "
                                          "again");
  return TRUE;
}
