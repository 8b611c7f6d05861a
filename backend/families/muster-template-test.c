/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-template-test"

#include "config.h"

#include "model/muster-error.h"
#include "muster-template.h"

static const char document[] =
  "{\"temperature\":21.46,\"count\":3,\"on\":true,\"text\":\"On\",\"none\":null,\"list\":[1,2,30],"
  "\"a\":{\"b\":[{\"c\":\"deep\"}]},\"0x1\":7}";

static JsonNode *
look_up (const char *name, gpointer user_data)
{
  if (g_str_equal (name, "value"))
    return json_node_init_string (json_node_alloc (), "42.5");
  return g_str_equal (name, "value_json") ? json_from_string (document, NULL) : NULL;
}

typedef struct
{
  const char *text;
  const char *result; /* NULL: there is none */
} Example;

/* clang-format off */
static const Example examples[] = {
  { "", "" },
  { "plain", "plain" },
  { "{{ value }}", "42.5" },
  { "{{ value_json.temperature }}", "21.46" },
  { "{{ value_json['temperature'] | round(1) }}", "21.5" },
  { "{{ value_json.a.b[0]['c'] }}", "deep" },
  { "{{ value_json.list[-1] }}", "30" },
  { "{{ value_json.list.1 }}", "2" },
  { "{{ value_json['0x1'] }}", "7" },
  { "{{ value|float * 2 }}", "85.0" },
  { "{{ value | float | round(0) }}", "42.0" },
  { "{{ value | int }}", "42" },
  { "{{ float(value) + 1 }}", "43.5" },
  { "{{ 7 // 2 }} {{ -7 // 2 }} {{ 7 % 3 }} {{ -7 % 3 }} {{ 7 / 2 }}", "3 -4 1 2 3.5" },
  { "{{ 2 + 3 * 4 }}", "14" },
  { "{{ (2 + 3) * 4 }}", "20" },
  { "{{ 'a' ~ 1 ~ true }}", "a1True" },
  { "{{ 'ON' if value_json.on else 'OFF' }}", "ON" },
  { "{% if value_json.count > 2 %}many{% elif value_json.count == 2 %}two{% else %}few{% endif %}", "many" },
  { "{%- if value_json.missing is defined -%} x {%- else -%} y {%- endif -%}", "y" },
  { "{% set x = value_json.count * 2 %}{{ x + 1 }}", "7" },
  { "{{ value_json.missing }}", "" },
  { "{{ value_json.missing.deeper }}", "" },
  { "{{ value_json.missing | default(5) }}", "5" },
  { "{{ value_json.none | default('x', true) }}", "x" },
  { "{{ value_json.missing | is_defined }}", NULL },
  { "{{ value_json.text | lower }}{{ value_json.text | upper }}", "onON" },
  { "{{ value_json.text == 'On' and not value_json.count < 3 }}", "True" },
  { "{{ 2 in value_json.list }} {{ 5 not in value_json.list }} {{ 'n' in value_json.text }} {{ 'a' in value_json }}", "True True True True" },
  { "{{ value_json.text | bool }}", "True" },
  { "{{ 'x,y'.split(',')[1] }}", "y" },
  { "{{ 'a-b-c' | replace('-', '+') }}", "a+b+c" },
  { "{{ [1, 'b'] | tojson }}", "[1,\"b\"]" },
  { "{{ '{{ value }}' }}", "{{ value }}" },
  { "{# nothing #}x", "x" },
  { "{ not {a} tag", "{ not {a} tag" },
  { "{{ value_json.text is string }} {{ value_json.count is number }} {{ value_json.none is none }} {{ value is not defined }}", "True True True False" },
  { "{{ 'abc' | float }}", NULL },
  { "{{ 'abc' | float(0) }}", "0" },
  { "{{ 1 / 0 }}", NULL },
  { "{{ 'a' < 1 }}", NULL },
  { "{{ 9223372036854775807 + 1 }}", "9.223372036854776e+18" },
  { "{{ value_json.list | length }} {{ value_json.list | first }} {{ value_json.list | last }}", "3 1 30" },
  { "{{ -5 | abs }} {{ 7 - 5.5 | round }}", "5 1.0" },
  { "{{ value.strip() }}", "42.5" },
};

