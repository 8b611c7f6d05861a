/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-rsql"

#include "config.h"

#include <string.h>

#include "model/muster-error.h"
#include "muster-rsql.h"

typedef enum
{
  KIND_ANY, /* of its children */
  KIND_ALL,
  KIND_COMPARISON,
} Kind;

typedef enum
{
  OPERATOR_IS,
  OPERATOR_IS_NOT,
  OPERATOR_LESS,
  OPERATOR_LESS_OR_EQUAL,
  OPERATOR_GREATER,
  OPERATOR_GREATER_OR_EQUAL,
  OPERATOR_IN,
  OPERATOR_NOT_IN,
} Operator;

struct _MusterRsql
{
  Kind       kind;
  GPtrArray *children; /* (owned) (nullable) (element-type MusterRsql) */
  char      *field;    /* (owned) (nullable): in lower case */
  Operator   operator;
  GPtrArray *values; /* (owned) (nullable) (element-type utf8): in lower case */
};

/* Longer ones before those that they begin with. */
static const struct
{
  const char *text;
  Operator    operator;
} operators[] = {
  { "=lt=", OPERATOR_LESS },
  { "=le=", OPERATOR_LESS_OR_EQUAL },
  { "=gt=", OPERATOR_GREATER },
  { "=ge=", OPERATOR_GREATER_OR_EQUAL },
  { "=in=", OPERATOR_IN },
  { "=out=", OPERATOR_NOT_IN },
  { "==", OPERATOR_IS },
  { "!=", OPERATOR_IS_NOT },
  { "<=", OPERATOR_LESS_OR_EQUAL },
  { ">=", OPERATOR_GREATER_OR_EQUAL },
  { "<", OPERATOR_LESS },
  { ">", OPERATOR_GREATER },
};

void
muster_rsql_free (MusterRsql *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->children, g_ptr_array_unref);
  g_clear_pointer (&self->values, g_ptr_array_unref);
  g_free (self->field);
  g_free (self);
}

/* --- reading --- */

typedef struct
{
  const char *text;
  const char *at;
  unsigned    depth;
} Reader;

static MusterRsql *read_any (Reader *reader, GError **error);

static void
skip_space (Reader *reader)
{
  while (g_ascii_isspace (*reader->at))
    reader->at++;
}

static gpointer
refuse (Reader *reader, const char *wanted, GError **error)
{
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED, "q: at character %ld: %s is wanted",
               g_utf8_pointer_to_offset (reader->text, reader->at) + 1, wanted);
  return NULL;
}

static gboolean
is_reserved (char c)
{
  return c == '\0' || g_ascii_isspace (c) || strchr ("\"'();,=!~<>", c) != NULL;
}

/* Whether SIGN comes, or WORD with nothing of a word behind it; it is taken. */
static gboolean
take_join (Reader *reader, char sign, const char *word)
{
  gsize length = strlen (word);

  skip_space (reader);
  if (*reader->at == sign)
    {
      reader->at++;
      return TRUE;
    }
  if (g_ascii_strncasecmp (reader->at, word, length) != 0 ||
      (!g_ascii_isspace (reader->at[length]) && reader->at[length] != '('))
    return FALSE;
  reader->at += length;
  return TRUE;
}

static char *
read_quoted (Reader *reader, GError **error)
{
  g_autoptr (GString) value = g_string_new (NULL);
  char quote = *reader->at++;

  while (*reader->at != quote)
    {
      if (*reader->at == '\\' && reader->at[1] != '\0')
        reader->at++;
      if (*reader->at == '\0')
        return refuse (reader, "the quote that ends the value", error);
      g_string_append_c (value, *reader->at++);
    }
  reader->at++;
  return g_utf8_strdown (value->str, value->len);
}

static char *
read_value (Reader *reader, GError **error)
{
  const char *begin;

  skip_space (reader);
  begin = reader->at;
  if (*begin == '"' || *begin == '\'')
    return read_quoted (reader, error);
  while (!is_reserved (*reader->at))
    reader->at++;
  return reader->at > begin ? g_utf8_strdown (begin, reader->at - begin)
                            : refuse (reader, "a value", error);
}

static gboolean
read_list (Reader *reader, GPtrArray *values, GError **error)
{
  do
    {
      char *value = NULL;

      reader->at++;
      value = read_value (reader, error);
      if (value == NULL)
        return FALSE;
      g_ptr_array_add (values, value);
      skip_space (reader);
    }
  while (*reader->at == ',');
  if (*reader->at != ')')
    return refuse (reader, "the bracket that ends the list", error) != NULL;
  reader->at++;
  return TRUE;
}

