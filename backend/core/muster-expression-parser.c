/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-expression-parser"

#include "config.h"

#include <string.h>

#include "model/muster-error.h"
#include "muster-expression-private.h"

typedef enum
{
  TOKEN_END,
  TOKEN_NUMBER,
  TOKEN_NAME,   /* as it stands: may be a word of the language */
  TOKEN_QUOTED, /* always a value's name */
  TOKEN_OPERATOR,
} TokenKind;

typedef struct
{
  const char       *text;
  const char       *at;    /* behind the token */
  const char       *start; /* of the token */
  TokenKind         kind;
  char              name[MUSTER_EXPRESSION_MAX_NAME + 1]; /* NAME, QUOTED, OPERATOR */
  double            number;
  unsigned          depth;
  MusterExpression *expression;
  GHashTable       *indexes; /* borrowed name → index of the variable */
  GError          **error;
} Parser;

/* How strongly an operator of two operands binds; the least first. */
enum
{
  BIND_OR = 1,
  BIND_AND,
  BIND_NOT,
  BIND_COMPARE,
  BIND_ADD,
  BIND_MULTIPLY,
  BIND_SIGN,
  BIND_POWER,
};

static const struct
{
  const char *text;
  MusterOp    op;
  int         binding;
} operators[] = {
  { "or", MUSTER_OP_OR, BIND_OR },
  { "||", MUSTER_OP_OR, BIND_OR },
  { "and", MUSTER_OP_AND, BIND_AND },
  { "&&", MUSTER_OP_AND, BIND_AND },
  { "<", MUSTER_OP_LESS, BIND_COMPARE },
  { "<=", MUSTER_OP_LESS_EQUAL, BIND_COMPARE },
  { ">", MUSTER_OP_GREATER, BIND_COMPARE },
  { ">=", MUSTER_OP_GREATER_EQUAL, BIND_COMPARE },
  { "=", MUSTER_OP_EQUAL, BIND_COMPARE },
  { "==", MUSTER_OP_EQUAL, BIND_COMPARE },
  { "!=", MUSTER_OP_UNEQUAL, BIND_COMPARE },
  { "<>", MUSTER_OP_UNEQUAL, BIND_COMPARE },
  { "+", MUSTER_OP_ADD, BIND_ADD },
  { "-", MUSTER_OP_SUBTRACT, BIND_ADD },
  { "*", MUSTER_OP_MULTIPLY, BIND_MULTIPLY },
  { "/", MUSTER_OP_DIVIDE, BIND_MULTIPLY },
  { "%", MUSTER_OP_REMAINDER, BIND_MULTIPLY },
  { "^", MUSTER_OP_POWER, BIND_POWER },
};

G_GNUC_PRINTF (3, 4)
static gboolean
refuse (Parser *parser, const char *at, const char *format, ...)
{
  g_autofree char *detail = NULL;
  va_list          arguments;

  va_start (arguments, format);
  detail = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (parser->error, MUSTER_ERROR, MUSTER_ERROR_INVALID, "at character %ld: %s",
               g_utf8_pointer_to_offset (parser->text, at) + 1, detail);
  return FALSE;
}

/* --- tokens --- */

static gboolean
begins_name (const char *at)
{
  return *at == '_' || g_unichar_isalpha (g_utf8_get_char (at));
}

static gboolean
continues_name (const char *at)
{
  return begins_name (at) || g_ascii_isdigit (*at) || *at == '.';
}

/* Behind the name that begins at AT. */
static const char *
skip_name (const char *at)
{
  while (continues_name (at))
    at = g_utf8_next_char (at);
  return at;
}

static gboolean
take_token_text (Parser *parser, TokenKind kind, const char *from, gsize length)
{
  if (length > MUSTER_EXPRESSION_MAX_NAME)
    return refuse (parser, parser->start, "a name has at most %d bytes",
                   MUSTER_EXPRESSION_MAX_NAME);
  memcpy (parser->name, from, length);
  parser->name[length] = '\0';
  parser->kind = kind;
  return TRUE;
}

