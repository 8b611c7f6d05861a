/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-query"

#include "config.h"

#include "muster-query-private.h"

#define DEFAULT_LIMIT 100
#define MAX_LIMIT 1000
#define MAX_VALUES 1000
#define MAX_TEXT 200
#define MAX_SORT_KEYS 8

G_DEFINE_BOXED_TYPE (MusterQuery, muster_query, muster_query_ref, muster_query_unref)

static void
muster_condition_free (gpointer data)
{
  MusterCondition *self = data;

  for (guint i = 0; i < self->values->len; i++)
    muster_value_clear (self->field, &g_array_index (self->values, MusterValue, i));
  g_array_unref (self->values);
  g_free (self);
}

static void
muster_query_set_default_sort (MusterQuery *self)
{
  const MusterSortKey key = { MUSTER_ENTITY_FIELD_ID, TRUE };

  g_array_set_size (self->sort, 0);
  g_array_append_val (self->sort, key);
}

MusterQuery *
muster_query_new (const MusterEntityInfo *info)
{
  MusterQuery *self = NULL;

  g_return_val_if_fail (info != NULL, NULL);

  self = g_atomic_rc_box_new0 (MusterQuery);
  self->info = info;
  self->conditions = g_ptr_array_new_with_free_func (muster_condition_free);
  self->sort = g_array_new (FALSE, FALSE, sizeof (MusterSortKey));
  self->limit = DEFAULT_LIMIT;
  muster_query_set_default_sort (self);
  return self;
}

MusterQuery *
muster_query_ref (MusterQuery *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
muster_query_clear (gpointer data)
{
  MusterQuery *self = data;

  for (guint i = 0; self->cursor != NULL && i < self->cursor->len; i++)
    {
      const MusterSortKey *key = &g_array_index (self->sort, MusterSortKey, i);

      muster_value_clear (&self->info->fields[key->index],
                          &g_array_index (self->cursor, MusterValue, i));
    }
  g_clear_pointer (&self->cursor, g_array_unref);
  g_ptr_array_unref (self->conditions);
  g_array_unref (self->sort);
  g_free (self->text);
}

void
muster_query_unref (MusterQuery *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, muster_query_clear);
}

const MusterEntityInfo *
muster_query_get_info (MusterQuery *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->info;
}

/* A field that requests may filter and sort by; NAME may end in ".min" or ".max", which goes into
 * KIND (nullable). */
static const MusterField *
muster_query_find_field (MusterQuery *self, const char *name, MusterConditionKind *kind)
{
  g_autofree char   *stem = NULL;
  const MusterField *field = NULL;
  int                index;

  if (kind != NULL)
    {
      *kind = g_str_has_suffix (name, ".min")   ? MUSTER_CONDITION_MIN
              : g_str_has_suffix (name, ".max") ? MUSTER_CONDITION_MAX
                                                : MUSTER_CONDITION_ANY;
      if (*kind != MUSTER_CONDITION_ANY)
        name = stem = g_strndup (name, strlen (name) - strlen (".min"));
    }
  index = muster_entity_info_find (self->info, name);
  if (index < 0)
    return NULL;
  field = &self->info->fields[index];
  if (field->type == MUSTER_FIELD_JSON)
    return NULL;
  if (kind != NULL && *kind != MUSTER_CONDITION_ANY && field->type != MUSTER_FIELD_INTEGER &&
      field->type != MUSTER_FIELD_DOUBLE && field->type != MUSTER_FIELD_TIME &&
      field->type != MUSTER_FIELD_MONEY)
    return NULL;
  return field;
}

/* The same for a request, which must not feel its way to a secret. */
static const MusterField *
muster_query_find_public (MusterQuery *self, const char *name, MusterConditionKind *kind)
{
  const MusterField *field = muster_query_find_field (self, name, kind);

  return field != NULL && (field->flags & MUSTER_FIELD_SECRET) == 0 ? field : NULL;
}

static MusterCondition *
muster_condition_new (const MusterField *field, MusterConditionKind kind)
{
  MusterCondition *self = g_new0 (MusterCondition, 1);

  self->field = field;
  self->kind = kind;
  self->values = g_array_new (FALSE, TRUE, sizeof (MusterValue));
  return self;
}

/* One value, whose text is taken as it is. */
static void
muster_condition_add (MusterCondition   *self,
                      const char        *text,
                      const char        *parameter,
                      MusterFieldErrors *errors)
{
  MusterValue value;

  if (*text == '\0')
    muster_field_errors_add (errors, parameter, "must not be empty: `null` stands for no value");
  else if (muster_field_decode_text (self->field, text, parameter, &value, errors))
    g_array_append_val (self->values, value);
}

