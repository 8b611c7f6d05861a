/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-connection.h"
#include "muster-database.h"
#include "muster-hlc.h"
#include "muster-journal-chain.h"
#include "muster-journal-private.h"
#include "muster-schema.h"

G_BEGIN_DECLS

/* A record that is no longer what it was, for whoever keeps copies. */
typedef struct
{
  const MusterEntityInfo *info;
  char                   *id;
} MusterRecordChange;

void muster_record_change_free (gpointer data);

/* What a job sees: valid while the job runs, on its thread. */
struct _MusterTransaction
{
  MusterConnection *connection; /* (unowned) */
  MusterSchema     *schema;     /* (unowned) */
  MusterHlc        *hlc;        /* (unowned) */
  const char       *origin;
  const guint8     *key;        /* (unowned): seals the journal */
  const gint       *n_waiting;  /* (nullable): atomic: short jobs for after this one */
  MusterChainHead  *head;       /* (unowned) (nullable): the writer's; readers have none */
  MusterChainHead   head_first; /* where it was at the begin */
  MusterActor      *actor;      /* (owned) (nullable): readers have none */
  gint64            now;

  char       *operation;     /* (owned) */
  char       *summary;       /* (owned) (nullable) */
  char       *final;         /* (owned) (nullable) */
  char       *first_summary; /* (owned) (nullable): of its first entry */
  GPtrArray  *entries;       /* (element-type MusterJournalEntry): none once spilled */
  GPtrArray  *changes;       /* (element-type MusterRecordChange) */
  GHashTable *context;       /* (owned) (nullable) (element-type utf8 gpointer) */
  gint64      undoes;        /* of the entries to come, or 0 */
  GHashTable *empty; /* (owned) (nullable) (element-type MusterEntityInfo): without records */
  guint spilled : 1; /* there are too many entries to be kept: they are in the journal alone */
  guint joined : 1;  /* the operation may have entries of earlier transactions */
  guint writable : 1;
};

void muster_transaction_init (MusterTransaction *self,
                              MusterConnection  *connection,
                              MusterSchema      *schema,
                              gint64             now);
void muster_transaction_clear (MusterTransaction *self);
/* What is left to write when the job has succeeded. */
gboolean muster_transaction_finish (MusterTransaction *self, GError **error);

const MusterTable *muster_transaction_find_table (MusterTransaction      *self,
                                                  const MusterEntityInfo *info);

/* The stored record, or NULL without an error. */
gboolean muster_transaction_load (MusterTransaction      *self,
                                  const MusterEntityInfo *info,
                                  const char             *id,
                                  MusterEntity          **entity,
                                  GError                **error);
/* The record as JSON; NULL with MUSTER_ERROR_NOT_FOUND. */
GString *muster_transaction_encode (MusterTransaction      *self,
                                    const MusterEntityInfo *info,
                                    const char             *id,
                                    gint64                 *revision,
                                    GError                **error);

/* More entries of one transaction are not kept in memory. */
#define MUSTER_TRANSACTION_KEEPS 5000

/* How many entries it has written. */
gint64 muster_transaction_count_entries (MusterTransaction *self);
/* Whether there is no record of INFO at all. */
gboolean muster_transaction_is_empty (MusterTransaction      *self,
                                      const MusterEntityInfo *info,
                                      gboolean               *is_empty,
                                      GError                **error);
/* Whether any record points by REFERENCE at the one with this ID. */
gboolean muster_transaction_is_referred (MusterTransaction     *self,
                                         const MusterReference *reference,
                                         const char            *id,
                                         gboolean              *is_referred,
                                         GError               **error);

typedef enum
{
  MUSTER_CHANGE_PLAIN = 0,
  MUSTER_CHANGE_KEEPS_HISTORY =
    1 << 0, /* the record keeps its created_at and counts its revision on (an undone deletion) */
  MUSTER_CHANGE_ANY_STATE = 1 << 1, /* the state machine is not asked (an undone step) */
} MusterChangeFlags;

gboolean muster_transaction_insert_full (MusterTransaction *self,
                                         MusterEntity      *entity,
                                         MusterChangeFlags  flags,
                                         GError           **error);
gboolean muster_transaction_update_full (MusterTransaction *self,
                                         MusterEntity      *entity,
                                         gint64             expected_revision,
                                         MusterChangeFlags  flags,
                                         GError           **error);

/* The entry of a change (muster-transaction-journal.c). BEFORE or AFTER is NULL for an insert or
 * delete. */
gboolean muster_transaction_journal (MusterTransaction *self,
                                     MusterEntity      *before,
                                     MusterEntity      *after,
                                     GError           **error);
/* Puts `final` on all entries written so far, and links them anew. */
gboolean muster_transaction_write_final (MusterTransaction *self, GError **error);

G_END_DECLS