static gboolean
read_quoted (Parser *parser)
{
  char        closing = *parser->start == '[' ? ']' : *parser->start;
  const char *from = parser->start + 1;
  const char *end = strchr (from, closing);

  if (end == NULL)
    return refuse (parser, parser->start, "%c has no %c", *parser->start, closing);
  if (end == from)
    return refuse (parser, parser->start, "the name is empty");
  parser->at = end + 1;
  return take_token_text (parser, TOKEN_QUOTED, from, end - from);
}

/* Digits, a point, an exponent: no more of what strtod() knows. */
static gboolean
read_number (Parser *parser)
{
  const char      *at = parser->start;
  g_autofree char *digits = NULL;

  at += strspn (at, "0123456789.");
  if (*at == 'e' || *at == 'E')
    {
      gsize sign = at[1] == '+' || at[1] == '-';

      if (g_ascii_isdigit (at[1 + sign]))
        at += 1 + sign + strspn (at + 1 + sign, "0123456789");
    }
  if (continues_name (at))
    return refuse (parser, at, "a number goes on with a letter: put the name in quotes");
  digits = g_strndup (parser->start, at - parser->start);
  if (strchr (digits, '.') != strrchr (digits, '.') || g_str_equal (digits, "."))
    return refuse (parser, parser->start, "%s is no number", digits);
  parser->number = g_ascii_strtod (digits, NULL);
  if (parser->number > G_MAXDOUBLE)
    return refuse (parser, parser->start, "%s is too large a number", digits);
  parser->at = at;
  parser->kind = TOKEN_NUMBER;
  return TRUE;
}

static gboolean
read_operator (Parser *parser)
{
  static const char *const pairs[] = { "<=", ">=", "==", "!=", "<>", "&&", "||" };
  gsize                    length = 1;

  for (unsigned i = 0; i < G_N_ELEMENTS (pairs); i++)
    if (g_str_has_prefix (parser->start, pairs[i]))
      length = 2;
  if (length == 1 && strchr ("<>=+-*/%^(),!", *parser->start) == NULL)
    return refuse (parser, parser->start, "%.*s has no meaning here",
                   (int)(g_utf8_next_char (parser->start) - parser->start), parser->start);
  parser->at = parser->start + length;
  return take_token_text (parser, TOKEN_OPERATOR, parser->start, length);
}

/* Goes on to the next token. */
static gboolean
advance (Parser *parser)
{
  const char *at = parser->at;

  while (g_ascii_isspace (*at))
    at++;
  parser->start = at;
  parser->name[0] = '\0';
  if (*at == '\0')
    {
      parser->kind = TOKEN_END;
      return TRUE;
    }
  if (g_ascii_isdigit (*at) || *at == '.')
    return read_number (parser);
  if (*at == '"' || *at == '\'' || *at == '[')
    return read_quoted (parser);
  if (!begins_name (at))
    return read_operator (parser);
  parser->at = skip_name (at);
  return take_token_text (parser, TOKEN_NAME, at, parser->at - at);
}

static gboolean
is_operator (Parser *parser, const char *text)
{
  return parser->kind == TOKEN_OPERATOR && g_str_equal (parser->name, text);
}

static gboolean
is_word (Parser *parser, const char *word)
{
  return parser->kind == TOKEN_NAME && g_ascii_strcasecmp (parser->name, word) == 0;
}

/* Its position in the table, or -1. */
static int
find_operator (Parser *parser)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (operators); i++)
    if (is_operator (parser, operators[i].text) || is_word (parser, operators[i].text))
      return i;
  return -1;
}

/* --- grammar --- */

static gboolean parse (Parser *parser, int binding);

static gboolean
emit (Parser *parser, MusterStep step)
{
  if (parser->expression->steps->len >= MUSTER_EXPRESSION_MAX_STEPS)
    return refuse (parser, parser->start,
                   "more than %d numbers, names and operators: make it two expressions",
                   MUSTER_EXPRESSION_MAX_STEPS);
  g_array_append_val (parser->expression->steps, step);
  return TRUE;
}

static gboolean
emit_number (Parser *parser, double number)
{
  return emit (parser, (MusterStep){ .op = MUSTER_OP_NUMBER, .number = number }) &&
         advance (parser);
}