static gboolean
read_operator (Reader *reader, Operator *operator, GError ** error)
{
  skip_space (reader);
  for (gsize i = 0; i < G_N_ELEMENTS (operators); i++)
    if (g_ascii_strncasecmp (reader->at, operators[i].text, strlen (operators[i].text)) == 0)
      {
        *operator= operators[i].operator;
        reader->at += strlen (operators[i].text);
        return TRUE;
      }
  return refuse (reader, "a comparison like ==", error) != NULL;
}

static gboolean
read_values (Reader *reader, MusterRsql *self, GError **error)
{
  char *value = NULL;

  self->values = g_ptr_array_new_with_free_func (g_free);
  skip_space (reader);
  if (*reader->at == '(' && (self->operator== OPERATOR_IN || self->operator== OPERATOR_NOT_IN))
    return read_list (reader, self->values, error);
  value = read_value (reader, error);
  if (value != NULL)
    g_ptr_array_add (self->values, value);
  return value != NULL;
}

static MusterRsql *
read_comparison (Reader *reader, GError **error)
{
  g_autoptr (MusterRsql) self = g_new0 (MusterRsql, 1);
  const char *begin = reader->at;

  self->kind = KIND_COMPARISON;
  while (!is_reserved (*reader->at))
    reader->at++;
  if (reader->at == begin)
    return refuse (reader, "the name of a field", error);
  self->field = g_utf8_strdown (begin, reader->at - begin);
  return read_operator (reader, &self->operator, error) && read_values (reader, self, error)
           ? g_steal_pointer (&self)
           : NULL;
}

static MusterRsql *
read_one (Reader *reader, GError **error)
{
  g_autoptr (MusterRsql) inner = NULL;

  skip_space (reader);
  if (*reader->at != '(')
    return read_comparison (reader, error);
  if (++reader->depth > MUSTER_RSQL_MAX_DEPTH)
    return refuse (reader, "less nesting", error);
  reader->at++;
  inner = read_any (reader, error);
  if (inner == NULL)
    return NULL;
  skip_space (reader);
  if (*reader->at != ')')
    return refuse (reader, "a closing bracket", error);
  reader->at++;
  reader->depth--;
  return g_steal_pointer (&inner);
}

/* One or several by READ, with what joins them between. */
static MusterRsql *
read_joined (Reader     *reader,
             Kind        kind,
             char        sign,
             const char *word,
             MusterRsql *(*read) (Reader *, GError **),
             GError **error)
{
  g_autoptr (MusterRsql) self = g_new0 (MusterRsql, 1);

  self->kind = kind;
  self->children = g_ptr_array_new_with_free_func ((GDestroyNotify)muster_rsql_free);
  do
    {
      MusterRsql *child = read (reader, error);

      if (child == NULL)
        return NULL;
      g_ptr_array_add (self->children, child);
    }
  while (take_join (reader, sign, word));
  return g_steal_pointer (&self);
}

static MusterRsql *
read_all (Reader *reader, GError **error)
{
  return read_joined (reader, KIND_ALL, ';', "and", read_one, error);
}

static MusterRsql *
read_any (Reader *reader, GError **error)
{
  return read_joined (reader, KIND_ANY, ',', "or", read_all, error);
}

MusterRsql *
muster_rsql_parse (const char *text, GError **error)
{
  Reader reader = { text, text, 0 };
  g_autoptr (MusterRsql) self = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  if (strlen (text) > MUSTER_RSQL_MAX_LENGTH || !g_utf8_validate (text, -1, NULL))
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED,
                   "q: must be UTF-8 text of at most %d bytes", MUSTER_RSQL_MAX_LENGTH);
      return NULL;
    }
  self = read_any (&reader, error);
  if (self == NULL)
    return NULL;
  skip_space (&reader);
  return *reader.at == '\0' ? g_steal_pointer (&self)
                            : refuse (&reader, "the end, or ; or ,", error);
}

/* --- matching --- */

/* PATTERN with `*` for any characters: the last star is come back to, so that it takes no more than
 * the product of both lengths. */
