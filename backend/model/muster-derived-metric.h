/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-entity.h"

G_BEGIN_DECLS

/* What is stored of an expression's value. */
typedef enum
{
  MUSTER_DERIVED_VALUE,    /* as it is */
  MUSTER_DERIVED_INTEGRAL, /* its sum over time, in hours: of W / 1000 it is kWh */
  MUSTER_DERIVED_RATE,     /* its change a second */
} MusterDerivedMethod;

extern const MusterEnum       muster_derived_method_enum;
extern const MusterEntityInfo muster_derived_metric_info;

/* A metric that Muster reckons from others as they come in. */
#define MUSTER_TYPE_DERIVED_METRIC (muster_derived_metric_get_type ())
G_DECLARE_FINAL_TYPE (MusterDerivedMetric,
                      muster_derived_metric,
                      MUSTER,
                      DERIVED_METRIC,
                      MusterEntity)

G_END_DECLS
