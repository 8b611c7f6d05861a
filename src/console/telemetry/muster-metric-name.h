/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Metrics are named like files, "Sensor/Temperature": the last part, borrowed from NAME. */
const char *muster_metric_name_get_label (const char *name);
/* What stands before it, "" where there is nothing: (transfer full). */
char *muster_metric_name_get_folder (const char *name);
/* In the order for people: what a device measures before what it tells about itself, then by name,
 * 2 before 10. Less than, equal to or greater than 0. */
int muster_metric_name_compare (const char *first, const char *second);
/* Whether it is about the device itself, not about what the device measures or does. */
gboolean muster_metric_name_is_diagnostic (const char *name);
/* Whether a metric of that NAME and UNIT (nullable), with INTEGER values or not, only counts up, as
 * meters, cycles and packets do: how fast it does says more than how far it has come. */
gboolean muster_metric_name_is_counter (const char *name, const char *unit, gboolean integer);

G_END_DECLS