/* Values parted by commas; a backslash takes the character after it as it is. */
static void
muster_condition_parse (MusterCondition   *self,
                        const char        *text,
                        const char        *parameter,
                        MusterFieldErrors *errors)
{
  g_autoptr (GString) item = g_string_new (NULL);
  gboolean escaped = FALSE;
  unsigned n_items = 0;

  for (const char *p = text;; p++)
    {
      if (*p == '\\' && p[1] != '\0')
        {
          g_string_append_c (item, *++p);
          escaped = TRUE;
          continue;
        }
      if (*p != '\0' && *p != ',')
        {
          g_string_append_c (item, *p);
          continue;
        }
      if (++n_items > MAX_VALUES)
        {
          muster_field_errors_add (errors, parameter, "must have at most %d values", MAX_VALUES);
          return;
        }
      if (!escaped && self->kind == MUSTER_CONDITION_ANY && g_str_equal (item->str, "null"))
        self->or_null = TRUE;
      else
        muster_condition_add (self, item->str, parameter, errors);
      g_string_truncate (item, 0);
      escaped = FALSE;
      if (*p == '\0')
        return;
    }
}

static void
muster_query_parse_filter (MusterQuery       *self,
                           const char        *name,
                           const char        *text,
                           MusterFieldErrors *errors)
{
  MusterConditionKind kind;
  const MusterField  *field = muster_query_find_public (self, name, &kind);
  MusterCondition    *condition = NULL;

  if (field == NULL)
    {
      muster_field_errors_add (errors, name,
                               "is neither a field of %s to filter by nor q, sort, limit or cursor",
                               self->info->schema);
      return;
    }
  condition = muster_condition_new (field, kind);
  g_ptr_array_add (self->conditions, condition);
  if (kind == MUSTER_CONDITION_ANY)
    muster_condition_parse (condition, text, name, errors);
  else
    muster_condition_add (condition, text, name, errors);
}

static gboolean
muster_query_sorts_by (MusterQuery *self, unsigned index)
{
  for (guint i = 0; i < self->sort->len; i++)
    {
      if (g_array_index (self->sort, MusterSortKey, i).index == index)
        return TRUE;
    }
  return FALSE;
}

/* Ends with the id in any case, so that the order is whole and a cursor points between two records.
 */
static void
muster_query_parse_sort (MusterQuery *self, const char *sort, MusterFieldErrors *errors)
{
  g_auto (GStrv) names = g_strsplit (sort, ",", MAX_SORT_KEYS + 1);
  MusterSortKey key = { 0 };

  g_array_set_size (self->sort, 0);
  if (g_strv_length (names) > MAX_SORT_KEYS)
    {
      muster_field_errors_add (errors, "sort", "must have at most %d fields", MAX_SORT_KEYS);
      return;
    }
  if (names[0] == NULL)
    muster_field_errors_add (errors, "sort", "must not be empty: name a field to sort by");
  for (unsigned i = 0; names[i] != NULL; i++)
    {
      const char        *name = names[i] + (names[i][0] == '-');
      const MusterField *field = muster_query_find_public (self, name, NULL);

      /* Nor by long texts, which would not fit into a cursor. */
      if (field == NULL || field->type == MUSTER_FIELD_TEXT)
        {
          muster_field_errors_add (errors, "sort", "%s is not a field of %s to sort by", name,
                                   self->info->schema);
          continue;
        }
      key.index = field - self->info->fields;
      key.descending = names[i][0] == '-';
      if (!muster_query_sorts_by (self, key.index))
        g_array_append_val (self->sort, key);
    }
  /* In the direction of the key before it: one index, read forwards or backwards, serves both. */
  if (self->sort->len > 0)
    key = g_array_index (self->sort, MusterSortKey, self->sort->len - 1);
  key.index = MUSTER_ENTITY_FIELD_ID;
  if (!muster_query_sorts_by (self, key.index))
    g_array_append_val (self->sort, key);
}

static void
muster_query_parse_limit (MusterQuery *self, const char *text, MusterFieldErrors *errors)
{
  guint64 limit;

  if (g_ascii_string_to_unsigned (text, 10, 1, MAX_LIMIT, &limit, NULL))
    self->limit = limit;
  else
    muster_field_errors_add (errors, "limit", "must be a whole number from 1 to %d", MAX_LIMIT);
}

static gboolean
muster_query_is_searchable (MusterQuery *self)
{
  for (unsigned i = 0; i < self->info->n_fields; i++)
    {
      if (self->info->fields[i].flags & MUSTER_FIELD_SEARCHABLE)
        return TRUE;
    }
  return FALSE;
}

static void
muster_query_parse_text (MusterQuery *self, const char *text, MusterFieldErrors *errors)
{
  if (!muster_query_is_searchable (self))
    muster_field_errors_add (errors, "q", "%s cannot be searched: filter by its fields",
                             self->info->schema);
  else if (!g_utf8_validate (text, -1, NULL))
    muster_field_errors_add (errors, "q", "must be valid UTF-8");
  else if (g_utf8_strlen (text, -1) > MAX_TEXT)
    muster_field_errors_add (errors, "q", "must have at most %d characters", MAX_TEXT);
  else
    muster_query_set_text (self, text);
}

