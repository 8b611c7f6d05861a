/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "model/muster-error.h"
#include "ota/muster-key-file.h"
#include "ota/muster-token-uri.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* The address of a key on a token: what is left of it is taken as it is, and tells no PIN. The same
 * as a file of a key. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autofree char *uri = muster_token_uri_normalize (text, "/token_uri", NULL);
  guint8           seed[MUSTER_SEED_BYTES];

  muster_key_file_read (text, seed, "/secret_key", NULL);
  if (uri != NULL)
    {
      g_autofree char *again = muster_token_uri_normalize (uri, "/token_uri", NULL);

      g_assert_cmpstr (uri, ==, again);
      g_assert_null (strstr (uri, ";pin-"));
      g_assert_null (strchr (uri, '?'));
    }
  return 0;
}
