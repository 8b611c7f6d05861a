/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

extern const MusterEntityInfo muster_test_plan_info;

#define MUSTER_TYPE_TEST_PLAN (muster_test_plan_get_type ())
G_DECLARE_FINAL_TYPE (MusterTestPlan, muster_test_plan, MUSTER, TEST_PLAN, MusterEntity)

G_END_DECLS
