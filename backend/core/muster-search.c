/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-search"

#include "config.h"

#include "model/muster-uuid.h"
#include "muster-connection-private.h"
#include "muster-query-private.h"
#include "muster-search-queue.h"
#include "muster-search.h"
#include "muster-transaction-private.h"

/* Shorter words are not in the trigram index. */
#define MIN_INDEXED_LENGTH 3
/* Of each word, at its end, that the index is asked for: in characters. */
#define MAX_PARTS_LENGTH 8
/* How many matches of the full-text index are looked at for each one that is shown: enough for
 * those at the beginning of a word to come before the others. */
#define OVERSAMPLING 4
/* After every text that begins with a prefix, in SQLite's order of bytes. */
#define AFTER_ALL "\xf4\x8f\xbf\xbf"

static const MusterEnumValue ranks[] = {
  { "exact", "Exact" }, { "prefix", "Beginning" }, { "word", "Word" }, { "part", "Part" },
  { NULL, NULL },
};
const MusterEnum muster_search_rank_enum = { "SearchRank", ranks };

typedef struct
{
  MusterTransaction       *transaction;
  const MusterSearchScope *scope;
  const char              *owner;  /* (nullable) */
  char                    *text;   /* (owned): without blanks around it */
  char                    *folded; /* (owned): it, to be compared without regard to case */
  const char              *needle; /* what is being looked for: `folded`, or it written otherwise */
  char                    *columns; /* (owned) */
  unsigned                 wanted;
  GPtrArray               *hits; /* (owned) (element-type MusterSearchHit) */
  GHashTable              *seen; /* (owned) (element-type utf8): ids */
} Search;

void
muster_search_hit_free (gpointer data)
{
  MusterSearchHit *self = data;

  g_clear_object (&self->entity);
  g_free (self);
}

static void
search_clear (Search *self)
{
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->folded, g_free);
  g_clear_pointer (&self->columns, g_free);
  g_clear_pointer (&self->hits, g_ptr_array_unref);
  g_clear_pointer (&self->seen, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Search, search_clear)

/* --- where a record matches --- */

static gboolean
begins_word (const char *text, const char *at)
{
  const char *before = g_utf8_find_prev_char (text, at);

  return before == NULL || !g_unichar_isalnum (g_utf8_get_char (before));
}

/* How TEXT fits; FALSE when NEEDLE is not in it. */
static gboolean
rank_text (const char *text, const char *needle, MusterSearchRank *rank)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  const char      *at = strstr (folded, needle);

  if (at == NULL)
    return FALSE;
  if (at == folded)
    *rank = strlen (folded) == strlen (needle) ? MUSTER_SEARCH_EXACT : MUSTER_SEARCH_PREFIX;
  else
    {
      *rank = MUSTER_SEARCH_PART;
      for (; at != NULL && *rank == MUSTER_SEARCH_PART; at = strstr (at + 1, needle))
        if (begins_word (folded, at))
          *rank = MUSTER_SEARCH_WORD;
    }
  return TRUE;
}

/* Whether FIELD names a record: only there does it mean much that all of it was typed. */
static gboolean
is_name (const MusterSearchScope *scope, const MusterField *field)
{
  return strcmp (field->name, "id") == 0 ||
         (scope->codes != NULL && g_strv_contains (scope->codes, field->name)) ||
         (scope->names != NULL && g_strv_contains (scope->names, field->name));
}

/* The field of ENTITY that fits NEEDLE best; the first of several. */
static const MusterField *
find_field (const MusterSearchScope *scope,
            MusterEntity            *entity,
            const char              *needle,
            MusterSearchRank        *rank)
{
  const MusterEntityInfo *info = scope->info;
  const MusterField      *best = NULL;

  for (unsigned i = 0; i < info->n_fields; i++)
    {
      const MusterField *field = &info->fields[i];
      const MusterValue *value = muster_entity_peek (entity, i);
      MusterSearchRank   own;

      if (!((field->flags & MUSTER_FIELD_SEARCHABLE) || is_name (scope, field)) || value->is_null ||
          !rank_text (value->text, needle, &own))
        continue;
      if (!is_name (scope, field))
        own = MAX (own, MUSTER_SEARCH_WORD);
      if (best != NULL && own >= *rank)
        continue;
      best = field;
      *rank = own;
    }
  return best;
}