static gboolean
emit_variable (Parser *parser)
{
  GPtrArray *variables = parser->expression->variables;
  gpointer   known = NULL;

  if (!g_hash_table_lookup_extended (parser->indexes, parser->name, NULL, &known))
    {
      char *name = g_strdup (parser->name);

      if (variables->len >= MUSTER_EXPRESSION_MAX_VARIABLES)
        {
          g_free (name);
          return refuse (parser, parser->start, "more than %d different names",
                         MUSTER_EXPRESSION_MAX_VARIABLES);
        }
      known = GUINT_TO_POINTER (variables->len);
      g_ptr_array_add (variables, name);
      g_hash_table_insert (parser->indexes, name, known);
    }
  return emit (parser,
               (MusterStep){ .op = MUSTER_OP_VARIABLE, .index = GPOINTER_TO_UINT (known) }) &&
         advance (parser);
}

/* The arguments, behind the opening parenthesis, up to and with the closing one. */
static gboolean
parse_arguments (Parser *parser, const char *opening, unsigned *n)
{
  for (*n = 0; !is_operator (parser, ")"); ++*n)
    {
      if (*n >= MUSTER_EXPRESSION_MAX_ARGUMENTS)
        return refuse (parser, parser->start, "a function takes at most %d values",
                       MUSTER_EXPRESSION_MAX_ARGUMENTS);
      if (*n > 0 && !is_operator (parser, ","))
        return parser->kind == TOKEN_END
                 ? refuse (parser, opening, "( has no )")
                 : refuse (parser, parser->start, "expected , or ) between the values");
      if ((*n > 0 && !advance (parser)) || !parse (parser, BIND_OR))
        return FALSE;
    }
  return advance (parser);
}

static gboolean
parse_call (Parser *parser, const char *name, const char *start)
{
  unsigned              index = 0, n;
  const MusterFunction *function = muster_function_find (name, &index);
  const char           *opening = parser->start;

  if (function == NULL)
    {
      g_autofree char *all = muster_function_list ();

      return refuse (parser, start, "there is no function %s: there are %s", name, all);
    }
  if (!advance (parser) || !parse_arguments (parser, opening, &n))
    return FALSE;
  if (n < function->least || n > function->most)
    return function->least == function->most
             ? refuse (parser, start, "%s takes %u values, not %u", function->name, function->least,
                       n)
             : refuse (parser, start, "%s takes %u to %u values, not %u", function->name,
                       function->least, function->most, n);
  return emit (parser, (MusterStep){ .op = MUSTER_OP_CALL, .index = index, .n_arguments = n });
}

/* A value's name, a constant, or a function. */
static gboolean
parse_name (Parser *parser)
{
  g_autofree char *name = g_strdup (parser->name);
  const char      *start = parser->start;
  const char      *behind = parser->at;

  if (is_word (parser, "true") || is_word (parser, "false"))
    return emit_number (parser, is_word (parser, "true"));
  while (g_ascii_isspace (*behind))
    behind++;
  if (*behind == '(')
    return advance (parser) && parse_call (parser, name, start);
  return emit_variable (parser);
}

static gboolean
parse_parenthesis (Parser *parser)
{
  const char *opening = parser->start;

  if (!advance (parser) || !parse (parser, BIND_OR))
    return FALSE;
  if (!is_operator (parser, ")"))
    return parser->kind == TOKEN_END ? refuse (parser, opening, "( has no )")
                                     : refuse (parser, parser->start, "expected an operator or )");
  return advance (parser);
}

static gboolean
parse_prefix (Parser *parser, MusterOp op, int binding)
{
  return advance (parser) && parse (parser, binding) && emit (parser, (MusterStep){ .op = op });
}

