/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <math.h>

#include "core/muster-core-test-util.h"
#include "muster-sqlite-sample-store.h"
#include "muster-telemetry.h"

#define NOW G_GINT64_CONSTANT (1767225600000000)

typedef struct
{
  MusterTestDir     *dir;
  MusterClock       *clock;
  MusterSampleStore *store;
} Fixture;

static void
fixture_open (Fixture *self)
{
  g_autofree char *path = muster_test_dir_build (self->dir, "samples.db");

  self->store = MUSTER_SAMPLE_STORE (muster_sqlite_sample_store_new (path, self->clock));
  muster_test_await (muster_service_start (MUSTER_SERVICE (self->store)));
}

static void
fixture_close (Fixture *self)
{
  muster_test_await (muster_service_stop (MUSTER_SERVICE (self->store)));
  g_clear_object (&self->store);
}

static void
fixture_clear (Fixture *self)
{
  if (self->store != NULL)
    fixture_close (self);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->dir, muster_test_dir_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static Fixture
fixture_new (void)
{
  Fixture self = { muster_test_dir_new (), muster_manual_clock_new (NOW), NULL };

  fixture_open (&self);
  return self;
}

static gint64
append (Fixture *self, MusterSampleBatch *batch)
{
  g_autoptr (GError) error = NULL;
  gint64 refused = dex_await_int64 (muster_sample_store_append (self->store, batch), &error);

  g_assert_no_error (error);
  return refused;
}

static char *
query_json (Fixture *self, const MusterSampleQuery *query)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) batches =
              dex_await_boxed (muster_sample_store_query_range (self->store, query), &error);
  g_autoptr (GString) json = g_string_new (NULL);

  g_assert_no_error (error);
  g_assert_cmpuint (batches->len, ==, 1);
  muster_sample_batch_encode (batches->pdata[0], NULL, json);
  return g_string_free_and_steal (g_steal_pointer (&json));
}

static gint64
stat_of (Fixture *self, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) stats =
              dex_await_variant (muster_sample_store_get_stats (self->store), &error);
  gint64 value = -1;

  g_assert_no_error (error);
  g_assert_true (g_variant_lookup (stats, name, "x", &value));
  return value;
}

static void
test_every_type_and_order (void)
{
  g_auto (Fixture) fixture = fixture_new ();
  g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new ("d1");
  MusterSampleQuery query = { .device_id = "d1", .from = 0, .to = NOW };
  g_autofree char  *json = NULL;

  muster_sample_batch_add_double (batch, "t", 3000000, 21, MUSTER_SAMPLE_PLAIN);
  muster_sample_batch_add_double (batch, "t", 1000000, 20.5, MUSTER_SAMPLE_PLAIN);
  muster_sample_batch_add_integer (batch, "n", 1000000, G_MININT64, MUSTER_SAMPLE_PLAIN);
  muster_sample_batch_add_boolean (batch, "on", 1000000, TRUE, MUSTER_SAMPLE_PLAIN);
  muster_sample_batch_add_string (batch, "s", 1000000, "ä\"", MUSTER_SAMPLE_PLAIN);
  muster_sample_batch_add_null (batch, "z", 1000000, MUSTER_SAMPLE_PLAIN);
  muster_sample_batch_add_double (batch, "x", 1000000, 1, MUSTER_SAMPLE_TRANSIENT);
  g_assert_cmpint (append (&fixture, batch), ==, 0);
  json = query_json (&fixture, &query);
  g_assert_cmpstr (
    json, ==,
    "{\"device_id\":\"d1\",\"samples\":[{\"metric\":\"n\",\"points\":[[1000,-9223372036854775808]]},"
    "{\"metric\":\"on\",\"points\":[[1000,true]]},{\"metric\":\"s\",\"points\":[[1000,\"ä\\\"\"]]},"
    "{\"metric\":\"t\",\"points\":[[1000,20.5],[3000,21]]},{\"metric\":\"z\",\"points\":[[1000,null]]}]}");
}

