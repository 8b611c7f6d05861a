/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-query-sql"

#include "config.h"

#include "model/muster-device-event.h"
#include "muster-connection-private.h"
#include "muster-query-private.h"
#include "muster-search-queue.h"

/* Shorter words are not in the trigram index. */
#define MIN_INDEXED_LENGTH 3

/* SQL text and what its `?` stand for, in order. */
typedef struct
{
  MusterQuery *query;
  GString     *sql;
  GArray      *binds;   /* (element-type Bind) */
  GPtrArray   *texts;   /* texts made for it */
  gboolean     is_past; /* no search index knows what it is asked of */
} Builder;

typedef struct
{
  const MusterField *field;
  MusterValue        value; /* its text is borrowed */
} Bind;

static const MusterField text_field = { .type = MUSTER_FIELD_STRING };
static const MusterField integer_field = { .type = MUSTER_FIELD_INTEGER };

static void
builder_bind_value (Builder *self, const MusterField *field, const MusterValue *value)
{
  const Bind bind = { field, *value };

  g_array_append_val (self->binds, bind);
}

/* Takes TEXT. */
static void
builder_bind_text (Builder *self, char *text)
{
  const MusterValue value = { .text = text };

  g_ptr_array_add (self->texts, text);
  builder_bind_value (self, &text_field, &value);
}

/* People sort names without regard to case. */
static const char *
collation_of (const MusterField *field)
{
  return field->type == MUSTER_FIELD_STRING || field->type == MUSTER_FIELD_TEXT ? " COLLATE NOCASE"
                                                                                : "";
}

/* What is sorted by the order of the values of its enumeration: the others are by their nicks, so
 * that an index serves them. */
static gboolean
is_ranked (const MusterField *field)
{
  return field->type == MUSTER_FIELD_ENUM && field->enumeration == &muster_severity_enum;
}

/* What records are sorted by: the field, or the rank of its value. */
static void
builder_add_key (Builder *self, const MusterField *field)
{
  if (!is_ranked (field))
    {
      g_string_append_printf (self->sql, "%s%s", field->name, collation_of (field));
      return;
    }
  g_string_append_printf (self->sql, "CASE %s", field->name);
  for (int i = 0; field->enumeration->values[i].nick != NULL; i++)
    g_string_append_printf (self->sql, " WHEN '%s' THEN %d", field->enumeration->values[i].nick, i);
  g_string_append (self->sql, " END");
}

static void
builder_bind_key (Builder *self, const MusterField *field, const MusterValue *value)
{
  builder_bind_value (self, is_ranked (field) ? &integer_field : field, value);
}

/* The field of a condition. The index of one with a sign before it is not used. */
static char *
builder_name (Builder *self, const MusterField *field)
{
  const MusterQuery *query = self->query;
  unsigned           first = g_array_index (query->sort, MusterSortKey, 0).index;

  return g_strconcat (query->follows_sort && field != &query->info->fields[first] ? "+" : "",
                      field->name, NULL);
}

static void
builder_add_any (Builder *self, const MusterCondition *condition)
{
  g_autofree char *name = builder_name (self, condition->field);

  /* A constant beside it would keep SQLite from using an index. */
  if (condition->target != NULL)
    g_string_append_printf (self->sql, " AND %s IN (SELECT id FROM %s WHERE %s IN (", name,
                            condition->target->table, condition->target_field->name);
  else if (condition->or_null)
    g_string_append_printf (self->sql, " AND (%s IS NULL OR %s IN (", name, name);
  else
    g_string_append_printf (self->sql, " AND %s IN (", name);
  for (guint i = 0; i < condition->values->len; i++)
    g_string_append (self->sql, i == 0 ? "?" : ", ?");
  g_string_append (self->sql, condition->or_null || condition->target != NULL ? "))" : ")");
}

