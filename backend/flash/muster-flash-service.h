/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-service.h"
#include "core/muster-settings.h"
#include "model/muster-flash-batch.h"
#include "model/muster-flash-run.h"
#include "muster-port-table.h"
#include "ota/muster-firmware-service.h"

G_BEGIN_DECLS

/* The room's settings; ended by a NULL key. */
extern const MusterSetting muster_flash_settings[];

/**
 * MusterFlashService:
 *
 * Writes firmware into boards over cables: batches of runs, a run a board at a port. Several ports
 * are at it at once, each with a tool as a child process; a port has one board at a time. What a
 * tool says is kept in a log a run. A board whose port another has waits for it, and says for whom.
 * Everything goes on after a restart of the daemon: a board that was being written is written anew.
 */
#define MUSTER_TYPE_FLASH_SERVICE (muster_flash_service_get_type ())
G_DECLARE_FINAL_TYPE (MusterFlashService,
                      muster_flash_service,
                      MUSTER,
                      FLASH_SERVICE,
                      MusterService)

/* FOLDER: for logs; it is made. */
MusterFlashService *muster_flash_service_new (MusterFirmwareService *firmware,
                                              MusterSettings        *settings,
                                              const char            *folder);
MusterRepository   *muster_flash_service_get_repository (MusterFlashService *self);
/* Who has which port, this room and others. */
MusterPortTable *muster_flash_service_get_ports (MusterFlashService *self);

/* Keeps BATCH, a new MusterFlashBatch, with a board at each of PORTS, and begins. UNIT_ID
 * (nullable): the unit of the factory that it is for, whose ports are its own. Resolves to it;
 * rejects with MUSTER_ERROR_INVALID (`/part`, `/programmer`, `/artifact_id`, `/ports`),
 * _UNAVAILABLE (the tool is not there). */
DexFuture *muster_flash_service_create (MusterFlashService *self,
                                        MusterActor        *actor,
                                        MusterEntity       *batch,
                                        const char *const  *ports,
                                        const char         *unit_id);
/* The next boards at PORTS. Resolve to the MusterFlashBatch. */
DexFuture *muster_flash_service_add (MusterFlashService *self,
                                     MusterActor        *actor,
                                     const char         *batch_id,
                                     const char *const  *ports,
                                     const char         *unit_id);
DexFuture *muster_flash_service_retry (MusterFlashService *self,
                                       MusterActor        *actor,
                                       const char         *batch_id);
/* What is being written is stopped, which leaves the board without firmware. */
DexFuture *muster_flash_service_cancel (MusterFlashService *self,
                                        MusterActor        *actor,
                                        const char         *batch_id);

/* The same for one board. Resolves to its MusterFlashRun. */
DexFuture *muster_flash_service_cancel_run (MusterFlashService *self,
                                            MusterActor        *actor,
                                            const char         *run_id);

/* Resolves to a GBytes: what the tools said of the run, its last MiB; empty before it began. */
DexFuture *muster_flash_service_read_log (MusterFlashService *self, const char *run_id);
/* {"items":[{"tool":"esptool","program":"/usr/bin/esptool"|null,"problem":"…"|null}…]} */
char *muster_flash_service_encode_tools (MusterFlashService *self);
/* {"items":[{"port":"/dev/serial/by-id/…","busy":false,"used_by":null}…]}: the serial ports of the
 * machine, then others that are in use; who uses it is a phrase, with the id of its record. */
char *muster_flash_service_encode_ports (MusterFlashService *self);

G_END_DECLS
