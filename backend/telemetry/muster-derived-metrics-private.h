/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-derived-metrics.h"
#include "muster-derived-state.h"

G_BEGIN_DECLS

struct _MusterDerivedMetrics
{
  MusterService        parent_instance;
  MusterRepository    *repository; /* (owned) */
  MusterSampleStore   *store;      /* (owned) */
  MusterDeviceNames   *names;      /* (owned) */
  MusterExclusionBook *exclusions; /* (owned) */
  MusterBus           *bus;        /* (owned) */
  MusterActor         *actor;      /* (owned) */
  GHashTable          *records;    /* (owned) id → (owned) MusterEntity */
  GHashTable          *states;     /* (owned) device's id → (owned) (nullable) MusterDerivedState */
  GPtrArray *to_describe;          /* (owned) (element-type MusterEntity): metrics without record */
  guint      describe_id;
};

/* The records of derived metrics that DEVICE_ID has, its own first: (transfer full) (element-type
 * MusterEntity). */
GPtrArray *muster_derived_metrics_list_of (MusterDerivedMetrics *self, const char *device_id);
/* The state of DEVICE_ID, made anew where there is none yet; NULL where nothing is made of its
 * metrics. */
MusterDerivedState *muster_derived_metrics_ensure_state (MusterDerivedMetrics *self,
                                                         const char           *device_id);
/* Its state is made anew, from what is stored, when the next sample comes. */
void muster_derived_metrics_drop (MusterDerivedMetrics *self, const char *device_id);

G_END_DECLS