/* Several words may stand in several fields: the first one says where. NULL when one is in none. */
static const MusterField *
search_locate (Search *self, MusterEntity *entity, MusterSearchRank *rank)
{
  const MusterField *field = find_field (self->scope, entity, self->needle, rank);
  g_auto (GStrv) words = NULL;

  if (field != NULL)
    return field;
  words = g_strsplit_set (self->needle, " \t\r\n", -1);
  for (unsigned i = 0; words[i] != NULL; i++)
    {
      const MusterField *found = find_field (self->scope, entity, words[i], rank);

      if (found == NULL)
        return NULL;
      field = field != NULL ? field : found;
    }
  *rank = MUSTER_SEARCH_PART;
  return field;
}

static void
search_take (Search *self, MusterEntity *entity)
{
  MusterSearchRank   rank = MUSTER_SEARCH_PART;
  const MusterField *field = search_locate (self, entity, &rank);
  MusterSearchHit   *hit = NULL;

  if (field == NULL || !g_hash_table_add (self->seen, g_strdup (muster_entity_get_id (entity))))
    {
      g_object_unref (entity);
      return;
    }
  hit = g_new (MusterSearchHit, 1);
  *hit = (MusterSearchHit){ entity, field, rank };
  g_ptr_array_add (self->hits, hit);
}

/* --- looking --- */

static void
search_add_owner (Search *self, GString *sql)
{
  const MusterSearchScope *scope = self->scope;

  if (self->owner == NULL)
    return;
  if (scope->owner_of == NULL)
    g_string_append_printf (sql, " AND %s = :owner", scope->owner);
  else
    g_string_append_printf (sql, " AND %s IN (SELECT id FROM %s WHERE customer_id = :owner)",
                            scope->owner, scope->owner_of->table);
}

/* Runs SQL (taken) to its end; what it gives is hits. */
static gboolean
search_run (Search *self, GString *sql, const char *low, const char *high, GError **error)
{
  g_autoptr (GString) text = sql;
  g_autoptr (MusterStatement) statement =
              muster_statement_new (self->transaction->connection, text->str, error);
  MusterStep step;

  if (statement == NULL)
    return FALSE;
  muster_statement_bind_text (statement, ":low", low);
  if (high != NULL)
    muster_statement_bind_text (statement, ":high", high);
  if (self->owner != NULL)
    muster_statement_bind_text (statement, ":owner", self->owner);
  muster_statement_bind_integer (statement, ":limit", (gint64)self->wanted * OVERSAMPLING);
  while ((step = muster_statement_step (statement, error)) == MUSTER_STEP_ROW)
    search_take (self, muster_statement_get_entity (statement, 0, self->scope->info));
  return step == MUSTER_STEP_DONE;
}

/* What begins with PREFIX along the index of FIELD: the field as a whole comes first. */
static gboolean
search_range (Search     *self,
              const char *field,
              const char *collation,
              const char *prefix,
              GError    **error)
{
  GString         *sql = g_string_new (NULL);
  g_autofree char *high = g_strconcat (prefix, AFTER_ALL, NULL);

  g_string_printf (sql, "SELECT %s FROM %s WHERE %s >= :low%s AND %s < :high%s", self->columns,
                   self->scope->info->table, field, collation, field, collation);
  search_add_owner (self, sql);
  g_string_append_printf (sql, " ORDER BY %s%s LIMIT :limit", field, collation);
  return search_run (self, sql, prefix, high, error);
}

/* "AABBCC", "AA-BB-CC" as an address is kept: "aa:bb:cc"; NULL for what is none, or is that
 * already. */
