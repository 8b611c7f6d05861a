/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Until when somebody may want not to hear of an alert: lengths, and mornings. */

/* When the choice NICK ("30min", "1h", "4h", "morning", "monday", "1w") that is made at NOW ends,
 * in UTC microseconds, mornings in ZONE; -1: no such choice. */
gint64 muster_silence_times_resolve (const char *nick, gint64 now, GTimeZone *zone);
/* All of them as items that do ACTION ("alerts.silence") with the nick, and then "custom":
 * (transfer full). */
GMenuModel *muster_silence_times_create_menu (const char *action);

G_END_DECLS
