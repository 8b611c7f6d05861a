/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-api-client.h"
#include "muster-api-page.h"

G_BEGIN_DECLS

/**
 * MusterApiOperation:
 *
 * What somebody did at once, however many records it changed: one row of the history, undone as
 * one. Immutable.
 */
#define MUSTER_TYPE_API_OPERATION (muster_api_operation_get_type ())
G_DECLARE_FINAL_TYPE (MusterApiOperation, muster_api_operation, MUSTER, API_OPERATION, GObject)

MusterApiOperation *muster_api_operation_new_from_json (JsonObject *object, GError **error);
const char         *muster_api_operation_get_id (MusterApiOperation *self); /* UUID */
/* Of its first journal entry: by it the operation is undone. */
gint64      muster_api_operation_get_sequence (MusterApiOperation *self);
gint64      muster_api_operation_get_time (MusterApiOperation *self);   /* UTC microseconds */
const char *muster_api_operation_get_actor (MusterApiOperation *self);  /* (nullable) */
const char *muster_api_operation_get_person (MusterApiOperation *self); /* (nullable): a name */
/* The kind of record of its first change, "device", and what that record is called. */
const char *muster_api_operation_get_entity (MusterApiOperation *self);  /* (nullable) */
const char *muster_api_operation_get_title (MusterApiOperation *self);   /* (nullable) */
const char *muster_api_operation_get_summary (MusterApiOperation *self); /* (nullable) */
gint64      muster_api_operation_get_count (MusterApiOperation *self);   /* changes in all */
/* How many changes each kind of record had, {"device": 12}: borrowed (nullable). */
JsonObject *muster_api_operation_get_changes (MusterApiOperation *self);
gint64      muster_api_operation_get_undoes (MusterApiOperation *self);    /* sequence, or 0 */
gint64      muster_api_operation_get_undone_by (MusterApiOperation *self); /* sequence, or 0 */
gboolean    muster_api_operation_can_undo (MusterApiOperation *self);
/* Why it cannot be taken back, or NULL. */
const char *muster_api_operation_get_reason (MusterApiOperation *self);

/* What of the history is asked for; zeroed, the newest 100. */
typedef struct
{
  const char *entity; /* (nullable): what changed such records: "device" */
  const char *actor;  /* (nullable): "person:UUID", "local:alice" … */
  const char *q;      /* (nullable): in the summary */
  gint64      from;   /* UTC microseconds, or 0 */
  gint64      to;     /* UTC microseconds, or 0 */
  gint64      before; /* only what began before this sequence number, or 0 */
  unsigned    limit;  /* 1 to 1000; 0: 100 */
} MusterApiHistoryQuery;

/* Newest first; the last one's sequence is the `before` of the next page, where the page is full.
 * QUERY may be NULL. Resolves to a MusterApiPage of MusterApiOperation. */
DexFuture *muster_api_history_list (MusterApiClient *client, const MusterApiHistoryQuery *query);
/* The operation that journal entry SEQUENCE belongs to, and whether it can be undone now. Resolves
 * to a MusterApiOperation. */
DexFuture *muster_api_history_get (MusterApiClient *client, gint64 sequence);
/* Reads the whole journal through and compares its seals. Resolves to a JsonObject {intact,
 * checked, first_sequence, last_sequence, head, problems: [{sequence, kind, detail}]}. */
DexFuture *muster_api_history_verify (MusterApiClient *client);

/* What happened between FROM and TO, UTC microseconds, whatever moment the client looks at:
 * resolves to a JsonObject of JournalMarks with as many POINTS. */
DexFuture *muster_api_history_list_marks (MusterApiClient *client,
                                          gint64           from,
                                          gint64           to,
                                          unsigned         points);

/* Records of ENTITY ("device") as they were at AT (UTC microseconds), at most LIMIT (1 to 1000; 0:
 * 100) after CURSOR (nullable). Resolves to a JsonObject {"items":[…],"sequence","next"}: without
 * what nobody wrote down of them, as live states; `next` is the cursor of the next page, or null.
 */
DexFuture *muster_api_history_list_as_of (MusterApiClient *client,
                                          const char      *entity,
                                          gint64           at,
                                          const char      *cursor,
                                          unsigned         limit);

G_END_DECLS
