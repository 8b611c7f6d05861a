/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-alert-engine.h"

G_BEGIN_DECLS

/**
 * MusterAlertPast:
 *
 * A series whose past matters to a rule after a restart: what the rule had reached is known from
 * the alerts, but how long something has been so, or how fast it changed, from stored samples
 * alone.
 */
typedef struct
{
  MusterAlertPlan *plan;      /* (owned) */
  char            *device_id; /* (owned) */
  char            *metric;    /* (owned) (nullable): of an expression */
  const char     **metrics;   /* (owned): what it looks at, NULL-terminated */
  gint64           length;    /* µs: how much of the past matters */
} MusterAlertPast;

/* Of all rules of ENGINE, which has been told the newest samples:
 * (transfer full) (element-type MusterAlertPast) */
GPtrArray *muster_alert_past_list (MusterAlertEngine *engine);
/* BATCH: the stored samples of its metrics since its length before NOW, which are evaluated as they
 * would have been then; a device's clock is taken for right. */
void muster_alert_past_restore (MusterAlertPast   *self,
                                MusterAlertEngine *engine,
                                MusterSampleBatch *batch,
                                gint64             now);

G_END_DECLS
