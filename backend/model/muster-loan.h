/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

extern const MusterEntityInfo muster_loan_info;

/* A unit lent to somebody. */
#define MUSTER_TYPE_LOAN (muster_loan_get_type ())
G_DECLARE_FINAL_TYPE (MusterLoan, muster_loan, MUSTER, LOAN, MusterEntity)

G_END_DECLS