static const char *const refused[] = {
  "{{ value", "{{ }}", "{{ value | nonsense }}", "{% for x in y %}{% endfor %}", "{% if x %}", "{% endif %}", "{{ (1 }}", "{{ 'open }}",
  "{{ value_json. }}", "{{ import('os') }}", "{{ a b }}", "{# open", "{{ value_json[0 }}", "{{ x is odd }}", "{% else %}", "\xff",
  "{{ '' | lower() | replace('a' 'b') }}",
};
/* clang-format on */

static void
test_examples (void)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (examples); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MusterTemplate) template = muster_template_new (examples[i].text, &error);
      g_autofree char *text = NULL;

      g_test_message ("%s", examples[i].text);
      g_assert_no_error (error);
      text = muster_template_render (template, look_up, NULL, &error);
      g_assert_cmpstr (text, ==, examples[i].result);
      if (examples[i].result == NULL)
        g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
    }
}

static void
test_refused (void)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", refused[i]);
      g_assert_null (muster_template_new (refused[i], &error));
      g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
    }
}

/* One expression keeps its kind; text around it makes text of it. */
static void
test_kinds (void)
{
  static const struct
  {
    const char *text;
    GType       type;
  } kinds[] = {
    { "{{ value_json.on }}", G_TYPE_BOOLEAN },
    { "{{ value_json.count }}", G_TYPE_INT64 },
    { "{{ value_json.temperature }}", G_TYPE_DOUBLE },
    { "{{ value_json.count }} ", G_TYPE_STRING },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (MusterTemplate) template = muster_template_new (kinds[i].text, NULL);
      g_autoptr (JsonNode) node = NULL;

      g_assert_true (muster_template_evaluate (template, look_up, NULL, &node, NULL));
      g_assert_true (json_node_get_value_type (node) == kinds[i].type);
    }
}

static char *
repeat (const char *before, const char *text, unsigned n, const char *behind)
{
  GString *all = g_string_new (before);

  for (unsigned i = 0; i < n; i++)
    g_string_append (all, text);
  g_string_append (all, behind);
  return g_string_free (all, FALSE);
}

static void
test_limits (void)
{
  g_autofree char *deep = repeat ("{{ ", "(", 100, "1");
  g_autofree char *minus = repeat ("{{ ", "-", 100, "1 }}");
  g_autofree char *nots = repeat ("{{ ", "not ", 100, "1 }}");
  g_autofree char *chain = repeat ("{{ 1", "+1", 2000, " }}");
  g_autofree char *filters = repeat ("{{ 1", "|abs", 1500, " }}");
  g_autofree char *ifs = repeat ("", "{% if 1 %}", 100, "x");
  g_autofree char *many = repeat ("", "{{1}}", 1500, "");
  g_autofree char *all = repeat ("x", "x", MUSTER_TEMPLATE_MAX_TEXT, "");
  /* Doubles at each step. */
  g_autofree char *growth =
    repeat ("{% set x = 'abcdefgh' %}", "{% set x = x ~ x %}", 60, "{{ x }}");
  const char *const texts[] = { deep, minus, nots, chain, filters, ifs, many, all };
  g_autoptr (MusterTemplate) template = NULL;
  g_autoptr (GError) error = NULL;

  for (unsigned i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_null (muster_template_new (texts[i], NULL));
  template = muster_template_new (growth, &error);
  g_assert_no_error (error);
  g_assert_null (muster_template_render (template, look_up, NULL, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/template/examples", test_examples);
  g_test_add_func ("/template/refused", test_refused);
  g_test_add_func ("/template/kinds", test_kinds);
  g_test_add_func ("/template/limits", test_limits);
  return g_test_run ();
}