static void
test_duplicates (void)
{
  g_auto (Fixture) fixture = fixture_new ();
  MusterSampleQuery query = { .device_id = "d1", .from = 0, .to = NOW };
  g_autofree char  *json = NULL;

  for (int i = 0; i < 3; i++)
    {
      g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new ("d1");

      muster_sample_batch_add_integer (batch, "n", 1000000, i, MUSTER_SAMPLE_PLAIN);
      append (&fixture, batch);
    }
  json = query_json (&fixture, &query);
  g_assert_cmpstr (json, ==,
                   "{\"device_id\":\"d1\",\"samples\":[{\"metric\":\"n\",\"points\":[[1000,2]]}]}");
  g_assert_cmpint (stat_of (&fixture, "samples"), ==, 1);
}

static void
test_refusals (void)
{
  g_auto (Fixture) fixture = fixture_new ();
  g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new ("d1");
  g_autoptr (MusterSampleBatch) hopeless = muster_sample_batch_new ("d1");

  muster_sample_batch_add_double (batch, "t", 1000, NAN, MUSTER_SAMPLE_PLAIN);
  muster_sample_batch_add_double (batch, "t", 2000, -INFINITY, MUSTER_SAMPLE_PLAIN);
  muster_sample_batch_add_double (batch, "t", -1, 1, MUSTER_SAMPLE_PLAIN);
  muster_sample_batch_add_double (batch, "t", NOW + G_GINT64_CONSTANT (90000000000), 1,
                                  MUSTER_SAMPLE_PLAIN);
  muster_sample_batch_add_double (batch, "t", 3000, 1, MUSTER_SAMPLE_PLAIN);
  g_assert_cmpint (append (&fixture, batch), ==, 4);
  muster_sample_batch_add_double (hopeless, "t", -1, 1, MUSTER_SAMPLE_PLAIN);
  g_assert_cmpint (append (&fixture, hopeless), ==, 1);
  g_assert_cmpint (stat_of (&fixture, "samples"), ==, 1);
  g_assert_cmpint (stat_of (&fixture, "refused"), ==, 5);
}

static void
test_survives_restart (void)
{
  g_auto (Fixture) fixture = fixture_new ();
  g_autoptr (GPtrArray) latest = NULL;
  g_autoptr (GError) error = NULL;
  const MusterSample *samples;
  unsigned            n;

  for (int i = 0; i < 100; i++)
    {
      g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new (i % 2 ? "odd" : "even");

      muster_sample_batch_add_integer (batch, "n", i * 1000000, i,
                                       i == 99 ? MUSTER_SAMPLE_HISTORICAL : MUSTER_SAMPLE_PLAIN);
      append (&fixture, batch);
    }
  fixture_close (&fixture);
  fixture_open (&fixture);
  g_assert_cmpint (stat_of (&fixture, "samples"), ==, 100);
  g_assert_cmpint (stat_of (&fixture, "series"), ==, 2);
  latest = dex_await_boxed (muster_sample_store_query_latest (fixture.store,
                                                              (const char *[]){ "odd", NULL }),
                            &error);
  g_assert_no_error (error);
  g_assert_cmpuint (latest->len, ==, 1);
  samples = muster_sample_batch_get (latest->pdata[0], &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpint (samples[0].integer, ==, 97);
}

static void
test_many_at_once (void)
{
  g_auto (Fixture) fixture = fixture_new ();
  g_autoptr (GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 5000; i++)
    {
      g_autofree char *device = g_strdup_printf ("d%d", i % 50);
      g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new (device);

      muster_sample_batch_add_double (batch, "a", i * 1000, i * 0.5, MUSTER_SAMPLE_PLAIN);
      muster_sample_batch_add_double (batch, "b", i * 1000, i * 0.25, MUSTER_SAMPLE_PLAIN);
      g_ptr_array_add (futures, muster_sample_store_append (fixture.store, batch));
    }
  muster_test_await (dex_future_allv ((DexFuture **)futures->pdata, futures->len));
  g_assert_cmpint (stat_of (&fixture, "samples"), ==, 10000);
  g_assert_cmpint (stat_of (&fixture, "series"), ==, 100);
}

static void
test_forget (void)
{
  g_auto (Fixture) fixture = fixture_new ();
  MusterSampleQuery query = { .device_id = "d1", .from = 0, .to = NOW };
  g_autofree char  *json = NULL;

  for (int i = 0; i < 2; i++)
    {
      g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new (i ? "d1" : "d2");

      muster_sample_batch_add_integer (batch, "n", 1000, i, MUSTER_SAMPLE_PLAIN);
      append (&fixture, batch);
    }
  muster_test_await (muster_sample_store_forget (fixture.store, "d1"));
  json = query_json (&fixture, &query);
  g_assert_cmpstr (json, ==, "");
  g_assert_cmpint (stat_of (&fixture, "samples"), ==, 1);
  g_assert_cmpint (stat_of (&fixture, "series"), ==, 1);
}

static void
test_wrong_file (void)
{
  g_autoptr (MusterTestDir) dir = muster_test_dir_new ();
  g_autofree char *path = muster_test_dir_build (dir, "samples.db");
  g_autoptr (MusterClock) clock = muster_clock_new ();
  g_autoptr (MusterSqliteSampleStore) store = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strnfill (9000, 'x');

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  store = muster_sqlite_sample_store_new (path, clock);
  error =
    muster_test_await_error (muster_service_start (MUSTER_SERVICE (store)), MUSTER_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, "samples.db"));
}

