/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/muster-error.h"
#include "muster-ingest-body.h"

#define A "0192e4a0-7b1c-7def-8abc-0123456789ab"
#define B "0192e4a0-7b1c-7def-8abc-0123456789ac"
#define NOW G_GINT64_CONSTANT (1767225600000000)

static const char *
look_up (const char *key, gpointer user_data)
{
  return g_str_equal (key, "Lamp") ? A : g_str_equal (key, "SN-2") ? B : NULL;
}

static GPtrArray *
decode (const char *text, const char *own, GError **error)
{
  MusterIngestSender sender = { .lookup = look_up, .own_device = own, .now = NOW };
  g_autoptr (JsonNode) node = json_from_string (text, NULL);

  g_assert_nonnull (node);
  return muster_ingest_body_decode (node, &sender, NULL, error);
}

static void
test_forms (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) batches =
      decode ("{\"items\":[{\"device_id\":\"" A
              "\",\"metric\":\"t\",\"value\":21.5,\"timestamp\":1767225599000},"
              "{\"device_id\":\"" B "\",\"metrics\":{\"on\":true,\"n\":7,\"s\":\"x\",\"z\":null}},"
              "{\"device_id\":\"" A
              "\",\"timestamp\":\"2026-01-01T00:00:00.250Z\",\"metric\":\"t\",\"value\":22}]}",
              NULL, &error);
  const MusterSample *samples;
  unsigned            n;

  g_assert_no_error (error);
  g_assert_cmpuint (batches->len, ==, 2);
  samples = muster_sample_batch_get (batches->pdata[0], &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpint (samples[0].time, ==, NOW - 1000000);
  g_assert_cmpfloat (samples[0].number, ==, 21.5);
  g_assert_cmpint (samples[1].time, ==, NOW + 250000);
  g_assert_cmpint (samples[1].type, ==, MUSTER_SAMPLE_INTEGER);
  samples = muster_sample_batch_get (batches->pdata[1], &n);
  g_assert_cmpuint (n, ==, 4);
  g_assert_cmpint (samples[0].type, ==, MUSTER_SAMPLE_BOOLEAN);
  g_assert_cmpint (samples[0].time, ==, NOW);
  g_assert_cmpstr (samples[2].text, ==, "x");
  g_assert_cmpint (samples[3].type, ==, MUSTER_SAMPLE_NULL);
}

static void
test_own_device (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) batches = decode ("[{\"metric\":\"t\",\"value\":1},{\"device_id\":\"" A
                                         "\",\"metric\":\"t\",\"value\":1}]",
                                         A, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (batches->len, ==, 1);
  g_assert_null (decode ("{\"device_id\":\"" B "\",\"metric\":\"t\",\"value\":1}", A, &error));
  g_assert_cmpstr (error->message, ==, "/device_id: must be the device that the token belongs to");
}

/* A device in the sender's own words. */
static void
test_names (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) batches = decode ("[{\"device\":\"Lamp\",\"metric\":\"t\",\"value\":1},"
                                         "{\"device\":\"SN-2\",\"metric\":\"t\",\"value\":2}]",
                                         NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (batches->len, ==, 2);
  g_assert_cmpstr (muster_sample_batch_get_device_id (batches->pdata[0]), ==, A);
  g_assert_cmpstr (muster_sample_batch_get_device_id (batches->pdata[1]), ==, B);
  g_assert_null (decode ("{\"device\":\"SN-2\",\"metric\":\"t\",\"value\":1}", A, &error));
  g_assert_cmpstr (error->message, ==, "/device: must be the device that the token belongs to");
}

