/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Numbers of bytes as people write them: "500 GB", "64 MiB", "1.5 TB". */

/* (transfer full): N bytes in the greatest unit that tells them exactly. */
char *muster_size_text_format (gint64 n);
/* FALSE where TEXT is not a number of bytes; without a unit it is one of bytes. */
gboolean muster_size_text_parse (const char *text, gint64 *n);

G_END_DECLS
