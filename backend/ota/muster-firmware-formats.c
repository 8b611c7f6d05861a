/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-firmware-formats"

#include "config.h"

#include <string.h>

#include "muster-firmware-facts-private.h"
#include "muster-update-description.h"
#include "muster-update-signature.h"
#include "muster-update-verity.h"

/* --- SWUpdate: cpio "newc", with or without checksums --- */

#define CPIO_HEADER 110
#define CPIO_NAME_MAX 256
#define CPIO_ENTRIES_MAX 1024
#define DESCRIPTION_MAX (256 * 1024)
#define SIGNATURE_MAX (64 * 1024)
#define DER_SEQUENCE 0x30
#define NAMES_MAX 64 /* as many as are told */

/* One entry of an archive. */
typedef struct
{
  char    name[CPIO_NAME_MAX];
  gint64  at; /* of its bytes */
  gint64  size;
  gint64  next; /* of the entry behind */
  guint32 sum;
  guint32 has_sum;
} Entry;

static gboolean
read_hex (const char *digits, guint32 *value)
{
  *value = 0;
  for (unsigned i = 0; i < 8; i++)
    {
      if (!g_ascii_isxdigit (digits[i]))
        return FALSE;
      *value = *value << 4 | g_ascii_xdigit_value (digits[i]);
    }
  return TRUE;
}

static gint64
align4 (gint64 at)
{
  return (at + 3) & ~(gint64)3;
}

static gboolean
entry_read (Entry *self, const MusterFirmwareSource *source, gint64 at, GError **error)
{
  char    header[CPIO_HEADER];
  guint32 size = 0, name_size = 0;

  if (!muster_firmware_source_read (source, at, header, sizeof header) ||
      (memcmp (header, "070701", 6) != 0 && memcmp (header, "070702", 6) != 0) ||
      !read_hex (header + 54, &size) || !read_hex (header + 94, &name_size) ||
      !read_hex (header + 102, &self->sum) || name_size == 0 || name_size > CPIO_NAME_MAX ||
      !muster_firmware_source_read (source, at + CPIO_HEADER, self->name, name_size) ||
      self->name[name_size - 1] != '\0')
    return muster_firmware_refuse (error,
                                   "is no whole archive: what lies at byte %" G_GINT64_FORMAT
                                   " is no entry of cpio",
                                   at);
  self->has_sum = header[5] == '2';
  self->at = align4 (at + CPIO_HEADER + name_size);
  self->size = size;
  self->next = align4 (self->at + size);
  if (self->at > source->size || self->size > source->size - self->at)
    return muster_firmware_refuse (error, "ends within %s", self->name);
  return TRUE;
}

/* Checks cpio's checksum, its bytes, added: the SHA-256 of ENTRY in hexadecimal digits (transfer
 * full); NULL with ERROR. */
static char *
entry_check (const Entry *self, const MusterFirmwareSource *source, GError **error)
{
  g_autoptr (GChecksum) hash = g_checksum_new (G_CHECKSUM_SHA256);
  guint8  piece[16384];
  guint32 sum = 0;

  for (gint64 done = 0; done < self->size; done += sizeof piece)
    {
      gsize length = MIN ((gint64)sizeof piece, self->size - done);

      if (!muster_firmware_source_read (source, self->at + done, piece, length))
        {
          muster_firmware_refuse (error, "%s cannot be read", self->name);
          return NULL;
        }
      g_checksum_update (hash, piece, length);
      for (gsize i = 0; self->has_sum && i < length; i++)
        sum += piece[i];
    }
  if (!self->has_sum || sum == self->sum)
    return g_strdup (g_checksum_get_string (hash));
  muster_firmware_refuse (error, "%s has a wrong checksum: download it again", self->name);
  return NULL;
}

/* The bytes of ENTRY: (transfer full) (nullable). */
static GBytes *
entry_dup_bytes (const Entry *self, const MusterFirmwareSource *source)
{
  g_autofree guint8 *bytes = g_malloc (MAX (self->size, 1));

  if (!muster_firmware_source_read (source, self->at, bytes, self->size))
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&bytes), self->size);
}

/* One archive as it is read. */
typedef struct
{
  MusterFirmwareFacts        *facts;
  const MusterFirmwareSource *source;
  GArray                     *keys;
  GBytes                     *text;        /* (owned): of sw-description */
  MusterUpdateDescription     description; /* (owned) */
  GHashTable                 *hashes;      /* (owned): of files by name */
  gboolean                    is_signed;
} Archive;

static void
archive_clear (Archive *self)
{
  g_clear_pointer (&self->text, g_bytes_unref);
  g_clear_pointer (&self->hashes, g_hash_table_unref);
  muster_update_description_clear (&self->description);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Archive, archive_clear)

