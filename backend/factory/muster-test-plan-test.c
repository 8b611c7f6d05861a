/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "model/muster-error.h"
#include "muster-factory-store.h"
#include "muster-test-report.h"

/* --- plans --- */

/* JSON is refused, with a row at each of POINTERS and no other. */
static void
assert_refused (const char *json, const char *const *pointers)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) steps = muster_test_steps_parse (json, &error);
  const GPtrArray *rows = NULL;

  g_assert_null (steps);
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
  rows = muster_error_get_fields (error);
  g_assert_nonnull (rows);
  g_assert_cmpuint (rows->len, ==, g_strv_length ((char **)pointers));
  for (guint i = 0; i < rows->len; i++)
    g_assert_cmpstr (((const MusterFieldError *)rows->pdata[i])->pointer, ==, pointers[i]);
}

static void
test_bad_plans (void)
{
  static const struct
  {
    const char *json;
    const char *pointers[4];
  } plans[] = {
    { "{}", { "/steps" } },
    { "[]", { "/steps" } },
    { "nonsense", { "/steps" } },
    { "[5]", { "/steps/0" } },
    { "[{}]", { "/steps/0/name", "/steps/0/action" } },
    { "[{\"name\":\"\",\"action\":\"fly\"}]", { "/steps/0/name", "/steps/0/action" } },
    { "[{\"name\":\"a\",\"action\":\"read\"}]", { "/steps/0/metric" } },
    { "[{\"name\":\"a\",\"action\":\"read\",\"metric\":\"m\",\"minimum\":2,\"maximum\":1}]",
      { "/steps/0/minimum" } },
    { "[{\"name\":\"a\",\"action\":\"read\",\"metric\":\"m\",\"minimum\":\"2\"}]",
      { "/steps/0/minimum" } },
    { "[{\"name\":\"a\",\"action\":\"write\",\"metric\":\"m\"}]", { "/steps/0/value" } },
    { "[{\"name\":\"a\",\"action\":\"identity\",\"metric\":\"m\"}]", { "/steps/0/metric" } },
    { "[{\"name\":\"a\",\"action\":\"identity\",\"x/y\":1}]", { "/steps/0/x~1y" } },
    { "[{\"name\":\"a\",\"action\":\"ask\"}]", { "/steps/0/text" } },
    { "[{\"name\":\"a\",\"action\":\"blink\",\"timeout_ms\":99}]", { "/steps/0/timeout_ms" } },
    { "[{\"name\":\"a\",\"action\":\"blink\",\"timeout_ms\":3600001}]", { "/steps/0/timeout_ms" } },
    { "[{\"name\":\"a\",\"action\":\"blink\",\"timeout_ms\":100.5}]", { "/steps/0/timeout_ms" } },
  };
  g_autoptr (GString) many = g_string_new ("[");

  for (unsigned i = 0; i < G_N_ELEMENTS (plans); i++)
    assert_refused (plans[i].json, plans[i].pointers);
  for (unsigned i = 0; i <= MUSTER_TEST_STEPS_MAX; i++)
    g_string_append_printf (many, "%s{\"name\":\"a\",\"action\":\"identity\"}", i > 0 ? "," : "");
  g_string_append_c (many, ']');
  assert_refused (many->str, plans[0].pointers);
}

static void
test_good_plan (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) steps = muster_test_steps_parse (
    "[{\"name\":\"On\",\"action\":\"write\",\"metric\":\"Relay\",\"value\":true,\"minimum\":null},"
    "{\"name\":\"V\",\"action\":\"read\",\"metric\":\"Supply\",\"minimum\":3,\"maximum\":3.6,"
    "\"unit\":\"V\",\"timeout_ms\":100},{\"name\":\"Light\",\"action\":\"blink\"}]",
    &error);
  const MusterTestStep *step = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (steps->len, ==, 3);
  step = steps->pdata[0];
  g_assert_cmpfloat (step->value, ==, 1);
  g_assert_cmpuint (step->timeout, ==, 15000);
  step = steps->pdata[1];
  g_assert_cmpuint (step->timeout, ==, 100);
  g_assert_cmpstr (step->unit, ==, "V");
  step = steps->pdata[2];
  g_assert_null (step->text);
  g_assert_cmpuint (step->timeout, ==, 600000);
}

