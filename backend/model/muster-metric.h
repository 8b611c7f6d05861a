/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

/* Sparkplug datatypes 1 to 13 and the rest. */
typedef enum
{
  MUSTER_DATATYPE_INT8,
  MUSTER_DATATYPE_INT16,
  MUSTER_DATATYPE_INT32,
  MUSTER_DATATYPE_INT64,
  MUSTER_DATATYPE_UINT8,
  MUSTER_DATATYPE_UINT16,
  MUSTER_DATATYPE_UINT32,
  MUSTER_DATATYPE_UINT64,
  MUSTER_DATATYPE_FLOAT,
  MUSTER_DATATYPE_DOUBLE,
  MUSTER_DATATYPE_BOOLEAN,
  MUSTER_DATATYPE_STRING,
  MUSTER_DATATYPE_DATETIME,
  MUSTER_DATATYPE_OTHER,
} MusterDatatype;

extern const MusterEnum       muster_datatype_enum;
extern const MusterEntityInfo muster_metric_info;

#define MUSTER_TYPE_METRIC (muster_metric_get_type ())
G_DECLARE_FINAL_TYPE (MusterMetric, muster_metric, MUSTER, METRIC, MusterEntity)

G_END_DECLS
