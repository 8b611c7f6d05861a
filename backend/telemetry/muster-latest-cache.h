/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-sample.h"

G_BEGIN_DECLS

/* The newest sample of each metric of each device, historical ones left out. Main thread only. */
typedef struct _MusterLatestCache MusterLatestCache;

MusterLatestCache *muster_latest_cache_new (void);
void               muster_latest_cache_free (MusterLatestCache *self);
/* Takes note of BATCH: a sample counts unless a newer one is known. */
void muster_latest_cache_add (MusterLatestCache *self, MusterSampleBatch *batch);
/* Drops what BATCH's samples, which are kept elsewhere, have made old. */
void     muster_latest_cache_outdate (MusterLatestCache *self, MusterSampleBatch *batch);
void     muster_latest_cache_forget (MusterLatestCache *self, const char *device_id);
unsigned muster_latest_cache_count (MusterLatestCache *self);
/* NULL: all devices: (transfer full) (element-type MusterSampleBatch) */
GPtrArray *muster_latest_cache_list (MusterLatestCache *self, const char *const *device_ids);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterLatestCache, muster_latest_cache_free)

G_END_DECLS
