/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-repository.h"
#include "core/muster-service.h"
#include "core/muster-settings.h"
#include "model/muster-firmware-artifact.h"
#include "model/muster-firmware-file.h"
#include "model/muster-firmware-set-member.h"
#include "model/muster-firmware-set.h"
#include "model/muster-firmware-upload.h"
#include "muster-firmware-store.h"

G_BEGIN_DECLS

#define MUSTER_SETTING_FIRMWARE_LIMIT "firmware.limit"
#define MUSTER_SETTING_FIRMWARE_BASE_URI "firmware.base-uri"
#define MUSTER_SETTING_FIRMWARE_KEEP_DAYS "firmware.keep-days"
#define MUSTER_SETTING_FIRMWARE_TOKEN_MODULE "firmware.token-module"
#define MUSTER_SETTING_FIRMWARE_REQUIRE_SIGNATURE "firmware.require-signature"
#define MUSTER_SETTING_FIRMWARE_LEAST_CHARGE "firmware.least-charge"

/* The room's settings; ended by a NULL key. */
extern const MusterSetting muster_firmware_settings[];

/**
 * MusterFirmwareService:
 *
 * Firmware as records and files: `firmware_artifact` (what one part of a device runs: in hawkBit's
 * words a software module), its `firmware_file`s, and `firmware_set`s of several artifacts (a
 * distribution set). Records are read by the repository like any others; what changes them and
 * their files together is here. An artifact is `draft` until it has its first file, `ready` then.
 */
#define MUSTER_TYPE_FIRMWARE_SERVICE (muster_firmware_service_get_type ())
G_DECLARE_FINAL_TYPE (MusterFirmwareService,
                      muster_firmware_service,
                      MUSTER,
                      FIRMWARE_SERVICE,
                      MusterService)

/* Before DATABASE starts: adds the rules that number firmware, files, sets, updates and their
 * events, and those that keep what is in use from being deleted.
 * FOLDER: where the bytes of files are kept. */
void muster_firmware_rules_add (MusterDatabase *database, const char *folder);

MusterFirmwareService *muster_firmware_service_new (MusterRepository    *repository,
                                                    MusterFirmwareStore *store,
                                                    MusterSettings      *settings);
MusterRepository      *muster_firmware_service_get_repository (MusterFirmwareService *self);
MusterFirmwareStore   *muster_firmware_service_get_store (MusterFirmwareService *self);
/* The largest file that is taken, in bytes. */
gint64 muster_firmware_service_get_limit (MusterFirmwareService *self);
/* Whether what has a place for a signature must bear a good one to be given to devices. */
gboolean muster_firmware_service_requires_signature (MusterFirmwareService *self);
/* Percent of its battery that a device needs to be given firmware by a rollout; 0: none. */
double muster_firmware_service_get_least_charge (MusterFirmwareService *self);

/* Keeps ARTIFACT (a new MusterFirmwareArtifact), a draft without files yet. Resolves to it. */
DexFuture *muster_firmware_service_create (MusterFirmwareService *self,
                                           MusterActor           *actor,
                                           MusterEntity          *artifact);
/* Adds a copy of FD's bytes as file NAME; the first file of an artifact is its main file, and is
 * looked at: what it says of itself is filled in where the record has nothing, and what contradicts
 * it is refused. Resolves to the MusterFirmwareFile; rejects with MUSTER_ERROR_NOT_FOUND (no such
 * artifact), _CONFLICT (it has a file of this name), _INVALID (`/file`: broken, of a broken
 * signature, of a revoked key), _TOO_LARGE. */
DexFuture *muster_firmware_service_add_file (MusterFirmwareService *self,
                                             MusterActor           *actor,
                                             const char            *artifact_id,
                                             const char            *name,
                                             int                    fd);
/* Deletes a file's record; MUSTER_ERROR_CONFLICT as long as an update under way needs it. An
 * artifact that loses its last file is a draft again. Resolves to TRUE. */
DexFuture *muster_firmware_service_remove_file (MusterFirmwareService *self,
                                                MusterActor           *actor,
                                                const char            *file_id);
/* Withdrawn, it is given to no device any more: updates that wait are cancelled soon after, and
 * rollouts pause (muster_firmware_use_end_barred()), devices that are at it go on; or to devices
 * again. Resolves to the artifact. */
DexFuture *muster_firmware_service_set_withdrawn (MusterFirmwareService *self,
                                                  MusterActor           *actor,
                                                  const char            *artifact_id,
                                                  gboolean               is_withdrawn);
/* Keeps SET with the artifacts of ARTIFACT_IDS in that order. Resolves to it. */
DexFuture *muster_firmware_service_create_set (MusterFirmwareService *self,
                                               MusterActor           *actor,
                                               MusterEntity          *set,
                                               const char *const     *artifact_ids);

/* Sees to it that the image of SHA256 in the store has an index. Resolves to a gint64: its size in
 * bytes; rejects with MUSTER_ERROR_UNSUPPORTED for what is no Muster image. */
DexFuture *muster_firmware_service_ensure_index (MusterFirmwareService *self, const char *sha256);

/* --- uploads --- */

/* Keeps UPLOAD, a new MusterFirmwareUpload. Resolves to it. */
DexFuture *muster_firmware_service_begin_upload (MusterFirmwareService *self,
                                                 MusterActor           *actor,
                                                 MusterEntity          *upload);
/* Adds what FD has at OFFSET: muster_firmware_store_append(). Resolves to the upload. */
DexFuture *muster_firmware_service_append_upload (MusterFirmwareService *self,
                                                  MusterActor           *actor,
                                                  const char            *id,
                                                  gint64                 offset,
                                                  int                    fd);
/* Makes the file of the artifact that the upload names, or of a new one: MEMBERS (nullable) has
 * members of a FirmwareArtifact; what is left out is taken from the file. Resolves to the
 * MusterFirmwareArtifact. */
DexFuture *muster_firmware_service_finish_upload (MusterFirmwareService *self,
                                                  MusterActor           *actor,
                                                  const char            *id,
                                                  JsonObject            *members);
DexFuture *muster_firmware_service_drop_upload (MusterFirmwareService *self,
                                                MusterActor           *actor,
                                                const char            *id);

G_END_DECLS
