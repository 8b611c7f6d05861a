/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Moments as people write them into a field, on the clock of a zone. */

/* "2026-11-28 14:00": (transfer full). TIME in UTC microseconds. */
char *muster_moment_format (gint64 time, GTimeZone *zone);
/* "2026-11-28 14:00:30", "2026-11-28" (its begin; with END its last moment), "14:00" (the day of
 * NOW) or "now", whatever stands around it. FALSE: nothing of that. */
gboolean muster_moment_parse (const char *text,
                              GTimeZone  *zone,
                              gint64      now,
                              gboolean    end,
                              gint64     *time);

G_END_DECLS
