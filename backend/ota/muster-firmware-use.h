/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"

G_BEGIN_DECLS

/* What devices are given, and who needs an artifact, by itself or as part of a set. On the thread
 * of TRANSACTION. */

/* The artifact ARTIFACT_ID (nullable), or the parts of the set SET_ID in their order: (transfer
 * full) (element-type MusterFirmwareArtifact); NULL with ERROR. */
GPtrArray *muster_firmware_use_list_parts (MusterTransaction *transaction,
                                           const char        *artifact_id,
                                           const char        *set_id,
                                           GError           **error);

/* The open updates that bring it: (transfer full) (element-type MusterFirmwareUpdate); NULL with
 * ERROR. */
GPtrArray *muster_firmware_use_list_open (MusterTransaction *transaction,
                                          const char        *artifact_id,
                                          GError           **error);
/* How many devices run what an update of it brought: they may ask for its files again. -1 with
 * ERROR. */
gint64 muster_firmware_use_count_installed (MusterTransaction *transaction,
                                            const char        *artifact_id,
                                            GError           **error);

/* FALSE with MUSTER_ERROR_CONFLICT as long as RECORD, an artifact or a set, is needed: by an update
 * under way, a rollout that may begin, or a device that runs it. */
gboolean muster_firmware_use_check_unused (MusterTransaction *transaction,
                                           MusterEntity      *record,
                                           GError           **error);

/* FALSE with MUSTER_ERROR_CONFLICT unless ARTIFACT is ready to be given to devices, by whatever
 * way, and its key is not revoked; NEEDS_SIGNATURE: and it bears one of the site's, where its
 * format has a place for that. */
gboolean muster_firmware_check_given (MusterEntity *artifact,
                                      gboolean      needs_signature,
                                      GError      **error);

/* Likewise for everything that RECORD, an update or a rollout that is there, brings: it was neither
 * withdrawn since, nor signed by a key that was revoked. On the thread of TRANSACTION. */
gboolean muster_firmware_use_check_given (MusterTransaction *transaction,
                                          MusterEntity      *record,
                                          GError           **error);

/* A MusterDatabaseFunc; DATA is not used. Lets no open update go on of which something is signed by
 * a key that is revoked: one that waits is cancelled, a device that is at it is asked to let it be.
 * Lets none begin of which something was withdrawn: one that waits is cancelled, or waits on with
 * its rollout where that is under way, which pauses; a device that is at it goes on. Resolves to a
 * GPtrArray (boxed, element-type MusterFirmwareUpdate) of those that changed. */
gboolean muster_firmware_use_end_barred (MusterTransaction *transaction,
                                         gpointer           data,
                                         GValue            *result,
                                         GError           **error);

G_END_DECLS
