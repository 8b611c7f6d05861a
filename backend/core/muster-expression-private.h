/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-expression.h"

G_BEGIN_DECLS

typedef enum
{
  MUSTER_OP_NUMBER,   /* puts `number` on the stack */
  MUSTER_OP_VARIABLE, /* puts values[`index`] on the stack */
  MUSTER_OP_NEGATE,
  MUSTER_OP_NOT,
  MUSTER_OP_OR, /* from here to POWER: two operands */
  MUSTER_OP_AND,
  MUSTER_OP_LESS,
  MUSTER_OP_LESS_EQUAL,
  MUSTER_OP_GREATER,
  MUSTER_OP_GREATER_EQUAL,
  MUSTER_OP_EQUAL,
  MUSTER_OP_UNEQUAL,
  MUSTER_OP_ADD,
  MUSTER_OP_SUBTRACT,
  MUSTER_OP_MULTIPLY,
  MUSTER_OP_DIVIDE,
  MUSTER_OP_REMAINDER,
  MUSTER_OP_POWER,
  MUSTER_OP_CALL, /* of functions[`index`] with `n_arguments` */
} MusterOp;

/* One step of the stack machine. */
typedef struct
{
  MusterOp op;
  guint16  index;
  guint16  n_arguments;
  double   number;
} MusterStep;

/* ARGUMENTS may hold NAN only where it takes what is unknown. */
typedef struct
{
  const char *name;
  unsigned    least;
  unsigned    most;
  gboolean    takes_unknown;
  double (*call) (const double *arguments, unsigned n_arguments);
} MusterFunction;

struct _MusterExpression
{
  GArray    *steps;     /* (element-type MusterStep) */
  GPtrArray *variables; /* (element-type utf8), NULL at its end */
};

/* The function NAME, into INDEX; NULL: there is none. */
const MusterFunction *muster_function_find (const char *name, unsigned *index);
const MusterFunction *muster_function_get (unsigned index);
/* "abs, avg, …": (transfer full) */
char *muster_function_list (void);

G_END_DECLS
