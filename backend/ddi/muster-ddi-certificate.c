/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ddi-certificate"

#include "config.h"

#include <gnutls/x509.h>
#include <string.h>

#include "model/muster-error.h"
#include "muster-ddi-certificate.h"

#define MAX_CHAIN 8
#define MAX_NAME 256 /* characters of a controller id */

struct _MusterDdiAuthorities
{
  gnutls_x509_trust_list_t list; /* (owned) */
};

MusterDdiAuthorities *
muster_ddi_authorities_new (GBytes *pem, GError **error)
{
  g_autoptr (MusterDdiAuthorities) self = g_new0 (MusterDdiAuthorities, 1);
  gsize          size;
  gnutls_datum_t data;

  g_return_val_if_fail (pem != NULL, NULL);

  data.data = (unsigned char *)g_bytes_get_data (pem, &size);
  data.size = size;
  gnutls_x509_trust_list_init (&self->list, 0);
  if (size > 0 &&
      gnutls_x509_trust_list_add_trust_mem (self->list, &data, NULL, GNUTLS_X509_FMT_PEM, 0, 0) > 0)
    return g_steal_pointer (&self);
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_INVALID, "holds no certificate as PEM");
  return NULL;
}

void
muster_ddi_authorities_free (MusterDdiAuthorities *self)
{
  gnutls_x509_trust_list_deinit (self->list, 1);
  g_free (self);
}

/* CERTIFICATE and what came with it; those read are to be freed, however many there are. */
static unsigned
read_chain (GTlsCertificate *certificate, gnutls_x509_crt_t chain[MAX_CHAIN])
{
  unsigned n_read = 0;

  for (GTlsCertificate *at = certificate; at != NULL && n_read < MAX_CHAIN;
       at = g_tls_certificate_get_issuer (at))
    {
      g_autoptr (GByteArray) der = NULL;
      gnutls_datum_t data;

      g_object_get (at, "certificate", &der, NULL);
      data.data = der->data;
      data.size = der->len;
      gnutls_x509_crt_init (&chain[n_read]);
      if (gnutls_x509_crt_import (chain[n_read++], &data, GNUTLS_X509_FMT_DER) < 0)
        break;
    }
  return n_read;
}

static gboolean
is_trusted (MusterDdiAuthorities *self, gnutls_x509_crt_t *chain, unsigned length)
{
  gnutls_typed_vdata_st purpose = { GNUTLS_DT_KEY_PURPOSE_OID,
                                    (unsigned char *)GNUTLS_KP_TLS_WWW_CLIENT, 0 };
  unsigned              status = 0;

  return gnutls_x509_trust_list_verify_crt2 (self->list, chain, length, &purpose, 1, 0, &status,
                                             NULL) >= 0 &&
         status == 0;
}

/* One that has a zero byte in it is none. */
static char *
dup_name (gnutls_x509_crt_t certificate)
{
  char   name[MAX_NAME * 4 + 1];
  size_t size = sizeof name;

  if (gnutls_x509_crt_get_dn_by_oid (certificate, GNUTLS_OID_X520_COMMON_NAME, 0, 0, name, &size) <
        0 ||
      strlen (name) != size || !g_utf8_validate (name, size, NULL))
    return NULL;
  return g_strdup (name);
}

char *
muster_ddi_authorities_check (MusterDdiAuthorities *self, GTlsCertificate *certificate)
{
  gnutls_x509_crt_t chain[MAX_CHAIN];
  unsigned          length;
  char             *name = NULL;

  g_return_val_if_fail (self != NULL && G_IS_TLS_CERTIFICATE (certificate), NULL);

  length = read_chain (certificate, chain);
  if (is_trusted (self, chain, length))
    name = dup_name (chain[0]);
  for (unsigned i = 0; i < length; i++)
    gnutls_x509_crt_deinit (chain[i]);
  return name;
}
