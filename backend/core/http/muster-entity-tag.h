/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The revision that an ETag of ours (`"7"`, or `W/"7"` where the body was compressed) stands for,
 * or 0 when TAG is none. */
gint64 muster_entity_tag_parse (const char *tag);
/* Whether TAG, the opaque part without quotes, is in LIST, the value of If-Match, If-None-Match or
 * If-Range: `"a", W/"b,c"`, or `*` for any. IS_STRONG: one that is marked weak is no match. TAG
 * NULL: there is a representation, but it has none. */
gboolean muster_entity_tag_list_has (const char *list, const char *tag, gboolean is_strong);

G_END_DECLS
