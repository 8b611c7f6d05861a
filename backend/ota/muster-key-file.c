/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-key-file"

#include "config.h"

#include <gnutls/x509.h>
#include <sodium.h>
#include <string.h>

#include "model/muster-error.h"
#include "muster-key-file.h"

#define BEGINNING "-----BEGIN"

/* What is wrong with it; NULL: nothing. */
static const char *
read_pem (const char *text, guint8 seed[MUSTER_SEED_BYTES])
{
  const gnutls_datum_t  pem = { (guint8 *)text, strlen (text) };
  gnutls_x509_privkey_t key = NULL;
  gnutls_ecc_curve_t    curve = GNUTLS_ECC_CURVE_INVALID;
  gnutls_datum_t        x = { NULL, 0 }, k = { NULL, 0 };
  const char           *wrong = "is a key that cannot be read";

  if (strstr (text, "ENCRYPTED") != NULL)
    return "is a key under a passphrase: open it before (openssl pkey -in FILE)";
  if (gnutls_x509_privkey_init (&key) < 0)
    return wrong;
  if (gnutls_x509_privkey_import2 (key, &pem, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN) >= 0)
    wrong = "is a key of another kind: devices know Ed25519 alone";
  if (gnutls_x509_privkey_export_ecc_raw (key, &curve, &x, NULL, &k) >= 0 &&
      curve == GNUTLS_ECC_CURVE_ED25519 && k.size == MUSTER_SEED_BYTES)
    {
      memcpy (seed, k.data, MUSTER_SEED_BYTES);
      wrong = NULL;
    }
  if (k.data != NULL)
    sodium_memzero (k.data, k.size);
  gnutls_free (k.data);
  gnutls_free (x.data);
  gnutls_x509_privkey_deinit (key);
  return wrong;
}

static const char *
read_digits (const char *text, guint8 seed[MUSTER_SEED_BYTES])
{
  gsize length = 0;

  return strlen (text) == 2 * MUSTER_SEED_BYTES &&
             sodium_hex2bin (seed, MUSTER_SEED_BYTES, text, 2 * MUSTER_SEED_BYTES, NULL, &length,
                             NULL) == 0 &&
             length == MUSTER_SEED_BYTES
           ? NULL
           : "must be 64 hexadecimal digits, a seed of Ed25519, or such a key as PEM";
}

gboolean
muster_key_file_read (const char *text,
                      guint8      seed[MUSTER_SEED_BYTES],
                      const char *pointer,
                      GError    **error)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  const char *wrong = NULL;

  g_return_val_if_fail (text != NULL && seed != NULL && pointer != NULL, FALSE);

  wrong = strstr (text, BEGINNING) != NULL ? read_pem (text, seed) : read_digits (text, seed);
  if (wrong != NULL)
    muster_field_errors_add (errors, pointer, "%s", wrong);
  return muster_field_errors_check (errors, error);
}
