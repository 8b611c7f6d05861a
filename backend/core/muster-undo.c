/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-undo"

#include "config.h"

#include "muster-transaction-private.h"

/* What of an operation's entry undo needs, secrets too. */
typedef struct
{
  gint64              sequence;
  const MusterTable  *table; /* (nullable): an entity that this version does not know */
  char               *entity_id;
  MusterJournalAction action;
  JsonNode           *before;        /* (nullable) */
  JsonNode           *before_secret; /* (nullable) */
  GHashTable         *touched;       /* names of the fields that an update changed */
  char               *summary;
  char               *final; /* (nullable) */
} Step;

static void
step_free (gpointer data)
{
  Step *self = data;

  g_free (self->entity_id);
  g_clear_pointer (&self->before, json_node_unref);
  g_clear_pointer (&self->before_secret, json_node_unref);
  g_clear_pointer (&self->touched, g_hash_table_unref);
  g_free (self->summary);
  g_free (self->final);
  g_free (self);
}

static JsonNode *
parse_object (const char *text)
{
  g_autoptr (JsonNode) node = text != NULL ? json_from_string (text, NULL) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? g_steal_pointer (&node) : NULL;
}

static void
collect_names (JsonNode *node, GHashTable *names)
{
  JsonObjectIter iter;
  const char    *name = NULL;

  if (node == NULL)
    return;
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &name, NULL))
    g_hash_table_add (names, g_strdup (name));
}

#define STEP_COLUMNS "sequence, entity, entity_id, action, before, before_secret, summary, final"

static Step *
step_new (MusterTransaction *transaction, MusterStatement *statement)
{
  Step *self = g_new0 (Step, 1);

  self->sequence = muster_statement_get_integer (statement, 0);
  self->table = muster_schema_find (transaction->schema, muster_statement_get_text (statement, 1));
  self->entity_id = g_strdup (muster_statement_get_text (statement, 2));
  self->action =
    muster_enum_parse (&muster_journal_action_enum, muster_statement_get_text (statement, 3));
  self->before = parse_object (muster_statement_get_text (statement, 4));
  self->before_secret = parse_object (muster_statement_get_text (statement, 5));
  self->summary = g_strdup (muster_statement_get_text (statement, 6));
  self->final = g_strdup (muster_statement_get_text (statement, 7));
  self->touched = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  collect_names (self->before, self->touched);
  collect_names (self->before_secret, self->touched);
  return self;
}

/* The steps of the operation that SEQUENCE belongs to, last one first: NULL with
 * MUSTER_ERROR_NOT_FOUND. */
static GPtrArray *
load_operation (MusterTransaction *transaction, gint64 sequence, GError **error)
{
  static const char sql[] =
    "SELECT " STEP_COLUMNS
    " FROM journal WHERE operation = (SELECT operation FROM journal WHERE sequence = :sequence) ORDER BY sequence DESC";
  g_autoptr (MusterStatement) statement = muster_statement_new (transaction->connection, sql, error);
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func (step_free);
  MusterStep result;

  if (statement == NULL)
    return NULL;
  muster_statement_bind_integer (statement, ":sequence", sequence);
  while ((result = muster_statement_step (statement, error)) == MUSTER_STEP_ROW)
    g_ptr_array_add (steps, step_new (transaction, statement));
  if (result == MUSTER_STEP_FAILED)
    return NULL;
  if (steps->len == 0)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
                   "there is no journal entry %" G_GINT64_FORMAT, sequence);
      return NULL;
    }
  return g_steal_pointer (&steps);
}

static gboolean
check_final (GPtrArray *steps, GError **error)
{
  for (guint i = 0; i < steps->len; i++)
    {
      const Step *step = steps->pdata[i];

      if (step->final != NULL)
        g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "“%s” cannot be undone: %s",
                     step->summary, step->final);
      else if (step->table == NULL)
        g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                     "“%s” cannot be undone: this version does not know all that it changed",
                     step->summary);
      else if (step->table->info->flags & MUSTER_ENTITY_FINAL)
        g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                     "“%s” cannot be undone: its effect has left the site", step->summary);
      else
        continue;
      return FALSE;
    }
  return TRUE;
}

/* --- what stands in the way --- */