static void
test_not_running (void)
{
  g_autoptr (MusterClock) clock = muster_clock_new ();
  g_autoptr (MusterSqliteSampleStore) store =
              muster_sqlite_sample_store_new ("/nonexistent/samples.db", clock);
  g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new ("d");
  g_autoptr (GError) error =
      muster_test_await_error (muster_sample_store_append (MUSTER_SAMPLE_STORE (store), batch),
                               MUSTER_ERROR_UNAVAILABLE);

  g_assert_cmpstr (error->message, ==, "the sample store is not running");
}

static void
collect_cb (MusterEvent *event, gpointer user_data)
{
  g_string_append_len (user_data, g_bytes_get_data (muster_event_get_json (event), NULL),
                       g_bytes_get_size (muster_event_get_json (event)));
}

static void
test_ingest_publishes_what_is_live (void)
{
  g_auto (Fixture) fixture = fixture_new ();
  g_autoptr (MusterBus) bus = muster_bus_new ();
  g_autoptr (MusterTelemetry) telemetry = muster_telemetry_new (fixture.store, bus);
  g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new ("d1");
  g_autoptr (GString) seen = g_string_new (NULL);

  muster_bus_subscribe (bus, MUSTER_TOPIC_TELEMETRY, G_OBJECT (bus), collect_cb, seen);
  muster_sample_batch_add_integer (batch, "old", 1000, 1, MUSTER_SAMPLE_HISTORICAL);
  muster_sample_batch_add_integer (batch, "new", 2000, 2, MUSTER_SAMPLE_PLAIN);
  muster_sample_batch_add_integer (batch, "now", 2000, 3, MUSTER_SAMPLE_TRANSIENT);
  muster_sample_batch_add_double (batch, "odd", 2000, NAN, MUSTER_SAMPLE_PLAIN);
  muster_test_await (muster_telemetry_ingest (telemetry, batch));
  g_assert_cmpstr (
    seen->str, ==,
    "{\"device_id\":\"d1\",\"samples\":[{\"metric\":\"new\",\"points\":[[2,2]]},{\"metric\":\"now\",\"points\":[[2,3]]}]}");
  g_assert_cmpint (stat_of (&fixture, "samples"), ==, 2);
  g_assert_cmpint (muster_telemetry_get_stored (telemetry), ==, 2);
  g_assert_cmpint (muster_telemetry_get_refused (telemetry), ==, 1);
  g_assert_cmpint (muster_telemetry_get_lost (telemetry), ==, 0);
}

static void
test_loss_is_told (void)
{
  g_auto (Fixture) fixture = fixture_new ();
  g_autoptr (MusterBus) bus = muster_bus_new ();
  g_autoptr (MusterTelemetry) telemetry = muster_telemetry_new (fixture.store, bus);
  g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new ("d1");
  g_autoptr (GError) error = NULL;

  muster_sample_batch_add_integer (batch, "n", 1000, 1, MUSTER_SAMPLE_PLAIN);
  muster_test_await (muster_service_stop (MUSTER_SERVICE (fixture.store)));
  error =
    muster_test_await_error (muster_telemetry_ingest (telemetry, batch), MUSTER_ERROR_UNAVAILABLE);
  g_assert_cmpint (muster_telemetry_get_lost (telemetry), ==, 1);
  g_assert_cmpstr (muster_service_get_trouble (MUSTER_SERVICE (telemetry)), ==,
                   "samples are being lost: the sample store is not running");
}

