/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the QR code of a device's label says: `MUSTER:1:SERIAL:SECRET`, where SERIAL is the serial
 * number, percent-encoded (RFC 3986) but for A-Z, 0-9, `-` and `.`, and SECRET the 28 characters of
 * the label secret without hyphens. All of it is in the alphanumeric set of ISO/IEC 18004 where the
 * serial number is, so that the symbol stays small. */
#define MUSTER_ADOPTION_CODE_PREFIX "MUSTER:1:"
/* Bytes: a serial number of 64 characters of four bytes each, all encoded. */
#define MUSTER_ADOPTION_CODE_MAX_LENGTH 1024

/* Whether TEXT begins as such a code, in any case. */
gboolean muster_adoption_code_is_one (const char *text);
/* MUSTER_ERROR_INVALID with a row at `/code` that says what to mend. SERIAL and SECRET (in the form
 * of muster_label_secret_format(); wipe it) are (transfer full). */
gboolean muster_adoption_code_parse (const char *text,
                                     char      **serial,
                                     char      **secret,
                                     GError    **error);
/* SECRET as muster_label_secret_parse() takes it; NULL with its error. (transfer full): wipe it. */
char *muster_adoption_code_format (const char *serial, const char *secret, GError **error);

G_END_DECLS
