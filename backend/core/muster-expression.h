/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MUSTER_EXPRESSION_MAX_LENGTH 2000  /* bytes of the text */
#define MUSTER_EXPRESSION_MAX_DEPTH 50     /* parentheses, functions and operators within another */
#define MUSTER_EXPRESSION_MAX_STEPS 500    /* numbers, names, operators and calls together */
#define MUSTER_EXPRESSION_MAX_VARIABLES 32 /* different names */
#define MUSTER_EXPRESSION_MAX_ARGUMENTS 16 /* of one function */
#define MUSTER_EXPRESSION_MAX_NAME 200     /* bytes of a name */

/**
 * MusterExpression:
 *
 * A formula over named values, compiled once and evaluated often: `(a + b) / 2`,
 * `"power/active" > 100 and not [door open]`. Immutable, so that any thread may evaluate it.
 *
 * Weakest first: `or`, `and`, `not`, comparison (`<` `<=` `>` `>=` `=` `==` `!=`), `+ -`, `* / %`,
 * minus sign, `^` (from the right). Functions: `min`, `max`, `avg`, `sum` of any number of values;
 * `abs`, `floor`, `ceil`, `sqrt`; `round (value)` or `round (value, digits)`; `clamp (value, least,
 * greatest)`; `if (condition, then, else)`. Names of letters, digits, `_` and `.` stand as they
 * are, others in double quotes or brackets. `true` is 1 and `false` is 0; as a condition every
 * number but 0 is true.
 *
 * A value that is not known is NAN, and so is what depends on it: an operator or function of NAN
 * is NAN, but `false and x` is false, `true or x` is true, and `if` looks only at the branch that
 * its condition takes. What has no value (a division by 0, the root of a negative number) is not
 * known either. Units are not looked at.
 */
typedef struct _MusterExpression MusterExpression;

/**
 * muster_expression_new:
 *
 * Compiles TEXT.
 *
 * Returns: (transfer full): NULL with MUSTER_ERROR_INVALID, whose message says at which character
 * (counted from 1) what is wrong, for instance "at character 5: ( has no )"
 */
MusterExpression *muster_expression_new (const char *text, GError **error);
void              muster_expression_free (MusterExpression *self);
/* The names in it, each once, in the order in which they first stand there: borrowed. */
const char *const *muster_expression_get_variables (const MusterExpression *self,
                                                    unsigned               *n_variables);
/* VALUES stand in the order of the variables; NAN: not known. NAN where the result is not known or
 * not finite. Allocates nothing. */
double muster_expression_evaluate (const MusterExpression *self, const double *values);
/* NAME as it stands in an expression, in brackets or quotes where it needs them: (transfer full).
 */
char *muster_expression_quote (const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterExpression, muster_expression_free)

G_END_DECLS
