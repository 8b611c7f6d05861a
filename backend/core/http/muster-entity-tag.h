/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The revision that an ETag of ours (`"7"`, or `W/"7"` where the body was compressed) stands for,
 * or 0 when TAG is none. */
gint64 muster_entity_tag_parse (const char *tag);
/* Whether REVISION is among the tags of an If-None-Match (RFC 9110 §13.1.2: weak comparison). */
gboolean muster_entity_tag_matches (const char *if_none_match, gint64 revision);

G_END_DECLS
