/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-database.h"

G_BEGIN_DECLS

/* A column of a table of records: a field of theirs, or, one step away, of what one of their fields
 * points at. */
typedef struct
{
  const MusterField      *field;
  const MusterField      *via;    /* (nullable): of the record itself */
  const MusterEntityInfo *target; /* (nullable): what `via` points at */
} MusterColumn;

/* "name" or "location_id.path"; adds to ERRORS under POINTER what is no field, or a secret one. */
gboolean muster_column_parse (MusterDatabase         *database,
                              const MusterEntityInfo *info,
                              const char             *text,
                              const char             *pointer,
                              MusterColumn           *column,
                              MusterFieldErrors      *errors);
/* Every field that is no secret: (transfer full) (element-type MusterColumn). */
GArray *muster_columns_list_all (const MusterEntityInfo *info);
/* As it is written in `columns` and at the head of a table: (transfer full). */
char *muster_column_dup_name (const MusterColumn *self);

/* VALUES: along the columns, their texts borrowed. FALSE with ERROR ends it. */
typedef gboolean (*MusterRowFunc) (const MusterValue *values, gpointer data, GError **error);

/* Calls FUNC for every record that QUERY matches, in its order, one at a time, its limit and cursor
 * ignored. COLUMNS: (element-type MusterColumn). */
gboolean muster_transaction_each_row (MusterTransaction *self,
                                      MusterQuery       *query,
                                      GArray            *columns,
                                      MusterRowFunc      func,
                                      gpointer           data,
                                      GError           **error);

G_END_DECLS
