/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-entity.h"

G_BEGIN_DECLS

/**
 * MusterQuery:
 *
 * A list request over one entity: full text `q`, filters (`status=in_stock,reserved`; `field.min=`,
 * `field.max=` for INTEGER, DOUBLE and TIME, both inclusive; `field=null` for no value), `sort`
 * (`-created_at,name`; default `-id`), `limit` (1 to 1000, default 100), `cursor` (keyset, opaque).
 * Unknown names are refused with MUSTER_ERROR_INVALID rows whose pointer is the parameter's name.
 * Immutable once built; safe to hand to a reader thread.
 */
typedef struct _MusterQuery MusterQuery;

#define MUSTER_TYPE_QUERY (muster_query_get_type ())
GType        muster_query_get_type (void);
MusterQuery *muster_query_new (const MusterEntityInfo *info);
/* PARAMS: (element-type utf8 utf8) name to value, percent-decoded; names in IGNORED (may be NULL)
 * are left alone. */
MusterQuery *muster_query_new_from_params (const MusterEntityInfo *info,
                                           GHashTable             *params,
                                           const char *const      *ignored,
                                           GError                **error);
MusterQuery *muster_query_ref (MusterQuery *self);
void         muster_query_unref (MusterQuery *self);

/* Building in code; a wrong field name is a programmer's error. VALUE as text, taken as it is (one
 * that the field could never hold matches nothing), or NULL for "has no value". */
void muster_query_where (MusterQuery *self, const char *field, const char *value);
/* VALUE (nullable), or none at all. */
void muster_query_where_null_or (MusterQuery *self, const char *field, const char *value);
/* FIELD points at a record of TARGET whose TARGET_FIELD has VALUE. */
void muster_query_where_through (MusterQuery            *self,
                                 const char             *field,
                                 const MusterEntityInfo *target,
                                 const char             *target_field,
                                 const char             *value);
/* Any of VALUES (NULL-terminated); none: nothing matches. */
void muster_query_where_any (MusterQuery *self, const char *field, const char *const *values);
void muster_query_set_sort (MusterQuery *self, const char *sort);
void muster_query_set_limit (MusterQuery *self, unsigned limit); /* 0: all */
void muster_query_set_text (MusterQuery *self, const char *text);
/* Of the records as they were at AT (UTC microseconds); 0: as they are. Whoever runs it heeds that.
 */
void   muster_query_set_as_of (MusterQuery *self, gint64 at);
gint64 muster_query_get_as_of (MusterQuery *self);

const MusterEntityInfo *muster_query_get_info (MusterQuery *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterQuery, muster_query_unref)

G_END_DECLS
