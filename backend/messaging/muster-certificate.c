/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-certificate"

#include "config.h"

#include <arpa/inet.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <string.h>

#include "model/muster-error.h"
#include "muster-certificate.h"

#define DAY 86400
#define AUTHORITY_DAYS (20 * 365)

typedef struct gnutls_x509_crt_int     Certificate;
typedef struct gnutls_x509_privkey_int Key;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Certificate, gnutls_x509_crt_deinit)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Key, gnutls_x509_privkey_deinit)

static gboolean
check (int result, const char *what, GError **error)
{
  if (result >= 0)
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, "cannot make a certificate (%s): %s", what,
               gnutls_strerror (result));
  return FALSE;
}

static Key *
make_key (GError **error)
{
  g_autoptr (Key) key = NULL;

  if (!check (gnutls_x509_privkey_init (&key), "key", error) ||
      !check (gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA,
                                            GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0),
              "key", error))
    return NULL;
  return g_steal_pointer (&key);
}

static gboolean
set_key_id (Certificate *certificate, GError **error)
{
  guint8 id[64];
  size_t size = sizeof id;

  return check (gnutls_x509_crt_get_key_id (certificate, 0, id, &size), "key id", error) &&
         check (gnutls_x509_crt_set_subject_key_id (certificate, id, size), "key id", error);
}

/* What every certificate has. */
static Certificate *
make_certificate (Key *key, const char *name, gint64 now, int valid_days, GError **error)
{
  g_autoptr (Certificate) certificate = NULL;
  gint64 seconds = now / G_USEC_PER_SEC;
  guint8 serial[16];

  if (!check (gnutls_rnd (GNUTLS_RND_NONCE, serial, sizeof serial), "serial number", error))
    return NULL;
  serial[0] = (serial[0] & 0x7f) | 0x40;
  if (!check (gnutls_x509_crt_init (&certificate), "structure", error) ||
      !check (gnutls_x509_crt_set_version (certificate, 3), "version", error) ||
      !check (gnutls_x509_crt_set_serial (certificate, serial, sizeof serial), "serial number",
              error) ||
      !check (gnutls_x509_crt_set_activation_time (certificate, seconds - DAY), "time", error) ||
      !check (gnutls_x509_crt_set_expiration_time (certificate, seconds + (gint64)valid_days * DAY),
              "time", error) ||
      !check (gnutls_x509_crt_set_key (certificate, key), "key", error) ||
      !check (gnutls_x509_crt_set_dn_by_oid (certificate, GNUTLS_OID_X520_COMMON_NAME, 0, name,
                                             strlen (name)),
              "name", error) ||
      !set_key_id (certificate, error))
    return NULL;
  return g_steal_pointer (&certificate);
}

static gboolean export (Certificate *certificate,
                        Key         *key,
                        char       **certificate_pem,
                        char       **key_pem,
                        GError     **error)
{
  gnutls_datum_t text;

  if (!check (gnutls_x509_crt_export2 (certificate, GNUTLS_X509_FMT_PEM, &text), "export", error))
    return FALSE;
  *certificate_pem = g_strndup ((const char *)text.data, text.size);
  gnutls_free (text.data);
  if (!check (gnutls_x509_privkey_export2_pkcs8 (key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN,
                                                 &text),
              "export", error))
    {
      g_clear_pointer (certificate_pem, g_free);
      return FALSE;
    }
  *key_pem = g_strndup ((const char *)text.data, text.size);
  gnutls_memset (text.data, 0, text.size);
  gnutls_free (text.data);
  return TRUE;
}

gboolean
muster_certificate_make_authority (const char *name,
                                   gint64      now,
                                   char      **certificate_pem,
                                   char      **key_pem,
                                   GError    **error)
{
  g_autoptr (Key) key = make_key (error);
  g_autoptr (Certificate) certificate = NULL;
  g_autofree char *common_name = g_utf8_substring (name, 0, MIN (g_utf8_strlen (name, -1), 60));

  if (key == NULL)
    return FALSE;
  certificate = make_certificate (key, common_name, now, AUTHORITY_DAYS, error);
  return certificate != NULL &&
         check (gnutls_x509_crt_set_basic_constraints (certificate, 1, 0), "constraints", error) &&
         check (gnutls_x509_crt_set_key_usage (certificate,
                                               GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN),
                "usage", error) &&
         check (gnutls_x509_crt_sign2 (certificate, certificate, key, GNUTLS_DIG_SHA256, 0),
                "signature", error) &&
         export (certificate, key, certificate_pem, key_pem, error);
}

static gboolean
add_name (Certificate *certificate, const char *name, GError **error)
{
  guint8 address[16];
  int    result;

  if (inet_pton (AF_INET, name, address) == 1)
    result = gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_IPADDRESS, address, 4,
                                                   GNUTLS_FSAN_APPEND);
  else if (inet_pton (AF_INET6, name, address) == 1)
    result = gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_IPADDRESS, address, 16,
                                                   GNUTLS_FSAN_APPEND);
  else
    result = gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_DNSNAME, name,
                                                   strlen (name), GNUTLS_FSAN_APPEND);
  return check (result, name, error);
}

