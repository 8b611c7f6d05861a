/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
#include <string.h>

#include "core/muster-core-test-util.h"
#include "muster-ingest-csv.h"

/* tests/fuzz/fuzz-ingest-csv.c */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define LAMP "0192e4a0-7b1c-7def-8abc-0123456789ab"
#define METER "0192e4a0-7b1c-7def-8abc-0123456789ac"
#define NOW G_GINT64_CONSTANT (1767225600000000) /* 2026-01-01T00:00:00Z */

static const char *
look_up (const char *key, gpointer user_data)
{
  if (g_str_equal (key, "Lamp") || g_str_equal (key, LAMP))
    return LAMP;
  return g_str_equal (key, "SN-2") ? METER : NULL;
}

static MusterIngestCsv *
open_csv (const char *device, gboolean decimal_comma)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Berlin");
  MusterIngestCsvOptions options = { .sender = { .lookup = look_up, .now = NOW },
                                     .device = device,
                                     .zone = zone,
                                     .decimal_comma = decimal_comma };

  return muster_ingest_csv_new (&options);
}

/* "device.metric@seconds after NOW=value" pieces, in the order of devices. */
static char *
describe (MusterIngest *ingest)
{
  GString   *text = g_string_new (NULL);
  GPtrArray *batches = muster_ingest_get_batches (ingest);

  for (guint b = 0; b < batches->len; b++)
    {
      unsigned            n;
      const MusterSample *samples = muster_sample_batch_get (batches->pdata[b], &n);
      const char         *device = muster_sample_batch_get_device_id (batches->pdata[b]);

      for (unsigned i = 0; i < n; i++)
        {
          g_string_append_printf (text, "%s%s.%s@%.10g=", text->len > 0 ? " " : "",
                                  g_str_equal (device, LAMP) ? "lamp" : "meter", samples[i].metric,
                                  (double)(samples[i].time - NOW) / G_USEC_PER_SEC);
          muster_sample_encode_value (&samples[i], text);
          if (samples[i].flags & MUSTER_SAMPLE_HISTORICAL)
            g_string_append_c (text, 'h');
        }
    }
  return g_string_free (text, FALSE);
}

static void
test_forms (void)
{
  /* clang-format off */
  static const struct { const char *csv; const char *device; gboolean comma; const char *samples; } rows[] = {
    { "timestamp,device,metric,value\n2026-01-01T00:00:01Z,Lamp,t,21.5\n2026-01-01T00:00:02Z,SN-2,n,7\n", NULL, FALSE, "lamp.t@1=21.5 meter.n@2=7" },
    { "Value;Metric;DEVICE_ID;Time\r\n1,5;t;" LAMP ";1767225601\r\n", NULL, TRUE, "lamp.t@1=1.5" },
    { "\xef\xbb\xbf" "date,t,on,s,z\n1767225601500,20,true,open,\n1767225602,,FALSE,\"a, b\",null", LAMP, FALSE, "lamp.t@1.5=20 lamp.on@1.5=true lamp.s@1.5=\"open\" lamp.on@2=false lamp.s@2=\"a, b\" lamp.z@2=null" },
    { "time\ta/b\n1767225600000001\t1\n1767225600000002000\t2\n", LAMP, FALSE, "lamp.a/b@1e-06=1 lamp.a/b@2e-06=2" },
    /* Of the zone that was told: an hour ahead of UTC. */
    { "time,t\n2026-01-01 01:00:03,1\n2026-01-01T01:00:03.250+02:00,2\n", LAMP, FALSE, "lamp.t@3=1 lamp.t@-3596.75=2h" },
    { "time,device,t\n1767225601,,1\n1767225601,SN-2,2\n", LAMP, FALSE, "lamp.t@1=1 meter.t@1=2" },
    { "time,metric,value\n1767225601,t,0x10\n1767225601,t,inf\n1767225601,t,-1e3\n", LAMP, FALSE, "lamp.t@1=\"0x10\" lamp.t@1=\"inf\" lamp.t@1=-1000" },
  };
  /* clang-format on */

  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (MusterIngestCsv) csv = open_csv (rows[i].device, rows[i].comma);
      g_autoptr (GError) error = NULL;
      g_autoptr (MusterIngest) ingest = NULL;
      g_autofree char *samples = NULL;

      for (const char *at = rows[i].csv; *at != '\0'; at++)
        g_assert_true (muster_ingest_csv_feed (csv, at, 1, &error));
      muster_ingest_csv_finish (csv, &error);
      g_assert_no_error (error);
      ingest = muster_ingest_csv_take (csv);
      samples = describe (ingest);
      g_assert_cmpstr (samples, ==, rows[i].samples);
    }
}

