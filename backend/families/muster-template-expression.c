/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-template-expression"

#include "config.h"

#include <string.h>

#include "muster-template-parser.h"

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

typedef MusterTerm *(*Parse) (MusterTemplateParser *self, GError **error);

static MusterTerm *
parse_string (MusterTemplateParser *self, GError **error)
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
    return muster_template_parser_fail (self, error, "a text that does not end");
  self->at++;
  return muster_template_parser_make_literal (self, muster_template_make_string (text->str));
}

static MusterTerm *
parse_number (MusterTemplateParser *self, GError **error)
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
    return muster_template_parser_make_literal (self, muster_template_make_integer (integer));
  return muster_template_parser_make_literal (self, muster_template_make_double (
                                                      g_ascii_strtod (text, NULL)));
}

/* The arguments up to the closing CLOSE, as further terms of TERM. */
static gboolean
parse_arguments (MusterTemplateParser *self, MusterTerm *term, const char *close, GError **error)
{
  while (!muster_template_parser_accept (self, close))
    {
      const char      *before = self->at;
      g_autofree char *keyword = muster_template_parser_accept_name (self);
      MusterTerm      *argument = NULL;

      /* Arguments by name: all filters here take them in their order. */
      if (keyword == NULL || !muster_template_parser_accept (self, "=") ||
          muster_template_parser_accept (self, "="))
        self->at = before;
      argument = muster_template_parse_expression (self, error);
      if (argument == NULL)
        return FALSE;
      g_ptr_array_add (term->terms, argument);
      if (!muster_template_parser_accept (self, ",") &&
          (muster_template_parser_skip_space (self), *self->at != *close))
        return muster_template_parser_fail (self, error, "a comma is missing") != NULL;
    }
  return TRUE;
}

/* NAME (taken) put to TERM (taken), with arguments where a bracket follows. */
static MusterTerm *
parse_filter (MusterTemplateParser *self, char *name, MusterTerm *term, GError **error)
{
  g_autofree char *owned = name;
  g_autoptr (MusterTerm) filter =
              muster_template_parser_make (self, MUSTER_TERM_FILTER, term, NULL, NULL);

  filter->filter = name != NULL ? muster_template_find_filter (name) : NULL;
  if (filter->filter == NULL)
    return muster_template_parser_fail (self, error, "a filter that is not known");
  if (muster_template_parser_accept (self, "(") && !parse_arguments (self, filter, ")", error))
    return NULL;
  return g_steal_pointer (&filter);
}

static MusterTerm *
parse_name (MusterTemplateParser *self, GError **error)
{
  static const struct
  {
    const char *name;
    int         value;
  } constants[] = {
    { "true", TRUE },   { "True", TRUE }, { "false", FALSE },
    { "False", FALSE }, { "none", -1 },   { "None", -1 },
  };
  g_autofree char *name = muster_template_parser_accept_name (self);
  g_autoptr (MusterTerm) term = NULL;

  if (name == NULL)
    return muster_template_parser_fail (self, error, "a value is missing");
  for (unsigned i = 0; i < G_N_ELEMENTS (constants); i++)
    if (g_str_equal (name, constants[i].name))
      return muster_template_parser_make_literal (self, constants[i].value < 0
                                                          ? json_node_new (JSON_NODE_NULL)
                                                          : muster_template_make_boolean (
                                                              constants[i].value));
  if (muster_template_parser_accept (self, "("))
    {
      g_autoptr (MusterTerm) call =
                  muster_template_parser_make (self, MUSTER_TERM_FILTER, NULL, NULL, NULL);

      call->filter = muster_template_find_filter (name);
      if (call->filter == NULL)
        return muster_template_parser_fail (self, error, "a function that is not known");
      if (!parse_arguments (self, call, ")", error))
        return NULL;
      if (call->terms->len == 0)
        return muster_template_parser_fail (self, error, "a function without an argument");
      return g_steal_pointer (&call);
    }
  term = muster_template_parser_make (self, MUSTER_TERM_NAME, NULL, NULL, NULL);
  term->name = g_steal_pointer (&name);
  return g_steal_pointer (&term);
}

static MusterTerm *
parse_atom (MusterTemplateParser *self, GError **error)
{
  MusterTerm *term = NULL;

  muster_template_parser_skip_space (self);
  if (self->at == self->end)
    return muster_template_parser_fail (self, error, "a value is missing");
  if (*self->at == '"' || *self->at == '\'')
    return parse_string (self, error);
  if (g_ascii_isdigit (*self->at))
    return parse_number (self, error);
  if (muster_template_parser_accept (self, "["))
    {
      term = muster_template_parser_make (self, MUSTER_TERM_LIST, NULL, NULL, NULL);
      if (parse_arguments (self, term, "]", error))
        return term;
      muster_term_free (term);
      return NULL;
    }
  if (!muster_template_parser_accept (self, "("))
    return parse_name (self, error);
  term = muster_template_parse_expression (self, error);
  if (term == NULL || muster_template_parser_accept (self, ")"))
    return term;
  muster_term_free (term);
  return muster_template_parser_fail (self, error, "a closing bracket is missing");
}

