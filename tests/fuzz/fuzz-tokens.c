/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "accounts/muster-access-token.h"
#include "accounts/muster-refresh-token.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define ISSUER "0199a1b2-0000-7000-8000-000000000001"

static MusterKeyRing *
make_keys (void)
{
  g_autofree char *folder = g_dir_make_tmp ("muster-fuzz-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "keys", NULL);
  g_autoptr (MusterClock) clock = MUSTER_CLOCK (muster_manual_clock_new (G_TIME_SPAN_DAY));
  MusterKeyRing *keys = muster_key_ring_new (path, clock);

  g_assert_true (muster_key_ring_load (keys, NULL));
  g_unlink (path);
  g_rmdir (folder);
  return keys;
}

/* What may stand behind `Authorization: Bearer`, and where a refresh token is expected. Nobody but
 * the daemon can make one that is taken. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static MusterKeyRing *keys;
  g_autofree char      *text = g_strndup ((const char *)data, size);
  g_autoptr (MusterAccessToken) token = NULL;
  g_autofree char *family = NULL;

  if (keys == NULL)
    keys = make_keys ();
  token = muster_access_token_verify (text, keys, ISSUER, 0, NULL);
  family = muster_refresh_token_parse (keys, text);
  g_assert_true (token == NULL && family == NULL);
  return 0;
}
