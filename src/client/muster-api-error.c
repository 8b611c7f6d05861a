/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-error"

#include "config.h"

#include <string.h>

#include "muster-api-error.h"

#include "model/muster-error.h"

#define SHA256_DIGITS 64

typedef struct
{
  char *fingerprint; /* (owned) (nullable) */
} MusterApiCertificateErrorPrivate;

static void
muster_api_certificate_error_private_init (MusterApiCertificateErrorPrivate *priv)
{
}

static void
muster_api_certificate_error_private_copy (const MusterApiCertificateErrorPrivate *from,
                                           MusterApiCertificateErrorPrivate       *to)
{
  to->fingerprint = g_strdup (from->fingerprint);
}

static void
muster_api_certificate_error_private_clear (MusterApiCertificateErrorPrivate *priv)
{
  g_free (priv->fingerprint);
}

/* GLib aligns the private part as g_malloc() does; clang sees the cast from guint8 alone. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wcast-align"
G_DEFINE_EXTENDED_ERROR (MusterApiCertificateError, muster_api_certificate_error)
#pragma GCC diagnostic pop

GError *
muster_api_certificate_error_new (MusterApiCertificateError code, const char *fingerprint)
{
  GError *error;

  if (code == MUSTER_API_CERTIFICATE_ERROR_CHANGED)
    error = g_error_new (MUSTER_API_CERTIFICATE_ERROR, code,
                         "the daemon's certificate is not the one that was trusted; it is now %s",
                         fingerprint);
  else
    error =
      g_error_new (MUSTER_API_CERTIFICATE_ERROR, code,
                   "the daemon's certificate is not trusted; its fingerprint is %s", fingerprint);
  muster_api_certificate_error_get_private (error)->fingerprint = g_strdup (fingerprint);
  return error;
}

const char *
muster_api_certificate_error_get_fingerprint (const GError *error)
{
  if (error == NULL || error->domain != MUSTER_API_CERTIFICATE_ERROR)
    return NULL;
  return muster_api_certificate_error_get_private (error)->fingerprint;
}

static char *
format_fingerprint (const char *digits)
{
  GString *text = g_string_sized_new (SHA256_DIGITS * 3 / 2);

  for (const char *digit = digits; *digit != '\0'; digit++)
    {
      if (digit != digits && (digit - digits) % 2 == 0)
        g_string_append_c (text, ':');
      g_string_append_c (text, g_ascii_toupper (*digit));
    }
  return g_string_free (text, FALSE);
}

char *
muster_api_fingerprint_new (GTlsCertificate *certificate)
{
  g_autoptr (GByteArray) der = NULL;
  g_autofree char *digits = NULL;

  g_return_val_if_fail (G_IS_TLS_CERTIFICATE (certificate), NULL);

  g_object_get (certificate, "certificate", &der, NULL);
  digits = g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len);
  return format_fingerprint (digits);
}

char *
muster_api_fingerprint_parse (const char *text, GError **error)
{
  g_autoptr (GString) digits = g_string_new (NULL);

  g_return_val_if_fail (text != NULL, NULL);

  for (const char *c = text; *c != '\0'; c++)
    if (g_ascii_isxdigit (*c))
      g_string_append_c (digits, *c);
  if (digits->len != SHA256_DIGITS ||
      strspn (text, "0123456789abcdefABCDEF: \t\n") != strlen (text))
    {
      g_set_error_literal (
        error, MUSTER_ERROR, MUSTER_ERROR_INVALID,
        "a fingerprint is 32 bytes (SHA-256) in hexadecimal, parted by colons or not at all");
      return NULL;
    }
  return format_fingerprint (digits->str);
}

gboolean
muster_api_error_is_unreachable (const GError *error)
{
  static const int codes[] = { G_IO_ERROR_CONNECTION_REFUSED, G_IO_ERROR_NOT_FOUND,
                               G_IO_ERROR_HOST_NOT_FOUND, G_IO_ERROR_HOST_UNREACHABLE,
                               G_IO_ERROR_NETWORK_UNREACHABLE, G_IO_ERROR_TIMED_OUT,
                               G_IO_ERROR_PERMISSION_DENIED,
                               /* A Unix socket whose queue is full. */
                               G_IO_ERROR_WOULD_BLOCK };

  if (error == NULL)
    return FALSE;
  if (error->domain == G_RESOLVER_ERROR)
    return TRUE;
  for (unsigned i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_error_matches (error, G_IO_ERROR, codes[i]))
      return TRUE;
  return muster_api_error_is_lost (error);
}

gboolean
muster_api_error_is_lost (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE) ||
         g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_EOF);
}

gboolean
muster_api_error_is_passing (const GError *error)
{
  g_return_val_if_fail (error != NULL, FALSE);

  return error->domain != MUSTER_ERROR || error->code == MUSTER_ERROR_UNAVAILABLE ||
         error->code == MUSTER_ERROR_TIMED_OUT || error->code == MUSTER_ERROR_RATE_LIMITED ||
         error->code == MUSTER_ERROR_PROTOCOL;
}
