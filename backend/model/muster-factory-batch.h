/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

typedef enum
{
  MUSTER_FACTORY_BATCH_OPEN,
  MUSTER_FACTORY_BATCH_CLOSED,
} MusterFactoryBatchStatus;

/* Who prints the label of a unit that passed. */
typedef enum
{
  MUSTER_FACTORY_LABELS_HAND,
  MUSTER_FACTORY_LABELS_STATION,
  MUSTER_FACTORY_LABELS_SITE,
} MusterFactoryLabels;

extern const MusterEnum       muster_factory_batch_status_enum;
extern const MusterEnum       muster_factory_labels_enum;
extern const MusterEntityInfo muster_factory_batch_info;

#define MUSTER_TYPE_FACTORY_BATCH (muster_factory_batch_get_type ())
G_DECLARE_FINAL_TYPE (MusterFactoryBatch, muster_factory_batch, MUSTER, FACTORY_BATCH, MusterEntity)

G_END_DECLS