static void
test_limits (void)
{
  MusterTestStep step = { .minimum = 3, .maximum = 3.6 };

  g_assert_true (muster_test_step_is_within (&step, 3));
  g_assert_true (muster_test_step_is_within (&step, 3.6));
  g_assert_false (muster_test_step_is_within (&step, nextafter (3, 0)));
  g_assert_false (muster_test_step_is_within (&step, nextafter (3.6, 4)));
  g_assert_false (muster_test_step_is_within (&step, NAN));
  g_assert_false (muster_test_step_is_within (&step, INFINITY));
  step.maximum = NAN;
  g_assert_true (muster_test_step_is_within (&step, 1e300));
  g_assert_false (muster_test_step_is_within (&step, 2.9));
  step.minimum = NAN;
  g_assert_true (muster_test_step_is_within (&step, -1e300));
  g_assert_false (muster_test_step_is_within (&step, NAN));
}

/* --- what units say --- */

static void
test_values (void)
{
  const float limit = 5.001f;
  guint32     bits = 0;

  g_assert_true (muster_unit_value_narrow (9, 5.001, &bits));
  g_assert_cmpmem (&bits, sizeof bits, &limit, sizeof limit);
  /* What is measured as 5.001 is not below 5.001. */
  g_assert_cmpfloat (muster_unit_value_widen (9, bits), ==, 5.001);
  g_assert_true (muster_unit_value_narrow (1, -128, &bits));
  g_assert_cmpfloat (muster_unit_value_widen (1, bits), ==, -128);
  g_assert_false (muster_unit_value_narrow (1, -129, &bits));
  g_assert_false (muster_unit_value_narrow (5, 256, &bits));
  g_assert_false (muster_unit_value_narrow (5, 1.5, &bits));
  g_assert_false (muster_unit_value_narrow (5, NAN, &bits));
  g_assert_false (muster_unit_value_narrow (9, 1e39, &bits));
  g_assert_true (muster_unit_value_narrow (7, 4294967295.0, &bits));
  g_assert_cmpfloat (muster_unit_value_widen (7, bits), ==, 4294967295.0);
  g_assert_false (muster_unit_value_narrow (11, 2, &bits));
  g_assert_true (isnan (muster_unit_value_widen (12, 0)));
}

/* What has no upper limit says one that nothing reaches. */
static void
test_open_limit (void)
{
  /* 150.0, 32.0 and 1e9 in IEEE 754's single precision, the least byte first. */
  static const guint8 check[] = { 0x85, 0,    1,    0x00, 0x00, 0x16, 0x43, 0x00, 0x00,
                                  0x00, 0x42, 0x28, 0x6b, 0x6e, 0x4e, 2,    'u',  'p' };
  MusterUnitCheck     out;
  g_autoptr (MusterTestReport) report = muster_test_report_new ();
  g_autofree char *json = NULL;

  g_assert_true (muster_unit_message_read_check (check, sizeof check, &out));
  g_assert_cmpfloat (out.measured, ==, 150);
  g_assert_cmpfloat (out.low, ==, 32);
  g_assert_true (isinf (out.high));
  muster_test_report_add_check (report, muster_test_report_add_own (report, "Checks", "self-test"),
                                &out);
  json = muster_test_report_to_json (report);
  g_assert_null (strstr (json, "1000000000"));
  g_assert_nonnull (strstr (json, "\"minimum\":32"));
}

static void
take_sample_cb (const MusterUnitSample *sample, gpointer user_data)
{
  *(unsigned *)user_data += sample->metric;
}

static void
read_all (const guint8 *bytes, gsize size)
{
  MusterUnitIdentity identity;
  MusterUnitMetric   metric;
  MusterUnitCheck    check;
  MusterUnitResult   result;
  unsigned           sum = 0;

  if (muster_unit_message_read_identity (bytes, size, &identity))
    g_assert_true (g_utf8_validate (identity.firmware, -1, NULL));
  if (muster_unit_message_read_metric (bytes, size, &metric))
    g_assert_true (g_utf8_validate (metric.unit, -1, NULL));
  if (muster_unit_message_read_check (bytes, size, &check))
    g_assert_true (g_utf8_validate (check.name, -1, NULL));
  muster_unit_message_read_result (bytes, size, &result);
  muster_unit_message_read_samples (bytes, size, take_sample_cb, &sum);
}

/* Every message cut off at each byte, and each byte of it spoilt: the memory behind it is not
 * there. */
