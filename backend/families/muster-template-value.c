/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-template-value"

#include "config.h"

#include <math.h>
#include <string.h>

#include "model/muster-error.h"
#include "muster-template-private.h"

#define LIST_MAX 1000

gboolean
muster_template_refuse (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  if (error != NULL)
    *error = g_error_new_valist (MUSTER_ERROR, MUSTER_ERROR_INVALID, format, args);
  va_end (args);
  return FALSE;
}

JsonNode *
muster_template_make_boolean (gboolean value)
{
  return json_node_init_boolean (json_node_alloc (), value);
}

JsonNode *
muster_template_make_integer (gint64 value)
{
  return json_node_init_int (json_node_alloc (), value);
}

JsonNode *
muster_template_make_double (double value)
{
  return json_node_init_double (json_node_alloc (), value);
}

JsonNode *
muster_template_make_string (const char *value)
{
  return json_node_init_string (json_node_alloc (), value);
}

static GType
get_type (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node)
                                                      : G_TYPE_INVALID;
}

gboolean
muster_template_read_number (JsonNode *node, gboolean parse, double *number)
{
  GType type = get_type (node);

  if (type == G_TYPE_INT64)
    *number = (double)json_node_get_int (node);
  else if (type == G_TYPE_DOUBLE)
    *number = json_node_get_double (node);
  else if (type == G_TYPE_BOOLEAN)
    *number = json_node_get_boolean (node);
  else if (type == G_TYPE_STRING && parse)
    {
      g_autofree char *text = g_strstrip (g_strdup (json_node_get_string (node)));
      char            *end = NULL;

      *number = g_ascii_strtod (text, &end);
      return *text != '\0' && *end == '\0' && isfinite (*number);
    }
  else
    return FALSE;
  return isfinite (*number);
}

static char *
write_double (double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  for (int precision = 15; precision <= 17; precision++)
    {
      g_autofree char *format = g_strdup_printf ("%%.%dg", precision);

      g_ascii_formatd (text, sizeof text, format, value);
      if (g_ascii_strtod (text, NULL) == value)
        break;
    }
  /* A real number stays one: 21.0. */
  return strpbrk (text, ".en") == NULL ? g_strconcat (text, ".0", NULL) : g_strdup (text);
}

char *
muster_template_value_to_text (JsonNode *node)
{
  GType type = get_type (node);

  if (node == NULL)
    return g_strdup ("");
  if (type == G_TYPE_STRING)
    return json_node_dup_string (node);
  if (type == G_TYPE_INT64)
    return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
  if (type == G_TYPE_DOUBLE)
    return write_double (json_node_get_double (node));
  if (type == G_TYPE_BOOLEAN)
    return g_strdup (json_node_get_boolean (node) ? "True" : "False");
  return JSON_NODE_HOLDS_NULL (node) ? g_strdup ("None") : json_to_string (node, FALSE);
}

gboolean
muster_template_value_is_true (JsonNode *node)
{
  double number = 0;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return FALSE;
  if (muster_template_read_number (node, FALSE, &number))
    return number != 0;
  if (JSON_NODE_HOLDS_ARRAY (node))
    return json_array_get_length (json_node_get_array (node)) > 0;
  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_object_get_size (json_node_get_object (node)) > 0;
  return get_type (node) == G_TYPE_STRING && *json_node_get_string (node) != '\0';
}

/* --- operators --- */

static gboolean
is_whole (JsonNode *node)
{
  return get_type (node) == G_TYPE_INT64 || get_type (node) == G_TYPE_BOOLEAN;
}

static gint64
read_whole (JsonNode *node)
{
  return get_type (node) == G_TYPE_BOOLEAN ? json_node_get_boolean (node)
                                           : json_node_get_int (node);
}

