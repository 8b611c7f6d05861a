/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-update-signature"

#include "config.h"

#include <gnutls/pkcs7.h>
#include <gnutls/x509.h>
#include <string.h>

#include "muster-update-signature.h"

#define MAX_CERTIFICATES 16
#define MAX_SIGNERS 8

typedef struct gnutls_x509_crt_int Certificate;
typedef struct gnutls_pkcs7_int    Cms;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Certificate, gnutls_x509_crt_deinit)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Cms, gnutls_pkcs7_deinit)

static gnutls_datum_t
get_datum (GBytes *bytes)
{
  gsize         size = 0;
  gconstpointer data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;

  return (gnutls_datum_t){ (guint8 *)data, size };
}

static Cms *
import_cms (GBytes *signature)
{
  g_autoptr (Cms) cms = NULL;
  gnutls_datum_t datum = get_datum (signature);

  if (gnutls_pkcs7_init (&cms) < 0 || gnutls_pkcs7_import (cms, &datum, GNUTLS_X509_FMT_DER) < 0)
    return NULL;
  return g_steal_pointer (&cms);
}

static Certificate *
import_certificate (const gnutls_datum_t *datum, gnutls_x509_crt_fmt_t format)
{
  g_autoptr (Certificate) certificate = NULL;

  if (gnutls_x509_crt_init (&certificate) < 0 ||
      gnutls_x509_crt_import (certificate, datum, format) < 0)
    return NULL;
  return g_steal_pointer (&certificate);
}

static Certificate *
import_pem (const char *pem)
{
  const gnutls_datum_t datum = { (guint8 *)pem, strlen (pem) };

  return import_certificate (&datum, GNUTLS_X509_FMT_PEM);
}

gboolean
muster_update_signature_read_certificate (const char *pem, guint8 fingerprint[32])
{
  g_autoptr (Certificate) certificate = NULL;
  size_t size = 32;

  g_return_val_if_fail (pem != NULL && fingerprint != NULL, FALSE);

  certificate = import_pem (pem);
  return certificate != NULL &&
         gnutls_x509_crt_get_fingerprint (certificate, GNUTLS_DIG_SHA256, fingerprint, &size) >= 0;
}

GBytes *
muster_update_signature_dup_content (GBytes *signature)
{
  g_autoptr (Cms) cms = NULL;
  gnutls_datum_t content = { NULL, 0 };
  GBytes        *bytes = NULL;

  g_return_val_if_fail (signature != NULL, NULL);

  cms = import_cms (signature);
  if (cms == NULL || gnutls_pkcs7_get_embedded_data (cms, 0, &content) < 0 || content.size == 0)
    return NULL;
  bytes = g_bytes_new (content.data, content.size);
  gnutls_free (content.data);
  return bytes;
}

/* --- who signed --- */

/* The certificates that CMS brings: (transfer full) (element-type Certificate). */
static GPtrArray *
list_brought (Cms *cms)
{
  GPtrArray *brought = g_ptr_array_new_with_free_func ((GDestroyNotify)gnutls_x509_crt_deinit);
  int        count = MIN (gnutls_pkcs7_get_crt_count (cms), MAX_CERTIFICATES);

  for (int i = 0; i < count; i++)
    {
      gnutls_datum_t datum = { NULL, 0 };
      Certificate   *certificate = NULL;

      if (gnutls_pkcs7_get_crt_raw2 (cms, i, &datum) < 0)
        continue;
      certificate = import_certificate (&datum, GNUTLS_X509_FMT_DER);
      gnutls_free (datum.data);
      if (certificate != NULL)
        g_ptr_array_add (brought, certificate);
    }
  return brought;
}

static gboolean
is_signer (Certificate *certificate, const gnutls_pkcs7_signature_info_st *info)
{
  gnutls_datum_t issuer = { NULL, 0 };
  guint8         id[128];
  size_t         size = sizeof id;
  gboolean       same = FALSE;

  if (info->issuer_dn.size == 0)
    return gnutls_x509_crt_get_subject_key_id (certificate, id, &size, NULL) >= 0 && size > 0 &&
           size == info->issuer_keyid.size && memcmp (id, info->issuer_keyid.data, size) == 0;
  if (gnutls_x509_crt_get_raw_issuer_dn (certificate, &issuer) < 0)
    return FALSE;
  same = gnutls_x509_crt_get_serial (certificate, id, &size) >= 0 &&
         size == info->signer_serial.size && memcmp (id, info->signer_serial.data, size) == 0 &&
         issuer.size == info->issuer_dn.size &&
         memcmp (issuer.data, info->issuer_dn.data, issuer.size) == 0;
  gnutls_free (issuer.data);
  return same;
}

static Certificate *
find_signer (GPtrArray *certificates, const gnutls_pkcs7_signature_info_st *info)
{
  for (guint i = 0; i < certificates->len; i++)
    if (is_signer (certificates->pdata[i], info))
      return certificates->pdata[i];
  return NULL;
}

/* --- what it is worth --- */

static gboolean
is_in_time (Certificate *certificate)
{
  time_t now = time (NULL);

  return gnutls_x509_crt_get_activation_time (certificate) <= now &&
         now <= gnutls_x509_crt_get_expiration_time (certificate);
}

