/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

extern const MusterEntityInfo muster_batch_info;

/* Goods of one product that were made or came together. */
#define MUSTER_TYPE_BATCH (muster_batch_get_type ())
G_DECLARE_FINAL_TYPE (MusterBatch, muster_batch, MUSTER, BATCH, MusterEntity)

G_END_DECLS
