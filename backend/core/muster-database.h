/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "model/muster-entity.h"
#include "muster-actor.h"
#include "muster-bus.h"
#include "muster-clock.h"
#include "muster-query.h"
#include "muster-service.h"

G_BEGIN_DECLS

/**
 * MusterDatabase:
 *
 * Signal `changed (MusterEntityInfo *info, const char *id)`: a record was inserted, updated,
 * touched or deleted, journalled or not. Emitted on the main thread after the commit and before the
 * job's future resolves: for caches.
 *
 * The site's records: one SQLite file, one writer thread, some reader threads on the WAL. Every job
 * runs in a transaction on its thread. Changes of records go through the functions of
 * [struct@Muster.Transaction], which write the journal in the same transaction; after the commit
 * and before the future resolves, the entries are published on the bus (topic `journal`), on the
 * main thread, in order.
 */
#define MUSTER_TYPE_DATABASE (muster_database_get_type ())
G_DECLARE_FINAL_TYPE (MusterDatabase, muster_database, MUSTER, DATABASE, MusterService)

typedef struct _MusterTransaction MusterTransaction;

/* Runs on the writer's or a reader's thread: no GObject signals, no main loop, no waiting for
 * anything else. DATA is destroyed on the main thread. Sets RESULT (g_value_init + set) to what the
 * future shall resolve to; left unset, it resolves to TRUE. FALSE with ERROR rolls everything back.
 */
typedef gboolean (*MusterDatabaseFunc) (MusterTransaction *transaction,
                                        gpointer           data,
                                        GValue            *result,
                                        GError           **error);

typedef enum
{
  MUSTER_RULE_PLAIN = 0,
  MUSTER_RULE_ON_UNDO = 1 << 0, /* also for the changes that take others back */
  MUSTER_RULE_BEFORE = 1 << 1,  /* before the change is written: AFTER may still be changed */
} MusterRuleFlags;

/* What follows from a change of a record, in the same transaction and operation, so that it is
 * undone with it. Called on the writer's thread after each insert (BEFORE is NULL), update and
 * delete (AFTER is NULL); what it changes calls rules in turn. FALSE with ERROR refuses the change.
 * Undoing brings back what the rules changed as it brings back anything else; for what is kept
 * outside of the journal there is MUSTER_RULE_ON_UNDO. */
typedef gboolean (*MusterRuleFunc) (MusterTransaction *transaction,
                                    MusterEntity      *before,
                                    MusterEntity      *after,
                                    gpointer           data,
                                    GError           **error);

/* Whether OPERATION may be undone now: FALSE with ERROR says why not. Called on the thread of
 * TRANSACTION, which may be a reader's. */
typedef gboolean (*MusterUndoGuardFunc) (MusterTransaction *transaction,
                                         const char        *operation,
                                         gpointer           data,
                                         GError           **error);

/* PATH: of the file (its folder must exist); BUS may be NULL (nothing is published). */
MusterDatabase *muster_database_new (const char *path, MusterClock *clock, MusterBus *bus);

/* Before the start: KEY (32 bytes) seals the journal's entries, so that whoever has not got it can
 * change none of them unseen. IS_FRESH: it was made just now, and seals the entries of before.
 * Without one the seals can be made by anybody. */
void muster_database_set_journal_key (MusterDatabase *self, GBytes *key, gboolean is_fresh);

/* Before the start. DATA stays as long as the database. */
void muster_database_add_rule (MusterDatabase         *self,
                               const MusterEntityInfo *info,
                               MusterRuleFlags         flags,
                               MusterRuleFunc          func,
                               gpointer                data);

/* Before the start. DATA stays as long as the database. */
void muster_database_add_undo_guard (MusterDatabase *self, MusterUndoGuardFunc func, gpointer data);

/* ACTOR and OPERATION ("Adopt lamp 3", a short English phrase shown in History; may be NULL) stand
 * in every journal entry that FUNC makes. Resolves to FUNC's result once durable
 * (synchronous=FULL). Dropping the future does not undo the job. */