static gboolean
join (JsonNode *a, JsonNode *b, JsonNode **result, GError **error)
{
  g_autofree char *left = muster_template_value_to_text (a);
  g_autofree char *right = muster_template_value_to_text (b);
  g_autofree char *text = NULL;

  if (strlen (left) + strlen (right) > MUSTER_TEMPLATE_MAX_VALUE)
    return muster_template_refuse (error, "template: a text became too long");
  text = g_strconcat (left, right, NULL);
  *result = muster_template_make_string (text);
  return TRUE;
}

/* FALSE where the result is no whole number that can be held. */
static gboolean
calculate_whole (MusterOperator operation, gint64 a, gint64 b, gint64 *result)
{
  if (operation == MUSTER_OPERATOR_ADD)
    return !__builtin_add_overflow (a, b, result);
  if (operation == MUSTER_OPERATOR_SUBTRACT)
    return !__builtin_sub_overflow (a, b, result);
  if (operation == MUSTER_OPERATOR_MULTIPLY)
    return !__builtin_mul_overflow (a, b, result);
  if (operation == MUSTER_OPERATOR_DIVIDE || b == 0 || (a == G_MININT64 && b == -1))
    return FALSE;
  *result = operation == MUSTER_OPERATOR_MODULO ? a % b : a / b;
  if (a % b != 0 && (a % b < 0) != (b < 0))
    *result += operation == MUSTER_OPERATOR_MODULO ? b : -1;
  return TRUE;
}

static double
calculate (MusterOperator operation, double a, double b)
{
  if (operation == MUSTER_OPERATOR_ADD)
    return a + b;
  if (operation == MUSTER_OPERATOR_SUBTRACT)
    return a - b;
  if (operation == MUSTER_OPERATOR_MULTIPLY)
    return a * b;
  if (operation == MUSTER_OPERATOR_DIVIDE)
    return a / b;
  if (operation == MUSTER_OPERATOR_FLOOR_DIVIDE)
    return floor (a / b);
  return a - floor (a / b) * b;
}

static gboolean
operate_numbers (MusterOperator operation,
                 JsonNode      *a,
                 JsonNode      *b,
                 JsonNode     **result,
                 GError       **error)
{
  double x = 0, y = 0, real = 0;
  gint64 whole = 0;

  if (!muster_template_read_number (a, FALSE, &x) || !muster_template_read_number (b, FALSE, &y))
    return muster_template_refuse (error, "template: what is calculated with must be numbers");
  if (is_whole (a) && is_whole (b) &&
      calculate_whole (operation, read_whole (a), read_whole (b), &whole))
    {
      *result = muster_template_make_integer (whole);
      return TRUE;
    }
  real = calculate (operation, x, y);
  if (!isfinite (real))
    return muster_template_refuse (error, "template: a division by zero, or too great a number");
  *result = muster_template_make_double (real);
  return TRUE;
}

static gboolean
are_equal (JsonNode *a, JsonNode *b)
{
  double x = 0, y = 0;

  if (a == NULL || b == NULL)
    return a == b;
  if (muster_template_read_number (a, FALSE, &x) && muster_template_read_number (b, FALSE, &y))
    return x == y;
  return json_node_equal (a, b);
}

static gboolean
compare (MusterOperator operation, JsonNode *a, JsonNode *b, JsonNode **result, GError **error)
{
  double   x = 0, y = 0;
  int      order = 0;
  gboolean value = FALSE;

  if (muster_template_read_number (a, FALSE, &x) && muster_template_read_number (b, FALSE, &y))
    order = x < y ? -1 : x > y;
  else if (get_type (a) == G_TYPE_STRING && get_type (b) == G_TYPE_STRING)
    order = strcmp (json_node_get_string (a), json_node_get_string (b));
  else
    return muster_template_refuse (error, "template: what is compared must be of one kind");
  if (operation == MUSTER_OPERATOR_LESS)
    value = order < 0;
  else if (operation == MUSTER_OPERATOR_LESS_OR_EQUAL)
    value = order <= 0;
  else if (operation == MUSTER_OPERATOR_GREATER)
    value = order > 0;
  else
    value = order >= 0;
  *result = muster_template_make_boolean (value);
  return TRUE;
}