static void
test_refusals (void)
{
  static const struct
  {
    const char *body;
    const char *message;
  } rows[] = {
    { "7", ": must be an object: a reading" },
    { "{\"items\":7}", "/items: must be an array of readings" },
    { "{\"metric\":\"t\",\"value\":1}", "/device_id: is required" },
    { "{\"device_id\":\"x\",\"metric\":\"t\",\"value\":1}", "/device_id: must be a UUID" },
    { "{\"device_id\":5,\"metric\":\"t\",\"value\":1}", "/device_id: must be a UUID" },
    { "{\"device_id\":\"" A "\"}", ": must have `metric` and `value`, or `metrics`" },
    { "{\"device_id\":\"" A "\",\"metric\":\"t\"}",
      ": must have `metric` and `value`, or `metrics`" },
    { "{\"device_id\":\"" A "\",\"metric\":\"t\",\"value\":[1]}",
      "/value: must be a number, true, false, a string or null" },
    { "{\"device_id\":\"" A "\",\"metric\":\"\",\"value\":1}",
      "/value: must have a name of 1 to 200 bytes" },
    { "{\"device_id\":\"" A "\",\"metrics\":[]}",
      "/metrics: must be an object of names and values" },
    { "{\"device_id\":\"" A "\",\"metrics\":{\"a\":{}}}",
      "/metrics/a: must be a number, true, false, a string or null" },
    { "{\"device_id\":\"" A "\",\"metric\":\"t\",\"value\":1,\"timestamp\":\"noon\"}",
      "/timestamp: must be a time like 2026-01-31T08:05:09.123Z, or milliseconds since 1970" },
    { "{\"device_id\":\"" A "\",\"metric\":\"t\",\"value\":1,\"timestamp\":-1}",
      "/timestamp: must be a time like 2026-01-31T08:05:09.123Z, or milliseconds since 1970" },
    { "{\"device_id\":\"" A "\",\"metric\":\"t\",\"value\":1,\"quality\":\"K\"}",
      "/quality: is not a member of a reading" },
    { "{\"device_id\":\"" A "\",\"metric\":\"t\",\"value\":1,\"unit\":7}",
      "/unit: must be a string" },
    { "{\"device_id\":\"" A "\",\"metrics\":{\"t\":1},\"units\":\"K\"}",
      "/units: must be an object of names and units" },
    { "{\"device_id\":\"" A "\",\"metrics\":{\"t\":1},\"units\":{\"t\":1}}",
      "/units/t: must be a string" },
    { "{\"device\":\"nobody\",\"metric\":\"t\",\"value\":1}",
      "/device: is not the identifier, serial number, node or name of one device of this site" },
    { "{\"device\":7,\"metric\":\"t\",\"value\":1}",
      "/device: is not the identifier, serial number, node or name of one device of this site" },
    { "{\"device\":\"Lamp\",\"device_id\":\"" A "\",\"metric\":\"t\",\"value\":1}",
      "/device: goes without device_id" },
    { "[{\"device_id\":\"" A "\",\"metric\":\"t\",\"value\":1},{\"device_id\":\"" A
      "\",\"metric\":\"t\",\"value\":{}}]",
      "/1/value: must be a number, true, false, a string or null" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (decode (rows[i].body, NULL, &error));
      g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_INVALID);
      g_assert_cmpstr (error->message, ==, rows[i].message);
    }
}

static void
test_too_many (void)
{
  g_autoptr (GString) body = g_string_new ("[");
  g_autoptr (GError) error = NULL;

  for (int i = 0; i <= MUSTER_INGEST_MAX_SAMPLES; i++)
    g_string_append (body,
                     i ? ",{\"metric\":\"t\",\"value\":1}" : "{\"metric\":\"t\",\"value\":1}");
  g_string_append_c (body, ']');
  g_assert_null (decode (body->str, A, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE);
}

static void
test_mutated (void)
{
  static const char seed[] =
    "{\"items\":[{\"device_id\":\"" A
    "\",\"metrics\":{\"on\":true,\"n\":7,\"s\":\"x\"},\"timestamp\":1767225599000}]}";
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);

  for (int round = 0; round < 20000; round++)
    {
      g_autofree char *text = g_memdup2 (seed, sizeof seed);
      g_autoptr (JsonNode) node = NULL;
      g_autoptr (GPtrArray) batches = NULL;

      for (int i = g_rand_int_range (rand, 1, 5); i > 0; i--)
        text[g_rand_int_range (rand, 0, sizeof seed - 1)] = g_rand_int_range (rand, 32, 127);
      node = json_from_string (text, NULL);
      if (node == NULL)
        continue;
      batches = muster_ingest_body_decode (node, &(MusterIngestSender){ .now = NOW }, NULL, NULL);
      if (batches != NULL)
        g_assert_cmpuint (batches->len, <=, 1);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ingest-body/forms", test_forms);
  g_test_add_func ("/ingest-body/own-device", test_own_device);
  g_test_add_func ("/ingest-body/names", test_names);
  g_test_add_func ("/ingest-body/refusals", test_refusals);
  g_test_add_func ("/ingest-body/too-many", test_too_many);
  g_test_add_func ("/ingest-body/mutated", test_mutated);
  return g_test_run ();
}
