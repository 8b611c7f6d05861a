/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-template-parse"

#include "config.h"

#include <string.h>

#include "model/muster-error.h"
#include "muster-template-private.h"

typedef struct
{
  const char *start;
  const char *at;
  const char *end;     /* of the expression that is being read */
  unsigned    n_terms; /* made so far */
  unsigned    depth;
} Parser;

MusterTerm *
muster_term_new (MusterTermKind kind)
{
  MusterTerm *self = g_new0 (MusterTerm, 1);

  self->kind = kind;
  self->terms = g_ptr_array_new_with_free_func ((GDestroyNotify)muster_term_free);
  return self;
}

void
muster_term_free (MusterTerm *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_clear_pointer (&self->literal, json_node_unref);
  g_ptr_array_unref (self->terms);
  g_free (self);
}

static MusterTerm *
fail (Parser *self, GError **error, const char *what)
{
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID, "template: %s at byte %d", what,
               (int)(self->at - self->start) + 1);
  return NULL;
}

/* A term of the terms A (taken), B and C (taken, nullable). */
static MusterTerm *
make (Parser *self, MusterTermKind kind, MusterTerm *a, MusterTerm *b, MusterTerm *c)
{
  MusterTerm *term = muster_term_new (kind);

  self->n_terms++;
  if (a != NULL)
    g_ptr_array_add (term->terms, a);
  if (b != NULL)
    g_ptr_array_add (term->terms, b);
  if (c != NULL)
    g_ptr_array_add (term->terms, c);
  return term;
}

/* Chains are as deep to evaluate as they are long. */
static gboolean
check_size (Parser *self, GError **error)
{
  return self->n_terms <= MUSTER_TEMPLATE_MAX_NODES || fail (self, error, "too much of it") != NULL;
}

static MusterTerm *
make_literal (Parser *self, JsonNode *value)
{
  MusterTerm *term = make (self, MUSTER_TERM_LITERAL, NULL, NULL, NULL);

  term->literal = value;
  return term;
}

/* --- tokens --- */

static void
skip_space (Parser *self)
{
  while (self->at < self->end && g_ascii_isspace (*self->at))
    self->at++;
}

static gboolean
is_name_char (char c)
{
  return g_ascii_isalnum (c) || c == '_';
}

static gboolean
accept (Parser *self, const char *symbol)
{
  gsize length = strlen (symbol);

  skip_space (self);
  if ((gsize)(self->end - self->at) < length || strncmp (self->at, symbol, length) != 0)
    return FALSE;
  self->at += length;
  return TRUE;
}

/* A word is not the beginning of a longer one. */
static gboolean
accept_word (Parser *self, const char *word)
{
  const char *before = self->at;

  if (accept (self, word) && (self->at == self->end || !is_name_char (*self->at)))
    return TRUE;
  self->at = before;
  return FALSE;
}

static char *
accept_name (Parser *self)
{
  const char *start;

  skip_space (self);
  start = self->at;
  if (start == self->end || (!g_ascii_isalpha (*start) && *start != '_'))
    return NULL;
  while (self->at < self->end && is_name_char (*self->at))
    self->at++;
  return g_strndup (start, self->at - start);
}

static MusterTerm *parse_expression (Parser *self, GError **error);

static MusterTerm *
parse_string (Parser *self, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char quote = *self->at++;

  for (; self->at < self->end && *self->at != quote; self->at++)
    {
      char c = *self->at;

      if (c == '\\' && self->at + 1 < self->end)
        {
          c = *++self->at;
          c = c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c;
        }
      g_string_append_c (text, c);
    }
  if (self->at == self->end)
    return fail (self, error, "a text that does not end");
  self->at++;
  return make_literal (self, muster_template_make_string (text->str));
}

static MusterTerm *
parse_number (Parser *self, GError **error)
{
  const char      *start = self->at;
  gboolean         is_real = FALSE;
  g_autofree char *text = NULL;
  gint64           integer = 0;

  for (; self->at < self->end; self->at++)
    if (*self->at == '.' || *self->at == 'e' || *self->at == 'E')
      is_real = TRUE;
    else if (!g_ascii_isdigit (*self->at) && !(is_real && (*self->at == '-' || *self->at == '+') &&
                                               (self->at[-1] == 'e' || self->at[-1] == 'E')))
      break;
  text = g_strndup (start, self->at - start);
  if (!is_real && g_ascii_string_to_signed (text, 10, 0, G_MAXINT64, &integer, NULL))
    return make_literal (self, muster_template_make_integer (integer));
  return make_literal (self, muster_template_make_double (g_ascii_strtod (text, NULL)));
}

