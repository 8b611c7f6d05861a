/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-firmware-artifact.h"
#include "model/muster-firmware-file.h"
#include "model/muster-firmware-update.h"
#include "model/muster-firmware-upload.h"
#include "model/muster-update-event.h"
#include "muster-api-client.h"
#include "muster-api-page.h"

G_BEGIN_DECLS

/* Firmware, and single devices' updates. Hear of updates on the live stream's topic `updates`: each
 * event's data is one with its progress (muster_entity_new_from_json with
 * muster_firmware_update_info). What is not journalled of it (phase, progress) is told there alone.
 */

/* Told how much of a file is sent: bytes. FALSE: it is given up. */
typedef gboolean (*MusterApiUploadFunc) (gint64 sent, gint64 size, gpointer user_data);

/* Resolves to a MusterApiPage of MusterFirmwareArtifact. */
DexFuture *muster_api_firmware_list (MusterApiClient *client, const MusterApiListQuery *query);
/* Resolve to the MusterFirmwareArtifact. */
DexFuture *muster_api_firmware_get (MusterApiClient *client, const char *id);
/* Brings the file PATH in pieces, each of which is sent again where it got lost, and makes firmware
 * of it: MEMBERS (taken) (nullable) are those of a FirmwareArtifact; name, version, models and more
 * are read from the file where they are left out. PROGRESS may be NULL; USER_DATA must stay until
 * the future is done. MUSTER_ERROR_INVALID names what is wrong: `/file`, `/version`; where it is
 * given up, nothing of it stays with the site: G_IO_ERROR_CANCELLED. */
DexFuture *muster_api_firmware_upload (MusterApiClient    *client,
                                       const char         *path,
                                       JsonObject         *members,
                                       MusterApiUploadFunc progress,
                                       gpointer            user_data);
/* CHANGES is taken. */
DexFuture *muster_api_firmware_update (MusterApiClient *client,
                                       const char      *id,
                                       JsonObject      *changes,
                                       gint64           revision);
/* It is given to no device any more; or to devices again. */
DexFuture *muster_api_firmware_withdraw (MusterApiClient *client, const char *id);
DexFuture *muster_api_firmware_restore (MusterApiClient *client, const char *id);
/* Resolves to TRUE; MUSTER_ERROR_CONFLICT for one that updates name: withdraw it instead. */
DexFuture *muster_api_firmware_delete (MusterApiClient *client, const char *id, gint64 revision);
/* Resolves to a MusterApiPage of MusterFirmwareFile. */
DexFuture *muster_api_firmware_list_files (MusterApiClient *client, const char *id);

/* Filters by `device_id`, `artifact_id`, `rollout_id`, `rollout_group_id`, `status`; sort by `-id`
 * for the newest. Resolves to a MusterApiPage of MusterFirmwareUpdate. */
DexFuture *muster_api_updates_list (MusterApiClient *client, const MusterApiListQuery *query);
/* Resolve to the MusterFirmwareUpdate. */
DexFuture *muster_api_updates_get (MusterApiClient *client, const char *id);
/* UPDATE: a new MusterFirmwareUpdate with device_id and artifact_id, and perhaps kind, window … */
DexFuture *muster_api_updates_create (MusterApiClient *client, MusterEntity *update);
/* FORCE: one that is being cancelled ends without the device's word. */
DexFuture *muster_api_updates_cancel (MusterApiClient *client, const char *id, gboolean force);
DexFuture *muster_api_updates_retry (MusterApiClient *client, const char *id);
/* A soft one becomes forced. */
DexFuture *muster_api_updates_force (MusterApiClient *client, const char *id);
/* Oldest first. Resolves to a MusterApiPage of MusterUpdateEvent. */
DexFuture *muster_api_updates_list_events (MusterApiClient *client, const char *id);

G_END_DECLS
