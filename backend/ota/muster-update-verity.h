/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-firmware-facts-private.h"

G_BEGIN_DECLS

/* Whether the DATA_SIZE bytes at the beginning of SOURCE, and the tree of hashes of TREE_SIZE bytes
 * behind them, give ROOT with SALT, both in hexadecimal digits: dm-verity version 1, blocks of 4096
 * bytes, SHA-256. MUSTER_ERROR_INVALID at `/file`. */
gboolean muster_update_verity_check (const MusterFirmwareSource *source,
                                     gint64                      data_size,
                                     gint64                      tree_size,
                                     const char                 *salt,
                                     const char                 *root,
                                     GError                    **error);

G_END_DECLS
