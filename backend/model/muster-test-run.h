/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

extern const MusterEntityInfo muster_test_run_info;

#define MUSTER_TYPE_TEST_RUN (muster_test_run_get_type ())
G_DECLARE_FINAL_TYPE (MusterTestRun, muster_test_run, MUSTER, TEST_RUN, MusterEntity)

G_END_DECLS