static void
builder_add_condition (Builder *self, const MusterCondition *condition)
{
  if (condition->kind == MUSTER_CONDITION_ANY)
    builder_add_any (self, condition);
  else if (condition->values->len == 0)
    g_string_append (self->sql, " AND 0");
  else
    {
      g_autofree char *name = builder_name (self, condition->field);

      g_string_append_printf (self->sql, " AND %s %s ?", name,
                              condition->kind == MUSTER_CONDITION_MIN ? ">=" : "<=");
    }
  for (guint i = 0; i < condition->values->len; i++)
    builder_bind_value (self, condition->field, &g_array_index (condition->values, MusterValue, i));
}

char *
muster_query_make_like_pattern (const char *word)
{
  GString *pattern = g_string_new ("%");

  for (; *word != '\0'; word++)
    {
      if (strchr ("%_\\", *word) != NULL)
        g_string_append_c (pattern, '\\');
      g_string_append_c (pattern, *word);
    }
  g_string_append_c (pattern, '%');
  return g_string_free_and_steal (pattern);
}

/* A word too short for the index: looked for in each searchable field. */
static void
builder_add_short_word (Builder *self, const char *word)
{
  const MusterEntityInfo *info = self->query->info;
  const char             *separator = " AND (";

  for (unsigned i = 0; i < info->n_fields; i++)
    {
      if (!(info->fields[i].flags & MUSTER_FIELD_SEARCHABLE))
        continue;
      g_string_append_printf (self->sql, "%s%s LIKE ? ESCAPE '\\'", separator,
                              info->fields[i].name);
      builder_bind_text (self, muster_query_make_like_pattern (word));
      separator = " OR ";
    }
  g_string_append_c (self->sql, ')');
}

void
muster_query_append_match (GString *match, const char *word)
{
  g_string_append (match, match->len > 0 ? " AND \"" : "\"");
  for (; *word != '\0'; word++)
    {
      if (*word == '"')
        g_string_append_c (match, '"');
      g_string_append_c (match, *word);
    }
  g_string_append_c (match, '"');
}

/* Every word must occur somewhere in the record. */
static void
builder_add_text (Builder *self)
{
  g_auto (GStrv) words = g_strsplit_set (self->query->text, " \t\r\n", -1);
  GString *match = g_string_new (NULL);

  for (unsigned i = 0; words[i] != NULL; i++)
    {
      if (!self->is_past && g_utf8_strlen (words[i], -1) >= MIN_INDEXED_LENGTH)
        muster_query_append_match (match, words[i]);
      else if (words[i][0] != '\0')
        builder_add_short_word (self, words[i]);
    }
  if (match->len > 0)
    {
      const char *table = self->query->info->table;

      g_string_append_printf (self->sql,
                              " AND row IN (SELECT rowid FROM %s_search WHERE %s_search MATCH ?)",
                              table, table);
      builder_bind_text (self, g_strdup (match->str));
    }
  g_string_free (match, TRUE);
}

/* " AND key comes after its value in the cursor": SQLite puts null first when ascending, last when
 * descending. */
static void
builder_add_after (Builder *self, const MusterSortKey *key, const MusterValue *value)
{
  const MusterField *field = &self->query->info->fields[key->index];

  if (value->is_null)
    {
      g_string_append_printf (self->sql, " AND %s", key->descending ? "0" : field->name);
      g_string_append (self->sql, key->descending ? "" : " IS NOT NULL");
      return;
    }
  g_string_append (self->sql, " AND (");
  builder_add_key (self, field);
  g_string_append (self->sql, key->descending ? " < ?" : " > ?");
  if (key->descending && (field->flags & MUSTER_FIELD_NULLABLE))
    g_string_append_printf (self->sql, " OR %s IS NULL", field->name);
  g_string_append_c (self->sql, ')');
  builder_bind_key (self, field, value);
}

/* A bound on the first key says nothing new, but an index can start from it. */
static void
builder_add_cursor_bound (Builder *self)
{
  const MusterSortKey *key = &g_array_index (self->query->sort, MusterSortKey, 0);
  const MusterField   *field = &self->query->info->fields[key->index];
  const MusterValue   *value = &g_array_index (self->query->cursor, MusterValue, 0);

  if (value->is_null || (key->descending && (field->flags & MUSTER_FIELD_NULLABLE)))
    return;
  g_string_append (self->sql, " AND ");
  builder_add_key (self, field);
  g_string_append (self->sql, key->descending ? " <= ?" : " >= ?");
  builder_bind_key (self, field, value);
}

