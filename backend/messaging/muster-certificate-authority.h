/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-clock.h"
#include "core/muster-service.h"

G_BEGIN_DECLS

/**
 * MusterCertificateAuthority:
 *
 * The site's own certificate authority (ECDSA on P-256) and the server certificate that broker and
 * HTTP server show. Made at the first start in a directory of its own, 0600; the server's is
 * renewed 30 days before it ends or when the names change.
 */
#define MUSTER_TYPE_CERTIFICATE_AUTHORITY (muster_certificate_authority_get_type ())
G_DECLARE_FINAL_TYPE (MusterCertificateAuthority,
                      muster_certificate_authority,
                      MUSTER,
                      CERTIFICATE_AUTHORITY,
                      MusterService)

/* DIRECTORY: `tls` of the data directory. SITE_NAME: for the subject. HOSTS (nullable): names and
 * addresses to be known by beyond the machine's own. */
MusterCertificateAuthority *muster_certificate_authority_new (const char        *directory,
                                                              const char        *site_name,
                                                              const char *const *hosts,
                                                              MusterClock       *clock);

/* Once started. Borrowed. */
GBytes     *muster_certificate_authority_get_certificate_der (MusterCertificateAuthority *self);
const char *muster_certificate_authority_get_certificate_pem (MusterCertificateAuthority *self);
const char *muster_certificate_authority_get_server_pem (MusterCertificateAuthority *self);
const char *muster_certificate_authority_get_server_key_pem (MusterCertificateAuthority *self);
/* A name in every server certificate of this authority, whatever the addresses:
 * "muster-1f0c2ab93d44". */
const char *muster_certificate_authority_get_tls_name (MusterCertificateAuthority *self);
/* (transfer full): of the HTTP server, with the authority's as issuer. */
GTlsCertificate *muster_certificate_authority_dup_tls_certificate (MusterCertificateAuthority *self,
                                                                   GError **error);
/* (transfer full) (array zero-terminated=1): addresses of this machine that others can reach, best
 * first, its name last
 * ("192.0.2.10", "hall.local"); the loopback's when there is no other. */
char **muster_certificate_authority_list_hosts (MusterCertificateAuthority *self);
/* Makes a new server certificate when it is due. Resolves to whether it did; emits `renewed`. */
DexFuture *muster_certificate_authority_renew (MusterCertificateAuthority *self);

G_END_DECLS
