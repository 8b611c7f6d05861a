/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "model/muster-error.h"
#include "muster-expression.h"

/* `a`, `b`, `c` and `power/active` have values here; all else is not known. */
static double
evaluate (const char *text)
{
  static const struct
  {
    const char *name;
    double      value;
  } known[] = { { "a", 6 }, { "b", 4 }, { "c", -0.5 }, { "power/active", 230 }, { "zero", 0 } };
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterExpression) expression = muster_expression_new (text, &error);
  double             values[MUSTER_EXPRESSION_MAX_VARIABLES];
  const char *const *names;
  unsigned           n;

  g_assert_no_error (error);
  names = muster_expression_get_variables (expression, &n);
  for (unsigned i = 0; i < n; i++)
    {
      values[i] = NAN;
      for (unsigned k = 0; k < G_N_ELEMENTS (known); k++)
        if (g_str_equal (names[i], known[k].name))
          values[i] = known[k].value;
    }
  g_assert_null (names[n]);
  return muster_expression_evaluate (expression, values);
}

static void
test_values (void)
{
  /* clang-format off */
  static const struct { const char *text; double value; } rows[] = {
    { "1", 1 }, { ".5", 0.5 }, { "1.5e2", 150 }, { "2E-1", 0.2 }, { "true", 1 }, { "FALSE", 0 },
    { "1 + 2 * 3", 7 }, { "(1 + 2) * 3", 9 }, { "10 - 4 - 3", 3 }, { "24 / 4 / 3", 2 }, { "-7 % 4", -3 },
    { "2 ^ 3 ^ 2", 512 }, { "-2 ^ 2", -4 }, { "2 ^ -1", 0.5 }, { "2 ^ -1 * 4", 2 }, { "--3", 3 }, { "+3 - -3", 6 },
    { "a", 6 }, { "a * b + c", 23.5 }, { "\"power/active\" / 1000", 0.23 }, { "[power/active] - 'power/active'", 0 },
    { "a > b", 1 }, { "a <= b", 0 }, { "a = 6", 1 }, { "a == 6", 1 }, { "a != 6", 0 }, { "a <> b", 1 }, { "a >= 6", 1 }, { "a < 6", 0 },
    { "a > 5 and b > 5", 0 }, { "a > 5 or b > 5", 1 }, { "not a > 10", 1 }, { "!zero && a || 0", 1 }, { "NOT (a AND b)", 0 },
    { "1 or 0 and 0", 1 }, { "(a > b) = 1", 1 }, { "1 + (a > b)", 2 },
    { "min (a, b, c)", -0.5 }, { "max(a,b,c)", 6 }, { "avg (a, b)", 5 }, { "sum (a, b, c)", 9.5 }, { "abs (c)", 0.5 },
    { "round (2.5)", 3 }, { "round (-2.5)", -3 }, { "round (3.14159, 2)", 3.14 }, { "round (1234, -2)", 1200 },
    { "floor (c)", -1 }, { "ceil (c)", -0.0 }, { "sqrt (16)", 4 }, { "clamp (a, 0, 5)", 5 }, { "clamp (c, 0, 5)", 0 },
    { "if (a > b, 10, 20)", 10 }, { "IF (a < b, 10, 20)", 20 }, { "if (true, a, unknown)", 6 },
    { "min + 1", NAN }, { "if (a, (b), ((c)))", 4 },
  };
  /* clang-format on */

  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      double value = evaluate (rows[i].text);

      g_test_message ("%s is %g", rows[i].text, value);
      if (isnan (rows[i].value))
        g_assert_true (isnan (value));
      else
        g_assert_cmpfloat_with_epsilon (value, rows[i].value, 1e-12);
    }
}