/* SIGNER is TRUSTED itself, or was issued below it by way of what was BROUGHT. */
static gboolean
is_vouched_for (Certificate *signer, Certificate *trusted, GPtrArray *brought)
{
  Certificate             *chain[MAX_CERTIFICATES + 1] = { signer };
  unsigned                 length = 1, status = 0;
  gnutls_x509_trust_list_t list = NULL;
  gboolean                 good = FALSE;

  if (gnutls_x509_crt_equals (signer, trusted))
    return is_in_time (signer);
  if (gnutls_x509_trust_list_init (&list, 0) < 0)
    return FALSE;
  for (guint i = 0; i < brought->len; i++)
    if (brought->pdata[i] != signer)
      chain[length++] = brought->pdata[i];
  good = gnutls_x509_trust_list_add_cas (list, &trusted, 1, 0) == 1 &&
         gnutls_x509_trust_list_verify_crt (list, chain, length, 0, &status, NULL) >= 0 &&
         status == 0;
  gnutls_x509_trust_list_deinit (list, 0);
  return good;
}

static void
weigh_signer (MusterFirmwareFacts *facts, Certificate *signer, GPtrArray *brought, GArray *keys)
{
  for (guint i = 0; i < keys->len; i++)
    {
      const MusterFirmwareKey *key = &g_array_index (keys, MusterFirmwareKey, i);
      g_autoptr (Certificate) trusted =
                  key->certificate != NULL ? import_pem (key->certificate) : NULL;

      if (trusted == NULL || !is_vouched_for (signer, trusted, brought) ||
          (key->status == MUSTER_KEY_REVOKED && *facts->key_id != '\0'))
        continue;
      g_strlcpy (facts->key_id, key->id, sizeof facts->key_id);
      facts->trust = key->status == MUSTER_KEY_REVOKED ? MUSTER_TRUST_REVOKED : MUSTER_TRUST_SIGNED;
    }
}

static void
describe_signer (MusterFirmwareFacts *facts, Certificate *signer)
{
  gnutls_datum_t name = { NULL, 0 };

  if (gnutls_x509_crt_get_dn2 (signer, &name) < 0)
    return;
  if (g_utf8_validate_len ((const char *)name.data, name.size, NULL))
    json_object_set_string_member (facts->manifest, "signed_by", (const char *)name.data);
  gnutls_free (name.data);
  if (!is_in_time (signer))
    json_object_set_string_member (facts->manifest, "signature_note",
                                   "its certificate is not valid now");
}

/* --- the check --- */

/* The site's own: a signature need not bring the certificate of who signed. */
static GPtrArray *
list_own (GArray *keys)
{
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify)gnutls_x509_crt_deinit);

  for (guint i = 0; i < keys->len; i++)
    {
      const char  *pem = g_array_index (keys, MusterFirmwareKey, i).certificate;
      Certificate *certificate = pem != NULL ? import_pem (pem) : NULL;

      if (certificate != NULL)
        g_ptr_array_add (all, certificate);
    }
  return all;
}

static gboolean
check_signer (MusterFirmwareFacts *facts,
              Cms                 *cms,
              int                  index,
              GBytes              *content,
              GArray              *keys,
              GError             **error)
{
  g_autoptr (GPtrArray) brought = list_brought (cms);
  g_autoptr (GPtrArray) own = list_own (keys);
  gnutls_pkcs7_signature_info_st info = { 0 };
  gnutls_datum_t                 datum = get_datum (content);
  Certificate                   *signer = NULL;
  int                            found;

  if (gnutls_pkcs7_get_signature_info (cms, index, &info) < 0)
    return muster_firmware_refuse (error, "has a signature that is damaged: build it again");
  signer = find_signer (brought, &info);
  if (signer == NULL)
    signer = find_signer (own, &info);
  gnutls_pkcs7_signature_info_deinit (&info);
  if (signer == NULL)
    {
      json_object_set_string_member (facts->manifest, "signature_note",
                                     "its certificate is not here: unchecked");
      return TRUE;
    }
  found = gnutls_pkcs7_verify_direct (cms, signer, index, content != NULL ? &datum : NULL, 0);
  if (found == GNUTLS_E_PK_SIG_VERIFY_FAILED)
    return muster_firmware_refuse (error, "was changed after it was signed, or cut: build or "
                                          "download it again");
  describe_signer (facts, signer);
  if (found >= 0)
    weigh_signer (facts, signer, brought, keys);
  else
    json_object_set_string_member (facts->manifest, "signature_note", gnutls_strerror (found));
  return TRUE;
}

gboolean
muster_update_signature_check (MusterFirmwareFacts *facts,
                               GBytes              *signature,
                               GBytes              *content,
                               GArray              *keys,
                               GError             **error)
{
  g_autoptr (Cms) cms = NULL;
  int count;

  g_return_val_if_fail (facts != NULL && signature != NULL && keys != NULL, FALSE);

  facts->trust = MUSTER_TRUST_FOREIGN;
  cms = import_cms (signature);
  count = cms != NULL ? gnutls_pkcs7_get_signature_count (cms) : 0;
  if (count <= 0 || count > MAX_SIGNERS)
    return muster_firmware_refuse (error, "has a signature that is damaged: build it again");
  for (int i = 0; i < count; i++)
    if (!check_signer (facts, cms, i, content, keys, error))
      return FALSE;
  return TRUE;
}