/* Whether the later change LATER builds on what STEP did. */
static gboolean
step_collides (const Step *self, const Step *later)
{
  GHashTableIter iter;
  gpointer       name;

  if (self->action != MUSTER_JOURNAL_UPDATE || later->action != MUSTER_JOURNAL_UPDATE)
    return TRUE;
  g_hash_table_iter_init (&iter, self->touched);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    {
      if (g_hash_table_contains (later->touched, name))
        return TRUE;
    }
  return FALSE;
}

static void
add_blocker (GPtrArray *blockers, gint64 sequence)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, sequence);

  if (!g_ptr_array_find_with_equal_func (blockers, text, g_str_equal, NULL))
    g_ptr_array_add (blockers, g_steal_pointer (&text));
}

/* What the daemon itself noted down of a record goes with the record. */
#define BY_THE_DAEMON "actor LIKE 'system:%'"

/* Later changes of the same record, newest first. A change that was undone and the undoing of it
 * cancel each other out, so that a person can go back one step after the other. */
static gboolean
find_later_changes (MusterTransaction *transaction,
                    const Step        *step,
                    const char        *entity,
                    GPtrArray         *blockers,
                    GError           **error)
{
  static const char sql[] =
    "SELECT " STEP_COLUMNS ", undoes, " BY_THE_DAEMON
    " FROM journal WHERE entity_id = :id AND entity = :entity AND sequence > :sequence "
    "AND operation <> (SELECT operation FROM journal WHERE sequence = :sequence) ORDER BY sequence DESC";
  g_autoptr (MusterStatement) statement = muster_statement_new (transaction->connection, sql, error);
  g_autoptr (GHashTable) cancelled =
              g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  MusterStep result;

  if (statement == NULL)
    return FALSE;
  muster_statement_bind_text (statement, ":id", step->entity_id);
  muster_statement_bind_text (statement, ":entity", entity);
  muster_statement_bind_integer (statement, ":sequence", step->sequence);
  while ((result = muster_statement_step (statement, error)) == MUSTER_STEP_ROW)
    {
      Step  *later = step_new (transaction, statement);
      gint64 undoes = muster_statement_get_integer (statement, 8);

      if (g_hash_table_contains (cancelled, &later->sequence))
        ;
      else if (undoes > step->sequence)
        g_hash_table_add (cancelled, g_memdup2 (&undoes, sizeof undoes));
      else if (step_collides (step, later) && !(step->action == MUSTER_JOURNAL_INSERT &&
                                                muster_statement_get_integer (statement, 9)))
        add_blocker (blockers, later->sequence);
      step_free (later);
    }
  return result == MUSTER_STEP_DONE;
}

#define LAST_CHANGE                                                                                \
  "SELECT max (sequence) FROM journal WHERE entity_id = :id AND entity = :entity AND sequence > "  \
  ":sequence AND operation <> (SELECT operation FROM journal WHERE sequence = :sequence)"

/* The last change of a record since SEQUENCE that is none of the operation which that belongs to,
 * as SQL finds it. */
static gboolean
add_last_change (MusterTransaction *transaction,
                 const char        *sql,
                 const char        *entity,
                 const char        *id,
                 gint64             sequence,
                 GPtrArray         *blockers,
                 GError           **error)
{
  g_autoptr (MusterStatement) statement = muster_statement_new (transaction->connection, sql, error);

  if (statement == NULL)
    return FALSE;
  muster_statement_bind_text (statement, ":id", id);
  muster_statement_bind_text (statement, ":entity", entity);
  muster_statement_bind_integer (statement, ":sequence", sequence);
  if (muster_statement_step (statement, error) == MUSTER_STEP_FAILED)
    return FALSE;
  if (muster_statement_get_integer (statement, 0) > 0)
    add_blocker (blockers, muster_statement_get_integer (statement, 0));
  return TRUE;
}

/* Records that the one to be brought back points at and that went after it. */
static gboolean
find_missing (MusterTransaction *transaction, const Step *step, GPtrArray *blockers, GError **error)
{
  const MusterEntityInfo *info = step->table->info;

  for (unsigned i = 0; step->before != NULL && i < info->n_fields; i++)
    {
      const MusterField *field = &info->fields[i];
      const MusterTable *target =
        field->references ? muster_schema_find (transaction->schema, field->references) : NULL;
      const char *id =
        target ? json_object_get_string_member_with_default (json_node_get_object (step->before),
                                                             field->name, NULL)
               : NULL;
      g_autoptr (MusterEntity) found = NULL;

      if (id == NULL)
        continue;
      if (!muster_transaction_load (transaction, target->info, id, &found, error))
        return FALSE;
      if (found == NULL && !add_last_change (transaction, LAST_CHANGE, target->info->name, id,
                                             step->sequence, blockers, error))
        return FALSE;
    }
  return TRUE;
}

