/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-entity.h"

G_BEGIN_DECLS

/* A filter as hawkBit's Management API takes it (RSQL, a superset of FIQL): comparisons like
 * `controllerid==dev*`, joined by `;` or `and` and by `,` or `or`, with brackets. Immutable. */
typedef struct _MusterRsql MusterRsql;

#define MUSTER_RSQL_MAX_LENGTH 4096
#define MUSTER_RSQL_MAX_DEPTH 32

/* MUSTER_ERROR_MALFORMED that says at which character. */
MusterRsql *muster_rsql_parse (const char *text, GError **error);
void        muster_rsql_free (MusterRsql *self);

/* Whether it compares one of FIELDS (NULL-terminated, in lower case). */
gboolean muster_rsql_uses (const MusterRsql *self, const char *const *fields);

/* The values of FIELD, whose name comes in lower case, of what is looked at: (transfer full)
 * (nullable) (array zero-terminated=1): it has none, or there is no such field. */
typedef char **(*MusterRsqlGet) (const char *field, gpointer user_data);
/* As a getter returns them: VALUE (nullable) alone. Takes it. (transfer full) (nullable). */
char **muster_rsql_take_value (char *value);
/* The value of a record's FIELD as filters compare it, times in milliseconds since 1970: (transfer
 * full) (nullable). */
char *muster_rsql_dup_field (MusterEntity *entity, const char *field);

/* Whether it matches: of several values of a field one must, and for `!=` and `=out=` none may.
 * `==` and `!=` take `*` for any characters, and no heed of capitals; the others compare as numbers
 * where both sides are numbers, else as texts. */
gboolean muster_rsql_matches (const MusterRsql *self, MusterRsqlGet get, gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterRsql, muster_rsql_free)

G_END_DECLS