static void
muster_query_parse_param (MusterQuery       *self,
                          const char        *name,
                          const char        *value,
                          MusterFieldErrors *errors)
{
  if (g_str_equal (name, "q"))
    muster_query_parse_text (self, value, errors);
  else if (g_str_equal (name, "sort"))
    muster_query_parse_sort (self, value, errors);
  else if (g_str_equal (name, "limit"))
    muster_query_parse_limit (self, value, errors);
  else if (!g_str_equal (name, "cursor"))
    muster_query_parse_filter (self, name, value, errors);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (a, b);
}

MusterQuery *
muster_query_new_from_params (const MusterEntityInfo *info,
                              GHashTable             *params,
                              const char *const      *ignored,
                              GError                **error)
{
  g_autoptr (MusterQuery) self = NULL;
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autoptr (GList) names = NULL;
  const char *cursor = NULL;

  g_return_val_if_fail (info != NULL, NULL);
  g_return_val_if_fail (params != NULL, NULL);

  self = muster_query_new (info);
  /* In order, so that the same request is refused with the same words and makes the same SQL. */
  names = g_list_sort (g_hash_table_get_keys (params), compare_names);
  for (GList *iter = names; iter != NULL; iter = iter->next)
    {
      if (ignored == NULL || !g_strv_contains (ignored, iter->data))
        muster_query_parse_param (self, iter->data, g_hash_table_lookup (params, iter->data),
                                  errors);
    }
  cursor = g_hash_table_lookup (params, "cursor");
  if (cursor != NULL && muster_field_errors_get_count (errors) == 0)
    muster_query_parse_cursor (self, cursor, errors);
  if (!muster_field_errors_check (errors, error))
    return NULL;
  return g_steal_pointer (&self);
}

/* What code builds is right, or the code is wrong. */
static void
muster_query_check_code (MusterQuery *self, MusterFieldErrors *errors)
{
  g_autoptr (GError) error = NULL;

  if (!muster_field_errors_check (errors, &error))
    g_critical ("query of %s: %s", self->info->name, error->message);
}

static void
muster_query_add_condition (MusterQuery *self,
                            const char  *field,
                            const char  *value,
                            gboolean     or_null)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  MusterConditionKind kind;
  const MusterField  *found = NULL;
  MusterCondition    *condition = NULL;

  found = muster_query_find_field (self, field, &kind);
  g_return_if_fail (found != NULL);
  condition = muster_condition_new (found, kind);
  condition->or_null = or_null;
  g_ptr_array_add (self->conditions, condition);
  /* Texts from the network come this way too: one that the field cannot hold matches nothing. */
  if (value != NULL)
    muster_condition_add (condition, value, field, errors);
}

void
muster_query_where (MusterQuery *self, const char *field, const char *value)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (field != NULL);

  muster_query_add_condition (self, field, value, value == NULL);
}

void
muster_query_where_null_or (MusterQuery *self, const char *field, const char *value)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (field != NULL);

  muster_query_add_condition (self, field, value, TRUE);
}

void
muster_query_where_through (MusterQuery            *self,
                            const char             *field,
                            const MusterEntityInfo *target,
                            const char             *target_field,
                            const char             *value)
{
  MusterCondition *condition = NULL;
  int              index;

  g_return_if_fail (self != NULL && field != NULL && value != NULL);
  g_return_if_fail (target != NULL && target_field != NULL);

  index = muster_entity_info_find (target, target_field);
  g_return_if_fail (index >= 0);
  muster_query_add_condition (self, field, value, FALSE);
  condition = self->conditions->pdata[self->conditions->len - 1];
  condition->target = target;
  condition->target_field = &target->fields[index];
}

void
muster_query_where_any (MusterQuery *self, const char *field, const char *const *values)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  const MusterField *found = NULL;
  MusterCondition   *condition = NULL;

  g_return_if_fail (self != NULL);
  g_return_if_fail (field != NULL && values != NULL);

  found = muster_query_find_field (self, field, NULL);
  g_return_if_fail (found != NULL);
  condition = muster_condition_new (found, MUSTER_CONDITION_ANY);
  g_ptr_array_add (self->conditions, condition);
  for (; *values != NULL; values++)
    muster_condition_add (condition, *values, field, errors);
}

void
muster_query_set_sort (MusterQuery *self, const char *sort)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();

  g_return_if_fail (self != NULL);
  g_return_if_fail (self->cursor == NULL);

  if (sort == NULL)
    muster_query_set_default_sort (self);
  else
    muster_query_parse_sort (self, sort, errors);
  muster_query_check_code (self, errors);
}

void
muster_query_set_limit (MusterQuery *self, unsigned limit)
{
  g_return_if_fail (self != NULL);

  self->limit = limit;
}

void
muster_query_set_text (MusterQuery *self, const char *text)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (text == NULL || muster_query_is_searchable (self));

  g_set_str (&self->text, text);
}

void
muster_query_set_as_of (MusterQuery *self, gint64 at)
{
  g_return_if_fail (self != NULL);

  self->as_of = at;
}

gint64
muster_query_get_as_of (MusterQuery *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->as_of;
}
