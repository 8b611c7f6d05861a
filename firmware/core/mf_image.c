/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_image.h"
#include "mf_octets.h"

#define FORMAT 1u
#define CHUNK 256u

/* Offsets of the fields; see firmware/IMAGE.md. */
enum
{
  AT_MAGIC = 0,
  AT_FORMAT = 4,
  AT_HEADER_SIZE = 6,
  AT_MODEL = 8,
  AT_HARDWARE_MIN = 40,
  AT_HARDWARE_MAX = 42,
  AT_VERSION = 44,
  AT_RESERVED = 50,
  AT_FLAGS = 52,
  AT_SECURITY_COUNTER = 56,
  AT_PAYLOAD_SIZE = 60,
  AT_LOAD_ADDRESS = 64,
  AT_PAYLOAD_SHA256 = 68,
  AT_ZERO = 100,
  AT_KEY_ID = 112,
  AT_SECOND_KEY_ID = 120,
};

static const uint8_t magic[4] = { 'M', 'F', 'I', '1' };

static const char *const errors[MF_N_IMAGE_ERRORS][2] = {
  { "ok", "nothing is wrong" },
  { "not-an-image", "it does not begin like an image" },
  { "malformed-header", "the header has a field that is out of range" },
  { "unsigned", "it is not signed" },
  { "unknown-key", "it is signed by a key that is not trusted here" },
  { "bad-signature", "the signature does not fit the header" },
  { "wrong-model", "it is for another model" },
  { "wrong-hardware", "it is for other revisions of the hardware" },
  { "rolled-back", "its security counter is below the device's" },
  { "wrong-address", "it is linked for another slot" },
  { "too-large", "it does not fit into the slot" },
  { "bad-payload", "the payload is not the one that was signed" },
  { "flash-failed", "the flash cannot be read" },
};

const char *
mf_image_error_code (enum mf_image_error error)
{
  return errors[error][0];
}

const char *
mf_image_error_text (enum mf_image_error error)
{
  return errors[error][1];
}

static bool
is_zero (const uint8_t *bytes, size_t size)
{
  while (size-- > 0)
    if (bytes[size] != 0)
      return false;
  return true;
}

/* Printable ASCII that does not begin with a blank, not empty, then nothing but NUL. */
static bool
is_model (const uint8_t *bytes)
{
  size_t n = 0;

  while (n < MF_IMAGE_MODEL_SIZE && bytes[n] >= (n == 0 ? 0x21 : 0x20) && bytes[n] < 0x7F)
    n++;
  return n > 0 && is_zero (bytes + n, MF_IMAGE_MODEL_SIZE - n);
}

enum mf_image_error
mf_image_parse (struct mf_image *self, const uint8_t header[MF_IMAGE_HEADER_SIZE])
{
  unsigned at;

  memset (self, 0, sizeof *self);
  if (memcmp (header + AT_MAGIC, magic, sizeof magic) != 0)
    return MF_IMAGE_NOT_AN_IMAGE;
  memcpy (self->model, header + AT_MODEL, MF_IMAGE_MODEL_SIZE);
  self->hardware_min = mf_get16 (header + AT_HARDWARE_MIN);
  self->hardware_max = mf_get16 (header + AT_HARDWARE_MAX);
  for (at = 0; at < 3; at++)
    self->version[at] = mf_get16 (header + AT_VERSION + 2 * at);
  self->flags = mf_get32 (header + AT_FLAGS);
  self->security_counter = mf_get32 (header + AT_SECURITY_COUNTER);
  self->payload_size = mf_get32 (header + AT_PAYLOAD_SIZE);
  self->load_address = mf_get32 (header + AT_LOAD_ADDRESS);
  memcpy (self->payload_sha256, header + AT_PAYLOAD_SHA256, sizeof self->payload_sha256);
  memcpy (self->key_id, header + AT_KEY_ID, sizeof self->key_id);
  memcpy (self->second_key_id, header + AT_SECOND_KEY_ID, sizeof self->second_key_id);
  if (mf_get16 (header + AT_FORMAT) != FORMAT ||
      mf_get16 (header + AT_HEADER_SIZE) != MF_IMAGE_HEADER_SIZE || !is_model (header + AT_MODEL) ||
      self->hardware_min > self->hardware_max || self->flags != 0 || self->payload_size == 0 ||
      self->payload_size > UINT32_MAX - MF_IMAGE_HEADER_SIZE ||
      !is_zero (header + AT_RESERVED, AT_FLAGS - AT_RESERVED) ||
      !is_zero (header + AT_ZERO, AT_KEY_ID - AT_ZERO))
    return MF_IMAGE_MALFORMED;
  return MF_IMAGE_OK;
}

