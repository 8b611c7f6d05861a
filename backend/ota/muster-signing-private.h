/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-signing.h"

G_BEGIN_DECLS

/* TEXT: 64 hexadecimal digits, or NULL, which are none. */
gboolean muster_signing_read_hex (const char *text, guint8 bytes[32]);
/* The record of a key; PUBLIC_KEY may be the SHA-256 of a certificate: (transfer full). */
MusterEntity *muster_signing_make_record (const char    *name,
                                          const guint8   public_key[32],
                                          MusterKeyPlace place);
/* DATA: the MusterEntity to insert, which is what it results in. */
gboolean muster_signing_insert_job (MusterTransaction *transaction,
                                    gpointer           data,
                                    GValue            *result,
                                    GError           **error);

G_END_DECLS