static void
archive_tell_chunks (Archive *self)
{
  GPtrArray *chunks = self->description.chunks;
  JsonArray *array = chunks->len > 0 ? json_array_new () : NULL;

  for (guint i = 0; i < chunks->len; i++)
    json_array_add_string_element (array, chunks->pdata[i]);
  if (array != NULL)
    json_object_set_array_member (self->facts->manifest, "chunks", array);
}

static gboolean
archive_read_description (Archive *self, const Entry *entry, GError **error)
{
  MusterFirmwareFacts *facts = self->facts;
  g_autofree char     *text = NULL;
  gsize                size = 0;
  const char          *data = NULL;

  if (!g_str_equal (entry->name, "sw-description"))
    return muster_firmware_refuse (error, "is no update: sw-description must come first, not %s",
                                   entry->name);
  if (entry->size == 0 || entry->size > DESCRIPTION_MAX)
    return muster_firmware_refuse (error, "sw-description must have 1 to %d bytes",
                                   DESCRIPTION_MAX);
  self->text = entry_dup_bytes (entry, self->source);
  if (self->text == NULL)
    return muster_firmware_refuse (error, "sw-description cannot be read");
  data = g_bytes_get_data (self->text, &size);
  /* One that is encrypted says nothing here. */
  text = g_utf8_validate_len (data, size, NULL) ? g_strndup (data, size) : g_strdup ("");
  if (!muster_update_description_read (&self->description, text))
    return muster_firmware_refuse (error, "sw-description is damaged: its braces do not match");
  facts->version = g_strdup (self->description.version);
  if (facts->version != NULL)
    json_object_set_string_member (facts->manifest, "version", facts->version);
  if (self->description.hardware != NULL)
    json_object_set_string_member (facts->manifest, "hardware_compatibility",
                                   self->description.hardware);
  archive_tell_chunks (self);
  return TRUE;
}

/* Other signatures than CMS are of a bare key, which only its devices know. */
static gboolean
archive_check_signature (Archive *self, const Entry *entry, GError **error)
{
  g_autoptr (GBytes) signature = entry->size > 0 && entry->size <= SIGNATURE_MAX
                                  ? entry_dup_bytes (entry, self->source)
                                  : NULL;

  if (signature == NULL)
    return muster_firmware_refuse (error, "sw-description.sig must have 1 to %d bytes",
                                   SIGNATURE_MAX);
  self->is_signed = TRUE;
  self->facts->trust = MUSTER_TRUST_FOREIGN;
  if (*(const guint8 *)g_bytes_get_data (signature, NULL) == DER_SEQUENCE)
    return muster_update_signature_check (self->facts, signature, self->text, self->keys, error);
  json_object_set_string_member (self->facts->manifest, "signature_note",
                                 "of a bare key: unchecked");
  return TRUE;
}

/* What is signed is the description; the files are by their hashes in it. */
static gboolean
archive_check_files (Archive *self, GError **error)
{
  for (guint i = 0; i < self->description.files->len; i++)
    {
      const MusterUpdateDescriptionFile *file = self->description.files->pdata[i];
      const char                        *hash = g_hash_table_lookup (self->hashes, file->name);

      if (hash == NULL)
        return muster_firmware_refuse (error, "lacks %s, which sw-description names", file->name);
      if (file->sha256 == NULL && self->is_signed)
        return muster_firmware_refuse (
          error, "%s has no sha256 in sw-description: its signature would not cover it",
          file->name);
      if (file->sha256 != NULL && g_ascii_strcasecmp (hash, file->sha256) != 0)
        return muster_firmware_refuse (error,
                                       "%s is not what sw-description says: its SHA-256 is %s",
                                       file->name, hash);
    }
  return TRUE;
}

static gboolean
archive_take (Archive *self, const Entry *entry, unsigned index, JsonArray *names, GError **error)
{
  char *hash = NULL;

  if (index == 0 && !archive_read_description (self, entry, error))
    return FALSE;
  if (index == 1 && g_str_equal (entry->name, "sw-description.sig") &&
      !archive_check_signature (self, entry, error))
    return FALSE;
  hash = entry_check (entry, self->source, error);
  if (hash == NULL)
    return FALSE;
  g_hash_table_insert (self->hashes, g_strdup (entry->name), hash);
  if (index < NAMES_MAX)
    {
      g_autofree char *name = g_utf8_make_valid (entry->name, -1);

      json_array_add_string_element (names, name);
    }
  return TRUE;
}

