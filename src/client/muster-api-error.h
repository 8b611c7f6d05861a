/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * MusterApiCertificateError:
 * @MUSTER_API_CERTIFICATE_ERROR_UNTRUSTED: nobody known vouches for the daemon's certificate
 * @MUSTER_API_CERTIFICATE_ERROR_CHANGED: the daemon's certificate isn't the pinned one
 *
 * Why a daemon's certificate was refused. Nothing, not even the token, was sent. A person who
 * compared [func@Muster.api_certificate_error_get_fingerprint] with what the daemon's machine shows
 * may go on with [method@Muster.ApiClient.set_pin].
 */
typedef enum
{
  MUSTER_API_CERTIFICATE_ERROR_UNTRUSTED,
  MUSTER_API_CERTIFICATE_ERROR_CHANGED,
} MusterApiCertificateError;

#define MUSTER_API_CERTIFICATE_ERROR (muster_api_certificate_error_quark ())

GQuark  muster_api_certificate_error_quark (void);
GError *muster_api_certificate_error_new (MusterApiCertificateError code, const char *fingerprint);

/* The fingerprint of the certificate that the daemon showed; NULL for any other error. Borrowed. */
const char *muster_api_certificate_error_get_fingerprint (const GError *error);

/* SHA-256 over the DER form, as `12:AB:…` (95 characters): (transfer full). */
char *muster_api_fingerprint_new (GTlsCertificate *certificate);
/* TEXT (any case, with or without colons or spaces) in the form above, or NULL with
 * MUSTER_ERROR_INVALID. */
char *muster_api_fingerprint_parse (const char *text, GError **error);

/* Whether the daemon could not be reached at all: nothing listens, no route, no such host or
 * socket. */
gboolean muster_api_error_is_unreachable (const GError *error);
/* Whether a connection that stood broke off before the answer was complete. */
gboolean muster_api_error_is_lost (const GError *error);
/* Whether asking again later could help: the daemon was away or busy, and did not say no. */
gboolean muster_api_error_is_passing (const GError *error);

G_END_DECLS