static Certificate *
load_certificate (const char *pem, GError **error)
{
  g_autoptr (Certificate) certificate = NULL;
  gnutls_datum_t text = { (guint8 *)pem, strlen (pem) };

  if (!check (gnutls_x509_crt_init (&certificate), "structure", error) ||
      !check (gnutls_x509_crt_import (certificate, &text, GNUTLS_X509_FMT_PEM),
              "reading a certificate", error))
    return NULL;
  return g_steal_pointer (&certificate);
}

static Key *
load_key (const char *pem, GError **error)
{
  g_autoptr (Key) key = NULL;
  gnutls_datum_t text = { (guint8 *)pem, strlen (pem) };

  if (!check (gnutls_x509_privkey_init (&key), "structure", error) ||
      !check (gnutls_x509_privkey_import2 (key, &text, GNUTLS_X509_FMT_PEM, NULL, 0),
              "reading a key", error))
    return NULL;
  return g_steal_pointer (&key);
}

/* Strict verifiers (RFC 5280 §4.2.1.1) want to be told whose key signed. */
static gboolean
set_authority_key_id (Certificate *certificate, Certificate *authority, GError **error)
{
  guint8 id[64];
  size_t size = sizeof id;

  return check (gnutls_x509_crt_get_subject_key_id (authority, id, &size, NULL), "key id", error) &&
         check (gnutls_x509_crt_set_authority_key_id (certificate, id, size), "key id", error);
}

static gboolean
sign_server (Certificate       *certificate,
             const char        *authority_pem,
             const char        *authority_key_pem,
             const char *const *names,
             GError           **error)
{
  g_autoptr (Certificate) authority = load_certificate (authority_pem, error);
  g_autoptr (Key) authority_key = NULL;

  if (authority == NULL || (authority_key = load_key (authority_key_pem, error)) == NULL)
    return FALSE;
  for (unsigned i = 0; names[i] != NULL; i++)
    if (!add_name (certificate, names[i], error))
      return FALSE;
  return set_authority_key_id (certificate, authority, error) &&
         check (gnutls_x509_crt_set_basic_constraints (certificate, 0, -1), "constraints", error) &&
         check (gnutls_x509_crt_set_key_usage (certificate, GNUTLS_KEY_DIGITAL_SIGNATURE), "usage",
                error) &&
         check (gnutls_x509_crt_set_key_purpose_oid (certificate, GNUTLS_KP_TLS_WWW_SERVER, 0),
                "purpose", error) &&
         check (gnutls_x509_crt_sign2 (certificate, authority, authority_key, GNUTLS_DIG_SHA256, 0),
                "signature", error);
}

gboolean
muster_certificate_make_server (const char        *authority_pem,
                                const char        *authority_key_pem,
                                const char *const *names,
                                gint64             now,
                                int                valid_days,
                                char             **certificate_pem,
                                char             **key_pem,
                                GError           **error)
{
  g_autoptr (Key) key = make_key (error);
  g_autoptr (Certificate) certificate = NULL;

  g_return_val_if_fail (names != NULL && names[0] != NULL, FALSE);

  if (key == NULL)
    return FALSE;
  certificate = make_certificate (key, names[0], now, valid_days, error);
  return certificate != NULL &&
         sign_server (certificate, authority_pem, authority_key_pem, names, error) &&
         export (certificate, key, certificate_pem, key_pem, error);
}

gint64
muster_certificate_get_end (const char *pem)
{
  g_autoptr (Certificate) certificate = load_certificate (pem, NULL);

  return certificate != NULL
           ? (gint64)gnutls_x509_crt_get_expiration_time (certificate) * G_USEC_PER_SEC
           : 0;
}

GBytes *
muster_certificate_get_der (const char *pem)
{
  g_autoptr (Certificate) certificate = load_certificate (pem, NULL);
  gnutls_datum_t data;
  GBytes        *bytes;

  if (certificate == NULL || gnutls_x509_crt_export2 (certificate, GNUTLS_X509_FMT_DER, &data) < 0)
    return NULL;
  bytes = g_bytes_new (data.data, data.size);
  gnutls_free (data.data);
  return bytes;
}

char *
muster_certificate_get_fingerprint (const char *pem, unsigned bytes)
{
  g_autoptr (Certificate) certificate = load_certificate (pem, NULL);
  guint8   id[32];
  size_t   size = sizeof id;
  GString *text;

  if (certificate == NULL ||
      gnutls_x509_crt_get_key_id (certificate, GNUTLS_KEYID_USE_SHA256, id, &size) < 0)
    return NULL;
  text = g_string_new (NULL);
  for (unsigned i = 0; i < MIN (bytes, size); i++)
    g_string_append_printf (text, "%02x", id[i]);
  return g_string_free (text, FALSE);
}
