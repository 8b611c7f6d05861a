/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-sealed-key.h"

G_BEGIN_DECLS

/* The largest file of a key that is read. */
#define MUSTER_KEY_FILE_MAX 4096

/* Reads TEXT, a private key of Ed25519: 64 hexadecimal digits, as muster-image writes them, or PEM
 * (PKCS #8, RFC 8410) without a passphrase. Whoever calls wipes SEED. FALSE with
 * MUSTER_ERROR_INVALID at POINTER. */
gboolean muster_key_file_read (const char *text,
                               guint8      seed[MUSTER_SEED_BYTES],
                               const char *pointer,
                               GError    **error);

G_END_DECLS
