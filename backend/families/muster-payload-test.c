/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-payload-test"

#include "config.h"

#include <string.h>

#include "muster-payload.h"

static void
add_leaf (const char *path, JsonNode *value, gpointer user_data)
{
  g_autofree char *text = json_to_string (value, FALSE);

  g_string_append_printf (user_data, "%s=%s ", path, text);
}

static JsonNode *
parse (const char *text)
{
  return muster_payload_to_json ((const guint8 *)text, strlen (text));
}

static void
test_flatten (void)
{
  g_autoptr (JsonNode) node =
              parse ("{\"ENERGY\":{\"Power\":[1,2.5],\"On\":true},\"T\":\"x\",\"n\":null}");
  g_autoptr (GString) found = g_string_new (NULL);

  g_assert_true (muster_payload_flatten (node, NULL, add_leaf, found));
  g_assert_cmpstr (found->str, ==,
                   "ENERGY/Power/0=1 ENERGY/Power/1=2.5 ENERGY/On=true T=\"x\" n=null ");
  g_string_truncate (found, 0);
  g_assert_true (muster_payload_flatten (node, "p", add_leaf, found));
  g_assert_true (g_str_has_prefix (found->str, "p/ENERGY/Power/0=1 "));
}

static void
count_leaf (const char *path, JsonNode *value, gpointer user_data)
{
  (*(unsigned *)user_data)++;
}

static void
test_limits (void)
{
  g_autoptr (GString) deep = g_string_new (NULL);
  g_autoptr (GString) wide = g_string_new ("[0");
  g_autoptr (JsonNode) node = NULL;
  unsigned n = 0;

  for (unsigned i = 0; i <= MUSTER_PAYLOAD_MAX_DEPTH; i++)
    g_string_append_c (deep, '[');
  g_assert_null (parse (deep->str));
  for (unsigned i = 0; i < 5000; i++)
    g_string_append (wide, ",1");
  g_string_append_c (wide, ']');
  node = parse (wide->str);
  g_assert_nonnull (node);
  g_assert_false (muster_payload_flatten (node, NULL, count_leaf, &n));
  g_assert_cmpuint (n, ==, MUSTER_PAYLOAD_MAX_LEAVES);
  g_assert_null (parse ("{"));
  g_assert_null (parse (""));
  g_assert_null (parse ("\xff\xfe"));
  /* Brackets within text are no depth. */
  g_clear_pointer (&node, json_node_unref);
  node = parse ("\"[[[[[[[[[[[[[[[[[[[[\\\"[[[[[\"");
  g_assert_nonnull (node);
}

static void
test_text (void)
{
  g_autofree char *empty = muster_payload_to_text (NULL, 0);
  g_autofree char *text = muster_payload_to_text ((const guint8 *)"abc", 2);

  g_assert_cmpstr (empty, ==, "");
  g_assert_cmpstr (text, ==, "ab");
  g_assert_null (muster_payload_to_text ((const guint8 *)"a\0b", 3));
  g_assert_null (muster_payload_to_text ((const guint8 *)"\xff", 1));
}

