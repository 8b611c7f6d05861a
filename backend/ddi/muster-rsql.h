/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A filter as hawkBit's Management API takes it (RSQL, a superset of FIQL): comparisons like
 * `controllerid==dev*`, joined by `;` or `and` and by `,` or `or`, with brackets. Immutable. */
typedef struct _MusterRsql MusterRsql;

#define MUSTER_RSQL_MAX_LENGTH 4096
#define MUSTER_RSQL_MAX_DEPTH 32

/* MUSTER_ERROR_MALFORMED that says at which character. */
MusterRsql *muster_rsql_parse (const char *text, GError **error);
void        muster_rsql_free (MusterRsql *self);

/* The value of FIELD, whose name comes in lower case, of what is looked at: (transfer full)
 * (nullable): it has none, or there is no such field. */
typedef char *(*MusterRsqlGet) (const char *field, gpointer user_data);

/* Whether it matches. `==` and `!=` take `*` for any characters, and no heed of capitals; the
 * others compare as numbers where both sides are numbers, else as texts. */
gboolean muster_rsql_matches (const MusterRsql *self, MusterRsqlGet get, gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterRsql, muster_rsql_free)

G_END_DECLS