static gboolean
parse_operand (Parser *parser)
{
  if (parser->kind == TOKEN_NUMBER)
    return emit_number (parser, parser->number);
  if (parser->kind == TOKEN_QUOTED)
    return emit_variable (parser);
  if (is_operator (parser, "("))
    return parse_parenthesis (parser);
  if (is_operator (parser, "-"))
    return parse_prefix (parser, MUSTER_OP_NEGATE, BIND_SIGN);
  if (is_operator (parser, "+"))
    return advance (parser) && parse (parser, BIND_SIGN);
  if (is_operator (parser, "!") || is_word (parser, "not"))
    return parse_prefix (parser, MUSTER_OP_NOT, BIND_NOT);
  if (parser->kind == TOKEN_NAME && find_operator (parser) < 0)
    return parse_name (parser);
  if (parser->kind == TOKEN_END)
    return refuse (parser, parser->start, "expected a number, a name or ( but it ends");
  return refuse (parser, parser->start, "expected a number, a name or ( before %s", parser->name);
}

/* What follows the left operand, as long as it binds at least as strongly as BINDING. */
static gboolean
parse_operators (Parser *parser, int binding)
{
  gboolean compared = FALSE;
  int      at;

  while ((at = find_operator (parser)) >= 0 && operators[at].binding >= binding)
    {
      gboolean compares = operators[at].binding == BIND_COMPARE;
      /* A power is reckoned from the right, and takes a sign there. */
      int right = operators[at].binding == BIND_POWER ? BIND_SIGN : operators[at].binding + 1;

      if (compares && compared)
        return refuse (parser, parser->start, "join two comparisons by `and`");
      compared = compares;
      if (!advance (parser) || !parse (parser, right) ||
          !emit (parser, (MusterStep){ .op = operators[at].op }))
        return FALSE;
    }
  return TRUE;
}

static gboolean
parse (Parser *parser, int binding)
{
  gboolean done;

  if (++parser->depth > MUSTER_EXPRESSION_MAX_DEPTH)
    return refuse (parser, parser->start, "nested more than %d deep", MUSTER_EXPRESSION_MAX_DEPTH);
  done = parse_operand (parser) && parse_operators (parser, binding);
  parser->depth--;
  return done;
}

static gboolean
parse_all (Parser *parser)
{
  if (!advance (parser) || !parse (parser, BIND_OR))
    return FALSE;
  if (parser->kind != TOKEN_END)
    return is_operator (parser, ")") ? refuse (parser, parser->start, ") has no (")
                                     : refuse (parser, parser->start, "expected an operator");
  return TRUE;
}

MusterExpression *
muster_expression_new (const char *text, GError **error)
{
  g_autoptr (MusterExpression) self = g_new0 (MusterExpression, 1);
  g_autoptr (GHashTable) indexes = g_hash_table_new (g_str_hash, g_str_equal);
  Parser parser = {
    .text = text, .at = text, .start = text, .expression = self, .indexes = indexes, .error = error
  };

  g_return_val_if_fail (text != NULL, NULL);

  self->steps = g_array_new (FALSE, FALSE, sizeof (MusterStep));
  self->variables = g_ptr_array_new_with_free_func (g_free);
  if (strlen (text) > MUSTER_EXPRESSION_MAX_LENGTH)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID, "must have at most %d bytes",
                   MUSTER_EXPRESSION_MAX_LENGTH);
      return NULL;
    }
  if (!g_utf8_validate (text, -1, NULL))
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID, "must be UTF-8");
      return NULL;
    }
  if (!parse_all (&parser))
    return NULL;
  g_ptr_array_add (self->variables, NULL);
  return g_steal_pointer (&self);
}

/* Whether NAME is one as it stands, and no word of the language. */
static gboolean
is_plain_name (const char *name)
{
  static const char *const words[] = { "and", "or", "not", "true", "false" };

  for (unsigned i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_ascii_strcasecmp (name, words[i]) == 0)
      return FALSE;
  return g_utf8_validate (name, -1, NULL) && begins_name (name) && *skip_name (name) == '\0';
}

char *
muster_expression_quote (const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  if (is_plain_name (name))
    return g_strdup (name);
  if (strchr (name, '"') == NULL)
    return g_strdup_printf ("\"%s\"", name);
  return strchr (name, ']') == NULL ? g_strdup_printf ("[%s]", name)
                                    : g_strdup_printf ("'%s'", name);
}