static void
test_spoilt_messages (void)
{
  static const guint8 identity[] = { 0x81, 1,   7, 0, 0,   0,   0,   0, 0,   0, 0, 0,
                                     0,    0,   0, 0, 0,   0,   3,   0, 0,   0, 0, 5,
                                     0,    255, 0, 3, 'a', 'b', 'c', 1, 'm', 0, 1, '1' };
  static const guint8 metric[] = { 0x82, 2, 9, 1, 0, 0, 0, 0, 0, 0,   0, 0,
                                   0,    0, 0, 0, 0, 0, 0, 0, 1, 'n', 1, 'V' };
  static const guint8 check[] = { 0x85, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 'c', 'k' };
  static const guint8 samples[] = { 0x83, 1, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0 };
  static const guint8 result[] = { 0x84, 3, 5, 0, 0, 0, 0 };
  static const struct
  {
    const guint8 *bytes;
    gsize         size;
  } messages[] = { { identity, sizeof identity },
                   { metric, sizeof metric },
                   { check, sizeof check },
                   { samples, sizeof samples },
                   { result, sizeof result } };

  for (unsigned i = 0; i < G_N_ELEMENTS (messages); i++)
    for (gsize size = 0; size <= messages[i].size; size++)
      {
        g_autofree guint8 *copy = g_malloc (MAX (size, 1));

        memcpy (copy, messages[i].bytes, size);
        read_all (copy, size);
        for (gsize at = 0; at < size; at++)
          {
            copy[at] ^= 0xff;
            read_all (copy, size);
            copy[at] ^= 0xff;
          }
      }
}

static void
test_messages (void)
{
  static const guint8 bytes[] = { 0x81, 1,   7, 0, 0,   0,   0,   0, 0,   0, 0, 0,
                                  0,    0,   0, 0, 0,   0,   3,   0, 0,   0, 0, 5,
                                  0,    255, 0, 3, 'a', 'b', 'c', 1, 'm', 0, 1, '1' };
  MusterUnitIdentity  identity;

  g_assert_true (muster_unit_message_read_identity (bytes, sizeof bytes, &identity));
  g_assert_cmpuint (identity.starts, ==, 7);
  g_assert_cmpuint (identity.security_counter, ==, 3);
  g_assert_cmpuint (identity.n_metrics, ==, 5);
  g_assert_cmpstr (identity.serial, ==, "abc");
  g_assert_cmpstr (identity.model, ==, "m");
  g_assert_cmpstr (identity.hardware, ==, "");
  g_assert_cmpstr (identity.firmware, ==, "1");
  g_assert_false (muster_unit_message_read_identity (bytes, sizeof bytes - 1, &identity));
}

/* --- reports --- */

static void
test_junit (void)
{
  g_autoptr (MusterTestReport) report = muster_test_report_new ();
  g_autoptr (MusterEntity) run = muster_entity_new (&muster_test_run_info);
  MusterTestStep   step = { .name = (char *)"A <b> & \"c\"", .minimum = 1, .maximum = NAN };
  g_autofree char *json = NULL;
  g_autofree char *xml = NULL;
  const char      *name = NULL, *detail = NULL;

  step.action = MUSTER_STEP_READ;
  muster_test_report_add (report, &step);
  muster_test_report_add_own (report, "Rest", "inventory");
  muster_test_report_begin (report, 0, 1000000);
  muster_test_report_set_measured (report, 0, 0.5);
  muster_test_report_end (report, 0, MUSTER_VERDICT_FAILED, "too\nlow", 3500000);
  muster_test_report_skip_rest (report);
  g_assert_true (muster_test_report_find_failed (report, &name, &detail));
  g_assert_cmpstr (name, ==, step.name);
  json = muster_test_report_to_json (report);
  muster_entity_set_string (run, "name", "Plan");
  muster_entity_set_string (run, "port", "/dev/x");
  muster_entity_set_string (run, "report", json);
  xml = muster_test_report_format_junit (run);
  g_assert_nonnull (strstr (xml, "name=\"A &lt;b&gt; &amp; &quot;c&quot;\" time=\"2.500\""));
  g_assert_nonnull (strstr (xml, "<failure message=\"too low\"/>"));
  g_assert_nonnull (strstr (xml, "tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"1\""));
  g_assert_nonnull (strstr (xml, "measured 0.5, minimum 1"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/test-plan/bad-plans-name-what-is-wrong", test_bad_plans);
  g_test_add_func ("/test-plan/good-plan", test_good_plan);
  g_test_add_func ("/test-plan/limits-at-their-edges", test_limits);
  g_test_add_func ("/test-plan/values", test_values);
  g_test_add_func ("/test-plan/messages", test_messages);
  g_test_add_func ("/test-plan/spoilt-messages", test_spoilt_messages);
  g_test_add_func ("/test-plan/open-limit", test_open_limit);
  g_test_add_func ("/test-plan/junit", test_junit);
  return g_test_run ();
}
