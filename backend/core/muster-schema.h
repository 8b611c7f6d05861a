/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-database.h"

G_BEGIN_DECLS

/* A field that points at a record of another entity. */
typedef struct
{
  const MusterEntityInfo *info;
  const MusterField      *field;
  char                   *probe; /* (owned): SQL that gives a row when a record points at ? */
} MusterReference;

typedef struct
{
  MusterRuleFunc  func;
  gpointer        data;
  MusterRuleFlags flags;
} MusterRule;

/* An entity with a table, and the SQL that is the same for each of its records. */
typedef struct
{
  const MusterEntityInfo *info;
  char                   *select;      /* every field of the record ? */
  char                   *select_json; /* all but the secret ones */
  char                   *insert;      /* fields in order */
  char                   *remove;      /* the record ? */
  char                   *touch; /* volatile fields in order, then the record ?; NULL without any */
  gboolean                journalled;
  GHashTable             *past; /* (element-type utf8 utf8): muster_schema_add_past() */
  GPtrArray *referrers;         /* (element-type MusterReference): what goes with it, or keeps it */
  GArray    *rules;             /* (element-type MusterRule) in order of adding */
  gint       generation; /* atomic: another one after each commit that changed such a record */
} MusterTable;

/* The entities that have tables. Filled before the database starts, then read from any thread. */
typedef struct _MusterSchema MusterSchema;

MusterSchema *muster_schema_new (void);
MusterSchema *muster_schema_ref (MusterSchema *self);
void          muster_schema_unref (MusterSchema *self);
/* INFO stays. Adding one again changes nothing. */
void muster_schema_add (MusterSchema *self, const MusterEntityInfo *info);
/* INFO was added before. */
void muster_schema_add_rule (MusterSchema           *self,
                             const MusterEntityInfo *info,
                             const MusterRule       *rule);
void muster_schema_add_undo_guard (MusterSchema *self, MusterUndoGuardFunc func, gpointer data);
/* FIELD NULL: of the whole view. INFO was added before. */
void muster_schema_add_past (MusterSchema           *self,
                             const MusterEntityInfo *info,
                             const char             *field,
                             const char             *sql);
/* Every table: (transfer full) (element-type MusterTable). */
GPtrArray *muster_schema_list (MusterSchema *self);
/* Whether nothing stands against undoing OPERATION at this time. */
gboolean muster_schema_may_undo (MusterSchema      *self,
                                 MusterTransaction *transaction,
                                 const char        *operation,
                                 GError           **error);
/* NULL when there is none of this name. */
const MusterTable *muster_schema_find (MusterSchema *self, const char *name);

/* Any thread. */
unsigned muster_table_get_generation (const MusterTable *self);
/* Such records have changed: after the commit, before anybody is told of it. */
void muster_schema_note_changed (MusterSchema *self, const MusterEntityInfo *info);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterSchema, muster_schema_unref)

G_END_DECLS
