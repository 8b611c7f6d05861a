/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-connection.h"
#include "muster-query.h"

G_BEGIN_DECLS

typedef enum
{
  MUSTER_CONDITION_ANY, /* one of the values */
  MUSTER_CONDITION_MIN, /* at least the one value */
  MUSTER_CONDITION_MAX,
} MusterConditionKind;

typedef struct
{
  const MusterField      *field;
  MusterConditionKind     kind;
  gboolean                or_null;      /* ANY: no value fits too */
  const MusterEntityInfo *target;       /* (nullable): ANY: FIELD points at such a record … */
  const MusterField      *target_field; /* (nullable): … whose field has one of the values */
  GArray                 *values;       /* (element-type MusterValue) (owned): texts too */
} MusterCondition;

typedef struct
{
  unsigned index; /* of the field */
  gboolean descending;
} MusterSortKey;

struct _MusterQuery
{
  const MusterEntityInfo *info;
  GPtrArray              *conditions; /* (element-type MusterCondition) */
  GArray                 *sort;       /* (element-type MusterSortKey): ends with the id */
  GArray *cursor; /* (element-type MusterValue) (nullable): along `sort`, of the last record of the
                     page before */
  char    *text;  /* (owned) (nullable) */
  unsigned limit;
  gint64   as_of;        /* UTC microseconds; 0: the present */
  gboolean follows_sort; /* goes along the index of the first sort key, not of a condition */
};

/* --- cursors (muster-query-cursor.c): "where the page ended" as opaque text --- */

/* VALUES: along the sort keys. */
char    *muster_query_format_cursor (MusterQuery *self, const MusterValue *values);
gboolean muster_query_parse_cursor (MusterQuery       *self,
                                    const char        *cursor,
                                    MusterFieldErrors *errors);

/* --- SQL (muster-query-sql.c) --- */

typedef enum
{
  MUSTER_QUERY_SELECT, /* COLUMNS of the page in order */
  MUSTER_QUERY_ALL,    /* COLUMNS of all in order, limit and cursor ignored */
  MUSTER_QUERY_COUNT,  /* of all */
} MusterQueryForm;

/* The statement with all its parameters bound. EXTRA: rows beyond the limit. */
MusterStatement *muster_query_prepare (MusterQuery      *self,
                                       MusterConnection *connection,
                                       MusterQueryForm   form,
                                       const char       *columns,
                                       unsigned          extra,
                                       GError          **error);

/* How many records fit, without limit and cursor. Decides too how a page of them is best found. */
gboolean muster_query_plan (MusterQuery      *self,
                            MusterConnection *connection,
                            gint64           *count,
                            GError          **error);

/* What LIKE takes for "WORD is in it", escaped by a backslash: (transfer full). */
char *muster_query_make_like_pattern (const char *word);

/* Appends WORD to an expression of full text: it must occur too. */
void muster_query_append_match (GString *match, const char *word);

/* "id, created_at, …": every field, or all but the secret ones, in order: (transfer full). */
char *muster_entity_info_list_columns (const MusterEntityInfo *info, gboolean with_secrets);

/* --- answers (muster-query-json.c) --- */

/* Appends the record in STATEMENT's columns (of muster_entity_info_list_columns (info, FALSE)). */
void     muster_statement_encode_row (MusterStatement        *statement,
                                      const MusterEntityInfo *info,
                                      GString                *json);
gboolean muster_query_list_json (MusterQuery      *self,
                                 MusterConnection *connection,
                                 GString          *json,
                                 GError          **error);
gboolean muster_query_list_ids (MusterQuery      *self,
                                MusterConnection *connection,
                                GString          *json,
                                GError          **error);
gboolean muster_query_count (MusterQuery      *self,
                             MusterConnection *connection,
                             gint64           *count,
                             GError          **error);
/* (element-type MusterEntity) */
GPtrArray *muster_query_select (MusterQuery *self, MusterConnection *connection, GError **error);

G_END_DECLS
