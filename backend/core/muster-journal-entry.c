/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-journal-entry"

#include "config.h"

#include <string.h>

#include "model/muster-time.h"
#include "model/muster-uuid.h"
#include "model/muster-rights.h"
#include "muster-journal-many.h"
#include "muster-journal-owner.h"
#include "muster-journal-private.h"

struct _MusterJournalEntry
{
  GObject             parent_instance;
  gint64              sequence;
  char               *id;
  gint64              at;
  gint64              hlc;
  char               *origin;
  char               *actor;
  char               *operation;
  char               *summary;
  char               *entity;
  char               *entity_id;
  char               *title; /* (nullable) */
  MusterJournalAction action;
  char               *before; /* (nullable) */
  char               *after;  /* (nullable) */
  gint64              undoes;
  gint64              undone_by;
  char               *final;     /* (nullable) */
  char               *owner;     /* (nullable) id of the person that the record is for */
  char               *old_owner; /* (nullable) before it */
  guint               is_of_many : 1;
  guint               has_secrets : 1;
  MusterEntity       *record; /* (owned) (nullable) */
  gboolean            is_judged;
  char               *reason; /* (owned) (nullable) why it cannot be undone, where judged */

  JsonNode *before_node; /* (owned) (nullable): parsed when asked for, on the main thread */
  JsonNode *after_node;  /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (MusterJournalEntry, muster_journal_entry, G_TYPE_OBJECT)

static const MusterEnumValue actions[] = {
  { "insert", "Added" },
  { "update", "Changed" },
  { "delete", "Deleted" },
  { NULL, NULL },
};
const MusterEnum muster_journal_action_enum = { "JournalAction", actions };

const char muster_journal_select[] =
  "SELECT sequence, id, at, hlc, origin, actor, operation, summary, entity, entity_id, title, action, before, after, undoes, final, before_secret IS NOT NULL OR after_secret IS NOT NULL FROM journal ";

static void
muster_journal_entry_finalize (GObject *object)
{
  MusterJournalEntry *self = MUSTER_JOURNAL_ENTRY (object);

  g_free (self->id);
  g_free (self->origin);
  g_free (self->actor);
  g_free (self->operation);
  g_free (self->summary);
  g_free (self->entity);
  g_free (self->entity_id);
  g_free (self->title);
  g_free (self->before);
  g_free (self->after);
  g_free (self->owner);
  g_free (self->old_owner);
  g_free (self->final);
  g_free (self->reason);
  g_clear_object (&self->record);
  g_clear_pointer (&self->before_node, json_node_unref);
  g_clear_pointer (&self->after_node, json_node_unref);
  G_OBJECT_CLASS (muster_journal_entry_parent_class)->finalize (object);
}

static void
muster_journal_entry_class_init (MusterJournalEntryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_journal_entry_finalize;
}

static void
muster_journal_entry_init (MusterJournalEntry *self)
{
}

MusterJournalEntry *
muster_journal_entry_new_from_row (MusterStatement *statement)
{
  MusterJournalEntry *self = g_object_new (MUSTER_TYPE_JOURNAL_ENTRY, NULL);
  int                 column = 0;

  self->sequence = muster_statement_get_integer (statement, column++);
  self->id = g_strdup (muster_statement_get_text (statement, column++));
  self->at = muster_statement_get_integer (statement, column++);
  self->hlc = muster_statement_get_integer (statement, column++);
  self->origin = g_strdup (muster_statement_get_text (statement, column++));
  self->actor = g_strdup (muster_statement_get_text (statement, column++));
  self->operation = g_strdup (muster_statement_get_text (statement, column++));
  self->summary = g_strdup (muster_statement_get_text (statement, column++));
  self->entity = g_strdup (muster_statement_get_text (statement, column++));
  self->entity_id = g_strdup (muster_statement_get_text (statement, column++));
  self->title = g_strdup (muster_statement_get_text (statement, column++));
  /* The table's check constraint leaves no other nicks. */
  self->action = muster_enum_parse (&muster_journal_action_enum,
                                    muster_statement_get_text (statement, column++));
  self->before = g_strdup (muster_statement_get_text (statement, column++));
  self->after = g_strdup (muster_statement_get_text (statement, column++));
  self->undoes = muster_statement_get_integer (statement, column++);
  self->final = g_strdup (muster_statement_get_text (statement, column++));
  self->has_secrets = muster_statement_get_integer (statement, column++) != 0;
  return self;
}

static MusterJournalEntry *
muster_journal_entry_new_from_draft (const MusterJournalDraft *draft)
{
  MusterJournalEntry *self = g_object_new (MUSTER_TYPE_JOURNAL_ENTRY, NULL);

  self->id = muster_uuid_new (draft->at);
  self->at = draft->at;
  self->hlc = draft->hlc;
  self->origin = g_strdup (draft->origin);
  self->actor = g_strdup (draft->actor);
  self->operation = g_strdup (draft->operation);
  self->summary = g_strdup (draft->summary);
  self->entity = g_strdup (draft->info->name);
  self->entity_id = g_strdup (draft->entity_id);
  self->title = g_strdup (draft->title);
  self->action = draft->action;
  self->before = g_strdup (draft->before);
  self->after = g_strdup (draft->after);
  self->undoes = draft->undoes;
  self->has_secrets = draft->before_secret != NULL || draft->after_secret != NULL;
  return self;
}

MusterJournalEntry *
muster_journal_entry_write (const MusterJournalDraft *draft,
                            MusterConnection         *connection,
                            const guint8             *key,
                            MusterChainHead          *head,
                            GError                  **error)
{
  /* The order in which it is bound. */
  static const char sql[] =
    "INSERT INTO journal (sequence, at, hlc, undoes, hash, id, origin, actor, operation, summary, entity, entity_id, title, action, before, after, before_secret, after_secret) "
    "VALUES (?, ?, ?, nullif (?, 0), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
  g_autoptr (MusterJournalEntry) self = muster_journal_entry_new_from_draft (draft);
  g_autoptr (MusterStatement) statement = muster_statement_new (connection, sql, error);
  const char         *action = muster_enum_get_nick (&muster_journal_action_enum, self->action);
  MusterSealedColumns columns = {
    self->at,
    self->hlc,
    self->undoes,
    { self->id, self->origin, self->actor, self->operation, self->summary, self->entity,
      self->entity_id, self->title, action, self->before, self->after, draft->before_secret,
      draft->after_secret },
  };
  MusterSeal seal;
  int        position = 1;

  if (statement == NULL)
    return NULL;
  self->sequence = head->sequence + 1;
  muster_seal_content (key, &columns, seal.content);
  muster_seal_link (key, head->link, self->sequence, seal.content, NULL, seal.link);
  muster_statement_bind_integer_at (statement, position++, self->sequence);
  muster_statement_bind_integer_at (statement, position++, self->at);
  muster_statement_bind_integer_at (statement, position++, self->hlc);
  muster_statement_bind_integer_at (statement, position++, self->undoes);
  muster_statement_bind_static_blob (statement, position++, &seal, MUSTER_SEAL_LENGTH);
  for (size_t i = 0; i < G_N_ELEMENTS (columns.texts); i++)
    muster_statement_bind_static_text (statement, position++, columns.texts[i]);
  if (!muster_statement_run (statement, error))
    return NULL;
  head->sequence = self->sequence;
  memcpy (head->link, seal.link, sizeof seal.link);
  return g_steal_pointer (&self);
}

gint64
muster_journal_entry_get_sequence (MusterJournalEntry *self)
{
  g_return_val_if_fail (MUSTER_IS_JOURNAL_ENTRY (self), 0);

  return self->sequence;
}

MusterJournalAction
muster_journal_entry_get_action (MusterJournalEntry *self)
{
  g_return_val_if_fail (MUSTER_IS_JOURNAL_ENTRY (self), MUSTER_JOURNAL_INSERT);

  return self->action;
}

const char *
muster_journal_entry_get_entity (MusterJournalEntry *self)
{
  g_return_val_if_fail (MUSTER_IS_JOURNAL_ENTRY (self), NULL);

  return self->entity;
}

const char *
muster_journal_entry_get_entity_id (MusterJournalEntry *self)
{
  g_return_val_if_fail (MUSTER_IS_JOURNAL_ENTRY (self), NULL);

  return self->entity_id;
}

/* The object of TEXT, parsed once into NODE; NULL when there is no text. */
static JsonObject *
get_object (const char *text, JsonNode **node)
{
  if (text != NULL && *node == NULL)
    *node = json_from_string (text, NULL);
  return *node != NULL && JSON_NODE_HOLDS_OBJECT (*node) ? json_node_get_object (*node) : NULL;
}

JsonObject *
muster_journal_entry_get_before (MusterJournalEntry *self)
{
  g_return_val_if_fail (MUSTER_IS_JOURNAL_ENTRY (self), NULL);

  return get_object (self->before, &self->before_node);
}

JsonObject *
muster_journal_entry_get_after (MusterJournalEntry *self)
{
  g_return_val_if_fail (MUSTER_IS_JOURNAL_ENTRY (self), NULL);

  return get_object (self->after, &self->after_node);
}

MusterEntity *
muster_journal_entry_get_record (MusterJournalEntry *self)
{
  g_return_val_if_fail (MUSTER_IS_JOURNAL_ENTRY (self), NULL);

  return self->record;
}

void
muster_journal_entry_set_record (MusterJournalEntry *self, MusterEntity *record)
{
  g_set_object (&self->record, record);
}

gboolean
muster_journal_entry_has_secrets (MusterJournalEntry *self)
{
  g_return_val_if_fail (MUSTER_IS_JOURNAL_ENTRY (self), TRUE);

  return self->has_secrets;
}

const char *
muster_journal_entry_get_operation (MusterJournalEntry *self)
{
  return self->operation;
}

void
muster_journal_entry_set_final (MusterJournalEntry *self, const char *reason)
{
  g_set_str (&self->final, reason);
}

void
muster_journal_entry_set_of_many (MusterJournalEntry *self)
{
  self->is_of_many = TRUE;
}

gboolean
muster_journal_entry_is_of_many (MusterJournalEntry *self)
{
  g_return_val_if_fail (MUSTER_IS_JOURNAL_ENTRY (self), FALSE);

  return self->is_of_many;
}

void
muster_journal_entry_set_verdict (MusterJournalEntry *self, const char *reason)
{
  self->is_judged = TRUE;
  g_set_str (&self->reason, reason);
}

void
muster_journal_entry_set_undone_by (MusterJournalEntry *self, gint64 sequence)
{
  self->undone_by = sequence;
}

static void
append_text (GString *json, const char *name, const char *text)
{
  g_string_append_printf (json, ",\"%s\":", name);
  if (text != NULL)
    muster_json_append_string (json, text, -1);
  else
    g_string_append (json, "null");
}

/* A sequence number, or null for none. */
static void
append_sequence (GString *json, const char *name, gint64 sequence)
{
  if (sequence > 0)
    g_string_append_printf (json, ",\"%s\":%" G_GINT64_FORMAT, name, sequence);
  else
    g_string_append_printf (json, ",\"%s\":null", name);
}

void
muster_journal_entry_encode (MusterJournalEntry *self, GString *json)
{
  char at[MUSTER_TIME_TEXT_LENGTH + 1];

  g_return_if_fail (MUSTER_IS_JOURNAL_ENTRY (self));
  g_return_if_fail (json != NULL);

  g_string_append_printf (json, "{\"sequence\":%" G_GINT64_FORMAT, self->sequence);
  append_text (json, "id", self->id);
  append_text (json, "at", muster_time_format (self->at, at));
  g_string_append_printf (json, ",\"hlc\":%" G_GINT64_FORMAT, self->hlc);
  append_text (json, "actor", self->actor);
  append_text (json, "operation", self->operation);
  append_text (json, "summary", self->summary);
  append_text (json, "entity", self->entity);
  append_text (json, "entity_id", self->entity_id);
  append_text (json, "title", self->title);
  append_text (json, "action", muster_enum_get_nick (&muster_journal_action_enum, self->action));
  g_string_append_printf (json, ",\"before\":%s,\"after\":%s", self->before ? self->before : "null",
                          self->after ? self->after : "null");
  append_text (json, "origin", self->origin);
  append_sequence (json, "undoes", self->undoes);
  append_sequence (json, "undone_by", self->undone_by);
  append_text (json, "final", self->final);
  if (self->is_judged)
    {
      g_string_append_printf (json, ",\"undoable\":%s", self->reason == NULL ? "true" : "false");
      append_text (json, "reason", self->reason);
    }
  g_string_append_c (json, '}');
}

/* --- owners --- */

#define OWNER_FIELD "customer_id"

/* (transfer full) (nullable) */
static char *
dup_owner (MusterEntity *record)
{
  return record != NULL ? g_strdup (muster_entity_get_string (record, OWNER_FIELD)) : NULL;
}

void
muster_journal_entry_note_owner (MusterJournalEntry *self,
                                 MusterEntity       *before,
                                 MusterEntity       *after)
{
  MusterEntity *record = after != NULL ? after : before;

  g_return_if_fail (MUSTER_IS_JOURNAL_ENTRY (self));
  g_return_if_fail (record != NULL);

  if (!muster_rights_has_customers (self->entity) ||
      muster_entity_info_find (muster_entity_get_info (record), OWNER_FIELD) < 0)
    return;
  self->owner = dup_owner (after);
  self->old_owner = dup_owner (before);
}

gboolean
muster_journal_entry_is_of (MusterJournalEntry *self, const char *person_id)
{
  g_return_val_if_fail (MUSTER_IS_JOURNAL_ENTRY (self), FALSE);
  g_return_val_if_fail (person_id != NULL, FALSE);

  return g_strcmp0 (self->owner, person_id) == 0 || g_strcmp0 (self->old_owner, person_id) == 0;
}

void
muster_journal_entry_encode_for_owner (MusterJournalEntry *self, GString *json)
{
  char at[MUSTER_TIME_TEXT_LENGTH + 1];

  g_return_if_fail (MUSTER_IS_JOURNAL_ENTRY (self));
  g_return_if_fail (json != NULL);

  g_string_append_printf (json, "{\"sequence\":%" G_GINT64_FORMAT, self->sequence);
  append_text (json, "at", muster_time_format (self->at, at));
  append_text (json, "entity", self->entity);
  append_text (json, "entity_id", self->entity_id);
  append_text (json, "action", muster_enum_get_nick (&muster_journal_action_enum, self->action));
  g_string_append_c (json, '}');
}

gboolean
muster_journal_event_encode (MusterEvent *event, GHashTable *details, GString *json)
{
  MusterJournalEntry *self = muster_event_get_payload (event);

  if (details != NULL && !g_hash_table_contains (details, self->entity))
    return FALSE;
  muster_journal_entry_encode (self, json);
  return TRUE;
}
