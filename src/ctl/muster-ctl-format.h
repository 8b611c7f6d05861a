/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Columns that TEXT takes in a terminal. */
unsigned muster_ctl_text_get_width (const char *text);
/* TEXT, cut to WIDTH columns with an ellipsis: (transfer full). */
char *muster_ctl_text_elide (const char *text, unsigned width);
/* TEXT on one line: line ends become spaces, other control characters and what isn't UTF-8 the
 * replacement character. (transfer full) */
char *muster_ctl_format_line (const char *text);

/* How long ago TIME (UTC microseconds) was at NOW, as in "now", "12 s ago", "3 min ago", "5 d ago",
 * "in 2 h": (transfer full). */
char *muster_ctl_format_age (gint64 time, gint64 now);
/* "1.5 MB": (transfer full). */
char *muster_ctl_format_size (gint64 bytes);
/* Local date and time to the second: (transfer full). */
char *muster_ctl_format_time (gint64 time);

/* A point in time as a person gives it: ISO 8601 with zone, "now", or so long before NOW: "90s",
 * "15m", "2h", "7d". UTC microseconds; FALSE with a usage error naming OPTION. */
gboolean muster_ctl_parse_time (const char *text,
                                const char *option,
                                gint64      now,
                                gint64     *time,
                                GError    **error);
/* "500ms", "90s", "15m", "2h", "7d": microseconds, or -1. */
gint64 muster_ctl_parse_duration (const char *text);

G_END_DECLS
