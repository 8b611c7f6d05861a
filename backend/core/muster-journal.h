/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-database.h"

G_BEGIN_DECLS

typedef enum
{
  MUSTER_JOURNAL_INSERT,
  MUSTER_JOURNAL_UPDATE,
  MUSTER_JOURNAL_DELETE,
} MusterJournalAction;

/* One change of one record: payload of the topic `journal`. Immutable. Secret fields are kept in
 * the database for undo and never stand in `before` and `after` here. */
#define MUSTER_TYPE_JOURNAL_ENTRY (muster_journal_entry_get_type ())
G_DECLARE_FINAL_TYPE (MusterJournalEntry, muster_journal_entry, MUSTER, JOURNAL_ENTRY, GObject)

gint64              muster_journal_entry_get_sequence (MusterJournalEntry *self);
MusterJournalAction muster_journal_entry_get_action (MusterJournalEntry *self);
const char         *muster_journal_entry_get_entity (MusterJournalEntry *self);    /* "device" */
const char         *muster_journal_entry_get_entity_id (MusterJournalEntry *self); /* UUID */
/* Members changed, as JSON objects (NULL before an insert, after a delete): borrowed. */
JsonObject *muster_journal_entry_get_before (MusterJournalEntry *self);
JsonObject *muster_journal_entry_get_after (MusterJournalEntry *self);
/* The record that was inserted, with its secrets, as it was then: (transfer none) (nullable). NULL
 * for other actions, and for entries that were read back from the journal. */
MusterEntity *muster_journal_entry_get_record (MusterJournalEntry *self);
/* Whether it may have changed secret members. */
gboolean muster_journal_entry_has_secrets (MusterJournalEntry *self);
/* {"sequence","id"(UUID of the entry),"at","hlc","actor","operation"(UUID of the
 * operation),"summary","entity","entity_id", "title"(the record's
 * name),"action":"insert|update|delete","before","after","origin","undoes"(sequence or null),
 *  "undone_by"(sequence or null),"final"(reason or null)} */
void muster_journal_entry_encode (MusterJournalEntry *self, GString *json);

/* The entity info by name, as registered with muster_database_register_entities(); NULL when
 * unknown. */
const MusterEntityInfo *muster_database_find_entity (MusterDatabase *self, const char *name);
/* Before the start: every entity that has a table. ENTITIES ends with NULL and stays. */
void muster_database_register_entities (MusterDatabase                *self,
                                        const MusterEntityInfo *const *entities);

/* Entries newest first, or (after >= 0) those after sequence AFTER oldest first, at most LIMIT (1
 * to 1000). ENTITY, ENTITY_ID, OPERATION may be NULL. Resolves to a GBytes
 * `{"items":[…],"next":…}`; items have "undoable" and "reason" (why not, or null) of their
 * operation too, as muster_journal_list_operations() says it. */
DexFuture *muster_journal_list_json (MusterDatabase *database,
                                     const char     *entity,
                                     const char     *entity_id,
                                     const char     *operation,
                                     gint64          before,
                                     gint64          after,
                                     unsigned        limit,
                                     gint64          as_of);
/* Entries after AFTER, oldest first, for resuming a live stream: resolves to a (element-type
 * MusterJournalEntry) GPtrArray (boxed). */
DexFuture *muster_journal_replay (MusterDatabase *database, gint64 after, unsigned limit);
/* What of the history by operation is asked for. */
typedef struct
{
  const char *entity; /* (nullable): changed such records */
  const char *actor;  /* (nullable): as muster_actor_to_string() has it */
  const char *text;   /* (nullable): part of the summary */
  gint64      from;   /* UTC microseconds, or 0: began then or later */
  gint64      to;     /* UTC microseconds, or 0: began then or earlier */
  gint64      before; /* first sequence, or 0: began before that entry */
  unsigned    limit;  /* 1 to 1000 */
  gint64      as_of;  /* UTC microseconds, or 0: as the journal was then */
} MusterOperationFilter;

/* One row an operation, newest first. Resolves to a GBytes `{"items":[…],"next":…}`; each item
 * {"sequence"(of its first entry),"operation","at","actor","person"(name or null),
 * "entity","title"(of its first change),"summary","count",
 * "changes"({"device":12}),"final","undoes"(first sequence or null),"undone_by"(sequence or null),
 * "undoable","reason"(why not, or null)}. Of operations with more than 1,000 changes later changes
 * are not looked for here, but by the next function. */
DexFuture *muster_journal_list_operations (MusterDatabase              *database,
                                           const MusterOperationFilter *filter);
/* The operation that entry SEQUENCE belongs to: resolves to a GBytes with such an item. */
DexFuture *muster_journal_get_operation (MusterDatabase *database, gint64 sequence, gint64 as_of);
/* The digest of TEXT (nullable: as an empty one), for the field NAME_hash by which the journal
 * vouches for the volatile field NAME: SHA-256 in hexadecimal. (transfer full) */
char *muster_journal_make_digest (const char *text);
/* Reads the journal through, slice by slice beside all other work, and compares the seals, then the
 * fields of records that it vouches for by their digests: resolves to a GBytes `{"intact",
 * "checked","first_sequence","last_sequence","head","problems":[{"sequence",
 * "kind":"altered|removed|reordered|foreign","detail"}],"more"(problems beyond those named)}`. */
DexFuture *muster_journal_verify (MusterDatabase *database);
/* Records of ENTITY as they were at AT (UTC microseconds), in the order of their ids, at most LIMIT
 * (1 to 1000) after CURSOR (nullable: `next` of the page before): every later change is taken back.
 * Secret fields are left out; volatile ones, of which nobody knows, are null. Resolves to a GBytes
 * `{"items":[…],"sequence"(of the last entry that counts),"next":id or null}`; a page may have
 * fewer items than LIMIT, or none, before the last one. MUSTER_ERROR_INVALID for what is not
 * journalled. */
DexFuture *muster_journal_list_as_of (MusterDatabase *database,
                                      const char     *entity,
                                      gint64          at,
                                      const char     *cursor,
                                      unsigned        limit);
/* What happened between FROM and TO (UTC microseconds), for a line of time: resolves to a GBytes
 * `{"first"(time of the journal's first entry, or null),"changes":[how many records were changed in
 * each of N_POINTS
 * stretches],"marks":[{"sequence","at","kind":"alert|firmware","entity","entity_id",
 * "title","detail"(severity, version)}]}`, of each kind the newest 300. */
DexFuture *muster_journal_list_marks (MusterDatabase *database,
                                      gint64          from,
                                      gint64          to,
                                      unsigned        n_points);
/* Resolves to the sequence number (int64) of the first entry of the undoing operation. */
DexFuture *muster_journal_undo (MusterDatabase *database, MusterActor *actor, gint64 sequence);

G_END_DECLS
