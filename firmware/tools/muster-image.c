/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-image"

#include "config.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <sodium.h>

#include "mf_image.h"

/* Packs, signs and shows firmware images: see firmware/IMAGE.md. */

#define HEX_SIZE (2 * MF_ED25519_KEY_SIZE)

typedef struct
{
  char  *model;
  char  *version;
  char  *hardware;
  char  *key;
  char  *second_key;
  gint64 counter;
  gint64 address;
} Options;

/* Both halves of a key pair have 32 bytes, and are kept as hexadecimal digits. */
static gboolean
read_key (const char *path, guint8 key[MF_ED25519_KEY_SIZE], GError **error)
{
  g_autofree char *text = NULL;
  gsize            size;

  if (!g_file_get_contents (path, &text, NULL, error))
    return FALSE;
  g_strstrip (text);
  if (strlen (text) == HEX_SIZE &&
      sodium_hex2bin (key, MF_ED25519_KEY_SIZE, text, HEX_SIZE, NULL, &size, NULL) == 0 &&
      size == MF_ED25519_KEY_SIZE)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               "%s: is not a key: it must hold 64 hexadecimal digits", path);
  return FALSE;
}

static gboolean
write_key (const char *path, const guint8 key[MF_ED25519_KEY_SIZE], int mode, GError **error)
{
  char             hex[HEX_SIZE + 1];
  g_autofree char *line = NULL;

  sodium_bin2hex (hex, sizeof hex, key, MF_ED25519_KEY_SIZE);
  line = g_strconcat (hex, "\n", NULL);
  sodium_memzero (hex, sizeof hex);
  return g_file_set_contents_full (path, line, -1, G_FILE_SET_CONTENTS_CONSISTENT, mode, error);
}

static gboolean
keygen (const char *seed_path, const char *public_path, GError **error)
{
  guint8   seed[MF_ED25519_SEED_SIZE], key[MF_ED25519_KEY_SIZE];
  gboolean good;

  randombytes_buf (seed, sizeof seed);
  mf_ed25519_public_key (key, seed);
  good = write_key (seed_path, seed, 0600, error) && write_key (public_path, key, 0644, error);
  sodium_memzero (seed, sizeof seed);
  return good;
}

static gboolean
parse_hardware (const char *text, struct mf_image *fields, GError **error)
{
  g_auto (GStrv) ends = g_strsplit (text, "-", 2);
  guint64 first, last;

  if (g_ascii_string_to_unsigned (ends[0], 10, 0, G_MAXUINT16, &first, NULL) &&
      g_ascii_string_to_unsigned (ends[1] != NULL ? ends[1] : ends[0], 10, first, G_MAXUINT16,
                                  &last, NULL))
    {
      fields->hardware_min = (guint16)first;
      fields->hardware_max = (guint16)last;
      return TRUE;
    }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               "hardware: \"%s\" is no range of revisions such as 1-4", text);
  return FALSE;
}

static gboolean
fill (struct mf_image *fields, const Options *options, GError **error)
{
  const char *trouble = NULL;

  if (options->model == NULL || strlen (options->model) > MF_IMAGE_MODEL_SIZE)
    trouble = "model: must be given, with at most 32 bytes";
  else if (options->version == NULL || !mf_image_version_parse (fields->version, options->version))
    trouble = "version: must be given, as 1.2.3";
  else if (options->counter < 0 || options->counter > G_MAXUINT32)
    trouble = "counter: must be from 0 to 4294967295";
  else if (options->address < 0 || options->address > G_MAXUINT32)
    trouble = "address: must be from 0 to 4294967295";
  else if (options->key == NULL)
    trouble = "key: must be given: an image without a signature runs nowhere";
  if (trouble != NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, trouble);
      return FALSE;
    }
  memcpy (fields->model, options->model, strlen (options->model));
  fields->security_counter = (guint32)options->counter;
  fields->load_address = (guint32)options->address;
  fields->hardware_max = G_MAXUINT16;
  return options->hardware == NULL || parse_hardware (options->hardware, fields, error);
}

static void
hash (const guint8 *payload, gsize size, guint8 digest[MF_SHA256_SIZE])
{
  struct mf_sha256 state;

  mf_sha256_init (&state);
  mf_sha256_update (&state, payload, size);
  mf_sha256_final (&state, digest);
}

static gboolean
sign (guint8 header[MF_IMAGE_HEADER_SIZE], const Options *options, GError **error)
{
  guint8   seed[MF_ED25519_SEED_SIZE], second[MF_ED25519_SEED_SIZE];
  gboolean has_second = options->second_key != NULL;

  if (!read_key (options->key, seed, error) ||
      (has_second && !read_key (options->second_key, second, error)))
    return FALSE;
  mf_image_sign (header, seed, has_second ? second : NULL);
  sodium_memzero (seed, sizeof seed);
  sodium_memzero (second, sizeof second);
  return TRUE;
}

static gboolean
pack (const Options *options, const char *payload_path, const char *image_path, GError **error)
{
  struct mf_image fields = { 0 };
  guint8          header[MF_IMAGE_HEADER_SIZE];
  g_autoptr (GMappedFile) payload = NULL;
  g_autoptr (GByteArray) image = g_byte_array_new ();
  const guint8 *data;

  if (!fill (&fields, options, error))
    return FALSE;
  payload = g_mapped_file_new (payload_path, FALSE, error);
  if (payload == NULL)
    return FALSE;
  data = (const guint8 *)g_mapped_file_get_contents (payload);
  if (g_mapped_file_get_length (payload) <= G_MAXUINT32)
    fields.payload_size = (guint32)g_mapped_file_get_length (payload);
  hash (data, fields.payload_size, fields.payload_sha256);
  if (!mf_image_format (&fields, header))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "%s: cannot be an image: it is empty, or too large, or the model \"%s\" is not "
                   "printable ASCII",
                   payload_path, options->model);
      return FALSE;
    }
  if (!sign (header, options, error))
    return FALSE;
  g_byte_array_append (image, header, sizeof header);
  g_byte_array_append (image, data, fields.payload_size);
  return g_file_set_contents (image_path, (const char *)image->data, image->len, error);
}

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
add_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
add_hex (JsonBuilder *builder, const char *name, const guint8 *bytes, gsize size)
{
  g_autofree char *hex = g_malloc (2 * size + 1);

  add_string (builder, name, sodium_bin2hex (hex, 2 * size + 1, bytes, size));
}

