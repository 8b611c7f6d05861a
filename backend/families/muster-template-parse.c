/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-template-parse"

#include "config.h"

#include <string.h>

#include "model/muster-error.h"
#include "muster-template-parser.h"

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
open_tag (MusterTemplateParser *self, const char *close, const char **behind, GError **error)
{
  const char *end = find_close (self->at, close);

  if (end == NULL)
    return muster_template_parser_fail (self, error, "a tag that does not end") != NULL;
  *behind = end + strlen (close);
  self->end = end > self->at && end[-1] == '-' ? end - 1 : end;
  if (*self->at == '-' && self->at < self->end)
    self->at++;
  return TRUE;
}

/* Goes behind the tag; a dash at its end eats the white space that follows. */
static gboolean
close_tag (MusterTemplateParser *self, const char *behind, GError **error)
{
  gboolean trims = *self->end == '-';

  muster_template_parser_skip_space (self);
  if (self->at != self->end)
    return muster_template_parser_fail (self, error, "more than can be understood") != NULL;
  self->at = behind;
  while (trims && g_ascii_isspace (*self->at))
    self->at++;
  self->end = self->start + strlen (self->start);
  return TRUE;
}

static MusterTerm *parse_text (MusterTemplateParser *self, const char **stopped_by, GError **error);

/* After `{% if` or `{% elif`: what it yields, up to and with `{% endif %}`. */
static MusterTerm *
parse_branches (MusterTemplateParser *self, const char *behind, GError **error)
{
  g_autoptr (MusterTerm) condition = muster_template_parse_expression (self, error);
  g_autoptr (MusterTerm) then = NULL;
  g_autoptr (MusterTerm) otherwise = NULL;
  const char *word = NULL;

  if (condition == NULL || !close_tag (self, behind, error))
    return NULL;
  if (++self->depth > MUSTER_TEMPLATE_MAX_DEPTH)
    return muster_template_parser_fail (self, error, "too many conditions within each other");
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
        return muster_template_parser_fail (self, error, "{% endif %} is missing");
    }
  else if (g_strcmp0 (word, "endif") == 0)
    otherwise = muster_template_parser_make_literal (self, muster_template_make_string (""));
  else
    return muster_template_parser_fail (self, error, "{% endif %} is missing");
  self->depth--;
  if (otherwise == NULL)
    return NULL;
  return muster_template_parser_make (self, MUSTER_TERM_IF, g_steal_pointer (&condition),
                                      g_steal_pointer (&then), g_steal_pointer (&otherwise));
}

static MusterTerm *
parse_assignment (MusterTemplateParser *self, const char *behind, GError **error)
{
  g_autofree char *name = muster_template_parser_accept_name (self);
  g_autoptr (MusterTerm) value = NULL;
  MusterTerm *term = NULL;

  if (name == NULL || !muster_template_parser_accept (self, "="))
    return muster_template_parser_fail (self, error, "{% set %} wants a name and a value");
  value = muster_template_parse_expression (self, error);
  if (value == NULL || !close_tag (self, behind, error))
    return NULL;
  term = muster_template_parser_make (self, MUSTER_TERM_SET, g_steal_pointer (&value), NULL, NULL);
  term->name = g_steal_pointer (&name);
  return term;
}

/* Adds the text up to the next tag, without the white space before a dash. */
static void
add_plain (MusterTemplateParser *self, MusterTerm *text, const char *end)
{
  g_autofree char *plain = NULL;
  gsize            length = end - self->at;

  if (end[0] == '{' && end[1] != '\0' && end[2] == '-')
    while (length > 0 && g_ascii_isspace (self->at[length - 1]))
      length--;
  plain = g_strndup (self->at, length);
  if (*plain != '\0')
    g_ptr_array_add (text->terms,
                     muster_template_parser_make_literal (self,
                                                          muster_template_make_string (plain)));
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
parse_statement (MusterTemplateParser *self,
                 MusterTerm           *text,
                 const char          **stopped_by,
                 GError              **error)
{
  static const char *const stops[] = { "else", "endif" };
  const char              *behind = NULL;
  const char              *inside = self->at;
  MusterTerm              *term = NULL;

  if (!open_tag (self, "%}", &behind, error))
    return FALSE;
  for (unsigned i = 0; i < G_N_ELEMENTS (stops); i++)
    if (muster_template_parser_accept_word (self, stops[i]))
      {
        *stopped_by = stops[i];
        return close_tag (self, behind, error);
      }
  if (muster_template_parser_accept_word (self, "elif"))
    {
      /* Its condition is read by whoever reads the branches. */
      *stopped_by = "elif";
      self->end = inside + strlen (inside);
      return TRUE;
    }
  if (muster_template_parser_accept_word (self, "if"))
    term = parse_branches (self, behind, error);
  else if (muster_template_parser_accept_word (self, "set"))
    term = parse_assignment (self, behind, error);
  else
    muster_template_parser_fail (self, error, "a statement that is not known");
  if (term != NULL)
    g_ptr_array_add (text->terms, term);
  return term != NULL;
}

static gboolean
parse_output (MusterTemplateParser *self, MusterTerm *text, GError **error)
{
  const char *behind = NULL;
  MusterTerm *term = NULL;

  if (!open_tag (self, "}}", &behind, error))
    return FALSE;
  term = muster_template_parse_expression (self, error);
  if (term != NULL)
    g_ptr_array_add (text->terms, term);
  return term != NULL && close_tag (self, behind, error);
}

static MusterTerm *
parse_text (MusterTemplateParser *self, const char **stopped_by, GError **error)
{
  g_autoptr (MusterTerm) text =
              muster_template_parser_make (self, MUSTER_TERM_TEXT, NULL, NULL, NULL);

  *stopped_by = NULL;
  while (*self->at != '\0' && *stopped_by == NULL)
    {
      char kind;

      if (!muster_template_parser_check_size (self, error))
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
            return muster_template_parser_fail (self, error, "a comment that does not end");
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
  MusterTemplateParser parser = { .start = text, .at = text, .end = text + strlen (text) };
  const char          *stopped_by = NULL;
  g_autoptr (MusterTerm) term = NULL;

  if (strlen (text) > MUSTER_TEMPLATE_MAX_TEXT)
    return muster_template_parser_fail (&parser, error, "too long");
  if (!g_utf8_validate (text, -1, NULL))
    return muster_template_parser_fail (&parser, error, "not UTF-8");
  term = parse_text (&parser, &stopped_by, error);
  if (term != NULL && stopped_by != NULL)
    return muster_template_parser_fail (&parser, error, "a branch without {% if %}");
  if (term != NULL && term->terms->len == 1)
    {
      MusterTerm *only = g_ptr_array_steal_index (term->terms, 0);

      return only;
    }
  return g_steal_pointer (&term);
}
