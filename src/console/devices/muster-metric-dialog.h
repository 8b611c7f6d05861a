/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "model/muster-metric.h"
#include "muster-session.h"

G_BEGIN_DECLS

/* What makes sense of METRIC: its unit, its range, and how fast it can change. */
AdwDialog *muster_metric_dialog_new (MusterSession *session, MusterMetric *metric);

G_END_DECLS