DexFuture *muster_database_write (MusterDatabase    *self,
                                  MusterActor       *actor,
                                  const char        *operation,
                                  MusterDatabaseFunc func,
                                  gpointer           data,
                                  GDestroyNotify     destroy);
/* The same for what changes hundreds of records or more, or is one of many pieces of such work: it
 * has a transaction of its own, and a larger page cache until such work has ended. */
DexFuture *muster_database_write_large (MusterDatabase    *self,
                                        MusterActor       *actor,
                                        const char        *operation,
                                        MusterDatabaseFunc func,
                                        gpointer           data,
                                        GDestroyNotify     destroy);
/* Resolves to FUNC's result, read from one snapshot. */
DexFuture *muster_database_read (MusterDatabase    *self,
                                 MusterDatabaseFunc func,
                                 gpointer           data,
                                 GDestroyNotify     destroy);

/* The same, but of the records as they were at AT (UTC microseconds), which the job takes for now;
 * AT 0: as they are. Jobs see tables and columns of the same names: MusterPast. */
DexFuture *muster_database_read_as_of (MusterDatabase    *self,
                                       gint64             at,
                                       MusterDatabaseFunc func,
                                       gpointer           data,
                                       GDestroyNotify     destroy);
/* Before the start. How FIELD of a record of INFO, which nobody writes down, follows from what is
 * written: SQL, an expression over the record `this`, other tables by their names and the moment
 * (SELECT at FROM temp.past_moment). FIELD NULL: a SELECT of all columns, `row` first, for a table
 * that the database keeps by itself. */
void muster_database_add_past (MusterDatabase         *self,
                               const MusterEntityInfo *info,
                               const char             *field,
                               const char             *sql);

/* Copies the running database to PATH (online backup API), checks the copy, renames it into place.
 * Resolves to TRUE. */
DexFuture *muster_database_backup (MusterDatabase *self, const char *path);
/* The journal's last sequence number that is committed; 0 before any. */
gint64 muster_database_get_sequence (MusterDatabase *self);
/* UUID of this database, made with it: the `origin` of its journal entries. */
const char  *muster_database_get_origin (MusterDatabase *self);
MusterClock *muster_database_get_clock (MusterDatabase *self);

/* --- inside a job --- */

/* The clock's time at the begin of the transaction, one for all its changes. */
gint64       muster_transaction_get_now (MusterTransaction *self);
MusterActor *muster_transaction_get_actor (MusterTransaction *self);
/* The UUID that this transaction's journal entries share, and by which they are undone together. */
const char *muster_transaction_get_operation (MusterTransaction *self);
/* Before the first change: goes on with OPERATION (a UUID) of an earlier transaction. */
void muster_transaction_join_operation (MusterTransaction *self, const char *operation);
/* Of the first journal entry of this transaction so far; 0 without any. */
gint64 muster_transaction_get_first_sequence (MusterTransaction *self);
/* The name under which it stands in History, where it is known only now. */
void muster_transaction_set_summary (MusterTransaction *self, const char *summary);
/* What the job tells the rules that its changes call: KEY is a static string, DATA stays until the
 * job ends; NULL without. */
void     muster_transaction_set_context (MusterTransaction *self, const char *key, gpointer data);
gpointer muster_transaction_get_context (MusterTransaction *self, const char *key);
/* For a record that a trigger of the database itself has changed: whoever keeps a copy shall know.
 */
void muster_transaction_note_change (MusterTransaction      *self,
                                     const MusterEntityInfo *info,
                                     const char             *id);
/* Whether the changes under way take others back. */
gboolean muster_transaction_is_undoing (MusterTransaction *self);
/* Whether others wait for this one to end. */
gboolean muster_transaction_is_awaited (MusterTransaction *self);
/* Runs FUNC so that its changes stand or fall together: FALSE with ERROR leaves the transaction as
 * it was before, and it may go on. */
gboolean muster_transaction_try (MusterTransaction *self,
                                 gboolean (*func) (MusterTransaction *, gpointer, GError **),
                                 gpointer data,
                                 GError **error);
/* Says why the whole operation cannot be undone ("the device has already forgotten its
 * credentials"). */