/* The arguments up to the closing CLOSE, as further terms of TERM. */
static gboolean
parse_arguments (Parser *self, MusterTerm *term, const char *close, GError **error)
{
  while (!accept (self, close))
    {
      const char      *before = self->at;
      g_autofree char *keyword = accept_name (self);
      MusterTerm      *argument = NULL;

      /* Arguments by name: all filters here take them in their order. */
      if (keyword == NULL || !accept (self, "=") || accept (self, "="))
        self->at = before;
      argument = parse_expression (self, error);
      if (argument == NULL)
        return FALSE;
      g_ptr_array_add (term->terms, argument);
      if (!accept (self, ",") && (skip_space (self), *self->at != *close))
        return fail (self, error, "a comma is missing") != NULL;
    }
  return TRUE;
}

/* NAME (taken) put to TERM (taken), with arguments where a bracket follows. */
static MusterTerm *
parse_filter (Parser *self, char *name, MusterTerm *term, GError **error)
{
  g_autofree char *owned = name;
  g_autoptr (MusterTerm) filter = make (self, MUSTER_TERM_FILTER, term, NULL, NULL);

  filter->filter = name != NULL ? muster_template_find_filter (name) : NULL;
  if (filter->filter == NULL)
    return fail (self, error, "a filter that is not known");
  if (accept (self, "(") && !parse_arguments (self, filter, ")", error))
    return NULL;
  return g_steal_pointer (&filter);
}

/* --- expressions, the tightest first --- */

static MusterTerm *
parse_name (Parser *self, GError **error)
{
  static const struct
  {
    const char *name;
    int         value;
  } constants[] = {
    { "true", TRUE },   { "True", TRUE }, { "false", FALSE },
    { "False", FALSE }, { "none", -1 },   { "None", -1 },
  };
  g_autofree char *name = accept_name (self);
  g_autoptr (MusterTerm) term = NULL;

  if (name == NULL)
    return fail (self, error, "a value is missing");
  for (unsigned i = 0; i < G_N_ELEMENTS (constants); i++)
    if (g_str_equal (name, constants[i].name))
      return make_literal (self, constants[i].value < 0
                                   ? json_node_new (JSON_NODE_NULL)
                                   : muster_template_make_boolean (constants[i].value));
  if (accept (self, "("))
    {
      g_autoptr (MusterTerm) call = make (self, MUSTER_TERM_FILTER, NULL, NULL, NULL);

      call->filter = muster_template_find_filter (name);
      if (call->filter == NULL)
        return fail (self, error, "a function that is not known");
      if (!parse_arguments (self, call, ")", error))
        return NULL;
      if (call->terms->len == 0)
        return fail (self, error, "a function without an argument");
      return g_steal_pointer (&call);
    }
  term = make (self, MUSTER_TERM_NAME, NULL, NULL, NULL);
  term->name = g_steal_pointer (&name);
  return g_steal_pointer (&term);
}

static MusterTerm *
parse_atom (Parser *self, GError **error)
{
  MusterTerm *term = NULL;

  skip_space (self);
  if (self->at == self->end)
    return fail (self, error, "a value is missing");
  if (*self->at == '"' || *self->at == '\'')
    return parse_string (self, error);
  if (g_ascii_isdigit (*self->at))
    return parse_number (self, error);
  if (accept (self, "["))
    {
      term = make (self, MUSTER_TERM_LIST, NULL, NULL, NULL);
      if (parse_arguments (self, term, "]", error))
        return term;
      muster_term_free (term);
      return NULL;
    }
  if (!accept (self, "("))
    return parse_name (self, error);
  term = parse_expression (self, error);
  if (term == NULL || accept (self, ")"))
    return term;
  muster_term_free (term);
  return fail (self, error, "a closing bracket is missing");
}

