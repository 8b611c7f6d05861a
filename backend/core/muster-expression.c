/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-expression"

#include "config.h"

#include <math.h>

#include "muster-expression-private.h"

void
muster_expression_free (MusterExpression *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->steps);
  g_ptr_array_unref (self->variables);
  g_free (self);
}

const char *const *
muster_expression_get_variables (const MusterExpression *self, unsigned *n_variables)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (n_variables != NULL)
    *n_variables = self->variables->len - 1;
  return (const char *const *)self->variables->pdata;
}

/* Three-valued: what is not known decides nothing that the other operand decides alone. */
static double
combine (double a, double b, gboolean deciding)
{
  if ((!isnan (a) && (a != 0) == deciding) || (!isnan (b) && (b != 0) == deciding))
    return deciding;
  return isnan (a) || isnan (b) ? NAN : !deciding;
}

static double
compare (MusterOp op, double a, double b)
{
  if (isnan (a) || isnan (b))
    return NAN;
  if (op == MUSTER_OP_LESS)
    return a < b;
  if (op == MUSTER_OP_LESS_EQUAL)
    return a <= b;
  if (op == MUSTER_OP_GREATER)
    return a > b;
  if (op == MUSTER_OP_GREATER_EQUAL)
    return a >= b;
  return op == MUSTER_OP_EQUAL ? a == b : a != b;
}

static double
operate (MusterOp op, double a, double b)
{
  switch (op)
    {
    case MUSTER_OP_OR:
      return combine (a, b, TRUE);
    case MUSTER_OP_AND:
      return combine (a, b, FALSE);
    case MUSTER_OP_ADD:
      return a + b;
    case MUSTER_OP_SUBTRACT:
      return a - b;
    case MUSTER_OP_MULTIPLY:
      return a * b;
    case MUSTER_OP_DIVIDE:
      return b != 0 ? a / b : NAN;
    case MUSTER_OP_REMAINDER:
      return fmod (a, b);
    case MUSTER_OP_POWER:
      /* C has 1 and 0 as answers to what is not known. */
      return isnan (a) || isnan (b) || (a == 0 && b < 0) ? NAN : pow (a, b);
    case MUSTER_OP_LESS:
    case MUSTER_OP_LESS_EQUAL:
    case MUSTER_OP_GREATER:
    case MUSTER_OP_GREATER_EQUAL:
    case MUSTER_OP_EQUAL:
    case MUSTER_OP_UNEQUAL:
      return compare (op, a, b);
    case MUSTER_OP_NUMBER:
    case MUSTER_OP_VARIABLE:
    case MUSTER_OP_NEGATE:
    case MUSTER_OP_NOT:
    case MUSTER_OP_CALL:
    default:
      g_assert_not_reached ();
    }
}

static double
call (const MusterStep *step, const double *arguments)
{
  const MusterFunction *function = muster_function_get (step->index);

  for (unsigned i = 0; !function->takes_unknown && i < step->n_arguments; i++)
    if (isnan (arguments[i]))
      return NAN;
  return function->call (arguments, step->n_arguments);
}

double
muster_expression_evaluate (const MusterExpression *self, const double *values)
{
  double   stack[MUSTER_EXPRESSION_MAX_STEPS];
  unsigned top = 0; /* the first free place */

  g_return_val_if_fail (self != NULL && (values != NULL || self->variables->len == 1), NAN);

  for (guint i = 0; i < self->steps->len; i++)
    {
      const MusterStep *step = &g_array_index (self->steps, MusterStep, i);

      switch (step->op)
        {
        case MUSTER_OP_NUMBER:
          stack[top++] = step->number;
          break;
        case MUSTER_OP_VARIABLE:
          stack[top++] = values[step->index];
          break;
        case MUSTER_OP_NEGATE:
          stack[top - 1] = -stack[top - 1];
          break;
        case MUSTER_OP_NOT:
          stack[top - 1] = isnan (stack[top - 1]) ? NAN : stack[top - 1] == 0;
          break;
        case MUSTER_OP_CALL:
          top -= step->n_arguments;
          stack[top] = call (step, &stack[top]);
          top++;
          break;
        case MUSTER_OP_OR:
        case MUSTER_OP_AND:
        case MUSTER_OP_LESS:
        case MUSTER_OP_LESS_EQUAL:
        case MUSTER_OP_GREATER:
        case MUSTER_OP_GREATER_EQUAL:
        case MUSTER_OP_EQUAL:
        case MUSTER_OP_UNEQUAL:
        case MUSTER_OP_ADD:
        case MUSTER_OP_SUBTRACT:
        case MUSTER_OP_MULTIPLY:
        case MUSTER_OP_DIVIDE:
        case MUSTER_OP_REMAINDER:
        case MUSTER_OP_POWER:
        default:
          top--;
          stack[top - 1] = operate (step->op, stack[top - 1], stack[top]);
        }
    }
  return isfinite (stack[0]) ? stack[0] : NAN;
}
