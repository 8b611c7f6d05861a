/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-undo"

#include "config.h"

#include "muster-transaction-private.h"
#include "muster-undo-private.h"

/* An operation may have changed more than fits into memory at once. */
#define PAGE 500
/* Whether larger operations can be undone is told where they are looked at one by one. */
#define MAX_JUDGED 1000

/* What of an operation's entry undo needs, secrets too. */
typedef struct
{
  gint64              sequence;
  const MusterTable  *table;
  char               *entity_id;
  MusterJournalAction action;
  JsonNode           *before;        /* (nullable) */
  JsonNode           *before_secret; /* (nullable) */
} Step;

static void
step_free (gpointer data)
{
  Step *self = data;

  g_free (self->entity_id);
  g_clear_pointer (&self->before, json_node_unref);
  g_clear_pointer (&self->before_secret, json_node_unref);
  g_free (self);
}

JsonNode *
muster_undo_parse_object (const char *text)
{
  g_autoptr (JsonNode) node = text != NULL ? json_from_string (text, NULL) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? g_steal_pointer (&node) : NULL;
}

static Step *
step_new (MusterTransaction *transaction, MusterStatement *statement)
{
  Step *self = g_new0 (Step, 1);

  self->sequence = muster_statement_get_integer (statement, 0);
  self->table = muster_schema_find (transaction->schema, muster_statement_get_text (statement, 1));
  self->entity_id = g_strdup (muster_statement_get_text (statement, 2));
  self->action =
    muster_enum_parse (&muster_journal_action_enum, muster_statement_get_text (statement, 3));
  /* Undoing an insert needs nothing but the id. */
  self->before = muster_undo_parse_object (muster_statement_get_text (statement, 4));
  self->before_secret = muster_undo_parse_object (muster_statement_get_text (statement, 5));
  return self;
}

/* The steps of OPERATION before entry BELOW, last one first, as many as one page has. */
static GPtrArray *
load_page (MusterTransaction *transaction, const char *operation, gint64 below, GError **error)
{
  static const char sql[] =
    "SELECT sequence, entity, entity_id, action, before, before_secret FROM journal "
    "WHERE operation = :operation AND sequence < :below ORDER BY sequence DESC LIMIT :limit";
  g_autoptr (MusterStatement) statement = muster_statement_new (transaction->connection, sql, error);
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func (step_free);
  MusterStep result;

  if (statement == NULL)
    return NULL;
  muster_statement_bind_text (statement, ":operation", operation);
  muster_statement_bind_integer (statement, ":below", below);
  muster_statement_bind_integer (statement, ":limit", PAGE);
  while ((result = muster_statement_step (statement, error)) == MUSTER_STEP_ROW)
    g_ptr_array_add (steps, step_new (transaction, statement));
  return result == MUSTER_STEP_DONE ? g_steal_pointer (&steps) : NULL;
}

/* --- taking back --- */

static gboolean
step_restore (const Step *self, MusterEntity *entity, GError **error)
{
  if (self->before != NULL && !muster_entity_decode (entity, json_node_get_object (self->before),
                                                     MUSTER_DECODE_TRUSTED, "", error))
    return FALSE;
  return self->before_secret == NULL ||
         muster_entity_decode (entity, json_node_get_object (self->before_secret),
                               MUSTER_DECODE_TRUSTED, "", error);
}

static gboolean
step_undo (const Step *self, MusterTransaction *transaction, GError **error)
{
  const MusterEntityInfo *info = self->table->info;
  g_autoptr (MusterEntity) entity = NULL;

  transaction->undoes = self->sequence;
  if (self->action == MUSTER_JOURNAL_INSERT)
    return muster_transaction_delete (transaction, info, self->entity_id, 0, error);
  if (self->action == MUSTER_JOURNAL_DELETE)
    {
      entity = muster_entity_new (info);
      return step_restore (self, entity, error) &&
             muster_transaction_insert_full (transaction, entity, MUSTER_CHANGE_KEEPS_HISTORY,
                                             error);
    }
  entity = muster_transaction_get (transaction, info, self->entity_id, error);
  return entity != NULL && step_restore (self, entity, error) &&
         muster_transaction_update_full (transaction, entity, 0, MUSTER_CHANGE_ANY_STATE, error);
}

/* Takes OPERATION back from its end, page by page. */
static gboolean
undo_steps (MusterTransaction *transaction, const char *operation, GError **error)
{
  gint64 below = G_MAXINT64;
  guint  n_steps;

  do
    {
      g_autoptr (GPtrArray) steps = load_page (transaction, operation, below, error);

      if (steps == NULL)
        return FALSE;
      n_steps = steps->len;
      for (guint i = 0; i < steps->len; i++)
        {
          const Step *step = steps->pdata[i];

          if (!step_undo (step, transaction, error))
            return FALSE;
          below = step->sequence;
        }
    }
  while (n_steps == PAGE);
  return TRUE;
}

