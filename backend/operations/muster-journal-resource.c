/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-journal-resource"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "core/muster-journal.h"
#include "muster-journal-resource.h"

#define DEFAULT_LIMIT 100

static gint64
get_number (MusterRequest *request, const char *name, gint64 otherwise)
{
  const MusterValue *value = muster_request_get_param (request, name);

  return value->is_null ? otherwise : value->integer;
}

static DexFuture *
respond_list_cb (DexFuture *future, gpointer user_data)
{
  GBytes *bytes = g_value_get_boxed (dex_future_get_value (future, NULL));

  return muster_response_resolve (muster_response_new_bytes (200, "application/json", bytes));
}

static DexFuture *
list_entries (MusterRequest *request, gpointer database)
{
  return dex_future_then (
    muster_journal_list_json (database, muster_request_get_param_text (request, "entity"),
                              muster_request_get_param_text (request, "entity_id"),
                              muster_request_get_param_text (request, "operation"),
                              get_number (request, "before", 0), get_number (request, "after", -1),
                              get_number (request, "limit", DEFAULT_LIMIT),
                              muster_request_get_as_of (request)),
    respond_list_cb, NULL, NULL);
}

/* --- by operation --- */

static DexFuture *
list_operations (MusterRequest *request, gpointer database)
{
  const MusterOperationFilter filter = {
    .entity = muster_request_get_param_text (request, "entity"),
    .actor = muster_request_get_param_text (request, "actor"),
    .text = muster_request_get_param_text (request, "q"),
    .from = get_number (request, "from", 0),
    .to = get_number (request, "to", 0),
    .before = get_number (request, "before", 0),
    .limit = get_number (request, "limit", DEFAULT_LIMIT),
    .as_of = muster_request_get_as_of (request),
  };

  return dex_future_then (muster_journal_list_operations (database, &filter), respond_list_cb, NULL,
                          NULL);
}

static DexFuture *
get_operation (MusterRequest *request, gpointer database)
{
  return dex_future_then (
    muster_journal_get_operation (database, muster_request_get_path_integer (request, "sequence"),
                                  muster_request_get_as_of (request)),
    respond_list_cb, NULL, NULL);
}

static DexFuture *
list_as_of (MusterRequest *request, gpointer database)
{
  return dex_future_then (
    muster_journal_list_as_of (database, muster_request_get_param_text (request, "entity"),
                               get_number (request, "at", 0),
                               muster_request_get_param_text (request, "cursor"),
                               get_number (request, "limit", DEFAULT_LIMIT)),
    respond_list_cb, NULL, NULL);
}

static DexFuture *
list_marks (MusterRequest *request, gpointer database)
{
  return dex_future_then (muster_journal_list_marks (database, get_number (request, "from", 0),
                                                     get_number (request, "to", 0),
                                                     get_number (request, "points", DEFAULT_LIMIT)),
                          respond_list_cb, NULL, NULL);
}

static DexFuture *
verify_journal (MusterRequest *request, gpointer database)
{
  return dex_future_then (muster_journal_verify (database), respond_list_cb, NULL, NULL);
}

/* --- undo --- */

static DexFuture *
respond_undone_cb (DexFuture *future, gpointer user_data)
{
  GString *json = g_string_new (NULL);

  g_string_append_printf (json, "{\"sequence\":%" G_GINT64_FORMAT "}",
                          g_value_get_int64 (dex_future_get_value (future, NULL)));
  return muster_response_resolve (muster_response_new_json (200, json));
}

static DexFuture *
undo_entry (MusterRequest *request, gpointer database)
{
  return dex_future_then (muster_journal_undo (database, muster_request_get_actor (request),
                                               muster_request_get_path_integer (request,
                                                                                "sequence")),
                          respond_undone_cb, NULL, NULL);
}