static MusterTerm *
parse_member (Parser *self, MusterTerm *of, GError **error)
{
  g_autoptr (MusterTerm) term = of;
  g_autofree char *name = NULL;
  const char      *start = self->at;

  /* `value_json.0.x` is allowed too. */
  while (self->at < self->end && is_name_char (*self->at))
    self->at++;
  name = g_strndup (start, self->at - start);
  if (*name == '\0')
    return fail (self, error, "the name of a member is missing");
  if (self->at < self->end && *self->at == '(')
    return parse_filter (self, g_steal_pointer (&name), g_steal_pointer (&term), error);
  term = make (self, MUSTER_TERM_MEMBER, g_steal_pointer (&term), NULL, NULL);
  term->name = g_steal_pointer (&name);
  return g_steal_pointer (&term);
}

static MusterTerm *
parse_postfix (Parser *self, GError **error)
{
  MusterTerm *term = parse_atom (self, error);

  while (term != NULL)
    {
      MusterTerm *index = NULL;

      if (!check_size (self, error))
        {
          muster_term_free (term);
          return NULL;
        }
      if (accept (self, "."))
        term = parse_member (self, term, error);
      else if (accept (self, "["))
        {
          index = parse_expression (self, error);
          if (index != NULL)
            term = make (self, MUSTER_TERM_INDEX, term, index, NULL);
          if (index != NULL && accept (self, "]"))
            continue;
          muster_term_free (term);
          return index != NULL ? fail (self, error, "a closing bracket is missing") : NULL;
        }
      else
        return term;
    }
  return NULL;
}

static MusterTerm *
parse_sign (Parser *self, GError **error)
{
  MusterTerm *term = NULL;

  if (!accept (self, "-"))
    return parse_postfix (self, error);
  if (++self->depth > MUSTER_TEMPLATE_MAX_DEPTH)
    return fail (self, error, "too many expressions within each other");
  term = parse_sign (self, error);
  self->depth--;
  return term != NULL ? make (self, MUSTER_TERM_NEGATE, term, NULL, NULL) : NULL;
}

/* A filter is put to a number with its sign, but to one operand alone. */
static MusterTerm *
parse_filtered (Parser *self, GError **error)
{
  MusterTerm *term = parse_sign (self, error);

  while (term != NULL && accept (self, "|"))
    {
      if (!check_size (self, error))
        {
          muster_term_free (term);
          return NULL;
        }
      term = parse_filter (self, accept_name (self), term, error);
    }
  return term;
}

typedef struct
{
  const char    *symbol;
  MusterOperator operation;
} Symbol;

/* By how tightly they bind; a longer symbol before one that it begins with. */
static const Symbol products[] = { { "*", MUSTER_OPERATOR_MULTIPLY },
                                   { "//", MUSTER_OPERATOR_FLOOR_DIVIDE },
                                   { "/", MUSTER_OPERATOR_DIVIDE },
                                   { "%", MUSTER_OPERATOR_MODULO } };
static const Symbol sums[] = { { "+", MUSTER_OPERATOR_ADD },
                               { "-", MUSTER_OPERATOR_SUBTRACT },
                               { "~", MUSTER_OPERATOR_JOIN } };
static const Symbol comparisons[] = { { "==", MUSTER_OPERATOR_EQUAL },
                                      { "!=", MUSTER_OPERATOR_UNEQUAL },
                                      { "<=", MUSTER_OPERATOR_LESS_OR_EQUAL },
                                      { "<", MUSTER_OPERATOR_LESS },
                                      { ">=", MUSTER_OPERATOR_GREATER_OR_EQUAL },
                                      { ">", MUSTER_OPERATOR_GREATER } };

static const Symbol *
accept_symbol (Parser *self, const Symbol *symbols, unsigned n_symbols)
{
  for (unsigned i = 0; i < n_symbols; i++)
    if (accept (self, symbols[i].symbol))
      return &symbols[i];
  return NULL;
}

typedef MusterTerm *(*Parse) (Parser *self, GError **error);

static MusterTerm *
parse_operations (Parser       *self,
                  Parse         operand,
                  const Symbol *symbols,
                  unsigned      n_symbols,
                  GError      **error)
{
  MusterTerm   *term = operand (self, error);
  const Symbol *symbol = NULL;

  while (term != NULL && (symbol = accept_symbol (self, symbols, n_symbols)) != NULL)
    {
      MusterTerm *other = check_size (self, error) ? operand (self, error) : NULL;

      if (other == NULL)
        {
          muster_term_free (term);
          return NULL;
        }
      term = make (self, MUSTER_TERM_OPERATION, term, other, NULL);
      term->operation = symbol->operation;
    }
  return term;
}

