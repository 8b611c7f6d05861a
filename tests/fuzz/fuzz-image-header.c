/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "mf_image.h"

/* What is signed and to be read before a signature is looked at: the header of an image, which is
 * its manifest, and the texts of versions and hardware. What is read is written as the same. */

#define UNSIGNED_PART 100u
#define TEXT_MAX 64u

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
read_header (const uint8_t *data, size_t size)
{
  uint8_t         header[MF_IMAGE_HEADER_SIZE] = { 'M', 'F', 'I', '1', 1, 0, 0, 1 };
  uint8_t         again[MF_IMAGE_HEADER_SIZE];
  char            text[MF_IMAGE_VERSION_TEXT_SIZE];
  uint16_t        version[3];
  struct mf_image image;

  /* the first byte says how much of a good beginning is kept */
  if (size > 0)
    memcpy (header + (data[0] & 8), data + 1,
            size - 1 < sizeof header - 8 ? size - 1 : sizeof header - 8);
  if (mf_image_parse (&image, header) != MF_IMAGE_OK)
    return;
  if (!mf_image_format (&image, again) || memcmp (header, again, UNSIGNED_PART) != 0)
    abort ();
  mf_image_version_format (image.version, text);
  if (!mf_image_version_parse (version, text) ||
      mf_image_version_compare (version, image.version) != 0)
    abort ();
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  char     text[TEXT_MAX] = { 0 };
  uint16_t version[3];

  read_header (data, size);
  memcpy (text, data, size < sizeof text - 1 ? size : sizeof text - 1);
  mf_image_version_parse (version, text);
  mf_image_hardware_revision (text);
  return 0;
}