static void
print_fields (const struct mf_image *image, const char *payload, const char *signature)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;
  char             version[MF_IMAGE_VERSION_TEXT_SIZE];

  mf_image_version_format (image->version, version);
  json_builder_begin_object (builder);
  add_string (builder, "model", image->model);
  add_string (builder, "version", version);
  add_int (builder, "hardware_min", image->hardware_min);
  add_int (builder, "hardware_max", image->hardware_max);
  add_int (builder, "security_counter", image->security_counter);
  add_int (builder, "payload_size", image->payload_size);
  add_int (builder, "load_address", image->load_address);
  add_hex (builder, "payload_sha256", image->payload_sha256, sizeof image->payload_sha256);
  add_hex (builder, "key_id", image->key_id, sizeof image->key_id);
  add_hex (builder, "second_key_id", image->second_key_id, sizeof image->second_key_id);
  add_string (builder, "payload", payload);
  if (signature != NULL)
    add_string (builder, "signature", signature);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, TRUE);
  g_print ("%s\n", text);
}

static gboolean
show (const Options *options, const char *path, GError **error)
{
  guint8               keys[1][MF_ED25519_KEY_SIZE], digest[MF_SHA256_SIZE];
  struct mf_image_keys trusted = { (const guint8 (*)[MF_ED25519_KEY_SIZE])keys, 1 };
  enum mf_image_error  verdict = MF_IMAGE_NOT_AN_IMAGE;
  struct mf_image      image;
  g_autofree char     *data = NULL;
  gsize                size;
  gboolean             whole;

  if (!g_file_get_contents (path, &data, &size, error) ||
      (options->key != NULL && !read_key (options->key, keys[0], error)))
    return FALSE;
  if (size >= MF_IMAGE_HEADER_SIZE)
    verdict = mf_image_parse (&image, (const guint8 *)data);
  if (verdict != MF_IMAGE_OK)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: %s: %s", path,
                   mf_image_error_code (verdict), mf_image_error_text (verdict));
      return FALSE;
    }
  hash ((const guint8 *)data + MF_IMAGE_HEADER_SIZE, size - MF_IMAGE_HEADER_SIZE, digest);
  whole = size - MF_IMAGE_HEADER_SIZE == image.payload_size &&
          memcmp (digest, image.payload_sha256, sizeof digest) == 0;
  if (options->key != NULL)
    verdict = mf_image_verify ((const guint8 *)data, &trusted);
  print_fields (&image, mf_image_error_code (whole ? MF_IMAGE_OK : MF_IMAGE_BAD_PAYLOAD),
                options->key != NULL ? mf_image_error_code (verdict) : NULL);
  return TRUE;
}

static gboolean
run (int argc, char **argv, const Options *options, GError **error)
{
  if (argc == 4 && g_str_equal (argv[1], "keygen"))
    return keygen (argv[2], argv[3], error);
  if (argc == 4 && g_str_equal (argv[1], "pack"))
    return pack (options, argv[2], argv[3], error);
  if (argc == 3 && g_str_equal (argv[1], "show"))
    return show (options, argv[2], error);
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       "one of: keygen SEED PUBLIC, pack PAYLOAD IMAGE, show IMAGE; see --help");
  return FALSE;
}

int
main (int argc, char **argv)
{
  Options            options = { 0 };
  const GOptionEntry entries[] = {
    { "model", 0, 0, G_OPTION_ARG_STRING, &options.model, "Model that the image is for", "MODEL" },
    { "version", 0, 0, G_OPTION_ARG_STRING, &options.version, "Version of the image", "1.2.3" },
    { "hardware", 0, 0, G_OPTION_ARG_STRING, &options.hardware,
      "Revisions of the hardware (default: all)", "FIRST-LAST" },
    { "counter", 0, 0, G_OPTION_ARG_INT64, &options.counter, "Security counter (default: 0)", "N" },
    { "address", 0, 0, G_OPTION_ARG_INT64, &options.address,
      "Where the payload must lie (default: anywhere)", "ADDRESS" },
    { "key", 0, 0, G_OPTION_ARG_FILENAME, &options.key,
      "Seed that signs; of show, public key that is trusted", "FILE" },
    { "second-key", 0, 0, G_OPTION_ARG_FILENAME, &options.second_key,
      "Seed that signs too, while keys are changed", "FILE" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("keygen|pack|show FILE…");
  g_autoptr (GError) error = NULL;
  gboolean good;

  g_option_context_add_main_entries (context, entries, NULL);
  good = sodium_init () >= 0 && g_option_context_parse (context, &argc, &argv, &error) &&
         run (argc, argv, &options, &error);
  if (!good)
    g_printerr ("muster-image: %s\n", error != NULL ? error->message : "libsodium does not work");
  g_free (options.model);
  g_free (options.version);
  g_free (options.hardware);
  g_free (options.key);
  g_free (options.second_key);
  return good ? 0 : 1;
}