static MusterTerm *
parse_member (MusterTemplateParser *self, MusterTerm *of, GError **error)
{
  g_autoptr (MusterTerm) term = of;
  g_autofree char *name = NULL;
  const char      *start = self->at;

  /* `value_json.0.x` is allowed too. */
  while (self->at < self->end && muster_template_is_name_char (*self->at))
    self->at++;
  name = g_strndup (start, self->at - start);
  if (*name == '\0')
    return muster_template_parser_fail (self, error, "the name of a member is missing");
  if (self->at < self->end && *self->at == '(')
    return parse_filter (self, g_steal_pointer (&name), g_steal_pointer (&term), error);
  term =
    muster_template_parser_make (self, MUSTER_TERM_MEMBER, g_steal_pointer (&term), NULL, NULL);
  term->name = g_steal_pointer (&name);
  return g_steal_pointer (&term);
}

static MusterTerm *
parse_postfix (MusterTemplateParser *self, GError **error)
{
  MusterTerm *term = parse_atom (self, error);

  while (term != NULL)
    {
      MusterTerm *index = NULL;

      if (!muster_template_parser_check_size (self, error))
        {
          muster_term_free (term);
          return NULL;
        }
      if (muster_template_parser_accept (self, "."))
        term = parse_member (self, term, error);
      else if (muster_template_parser_accept (self, "["))
        {
          index = muster_template_parse_expression (self, error);
          if (index != NULL)
            term = muster_template_parser_make (self, MUSTER_TERM_INDEX, term, index, NULL);
          if (index != NULL && muster_template_parser_accept (self, "]"))
            continue;
          muster_term_free (term);
          return index != NULL
                   ? muster_template_parser_fail (self, error, "a closing bracket is missing")
                   : NULL;
        }
      else
        return term;
    }
  return NULL;
}

static MusterTerm *
parse_sign (MusterTemplateParser *self, GError **error)
{
  MusterTerm *term = NULL;

  if (!muster_template_parser_accept (self, "-"))
    return parse_postfix (self, error);
  if (++self->depth > MUSTER_TEMPLATE_MAX_DEPTH)
    return muster_template_parser_fail (self, error, "too many expressions within each other");
  term = parse_sign (self, error);
  self->depth--;
  return term != NULL ? muster_template_parser_make (self, MUSTER_TERM_NEGATE, term, NULL, NULL)
                      : NULL;
}

/* A filter is put to a number with its sign, but to one operand alone. */
static MusterTerm *
parse_filtered (MusterTemplateParser *self, GError **error)
{
  MusterTerm *term = parse_sign (self, error);

  while (term != NULL && muster_template_parser_accept (self, "|"))
    {
      if (!muster_template_parser_check_size (self, error))
        {
          muster_term_free (term);
          return NULL;
        }
      term = parse_filter (self, muster_template_parser_accept_name (self), term, error);
    }
  return term;
}

static const Symbol *
accept_symbol (MusterTemplateParser *self, const Symbol *symbols, unsigned n_symbols)
{
  for (unsigned i = 0; i < n_symbols; i++)
    if (muster_template_parser_accept (self, symbols[i].symbol))
      return &symbols[i];
  return NULL;
}

static MusterTerm *
parse_operations (MusterTemplateParser *self,
                  Parse                 operand,
                  const Symbol         *symbols,
                  unsigned              n_symbols,
                  GError              **error)
{
  MusterTerm   *term = operand (self, error);
  const Symbol *symbol = NULL;

  while (term != NULL && (symbol = accept_symbol (self, symbols, n_symbols)) != NULL)
    {
      MusterTerm *other =
        muster_template_parser_check_size (self, error) ? operand (self, error) : NULL;

      if (other == NULL)
        {
          muster_term_free (term);
          return NULL;
        }
      term = muster_template_parser_make (self, MUSTER_TERM_OPERATION, term, other, NULL);
      term->operation = symbol->operation;
    }
  return term;
}

static MusterTerm *
parse_product (MusterTemplateParser *self, GError **error)
{
  return parse_operations (self, parse_filtered, products, G_N_ELEMENTS (products), error);
}

static MusterTerm *
parse_sum (MusterTemplateParser *self, GError **error)
{
  return parse_operations (self, parse_product, sums, G_N_ELEMENTS (sums), error);
}

