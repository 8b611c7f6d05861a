/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-firmware-formats"

#include "config.h"

#include <string.h>

#include "muster-firmware-facts-private.h"

/* --- SWUpdate: cpio "newc", with or without checksums --- */

#define CPIO_HEADER 110
#define CPIO_NAME_MAX 256
#define CPIO_ENTRIES_MAX 1024
#define DESCRIPTION_MAX (256 * 1024)

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

/* cpio's checksum: its bytes, added. */
static gboolean
entry_check_sum (const Entry *self, const MusterFirmwareSource *source, GError **error)
{
  guint8  piece[16384];
  guint32 sum = 0;

  for (gint64 done = 0; self->has_sum && done < self->size; done += sizeof piece)
    {
      gsize length = MIN ((gint64)sizeof piece, self->size - done);

      if (!muster_firmware_source_read (source, self->at + done, piece, length))
        return muster_firmware_refuse (error, "%s cannot be read", self->name);
      for (gsize i = 0; i < length; i++)
        sum += piece[i];
    }
  if (!self->has_sum || sum == self->sum)
    return TRUE;
  return muster_firmware_refuse (error, "%s has a wrong checksum: download it again", self->name);
}

/* The text in quotes that is set to NAME in a description of libconfig's form: (transfer full)
 * (nullable). */
static char *
find_setting (const char *text, const char *name)
{
  gsize length = strlen (name);

  for (const char *at = strstr (text, name); at != NULL; at = strstr (at + 1, name))
    {
      const char *value = at + length, *end = NULL;

      if (at > text && (g_ascii_isalnum (at[-1]) || at[-1] == '-' || at[-1] == '_'))
        continue;
      value += strspn (value, " \t\r\n");
      if (*value != '=' && *value != ':')
        continue;
      value++;
      value += strspn (value, " \t\r\n[(");
      end = *value == '"' ? strpbrk (value + 1, "\"\n") : NULL;
      if (end != NULL && *end == '"' && end - value - 1 <= 64)
        return g_strndup (value + 1, end - value - 1);
    }
  return NULL;
}

static gboolean
read_description (MusterFirmwareFacts        *self,
                  const MusterFirmwareSource *source,
                  const Entry                *entry,
                  GError                    **error)
{
  g_autofree char *raw = NULL;
  g_autofree char *text = NULL;
  g_autofree char *hardware = NULL;

  if (entry->size == 0 || entry->size > DESCRIPTION_MAX)
    return muster_firmware_refuse (error, "sw-description must have 1 to %d bytes",
                                   DESCRIPTION_MAX);
  raw = g_malloc0 (entry->size + 1);
  if (!muster_firmware_source_read (source, entry->at, raw, entry->size))
    return muster_firmware_refuse (error, "sw-description cannot be read");
  text = g_utf8_make_valid (raw, -1);
  self->version = find_setting (text, "version");
  hardware = find_setting (text, "hardware-compatibility");
  if (self->version != NULL && *self->version == '\0')
    g_clear_pointer (&self->version, g_free);
  if (self->version != NULL)
    json_object_set_string_member (self->manifest, "version", self->version);
  if (hardware != NULL)
    json_object_set_string_member (self->manifest, "hardware_compatibility", hardware);
  return TRUE;
}

gboolean
muster_firmware_facts_read_swu (MusterFirmwareFacts        *self,
                                const MusterFirmwareSource *source,
                                GError                    **error)
{
  JsonArray *names = json_array_new ();
  Entry      entry = { 0 };
  unsigned   n_entries = 0;

  self->format = MUSTER_FORMAT_SWU;
  json_object_set_array_member (self->manifest, "files", names);
  do
    {
      if (!entry_read (&entry, source, entry.next, error))
        return FALSE;
      if (g_str_equal (entry.name, "TRAILER!!!"))
        return TRUE;
      if (n_entries == 0 && !g_str_equal (entry.name, "sw-description"))
        return muster_firmware_refuse (error,
                                       "is no update: sw-description must come first, not %s",
                                       entry.name);
      if (n_entries == 0 && !read_description (self, source, &entry, error))
        return FALSE;
      /* Whose signature it is, its devices know. */
      if (n_entries == 1 && g_str_equal (entry.name, "sw-description.sig"))
        self->trust = MUSTER_TRUST_FOREIGN;
      if (!entry_check_sum (&entry, source, error))
        return FALSE;
      if (n_entries < 64)
        {
          g_autofree char *name = g_utf8_make_valid (entry.name, -1);

          json_array_add_string_element (names, name);
        }
    }
  while (++n_entries < CPIO_ENTRIES_MAX);
  return muster_firmware_refuse (error, "has more than %d files", CPIO_ENTRIES_MAX);
}

/* --- RAUC: squashfs, then a CMS signature, then its length --- */

#define SQUASHFS_HEADER 96
#define SQUASHFS_BYTES_USED 40
#define RAUC_SIGNATURE_MAX (64 * 1024)

gboolean
muster_firmware_facts_read_raucb (MusterFirmwareFacts        *self,
                                  const MusterFirmwareSource *source,
                                  GError                    **error)
{
  guint8  header[SQUASHFS_HEADER];
  guint8  tail[8], first = 0;
  guint64 used = 0, signature = 0;

  self->format = MUSTER_FORMAT_RAUCB;
  if (!muster_firmware_source_read (source, 0, header, sizeof header) ||
      !muster_firmware_source_read (source, source->size - (gint64)sizeof tail, tail, sizeof tail))
    return muster_firmware_refuse (error, "ends within its header");
  memcpy (&used, header + SQUASHFS_BYTES_USED, sizeof used);
  used = GUINT64_FROM_LE (used);
  memcpy (&signature, tail, sizeof signature);
  signature = GUINT64_FROM_BE (signature);
  if (signature == 0 || signature > RAUC_SIGNATURE_MAX ||
      (gint64)signature > source->size - (gint64)sizeof tail || used > (guint64)source->size ||
      used > source->size - sizeof tail - signature ||
      !muster_firmware_source_read (source, source->size - sizeof tail - signature, &first, 1) ||
      first != 0x30) /* DER: a sequence */
    return muster_firmware_refuse (error,
                                   "is no whole bundle: the signature at its end is missing");
  self->trust = MUSTER_TRUST_FOREIGN;
  json_object_set_int_member (self->manifest, "filesystem_size", (gint64)used);
  json_object_set_int_member (self->manifest, "signature_size", (gint64)signature);
  return TRUE;
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
