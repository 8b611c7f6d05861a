/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_IMAGE_H
#define MF_IMAGE_H

#include "mf_ed25519.h"
#include "mf_flash.h"
#include "mf_sha2.h"

/* A firmware image: 256 bytes of header, all of them under signature, then the payload. The format
 * is specified in firmware/IMAGE.md. */

#define MF_IMAGE_HEADER_SIZE 256u
#define MF_IMAGE_MODEL_SIZE 32u
#define MF_IMAGE_KEY_ID_SIZE 8u
#define MF_IMAGE_VERSION_TEXT_SIZE 18u /* "65535.65535.65535" and its NUL */

/* What is wrong with an image, or nothing. */
enum mf_image_error
{
  MF_IMAGE_OK,
  MF_IMAGE_NOT_AN_IMAGE,   /* no magic */
  MF_IMAGE_MALFORMED,      /* of a version, or with a field, that this code does not know */
  MF_IMAGE_UNSIGNED,       /* both signatures are missing */
  MF_IMAGE_UNKNOWN_KEY,    /* signed, by nobody who is trusted here */
  MF_IMAGE_BAD_SIGNATURE,  /* says to be signed by a trusted key, and is not */
  MF_IMAGE_WRONG_MODEL,    /* for another model */
  MF_IMAGE_WRONG_HARDWARE, /* for other revisions of the hardware */
  MF_IMAGE_ROLLED_BACK,    /* its security counter is below the device's */
  MF_IMAGE_WRONG_ADDRESS,  /* linked for another slot */
  MF_IMAGE_TOO_LARGE,      /* for the slot */
  MF_IMAGE_BAD_PAYLOAD,    /* the payload has not the hash that was signed */
  MF_IMAGE_FLASH_FAILED,   /* the flash cannot be read */
};
#define MF_N_IMAGE_ERRORS 13u

/* The header's fields. Numbers are what they say; texts end with NUL. */
struct mf_image
{
  char     model[MF_IMAGE_MODEL_SIZE + 1];
  uint16_t hardware_min; /* revisions it runs on, both included */
  uint16_t hardware_max;
  uint16_t version[3]; /* major, minor, patch */
  uint32_t flags;      /* none is defined: 0 */
  uint32_t security_counter;
  uint32_t payload_size;
  uint32_t load_address; /* where the payload must lie; 0 = anywhere */
  uint8_t  payload_sha256[MF_SHA256_SIZE];
  uint8_t  key_id[MF_IMAGE_KEY_ID_SIZE];
  uint8_t  second_key_id[MF_IMAGE_KEY_ID_SIZE]; /* all zero: one signature */
};

/* Public keys that are trusted, one after the other. */
struct mf_image_keys
{
  const uint8_t (*keys)[MF_ED25519_KEY_SIZE];
  unsigned n_keys;
};

/* What an image must suit. */
struct mf_image_target
{
  const char *model;
  uint16_t    hardware_revision;
  uint32_t    security_counter; /* the least that is accepted */
  uint32_t    payload_max;
  uint32_t    load_address; /* of a payload in the slot; 0 = every address will do */
};

/* A stable word for the error, such as "bad-signature", and a sentence for a person. */
const char *mf_image_error_code (enum mf_image_error error);
const char *mf_image_error_text (enum mf_image_error error);

/* Reads and checks the fields; believes nothing of them: see mf_image_verify(). */
enum mf_image_error mf_image_parse (struct mf_image *self,
                                    const uint8_t    header[MF_IMAGE_HEADER_SIZE]);

/* Whether one of `keys` signed the header. */
enum mf_image_error mf_image_verify (const uint8_t               header[MF_IMAGE_HEADER_SIZE],
                                     const struct mf_image_keys *keys);

/* Whether the image may run there. */
enum mf_image_error mf_image_suits (const struct mf_image        *self,
                                    const struct mf_image_target *target);

/* All three, in that order. */
enum mf_image_error mf_image_accept (struct mf_image              *self,
                                     const uint8_t                 header[MF_IMAGE_HEADER_SIZE],
                                     const struct mf_image_keys   *keys,
                                     const struct mf_image_target *target);

/* Reads header and payload from flash, at its start, and checks all of it. Takes as long as hashing
 * the payload does. */
enum mf_image_error mf_image_check_flash (struct mf_image              *self,
                                          const struct mf_flash        *flash,
                                          const struct mf_image_keys   *keys,
                                          const struct mf_image_target *target);

/* Writes the header of the fields, without a signature. False: a field is out of range. */
bool mf_image_format (const struct mf_image *self, uint8_t header[MF_IMAGE_HEADER_SIZE]);

/* Signs a header, by one seed or, while keys are changed, by two (`second` NULL: one). Sets the key
 * ids. */
void mf_image_sign (uint8_t        header[MF_IMAGE_HEADER_SIZE],
                    const uint8_t  seed[MF_ED25519_SEED_SIZE],
                    const uint8_t *second);

/* What a signer that keeps its keys elsewhere signs: the ids go in first, then the second signature
 * over the first MF_IMAGE_SECOND_SIGNED bytes, then the first over MF_IMAGE_FIRST_SIGNED. */
#define MF_IMAGE_SECOND_SIGNED 128u
#define MF_IMAGE_FIRST_SIGNED 192u
#define MF_IMAGE_SECOND_SIGNATURE 128u /* where it stands */
#define MF_IMAGE_FIRST_SIGNATURE 192u
void mf_image_set_key_ids (uint8_t        header[MF_IMAGE_HEADER_SIZE],
                           const uint8_t *key,
                           const uint8_t *second);

/* The first bytes of the SHA-256 of a public key. */
void mf_image_key_id (uint8_t id[MF_IMAGE_KEY_ID_SIZE], const uint8_t key[MF_ED25519_KEY_SIZE]);

/* "1.2.3", and back; what follows a hyphen or a plus is left out when read. Comparing returns below
 * 0, 0 or above 0. */
void mf_image_version_format (const uint16_t version[3], char text[MF_IMAGE_VERSION_TEXT_SIZE]);
bool mf_image_version_parse (uint16_t version[3], const char *text);
int  mf_image_version_compare (const uint16_t a[3], const uint16_t b[3]);

/* The revision in a name of hardware: its last digits ("sim-1" is 1, "rev12" is 12), at most 65535;
 * 0 where it ends in none. */
uint16_t mf_image_hardware_revision (const char *hardware);

#endif