/* Whether the operation changed that record too: what came later of it is found with its own step.
 */
static gboolean
is_own_step (GPtrArray *steps, const MusterEntityInfo *info, const char *id)
{
  for (guint i = 0; i < steps->len; i++)
    {
      const Step *step = steps->pdata[i];

      if (step->table->info == info && g_str_equal (step->entity_id, id))
        return TRUE;
    }
  return FALSE;
}

/* Records made since that point at the one that undoing an insert would delete. */
static gboolean
find_referrers (MusterTransaction *transaction,
                GPtrArray         *steps,
                const Step        *step,
                GPtrArray         *blockers,
                GError           **error)
{
  for (guint i = 0; i < step->table->referrers->len; i++)
    {
      const MusterReference *reference = step->table->referrers->pdata[i];
      g_autoptr (MusterQuery) query = muster_query_new (reference->info);
      g_autoptr (GPtrArray) records = NULL;

      muster_query_where (query, reference->field->name, step->entity_id);
      records = muster_transaction_select (transaction, query, error);
      if (records == NULL)
        return FALSE;
      for (guint j = 0; j < records->len; j++)
        {
          if (is_own_step (steps, reference->info, muster_entity_get_id (records->pdata[j])))
            continue;
          if (!add_last_change (transaction, LAST_CHANGE " AND NOT " BY_THE_DAEMON,
                                reference->info->name, muster_entity_get_id (records->pdata[j]),
                                step->sequence, blockers, error))
            return FALSE;
        }
    }
  return TRUE;
}

static gboolean
check_blockers (MusterTransaction *transaction, GPtrArray *steps, GError **error)
{
  g_autoptr (GPtrArray) blockers = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *names = NULL;
  g_autoptr (GError) conflict = NULL;

  for (guint i = 0; i < steps->len; i++)
    {
      const Step *step = steps->pdata[i];

      if (!find_later_changes (transaction, step, step->table->info->name, blockers, error))
        return FALSE;
      if (step->action == MUSTER_JOURNAL_INSERT &&
          !find_referrers (transaction, steps, step, blockers, error))
        return FALSE;
      if (step->action == MUSTER_JOURNAL_DELETE &&
          !find_missing (transaction, step, blockers, error))
        return FALSE;
    }
  if (blockers->len == 0)
    return TRUE;
  g_ptr_array_add (blockers, NULL);
  names = g_strjoinv (", ", (char **)blockers->pdata);
  conflict = g_error_new (
    MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
    "“%s” cannot be undone: later changes stand on it (journal entries %s); undo those first",
    ((Step *)steps->pdata[0])->summary, names);
  muster_error_set_blockers (conflict, (const char *const *)blockers->pdata);
  g_propagate_error (error, g_steal_pointer (&conflict));
  return FALSE;
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

gboolean
muster_transaction_undo (MusterTransaction *self, gint64 sequence, GError **error)
{
  g_autoptr (GPtrArray) steps = NULL;
  gboolean done = TRUE;

  g_return_val_if_fail (self != NULL && self->writable, FALSE);

  steps = load_operation (self, sequence, error);
  if (steps == NULL || !check_final (steps, error) || !check_blockers (self, steps, error))
    return FALSE;
  g_free (self->summary);
  self->summary = g_strdup_printf ("Undo: %s", ((Step *)steps->pdata[0])->summary);
  for (guint i = 0; done && i < steps->len; i++)
    done = step_undo (steps->pdata[i], self, error);
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
  g_autoptr (MusterStatement) statement =
              muster_statement_new (connection,
                                    "SELECT max (sequence) FROM journal WHERE undoes = :sequence",
                                    error);
  gint64 candidate, over = 0;

  *undoing = 0;
  if (statement == NULL)
    return FALSE;
  muster_statement_bind_integer (statement, ":sequence", sequence);
  if (muster_statement_step (statement, error) == MUSTER_STEP_FAILED)
    return FALSE;
  candidate = muster_statement_get_integer (statement, 0);
  if (candidate > 0 && !muster_journal_find_undoing (connection, candidate, &over, error))
    return FALSE;
  *undoing = over == 0 ? candidate : 0;
  return TRUE;
}