gboolean
muster_firmware_facts_read_swu (MusterFirmwareFacts        *self,
                                const MusterFirmwareSource *source,
                                GArray                     *keys,
                                GError                    **error)
{
  g_auto (Archive) archive = { .facts = self, .source = source, .keys = keys };
  JsonArray *names = json_array_new ();
  Entry      entry = { 0 };
  unsigned   n_entries = 0;

  self->format = MUSTER_FORMAT_SWU;
  json_object_set_array_member (self->manifest, "files", names);
  archive.hashes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  do
    {
      if (!entry_read (&entry, source, entry.next, error))
        return FALSE;
      if (!g_str_equal (entry.name, "TRAILER!!!"))
        {
          if (!archive_take (&archive, &entry, n_entries, names, error))
            return FALSE;
          continue;
        }
      if (n_entries > 0)
        return archive_check_files (&archive, error);
      return muster_firmware_refuse (error, "is no update: it is an empty archive");
    }
  while (++n_entries < CPIO_ENTRIES_MAX);
  return muster_firmware_refuse (error, "has more than %d files", CPIO_ENTRIES_MAX);
}

/* --- RAUC: squashfs, perhaps the tree of its hashes, then a CMS signature, then its length --- */

#define SQUASHFS_HEADER 96
#define SQUASHFS_BYTES_USED 40

/* What a bundle says whose manifest is in its signature. */
static gboolean
read_manifest (MusterFirmwareFacts        *self,
               const MusterFirmwareSource *source,
               gint64                      signed_size,
               GBytes                     *manifest,
               GError                    **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *version = NULL;
  g_autofree char *compatible = NULL;
  g_autofree char *root = NULL;
  g_autofree char *salt = NULL;
  gint64           tree_size = 0;

  if (!g_key_file_load_from_bytes (file, manifest, G_KEY_FILE_NONE, NULL))
    return muster_firmware_refuse (error, "has a manifest that is damaged: build it again");
  version = g_key_file_get_string (file, "update", "version", NULL);
  compatible = g_key_file_get_string (file, "update", "compatible", NULL);
  root = g_key_file_get_string (file, "bundle", "verity-hash", NULL);
  salt = g_key_file_get_string (file, "bundle", "verity-salt", NULL);
  tree_size = g_key_file_get_int64 (file, "bundle", "verity-size", NULL);
  if (version != NULL && *version != '\0' && g_utf8_strlen (version, -1) <= 64)
    self->version = g_strdup (version);
  if (self->version != NULL)
    json_object_set_string_member (self->manifest, "version", self->version);
  if (compatible != NULL)
    json_object_set_string_member (self->manifest, "compatible", compatible);
  return tree_size < 0 || tree_size > signed_size
           ? muster_firmware_refuse (error, "has a manifest that does not fit it: build it again")
           : muster_update_verity_check (source, signed_size - tree_size, tree_size, salt, root,
                                         error);
}

/* The first SIZE bytes, as they lie in the file: (transfer full) (nullable). */
static GBytes *
map_bytes (const MusterFirmwareSource *source, gint64 size)
{
  g_autoptr (GMappedFile) map = g_mapped_file_new_from_fd (source->fd, FALSE, NULL);
  g_autoptr (GBytes) all = map != NULL ? g_mapped_file_get_bytes (map) : NULL;

  return all != NULL && (gsize)size <= g_bytes_get_size (all)
           ? g_bytes_new_from_bytes (all, 0, size)
           : NULL;
}

static gboolean
check_bundle (MusterFirmwareFacts        *self,
              const MusterFirmwareSource *source,
              gint64                      signed_size,
              GBytes                     *signature,
              GArray                     *keys,
              GError                    **error)
{
  g_autoptr (GBytes) manifest = muster_update_signature_dup_content (signature);
  g_autoptr (GBytes) content = NULL;

  if (manifest != NULL)
    return muster_update_signature_check (self, signature, NULL, keys, error) &&
           read_manifest (self, source, signed_size, manifest, error);
  /* The library counts bytes in an unsigned int. */
  content = signed_size <= G_MAXUINT32 ? map_bytes (source, signed_size) : NULL;
  if (content != NULL)
    return muster_update_signature_check (self, signature, content, keys, error);
  return muster_firmware_refuse (error, "is too large for a plain bundle: build a verity bundle");
}

