/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Certificates as PEM text, made with GnuTLS: ECDSA keys on P-256, signatures with SHA-256. */

/* A new authority named NAME, valid from NOW (UTC microseconds) less a day for 20 years. */
gboolean muster_certificate_make_authority (const char *name,
                                            gint64      now,
                                            char      **certificate_pem,
                                            char      **key_pem,
                                            GError    **error);
/* A server certificate signed by that authority, valid from NOW less a day for VALID_DAYS. NAMES
 * (NULL-terminated): host names and addresses; the first is also the common name. */
gboolean muster_certificate_make_server (const char        *authority_pem,
                                         const char        *authority_key_pem,
                                         const char *const *names,
                                         gint64             now,
                                         int                valid_days,
                                         char             **certificate_pem,
                                         char             **key_pem,
                                         GError           **error);
/* When it ends, in UTC microseconds; 0: PEM holds no certificate. */
gint64 muster_certificate_get_end (const char *pem);
/* (transfer full) (nullable) */
GBytes *muster_certificate_get_der (const char *pem);
/* The first BYTES bytes of the SHA-256 of its public key in hexadecimal: (transfer full)
 * (nullable). */
char *muster_certificate_get_fingerprint (const char *pem, unsigned bytes);

G_END_DECLS
