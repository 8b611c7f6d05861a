/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-firmware-facts"

#include "config.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mf_image.h"
#include "muster-firmware-chunks.h"
#include "muster-firmware-facts-private.h"

#define PIECE_BYTES (64 * 1024)

void
muster_firmware_facts_clear (MusterFirmwareFacts *self)
{
  g_clear_pointer (&self->version, g_free);
  g_clear_pointer (&self->models, g_strfreev);
  g_clear_pointer (&self->hardware_from, g_free);
  g_clear_pointer (&self->hardware_to, g_free);
  g_clear_pointer (&self->manifest, json_object_unref);
}

static void
key_clear (gpointer data)
{
  g_clear_pointer (&((MusterFirmwareKey *)data)->certificate, g_free);
}

GArray *
muster_firmware_keys_new (void)
{
  GArray *keys = g_array_new (FALSE, TRUE, sizeof (MusterFirmwareKey));

  g_array_set_clear_func (keys, key_clear);
  return keys;
}

gboolean
muster_firmware_source_read (const MusterFirmwareSource *self,
                             gint64                      offset,
                             void                       *buffer,
                             gsize                       length)
{
  guint8 *at = buffer;

  if (offset < 0 || offset > self->size || (gint64)length > self->size - offset)
    return FALSE;
  while (length > 0)
    {
      gssize got = pread (self->fd, at, length, offset);

      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        return FALSE;
      at += got;
      offset += got;
      length -= got;
    }
  return TRUE;
}

gboolean
muster_firmware_refuse (GError **error, const char *format, ...)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autofree char *detail = NULL;
  va_list          args;

  va_start (args, format);
  detail = g_strdup_vprintf (format, args);
  va_end (args);
  muster_field_errors_add (errors, "/file", "%s", detail);
  return muster_field_errors_check (errors, error);
}

/* --- versions --- */

/* Moves both behind the numbers that they begin with. */
static int
compare_numbers (const char **a, const char **b)
{
  gsize n_a, n_b;
  int   order;

  while (**a == '0')
    (*a)++;
  while (**b == '0')
    (*b)++;
  n_a = strspn (*a, "0123456789");
  n_b = strspn (*b, "0123456789");
  order = n_a != n_b ? (n_a < n_b ? -1 : 1) : strncmp (*a, *b, n_a);
  *a += n_a;
  *b += n_b;
  return order;
}

/* A version that goes on after a hyphen or a tilde comes before the one that does not. */
static int
weigh (char character)
{
  return character == '~' || character == '-' ? -1 : (guchar)character;
}

int
muster_version_compare (const char *a, const char *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, 0);

  while (*a != '\0' || *b != '\0')
    {
      int order = 0;

      if (g_ascii_isdigit (*a) && g_ascii_isdigit (*b))
        order = compare_numbers (&a, &b);
      else if (weigh (*a) != weigh (*b))
        order = weigh (*a) < weigh (*b) ? -1 : 1;
      else
        {
          a++;
          b++;
        }
      if (order != 0)
        return order;
    }
  return 0;
}

/* --- images of our own --- */

static gboolean
check_payload (const struct mf_image *image, const MusterFirmwareSource *source, GError **error)
{
  g_autofree guint8 *piece = g_malloc (PIECE_BYTES);
  guint8             digest[MF_SHA256_SIZE];
  struct mf_sha256   hash;
  gint64             end = (gint64)MF_IMAGE_HEADER_SIZE + image->payload_size;

  if (source->size != end)
    return muster_firmware_refuse (error,
                                   "has %" G_GINT64_FORMAT
                                   " bytes, its header says %" G_GINT64_FORMAT
                                   ": build or download it again",
                                   source->size, end);
  mf_sha256_init (&hash);
  for (gint64 at = MF_IMAGE_HEADER_SIZE; at < end; at += PIECE_BYTES)
    {
      gsize length = MIN (PIECE_BYTES, end - at);

      if (!muster_firmware_source_read (source, at, piece, length))
        return muster_firmware_refuse (error, "cannot be read to its end");
      mf_sha256_update (&hash, piece, length);
    }
  mf_sha256_final (&hash, digest);
  if (memcmp (digest, image->payload_sha256, sizeof digest) == 0)
    return TRUE;
  return muster_firmware_refuse (error, "is damaged: %s",
                                 mf_image_error_text (MF_IMAGE_BAD_PAYLOAD));
}

/* The newest state that any of KEYS gives it: signed by a good one goes before a revoked one. */
static gboolean
check_signature (MusterFirmwareFacts *self, const guint8 *header, GArray *keys, GError **error)
{
  enum mf_image_error last = MF_IMAGE_UNKNOWN_KEY;
  unsigned            n_keys = 0;

  for (guint i = 0; i < keys->len; i++)
    {
      const MusterFirmwareKey   *key = &g_array_index (keys, MusterFirmwareKey, i);
      const struct mf_image_keys one = { (const guint8 (*)[MF_ED25519_KEY_SIZE])key->public_key,
                                         1 };
      enum mf_image_error        found = MF_IMAGE_UNKNOWN_KEY;

      if (key->certificate != NULL)
        continue;
      n_keys++;
      found = mf_image_verify (header, &one);
      if (found == MF_IMAGE_BAD_SIGNATURE)
        return muster_firmware_refuse (error, "%s: it was changed after it was signed",
                                       mf_image_error_text (found));
      if (found != MF_IMAGE_OK)
        {
          last = found == MF_IMAGE_UNSIGNED ? found : last;
          continue;
        }
      if (*self->key_id == '\0' || key->status != MUSTER_KEY_REVOKED)
        g_strlcpy (self->key_id, key->id, sizeof self->key_id);
      self->trust = key->status != MUSTER_KEY_REVOKED || self->trust == MUSTER_TRUST_SIGNED
                      ? MUSTER_TRUST_SIGNED
                      : MUSTER_TRUST_REVOKED;
    }
  if (*self->key_id == '\0')
    {
      const struct mf_image_keys none = { NULL, 0 };

      if (n_keys == 0)
        last = mf_image_verify (header, &none);
      self->trust = last == MF_IMAGE_UNSIGNED ? MUSTER_TRUST_UNSIGNED : MUSTER_TRUST_FOREIGN;
    }
  return TRUE;
}