gboolean
muster_firmware_facts_read_raucb (MusterFirmwareFacts        *self,
                                  const MusterFirmwareSource *source,
                                  GArray                     *keys,
                                  GError                    **error)
{
  guint8             header[SQUASHFS_HEADER];
  guint8             tail[8];
  guint64            used = 0, size = 0;
  g_autofree guint8 *bytes = NULL;
  g_autoptr (GBytes) signature = NULL;

  self->format = MUSTER_FORMAT_RAUCB;
  if (!muster_firmware_source_read (source, 0, header, sizeof header) ||
      !muster_firmware_source_read (source, source->size - (gint64)sizeof tail, tail, sizeof tail))
    return muster_firmware_refuse (error, "ends within its header");
  memcpy (&used, header + SQUASHFS_BYTES_USED, sizeof used);
  used = GUINT64_FROM_LE (used);
  memcpy (&size, tail, sizeof size);
  size = GUINT64_FROM_BE (size);
  if (size == 0 || size > SIGNATURE_MAX || (gint64)size > source->size - (gint64)sizeof tail ||
      used > (guint64)source->size || used > source->size - sizeof tail - size)
    return muster_firmware_refuse (error,
                                   "is no whole bundle: the signature at its end is missing");
  bytes = g_malloc (size);
  if (!muster_firmware_source_read (source, source->size - sizeof tail - size, bytes, size))
    return muster_firmware_refuse (error, "cannot be read to its end");
  signature = g_bytes_new_take (g_steal_pointer (&bytes), size);
  json_object_set_int_member (self->manifest, "filesystem_size", (gint64)used);
  json_object_set_int_member (self->manifest, "signature_size", (gint64)size);
  return check_bundle (self, source, source->size - sizeof tail - size, signature, keys, error);
}

/* --- UF2: blocks of 512 bytes, each by itself --- */

#define UF2_BLOCK 512
#define UF2_PAYLOAD_MAX 476

static guint32
get32 (const guint8 *at)
{
  return at[0] | at[1] << 8 | at[2] << 16 | (guint32)at[3] << 24;
}

gboolean
muster_firmware_facts_read_uf2 (MusterFirmwareFacts        *self,
                                const MusterFirmwareSource *source,
                                GError                    **error)
{
  guint8  block[UF2_BLOCK];
  guint32 family = 0;
  gint64  n_blocks = source->size / UF2_BLOCK;

  self->format = MUSTER_FORMAT_UF2;
  if (source->size % UF2_BLOCK != 0)
    return muster_firmware_refuse (error, "is not made of whole blocks of %d bytes", UF2_BLOCK);
  for (gint64 i = 0; i < n_blocks; i++)
    {
      if (!muster_firmware_source_read (source, i * UF2_BLOCK, block, sizeof block))
        return muster_firmware_refuse (error, "cannot be read to its end");
      if (get32 (block) != 0x0A324655 || get32 (block + 4) != 0x9E5D5157 ||
          get32 (block + 508) != 0x0AB16F30 || get32 (block + 16) > UF2_PAYLOAD_MAX ||
          get32 (block + 20) != (guint32)i || get32 (block + 24) != (guint32)n_blocks)
        return muster_firmware_refuse (error, "block %" G_GINT64_FORMAT " is damaged", i);
      if (i == 0 && (get32 (block + 8) & 0x2000) != 0)
        family = get32 (block + 28);
    }
  if (family != 0)
    {
      g_autofree char *text = g_strdup_printf ("0x%08x", family);

      json_object_set_string_member (self->manifest, "family", text);
    }
  json_object_set_int_member (self->manifest, "blocks", n_blocks);
  return TRUE;
}

/* --- Intel HEX --- */

#define HEX_LINE_MAX 524 /* a colon, 255 bytes of data, 5 of frame, a carriage return */

/* One record without its colon; *TYPE: what it is. */
static gboolean
check_record (const char *text, gsize length, guint8 *type)
{
  guint8 sum = 0, count = 0;

  if (length < 10 || length % 2 != 0)
    return FALSE;
  for (gsize i = 0; i < length; i += 2)
    {
      int high = g_ascii_xdigit_value (text[i]), low = g_ascii_xdigit_value (text[i + 1]);

      if (high < 0 || low < 0)
        return FALSE;
      sum += high << 4 | low;
      if (i == 0)
        count = high << 4 | low;
      if (i == 6)
        *type = high << 4 | low;
    }
  return sum == 0 && length == 2 * (count + 5u);
}

gboolean
muster_firmware_facts_read_hex (MusterFirmwareFacts        *self,
                                const MusterFirmwareSource *source,
                                GError                    **error)
{
  gint64 at = 0, line = 0;
  guint8 type = 0;

  self->format = MUSTER_FORMAT_HEX;
  while (at < source->size && type != 1)
    {
      char  text[HEX_LINE_MAX + 1] = "";
      gsize length = MIN (HEX_LINE_MAX, source->size - at);

      line++;
      if (!muster_firmware_source_read (source, at, text, length))
        return muster_firmware_refuse (error, "cannot be read to its end");
      length = strcspn (text, "\r\n");
      if (text[0] != ':' || !check_record (text + 1, length - 1, &type))
        return muster_firmware_refuse (error, "line %" G_GINT64_FORMAT " is damaged", line);
      at += length + strspn (text + length, "\r\n");
    }
  if (type != 1)
    return muster_firmware_refuse (error, "is not whole: the record of its end is missing");
  json_object_set_int_member (self->manifest, "records", line);
  return TRUE;
}
