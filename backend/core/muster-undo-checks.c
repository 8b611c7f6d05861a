/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-undo-checks"

#include "config.h"

#include <string.h>

#include "muster-undo-private.h"

/* So many stand in the message and in the answer; undoing one of them often frees the others. */
#define MAX_NAMED 50

/* What the daemon itself noted down of a record goes with the record. */
#define BY_THE_DAEMON "actor GLOB 'system:*'"

gboolean
muster_undo_init (MusterUndo *self, MusterTransaction *transaction, gint64 sequence, GError **error)
{
  static const char sql[] =
    "SELECT operation, summary FROM journal WHERE operation = (SELECT operation FROM journal WHERE "
    "sequence = :sequence) ORDER BY sequence DESC LIMIT 1";
  g_autoptr (MusterStatement) statement = muster_statement_new (transaction->connection, sql, error);
  MusterStep step;

  *self = (MusterUndo){ .transaction = transaction };
  if (statement == NULL)
    return FALSE;
  muster_statement_bind_integer (statement, ":sequence", sequence);
  step = muster_statement_step (statement, error);
  if (step == MUSTER_STEP_DONE)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND,
                 "there is no journal entry %" G_GINT64_FORMAT, sequence);
  if (step != MUSTER_STEP_ROW)
    return FALSE;
  self->operation = g_strdup (muster_statement_get_text (statement, 0));
  self->summary = g_strdup (muster_statement_get_text (statement, 1));
  return TRUE;
}

void
muster_undo_clear (MusterUndo *self)
{
  g_clear_pointer (&self->operation, g_free);
  g_clear_pointer (&self->summary, g_free);
}

/* A statement over the operation's entries: SQL has `:operation`. */
static MusterStatement *
muster_undo_prepare (MusterUndo *self, const char *sql, GError **error)
{
  MusterStatement *statement = muster_statement_new (self->transaction->connection, sql, error);

  if (statement != NULL)
    muster_statement_bind_text (statement, ":operation", self->operation);
  return statement;
}

/* --- what is final --- */

static gboolean
check_kind (MusterUndo *self, const MusterTable *table, const char *final, GError **error)
{
  if (final != NULL)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "“%s” cannot be undone: %s",
                 self->summary, final);
  else if (table == NULL)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                 "“%s” cannot be undone: this version does not know all that it changed",
                 self->summary);
  else if (table->info->flags & MUSTER_ENTITY_FINAL)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                 "“%s” cannot be undone: its effect has left the site", self->summary);
  else
    return TRUE;
  return FALSE;
}

gboolean
muster_undo_check_final (MusterUndo *self, GError **error)
{
  g_autoptr (MusterStatement) statement = muster_undo_prepare (
    self, "SELECT DISTINCT entity, final FROM journal WHERE operation = :operation", error);
  MusterStep step;

  if (statement == NULL)
    return FALSE;
  while ((step = muster_statement_step (statement, error)) == MUSTER_STEP_ROW)
    {
      const MusterTable *table =
        muster_schema_find (self->transaction->schema, muster_statement_get_text (statement, 0));

      if (!check_kind (self, table, muster_statement_get_text (statement, 1), error))
        return FALSE;
    }
  return step == MUSTER_STEP_DONE;
}

/* --- what stands in the way --- */

/* Sequence numbers, each once, in the order in which they were found. */
typedef struct
{
  GArray     *list; /* (element-type gint64) */
  GHashTable *set;  /* (element-type gint64) */
} Blockers;

static void
blockers_clear (Blockers *self)
{
  g_clear_pointer (&self->list, g_array_unref);
  g_clear_pointer (&self->set, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Blockers, blockers_clear)

static void
blockers_add (Blockers *self, gint64 sequence)
{
  if (g_hash_table_add (self->set, g_memdup2 (&sequence, sizeof sequence)))
    g_array_append_val (self->list, sequence);
}

/* One of the operation's entries that was changed again, as it is looked at. */
typedef struct
{
  gint64              sequence;
  MusterJournalAction action;
  GHashTable         *touched;   /* (owned): names of the fields that it changed */
  GHashTable         *cancelled; /* (owned) (element-type gint64) */
} Changed;

static void
changed_clear (Changed *self)
{
  g_clear_pointer (&self->touched, g_hash_table_unref);
  g_clear_pointer (&self->cancelled, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Changed, changed_clear)

static void
collect_names (const char *text, GHashTable *names)
{
  g_autoptr (JsonNode) node = muster_undo_parse_object (text);
  JsonObjectIter iter;
  const char    *name = NULL;

  if (node == NULL)
    return;
  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &name, NULL))
    g_hash_table_add (names, g_strdup (name));
}

static GHashTable *
list_touched (MusterStatement *statement, int column)
{
  GHashTable *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  collect_names (muster_statement_get_text (statement, column), names);
  collect_names (muster_statement_get_text (statement, column + 1), names);
  return names;
}