static gboolean
is_in (JsonNode *what, JsonNode *where)
{
  if (where == NULL || what == NULL)
    return FALSE;
  if (JSON_NODE_HOLDS_ARRAY (where))
    {
      JsonArray *array = json_node_get_array (where);

      for (unsigned i = 0; i < json_array_get_length (array); i++)
        if (are_equal (what, json_array_get_element (array, i)))
          return TRUE;
      return FALSE;
    }
  if (get_type (what) != G_TYPE_STRING)
    return FALSE;
  if (JSON_NODE_HOLDS_OBJECT (where))
    return json_object_has_member (json_node_get_object (where), json_node_get_string (what));
  return get_type (where) == G_TYPE_STRING &&
         strstr (json_node_get_string (where), json_node_get_string (what)) != NULL;
}

gboolean
muster_template_operate (MusterOperator operation,
                         JsonNode      *a,
                         JsonNode      *b,
                         JsonNode     **result,
                         GError       **error)
{
  gboolean are_texts = get_type (a) == G_TYPE_STRING && get_type (b) == G_TYPE_STRING;

  if (operation == MUSTER_OPERATOR_JOIN || (operation == MUSTER_OPERATOR_ADD && are_texts))
    return join (a, b, result, error);
  if (operation < MUSTER_OPERATOR_JOIN)
    return operate_numbers (operation, a, b, result, error);
  if (operation >= MUSTER_OPERATOR_LESS && operation <= MUSTER_OPERATOR_GREATER_OR_EQUAL)
    return compare (operation, a, b, result, error);
  *result = muster_template_make_boolean (
    operation == MUSTER_OPERATOR_IN ? is_in (a, b)
                                    : are_equal (a, b) == (operation == MUSTER_OPERATOR_EQUAL));
  return TRUE;
}

/* --- filters --- */

static gboolean
take (JsonNode **result, JsonNode *value)
{
  *result = value;
  return TRUE;
}

/* The fallback in ARGUMENTS[1], or a refusal. */
static gboolean
fall_back (JsonNode **arguments, unsigned n, JsonNode **result, GError **error, const char *what)
{
  if (n < 2)
    return muster_template_refuse (error, "template: %s", what);
  return take (result, arguments[1] != NULL ? json_node_ref (arguments[1]) : NULL);
}

static gboolean
filter_float (JsonNode **arguments, unsigned n, JsonNode **result, GError **error)
{
  double number = 0;

  if (!muster_template_read_number (arguments[0], TRUE, &number))
    return fall_back (arguments, n, result, error, "float: not a number");
  return take (result, muster_template_make_double (number));
}

static gboolean
filter_int (JsonNode **arguments, unsigned n, JsonNode **result, GError **error)
{
  double number = 0;

  if (is_whole (arguments[0]))
    return take (result, muster_template_make_integer (read_whole (arguments[0])));
  if (!muster_template_read_number (arguments[0], TRUE, &number) || fabs (number) >= 0x1p63)
    return fall_back (arguments, n, result, error, "int: not a number");
  return take (result, muster_template_make_integer ((gint64)trunc (number)));
}

static gboolean
filter_round (JsonNode **arguments, unsigned n, JsonNode **result, GError **error)
{
  double      number = 0, digits = 0, factor = 1;
  const char *how = n > 2 && get_type (arguments[2]) == G_TYPE_STRING
                      ? json_node_get_string (arguments[2])
                      : "common";

  if (!muster_template_read_number (arguments[0], TRUE, &number))
    return fall_back (arguments, n > 3 ? 2 : 1, result, error, "round: not a number");
  if (n > 1 && !muster_template_read_number (arguments[1], FALSE, &digits))
    return muster_template_refuse (error, "template: round: digits must be a number");
  factor = pow (10, CLAMP (trunc (digits), -15, 15));
  number *= factor;
  number = g_str_equal (how, "floor")  ? floor (number)
           : g_str_equal (how, "ceil") ? ceil (number)
                                       : rint (number);
  number /= factor;
  if (!isfinite (number))
    return muster_template_refuse (error, "template: round: too great a number");
  return take (result, muster_template_make_double (number));
}

