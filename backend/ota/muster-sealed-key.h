/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MUSTER_SEED_BYTES 32

/* SEED under PASSPHRASE as text: (transfer full), NULL with MUSTER_ERROR_UNAVAILABLE where there is
 * not enough memory for it. Blocks for some tenths of a second. */
char *muster_sealed_key_seal (const guint8 seed[MUSTER_SEED_BYTES],
                              const char  *passphrase,
                              GError     **error);
/* FALSE with MUSTER_ERROR_FORBIDDEN for a wrong passphrase. Blocks likewise. Whoever calls wipes
 * SEED. */
gboolean muster_sealed_key_open (const char *sealed,
                                 const char *passphrase,
                                 guint8      seed[MUSTER_SEED_BYTES],
                                 GError    **error);

G_END_DECLS
