/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "core/muster-expression.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
check (MusterExpression *expression)
{
  double             values[MUSTER_EXPRESSION_MAX_VARIABLES];
  unsigned           n;
  const char *const *names = muster_expression_get_variables (expression, &n);

  for (unsigned i = 0; i < n; i++)
    {
      g_autofree char *quoted = muster_expression_quote (names[i]);

      values[i] = i % 3 == 0 ? NAN : i - 4.5;
      if (strlen (quoted) == 0)
        g_error ("a name without a form");
    }
  if (isinf (muster_expression_evaluate (expression, values)))
    g_error ("an infinite result");
}

/* An expression: it is refused with a reason, or gives a number or NAN. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterExpression) expression = muster_expression_new (text, &error);

  if ((expression == NULL) != (error != NULL))
    g_error ("neither an expression nor a reason, or both");
  if (expression != NULL)
    check (expression);
  return 0;
}
