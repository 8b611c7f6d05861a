/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-webhook-signature"

#include "config.h"

#include <string.h>

#include "muster-webhook-signature.h"

#define PREFIX "whsec_"

char *
muster_webhook_sign (const char *secret, const char *id, gint64 timestamp, const char *body)
{
  g_autofree char   *text = g_strdup_printf ("%s.%" G_GINT64_FORMAT ".%s", id, timestamp, body);
  g_autofree guint8 *key = NULL;
  g_autoptr (GHmac) hmac = NULL;
  g_autofree char *base64 = NULL;
  guint8           digest[32];
  gsize            length = 0, digest_length = sizeof digest;

  g_return_val_if_fail (secret != NULL && id != NULL && body != NULL, NULL);

  if (g_str_has_prefix (secret, PREFIX))
    key = g_base64_decode (secret + strlen (PREFIX), &length);
  if (length == 0)
    {
      g_free (key);
      length = strlen (secret);
      key = g_memdup2 (secret, length);
    }
  hmac = g_hmac_new (G_CHECKSUM_SHA256, key, length);
  g_hmac_update (hmac, (const guint8 *)text, strlen (text));
  g_hmac_get_digest (hmac, digest, &digest_length);
  base64 = g_base64_encode (digest, digest_length);
  memset (key, 0, length);
  return g_strconcat ("v1,", base64, NULL);
}
