/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-command-check-test"

#include "config.h"

#include <math.h>
#include <string.h>

#include "model/muster-error.h"
#include "muster-command-check.h"

static const struct
{
  const char *datatype;
  double      minimum; /* NAN: none */
  double      maximum;
  const char *value;
  const char *wanted; /* the sample as JSON, or NULL */
  const char *refusal;
} cases[] = {
  { "int8", NAN, NAN, "127", "127", NULL },
  { "int8", NAN, NAN, "-128", "-128", NULL },
  { "int8", NAN, NAN, "128", NULL, "from -128 to 127" },
  { "int8", NAN, NAN, "-129", NULL, "from -128 to 127" },
  { "int16", NAN, NAN, "32768", NULL, "from -32768 to 32767" },
  { "int32", NAN, NAN, "-2147483648", "-2147483648", NULL },
  { "int32", NAN, NAN, "2147483648", NULL, "to 2147483647" },
  { "int64", NAN, NAN, "9223372036854775807", "9223372036854775807", NULL },
  { "uint8", NAN, NAN, "255", "255", NULL },
  { "uint8", NAN, NAN, "256", NULL, "from 0 to 255" },
  { "uint8", NAN, NAN, "-1", NULL, "from 0 to 255" },
  { "uint16", NAN, NAN, "65535", "65535", NULL },
  { "uint32", NAN, NAN, "4294967295", "4294967295", NULL },
  { "uint32", NAN, NAN, "4294967296", NULL, "to 4294967295" },
  { "uint64", NAN, NAN, "-1", NULL, "from 0" },
  { "int32", NAN, NAN, "3.0", "3", NULL },
  { "int32", NAN, NAN, "3.5", NULL, "whole number" },
  { "int32", NAN, NAN, "1e300", NULL, "whole number" },
  { "int32", NAN, NAN, "true", NULL, "whole number" },
  { "int32", NAN, NAN, "\"3\"", NULL, "whole number" },
  { "int32", 0, 100, "100", "100", NULL },
  { "int32", 0, 100, "101", NULL, "must be at most 100" },
  { "int32", 10, NAN, "9", NULL, "must be at least 10" },
  { "float", NAN, NAN, "1.5", "1.5", NULL },
  { "float", NAN, NAN, "1e39", NULL, "fits" },
  { "double", NAN, NAN, "1e39", "1e+39", NULL },
  { "double", NAN, NAN, "21", "21", NULL },
  { "double", NAN, NAN, "\"warm\"", NULL, "must be a number" },
  { "double", NAN, NAN, "false", NULL, "must be a number" },
  { "double", 5, 30, "30.001", NULL, "must be at most 30" },
  { "double", 5, 30, "5", "5", NULL },
  { "double", NAN, 1234567.5, "2e6", NULL, "must be at most 1234567.5" },
  { "double", 3e6, NAN, "1", NULL, "must be at least 3000000" },
  { "double", NAN, 2e-6, "1", NULL, "must be at most 2×10⁻⁶" },
  { "boolean", NAN, NAN, "true", "true", NULL },
  { "boolean", NAN, NAN, "1", NULL, "true or false" },
  { "boolean", NAN, NAN, "\"on\"", NULL, "true or false" },
  { "string", NAN, NAN, "\"auto\"", "\"auto\"", NULL },
  { "string", NAN, NAN, "\"\"", "\"\"", NULL },
  { "string", NAN, NAN, "7", NULL, "must be text" },
  { "datetime", NAN, NAN, "1767225600000", "1767225600000", NULL },
  { "datetime", NAN, NAN, "\"2026-01-01T00:00:00Z\"", "1767225600000", NULL },
  { "datetime", NAN, NAN, "\"tomorrow\"", NULL, "must be a time" },
  { "datetime", NAN, NAN, "-5", NULL, "must be a time" },
  { "double", NAN, NAN, "null", NULL, "must be given" },
  { "double", NAN, NAN, "[1]", NULL, "must be given" },
  { "double", NAN, NAN, "{}", NULL, "must be given" },
  { "double", NAN, NAN, NULL, NULL, "must be given" },
};

static MusterEntity *
make_metric (const char *datatype, double minimum, double maximum)
{
  MusterEntity *metric = muster_entity_new (&muster_metric_info);

  muster_entity_set_string (metric, "name", "setpoint");
  muster_entity_set_string (metric, "datatype", datatype);
  muster_entity_set_boolean (metric, "writable", TRUE);
  if (!isnan (minimum))
    muster_entity_set_double (metric, "minimum", minimum);
  if (!isnan (maximum))
    muster_entity_set_double (metric, "maximum", maximum);
  return metric;
}

static void
test_table (void)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MusterEntity) metric =
                  make_metric (cases[i].datatype, cases[i].minimum, cases[i].maximum);
      g_autoptr (JsonNode) value =
                  cases[i].value != NULL ? json_from_string (cases[i].value, NULL) : NULL;
      g_autoptr (GString) json = g_string_new (NULL);
      g_autoptr (GError) error = NULL;
      MusterFieldError *field = NULL;
      MusterSample      sample;

      if (muster_command_check_value (metric, value, &sample, &error))
        {
          g_assert_no_error (error);
          muster_sample_encode_value (&sample, json);
          g_assert_cmpstr (json->str, ==, cases[i].wanted);
          g_assert_cmpstr (sample.metric, ==, "setpoint");
          continue;
        }
      g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
      g_assert_null (cases[i].wanted);
      g_assert_cmpuint (muster_error_get_fields (error)->len, ==, 1);
      field = muster_error_get_fields (error)->pdata[0];
      g_assert_cmpstr (field->pointer, ==, "/value");
      g_assert_nonnull (strstr (field->detail, cases[i].refusal));
    }
}

static void
test_long_text (void)
{
  g_autoptr (MusterEntity) metric = make_metric ("string", NAN, NAN);
  g_autofree char *text = g_strnfill (2001, 'x');
  g_autoptr (JsonNode) value = json_node_init_string (json_node_alloc (), text);
  g_autoptr (GError) error = NULL;
  MusterSample sample;

  g_assert_false (muster_command_check_value (metric, value, &sample, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
}

static void
test_not_writable (void)
{
  g_autoptr (MusterEntity) read_only = make_metric ("double", NAN, NAN);
  g_autoptr (MusterEntity) other = make_metric ("other", NAN, NAN);
  g_autoptr (JsonNode) value = json_node_init_double (json_node_alloc (), 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) other_error = NULL;
  MusterSample sample;

  muster_entity_set_boolean (read_only, "writable", FALSE);
  g_assert_false (muster_command_check_value (read_only, value, &sample, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT);
  g_assert_false (muster_command_check_value (other, value, &sample, &other_error));
  g_assert_error (other_error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/command-check/table", test_table);
  g_test_add_func ("/command-check/long-text", test_long_text);
  g_test_add_func ("/command-check/not-writable", test_not_writable);
  return g_test_run ();
}
