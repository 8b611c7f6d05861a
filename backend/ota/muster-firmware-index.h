/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-firmware-store.h"

G_BEGIN_DECLS

/* The indexes of Muster images, by which a unit that has an older image fetches only what is new
 * (firmware/IMAGE.md). Each is made when it is first asked for, and lies beside its image. */

/* Makes the index of the image SHA256 (64 digits), unless it is there. Resolves to a gint64: its
 * size in bytes; rejects with MUSTER_ERROR_NOT_FOUND (no such file), _UNSUPPORTED (no Muster
 * image), _STORAGE_FULL, _FAILED. */
DexFuture *muster_firmware_index_ensure (MusterFirmwareStore *store, const char *sha256);

/* Opens one that is there for reading: a descriptor, and its SIZE in bytes; -1 with
 * MUSTER_ERROR_NOT_FOUND. */
int muster_firmware_index_open (MusterFirmwareStore *store,
                                const char          *sha256,
                                gint64              *size,
                                GError             **error);

/* How many blocks an index of SIZE bytes has. */
gint64 muster_firmware_index_count_blocks (gint64 size);

G_END_DECLS
