/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

/* How far a board is, in a batch or under a test plan alone. */
typedef enum
{
  MUSTER_BENCH_WAITING,
  MUSTER_BENCH_FLASHING,
  MUSTER_BENCH_PROVISIONING,
  MUSTER_BENCH_TESTING,
  MUSTER_BENCH_ASKING,
  MUSTER_BENCH_PASSED,
  MUSTER_BENCH_FAILED,
  MUSTER_BENCH_CANCELLED,
} MusterBenchStatus;

/* What became of the label of a unit that passed. */
typedef enum
{
  MUSTER_UNIT_LABEL_NONE,
  MUSTER_UNIT_LABEL_DUE,
  MUSTER_UNIT_LABEL_WAITING,
  MUSTER_UNIT_LABEL_PRINTED,
  MUSTER_UNIT_LABEL_FAILED,
} MusterUnitLabel;

extern const MusterEnum         muster_bench_status_enum;
extern const MusterEnum         muster_unit_label_enum;
extern const MusterStateMachine muster_bench_machine;
extern const MusterEntityInfo   muster_factory_unit_info;

#define MUSTER_TYPE_FACTORY_UNIT (muster_factory_unit_get_type ())
G_DECLARE_FINAL_TYPE (MusterFactoryUnit, muster_factory_unit, MUSTER, FACTORY_UNIT, MusterEntity)

G_END_DECLS