/* Whether the signature at `place` over what stands before it is of a trusted key by that id. */
static enum mf_image_error
verify_one (const uint8_t               header[MF_IMAGE_HEADER_SIZE],
            const uint8_t              *id,
            unsigned                    place,
            const struct mf_image_keys *keys)
{
  struct mf_bytes     signed_part = { header, place };
  enum mf_image_error error = MF_IMAGE_UNKNOWN_KEY;
  uint8_t             own[MF_IMAGE_KEY_ID_SIZE];
  unsigned            at;

  if (is_zero (id, MF_IMAGE_KEY_ID_SIZE))
    return MF_IMAGE_UNSIGNED;
  for (at = 0; at < keys->n_keys; at++)
    {
      mf_image_key_id (own, keys->keys[at]);
      if (memcmp (own, id, sizeof own) != 0)
        continue;
      if (mf_ed25519_verify (header + place, keys->keys[at], &signed_part, 1))
        return MF_IMAGE_OK;
      error = MF_IMAGE_BAD_SIGNATURE;
    }
  return error;
}

enum mf_image_error
mf_image_verify (const uint8_t header[MF_IMAGE_HEADER_SIZE], const struct mf_image_keys *keys)
{
  enum mf_image_error first, second;

  first = verify_one (header, header + AT_KEY_ID, MF_IMAGE_FIRST_SIGNATURE, keys);
  if (first == MF_IMAGE_OK || first == MF_IMAGE_BAD_SIGNATURE)
    return first;
  second = verify_one (header, header + AT_SECOND_KEY_ID, MF_IMAGE_SECOND_SIGNATURE, keys);
  return second == MF_IMAGE_UNSIGNED ? first : second;
}

enum mf_image_error
mf_image_suits (const struct mf_image *self, const struct mf_image_target *target)
{
  if (strcmp (self->model, target->model) != 0)
    return MF_IMAGE_WRONG_MODEL;
  if (target->hardware_revision < self->hardware_min ||
      target->hardware_revision > self->hardware_max)
    return MF_IMAGE_WRONG_HARDWARE;
  if (self->security_counter < target->security_counter)
    return MF_IMAGE_ROLLED_BACK;
  if (self->load_address != 0 && target->load_address != 0 &&
      self->load_address != target->load_address)
    return MF_IMAGE_WRONG_ADDRESS;
  if (self->payload_size > target->payload_max)
    return MF_IMAGE_TOO_LARGE;
  return MF_IMAGE_OK;
}

enum mf_image_error
mf_image_accept (struct mf_image              *self,
                 const uint8_t                 header[MF_IMAGE_HEADER_SIZE],
                 const struct mf_image_keys   *keys,
                 const struct mf_image_target *target)
{
  enum mf_image_error error = mf_image_parse (self, header);

  if (error == MF_IMAGE_OK)
    error = mf_image_verify (header, keys);
  if (error == MF_IMAGE_OK)
    error = mf_image_suits (self, target);
  return error;
}

static enum mf_image_error
check_payload (const struct mf_image *self, const struct mf_flash *flash)
{
  uint8_t          chunk[CHUNK], digest[MF_SHA256_SIZE];
  uint32_t         done, n;
  struct mf_sha256 hash;

  mf_sha256_init (&hash);
  for (done = 0; done < self->payload_size; done += n)
    {
      n = self->payload_size - done < CHUNK ? self->payload_size - done : CHUNK;
      if (!mf_flash_read (flash, MF_IMAGE_HEADER_SIZE + done, chunk, n))
        return MF_IMAGE_FLASH_FAILED;
      mf_sha256_update (&hash, chunk, n);
    }
  mf_sha256_final (&hash, digest);
  return memcmp (digest, self->payload_sha256, sizeof digest) == 0 ? MF_IMAGE_OK
                                                                   : MF_IMAGE_BAD_PAYLOAD;
}

enum mf_image_error
mf_image_check_flash (struct mf_image              *self,
                      const struct mf_flash        *flash,
                      const struct mf_image_keys   *keys,
                      const struct mf_image_target *target)
{
  uint8_t             header[MF_IMAGE_HEADER_SIZE];
  enum mf_image_error error;

  if (!mf_flash_read (flash, 0, header, sizeof header))
    return MF_IMAGE_FLASH_FAILED;
  error = mf_image_accept (self, header, keys, target);
  if (error == MF_IMAGE_OK && self->payload_size > flash->size - MF_IMAGE_HEADER_SIZE)
    return MF_IMAGE_TOO_LARGE;
  return error == MF_IMAGE_OK ? check_payload (self, flash) : error;
}