static MusterTerm *
parse_product (Parser *self, GError **error)
{
  return parse_operations (self, parse_filtered, products, G_N_ELEMENTS (products), error);
}

static MusterTerm *
parse_sum (Parser *self, GError **error)
{
  return parse_operations (self, parse_product, sums, G_N_ELEMENTS (sums), error);
}

/* `is [not] defined`, after `is`. */
static MusterTerm *
parse_test (Parser *self, MusterTerm *of, GError **error)
{
  static const char *const names[] = { [MUSTER_TEST_DEFINED] = "defined",
                                       [MUSTER_TEST_NONE] = "none",
                                       [MUSTER_TEST_NUMBER] = "number",
                                       [MUSTER_TEST_STRING] = "string" };
  gboolean                 negated = accept_word (self, "not");
  MusterTerm              *term = make (self, MUSTER_TERM_TEST, of, NULL, NULL);

  for (unsigned i = 0; i < G_N_ELEMENTS (names); i++)
    if (accept_word (self, names[i]))
      {
        term->test = i;
        return negated ? make (self, MUSTER_TERM_NOT, term, NULL, NULL) : term;
      }
  muster_term_free (term);
  return fail (self, error, "a test that is not known");
}

static MusterTerm *
parse_membership (Parser *self, MusterTerm *of, gboolean negated, GError **error)
{
  MusterTerm *other = parse_sum (self, error);
  MusterTerm *term = NULL;

  if (other == NULL)
    {
      muster_term_free (of);
      return NULL;
    }
  term = make (self, MUSTER_TERM_OPERATION, of, other, NULL);
  term->operation = MUSTER_OPERATOR_IN;
  return negated ? make (self, MUSTER_TERM_NOT, term, NULL, NULL) : term;
}

static MusterTerm *
parse_comparison (Parser *self, GError **error)
{
  MusterTerm *term =
    parse_operations (self, parse_sum, comparisons, G_N_ELEMENTS (comparisons), error);
  const char *before = self->at;

  if (term == NULL)
    return NULL;
  if (accept_word (self, "is"))
    return parse_test (self, term, error);
  if (accept_word (self, "in"))
    return parse_membership (self, term, FALSE, error);
  if (accept_word (self, "not") && accept_word (self, "in"))
    return parse_membership (self, term, TRUE, error);
  self->at = before;
  return term;
}

static MusterTerm *
parse_not (Parser *self, GError **error)
{
  MusterTerm *term = NULL;

  if (!accept_word (self, "not"))
    return parse_comparison (self, error);
  if (++self->depth > MUSTER_TEMPLATE_MAX_DEPTH)
    return fail (self, error, "too many expressions within each other");
  term = parse_not (self, error);
  self->depth--;
  return term != NULL ? make (self, MUSTER_TERM_NOT, term, NULL, NULL) : NULL;
}

static MusterTerm *
parse_words (Parser *self, Parse operand, const char *word, MusterTermKind kind, GError **error)
{
  MusterTerm *term = operand (self, error);

  while (term != NULL && accept_word (self, word))
    {
      MusterTerm *other = check_size (self, error) ? operand (self, error) : NULL;

      if (other == NULL)
        {
          muster_term_free (term);
          return NULL;
        }
      term = make (self, kind, term, other, NULL);
    }
  return term;
}

static MusterTerm *
parse_and (Parser *self, GError **error)
{
  return parse_words (self, parse_not, "and", MUSTER_TERM_AND, error);
}

static MusterTerm *
parse_or (Parser *self, GError **error)
{
  return parse_words (self, parse_and, "or", MUSTER_TERM_OR, error);
}

static MusterTerm *
parse_choice (Parser *self, GError **error)
{
  g_autoptr (MusterTerm) value = parse_or (self, error);
  g_autoptr (MusterTerm) condition = NULL;
  MusterTerm *other = NULL;

  if (value == NULL || !accept_word (self, "if"))
    return g_steal_pointer (&value);
  condition = parse_or (self, error);
  if (condition == NULL)
    return NULL;
  other = accept_word (self, "else") ? parse_expression (self, error)
                                     : make_literal (self, muster_template_make_string (""));
  if (other == NULL)
    return NULL;
  return make (self, MUSTER_TERM_IF, g_steal_pointer (&condition), g_steal_pointer (&value), other);
}