static void
test_wrong_rows (void)
{
  static const char text[] = "timestamp,device,metric,value\n"
                             "yesterday,Lamp,t,1\n"
                             "1767225601,Nobody,t,1\n"
                             "1767225601,,t,1\n"
                             "1767225601,Lamp,,1\n"
                             "1767225601,Lamp,t,1,2\n"
                             "1767225602,Lamp,t,4\n";
  g_autoptr (MusterIngestCsv) csv = open_csv (NULL, FALSE);
  g_autoptr (GString) report = g_string_new (NULL);

  g_assert_true (muster_ingest_csv_feed (csv, text, strlen (text), NULL));
  g_assert_true (muster_ingest_csv_finish (csv, NULL));
  g_assert_cmpuint (muster_ingest_csv_get_waiting (csv), ==, 1);
  muster_ingest_csv_append_report (csv, report);
  g_assert_cmpstr (
    report->str, ==,
    "\"rows\":6,\"samples\":1,\"wrong\":5,\"from\":\"2026-01-01T00:00:02.000Z\",\"to\":\"2026-01-01"
    "T00:00:02.000Z\",\"devices\":[\"" LAMP "\"],\"metrics\":[\"t\"],\"errors\":["
    "{\"row\":2,\"column\":\"timestamp\",\"detail\":\"must be a time like 2026-01-31T08:05:09.123Z, "
    "or a number since 1970\"},"
    "{\"row\":3,\"column\":\"device\",\"detail\":\"is not the identifier, serial number, node or "
    "name of one device of this site\"},"
    "{\"row\":4,\"column\":\"device\",\"detail\":\"is empty\"},"
    "{\"row\":5,\"column\":\"metric\",\"detail\":\"must have 1 to 200 bytes\"},"
    "{\"row\":6,\"column\":\"\",\"detail\":\"has 5 cells, the first row has 4\"}]");
}

static void
test_refused (void)
{
  static const struct
  {
    const char *csv;
    const char *message;
  } rows[] = {
    { "", "the first row is missing: it names the columns" },
    { "device,t\nLamp,1\n", "the first row names no column timestamp" },
    { "time,t\n1,1\n",
      "the first row names no column device: add it, or tell whose samples they are" },
    { "time,device\n1,Lamp\n",
      "the first row must name the columns metric and value, or one column for each metric" },
    { "time,device,metric,t\n",
      "the first row must name the columns metric and value, or one column for each metric" },
    { "time,device,date,t\n", "the first row names a column twice, or by two of its names" },
    { "time,device,\xff\n", "row 1 is not text in UTF-8" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (MusterIngestCsv) csv = open_csv (NULL, FALSE);
      g_autoptr (GError) error = NULL;

      g_assert_false (muster_ingest_csv_feed (csv, rows[i].csv, strlen (rows[i].csv), &error) &&
                      muster_ingest_csv_finish (csv, &error));
      g_assert_cmpstr (error->message, ==, rows[i].message);
    }
}

/* Only so many errors and names are kept, however long the file. */
static void
test_bounds (void)
{
  g_autoptr (MusterIngestCsv) csv = open_csv (LAMP, FALSE);
  g_autoptr (GString) report = g_string_new (NULL);

  muster_ingest_csv_feed (csv, "time,metric,value\n", 18, NULL);
  for (unsigned i = 0; i < 20000; i++)
    {
      g_autofree char *row = g_strdup_printf ("1767225601,m%u,1\nx,t,1\n", i);
      g_autoptr (MusterIngest) ingest = NULL;

      g_assert_true (muster_ingest_csv_feed (csv, row, strlen (row), NULL));
      ingest = muster_ingest_csv_take (csv);
    }
  g_assert_true (muster_ingest_csv_finish (csv, NULL));
  g_assert_cmpint (muster_ingest_csv_get_samples (csv), ==, 20000);
  muster_ingest_csv_append_report (csv, report);
  g_assert_nonnull (strstr (report->str, "\"rows\":40000,\"samples\":20000,\"wrong\":20000"));
  g_assert_cmpuint (report->len, <, 40000);
}

static void
test_mutated (void)
{
  static const char *const seeds[] = {
    "timestamp,device,metric,value\n2026-01-01T00:00:01Z,Lamp,t,21.5\n1767225601500,x,n,true\n",
    "time;t;on;s\n1767225601;1,5;true;\"a \"\"b\"\"\"\n2026-01-01 01:00:03;;;\n",
  };

  for (unsigned round = 0; round < 5000; round++)
    {
      g_autoptr (GString) text = g_string_new (seeds[round % G_N_ELEMENTS (seeds)]);

      for (int i = g_test_rand_int_range (1, 5); i > 0; i--)
        muster_test_mutate (text);
      LLVMFuzzerTestOneInput ((const uint8_t *)text->str, text->len);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ingest-csv/forms", test_forms);
  g_test_add_func ("/ingest-csv/wrong-rows", test_wrong_rows);
  g_test_add_func ("/ingest-csv/refused", test_refused);
  g_test_add_func ("/ingest-csv/bounds", test_bounds);
  g_test_add_func ("/ingest-csv/mutated", test_mutated);
  return g_test_run ();
}