gboolean
muster_transaction_undo (MusterTransaction *self, gint64 sequence, GError **error)
{
  g_auto (MusterUndo) undo = { NULL };
  gboolean done;

  g_return_val_if_fail (self != NULL && self->writable, FALSE);

  if (!muster_undo_init (&undo, self, sequence, error) ||
      !muster_schema_may_undo (self->schema, self, undo.operation, error) ||
      !muster_undo_check_final (&undo, error) || !muster_undo_check_blockers (&undo, error))
    return FALSE;
  g_free (self->summary);
  self->summary = g_strdup_printf ("Undo: %s", undo.summary);
  done = undo_steps (self, undo.operation, error);
  self->undoes = 0;
  return done;
}

gboolean
muster_transaction_is_undone (MusterTransaction *self,
                              gint64             sequence,
                              gboolean          *undone,
                              GError           **error)
{
  gint64 undoing = 0;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (undone != NULL, FALSE);

  if (!muster_journal_find_undoing (self->connection, sequence, &undoing, error))
    return FALSE;
  *undone = undoing > 0;
  return TRUE;
}

gboolean
muster_journal_find_undoing (MusterConnection *connection,
                             gint64            sequence,
                             gint64           *undoing,
                             GError          **error)
{
  static const char sql[] = "SELECT u.sequence, (SELECT min (sequence) FROM journal WHERE "
                            "operation = u.operation) FROM journal u WHERE u.undoes = :sequence "
                            "ORDER BY u.sequence DESC";
  g_autoptr (MusterStatement) statement = muster_statement_new (connection, sql, error);
  MusterStep step;

  *undoing = 0;
  if (statement == NULL)
    return FALSE;
  muster_statement_bind_integer (statement, ":sequence", sequence);
  while ((step = muster_statement_step (statement, error)) == MUSTER_STEP_ROW)
    {
      gint64 over = 0;

      if (!muster_journal_find_undoing (connection, muster_statement_get_integer (statement, 0),
                                        &over, error))
        return FALSE;
      if (over == 0)
        {
          *undoing = muster_statement_get_integer (statement, 1);
          return TRUE;
        }
    }
  return step == MUSTER_STEP_DONE;
}

/* Whether it has more than MAX_JUDGED entries. */
static gboolean
is_large (MusterUndo *undo, gboolean *large, GError **error)
{
  static const char sql[] =
    "SELECT count (*) FROM (SELECT 1 FROM journal WHERE operation = :operation LIMIT :limit)";
  g_autoptr (MusterStatement) statement =
              muster_statement_new (undo->transaction->connection, sql, error);

  if (statement == NULL)
    return FALSE;
  muster_statement_bind_text (statement, ":operation", undo->operation);
  muster_statement_bind_integer (statement, ":limit", MAX_JUDGED + 1);
  if (muster_statement_step (statement, error) != MUSTER_STEP_ROW)
    return FALSE;
  *large = muster_statement_get_integer (statement, 0) > MAX_JUDGED;
  return TRUE;
}

/* An error that says why an operation cannot be undone, as that reason. */
static gboolean
take_reason (GError **cause, char **reason, GError **error)
{
  if (!g_error_matches (*cause, MUSTER_ERROR, MUSTER_ERROR_CONFLICT))
    {
      g_propagate_error (error, g_steal_pointer (cause));
      return FALSE;
    }
  *reason = g_strdup ((*cause)->message);
  g_clear_error (cause);
  return TRUE;
}

gboolean
muster_undo_judge (MusterTransaction *transaction,
                   gint64             sequence,
                   gboolean           exact,
                   char             **reason,
                   GError           **error)
{
  g_auto (MusterUndo) undo = { NULL };
  g_autoptr (GError) cause = NULL;
  gint64   undoing = 0;
  gboolean large = FALSE;

  *reason = NULL;
  if (!muster_undo_init (&undo, transaction, sequence, error) ||
      (!exact && !is_large (&undo, &large, error)) ||
      !muster_journal_find_undoing (transaction->connection, sequence, &undoing, error))
    return FALSE;
  if (undoing > 0)
    {
      *reason =
        g_strdup_printf ("it was undone already, by journal entry %" G_GINT64_FORMAT, undoing);
      return TRUE;
    }
  if (muster_schema_may_undo (transaction->schema, transaction, undo.operation, &cause) &&
      muster_undo_check_final (&undo, &cause) &&
      (large || muster_undo_check_blockers (&undo, &cause)))
    return TRUE;
  return take_reason (&cause, reason, error);
}
