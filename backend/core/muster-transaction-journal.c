/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-transaction-journal"

#include "config.h"

#include <string.h>

#include "muster-journal-owner.h"
#include "muster-journal-words.h"
#include "muster-transaction-private.h"

/* Which fields stand in an entry's object. Of a whole record it leaves out what a new one does not
 * hold either. */
typedef struct
{
  MusterEntity *entity;
  MusterEntity *other; /* (nullable): only what differs from it */
  gboolean      secret;
  gboolean with_base; /* though OTHER is given: updated_at and revision, for those who follow */
} Selection;

static gboolean
selection_has (const Selection *self, unsigned index)
{
  const MusterField *field = &muster_entity_get_info (self->entity)->fields[index];
  gboolean           secret = (field->flags & MUSTER_FIELD_SECRET) != 0;

  if ((field->flags & MUSTER_FIELD_VOLATILE) || secret != self->secret)
    return FALSE;
  if (self->other == NULL)
    return !muster_entity_peek (self->entity, index)->is_null || !muster_field_begins_null (field);
  if (index == MUSTER_ENTITY_FIELD_UPDATED_AT || index == MUSTER_ENTITY_FIELD_REVISION)
    return self->with_base;
  return !muster_value_equal (field, muster_entity_peek (self->entity, index),
                              muster_entity_peek (self->other, index));
}

/* NULL when no secret field is there to be written. */
static char *
selection_encode (const Selection *self)
{
  const MusterEntityInfo *info = muster_entity_get_info (self->entity);
  g_autoptr (GString) json = g_string_new (NULL);

  for (unsigned i = 0; i < info->n_fields; i++)
    {
      if (!selection_has (self, i))
        continue;
      g_string_append_printf (json, "%c\"%s\":", json->len == 0 ? '{' : ',', info->fields[i].name);
      muster_field_encode_value (&info->fields[i], muster_entity_peek (self->entity, i), json);
    }
  if (json->len == 0 && self->secret)
    return NULL;
  g_string_append (json, json->len == 0 ? "{}" : "}");
  return g_string_free_and_steal (g_steal_pointer (&json));
}

/* What names the record to a person. */
static char *
get_title (MusterEntity *entity)
{
  const MusterEntityInfo *info = muster_entity_get_info (entity);
  int index = info->title_field != NULL ? muster_entity_info_find (info, info->title_field) : -1;

  if (index < 0 || muster_entity_peek (entity, index)->is_null)
    return NULL;
  return muster_field_format_text (&info->fields[index], muster_entity_peek (entity, index));
}

/* For operations that nobody gave a name. */
static char *
make_summary (MusterJournalAction action, const MusterEntityInfo *info, const char *title)
{
  static const char *const verbs[] = { "Add", "Change", "Delete" };

  return muster_journal_describe (verbs[action], info, title);
}

/* Takes ENTRY. INSERTED (nullable): the record that it is of. */
static void
muster_transaction_keep (MusterTransaction *self, MusterJournalEntry *entry, MusterEntity *inserted)
{
  if (self->entries->len >= MUSTER_TRANSACTION_KEEPS)
    {
      self->spilled = TRUE;
      g_ptr_array_set_size (self->entries, 0);
    }
  if (self->spilled)
    {
      g_object_unref (entry);
      return;
    }
  if (inserted != NULL)
    {
      g_autoptr (MusterEntity) record = muster_entity_copy (inserted);

      muster_journal_entry_set_record (entry, record);
    }
  g_ptr_array_add (self->entries, entry);
}

gboolean
muster_transaction_journal (MusterTransaction *self,
                            MusterEntity      *before,
                            MusterEntity      *after,
                            GError           **error)
{
  MusterEntity      *entity = after ? after : before;
  MusterJournalDraft draft = { .at = self->now, .info = muster_entity_get_info (entity) };
  g_autofree char   *title = get_title (entity);
  g_autofree char   *summary = NULL;
  g_autofree char   *before_json =
    before ? selection_encode (&(Selection){ before, after, FALSE, FALSE }) : NULL;
  g_autofree char *after_json =
    after ? selection_encode (&(Selection){ after, before, FALSE, TRUE }) : NULL;
  g_autofree char *before_secret =
    before ? selection_encode (&(Selection){ before, after, TRUE, FALSE }) : NULL;
  g_autofree char *after_secret =
    after ? selection_encode (&(Selection){ after, before, TRUE, FALSE }) : NULL;
  MusterJournalEntry *entry = NULL;

  draft.action = before == NULL  ? MUSTER_JOURNAL_INSERT
                 : after == NULL ? MUSTER_JOURNAL_DELETE
                                 : MUSTER_JOURNAL_UPDATE;
  summary =
    self->summary ? g_strdup (self->summary) : make_summary (draft.action, draft.info, title);
  draft.hlc = muster_hlc_next (self->hlc);
  draft.origin = self->origin;
  draft.actor = muster_actor_to_string (self->actor);
  draft.operation = self->operation;
  draft.summary = summary;
  draft.entity_id = muster_entity_get_id (entity);
  draft.title = title;
  draft.before = before_json;
  draft.after = after_json;
  draft.before_secret = before_secret;
  draft.after_secret = after_secret;
  draft.undoes = self->undoes;
  entry = muster_journal_entry_write (&draft, self->connection, self->key, self->head, error);
  if (entry == NULL)
    return FALSE;
  muster_journal_entry_note_owner (entry, before, after);
  if (self->first_summary == NULL)
    self->first_summary = g_steal_pointer (&summary);
  muster_transaction_keep (self, entry, before == NULL ? after : NULL);
  return TRUE;
}

/* Why they are final becomes part of this transaction's entries, and so of their links. An
 * operation is final when any of its entries is. */
gboolean
muster_transaction_write_final (MusterTransaction *self, GError **error)
{
  g_autoptr (MusterStatement) select = muster_statement_new (
    self->connection,
    "SELECT sequence, hash FROM journal WHERE sequence > :after ORDER BY sequence", error);
  g_autoptr (MusterStatement) update = muster_statement_new (
    self->connection, "UPDATE journal SET final = :final, hash = :hash WHERE sequence = :sequence",
    error);
  MusterStep step;

  if (select == NULL || update == NULL)
    return FALSE;
  *self->head = self->head_first;
  muster_statement_bind_integer (select, ":after", self->head_first.sequence);
  while ((step = muster_statement_step (select, error)) == MUSTER_STEP_ROW)
    {
      g_autoptr (GBytes) old = muster_statement_get_blob (select, 1);
      g_autoptr (GBytes) hash = NULL;
      MusterSeal seal;

      g_assert (g_bytes_get_size (old) == MUSTER_SEAL_LENGTH);
      memcpy (&seal, g_bytes_get_data (old, NULL), MUSTER_SEAL_LENGTH);
      self->head->sequence = muster_statement_get_integer (select, 0);
      muster_seal_link (self->key, self->head->link, self->head->sequence, seal.content,
                        self->final, seal.link);
      memcpy (self->head->link, seal.link, sizeof seal.link);
      hash = g_bytes_new (&seal, MUSTER_SEAL_LENGTH);
      muster_statement_bind_text (update, ":final", self->final);
      muster_statement_bind_blob (update, ":hash", hash);
      muster_statement_bind_integer (update, ":sequence", self->head->sequence);
      if (!muster_statement_run (update, error))
        return FALSE;
    }
  for (guint i = 0; i < self->entries->len; i++)
    muster_journal_entry_set_final (self->entries->pdata[i], self->final);
  return step == MUSTER_STEP_DONE;
}
