/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/muster-records-test-util.h"
#include "model/muster-device.h"
#include "model/muster-metric.h"
#include "muster-ingest-body.h"
#include "muster-metric-units.h"

typedef struct
{
  MusterTestRecords  records;
  MusterMetricUnits *units;
  char              *device;
} Fixture;

/* (transfer full): the identifier of a metric that is kept in UNIT (nullable). */
static char *
insert_metric (Fixture *fixture, const char *name, const char *unit)
{
  g_autoptr (MusterEntity) metric = muster_entity_new (&muster_metric_info);

  muster_entity_set_string (metric, "device_id", fixture->device);
  muster_entity_set_string (metric, "name", name);
  if (unit != NULL)
    muster_entity_set_string (metric, "unit", unit);
  return muster_test_records_insert (&fixture->records, metric);
}

static void
set_up (Fixture *fixture)
{
  g_autoptr (MusterEntity) device = muster_entity_new (&muster_device_info);

  muster_test_records_set_up (&fixture->records);
  fixture->units = muster_metric_units_new (fixture->records.repository, fixture->records.bus);
  muster_entity_set_string (device, "name", "Lamp");
  fixture->device = muster_test_records_insert (&fixture->records, device);
}

static void
tear_down (Fixture *fixture)
{
  muster_test_await (muster_service_stop (MUSTER_SERVICE (fixture->units)));
  g_assert_finalize_object (fixture->units);
  g_free (fixture->device);
  muster_test_records_tear_down (&fixture->records);
}

static const char *
get (Fixture *fixture, const char *metric)
{
  return muster_metric_units_get (fixture->units, fixture->device, metric);
}

static void
patch (Fixture *fixture, const char *id, const char *json)
{
  muster_test_records_patch (&fixture->records, &muster_metric_info, id, json);
  muster_test_sleep (50);
}

/* Known from the start, and kept as records change. */
static void
test_records (void)
{
  Fixture          fixture;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *bare = NULL;

  set_up (&fixture);
  before = insert_metric (&fixture, "t", "°C");
  bare = insert_metric (&fixture, "n", NULL);
  muster_test_await (muster_service_start (MUSTER_SERVICE (fixture.units)));
  after = insert_metric (&fixture, "p", "kPa");
  g_assert_cmpstr (get (&fixture, "t"), ==, "°C");
  g_assert_cmpstr (get (&fixture, "p"), ==, "kPa");
  g_assert_null (get (&fixture, "n"));
  g_assert_null (muster_metric_units_get (fixture.units, "nobody", "t"));
  patch (&fixture, bare, "{\"unit\":\"W\"}");
  g_assert_cmpstr (get (&fixture, "n"), ==, "W");
  patch (&fixture, before, "{\"unit\":null}");
  g_assert_null (get (&fixture, "t"));
  patch (&fixture, after, "{\"description\":\"of the tank\"}");
  g_assert_cmpstr (get (&fixture, "p"), ==, "kPa");
  muster_test_records_remove (&fixture.records, &muster_metric_info, after);
  g_assert_null (get (&fixture, "p"));
  muster_test_records_remove (&fixture.records, &muster_device_info, fixture.device);
  g_assert_null (get (&fixture, "n"));
  tear_down (&fixture);
}

/* What tells its unit comes out in that of the metric, or as a bad value. */
static void
test_readings (void)
{
  static const char body[] =
    "[{\"metric\":\"t\",\"value\":212,\"unit\":\"°F\"},"
    "{\"metrics\":{\"t\":294.65,\"p\":1013.2,\"on\":true,\"free\":7},"
    "\"units\":{\"t\":\"K\",\"p\":\"hPa\",\"on\":\"W\",\"free\":\"W\"}},"
    "{\"metric\":\"t\",\"value\":5,\"unit\":\"kPa\"},{\"metric\":\"t\",\"value\":6,\"unit\":\"degC\"}]";
  Fixture          fixture;
  g_autofree char *t = NULL;
  g_autofree char *p = NULL;
  g_autofree char *on = NULL;
  g_autoptr (JsonNode) node = json_from_string (body, NULL);
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) batches = NULL;
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  const MusterSample *samples;
  unsigned            n;

  set_up (&fixture);
  t = insert_metric (&fixture, "t", "°C");
  p = insert_metric (&fixture, "p", "kPa");
  on = insert_metric (&fixture, "on", "V");
  muster_test_await (muster_service_start (MUSTER_SERVICE (fixture.units)));
  batches = muster_ingest_body_decode (node,
                                       &(MusterIngestSender){ .own_device = fixture.device,
                                                              .units = fixture.units },
                                       notes, &error);
  g_assert_no_error (error);
  samples = muster_sample_batch_get (batches->pdata[0], &n);
  g_assert_cmpuint (n, ==, 7);
  g_assert_cmpfloat (samples[0].number, ==, 100);
  g_assert_cmpint (samples[0].flags, ==, MUSTER_SAMPLE_PLAIN);
  g_assert_cmpfloat (samples[1].number, ==, 21.5);
  g_assert_cmpfloat (samples[2].number, ==, 101.32);
  /* What is no number has no unit, and where none is known any will do. */
  g_assert_true (samples[3].boolean);
  g_assert_cmpint (samples[3].flags, ==, MUSTER_SAMPLE_PLAIN);
  g_assert_cmpint (samples[4].integer, ==, 7);
  g_assert_cmpint (samples[5].integer, ==, 5);
  g_assert_cmpint (samples[5].flags, ==, MUSTER_SAMPLE_BAD);
  g_assert_cmpint (samples[6].integer, ==, 6);
  g_assert_cmpint (samples[6].flags, ==, MUSTER_SAMPLE_PLAIN);
  g_assert_cmpuint (notes->len, ==, 1);
  muster_ingest_body_append_notes (notes, json);
  g_assert_cmpstr (json->str, ==,
                   ",\"notes\":[\"t is kept in °C, and what comes in kPa cannot be turned into it: "
                   "stored as bad\"]");
  tear_down (&fixture);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/metric-units/records", test_records);
  muster_test_add_fiber ("/metric-units/readings", test_readings);
  return g_test_run ();
}