bool
mf_image_format (const struct mf_image *self, uint8_t header[MF_IMAGE_HEADER_SIZE])
{
  size_t          length = 0;
  struct mf_image read;
  unsigned        at;

  memset (header, 0, MF_IMAGE_HEADER_SIZE);
  memcpy (header + AT_MAGIC, magic, sizeof magic);
  mf_put16 (header + AT_FORMAT, FORMAT);
  mf_put16 (header + AT_HEADER_SIZE, MF_IMAGE_HEADER_SIZE);
  while (length < MF_IMAGE_MODEL_SIZE && self->model[length] != '\0')
    length++;
  memcpy (header + AT_MODEL, self->model, length);
  mf_put16 (header + AT_HARDWARE_MIN, self->hardware_min);
  mf_put16 (header + AT_HARDWARE_MAX, self->hardware_max);
  for (at = 0; at < 3; at++)
    mf_put16 (header + AT_VERSION + 2 * at, self->version[at]);
  mf_put32 (header + AT_FLAGS, self->flags);
  mf_put32 (header + AT_SECURITY_COUNTER, self->security_counter);
  mf_put32 (header + AT_PAYLOAD_SIZE, self->payload_size);
  mf_put32 (header + AT_LOAD_ADDRESS, self->load_address);
  memcpy (header + AT_PAYLOAD_SHA256, self->payload_sha256, sizeof self->payload_sha256);
  return mf_image_parse (&read, header) == MF_IMAGE_OK;
}

void
mf_image_key_id (uint8_t id[MF_IMAGE_KEY_ID_SIZE], const uint8_t key[MF_ED25519_KEY_SIZE])
{
  uint8_t          digest[MF_SHA256_SIZE];
  struct mf_sha256 hash;

  mf_sha256_init (&hash);
  mf_sha256_update (&hash, key, MF_ED25519_KEY_SIZE);
  mf_sha256_final (&hash, digest);
  memcpy (id, digest, MF_IMAGE_KEY_ID_SIZE);
}

void
mf_image_set_key_ids (uint8_t        header[MF_IMAGE_HEADER_SIZE],
                      const uint8_t *key,
                      const uint8_t *second)
{
  memset (header + AT_KEY_ID, 0, MF_IMAGE_HEADER_SIZE - AT_KEY_ID);
  mf_image_key_id (header + AT_KEY_ID, key);
  if (second != NULL)
    mf_image_key_id (header + AT_SECOND_KEY_ID, second);
}

void
mf_image_sign (uint8_t        header[MF_IMAGE_HEADER_SIZE],
               const uint8_t  seed[MF_ED25519_SEED_SIZE],
               const uint8_t *second)
{
  struct mf_bytes part = { header, MF_IMAGE_SECOND_SIGNED };
  uint8_t         key[MF_ED25519_KEY_SIZE], second_key[MF_ED25519_KEY_SIZE];

  mf_ed25519_public_key (key, seed);
  if (second != NULL)
    mf_ed25519_public_key (second_key, second);
  mf_image_set_key_ids (header, key, second != NULL ? second_key : NULL);
  if (second != NULL)
    mf_ed25519_sign (header + MF_IMAGE_SECOND_SIGNATURE, second, &part, 1);
  part.size = MF_IMAGE_FIRST_SIGNED;
  mf_ed25519_sign (header + MF_IMAGE_FIRST_SIGNATURE, seed, &part, 1);
}

void
mf_image_version_format (const uint16_t version[3], char text[MF_IMAGE_VERSION_TEXT_SIZE])
{
  char     digits[5];
  unsigned at, n, rest;

  for (at = 0; at < 3; at++)
    {
      n = 0;
      for (rest = version[at]; n == 0 || rest > 0; rest /= 10)
        digits[n++] = (char)('0' + rest % 10);
      while (n > 0)
        *text++ = digits[--n];
      *text++ = at < 2 ? '.' : '\0';
    }
}

/* Reads a decimal of at most 65535; moves `text` behind it. */
static bool
read_decimal (const char **text, uint16_t *value)
{
  const char *start = *text;
  uint32_t    number = 0;

  for (; **text >= '0' && **text <= '9'; (*text)++)
    {
      number = number * 10 + (uint32_t)(**text - '0');
      if (number > UINT16_MAX)
        return false;
    }
  *value = (uint16_t)number;
  return *text > start;
}

bool
mf_image_version_parse (uint16_t version[3], const char *text)
{
  unsigned at;

  for (at = 0; at < 3; at++)
    if (!read_decimal (&text, &version[at]) || (at < 2 && *text++ != '.'))
      return false;
  return *text == '\0' || *text == '-' || *text == '+';
}

int
mf_image_version_compare (const uint16_t a[3], const uint16_t b[3])
{
  unsigned at;

  for (at = 0; at < 3; at++)
    if (a[at] != b[at])
      return a[at] < b[at] ? -1 : 1;
  return 0;
}

uint16_t
mf_image_hardware_revision (const char *hardware)
{
  const char *digits = hardware + strlen (hardware);
  uint16_t    revision = 0;

  while (digits > hardware && digits[-1] >= '0' && digits[-1] <= '9')
    digits--;
  return *digits != '\0' && read_decimal (&digits, &revision) ? revision : 0;
}