void muster_transaction_set_final (MusterTransaction *self, const char *reason);

/* The record ID that a request names at POINTER ("/order_id"); where there is none, NULL with
 * MUSTER_ERROR_INVALID there: (transfer full). */
MusterEntity *muster_transaction_get_named (MusterTransaction      *self,
                                            const MusterEntityInfo *info,
                                            const char             *id,
                                            const char             *pointer,
                                            GError                **error);
/* NULL with MUSTER_ERROR_NOT_FOUND: (transfer full). */
MusterEntity *muster_transaction_get (MusterTransaction      *self,
                                      const MusterEntityInfo *info,
                                      const char             *id,
                                      GError                **error);
/* Whether there is a record of the entity NAME with this id, into THERE; an entity that is not
 * known has none. */
gboolean muster_transaction_has (MusterTransaction *self,
                                 const char        *name,
                                 const char        *id,
                                 gboolean          *there,
                                 GError           **error);
/* The first that matches, or NULL without an error: (transfer full). */
MusterEntity *muster_transaction_find (MusterTransaction *self, MusterQuery *query, GError **error);
/* (transfer full) (element-type MusterEntity) */
GPtrArray *muster_transaction_select (MusterTransaction *self, MusterQuery *query, GError **error);
/* The ids of all that match, in order, limit and cursor ignored: (transfer full) (element-type
 * utf8). */
GPtrArray *muster_transaction_select_ids (MusterTransaction *self,
                                          MusterQuery       *query,
                                          GError           **error);
/* Calls FUNC with each match in order, limit ignored, without keeping them; FALSE of it ends that
 * with its error. The record is borrowed, and nothing may be changed meanwhile. */
typedef gboolean (*MusterRecordFunc) (MusterEntity *entity, gpointer data, GError **error);
gboolean muster_transaction_for_each (MusterTransaction *self,
                                      MusterQuery       *query,
                                      MusterRecordFunc   func,
                                      gpointer           data,
                                      GError           **error);
gint64   muster_transaction_count (MusterTransaction *self, MusterQuery *query, GError **error);

/* Fills id (unless it is set), created_at, updated_at and revision. MUSTER_ERROR_CONFLICT names the
 * field that another record holds already. */
gboolean muster_transaction_insert (MusterTransaction *self, MusterEntity *entity, GError **error);
/* Writes what differs from the stored record; nothing differing writes nothing and keeps the
 * revision. EXPECTED_REVISION 0: any, else MUSTER_ERROR_PRECONDITION when it is not the stored one.
 * Checks the state machine. Volatile fields are not written: ENTITY gets the stored ones, and its
 * base fields anew. */
gboolean muster_transaction_update (MusterTransaction *self,
                                    MusterEntity      *entity,
                                    gint64             expected_revision,
                                    GError           **error);
/* MUSTER_ERROR_CONFLICT as long as a MUSTER_FIELD_RESTRICT points at it, with what and how many.
 * Records that must point at this one, or go with it (MUSTER_FIELD_CASCADE), are deleted in the
 * same operation; those that may point at nothing have their field set to null; observations
 * (unjournalled) and final ones stay. */
gboolean muster_transaction_delete (MusterTransaction      *self,
                                    const MusterEntityInfo *info,
                                    const char             *id,
                                    gint64                  expected_revision,
                                    GError                **error);
/* Writes ENTITY's volatile fields alone: no journal, no revision. */
gboolean muster_transaction_touch (MusterTransaction *self, MusterEntity *entity, GError **error);

/* Undoes the operation that journal entry SEQUENCE belongs to, as a new operation.
 * MUSTER_ERROR_CONFLICT with blockers (sequence numbers) when later changes stand on it, or when it
 * is final. */
gboolean muster_transaction_undo (MusterTransaction *self, gint64 sequence, GError **error);

/* Whether what journal entry SEQUENCE says was taken back, into UNDONE. */
gboolean muster_transaction_is_undone (MusterTransaction *self,
                                       gint64             sequence,
                                       gboolean          *undone,
                                       GError           **error);

G_END_DECLS