static gboolean
filter_abs (JsonNode **arguments, unsigned n, JsonNode **result, GError **error)
{
  double number = 0;

  if (!muster_template_read_number (arguments[0], TRUE, &number))
    return muster_template_refuse (error, "template: abs: not a number");
  if (is_whole (arguments[0]) && read_whole (arguments[0]) != G_MININT64)
    return take (result, muster_template_make_integer (ABS (read_whole (arguments[0]))));
  return take (result, muster_template_make_double (fabs (number)));
}

static gboolean
filter_bool (JsonNode **arguments, unsigned n, JsonNode **result, GError **error)
{
  static const char *const truths[] = { "true", "yes", "on", "enable", "1", NULL };
  static const char *const lies[] = { "false", "no", "off", "disable", "0", NULL };
  g_autofree char         *text = muster_template_value_to_text (arguments[0]);
  g_autofree char         *folded = g_ascii_strdown (text, -1);

  if (g_strv_contains (truths, folded))
    return take (result, muster_template_make_boolean (TRUE));
  if (g_strv_contains (lies, folded))
    return take (result, muster_template_make_boolean (FALSE));
  return fall_back (arguments, n, result, error, "bool: neither true nor false");
}

static gboolean
filter_default (JsonNode **arguments, unsigned n, JsonNode **result, GError **error)
{
  gboolean also_empty = n > 2 && muster_template_value_is_true (arguments[2]);
  gboolean is_good =
    arguments[0] != NULL && (!also_empty || muster_template_value_is_true (arguments[0]));

  if (is_good)
    return take (result, json_node_ref (arguments[0]));
  if (n < 2)
    return take (result, muster_template_make_string (""));
  return take (result, arguments[1] != NULL ? json_node_ref (arguments[1]) : NULL);
}

static gboolean
filter_is_defined (JsonNode **arguments, unsigned n, JsonNode **result, GError **error)
{
  if (arguments[0] == NULL)
    return muster_template_refuse (error, "template: a value that is not there");
  return take (result, json_node_ref (arguments[0]));
}

static gboolean
change_text (JsonNode *node, char *(*change) (const char *, gssize), JsonNode **result)
{
  g_autofree char *text = muster_template_value_to_text (node);
  g_autofree char *changed = change (text, -1);

  return take (result, muster_template_make_string (changed));
}

static gboolean
filter_lower (JsonNode **arguments, unsigned n, JsonNode **result, GError **error)
{
  return change_text (arguments[0], g_utf8_strdown, result);
}

static gboolean
filter_upper (JsonNode **arguments, unsigned n, JsonNode **result, GError **error)
{
  return change_text (arguments[0], g_utf8_strup, result);
}

static gboolean
filter_string (JsonNode **arguments, unsigned n, JsonNode **result, GError **error)
{
  g_autofree char *text = muster_template_value_to_text (arguments[0]);

  return take (result, muster_template_make_string (text));
}

static gboolean
filter_trim (JsonNode **arguments, unsigned n, JsonNode **result, GError **error)
{
  g_autofree char *text = g_strstrip (muster_template_value_to_text (arguments[0]));

  return take (result, muster_template_make_string (text));
}

static gboolean
filter_tojson (JsonNode **arguments, unsigned n, JsonNode **result, GError **error)
{
  g_autofree char *text =
    arguments[0] != NULL ? json_to_string (arguments[0], FALSE) : g_strdup ("null");

  return take (result, muster_template_make_string (text));
}

