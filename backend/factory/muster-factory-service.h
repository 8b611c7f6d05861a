/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-service.h"
#include "core/muster-settings.h"
#include "flash/muster-flash-service.h"
#include "model/muster-factory-unit.h"
#include "model/muster-test-run.h"

G_BEGIN_DECLS

/**
 * MusterFactoryService:
 *
 * Makes units: each board of a batch is given its firmware by MusterFlashService, its identity over
 * its serial line, is tested by the batch's plan, and becomes a device. Runs test plans against
 * other boards too. A port has one board at a time, whoever uses it; ports are at it at once. All
 * goes on after a restart of the daemon: what was being done is done anew, by the same serial
 * number.
 */
#define MUSTER_TYPE_FACTORY_SERVICE (muster_factory_service_get_type ())
G_DECLARE_FINAL_TYPE (MusterFactoryService,
                      muster_factory_service,
                      MUSTER,
                      FACTORY_SERVICE,
                      MusterService)

MusterFactoryService *muster_factory_service_new (MusterFlashService *flash,
                                                  MusterSettings     *settings);
MusterRepository     *muster_factory_service_get_repository (MusterFactoryService *self);

/* The next boards of the batch, at PORTS; FLASH_PORTS, as many, say where their firmware is written
 * ("": there too). Resolves to the (element-type MusterFactoryUnit) GPtrArray (boxed); rejects with
 * MUSTER_ERROR_INVALID (`/ports/N`), _CONFLICT. */
DexFuture *muster_factory_service_add (MusterFactoryService *self,
                                       MusterActor          *actor,
                                       const char           *batch_id,
                                       const char *const    *ports,
                                       const char *const    *flash_ports);
/* Runs the plan against the board at PORT. Resolves to the MusterTestRun. */
DexFuture *muster_factory_service_test (MusterFactoryService *self,
                                        MusterActor          *actor,
                                        const char           *plan_id,
                                        const char           *port);
/* Of a unit. Resolves to it. */
DexFuture *muster_factory_service_retry (MusterFactoryService *self,
                                         MusterActor          *actor,
                                         const char           *id);
/* INFO: that of units, or of test runs. Resolve to the record. */
DexFuture *muster_factory_service_cancel (MusterFactoryService   *self,
                                          MusterActor            *actor,
                                          const MusterEntityInfo *info,
                                          const char             *id);
/* The label of a unit that passed: MUSTER_UNIT_LABEL_WAITING has it printed by the site's printer,
 * PRINTED and FAILED note what another printer did, with ERROR (nullable). Resolves to the unit;
 * rejects with MUSTER_ERROR_CONFLICT. */
DexFuture *muster_factory_service_print_label (MusterFactoryService *self,
                                               MusterActor          *actor,
                                               const char           *id,
                                               MusterUnitLabel       label,
                                               const char           *error);
/* The units that have keys, of the batch BATCH_ID (nullable: of all), or those that are reached
 * through the gateway GATEWAY_ID (nullable). Who read which keys stands in the journal. Resolves to
 * the (element-type MusterFactoryUnit) GPtrArray (boxed); rejects with MUSTER_ERROR_NOT_FOUND,
 * _CONFLICT (the gateway has none). */
DexFuture *muster_factory_service_read_keys (MusterFactoryService *self,
                                             MusterActor          *actor,
                                             const char           *batch_id,
                                             const char           *gateway_id);
/* What the operator saw; NOTE (nullable). */
DexFuture *muster_factory_service_answer (MusterFactoryService   *self,
                                          MusterActor            *actor,
                                          const MusterEntityInfo *info,
                                          const char             *id,
                                          gboolean                passed,
                                          const char             *note);

G_END_DECLS