/* clang-format off */
static const struct
{
  const char      *json;
  MusterDatatype   datatype;
  const char      *on, *off;
  gboolean         ok;
  MusterSampleType type;
  double           number;
} values[] = {
  { "21.5", MUSTER_DATATYPE_DOUBLE, NULL, NULL, TRUE, MUSTER_SAMPLE_DOUBLE, 21.5 },
  { "\" 21.5 \"", MUSTER_DATATYPE_DOUBLE, NULL, NULL, TRUE, MUSTER_SAMPLE_DOUBLE, 21.5 },
  { "\"21.5x\"", MUSTER_DATATYPE_DOUBLE, NULL, NULL, FALSE, 0, 0 },
  { "\"nan\"", MUSTER_DATATYPE_DOUBLE, NULL, NULL, FALSE, 0, 0 },
  { "\"inf\"", MUSTER_DATATYPE_DOUBLE, NULL, NULL, FALSE, 0, 0 },
  { "7", MUSTER_DATATYPE_INT64, NULL, NULL, TRUE, MUSTER_SAMPLE_INTEGER, 7 },
  { "\"7\"", MUSTER_DATATYPE_INT64, NULL, NULL, TRUE, MUSTER_SAMPLE_INTEGER, 7 },
  { "7.5", MUSTER_DATATYPE_INT64, NULL, NULL, FALSE, 0, 0 },
  { "1e300", MUSTER_DATATYPE_INT64, NULL, NULL, FALSE, 0, 0 },
  { "\"ON\"", MUSTER_DATATYPE_BOOLEAN, NULL, NULL, TRUE, MUSTER_SAMPLE_BOOLEAN, 1 },
  { "\"closed\"", MUSTER_DATATYPE_BOOLEAN, NULL, NULL, TRUE, MUSTER_SAMPLE_BOOLEAN, 0 },
  { "\"0\"", MUSTER_DATATYPE_BOOLEAN, NULL, NULL, TRUE, MUSTER_SAMPLE_BOOLEAN, 0 },
  { "2", MUSTER_DATATYPE_BOOLEAN, NULL, NULL, TRUE, MUSTER_SAMPLE_BOOLEAN, 1 },
  { "true", MUSTER_DATATYPE_BOOLEAN, NULL, NULL, TRUE, MUSTER_SAMPLE_BOOLEAN, 1 },
  { "\"maybe\"", MUSTER_DATATYPE_BOOLEAN, NULL, NULL, FALSE, 0, 0 },
  { "\"SET\"", MUSTER_DATATYPE_BOOLEAN, "SET", "UNSET", TRUE, MUSTER_SAMPLE_BOOLEAN, 1 },
  { "\"open\"", MUSTER_DATATYPE_BOOLEAN, "closed", "open", TRUE, MUSTER_SAMPLE_BOOLEAN, 0 },
  { "null", MUSTER_DATATYPE_DOUBLE, NULL, NULL, TRUE, MUSTER_SAMPLE_NULL, 0 },
  { "[1]", MUSTER_DATATYPE_DOUBLE, NULL, NULL, FALSE, 0, 0 },
  { "\"x\"", MUSTER_DATATYPE_STRING, NULL, NULL, TRUE, MUSTER_SAMPLE_STRING, 0 },
  { "5", MUSTER_DATATYPE_STRING, NULL, NULL, FALSE, 0, 0 },
};
/* clang-format on */

static double
get_number (const MusterSample *sample)
{
  return sample->type == MUSTER_SAMPLE_DOUBLE    ? sample->number
         : sample->type == MUSTER_SAMPLE_INTEGER ? (double)sample->integer
         : sample->type == MUSTER_SAMPLE_BOOLEAN ? sample->boolean
                                                 : 0;
}

static void
test_values (void)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (JsonNode) node = json_from_string (values[i].json, NULL);
      MusterSample sample = { 0 };

      g_test_message ("%s", values[i].json);
      g_assert_cmpint (muster_payload_read_value (node, values[i].datatype, values[i].on,
                                                  values[i].off, &sample),
                       ==, values[i].ok);
      if (!values[i].ok)
        continue;
      g_assert_cmpint (sample.type, ==, values[i].type);
      g_assert_cmpfloat (get_number (&sample), ==, values[i].number);
    }
}

static void
test_guesses (void)
{
  g_autoptr (JsonNode) number = json_from_string ("5", NULL);
  g_autoptr (JsonNode) text = json_from_string ("\"5\"", NULL);
  g_autoptr (JsonNode) boolean = json_from_string ("true", NULL);

  g_assert_cmpint (muster_payload_guess_datatype (number, FALSE), ==, MUSTER_DATATYPE_DOUBLE);
  g_assert_cmpint (muster_payload_guess_datatype (boolean, FALSE), ==, MUSTER_DATATYPE_BOOLEAN);
  g_assert_cmpint (muster_payload_guess_datatype (text, FALSE), ==, MUSTER_DATATYPE_STRING);
  g_assert_cmpint (muster_payload_guess_datatype (text, TRUE), ==, MUSTER_DATATYPE_DOUBLE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/payload/flatten", test_flatten);
  g_test_add_func ("/payload/limits", test_limits);
  g_test_add_func ("/payload/text", test_text);
  g_test_add_func ("/payload/values", test_values);
  g_test_add_func ("/payload/guesses", test_guesses);
  return g_test_run ();
}