gboolean
muster_firmware_facts_weigh_image (MusterFirmwareFacts *self, int fd, GArray *keys, GError **error)
{
  const MusterFirmwareSource source = { fd, MF_IMAGE_HEADER_SIZE };
  guint8                     header[MF_IMAGE_HEADER_SIZE];

  g_return_val_if_fail (self != NULL && keys != NULL, FALSE);

  memset (self, 0, sizeof *self);
  return (muster_firmware_source_read (&source, 0, header, sizeof header) ||
          muster_firmware_refuse (error, "ends within its header")) &&
         check_signature (self, header, keys, error);
}

static void
describe_image (MusterFirmwareFacts *self, const struct mf_image *image)
{
  char             version[MF_IMAGE_VERSION_TEXT_SIZE];
  const char      *models[] = { image->model, NULL };
  g_autofree char *address = g_strdup_printf ("0x%08x", image->load_address);

  mf_image_version_format (image->version, version);
  self->version = g_strdup (version);
  self->models = g_strdupv ((char **)models);
  if (image->hardware_min > 0)
    self->hardware_from = g_strdup_printf ("%u", image->hardware_min);
  if (image->hardware_max < G_MAXUINT16)
    self->hardware_to = g_strdup_printf ("%u", image->hardware_max);
  self->security_counter = image->security_counter;
  json_object_set_string_member (self->manifest, "model", image->model);
  json_object_set_string_member (self->manifest, "version", version);
  json_object_set_int_member (self->manifest, "hardware_min", image->hardware_min);
  json_object_set_int_member (self->manifest, "hardware_max", image->hardware_max);
  json_object_set_int_member (self->manifest, "security_counter", image->security_counter);
  json_object_set_int_member (self->manifest, "payload_size", image->payload_size);
  json_object_set_string_member (self->manifest, "load_address", address);
}

gboolean
muster_firmware_facts_read_image (MusterFirmwareFacts        *self,
                                  const MusterFirmwareSource *source,
                                  GArray                     *keys,
                                  GError                    **error)
{
  guint8              header[MF_IMAGE_HEADER_SIZE];
  struct mf_image     image;
  enum mf_image_error found;

  self->format = MUSTER_FORMAT_IMAGE;
  if (!muster_firmware_source_read (source, 0, header, sizeof header))
    return muster_firmware_refuse (error, "ends within its header");
  found = mf_image_parse (&image, header);
  if (found != MF_IMAGE_OK)
    return muster_firmware_refuse (error, "%s", mf_image_error_text (found));
  describe_image (self, &image);
  return check_payload (&image, source, error) && check_signature (self, header, keys, error);
}

/* --- zchunk: an update beside it says what it is --- */

static gboolean
read_chunks (MusterFirmwareFacts *self, const MusterFirmwareSource *source, GError **error)
{
  g_autoptr (GChecksum) hash = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *piece = g_malloc (PIECE_BYTES);

  self->format = MUSTER_FORMAT_BIN;
  for (gint64 at = 0; at < source->size; at += PIECE_BYTES)
    {
      gsize length = MIN (PIECE_BYTES, source->size - at);

      if (!muster_firmware_source_read (source, at, piece, length))
        return muster_firmware_refuse (error, "cannot be read to its end");
      g_checksum_update (hash, piece, length);
    }
  g_strlcpy (self->chunks, g_checksum_get_string (hash), sizeof self->chunks);
  return TRUE;
}

/* --- what it is --- */

gboolean
muster_firmware_facts_read (MusterFirmwareFacts *self, int fd, GArray *keys, GError **error)
{
  MusterFirmwareSource source = { fd, 0 };
  struct stat          status;
  guint8               head[16] = { 0 };

  g_return_val_if_fail (self != NULL && keys != NULL, FALSE);

  memset (self, 0, sizeof *self);
  self->security_counter = -1;
  self->manifest = json_object_new ();
  if (fstat (fd, &status) != 0)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, "the firmware cannot be read: %s",
                   g_strerror (errno));
      return FALSE;
    }
  source.size = status.st_size;
  muster_firmware_source_read (&source, 0, head, MIN (sizeof head, (gsize)source.size));
  if (memcmp (head, "MFI1", 4) == 0)
    return muster_firmware_facts_read_image (self, &source, keys, error);
  if (memcmp (head, "070701", 6) == 0 || memcmp (head, "070702", 6) == 0)
    return muster_firmware_facts_read_swu (self, &source, keys, error);
  if (memcmp (head, "hsqs", 4) == 0)
    return muster_firmware_facts_read_raucb (self, &source, keys, error);
  if (memcmp (head, "UF2\n\x57\x51\x5d\x9e", 8) == 0)
    return muster_firmware_facts_read_uf2 (self, &source, error);
  if (muster_firmware_chunks_is_one (fd))
    return read_chunks (self, &source, error);
  if (head[0] == ':' && g_ascii_isxdigit (head[1]) && g_ascii_isxdigit (head[2]))
    return muster_firmware_facts_read_hex (self, &source, error);
  self->format = MUSTER_FORMAT_BIN;
  return TRUE;
}
