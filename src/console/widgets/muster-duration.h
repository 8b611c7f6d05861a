/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Lengths of time as people write them: "90 s", "5 min", "1 h 30 min", "2 d". */

/* Reads TEXT into SECONDS: numbers with the units s, min, h, d and w, in any order; a number alone
 * counts seconds. FALSE, and SECONDS as it was, for anything else and for what does not fit. */
gboolean muster_duration_parse (const char *text, gint64 *seconds);
/* SECONDS (not negative) in the fewest units that say it exactly: (transfer full). */
char *muster_duration_format (gint64 seconds);

G_END_DECLS
