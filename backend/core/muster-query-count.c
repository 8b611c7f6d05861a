/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-query-count"

#include "config.h"

#include "muster-connection-private.h"
#include "muster-query-private.h"
#include "muster-schema.h"

/* Counting a hundred thousand records takes longer than reading the page that the count stands
 * beside, and the same lists are asked for again and again. So a reader keeps counts for as long as
 * no record of the kind changes. */
#define MAX_KEPT 256

typedef struct
{
  unsigned generation;
  gint64   count;
} Kept;

/* The table whose records alone decide how many there are; NULL when others do too, or when nothing
 * is kept for CONNECTION. */
static const MusterTable *
find_table (MusterQuery *self, MusterConnection *connection)
{
  if (connection->snapshot.schema == NULL)
    return NULL;
  for (guint i = 0; i < self->conditions->len; i++)
    if (((const MusterCondition *)self->conditions->pdata[i])->target != NULL)
      return NULL;
  return muster_schema_find (connection->snapshot.schema, self->info->name);
}

static const Kept *
look_up (MusterConnection *connection, const char *key, unsigned generation)
{
  const Kept *kept =
    connection->counts != NULL ? muster_lru_lookup (connection->counts, key) : NULL;

  return kept != NULL && kept->generation == generation ? kept : NULL;
}

static void
keep (MusterConnection *connection, const char *key, unsigned generation, gint64 count)
{
  Kept *kept = g_new (Kept, 1);

  *kept = (Kept){ generation, count };
  if (connection->counts == NULL)
    connection->counts = muster_lru_new (MAX_KEPT, g_free);
  muster_lru_insert (connection->counts, key, kept, 1);
}

static gboolean
run_count (MusterStatement *statement, gint64 *count, GError **error)
{
  if (muster_statement_step (statement, error) != MUSTER_STEP_ROW)
    return FALSE;
  *count = muster_statement_get_integer (statement, 0);
  return TRUE;
}

gboolean
muster_query_count (MusterQuery *self, MusterConnection *connection, gint64 *count, GError **error)
{
  g_autoptr (MusterStatement) statement =
              muster_query_prepare (self, connection, MUSTER_QUERY_COUNT, NULL, 0, error);
  const MusterTable *table = find_table (self, connection);
  const Kept        *kept = NULL;
  g_autofree char   *key = NULL;
  unsigned           generation;

  if (statement == NULL || table == NULL)
    return statement != NULL && run_count (statement, count, error);
  key = muster_statement_describe (statement);
  generation = muster_table_get_generation (table);
  kept = look_up (connection, key, generation);
  if (kept != NULL)
    {
      *count = kept->count;
      return TRUE;
    }
  if (!run_count (statement, count, error))
    return FALSE;
  /* Not when something was written since the snapshot was taken, for it may not show that. */
  if (g_atomic_int_get (connection->snapshot.n_commits) == connection->snapshot.begun_at)
    keep (connection, key, generation, *count);
  return TRUE;
}

/* Few records are best found by what they fit, and then sorted. Of many the first page is met soon
 * along the sort: after LIMIT / share of them. SQLite knows neither number when it plans. */
gboolean
muster_query_plan (MusterQuery *self, MusterConnection *connection, gint64 *count, GError **error)
{
  g_autoptr (MusterQuery) all = NULL;
  gint64 n_all = 0;

  self->follows_sort = FALSE;
  if (!muster_query_count (self, connection, count, error))
    return FALSE;
  if (self->limit == 0 || self->text != NULL || self->conditions->len == 0)
    return TRUE;
  all = muster_query_new (self->info);
  if (!muster_query_count (all, connection, &n_all, error))
    return FALSE;
  self->follows_sort = (double)*count * *count > (double)self->limit * n_all;
  return TRUE;
}
