/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-template-parser"

#include "config.h"

#include <string.h>

#include "model/muster-error.h"
#include "muster-template-parser.h"

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

MusterTerm *
muster_template_parser_fail (MusterTemplateParser *self, GError **error, const char *what)
{
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID, "template: %s at byte %d", what,
               (int)(self->at - self->start) + 1);
  return NULL;
}

void
muster_template_parser_skip_space (MusterTemplateParser *self)
{
  while (self->at < self->end && g_ascii_isspace (*self->at))
    self->at++;
}

gboolean
muster_template_parser_accept (MusterTemplateParser *self, const char *symbol)
{
  gsize length = strlen (symbol);

  muster_template_parser_skip_space (self);
  if ((gsize)(self->end - self->at) < length || strncmp (self->at, symbol, length) != 0)
    return FALSE;
  self->at += length;
  return TRUE;
}

/* A word is not the beginning of a longer one. */
gboolean
muster_template_parser_accept_word (MusterTemplateParser *self, const char *word)
{
  const char *before = self->at;

  if (muster_template_parser_accept (self, word) &&
      (self->at == self->end || !muster_template_is_name_char (*self->at)))
    return TRUE;
  self->at = before;
  return FALSE;
}

char *
muster_template_parser_accept_name (MusterTemplateParser *self)
{
  const char *start;

  muster_template_parser_skip_space (self);
  start = self->at;
  if (start == self->end || (!g_ascii_isalpha (*start) && *start != '_'))
    return NULL;
  while (self->at < self->end && muster_template_is_name_char (*self->at))
    self->at++;
  return g_strndup (start, self->at - start);
}

/* A term of the terms A (taken), B and C (taken, nullable). */
MusterTerm *
muster_template_parser_make (MusterTemplateParser *self,
                             MusterTermKind        kind,
                             MusterTerm           *a,
                             MusterTerm           *b,
                             MusterTerm           *c)
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
gboolean
muster_template_parser_check_size (MusterTemplateParser *self, GError **error)
{
  return self->n_terms <= MUSTER_TEMPLATE_MAX_NODES ||
         muster_template_parser_fail (self, error, "too much of it") != NULL;
}

MusterTerm *
muster_template_parser_make_literal (MusterTemplateParser *self, JsonNode *value)
{
  MusterTerm *term = muster_template_parser_make (self, MUSTER_TERM_LITERAL, NULL, NULL, NULL);

  term->literal = value;
  return term;
}