static char *
make_address (const char *text)
{
  g_autoptr (GString) address = g_string_new (NULL);
  unsigned n_digits = 0;

  for (const char *at = text; *at != '\0'; at++)
    {
      if ((*at == ':' || *at == '-') && n_digits > 0 && n_digits % 2 == 0)
        continue;
      if (!g_ascii_isxdigit (*at) || n_digits == 12)
        return NULL;
      if (n_digits > 0 && n_digits % 2 == 0)
        g_string_append_c (address, ':');
      g_string_append_c (address, g_ascii_tolower (*at));
      n_digits++;
    }
  if (n_digits < 4 || strcmp (address->str, text) == 0)
    return NULL;
  return g_string_free_and_steal (g_steal_pointer (&address));
}

static gboolean
search_addresses (Search *self, const char *code, GError **error)
{
  int              index = muster_entity_info_find (self->scope->info, code);
  g_autofree char *address = NULL;
  gboolean         done;

  if (g_strcmp0 (self->scope->info->fields[index].format, "mac") == 0)
    address = make_address (self->text);
  if (address == NULL)
    return TRUE;
  self->needle = address;
  done = search_range (self, code, "", address, error);
  self->needle = self->folded;
  return done;
}

static gboolean
search_codes (Search *self, GError **error)
{
  g_autofree char *upper = g_utf8_strup (self->text, -1);
  g_autofree char *lower = g_utf8_strdown (self->text, -1);

  for (const char *const *code = self->scope->codes; code != NULL && *code != NULL; code++)
    {
      if (!search_range (self, *code, "", self->text, error) ||
          (strcmp (upper, self->text) != 0 && !search_range (self, *code, "", upper, error)) ||
          (strcmp (lower, self->text) != 0 && !search_range (self, *code, "", lower, error)) ||
          !search_addresses (self, *code, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
search_names (Search *self, GError **error)
{
  for (const char *const *name = self->scope->names; name != NULL && *name != NULL; name++)
    if (!search_range (self, *name, " COLLATE NOCASE", self->text, error))
      return FALSE;
  return TRUE;
}

static gboolean
search_id (Search *self, GError **error)
{
  GString *sql = NULL;

  if (!muster_uuid_is_valid (self->folded))
    return TRUE;
  sql = g_string_new (NULL);
  g_string_printf (sql, "SELECT %s FROM %s WHERE id = :low", self->columns,
                   self->scope->info->table);
  search_add_owner (self, sql);
  g_string_append (sql, " LIMIT :limit");
  return search_run (self, sql, self->folded, NULL, error);
}

/* The index is asked for the parts of three characters near the end of WORD, each by itself: as one
 * phrase it would compare positions in every record that has the common ones ("SN-", "000"), and
 * the ends of numbers tell them apart better than their beginnings. What does not hold the word as
 * it was typed is left out when it is looked at. */
static void
append_parts (GString *match, const char *word, GHashTable *known)
{
  glong       length = g_utf8_strlen (word, -1);
  const char *at = g_utf8_offset_to_pointer (word, MAX (0, length - MAX_PARTS_LENGTH));

  for (glong left = MIN (length, MAX_PARTS_LENGTH); left >= MIN_INDEXED_LENGTH; left--)
    {
      g_autofree char *part = g_utf8_substring (at, 0, MIN_INDEXED_LENGTH);

      at = g_utf8_next_char (at);
      if (!g_hash_table_contains (known, part))
        muster_query_append_match (match, part);
      g_hash_table_add (known, g_steal_pointer (&part));
    }
}

/* NULL when the index knows no word of the text. */
static char *
search_make_match (Search *self)
{
  g_auto (GStrv) words = g_strsplit_set (self->folded, " \t\r\n", -1);
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GString) match = g_string_new (NULL);

  for (unsigned i = 0; words[i] != NULL; i++)
    if (g_utf8_strlen (words[i], -1) >= MIN_INDEXED_LENGTH)
      append_parts (match, words[i], known);
  return match->len > 0 ? g_string_free_and_steal (g_steal_pointer (&match)) : NULL;
}

static gboolean
search_parts (Search *self, GError **error)
{
  const char      *table = self->scope->info->table;
  g_autofree char *match = search_make_match (self);
  GString         *sql = NULL;

  if (match == NULL)
    return TRUE;
  sql = g_string_new (NULL);
  g_string_printf (sql,
                   "SELECT %s FROM %s WHERE row IN (SELECT rowid FROM %s_search WHERE %s_search "
                   "MATCH :low ORDER BY rowid DESC%s)",
                   self->columns, table, table, table, self->owner == NULL ? " LIMIT :limit" : "");
  search_add_owner (self, sql);
  g_string_append (sql, " ORDER BY row DESC LIMIT :limit");
  return search_run (self, sql, match, NULL, error);
}

/* The longest word of the text, between signs for anything. */
static char *
make_pattern (Search *self)
{
  g_auto (GStrv) words = g_strsplit_set (self->text, " \t\r\n", -1);
  const char *longest = "";

  for (unsigned i = 0; words[i] != NULL; i++)
    if (strlen (words[i]) > strlen (longest))
      longest = words[i];
  return muster_query_make_like_pattern (longest);
}

/* The same where the index is of other times: every record is looked at. */
static gboolean
search_past (Search *self, GError **error)
{
  const MusterEntityInfo *info = self->scope->info;
  g_autofree char        *pattern = make_pattern (self);
  GString                *sql = g_string_new (NULL);
  const char             *separator = "";

  g_string_printf (sql, "SELECT %s FROM %s WHERE (", self->columns, info->table);
  for (unsigned i = 0; i < info->n_fields; i++)
    {
      if ((info->fields[i].flags & MUSTER_FIELD_SEARCHABLE) == 0)
        continue;
      g_string_append_printf (sql, "%s%s LIKE :low ESCAPE '\\'", separator, info->fields[i].name);
      separator = " OR ";
    }
  g_string_append (sql, ")");
  search_add_owner (self, sql);
  g_string_append (sql, " ORDER BY id DESC LIMIT :limit");
  return search_run (self, sql, pattern, NULL, error);
}

static int
compare_hits (gconstpointer a, gconstpointer b)
{
  const MusterSearchHit *first = *(MusterSearchHit *const *)a;
  const MusterSearchHit *second = *(MusterSearchHit *const *)b;

  return (int)first->rank - (int)second->rank;
}

void
muster_search_scope_restrict (const MusterSearchScope *self, MusterQuery *query, const char *person)
{
  g_return_if_fail (self != NULL && query != NULL);
  g_return_if_fail (self->owner != NULL && self->info == muster_query_get_info (query));

  /* No record has this id. */
  if (person == NULL)
    muster_query_where (query, "id", "00000000-0000-0000-0000-000000000000");
  else if (self->owner_of == NULL)
    muster_query_where (query, self->owner, person);
  else
    muster_query_where_through (query, self->owner, self->owner_of, "customer_id", person);
}

GPtrArray *
muster_transaction_search (MusterTransaction       *self,
                           const MusterSearchScope *scope,
                           const char              *text,
                           const char              *owner,
                           unsigned                 limit,
                           GError                 **error)
{
  g_auto (Search) search = { 0 };

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (scope != NULL && text != NULL, NULL);
  g_return_val_if_fail (limit >= 1 && limit <= 1000, NULL);
  g_return_val_if_fail (owner == NULL || scope->owner != NULL, NULL);

  search.transaction = self;
  search.scope = scope;
  search.owner = owner;
  search.text = g_strstrip (g_strdup (text));
  search.folded = g_utf8_casefold (search.text, -1);
  search.needle = search.folded;
  search.columns = muster_entity_info_list_columns (scope->info, TRUE);
  search.wanted = limit + 1;
  search.hits = g_ptr_array_new_with_free_func (muster_search_hit_free);
  search.seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (*search.text == '\0')
    return g_steal_pointer (&search.hits);
  if ((!self->connection->is_past && !muster_search_queue_settle (self->connection, error)) ||
      !search_id (&search, error) || !search_codes (&search, error) ||
      !search_names (&search, error) ||
      (search.hits->len < search.wanted &&
       !(self->connection->is_past ? search_past : search_parts) (&search, error)))
    return NULL;
  g_ptr_array_sort (search.hits, compare_hits);
  if (search.hits->len > search.wanted)
    g_ptr_array_set_size (search.hits, search.wanted);
  return g_steal_pointer (&search.hits);
}