static gboolean
glob_matches (const char *pattern, const char *text)
{
  const char *star = NULL;
  const char *resume = NULL;

  while (*text != '\0')
    if (*pattern == '*')
      {
        star = pattern++;
        resume = text;
      }
    else if (*pattern == *text)
      {
        pattern++;
        text++;
      }
    else if (star != NULL)
      {
        pattern = star + 1;
        text = ++resume;
      }
    else
      return FALSE;
  while (*pattern == '*')
    pattern++;
  return *pattern == '\0';
}

static gboolean
read_number (const char *text, double *number)
{
  char *end = NULL;

  *number = g_ascii_strtod (text, &end);
  return end > text && *end == '\0';
}

static int
compare (const char *value, const char *other)
{
  double a, b;

  if (read_number (value, &a) && read_number (other, &b))
    return a < b ? -1 : a > b;
  return strcmp (value, other);
}

static gboolean
any_is (const MusterRsql *self, const char *value)
{
  for (guint i = 0; i < self->values->len; i++)
    if (glob_matches (self->values->pdata[i], value))
      return TRUE;
  return FALSE;
}

static gboolean
compare_matches (const MusterRsql *self, const char *value)
{
  int order = compare (value, self->values->pdata[0]);

  switch (self->operator)
    {
    case OPERATOR_LESS:
      return order < 0;
    case OPERATOR_LESS_OR_EQUAL:
      return order <= 0;
    case OPERATOR_GREATER:
      return order > 0;
    case OPERATOR_GREATER_OR_EQUAL:
      return order >= 0;
    case OPERATOR_IS:
    case OPERATOR_IS_NOT:
    case OPERATOR_IN:
    case OPERATOR_NOT_IN:
    default:
      return FALSE;
    }
}

static gboolean
is_equality (const MusterRsql *self)
{
  return self->operator== OPERATOR_IS || self->operator== OPERATOR_IS_NOT ||
    self->operator== OPERATOR_IN || self->operator== OPERATOR_NOT_IN;
}

static gboolean
value_matches (const MusterRsql *self, const char *given)
{
  g_autofree char *value = g_utf8_strdown (given, -1);

  return is_equality (self) ? any_is (self, value) : compare_matches (self, value);
}

static gboolean
comparison_matches (const MusterRsql *self, MusterRsqlGet get, gpointer user_data)
{
  g_auto (GStrv) values = get (self->field, user_data);
  gboolean is_denied = self->operator== OPERATOR_IS_NOT || self->operator== OPERATOR_NOT_IN;
  gboolean found = (values == NULL || *values == NULL) && is_equality (self) && any_is (self, "");

  for (char **value = values; value != NULL && *value != NULL && !found; value++)
    found = value_matches (self, *value);
  return found != is_denied;
}

gboolean
muster_rsql_matches (const MusterRsql *self, MusterRsqlGet get, gpointer user_data)
{
  g_return_val_if_fail (self != NULL && get != NULL, FALSE);

  if (self->kind == KIND_COMPARISON)
    return comparison_matches (self, get, user_data);
  for (guint i = 0; i < self->children->len; i++)
    if (muster_rsql_matches (self->children->pdata[i], get, user_data) == (self->kind == KIND_ANY))
      return self->kind == KIND_ANY;
  return self->kind == KIND_ALL;
}

gboolean
muster_rsql_uses (const MusterRsql *self, const char *const *fields)
{
  g_return_val_if_fail (self != NULL && fields != NULL, FALSE);

  if (self->kind == KIND_COMPARISON)
    return g_strv_contains (fields, self->field);
  for (guint i = 0; i < self->children->len; i++)
    if (muster_rsql_uses (self->children->pdata[i], fields))
      return TRUE;
  return FALSE;
}

char **
muster_rsql_take_value (char *value)
{
  char **values = NULL;

  if (value == NULL)
    return NULL;
  values = g_new0 (char *, 2);
  values[0] = value;
  return values;
}

char *
muster_rsql_dup_field (MusterEntity *entity, const char *field)
{
  const MusterEntityInfo *info = muster_entity_get_info (entity);
  unsigned                index = muster_entity_info_find (info, field);

  if (muster_entity_is_null (entity, field))
    return NULL;
  if (info->fields[index].type == MUSTER_FIELD_TIME)
    return g_strdup_printf ("%" G_GINT64_FORMAT, muster_entity_get_integer (entity, field) / 1000);
  return muster_field_format_text (&info->fields[index], muster_entity_peek (entity, index));
}