static MusterTerm *
parse_expression (Parser *self, GError **error)
{
  MusterTerm *term = NULL;

  if (++self->depth > MUSTER_TEMPLATE_MAX_DEPTH)
    return fail (self, error, "too many expressions within each other");
  if (!check_size (self, error))
    return NULL;
  term = parse_choice (self, error);
  self->depth--;
  return term;
}

/* --- the text around --- */

/* Where CLOSE stands outside of quotation marks; NULL: nowhere. */
static const char *
find_close (const char *at, const char *close)
{
  char quote = '\0';

  for (; *at != '\0'; at++)
    if (quote != '\0')
      {
        if (*at == '\\' && at[1] != '\0')
          at++;
        else if (*at == quote)
          quote = '\0';
      }
    else if (*at == '\'' || *at == '"')
      quote = *at;
    else if (g_str_has_prefix (at, close))
      return at;
  return NULL;
}

/* Puts the expression between here and the closing CLOSE into the parser's window. */
static gboolean
open_tag (Parser *self, const char *close, const char **behind, GError **error)
{
  const char *end = find_close (self->at, close);

  if (end == NULL)
    return fail (self, error, "a tag that does not end") != NULL;
  *behind = end + strlen (close);
  self->end = end > self->at && end[-1] == '-' ? end - 1 : end;
  if (*self->at == '-' && self->at < self->end)
    self->at++;
  return TRUE;
}

/* Goes behind the tag; a dash at its end eats the white space that follows. */
static gboolean
close_tag (Parser *self, const char *behind, GError **error)
{
  gboolean trims = *self->end == '-';

  skip_space (self);
  if (self->at != self->end)
    return fail (self, error, "more than can be understood") != NULL;
  self->at = behind;
  while (trims && g_ascii_isspace (*self->at))
    self->at++;
  self->end = self->start + strlen (self->start);
  return TRUE;
}

static MusterTerm *parse_text (Parser *self, const char **stopped_by, GError **error);

/* After `{% if` or `{% elif`: what it yields, up to and with `{% endif %}`. */
static MusterTerm *
parse_branches (Parser *self, const char *behind, GError **error)
{
  g_autoptr (MusterTerm) condition = parse_expression (self, error);
  g_autoptr (MusterTerm) then = NULL;
  g_autoptr (MusterTerm) otherwise = NULL;
  const char *word = NULL;

  if (condition == NULL || !close_tag (self, behind, error))
    return NULL;
  if (++self->depth > MUSTER_TEMPLATE_MAX_DEPTH)
    return fail (self, error, "too many conditions within each other");
  then = parse_text (self, &word, error);
  if (then == NULL)
    return NULL;
  if (g_strcmp0 (word, "elif") == 0)
    {
      if (!open_tag (self, "%}", &behind, error))
        return NULL;
      otherwise = parse_branches (self, behind, error);
    }
  else if (g_strcmp0 (word, "else") == 0)
    {
      otherwise = parse_text (self, &word, error);
      if (otherwise != NULL && g_strcmp0 (word, "endif") != 0)
        return fail (self, error, "{% endif %} is missing");
    }
  else if (g_strcmp0 (word, "endif") == 0)
    otherwise = make_literal (self, muster_template_make_string (""));
  else
    return fail (self, error, "{% endif %} is missing");
  self->depth--;
  if (otherwise == NULL)
    return NULL;
  return make (self, MUSTER_TERM_IF, g_steal_pointer (&condition), g_steal_pointer (&then),
               g_steal_pointer (&otherwise));
}

static MusterTerm *
parse_assignment (Parser *self, const char *behind, GError **error)
{
  g_autofree char *name = accept_name (self);
  g_autoptr (MusterTerm) value = NULL;
  MusterTerm *term = NULL;

  if (name == NULL || !accept (self, "="))
    return fail (self, error, "{% set %} wants a name and a value");
  value = parse_expression (self, error);
  if (value == NULL || !close_tag (self, behind, error))
    return NULL;
  term = make (self, MUSTER_TERM_SET, g_steal_pointer (&value), NULL, NULL);
  term->name = g_steal_pointer (&name);
  return term;
}

