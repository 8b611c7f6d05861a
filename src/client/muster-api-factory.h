/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-factory-batch.h"
#include "model/muster-factory-unit.h"
#include "model/muster-test-plan.h"
#include "model/muster-test-run.h"
#include "muster-api-client.h"
#include "muster-api-page.h"

G_BEGIN_DECLS

/* Units that are made at the daemon's machine, and the plans that boards are tested by. What
 * becomes of them is told by the journal (entities factory_batch, factory_unit, test_plan,
 * test_run). */

/* --- test plans --- */

/* Resolves to a MusterApiPage of MusterTestPlan. */
DexFuture *muster_api_test_plans_list (MusterApiClient *client, const MusterApiListQuery *query);
/* Resolve to the MusterTestPlan. */
DexFuture *muster_api_test_plans_get (MusterApiClient *client, const char *id);
DexFuture *muster_api_test_plans_create (MusterApiClient *client, MusterEntity *plan);
/* CHANGES are taken. */
DexFuture *muster_api_test_plans_update (MusterApiClient *client,
                                         const char      *id,
                                         JsonObject      *changes,
                                         gint64           revision);
/* Resolves to TRUE. */
DexFuture *muster_api_test_plans_delete (MusterApiClient *client, const char *id, gint64 revision);
/* Runs the plan against the board at PORT. Resolves to the MusterTestRun. */
DexFuture *muster_api_test_plans_run (MusterApiClient *client, const char *id, const char *port);

/* --- test runs --- */

/* Resolves to a MusterApiPage of MusterTestRun. */
DexFuture *muster_api_test_runs_list (MusterApiClient *client, const MusterApiListQuery *query);
/* Resolve to the MusterTestRun. */
DexFuture *muster_api_test_runs_get (MusterApiClient *client, const char *id);
/* NOTE (nullable). */
DexFuture *muster_api_test_runs_answer (MusterApiClient *client,
                                        const char      *id,
                                        gboolean         passed,
                                        const char      *note);
DexFuture *muster_api_test_runs_cancel (MusterApiClient *client, const char *id);
/* FORMAT: "json" or "junit". Resolves to a GBytes. */
DexFuture *muster_api_test_runs_get_report (MusterApiClient *client,
                                            const char      *id,
                                            const char      *format);

/* --- batches --- */

/* Resolves to a MusterApiPage of MusterFactoryBatch. */
DexFuture *muster_api_factory_list (MusterApiClient *client, const MusterApiListQuery *query);
/* Resolve to the MusterFactoryBatch. */
DexFuture *muster_api_factory_get (MusterApiClient *client, const char *id);
DexFuture *muster_api_factory_create (MusterApiClient *client, MusterEntity *batch);
/* CHANGES are taken. */
DexFuture *muster_api_factory_update (MusterApiClient *client,
                                      const char      *id,
                                      JsonObject      *changes,
                                      gint64           revision);
/* Resolves to TRUE. */
DexFuture *muster_api_factory_delete (MusterApiClient *client, const char *id, gint64 revision);
/* PORTS (taken): an array of texts, or of {"port","flash_port"} where the tool has another.
 * Resolves to a MusterApiPage of the new MusterFactoryUnit. */
DexFuture *muster_api_factory_add_units (MusterApiClient *client, const char *id, JsonArray *ports);
/* FORMAT: "json" or "csv". Resolves to a GBytes. */
DexFuture *muster_api_factory_get_record (MusterApiClient *client,
                                          const char      *id,
                                          const char      *format);
/* The keys of the units that were made in the batch BATCH_ID (nullable: in any), or that are
 * reached through the gateway GATEWAY_ID (nullable), as a gateway reads them. Resolves to a GBytes
 * of text; wipe it after use. */
DexFuture *muster_api_factory_get_keys (MusterApiClient *client,
                                        const char      *batch_id,
                                        const char      *gateway_id);

/* --- boards --- */

/* Of every batch, or of one by a filter `batch_id`. Resolves to a MusterApiPage of
 * MusterFactoryUnit. */
DexFuture *muster_api_factory_list_units (MusterApiClient *client, const MusterApiListQuery *query);
/* Resolve to the MusterFactoryUnit. */
DexFuture *muster_api_factory_get_unit (MusterApiClient *client, const char *id);
DexFuture *muster_api_factory_retry_unit (MusterApiClient *client, const char *id);
DexFuture *muster_api_factory_cancel_unit (MusterApiClient *client, const char *id);
/* NOTE (nullable). */
DexFuture *muster_api_factory_answer_unit (MusterApiClient *client,
                                           const char      *id,
                                           gboolean         passed,
                                           const char      *note);
/* OUTCOME NULL: the site's label printer prints its label; "printed" or "failed": another printer
 * did, with ERROR (nullable), which is noted. */
DexFuture *muster_api_factory_print_label (MusterApiClient *client,
                                           const char      *id,
                                           const char      *outcome,
                                           const char      *error);
/* FORMAT: "json" or "junit". Resolves to a GBytes. */
DexFuture *muster_api_factory_get_report (MusterApiClient *client,
                                          const char      *id,
                                          const char      *format);

G_END_DECLS
