/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-router-private.h"

G_BEGIN_DECLS

/* How often each route was asked, what it answered and how long it took. */
typedef struct _MusterHttpMeter MusterHttpMeter;

MusterHttpMeter *muster_http_meter_new (void);
void             muster_http_meter_free (MusterHttpMeter *self);
/* ENTRY NULL: no route was found. ELAPSED: µs. */
void muster_http_meter_count (MusterHttpMeter        *self,
                              const MusterRouteEntry *entry,
                              unsigned                status,
                              gint64                  elapsed);
/* As families of the Prometheus text format. */
void muster_http_meter_append (MusterHttpMeter *self, GString *text);

G_END_DECLS