/* Adds the text up to the next tag, without the white space before a dash. */
static void
add_plain (Parser *self, MusterTerm *text, const char *end)
{
  g_autofree char *plain = NULL;
  gsize            length = end - self->at;

  if (end[0] == '{' && end[1] != '\0' && end[2] == '-')
    while (length > 0 && g_ascii_isspace (self->at[length - 1]))
      length--;
  plain = g_strndup (self->at, length);
  if (*plain != '\0')
    g_ptr_array_add (text->terms, make_literal (self, muster_template_make_string (plain)));
  self->at = end;
}

static const char *
find_tag (const char *from)
{
  for (const char *c = strchr (from, '{'); c != NULL; c = strchr (c + 1, '{'))
    if (c[1] == '{' || c[1] == '%' || c[1] == '#')
      return c;
  return from + strlen (from);
}

/* A statement: adds its term, or tells by STOPPED_BY which word ends the present text. */
static gboolean
parse_statement (Parser *self, MusterTerm *text, const char **stopped_by, GError **error)
{
  static const char *const stops[] = { "else", "endif" };
  const char              *behind = NULL;
  const char              *inside = self->at;
  MusterTerm              *term = NULL;

  if (!open_tag (self, "%}", &behind, error))
    return FALSE;
  for (unsigned i = 0; i < G_N_ELEMENTS (stops); i++)
    if (accept_word (self, stops[i]))
      {
        *stopped_by = stops[i];
        return close_tag (self, behind, error);
      }
  if (accept_word (self, "elif"))
    {
      /* Its condition is read by whoever reads the branches. */
      *stopped_by = "elif";
      self->end = inside + strlen (inside);
      return TRUE;
    }
  if (accept_word (self, "if"))
    term = parse_branches (self, behind, error);
  else if (accept_word (self, "set"))
    term = parse_assignment (self, behind, error);
  else
    fail (self, error, "a statement that is not known");
  if (term != NULL)
    g_ptr_array_add (text->terms, term);
  return term != NULL;
}

static gboolean
parse_output (Parser *self, MusterTerm *text, GError **error)
{
  const char *behind = NULL;
  MusterTerm *term = NULL;

  if (!open_tag (self, "}}", &behind, error))
    return FALSE;
  term = parse_expression (self, error);
  if (term != NULL)
    g_ptr_array_add (text->terms, term);
  return term != NULL && close_tag (self, behind, error);
}

static MusterTerm *
parse_text (Parser *self, const char **stopped_by, GError **error)
{
  g_autoptr (MusterTerm) text = make (self, MUSTER_TERM_TEXT, NULL, NULL, NULL);

  *stopped_by = NULL;
  while (*self->at != '\0' && *stopped_by == NULL)
    {
      char kind;

      if (!check_size (self, error))
        return NULL;
      add_plain (self, text, find_tag (self->at));
      if (*self->at == '\0')
        break;
      kind = self->at[1];
      self->at += 2;
      if (kind == '#')
        {
          const char *end = strstr (self->at, "#}");

          if (end == NULL)
            return fail (self, error, "a comment that does not end");
          self->at = end + 2;
        }
      else if (!(kind == '{' ? parse_output (self, text, error)
                             : parse_statement (self, text, stopped_by, error)))
        return NULL;
    }
  return g_steal_pointer (&text);
}

MusterTerm *
muster_template_parse (const char *text, GError **error)
{
  Parser      parser = { .start = text, .at = text, .end = text + strlen (text) };
  const char *stopped_by = NULL;
  g_autoptr (MusterTerm) term = NULL;

  if (strlen (text) > MUSTER_TEMPLATE_MAX_TEXT)
    return fail (&parser, error, "too long");
  if (!g_utf8_validate (text, -1, NULL))
    return fail (&parser, error, "not UTF-8");
  term = parse_text (&parser, &stopped_by, error);
  if (term != NULL && stopped_by != NULL)
    return fail (&parser, error, "a branch without {% if %}");
  if (term != NULL && term->terms->len == 1)
    {
      MusterTerm *only = g_ptr_array_steal_index (term->terms, 0);

      return only;
    }
  return g_steal_pointer (&term);
}