/* What is not known stays so, unless what is known decides alone. */
static void
test_unknown (void)
{
  static const char *const unknown[] = {
    "x",
    "x + 1",
    "-x",
    "not x",
    "x > 1",
    "x = x",
    "1 / 0",
    "a / zero",
    "a % 0",
    "sqrt (-1)",
    "0 ^ -1",
    "x ^ 0",
    "1 ^ x",
    "min (a, x)",
    "max (x, a)",
    "avg (a, x)",
    "abs (x)",
    "round (a, x)",
    "x and 1",
    "x or 0",
    "x and x",
    "if (x, 1, 2)",
    "if (a, x, 2)",
    "1e300 * 1e300",
    "clamp (x, 0, 1)",
    "clamp (a, 5, 1)",
  };
  static const struct
  {
    const char *text;
    double      value;
  } decided[] = { { "x and 0", 0 },    { "0 and x", 0 },      { "x or 1", 1 },
                  { "a > 1 or x", 1 }, { "if (0, x, 2)", 2 }, { "not (x and 0)", 1 } };

  for (unsigned i = 0; i < G_N_ELEMENTS (unknown); i++)
    {
      g_test_message ("%s", unknown[i]);
      g_assert_true (isnan (evaluate (unknown[i])));
    }
  for (unsigned i = 0; i < G_N_ELEMENTS (decided); i++)
    g_assert_cmpfloat (evaluate (decided[i].text), ==, decided[i].value);
}

static void
test_variables (void)
{
  g_autoptr (MusterExpression) expression =
              muster_expression_new ("b + [a b] + b + \"x/y\" + größe + v1.2 + \"and\"", NULL);
  static const char *const expected[] = { "b", "a b", "x/y", "größe", "v1.2", "and", NULL };
  static const double      values[] = { 1, 2, 3, 4, 5, 6 };
  unsigned                 n;

  g_assert_nonnull (expression);
  g_assert_cmpstrv (muster_expression_get_variables (expression, &n), expected);
  g_assert_cmpuint (n, ==, 6);
  g_assert_cmpfloat (muster_expression_evaluate (expression, values), ==, 22);
  muster_expression_free (expression);
  expression = muster_expression_new ("1 + 1", NULL);
  g_assert_null (muster_expression_get_variables (expression, NULL)[0]);
  g_assert_cmpfloat (muster_expression_evaluate (expression, NULL), ==, 2);
}

