/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-past"

#include "config.h"

#include "muster-connection-private.h"
#include "muster-past-private.h"

/* States are kept this many entries apart or more, and this many of them at most. */
#define LEAST_SPACING 2048
#define MAX_KEPT 16
/* Records in all of them together, each about a KiB where no two share it. */
#define MAX_RECORDS 48000

/* A state to start from. */
typedef struct
{
  gint64       sequence;
  gint64       present; /* the file's last entry when it was kept */
  GHashTable **then;    /* (owned): along the tables */
  unsigned     n_records;
} Kept;

struct _MusterPast
{
  MusterConnection *connection; /* (owned) */
  GPtrArray        *tables;     /* (element-type MusterPastTable) */
  GHashTable       *by_name;    /* (element-type utf8 MusterPastTable): the same, borrowed */
  GPtrArray        *kept;       /* (element-type Kept) */
  gint64            at;
  gint64            sequence; /* the last entry that counts */
  gint64            present;  /* the file's last entry when it was last looked at */
  gint64            spacing;
};

static void
drop_kept (MusterPast *self, unsigned index)
{
  Kept *kept = g_ptr_array_steal_index (self->kept, index);

  for (unsigned i = 0; i < self->tables->len; i++)
    g_hash_table_unref (kept->then[i]);
  g_free (kept->then);
  g_free (kept);
}

/* --- where it stands in the journal --- */

/* One integer of SQL, whose only parameter is VALUE; 0 without a row. */
static gboolean
query_integer (MusterConnection *connection,
               const char       *sql,
               gint64            value,
               gint64           *result,
               GError          **error)
{
  g_autoptr (MusterStatement) statement = muster_statement_new (connection, sql, error);
  MusterStep step;

  if (statement == NULL)
    return FALSE;
  muster_statement_bind_integer (statement, ":value", value);
  step = muster_statement_step (statement, error);
  *result = step == MUSTER_STEP_ROW ? muster_statement_get_integer (statement, 0) : 0;
  return step != MUSTER_STEP_FAILED;
}

static gboolean
find_present (MusterConnection *connection, gint64 *sequence, GError **error)
{
  return query_integer (connection, "SELECT max(sequence) + :value FROM main.journal", 0, sequence,
                        error);
}

/* Entries are in order of time, for which there is no index of its own: bisected. */
gboolean
muster_past_find_sequence (MusterConnection *connection,
                           gint64            at,
                           gint64           *sequence,
                           GError          **error)
{
  gint64 low = 0, high, time;

  if (!find_present (connection, &high, error))
    return FALSE;
  while (low < high)
    {
      gint64 middle = low + (high - low + 1) / 2;

      if (!query_integer (connection,
                          "SELECT at FROM main.journal WHERE sequence >= :value ORDER BY sequence "
                          "LIMIT 1",
                          middle, &time, error))
        return FALSE;
      if (time <= at)
        low = middle;
      else
        high = middle - 1;
    }
  *sequence = low;
  return TRUE;
}

/* --- stretches of the journal --- */

static const char back_sql[] = "SELECT entity, entity_id, action, before FROM main.journal WHERE "
                               "sequence > :after AND sequence <= :to ORDER BY sequence";
static const char on_sql[] = "SELECT entity, entity_id, action, after FROM main.journal WHERE "
                             "sequence > :after AND sequence <= :to ORDER BY sequence";

/* The change of the record ID in the stretch at hand. */
static MusterPastChange *
ensure_change (MusterPastTable *table, const char *id)
{
  MusterPastChange *change = g_hash_table_lookup (table->stretch, id);

  if (change == NULL)
    {
      change = muster_past_change_new (table->info);
      g_hash_table_insert (table->stretch, g_strdup (id), change);
    }
  return change;
}

/* Reads the entries after AFTER up to TO. IS_NEWS: they have come since the file was last looked
 * at: what is known of a record by later changes still holds. */
static gboolean
read_stretch (MusterPast *self,
              gint64      after,
              gint64      to,
              gboolean    forward,
              gboolean    is_news,
              GError    **error)
{
  g_autoptr (MusterStatement) statement =
              muster_statement_new (self->connection, forward ? on_sql : back_sql, error);
  MusterStep step;

  if (statement == NULL)
    return FALSE;
  muster_statement_bind_integer (statement, ":after", after);
  muster_statement_bind_integer (statement, ":to", to);
  while ((step = muster_statement_step (statement, error)) == MUSTER_STEP_ROW)
    {
      MusterPastTable *table =
        g_hash_table_lookup (self->by_name, muster_statement_get_text (statement, 0));
      const char *id = muster_statement_get_text (statement, 1);
      const char *action = muster_statement_get_text (statement, 2);
      const char *object = muster_statement_get_text (statement, 3);

      if (table == NULL || (is_news && g_hash_table_contains (table->then, id)))
        continue;
      if (forward)
        muster_past_change_repeat (ensure_change (table, id), table->info, action, object);
      else
        muster_past_change_take_back (ensure_change (table, id), table->info, action, object);
    }
  return step == MUSTER_STEP_DONE;
}