static void
builder_add_cursor (Builder *self)
{
  GArray *sort = self->query->sort;

  builder_add_cursor_bound (self);
  g_string_append (self->sql, " AND (");
  for (guint i = 0; i < sort->len; i++)
    {
      g_string_append (self->sql, i > 0 ? " OR (1" : "(1");
      for (guint j = 0; j < i; j++)
        {
          const MusterField *field =
            &self->query->info->fields[g_array_index (sort, MusterSortKey, j).index];

          g_string_append (self->sql, " AND ");
          builder_add_key (self, field);
          g_string_append (self->sql, " IS ?");
          builder_bind_key (self, field, &g_array_index (self->query->cursor, MusterValue, j));
        }
      builder_add_after (self, &g_array_index (sort, MusterSortKey, i),
                         &g_array_index (self->query->cursor, MusterValue, i));
      g_string_append_c (self->sql, ')');
    }
  g_string_append_c (self->sql, ')');
}

static void
builder_add_order (Builder *self)
{
  for (guint i = 0; i < self->query->sort->len; i++)
    {
      const MusterSortKey *key = &g_array_index (self->query->sort, MusterSortKey, i);
      const MusterField   *field = &self->query->info->fields[key->index];

      g_string_append (self->sql, i == 0 ? " ORDER BY " : ", ");
      builder_add_key (self, field);
      g_string_append (self->sql, key->descending ? " DESC" : "");
    }
}

static void
builder_bind_all (Builder *self, MusterStatement *statement)
{
  for (guint i = 0; i < self->binds->len; i++)
    {
      const Bind *bind = &g_array_index (self->binds, Bind, i);

      muster_statement_bind_value (statement, i + 1, bind->field, &bind->value);
    }
}

static void
builder_build (Builder *self, MusterQueryForm form, const char *columns, unsigned extra)
{
  MusterQuery *query = self->query;

  g_string_append_printf (self->sql, "SELECT %s FROM %s WHERE 1",
                          form == MUSTER_QUERY_COUNT ? "count(*)" : columns, query->info->table);
  for (guint i = 0; i < query->conditions->len; i++)
    builder_add_condition (self, query->conditions->pdata[i]);
  if (query->text != NULL)
    builder_add_text (self);
  if (form == MUSTER_QUERY_COUNT)
    return;
  if (form == MUSTER_QUERY_SELECT && query->cursor != NULL)
    builder_add_cursor (self);
  builder_add_order (self);
  if (form == MUSTER_QUERY_SELECT && query->limit > 0)
    {
      const MusterValue limit = { .integer = (gint64)query->limit + extra };

      g_string_append (self->sql, " LIMIT ?");
      builder_bind_value (self, &integer_field, &limit);
    }
}

MusterStatement *
muster_query_prepare (MusterQuery      *self,
                      MusterConnection *connection,
                      MusterQueryForm   form,
                      const char       *columns,
                      unsigned          extra,
                      GError          **error)
{
  g_autoptr (GString) sql = g_string_new (NULL);
  g_autoptr (GArray) binds = g_array_new (FALSE, FALSE, sizeof (Bind));
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  Builder          builder = { self, sql, binds, texts, connection->is_past };
  MusterStatement *statement = NULL;

  if (self->text != NULL && !connection->is_past && !muster_search_queue_settle (connection, error))
    return NULL;
  builder_build (&builder, form, columns, extra);
  statement = muster_statement_new (connection, sql->str, error);
  if (statement != NULL)
    builder_bind_all (&builder, statement);
  return statement;
}

char *
muster_entity_info_list_columns (const MusterEntityInfo *info, gboolean with_secrets)
{
  GString *columns = g_string_new (NULL);

  for (unsigned i = 0; i < info->n_fields; i++)
    {
      if (!with_secrets && (info->fields[i].flags & MUSTER_FIELD_SECRET))
        continue;
      g_string_append_printf (columns, "%s%s", columns->len > 0 ? ", " : "", info->fields[i].name);
    }
  return g_string_free_and_steal (columns);
}