static void
test_refusals (void)
{
  static const struct
  {
    const char *text;
    const char *message;
  } rows[] = {
    { "", "at character 1: expected a number, a name or ( but it ends" },
    { "1 +", "at character 4: expected a number, a name or ( but it ends" },
    { "1 2", "at character 3: expected an operator" },
    { "größe größe", "at character 7: expected an operator" },
    { "* 2", "at character 1: expected a number, a name or ( before *" },
    { "a and or b", "at character 7: expected a number, a name or ( before or" },
    { "(1 + 2", "at character 1: ( has no )" },
    { "(1 2)", "at character 4: expected an operator or )" },
    { "1 + 2)", "at character 6: ) has no (" },
    { "min (1, 2", "at character 5: ( has no )" },
    { "min (1 2)", "at character 8: expected , or ) between the values" },
    { "min ()", "at character 1: min takes 1 to 16 values, not 0" },
    { "sqrt (1, 2)", "at character 1: sqrt takes 1 values, not 2" },
    { "2 + sin (1)", "at character 5: there is no function sin: there are abs, avg, ceil, clamp, "
                     "floor, if, max, min, round, sqrt, sum" },
    { "1 < a < 2", "at character 7: join two comparisons by `and`" },
    { "1.2.3", "at character 1: 1.2.3 is no number" },
    { "2 * .", "at character 5: . is no number" },
    { "1e999", "at character 1: 1e999 is too large a number" },
    { "2x", "at character 2: a number goes on with a letter: put the name in quotes" },
    { "0x10", "at character 2: a number goes on with a letter: put the name in quotes" },
    { "\"a", "at character 1: \" has no \"" },
    { "1 + [a", "at character 5: [ has no ]" },
    { "[]", "at character 1: the name is empty" },
    { "a # b", "at character 3: # has no meaning here" },
    { "a − b", "at character 3: − has no meaning here" },
    { "a & b", "at character 3: & has no meaning here" },
    { "\xff", "must be UTF-8" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (muster_expression_new (rows[i].text, &error));
      g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
      g_assert_cmpstr (error->message, ==, rows[i].message);
    }
}

static void
assert_refused (const char *text, const char *pattern)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (muster_expression_new (text, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
  g_assert_true (g_pattern_match_simple (pattern, error->message));
}

static void
test_limits (void)
{
  g_autofree char *name = g_strnfill (MUSTER_EXPRESSION_MAX_NAME + 1, 'n');
  g_autofree char *deep = g_strnfill (MUSTER_EXPRESSION_MAX_DEPTH, '(');
  g_autofree char *signs = g_strnfill (MUSTER_EXPRESSION_MAX_DEPTH, '-');
  g_autofree char *text = g_strnfill (MUSTER_EXPRESSION_MAX_LENGTH + 1, '1');
  g_autoptr (GString) steps = g_string_new ("1");
  g_autoptr (GString) names = g_string_new ("v0");
  g_autoptr (GString) values = g_string_new ("max (1");
  g_autofree char *nested = g_strdup_printf ("%s1", deep);
  g_autofree char *negated = g_strdup_printf ("%s1", signs);

  for (unsigned i = 0; i < MUSTER_EXPRESSION_MAX_STEPS / 2; i++)
    g_string_append (steps, "+1");
  for (unsigned i = 0; i < MUSTER_EXPRESSION_MAX_VARIABLES; i++)
    g_string_append_printf (names, "+v%u", i + 1);
  for (unsigned i = 0; i < MUSTER_EXPRESSION_MAX_ARGUMENTS; i++)
    g_string_append (values, ",1");
  g_string_append_c (values, ')');
  assert_refused (name, "at character 1: a name has at most 200 bytes");
  assert_refused (nested, "at character 51: nested more than 50 deep");
  assert_refused (negated, "at character 51: nested more than 50 deep");
  assert_refused (text, "must have at most 2000 bytes");
  assert_refused (steps->str, "at character *: more than 500 numbers, names and operators: *");
  assert_refused (names->str, "at character *: more than 32 different names");
  assert_refused (values->str, "at character *: a function takes at most 16 values");
  g_string_truncate (steps, steps->len - 2);
  g_assert_cmpfloat (evaluate (steps->str), ==, MUSTER_EXPRESSION_MAX_STEPS / 2);
  nested[0] = ' ';
  assert_refused (nested, "at character *: ( has no )");
}

static void
test_quote (void)
{
  static const char *const names[][2] = {
    { "temperature", "temperature" },
    { "größe_1.x", "größe_1.x" },
    { "a/b", "\"a/b\"" },
    { "a b", "\"a b\"" },
    { "and", "\"and\"" },
    { "True", "\"True\"" },
    { "1st", "\"1st\"" },
    { "5\" pipe", "[5\" pipe]" },
    { "", "\"\"" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *quoted = muster_expression_quote (names[i][0]);
      g_autoptr (MusterExpression) expression = muster_expression_new (quoted, NULL);

      g_assert_cmpstr (quoted, ==, names[i][1]);
      if (*names[i][0] != '\0')
        g_assert_cmpstr (muster_expression_get_variables (expression, NULL)[0], ==, names[i][0]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/expression/values", test_values);
  g_test_add_func ("/expression/unknown", test_unknown);
  g_test_add_func ("/expression/variables", test_variables);
  g_test_add_func ("/expression/refusals", test_refusals);
  g_test_add_func ("/expression/limits", test_limits);
  g_test_add_func ("/expression/quote", test_quote);
  return g_test_run ();
}