/* The record at this end of the stretch: (transfer full) (nullable). */
static gboolean
find_base (MusterPast      *self,
           MusterPastTable *table,
           const char      *id,
           MusterEntity   **entity,
           GError         **error)
{
  g_autoptr (MusterStatement) statement = NULL;
  gpointer   then;
  MusterStep step;

  *entity = NULL;
  if (g_hash_table_lookup_extended (table->then, id, NULL, &then))
    {
      g_set_object (entity, then);
      return TRUE;
    }
  statement = muster_statement_new (self->connection, table->read, error);
  if (statement == NULL)
    return FALSE;
  muster_statement_bind_static_text (statement, 1, id);
  step = muster_statement_step (statement, error);
  if (step == MUSTER_STEP_ROW)
    *entity = muster_statement_get_entity (statement, 0, table->info);
  return step != MUSTER_STEP_FAILED;
}

static gboolean
apply_table (MusterPast *self, MusterPastTable *table, GError **error)
{
  GHashTableIter iter;
  gpointer       id, change;
  gboolean       done = TRUE;

  g_hash_table_iter_init (&iter, table->stretch);
  while (g_hash_table_iter_next (&iter, &id, &change))
    {
      g_autoptr (MusterEntity) base = NULL;
      g_autoptr (MusterEntity) then = NULL;

      done = done && find_base (self, table, id, &base, error);
      if (done)
        {
          then = muster_past_change_apply (change, table->info, id, base);
          muster_past_table_set (table, id, then);
        }
      muster_past_change_free (change, table->info);
      g_hash_table_iter_remove (&iter);
    }
  return done;
}

/* Goes over the stretch from the state at hand to the one at its other end. */
static gboolean
cross (MusterPast *self,
       gint64      after,
       gint64      to,
       gboolean    forward,
       gboolean    is_news,
       GError    **error)
{
  gboolean done = read_stretch (self, after, to, forward, is_news, error);

  for (unsigned i = 0; i < self->tables->len; i++)
    done = apply_table (self, self->tables->pdata[i], done ? error : NULL) && done;
  return done;
}

/* The file has gone on: what it now says of records that have not changed since the moment is no
 * longer how they were. */
static gboolean
catch_up (MusterPast *self, gint64 present, GError **error)
{
  if (present > self->present && !cross (self, self->present, present, FALSE, TRUE, error))
    return FALSE;
  self->present = MAX (present, self->present);
  return TRUE;
}

/* --- states to start from --- */

static unsigned
count_records (MusterPast *self)
{
  unsigned count = 0;

  for (unsigned i = 0; i < self->kept->len; i++)
    count += ((Kept *)self->kept->pdata[i])->n_records;
  return count;
}

static int
compare_kept (gconstpointer a, gconstpointer b)
{
  const Kept *first = *(Kept *const *)a;
  const Kept *second = *(Kept *const *)b;

  return (first->sequence > second->sequence) - (first->sequence < second->sequence);
}

/* Keeps the state at hand, unless there is one of this place; every other one goes when they are
 * too many. */
static void
keep (MusterPast *self)
{
  Kept *kept;

  for (unsigned i = 0; i < self->kept->len; i++)
    if (((Kept *)self->kept->pdata[i])->sequence == self->sequence)
      return;
  kept = g_new0 (Kept, 1);
  kept->sequence = self->sequence;
  kept->present = self->present;
  kept->then = g_new0 (GHashTable *, self->tables->len + 1);
  for (unsigned i = 0; i < self->tables->len; i++)
    {
      kept->then[i] = muster_past_table_copy (((MusterPastTable *)self->tables->pdata[i])->then);
      kept->n_records += g_hash_table_size (kept->then[i]);
    }
  g_ptr_array_add (self->kept, kept);
  if (self->kept->len <= MAX_KEPT && count_records (self) <= MAX_RECORDS)
    return;
  g_ptr_array_sort (self->kept, compare_kept);
  for (unsigned i = self->kept->len; i-- > 0;)
    if (i % 2 == 1)
      drop_kept (self, i);
}

/* Starts from the state at SEQUENCE; KEPT NULL: the present, of which nothing needs to be known. */
static void
start_from (MusterPast *self, const Kept *kept, gint64 present)
{
  for (unsigned i = 0; i < self->tables->len; i++)
    {
      MusterPastTable *table = self->tables->pdata[i];
      g_autoptr (GHashTable) none = kept == NULL ? g_hash_table_new (NULL, NULL) : NULL;

      muster_past_table_load (table, muster_past_table_copy (kept != NULL ? kept->then[i] : none));
    }
  self->sequence = kept != NULL ? kept->sequence : present;
  self->present = kept != NULL ? kept->present : present;
}

/* Starting from elsewhere means to write the rows that are others there, beside the entries
 * between. */
static gint64
get_cost (gint64 n_entries)
{
  return 2 * n_entries + 256;
}

