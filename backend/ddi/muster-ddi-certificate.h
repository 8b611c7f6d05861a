/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Authorities by whose certificates update clients are let in. Immutable. */
typedef struct _MusterDdiAuthorities MusterDdiAuthorities;

/* PEM: their certificates. MUSTER_ERROR_INVALID where there is none in it. */
MusterDdiAuthorities *muster_ddi_authorities_new (GBytes *pem, GError **error);
void                  muster_ddi_authorities_free (MusterDdiAuthorities *self);

/* The common name of CERTIFICATE, which the other side of a TLS connection has shown: (transfer
 * full) (nullable). NULL unless one of them has signed it, by way of others or not, for clients
 * (RFC 5280, 4.2.1.12), and it holds now. */
char *muster_ddi_authorities_check (MusterDdiAuthorities *self, GTlsCertificate *certificate);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterDdiAuthorities, muster_ddi_authorities_free)

G_END_DECLS