static MusterJournalAction
get_action (MusterStatement *statement, int column)
{
  return muster_enum_parse (&muster_journal_action_enum,
                            muster_statement_get_text (statement, column));
}

/* Whether the later change of STATEMENT's row builds on what SELF did. */
static gboolean
changed_collides (const Changed *self, MusterStatement *statement)
{
  g_autoptr (GHashTable) later = NULL;
  GHashTableIter iter;
  gpointer       name;

  if (self->action != MUSTER_JOURNAL_UPDATE || get_action (statement, 5) != MUSTER_JOURNAL_UPDATE)
    return TRUE;
  later = list_touched (statement, 6);
  g_hash_table_iter_init (&iter, self->touched);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (g_hash_table_contains (later, name))
      return TRUE;
  return FALSE;
}

static void
changed_begin (Changed *self, MusterStatement *statement)
{
  changed_clear (self);
  self->sequence = muster_statement_get_integer (statement, 0);
  self->action = get_action (statement, 1);
  self->touched = list_touched (statement, 2);
  self->cancelled = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
}

/* Later changes of the same records, newest first. A change that was undone and the undoing of it
 * cancel each other out, so that a person can go back one step after the other. What undoing
 * another record's change did to this one in passing is a change like any other. */
static gboolean
find_later_changes (MusterUndo *self, Blockers *blockers, GError **error)
{
  static const char sql[] =
    "SELECT a.sequence, a.action, a.before, a.before_secret, b.sequence, b.action, b.before, "
    "b.before_secret, CASE WHEN c.entity_id = a.entity_id AND c.entity = a.entity THEN b.undoes END, "
    "b." BY_THE_DAEMON
    " FROM journal a CROSS JOIN journal b ON b.entity_id = a.entity_id AND b.entity = a.entity "
    "AND b.sequence > a.sequence AND b.operation <> a.operation "
    "LEFT JOIN journal c ON c.sequence = b.undoes "
    "WHERE a.operation = :operation ORDER BY a.sequence DESC, b.sequence DESC";
  g_autoptr (MusterStatement) statement = muster_undo_prepare (self, sql, error);
  g_auto (Changed) changed = { 0 };
  MusterStep step;

  if (statement == NULL)
    return FALSE;
  while ((step = muster_statement_step (statement, error)) == MUSTER_STEP_ROW)
    {
      gint64 later = muster_statement_get_integer (statement, 4);
      gint64 undoes = muster_statement_get_integer (statement, 8);

      if (muster_statement_get_integer (statement, 0) != changed.sequence)
        changed_begin (&changed, statement);
      if (g_hash_table_contains (changed.cancelled, &later))
        continue;
      if (undoes > changed.sequence)
        g_hash_table_add (changed.cancelled, g_memdup2 (&undoes, sizeof undoes));
      else if (changed_collides (&changed, statement) &&
               !(changed.action == MUSTER_JOURNAL_INSERT &&
                 muster_statement_get_integer (statement, 9)))
        blockers_add (blockers, later);
    }
  return step == MUSTER_STEP_DONE;
}

static gboolean
add_all (MusterStatement *statement, Blockers *blockers, GError **error)
{
  MusterStep step;

  while ((step = muster_statement_step (statement, error)) == MUSTER_STEP_ROW)
    blockers_add (blockers, muster_statement_get_integer (statement, 0));
  return step == MUSTER_STEP_DONE;
}

/* Records made since that point by REFERENCE at those which undoing would delete. */
static gboolean
find_referrers (MusterUndo            *self,
                const MusterTable     *table,
                const MusterReference *reference,
                Blockers              *blockers,
                GError               **error)
{
  g_autofree char *sql = g_strdup_printf (
    "SELECT max (k.sequence) FROM journal j CROSS JOIN %s r ON r.%s = j.entity_id "
    "CROSS JOIN journal k ON k.entity_id = r.id AND k.entity = :referrer AND k.sequence > "
    "j.sequence AND k.operation <> j.operation AND NOT k." BY_THE_DAEMON
    " WHERE j.operation = :operation AND j.entity = :entity AND j.action = 'insert' "
    /* Where the operation made it point there itself, later changes of that were looked at. */
    "AND NOT EXISTS (SELECT 1 FROM journal o WHERE o.entity_id = r.id AND o.entity = :referrer AND "
    "o.operation = :operation AND json_extract (o.after, '$.%s') = j.entity_id) GROUP BY r.id",
    reference->info->table, reference->field->name, reference->field->name);
  g_autoptr (MusterStatement) statement = NULL;
  gboolean is_empty = FALSE;

  if (!muster_transaction_is_empty (self->transaction, reference->info, &is_empty, error))
    return FALSE;
  if (is_empty)
    return TRUE;
  statement = muster_undo_prepare (self, sql, error);
  if (statement == NULL)
    return FALSE;
  muster_statement_bind_text (statement, ":referrer", reference->info->name);
  muster_statement_bind_text (statement, ":entity", table->info->name);
  return add_all (statement, blockers, error);
}

