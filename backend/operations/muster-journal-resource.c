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
                              get_number (request, "before", 0), get_number (request, "after", -1),
                              get_number (request, "limit", DEFAULT_LIMIT)),
    respond_list_cb, NULL, NULL);
}

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
  { "before", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, 1, G_MAXINT64, .label = N_("Before"), .doc = "Entries before this sequence number, newest first." },
  { "after", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, 0, G_MAXINT64, .label = N_("After"), .doc = "Entries after this sequence number, oldest first." },
  { "limit", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, 1, 1000, .label = N_("Limit"), .doc = "At most so many; 100 when left out." },
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
  { "undone_by", MUSTER_FIELD_INTEGER, MUSTER_FIELD_NULLABLE, .label = N_("Undone by"), .doc = "The entry that took it back." },
  { "final", MUSTER_FIELD_STRING, MUSTER_FIELD_NULLABLE, .label = N_("Final"), .doc = "Why it cannot be undone." },
};
static const MusterField undone_fields[] = {
  { "sequence", MUSTER_FIELD_INTEGER, MUSTER_FIELD_REQUIRED, 1, G_MAXINT64, .label = N_("Sequence"), .doc = "The first entry of the undoing operation." },
};
static const MusterShape entries_shape = { .schema = "JournalEntry", .doc = "Changes.", .fields = entry_fields, .n_fields = G_N_ELEMENTS (entry_fields), .list = TRUE };
static const MusterShape undone_shape = { .schema = "Undone", .doc = "What was done.", .fields = undone_fields, .n_fields = G_N_ELEMENTS (undone_fields) };

static const MusterRoute routes[] = {
  { "GET", "/journal", "listJournal", "journal", "What changed, who did it, and when", list_entries, MUSTER_ROUTE_PLAIN, params, G_N_ELEMENTS (params), .response = &entries_shape },
  { "POST", "/journal/{sequence:integer}/undo", "undoChange", "journal", "Take back the operation that an entry belongs to", undo_entry, MUSTER_ROUTE_PLAIN, .response = &undone_shape },
};
/* clang-format on */

void
muster_journal_resource_add (MusterRouter *router, MusterDatabase *database)
{
  muster_router_add (router, routes, G_N_ELEMENTS (routes), G_OBJECT (database));
}
