/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MUSTER_PATH_MAX_LENGTH 2048
#define MUSTER_PATH_MAX_SEGMENTS 16
#define MUSTER_QUERY_MAX_LENGTH 32768
#define MUSTER_QUERY_MAX_PARAMS 64

/* A request path in its segments, percent-decoded one by one, so that an encoded slash stays part
 * of its segment. */
typedef struct
{
  char       *buffer; /* (owned) the segments, each with its NUL */
  const char *segments[MUSTER_PATH_MAX_SEGMENTS];
  unsigned    n_segments; /* a trailing slash makes none */
} MusterPath;

/* Splits TEXT, which starts with a slash. MUSTER_ERROR_MALFORMED when an escape is broken or does
 * not give UTF-8 text, MUSTER_ERROR_NOT_FOUND when there are empty or too many segments. Clear with
 * muster_path_clear(), also after a failure. */
gboolean muster_path_parse (MusterPath *path, const char *text, GError **error);
void     muster_path_clear (MusterPath *path);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MusterPath, muster_path_clear)

/* A query string (`a=1&b=x%20y`; `+` is a space) as a table of name to value, both owned by it.
 * MUSTER_ERROR_MALFORMED when it cannot be decoded or exceeds the limits, MUSTER_ERROR_INVALID when
 * a name is given twice. TEXT NULL gives an empty table. */
GHashTable *muster_query_string_parse (const char *text, GError **error);

G_END_DECLS
