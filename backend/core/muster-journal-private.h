/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-connection.h"
#include "muster-journal-chain.h"
#include "muster-journal.h"

G_BEGIN_DECLS

extern const MusterEnum muster_journal_action_enum;

/* What a new entry says; texts are borrowed. */
typedef struct
{
  gint64                  at;
  gint64                  hlc;
  const char             *origin;
  const char             *actor;
  const char             *operation;
  const char             *summary;
  const MusterEntityInfo *info;
  const char             *entity_id;
  const char             *title; /* (nullable) */
  MusterJournalAction     action;
  const char             *before;        /* (nullable) JSON object */
  const char             *after;         /* (nullable) */
  const char             *before_secret; /* (nullable) */
  const char             *after_secret;  /* (nullable) */
  gint64                  undoes;        /* or 0 */
} MusterJournalDraft;

/* Writes DRAFT's row, linked to HEAD, which it moves on: (transfer full). */
MusterJournalEntry *muster_journal_entry_write (const MusterJournalDraft *draft,
                                                MusterConnection         *connection,
                                                const guint8             *key,
                                                MusterChainHead          *head,
                                                GError                  **error);

/* "SELECT …": what a statement must begin with to be read by muster_journal_entry_new_from_row().
 */
extern const char   muster_journal_select[];
MusterJournalEntry *muster_journal_entry_new_from_row (MusterStatement *statement);

const char *muster_journal_entry_get_operation (MusterJournalEntry *self);
/* Before anybody else knows the entry. */
void muster_journal_entry_set_final (MusterJournalEntry *self, const char *reason);
void muster_journal_entry_set_of_many (MusterJournalEntry *self);
void muster_journal_entry_set_record (MusterJournalEntry *self, MusterEntity *record);
void muster_journal_entry_set_undone_by (MusterJournalEntry *self, gint64 sequence);
/* Why its operation cannot be undone, or NULL: it can. Entries without a verdict do not say. */
void muster_journal_entry_set_verdict (MusterJournalEntry *self, const char *reason);

/* Encodes the event whose payload is an entry. */
gboolean muster_journal_event_encode (MusterEvent *event, GHashTable *details, GString *json);

/* The first entry of the operation that undoes entry SEQUENCE and is not undone itself, or 0. */
gboolean muster_journal_find_undoing (MusterConnection *connection,
                                      gint64            sequence,
                                      gint64           *undoing,
                                      GError          **error);

/* A MusterDatabaseFunc. DATA: the sequence (gint64) of the first; resolves to a GPtrArray
 * (element-type MusterJournalEntry) of some entries from there on. */
gboolean muster_journal_page_run (MusterTransaction *transaction,
                                  gpointer           data,
                                  GValue            *result,
                                  GError           **error);

/* The row of the history that the entries of TRANSACTION belong to
 * (muster-journal-operations.c). */
gboolean muster_journal_note_operation (MusterTransaction *transaction, GError **error);

G_END_DECLS
