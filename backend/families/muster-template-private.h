/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-template.h"

G_BEGIN_DECLS

typedef enum
{
  MUSTER_TERM_LITERAL,
  MUSTER_TERM_NAME,
  MUSTER_TERM_LIST,
  MUSTER_TERM_MEMBER, /* terms[0].name */
  MUSTER_TERM_INDEX,  /* terms[0][terms[1]] */
  MUSTER_TERM_NOT,
  MUSTER_TERM_NEGATE,
  MUSTER_TERM_AND,
  MUSTER_TERM_OR,
  MUSTER_TERM_OPERATION, /* terms[0] op terms[1] */
  MUSTER_TERM_IF,        /* terms[1] if terms[0] else terms[2] */
  MUSTER_TERM_TEST,      /* terms[0] is name */
  MUSTER_TERM_FILTER,    /* terms[0] | name (terms[1], …) */
  MUSTER_TERM_SET,       /* name = terms[0] */
  MUSTER_TERM_TEXT,      /* terms one after the other */
} MusterTermKind;

typedef enum
{
  MUSTER_OPERATOR_ADD,
  MUSTER_OPERATOR_SUBTRACT,
  MUSTER_OPERATOR_MULTIPLY,
  MUSTER_OPERATOR_DIVIDE,
  MUSTER_OPERATOR_FLOOR_DIVIDE,
  MUSTER_OPERATOR_MODULO,
  MUSTER_OPERATOR_JOIN,
  MUSTER_OPERATOR_EQUAL,
  MUSTER_OPERATOR_UNEQUAL,
  MUSTER_OPERATOR_LESS,
  MUSTER_OPERATOR_LESS_OR_EQUAL,
  MUSTER_OPERATOR_GREATER,
  MUSTER_OPERATOR_GREATER_OR_EQUAL,
  MUSTER_OPERATOR_IN,
} MusterOperator;

typedef enum
{
  MUSTER_TEST_DEFINED,
  MUSTER_TEST_NONE,
  MUSTER_TEST_NUMBER,
  MUSTER_TEST_STRING,
} MusterTemplateTest;

typedef struct _MusterTerm MusterTerm;

/* What a filter does: ARGUMENTS[0] is what it is put to; undefined ones are NULL. */
typedef gboolean (*MusterTemplateFilter) (JsonNode **arguments,
                                          unsigned   n_arguments,
                                          JsonNode **result,
                                          GError   **error);

struct _MusterTerm
{
  MusterTermKind       kind;
  MusterOperator       operation;
  MusterTemplateTest   test;
  MusterTemplateFilter filter;
  char                *name;    /* (owned) (nullable) */
  JsonNode            *literal; /* (owned) (nullable) */
  GPtrArray           *terms;   /* (owned) (element-type MusterTerm) */
};

MusterTerm *muster_term_new (MusterTermKind kind);
void        muster_term_free (MusterTerm *self);

/* The whole of a template: one expression, or a MUSTER_TERM_TEXT. */
MusterTerm *muster_template_parse (const char *text, GError **error);

/* NULL: there is no such filter. */
MusterTemplateFilter muster_template_find_filter (const char *name);
gboolean             muster_template_operate (MusterOperator operation,
                                              JsonNode      *a,
                                              JsonNode      *b,
                                              JsonNode     **result,
                                              GError       **error);

/* (transfer full) */
JsonNode *muster_template_make_boolean (gboolean value);
JsonNode *muster_template_make_integer (gint64 value);
JsonNode *muster_template_make_double (double value);
JsonNode *muster_template_make_string (const char *value);
/* FALSE when NODE (nullable) is no number; booleans count as 0 and 1, text does where PARSE. */
gboolean muster_template_read_number (JsonNode *node, gboolean parse, double *number);
gboolean muster_template_refuse (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterTerm, muster_term_free)

G_END_DECLS