/* A node that lost its connection sends again, as history, what it does not know to have arrived.
 */
static void
test_sent_again (void)
{
  g_auto (Fixture) fixture = fixture_new ();
  g_autoptr (MusterSampleBatch) live = muster_sample_batch_new ("d1");
  g_autoptr (MusterSampleBatch) again = muster_sample_batch_new ("d1");
  g_autoptr (GPtrArray) batches = NULL;
  g_autoptr (GError) error = NULL;
  const MusterSample *samples;
  unsigned            n;

  muster_sample_batch_add_integer (live, "n", NOW, 7, MUSTER_SAMPLE_PLAIN);
  muster_sample_batch_add_integer (again, "n", NOW, 7, MUSTER_SAMPLE_HISTORICAL);
  muster_sample_batch_add_integer (again, "n", NOW - 1000, 6, MUSTER_SAMPLE_HISTORICAL);
  append (&fixture, live);
  append (&fixture, again);
  fixture_close (&fixture);
  fixture_open (&fixture);
  batches = dex_await_boxed (muster_sample_store_query_latest (fixture.store, NULL), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (batches->len, ==, 1);
  samples = muster_sample_batch_get (batches->pdata[0], &n);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpint (samples[0].time, ==, NOW);
  g_assert_cmpint (samples[0].integer, ==, 7);
}

static void
test_backup (void)
{
  g_auto (Fixture) fixture = fixture_new ();
  g_autofree char *path = muster_test_dir_build (fixture.dir, "copy.db");
  g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new ("d1");
  g_autoptr (MusterSampleBatch) later = muster_sample_batch_new ("d1");
  g_autoptr (MusterSampleStore) copy = NULL;
  g_autoptr (GPtrArray) batches = NULL;
  g_autoptr (GError) error = NULL;
  unsigned n;

  for (int i = 0; i < 1000; i++)
    muster_sample_batch_add_integer (batch, "n", NOW - 1000 + i, i, MUSTER_SAMPLE_PLAIN);
  muster_sample_batch_add_integer (later, "m", NOW, 1, MUSTER_SAMPLE_PLAIN);
  append (&fixture, batch);
  muster_test_await (muster_sample_store_backup (fixture.store, path));
  append (&fixture, later);
  fixture_close (&fixture);
  copy = MUSTER_SAMPLE_STORE (muster_sqlite_sample_store_new (path, fixture.clock));
  error =
    muster_test_await_error (muster_sample_store_backup (copy, path), MUSTER_ERROR_UNAVAILABLE);
  g_clear_error (&error);
  muster_test_await (muster_service_start (MUSTER_SERVICE (copy)));
  batches =
    dex_await_boxed (muster_sample_store_query_range (copy, &(MusterSampleQuery){ .device_id = "d1",
                                                                                  .to = NOW }),
                     &error);
  g_assert_no_error (error);
  g_assert_cmpuint (batches->len, ==, 1);
  muster_sample_batch_get (batches->pdata[0], &n);
  g_assert_cmpuint (n, ==, 1000);
  muster_test_await (muster_service_stop (MUSTER_SERVICE (copy)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/sample-store/every-type-and-order", test_every_type_and_order);
  muster_test_add_fiber ("/sample-store/duplicates", test_duplicates);
  muster_test_add_fiber ("/sample-store/refusals", test_refusals);
  muster_test_add_fiber ("/sample-store/survives-restart", test_survives_restart);
  muster_test_add_fiber ("/sample-store/many-at-once", test_many_at_once);
  muster_test_add_fiber ("/sample-store/forget", test_forget);
  muster_test_add_fiber ("/sample-store/sent-again", test_sent_again);
  muster_test_add_fiber ("/sample-store/backup", test_backup);
  muster_test_add_fiber ("/sample-store/wrong-file", test_wrong_file);
  muster_test_add_fiber ("/sample-store/not-running", test_not_running);
  muster_test_add_fiber ("/telemetry/ingest-publishes-what-is-live",
                         test_ingest_publishes_what_is_live);
  muster_test_add_fiber ("/telemetry/loss-is-told", test_loss_is_told);
  return g_test_run ();
}
