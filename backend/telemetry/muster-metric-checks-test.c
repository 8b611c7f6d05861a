/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "core/muster-records-test-util.h"
#include "model/muster-device.h"
#include "model/muster-metric.h"
#include "muster-metric-checks.h"

#define T0 G_GINT64_CONSTANT (1767225600000000)

typedef struct
{
  MusterTestRecords   records;
  MusterMetricChecks *checks;
  char               *device;
} Fixture;

/* (transfer full): the identifier of a metric with these limits; NAN: none. */
static char *
insert_metric (Fixture *fixture, const char *name, double minimum, double maximum, double rate)
{
  g_autoptr (MusterEntity) metric = muster_entity_new (&muster_metric_info);

  muster_entity_set_string (metric, "device_id", fixture->device);
  muster_entity_set_string (metric, "name", name);
  if (!isnan (minimum))
    muster_entity_set_double (metric, "minimum", minimum);
  if (!isnan (maximum))
    muster_entity_set_double (metric, "maximum", maximum);
  if (!isnan (rate))
    muster_entity_set_double (metric, "max_rate", rate);
  return muster_test_records_insert (&fixture->records, metric);
}

static void
patch (Fixture *fixture, const char *id, const char *json)
{
  muster_test_records_patch (&fixture->records, &muster_metric_info, id, json);
}

static void
set_up (Fixture *fixture)
{
  g_autoptr (MusterEntity) device = muster_entity_new (&muster_device_info);

  muster_test_records_set_up (&fixture->records);
  fixture->checks = muster_metric_checks_new (fixture->records.repository, fixture->records.bus);
  muster_entity_set_string (device, "name", "Lamp");
  fixture->device = muster_test_records_insert (&fixture->records, device);
}

static void
tear_down (Fixture *fixture)
{
  muster_test_await (muster_service_stop (MUSTER_SERVICE (fixture->checks)));
  g_assert_finalize_object (fixture->checks);
  g_free (fixture->device);
  muster_test_records_tear_down (&fixture->records);
}

/* Whether VALUE of METRIC, SECONDS after the start, is marked. */
static gboolean
is_bad (Fixture *fixture, const char *metric, int seconds, double value)
{
  g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new (fixture->device);
  g_autoptr (MusterSampleBatch) checked = NULL;
  const MusterSample *samples;
  unsigned            n;
  gboolean            bad;

  muster_sample_batch_add_string (batch, "before", T0, "text", MUSTER_SAMPLE_PLAIN);
  muster_sample_batch_add_double (batch, metric, T0 + seconds * G_USEC_PER_SEC, value,
                                  MUSTER_SAMPLE_HISTORICAL);
  muster_sample_batch_add_null (batch, metric, T0, MUSTER_SAMPLE_PLAIN);
  checked = muster_metric_checks_apply (fixture->checks, batch);
  samples = muster_sample_batch_get (checked, &n);
  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpstr (samples[0].text, ==, "text");
  g_assert_cmpfloat (samples[1].number, ==, value);
  bad = (samples[1].flags & MUSTER_SAMPLE_BAD) != 0;
  g_assert_cmpint (samples[1].flags & ~MUSTER_SAMPLE_BAD, ==, MUSTER_SAMPLE_HISTORICAL);
  g_assert_cmpint (samples[2].flags, ==, MUSTER_SAMPLE_PLAIN);
  g_assert_true (bad == (checked != batch));
  return bad;
}

static void
test_range (void)
{
  Fixture          fixture;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  set_up (&fixture);
  before = insert_metric (&fixture, "t", -20, 80, NAN);
  muster_test_await (muster_service_start (MUSTER_SERVICE (fixture.checks)));
  after = insert_metric (&fixture, "load", NAN, 100, NAN);
  g_assert_false (is_bad (&fixture, "t", 0, -20));
  g_assert_true (is_bad (&fixture, "t", 1, -20.5));
  g_assert_false (is_bad (&fixture, "t", 2, 80));
  g_assert_true (is_bad (&fixture, "t", 3, 1e9));
  g_assert_false (is_bad (&fixture, "load", 0, -1e9));
  g_assert_true (is_bad (&fixture, "load", 0, 101));
  g_assert_false (is_bad (&fixture, "other", 0, 1e300));
  g_assert_cmpint (muster_metric_checks_get_bad (fixture.checks), ==, 3);
  tear_down (&fixture);
}

static void
test_rate (void)
{
  Fixture          fixture;
  g_autofree char *id = NULL;

  set_up (&fixture);
  id = insert_metric (&fixture, "t", NAN, 1000, 2);
  muster_test_await (muster_service_start (MUSTER_SERVICE (fixture.checks)));
  g_assert_false (is_bad (&fixture, "t", 0, 20));
  g_assert_true (is_bad (&fixture, "t", 1, 23));
  g_assert_false (is_bad (&fixture, "t", 2, 24));
  /* A spike beyond the range is no value to reckon from; what is late has no rate. */
  g_assert_true (is_bad (&fixture, "t", 3, 2000));
  g_assert_false (is_bad (&fixture, "t", 1, 500));
  g_assert_false (is_bad (&fixture, "t", 4, 28));
  /* A value that stays becomes possible in time. */
  g_assert_true (is_bad (&fixture, "t", 5, 40));
  g_assert_true (is_bad (&fixture, "t", 9, 40));
  g_assert_false (is_bad (&fixture, "t", 10, 40));
  tear_down (&fixture);
}

static void
test_changes (void)
{
  Fixture          fixture;
  g_autofree char *limited = NULL;
  g_autofree char *plain = NULL;

  set_up (&fixture);
  limited = insert_metric (&fixture, "t", 0, 10, NAN);
  plain = insert_metric (&fixture, "u", NAN, NAN, NAN);
  muster_test_await (muster_service_start (MUSTER_SERVICE (fixture.checks)));
  patch (&fixture, limited, "{\"maximum\":20,\"minimum\":null}");
  g_assert_false (is_bad (&fixture, "t", 0, -15));
  g_assert_false (is_bad (&fixture, "t", 0, 20));
  g_assert_true (is_bad (&fixture, "t", 0, 21));
  g_assert_false (is_bad (&fixture, "u", 0, 21));
  patch (&fixture, plain, "{\"maximum\":5}");
  muster_test_sleep (50);
  g_assert_true (is_bad (&fixture, "u", 0, 21));
  muster_test_records_remove (&fixture.records, &muster_metric_info, limited);
  g_assert_false (is_bad (&fixture, "t", 0, 21));
  tear_down (&fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/metric-checks/range", test_range);
  muster_test_add_fiber ("/metric-checks/rate", test_rate);
  muster_test_add_fiber ("/metric-checks/changes", test_changes);
  return g_test_run ();
}