static gboolean
filter_replace (JsonNode **arguments, unsigned n, JsonNode **result, GError **error)
{
  g_autoptr (GString) text = NULL;
  g_autofree char *start = muster_template_value_to_text (arguments[0]);
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;

  if (n < 3)
    return muster_template_refuse (error, "template: replace wants what and by what");
  from = muster_template_value_to_text (arguments[1]);
  to = muster_template_value_to_text (arguments[2]);
  if (*from == '\0')
    return muster_template_refuse (error, "template: replace: what to replace is empty");
  if ((strlen (start) / strlen (from)) * strlen (to) + strlen (start) > MUSTER_TEMPLATE_MAX_VALUE)
    return muster_template_refuse (error, "template: a text became too long");
  text = g_string_new (start);
  g_string_replace (text, from, to, 0);
  return take (result, muster_template_make_string (text->str));
}

static gboolean
filter_split (JsonNode **arguments, unsigned n, JsonNode **result, GError **error)
{
  g_autofree char *text = muster_template_value_to_text (arguments[0]);
  g_autofree char *by = n > 1 ? muster_template_value_to_text (arguments[1]) : g_strdup (" ");
  g_autoptr (JsonArray) array = json_array_new ();
  g_auto (GStrv) parts = NULL;

  if (*by == '\0')
    return muster_template_refuse (error, "template: split: by what is empty");
  parts = g_strsplit (text, by, LIST_MAX);
  for (unsigned i = 0; parts[i] != NULL; i++)
    json_array_add_string_element (array, parts[i]);
  *result = json_node_alloc ();
  json_node_init_array (*result, array);
  return TRUE;
}

static gboolean
filter_length (JsonNode **arguments, unsigned n, JsonNode **result, GError **error)
{
  JsonNode *node = arguments[0];

  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
    return take (result,
                 muster_template_make_integer (json_array_get_length (json_node_get_array (node))));
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    return take (result,
                 muster_template_make_integer (json_object_get_size (json_node_get_object (node))));
  if (get_type (node) != G_TYPE_STRING)
    return muster_template_refuse (error, "template: length of something that has none");
  return take (result,
               muster_template_make_integer (g_utf8_strlen (json_node_get_string (node), -1)));
}

static gboolean
take_element (JsonNode *node, gboolean last, JsonNode **result)
{
  JsonArray *array =
    node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  unsigned length = array != NULL ? json_array_get_length (array) : 0;

  return take (result, length > 0
                         ? json_node_ref (json_array_get_element (array, last ? length - 1 : 0))
                         : NULL);
}

static gboolean
filter_first (JsonNode **arguments, unsigned n, JsonNode **result, GError **error)
{
  return take_element (arguments[0], FALSE, result);
}

static gboolean
filter_last (JsonNode **arguments, unsigned n, JsonNode **result, GError **error)
{
  return take_element (arguments[0], TRUE, result);
}

MusterTemplateFilter
muster_template_find_filter (const char *name)
{
  static const struct
  {
    const char          *name;
    MusterTemplateFilter filter;
  } filters[] = {
    { "abs", filter_abs },
    { "bool", filter_bool },
    { "count", filter_length },
    { "d", filter_default },
    { "default", filter_default },
    { "first", filter_first },
    { "float", filter_float },
    { "int", filter_int },
    { "is_defined", filter_is_defined },
    { "last", filter_last },
    { "length", filter_length },
    { "lower", filter_lower },
    { "replace", filter_replace },
    { "round", filter_round },
    { "split", filter_split },
    { "string", filter_string },
    { "strip", filter_trim },
    { "to_json", filter_tojson },
    { "tojson", filter_tojson },
    { "trim", filter_trim },
    { "upper", filter_upper },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (filters); i++)
    if (g_str_equal (filters[i].name, name))
      return filters[i].filter;
  return NULL;
}
