/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-metrics.h"

G_BEGIN_DECLS

/* Adds what the kernel knows of this process, under the names that Prometheus' own clients use. */
void muster_process_metrics_add (MusterMetrics *metrics, GObject *owner);

G_END_DECLS