/* Where the way to TARGET is shortest. */
static void
choose_start (MusterPast *self, gint64 target, gint64 present)
{
  gint64      best = ABS (target - self->sequence);
  const Kept *kept = NULL;

  for (unsigned i = 0; i < self->kept->len; i++)
    {
      const Kept *other = self->kept->pdata[i];
      gint64      cost = get_cost (ABS (target - other->sequence) + present - other->present);

      if (cost < best)
        {
          best = cost;
          kept = other;
        }
    }
  if (get_cost (present - target) < best)
    start_from (self, NULL, present);
  else if (kept != NULL)
    start_from (self, kept, present);
}

/* --- going --- */

/* To TARGET, in stretches between the places where states are kept. */
static gboolean
walk (MusterPast *self, gint64 target, GError **error)
{
  while (self->sequence != target)
    {
      gboolean forward = target > self->sequence;
      gint64   mark = forward ? (self->sequence / self->spacing + 1) * self->spacing
                              : (self->sequence - 1) / self->spacing * self->spacing;
      gint64   next = forward ? MIN (mark, target) : MAX (mark, target);

      if (!cross (self, MIN (self->sequence, next), MAX (self->sequence, next), forward, FALSE,
                  error))
        return FALSE;
      self->sequence = next;
      if (next == mark)
        keep (self);
    }
  return TRUE;
}

static gboolean
flush (MusterPast *self, GError **error)
{
  for (unsigned i = 0; i < self->tables->len; i++)
    if (!muster_past_table_flush (self->tables->pdata[i], self->connection, self->sequence, error))
      return FALSE;
  return TRUE;
}

static gboolean
set_moment (MusterPast *self, GError **error)
{
  g_autoptr (MusterStatement) statement =
              muster_statement_new (self->connection,
                                    "UPDATE temp.past_moment SET at = :at, sequence = :sequence",
                                    error);

  if (statement == NULL)
    return FALSE;
  muster_statement_bind_integer (statement, ":at", self->at);
  muster_statement_bind_integer (statement, ":sequence", self->sequence);
  return muster_statement_run (statement, error);
}

gboolean
muster_past_move (MusterPast *self, gint64 at, GError **error)
{
  gint64 target, present;

  g_return_val_if_fail (self != NULL, FALSE);

  if (!find_present (self->connection, &present, error))
    return FALSE;
  if (self->at == at && self->present == present)
    return TRUE;
  if (!muster_past_find_sequence (self->connection, at, &target, error))
    return FALSE;
  self->spacing = MAX (LEAST_SPACING, present / MAX_KEPT);
  choose_start (self, target, present);
  self->at = at;
  return catch_up (self, present, error) && walk (self, target, error) && flush (self, error) &&
         set_moment (self, error);
}

/* --- life --- */

static const char setup[] =
  "CREATE TABLE temp.past_moment (at INTEGER, sequence INTEGER);"
  "INSERT INTO temp.past_moment VALUES (0, 0);"
  "CREATE TEMP VIEW journal AS SELECT * FROM main.journal WHERE sequence <= "
  "(SELECT sequence FROM temp.past_moment);"
  "CREATE TEMP VIEW journal_operation AS SELECT * FROM main.journal_operation WHERE "
  "first_sequence <= (SELECT sequence FROM temp.past_moment);";

static gboolean
make_views (MusterPast *self, MusterSchema *schema, GError **error)
{
  g_autoptr (GPtrArray) tables = muster_schema_list (schema);

  if (!muster_connection_execute (self->connection, setup, error))
    return FALSE;
  for (unsigned i = 0; i < tables->len; i++)
    {
      const MusterTable *table = tables->pdata[i];

      if (!muster_past_table_make_view (self->connection, table, error))
        return FALSE;
      if (table->journalled)
        g_ptr_array_add (self->tables, muster_past_table_new (table->info));
    }
  for (unsigned i = 0; i < self->tables->len; i++)
    {
      MusterPastTable *table = self->tables->pdata[i];

      g_hash_table_insert (self->by_name, (gpointer)table->info->name, table);
    }
  return TRUE;
}

MusterPast *
muster_past_new (MusterConnection *connection, MusterSchema *schema, GError **error)
{
  g_autoptr (MusterPast) self = g_new0 (MusterPast, 1);

  g_return_val_if_fail (connection != NULL && schema != NULL, NULL);

  self->connection = connection;
  connection->is_past = TRUE;
  self->tables = g_ptr_array_new_with_free_func ((GDestroyNotify)muster_past_table_free);
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  self->kept = g_ptr_array_new ();
  self->at = -1;
  self->spacing = LEAST_SPACING;
  if (!make_views (self, schema, error) || !find_present (self->connection, &self->present, error))
    return NULL;
  self->sequence = self->present;
  return g_steal_pointer (&self);
}

void
muster_past_free (MusterPast *self)
{
  g_return_if_fail (self != NULL);

  while (self->kept->len > 0)
    drop_kept (self, self->kept->len - 1);
  g_ptr_array_unref (self->kept);
  g_hash_table_unref (self->by_name);
  g_ptr_array_unref (self->tables);
  muster_connection_close (self->connection);
  g_free (self);
}

MusterConnection *
muster_past_get_connection (MusterPast *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->connection;
}

gint64
muster_past_get_time (MusterPast *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->at;
}
