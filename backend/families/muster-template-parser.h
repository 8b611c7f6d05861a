/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-template-private.h"

G_BEGIN_DECLS

/* Where the reading of a template has come to. The tokens of the expression between `at` and `end`
 * are taken one by one; what is not there is not taken. */
typedef struct
{
  const char *start;
  const char *at;
  const char *end;     /* of the expression that is being read */
  unsigned    n_terms; /* made so far */
  unsigned    depth;
} MusterTemplateParser;

static inline gboolean
muster_template_is_name_char (char c)
{
  return g_ascii_isalnum (c) || c == '_';
}

/* Says WHAT is wrong here: NULL, for the caller to return. */
MusterTerm *muster_template_parser_fail (MusterTemplateParser *self,
                                         GError              **error,
                                         const char           *what);

void     muster_template_parser_skip_space (MusterTemplateParser *self);
gboolean muster_template_parser_accept (MusterTemplateParser *self, const char *symbol);
/* A word is not the beginning of a longer one. */
gboolean muster_template_parser_accept_word (MusterTemplateParser *self, const char *word);
/* (transfer full) (nullable) */
char *muster_template_parser_accept_name (MusterTemplateParser *self);

/* A term of the terms A (taken), B and C (taken, nullable). */
MusterTerm *muster_template_parser_make (MusterTemplateParser *self,
                                         MusterTermKind        kind,
                                         MusterTerm           *a,
                                         MusterTerm           *b,
                                         MusterTerm           *c);
/* Takes VALUE. */
MusterTerm *muster_template_parser_make_literal (MusterTemplateParser *self, JsonNode *value);
/* Chains are as deep to evaluate as they are long. */
gboolean muster_template_parser_check_size (MusterTemplateParser *self, GError **error);

/* What stands between here and the end of the tag, or up to what is no expression. */
MusterTerm *muster_template_parse_expression (MusterTemplateParser *self, GError **error);

G_END_DECLS