/* `is [not] defined`, after `is`. */
static MusterTerm *
parse_test (MusterTemplateParser *self, MusterTerm *of, GError **error)
{
  static const char *const names[] = { [MUSTER_TEST_DEFINED] = "defined",
                                       [MUSTER_TEST_NONE] = "none",
                                       [MUSTER_TEST_NUMBER] = "number",
                                       [MUSTER_TEST_STRING] = "string" };
  gboolean                 negated = muster_template_parser_accept_word (self, "not");
  MusterTerm *term = muster_template_parser_make (self, MUSTER_TERM_TEST, of, NULL, NULL);

  for (unsigned i = 0; i < G_N_ELEMENTS (names); i++)
    if (muster_template_parser_accept_word (self, names[i]))
      {
        term->test = i;
        return negated ? muster_template_parser_make (self, MUSTER_TERM_NOT, term, NULL, NULL)
                       : term;
      }
  muster_term_free (term);
  return muster_template_parser_fail (self, error, "a test that is not known");
}

static MusterTerm *
parse_membership (MusterTemplateParser *self, MusterTerm *of, gboolean negated, GError **error)
{
  MusterTerm *other = parse_sum (self, error);
  MusterTerm *term = NULL;

  if (other == NULL)
    {
      muster_term_free (of);
      return NULL;
    }
  term = muster_template_parser_make (self, MUSTER_TERM_OPERATION, of, other, NULL);
  term->operation = MUSTER_OPERATOR_IN;
  return negated ? muster_template_parser_make (self, MUSTER_TERM_NOT, term, NULL, NULL) : term;
}

static MusterTerm *
parse_comparison (MusterTemplateParser *self, GError **error)
{
  MusterTerm *term =
    parse_operations (self, parse_sum, comparisons, G_N_ELEMENTS (comparisons), error);
  const char *before = self->at;

  if (term == NULL)
    return NULL;
  if (muster_template_parser_accept_word (self, "is"))
    return parse_test (self, term, error);
  if (muster_template_parser_accept_word (self, "in"))
    return parse_membership (self, term, FALSE, error);
  if (muster_template_parser_accept_word (self, "not") &&
      muster_template_parser_accept_word (self, "in"))
    return parse_membership (self, term, TRUE, error);
  self->at = before;
  return term;
}

static MusterTerm *
parse_not (MusterTemplateParser *self, GError **error)
{
  MusterTerm *term = NULL;

  if (!muster_template_parser_accept_word (self, "not"))
    return parse_comparison (self, error);
  if (++self->depth > MUSTER_TEMPLATE_MAX_DEPTH)
    return muster_template_parser_fail (self, error, "too many expressions within each other");
  term = parse_not (self, error);
  self->depth--;
  return term != NULL ? muster_template_parser_make (self, MUSTER_TERM_NOT, term, NULL, NULL)
                      : NULL;
}

static MusterTerm *
parse_words (MusterTemplateParser *self,
             Parse                 operand,
             const char           *word,
             MusterTermKind        kind,
             GError              **error)
{
  MusterTerm *term = operand (self, error);

  while (term != NULL && muster_template_parser_accept_word (self, word))
    {
      MusterTerm *other =
        muster_template_parser_check_size (self, error) ? operand (self, error) : NULL;

      if (other == NULL)
        {
          muster_term_free (term);
          return NULL;
        }
      term = muster_template_parser_make (self, kind, term, other, NULL);
    }
  return term;
}

static MusterTerm *
parse_and (MusterTemplateParser *self, GError **error)
{
  return parse_words (self, parse_not, "and", MUSTER_TERM_AND, error);
}

static MusterTerm *
parse_or (MusterTemplateParser *self, GError **error)
{
  return parse_words (self, parse_and, "or", MUSTER_TERM_OR, error);
}

static MusterTerm *
parse_choice (MusterTemplateParser *self, GError **error)
{
  g_autoptr (MusterTerm) value = parse_or (self, error);
  g_autoptr (MusterTerm) condition = NULL;
  MusterTerm *other = NULL;

  if (value == NULL || !muster_template_parser_accept_word (self, "if"))
    return g_steal_pointer (&value);
  condition = parse_or (self, error);
  if (condition == NULL)
    return NULL;
  other = muster_template_parser_accept_word (self, "else")
            ? muster_template_parse_expression (self, error)
            : muster_template_parser_make_literal (self, muster_template_make_string (""));
  if (other == NULL)
    return NULL;
  return muster_template_parser_make (self, MUSTER_TERM_IF, g_steal_pointer (&condition),
                                      g_steal_pointer (&value), other);
}

MusterTerm *
muster_template_parse_expression (MusterTemplateParser *self, GError **error)
{
  MusterTerm *term = NULL;

  if (++self->depth > MUSTER_TEMPLATE_MAX_DEPTH)
    return muster_template_parser_fail (self, error, "too many expressions within each other");
  if (!muster_template_parser_check_size (self, error))
    return NULL;
  term = parse_choice (self, error);
  self->depth--;
  return term;
}
