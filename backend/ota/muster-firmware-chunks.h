/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"
#include "model/muster-firmware-artifact.h"

G_BEGIN_DECLS

/* Files of zchunk, which updates of SWUpdate name by their hash (MUSTER_UPDATE_CHUNKS_PATH in
 * sw-description) for their devices to fetch only the chunks that are new to them. They lie beside
 * the update, as further files of its artifact; until all of them are here it is a draft. On the
 * thread of TRANSACTION. */

/* Takes the artifact from draft to ready where all that its update names is here, and back where it
 * is not. Changes ARTIFACT alone; FALSE with ERROR. */
gboolean muster_firmware_chunks_settle (MusterTransaction *transaction,
                                        MusterEntity      *artifact,
                                        GError           **error);

/* The artifact whose update names the file SHA256, one that lacks it before others: (transfer
 * full); NULL with MUSTER_ERROR_CONFLICT where there is none. */
MusterEntity *muster_firmware_chunks_find_owner (MusterTransaction *transaction,
                                                 const char        *sha256,
                                                 GError           **error);

/* A MusterDatabaseFunc. DATA: the hash as text. Resolves to the size, a gint64, of that file, where
 * an artifact that is ready has it; rejects with MUSTER_ERROR_NOT_FOUND. */
gboolean muster_firmware_chunks_find_size (MusterTransaction *transaction,
                                           gpointer           data,
                                           GValue            *result,
                                           GError           **error);

/* Whether the file FD is one, by its beginning. */
gboolean muster_firmware_chunks_is_one (int fd);

G_END_DECLS
