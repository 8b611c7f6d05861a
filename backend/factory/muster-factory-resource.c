/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-factory-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-factory-batch.h"
#include "model/muster-factory-unit.h"
#include "model/muster-test-plan.h"
#include "model/muster-test-run.h"
#include "muster-factory-resource.h"

/* clang-format off */
static const MusterShape plan_shape = { .doc = "A test plan.", .entity = &muster_test_plan_info };
static const MusterShape plans_shape = { .doc = "Test plans.", .entity = &muster_test_plan_info, .list = TRUE };
static const MusterShape test_runs_shape = { .doc = "Test plans run against boards.", .entity = &muster_test_run_info, .list = TRUE };
static const MusterShape batch_shape = { .doc = "A batch.", .entity = &muster_factory_batch_info };
static const MusterShape batches_shape = { .doc = "Batches.", .entity = &muster_factory_batch_info, .list = TRUE };
static const MusterShape units_shape = { .doc = "Boards of batches.", .entity = &muster_factory_unit_info, .list = TRUE };

static const MusterRoute record_routes[] = {
  { "GET", "/test-plans", "listTestPlans", "factory", "What boards are asked and must answer", muster_handle_list, MUSTER_ROUTE_LIST, .response = &plans_shape },
  { "POST", "/test-plans", "createTestPlan", "factory", "Add a test plan", muster_handle_create, MUSTER_ROUTE_PLAIN, .request = &plan_shape, .response = &plan_shape, .status = 201 },
  { "GET", "/test-plans/{id:uuid}", "getTestPlan", "factory", "One test plan", muster_handle_get, MUSTER_ROUTE_PLAIN, .response = &plan_shape },
  { "PUT", "/test-plans/{id:uuid}", "updateTestPlan", "factory", "Change a test plan; what runs goes on by what it was", muster_handle_update, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &plan_shape, .response = &plan_shape },
  { "DELETE", "/test-plans/{id:uuid}", "deleteTestPlan", "factory", "Delete a test plan that no batch names; reports stay", muster_handle_delete, MUSTER_ROUTE_UPDATE, .entity = &muster_test_plan_info },
  { "GET", "/test-runs", "listTestRuns", "factory", "Test plans that were run against boards", muster_handle_list, MUSTER_ROUTE_LIST, .response = &test_runs_shape },
  { "GET", "/factory/batches", "listFactoryBatches", "factory", "Units that are made here", muster_handle_list, MUSTER_ROUTE_LIST, .response = &batches_shape },
  { "POST", "/factory/batches", "createFactoryBatch", "factory", "Begin a batch of units", muster_handle_create, MUSTER_ROUTE_PLAIN, .request = &batch_shape, .response = &batch_shape, .status = 201 },
  { "GET", "/factory/batches/{id:uuid}", "getFactoryBatch", "factory", "One batch", muster_handle_get, MUSTER_ROUTE_PLAIN, .response = &batch_shape },
  { "PUT", "/factory/batches/{id:uuid}", "updateFactoryBatch", "factory", "Change a batch, close it, or open it again", muster_handle_update, MUSTER_ROUTE_UPDATE | MUSTER_ROUTE_PARTIAL, .request = &batch_shape, .response = &batch_shape },
  { "DELETE", "/factory/batches/{id:uuid}", "deleteFactoryBatch", "factory", "Delete a batch that no board was made in", muster_handle_delete, MUSTER_ROUTE_UPDATE, .entity = &muster_factory_batch_info },
  { "GET", "/factory/units", "listFactoryUnits", "factory", "Boards; of one batch by batch_id", muster_handle_list, MUSTER_ROUTE_LIST, .response = &units_shape },
};
/* clang-format on */

void
muster_factory_resource_add (MusterRouter *router, MusterRepository *repository)
{
  muster_router_add (router, record_routes, G_N_ELEMENTS (record_routes), G_OBJECT (repository));
}
