/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-firmware-facts-private.h"

G_BEGIN_DECLS

/* Checks SIGNATURE, a CMS of DER, over CONTENT (nullable: it holds by itself what it signs), by the
 * certificates it brings and those of KEYS: fills in what it is worth in FACTS, and who signed in
 * its manifest. FALSE with MUSTER_ERROR_INVALID at `/file`: it is damaged, or what it signs was
 * changed. A signature whose certificate nobody has is FOREIGN, and unchecked. */
gboolean muster_update_signature_check (MusterFirmwareFacts *facts,
                                        GBytes              *signature,
                                        GBytes              *content,
                                        GArray              *keys,
                                        GError             **error);
/* What a CMS holds by itself: (transfer full) (nullable). */
GBytes *muster_update_signature_dup_content (GBytes *signature);

/* Whether PEM is one certificate that signatures can be checked by: its SHA-256 in
 * FINGERPRINT. */
gboolean muster_update_signature_read_certificate (const char *pem, guint8 fingerprint[32]);

G_END_DECLS
