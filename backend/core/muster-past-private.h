/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-past.h"

G_BEGIN_DECLS

/* --- what entries say of one record (muster-past-change.c) --- */

/* What a stretch of the journal says of one record. */
typedef struct
{
  char   **texts; /* (owned): along the fields, JSON; NULL: the stretch leaves it alone */
  unsigned n_updates;
  guint    known : 1; /* an entry was taken */
  guint    there : 1; /* at the stretch's other end */
  guint    whole : 1; /* a field without text is as in a new record */
  guint    done : 1;  /* further entries say nothing new */
} MusterPastChange;

MusterPastChange *muster_past_change_new (const MusterEntityInfo *info);
void              muster_past_change_free (MusterPastChange *self, const MusterEntityInfo *info);
/* Entries in the order of the journal. BEFORE (nullable): its object; for the state before the
 * stretch. */
void muster_past_change_take_back (MusterPastChange       *self,
                                   const MusterEntityInfo *info,
                                   const char             *action,
                                   const char             *before);
/* The same with AFTER, for the state after it. */
void muster_past_change_repeat (MusterPastChange       *self,
                                const MusterEntityInfo *info,
                                const char             *action,
                                const char             *after);
/* The record at that other end: (transfer full), NULL: there is none. BASE (nullable): as it is at
 * this end. */
MusterEntity *muster_past_change_apply (MusterPastChange       *self,
                                        const MusterEntityInfo *info,
                                        const char             *id,
                                        MusterEntity           *base);

/* --- the tables (muster-past-table.c) --- */

/* How the records of one kind were that have changed since. */
typedef struct
{
  const MusterEntityInfo *info;
  char                   *read;  /* SQL (owned): a record of today, by id */
  char                   *write; /* SQL (owned): id, whether it was there, fields */
  GHashTable             *then;  /* (owned) (element-type utf8 MusterEntity): NULL: was not there */
  GHashTable             *dirty; /* (owned) (element-type utf8): whose row is not written yet */
  GHashTable             *stretch; /* (owned) (element-type utf8 MusterPastChange) */
} MusterPastTable;

MusterPastTable *muster_past_table_new (const MusterEntityInfo *info);
void             muster_past_table_free (MusterPastTable *self);
/* A copy of `then`, which shares the records. */
GHashTable *muster_past_table_copy (GHashTable *then);
void        muster_past_table_set (MusterPastTable *self, const char *id, MusterEntity *entity);
/* Makes THEN (taken) what it holds. */
void     muster_past_table_load (MusterPastTable *self, GHashTable *then);
gboolean muster_past_table_flush (MusterPastTable  *self,
                                  MusterConnection *connection,
                                  gint64            sequence,
                                  GError          **error);
/* The view of TABLE, and what it needs. */
gboolean muster_past_table_make_view (MusterConnection  *connection,
                                      const MusterTable *table,
                                      GError           **error);

G_END_DECLS
