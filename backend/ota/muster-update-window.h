/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether NOW (UTC µs) lies in the maintenance window TEXT, the JSON of a rollout or an update, by
 * the clocks of ZONE; NULL is always open. Where it is closed, *OPENS_AT is when it opens next, and
 * stays as it is where it never does. Pure. */
gboolean muster_update_window_is_open (const char *text,
                                       GTimeZone  *zone,
                                       gint64      now,
                                       gint64     *opens_at);

G_END_DECLS