/* Records that those to be brought back, or to be pointed back, need and that went after them. Not
 * those that the operation itself took: they come back first. */
static gboolean
find_missing (MusterUndo         *self,
              const MusterTable  *table,
              MusterJournalAction action,
              const MusterField  *field,
              Blockers           *blockers,
              GError            **error)
{
  const MusterTable *target = muster_schema_find (self->transaction->schema, field->references);
  g_autofree char   *sql = NULL;
  g_autoptr (MusterStatement) statement = NULL;

  if (target == NULL)
    return TRUE;
  sql = g_strdup_printf (
    "SELECT max (k.sequence) FROM (SELECT sequence, operation, json_extract (before, '$.%s') AS target "
    "FROM journal WHERE operation = :operation AND entity = :entity AND action = :action) j "
    "CROSS JOIN journal k ON k.entity_id = j.target AND k.entity = :target AND k.sequence > "
    "j.sequence AND k.operation <> j.operation "
    "WHERE j.target IS NOT NULL AND NOT EXISTS (SELECT 1 FROM %s t WHERE t.id = j.target) "
    "AND NOT EXISTS (SELECT 1 FROM journal o WHERE o.entity_id = j.target AND o.entity = :target "
    "AND o.operation = j.operation AND o.action = 'delete') GROUP BY j.target",
    field->name, target->info->table);
  statement = muster_undo_prepare (self, sql, error);
  if (statement == NULL)
    return FALSE;
  muster_statement_bind_text (statement, ":action",
                              muster_enum_get_nick (&muster_journal_action_enum, action));
  muster_statement_bind_text (statement, ":entity", table->info->name);
  muster_statement_bind_text (statement, ":target", target->info->name);
  return add_all (statement, blockers, error);
}

static gboolean
find_around (MusterUndo         *self,
             const MusterTable  *table,
             MusterJournalAction action,
             Blockers           *blockers,
             GError            **error)
{
  for (guint i = 0; action == MUSTER_JOURNAL_INSERT && i < table->referrers->len; i++)
    if (!find_referrers (self, table, table->referrers->pdata[i], blockers, error))
      return FALSE;
  for (unsigned i = 0; action != MUSTER_JOURNAL_INSERT && i < table->info->n_fields; i++)
    if (table->info->fields[i].references != NULL &&
        !find_missing (self, table, action, &table->info->fields[i], blockers, error))
      return FALSE;
  return TRUE;
}

/* What other records have to do with those that came or went. */
static gboolean
find_all_around (MusterUndo *self, Blockers *blockers, GError **error)
{
  g_autoptr (MusterStatement) statement = muster_undo_prepare (
    self, "SELECT DISTINCT entity, action FROM journal WHERE operation = :operation", error);
  MusterStep step;

  if (statement == NULL)
    return FALSE;
  while ((step = muster_statement_step (statement, error)) == MUSTER_STEP_ROW)
    {
      const MusterTable *table =
        muster_schema_find (self->transaction->schema, muster_statement_get_text (statement, 0));

      if (table != NULL && !find_around (self, table, get_action (statement, 1), blockers, error))
        return FALSE;
    }
  return step == MUSTER_STEP_DONE;
}

static GError *
make_conflict (MusterUndo *self, const Blockers *blockers)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) names = NULL;
  g_autofree char *list = NULL;
  GError          *conflict = NULL;
  guint            n_named = MIN (blockers->list->len, MAX_NAMED);

  for (guint i = 0; i < n_named; i++)
    g_strv_builder_take (builder, g_strdup_printf ("%" G_GINT64_FORMAT,
                                                   g_array_index (blockers->list, gint64, i)));
  names = g_strv_builder_end (builder);
  list = g_strjoinv (", ", names);
  conflict = g_error_new (
    MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
    "“%s” cannot be undone: later changes stand on it (journal entries %s%s); undo those first",
    self->summary, list, blockers->list->len > n_named ? " and more" : "");
  muster_error_set_blockers (conflict, (const char *const *)names);
  return conflict;
}

gboolean
muster_undo_check_blockers (MusterUndo *self, GError **error)
{
  g_auto (Blockers) blockers = {
    g_array_new (FALSE, FALSE, sizeof (gint64)),
    g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL),
  };

  if (!find_later_changes (self, &blockers, error) || !find_all_around (self, &blockers, error))
    return FALSE;
  if (blockers.list->len == 0)
    return TRUE;
  g_propagate_error (error, make_conflict (self, &blockers));
  return FALSE;
}