/* clang-format off */
static const MusterField params[] = {
  { "entity", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 64, .label = N_("Entity"), .doc = "Changes of this kind of record alone." },
  { "entity_id", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Record"), .doc = "Changes of this record alone." },
  { "operation", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Operation"), .doc = "Changes of this operation alone." },
  { "before", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, 1, G_MAXINT64, .label = N_("Before"), .doc = "Entries before this sequence number, newest first." },
  { "after", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, 0, G_MAXINT64, .label = N_("After"), .doc = "Entries after this sequence number, oldest first." },
  { "limit", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, 1, 1000, .label = N_("Limit"), .doc = "At most so many; 100 when left out." },
};
static const MusterField operation_params[] = {
  { "entity", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 64, .label = N_("Entity"), .doc = "What changed records of this kind." },
  { "actor", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 200, .label = N_("Who"), .doc = "What this one did, as entries name them: person:ID, local:NAME, token." },
  { "q", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, 1, 200, .label = N_("Text"), .doc = "What has this text in its summary." },
  { "from", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE, .label = N_("From"), .doc = "What began then or later." },
  { "to", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE, .label = N_("To"), .doc = "What began then or earlier." },
  { "before", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, 1, G_MAXINT64, .label = N_("Before"), .doc = "What began before the entry with this sequence number." },
  { "limit", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, 1, 1000, .label = N_("Limit"), .doc = "At most so many; 100 when left out." },
};
static const MusterField operation_fields[] = {
  { "sequence", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED, 1, G_MAXINT64, .label = N_("Sequence"), .doc = "Of its first entry: by it the operation is undone." },
  { "operation", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED, .label = N_("Operation"), .doc = "Its entries share it." },
  { "at", MUSTER_FIELD_TIME, MUSTER_FIELD_REQUIRED, .label = N_("When"), .doc = "When it began." },
  { "actor", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, .label = N_("Who"), .doc = "Who did it." },
  { "person", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, .label = N_("Person"), .doc = "The name of the person who did it." },
  { "entity", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, .label = N_("Entity"), .doc = "The kind of record of its first change." },
  { "title", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, .label = N_("Title"), .doc = "What the record of its first change is called." },
  { "summary", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, .label = N_("What"), .doc = "The operation in a few words." },
  { "count", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED, .label = N_("Changes"), .doc = "How many entries it has." },
  { "changes", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Records"), .doc = "How many of each kind of record: {device: 12}." },
  { "final", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, .label = N_("Final"), .doc = "Why it can never be undone." },
  { "undoes", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, .label = N_("Undoes"), .doc = "The first entry of the operation that it took back." },
  { "undone_by", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, .label = N_("Undone by"), .doc = "The first entry of the operation that took it back." },
  { "undoable", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_REQUIRED, .label = N_("Undoable"), .doc = "Whether it can be undone now. In the list, of operations of more than 1000 changes later changes are not looked for." },
  { "reason", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, .label = N_("Reason"), .doc = "Why it cannot be undone now." },
};
static const MusterField past_params[] = {
  { "entity", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, 1, 64, .label = N_("Entity"), .doc = "The kind of record, as journal entries name it: device." },
  { "at", MUSTER_FIELD_TIME, MUSTER_FIELD_REQUIRED, .label = N_("At"), .doc = "The moment." },
  { "cursor", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Cursor"), .doc = "`next` of the page before." },
  { "limit", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, 1, 1000, .label = N_("Limit"), .doc = "At most so many; 100 when left out." },
};
static const MusterField past_fields[] = {
  { "items", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Records"), .doc = "The records as they were, in the order of their ids, without secrets; what is not written down of them, as live states, is null." },
  { "sequence", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED, 0, G_MAXINT64, .label = N_("Sequence"), .doc = "Of the last entry that counts." },
  { "next", MUSTER_FIELD_UUID, MUSTER_FIELD_NULLABLE, .label = N_("Next"), .doc = "The cursor of the next page; null: this is the last." },
};
static const MusterField marks_params[] = {
  { "from", MUSTER_FIELD_TIME, MUSTER_FIELD_REQUIRED, .label = N_("From"), .doc = "Where the line of time begins." },
  { "to", MUSTER_FIELD_TIME, MUSTER_FIELD_REQUIRED, .label = N_("To"), .doc = "Where it ends." },
  { "points", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, 1, 2000, .label = N_("Points"), .doc = "Into how many stretches it is divided; 100 when left out." },
};
static const MusterField marks_fields[] = {
  { "first", MUSTER_FIELD_TIME, MUSTER_FIELD_NULLABLE, .label = N_("First"), .doc = "When the journal begins: before that nothing is known." },
  { "changes", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Changes"), .doc = "How many records were changed in each stretch." },
  { "marks", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Marks"), .doc = "What stands out, the newest 300 of each kind: [{sequence, at, kind, entity, entity_id, title, detail}]; kind is alert, with its severity as detail, or firmware, with the version that a device went to." },
};
static const MusterField verdict_fields[] = {
  { "intact", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_REQUIRED, .label = N_("Intact"), .doc = "Whether every entry is as it was written, where it was written." },
  { "checked", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED, .label = N_("Checked"), .doc = "How many entries were read." },
  { "first_sequence", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED, .label = N_("First"), .doc = "The first of them; 0 without any." },
  { "last_sequence", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED, .label = N_("Last"), .doc = "The last of them." },
  { "head", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, .label = N_("Head"), .doc = "The seal that the journal ends with, in hexadecimal digits: kept elsewhere, it proves the journal up to here." },
  { "problems", MUSTER_FIELD_JSON, MUSTER_FIELD_REQUIRED, .label = N_("Problems"), .doc = "[{sequence, kind, detail}]; kind is altered, removed, reordered or foreign." },
  { "more", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED, .label = N_("More"), .doc = "Problems beyond those named." },
};
static const MusterField entry_fields[] = {
  { "sequence", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED, 1, G_MAXINT64, .label = N_("Sequence"), .doc = "Position in the journal." },
  { "id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED, .label = N_("Identifier"), .doc = "Of the entry." },
  { "at", MUSTER_FIELD_TIME, MUSTER_FIELD_REQUIRED, .label = N_("When"), .doc = "When it was changed." },
  { "hlc", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED, .label = N_("Stamp"), .doc = "Hybrid logical clock." },
  { "actor", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, .label = N_("Who"), .doc = "Who changed it." },
  { "operation", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED, .label = N_("Operation"), .doc = "Entries that belong together share it." },
  { "summary", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, .label = N_("What"), .doc = "The operation in a few words." },
  { "entity", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, .label = N_("Entity"), .doc = "Kind of record." },
  { "entity_id", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED, .label = N_("Record"), .doc = "The record." },
  { "title", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, .label = N_("Title"), .doc = "What the record is called." },
  { "action", MUSTER_FIELD_STRING, MUSTER_FIELD_REQUIRED, .label = N_("Action"), .doc = "insert, update or delete." },
  { "before", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, .label = N_("Before"), .doc = "Changed members as they were." },
  { "after", MUSTER_FIELD_JSON, MUSTER_FIELD_NULLABLE, .label = N_("After"), .doc = "Changed members as they became." },
  { "origin", MUSTER_FIELD_UUID, MUSTER_FIELD_REQUIRED, .label = N_("Origin"), .doc = "The site's database where it was changed." },
  { "undoes", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, .label = N_("Undoes"), .doc = "The entry that it takes back." },
  { "undone_by", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, .label = N_("Undone by"), .doc = "The first entry of the operation that took it back: by it that is undone." },
  { "final", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, .label = N_("Final"), .doc = "Why it cannot be undone." },
  { "undoable", MUSTER_FIELD_BOOLEAN, MUSTER_FIELD_REQUIRED, .label = N_("Undoable"), .doc = "Whether its operation can be undone now. Of operations of more than 1000 changes later changes are not looked for." },
  { "reason", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, .label = N_("Reason"), .doc = "Why it cannot be undone now." },
};
static const MusterField undone_fields[] = {
  { "sequence", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED, 1, G_MAXINT64, .label = N_("Sequence"), .doc = "The first entry of the undoing operation." },
};
static const MusterShape entries_shape = { .schema = "JournalEntry", .doc = "Changes.", .fields = entry_fields, .n_fields = G_N_ELEMENTS (entry_fields), .list = TRUE, .is_numbered = TRUE };
static const MusterShape operations_shape = { .schema = "Operation", .doc = "Operations.", .fields = operation_fields, .n_fields = G_N_ELEMENTS (operation_fields), .list = TRUE, .is_numbered = TRUE };
static const MusterShape operation_shape = { .schema = "Operation", .doc = "What somebody did at once.", .fields = operation_fields, .n_fields = G_N_ELEMENTS (operation_fields) };
static const MusterShape past_shape = { .schema = "PastRecords", .doc = "Records as they were.", .fields = past_fields, .n_fields = G_N_ELEMENTS (past_fields) };
static const MusterShape marks_shape = { .schema = "JournalMarks", .doc = "What happened along a line of time.", .fields = marks_fields, .n_fields = G_N_ELEMENTS (marks_fields) };
static const MusterShape verdict_shape = { .schema = "JournalVerdict", .doc = "Whether the journal is intact.", .fields = verdict_fields, .n_fields = G_N_ELEMENTS (verdict_fields) };
static const MusterShape undone_shape = { .schema = "Undone", .doc = "What was done.", .fields = undone_fields, .n_fields = G_N_ELEMENTS (undone_fields) };

static const MusterRoute routes[] = {
  { "GET", "/journal", "listJournal", "journal", "What changed, who did it, and when", list_entries, MUSTER_ROUTE_PAST, params, G_N_ELEMENTS (params), .response = &entries_shape },
  { "GET", "/journal/operations", "listOperations", "journal", "What was done, one row an operation", list_operations, MUSTER_ROUTE_PAST, operation_params, G_N_ELEMENTS (operation_params), .response = &operations_shape },
  { "GET", "/journal/as-of", "listRecordsAsOf", "journal", "Records as they were at a moment", list_as_of, MUSTER_ROUTE_PLAIN, past_params, G_N_ELEMENTS (past_params), .response = &past_shape },
  { "GET", "/journal/marks", "listMarks", "journal", "What happened along a line of time", list_marks, MUSTER_ROUTE_PLAIN, marks_params, G_N_ELEMENTS (marks_params), .response = &marks_shape },
  { "GET", "/journal/verify", "verifyJournal", "journal", "Whether any entry was altered, removed, put in or moved", verify_journal, MUSTER_ROUTE_PLAIN, .response = &verdict_shape },
  { "GET", "/journal/{sequence:integer}/operation", "getOperation", "journal", "The operation that an entry belongs to, and whether it can be undone now", get_operation, MUSTER_ROUTE_PAST, .response = &operation_shape },
  { "POST", "/journal/{sequence:integer}/undo", "undoChange", "journal", "Take back the operation that an entry belongs to", undo_entry, MUSTER_ROUTE_PLAIN, .response = &undone_shape },
};
/* clang-format on */

void
muster_journal_resource_add (MusterRouter *router, MusterDatabase *database)
{
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (database));
}
