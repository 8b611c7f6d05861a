/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <snappy-c.h>
#include <stdint.h>
#include <string.h>

#include "core/muster-core-test-util.h"
#include "model/muster-error.h"
#include "muster-remote-write.h"

/* tests/fuzz/fuzz-remote-write.c */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define LAMP "0192e4a0-7b1c-7def-8abc-0123456789ab"
#define METER "0192e4a0-7b1c-7def-8abc-0123456789ac"
#define NOW G_GINT64_CONSTANT (1767225600000000)
#define NOW_MS (NOW / 1000)

static const char *
look_up (const char *key, gpointer user_data)
{
  static const char *const known[][2] = { { LAMP, LAMP },
                                          { "Lamp", LAMP },
                                          { "10.0.0.7", LAMP },
                                          { "SN-2", METER },
                                          { "meter:8080", METER } };

  for (unsigned i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (known[i][0], key))
      return known[i][1];
  return NULL;
}

/* --- a writer of protocol buffers --- */

static void
put_varint (GString *out, guint64 value)
{
  for (; value >= 0x80; value >>= 7)
    g_string_append_c (out, (char)(value | 0x80));
  g_string_append_c (out, (char)value);
}

static void
put_bytes (GString *out, unsigned field, const char *data, gsize size)
{
  put_varint (out, field << 3 | 2);
  put_varint (out, size);
  g_string_append_len (out, data, size);
}

/* One series of "name=value" labels, separated by commas. */
static void
put_series (GString *out, const char *labels, unsigned n, const double *values, const gint64 *times)
{
  g_autoptr (GString) series = g_string_new (NULL);
  g_auto (GStrv) list = g_strsplit (labels, ",", -1);

  for (unsigned i = 0; list[i] != NULL; i++)
    {
      g_autoptr (GString) label = g_string_new (NULL);
      char *equals = strchr (list[i], '=');

      put_bytes (label, 1, list[i], equals - list[i]);
      put_bytes (label, 2, equals + 1, strlen (equals + 1));
      put_bytes (series, 1, label->str, label->len);
    }
  for (unsigned i = 0; i < n; i++)
    {
      g_autoptr (GString) sample = g_string_new (NULL);
      guint64 bits;

      memcpy (&bits, &values[i], 8);
      bits = GUINT64_TO_LE (bits);
      put_varint (sample, 1 << 3 | 1);
      g_string_append_len (sample, (const char *)&bits, 8);
      put_varint (sample, 2 << 3);
      put_varint (sample, times[i]);
      put_bytes (series, 2, sample->str, sample->len);
    }
  put_bytes (out, 1, series->str, series->len);
}

static void
put_one (GString *out, const char *labels, double value)
{
  const gint64 time = NOW_MS;

  put_series (out, labels, 1, &value, &time);
}

static GBytes *
pack (GString *plain)
{
  size_t size = snappy_max_compressed_length (plain->len);
  char  *packed = g_malloc (size);

  g_assert_cmpint (snappy_compress (plain->str, plain->len, packed, &size), ==, SNAPPY_OK);
  return g_bytes_new_take (packed, size);
}

static MusterIngest *
decode (GString *plain, const char *own, GError **error)
{
  MusterIngestSender sender = { .lookup = look_up, .own_device = own, .now = NOW };
  g_autoptr (GBytes) body = pack (plain);

  return muster_remote_write_decode (body, &sender, error);
}

static const MusterSample *
get_samples (MusterIngest *ingest, unsigned batch, const char *device, unsigned *n)
{
  GPtrArray *batches = muster_ingest_get_batches (ingest);

  g_assert_cmpuint (batches->len, >, batch);
  g_assert_cmpstr (muster_sample_batch_get_device_id (batches->pdata[batch]), ==, device);
  return muster_sample_batch_get (batches->pdata[batch], n);
}

/* --- tests --- */

static void
test_names (void)
{
  /* clang-format off */
  static const struct { const char *labels; const char *device; const char *metric; } rows[] = {
    { "__name__=temp,instance=10.0.0.7:9100,job=node", LAMP, "temp/job=node" },
    { "job=node,__name__=temp,instance=10.0.0.7", LAMP, "temp/job=node" },
    { "__name__=temp,device_id=" LAMP, LAMP, "temp" },
    { "__name__=temp,serial=SN-2,zone=b,area=a", METER, "temp/area=a/zone=b" },
    { "__name__=bytes,device=eth0,instance=Lamp:80", LAMP, "bytes/device=eth0" },
    { "__name__=temp,device=Lamp,host=10.0.0.7,instance=SN-2", LAMP, "temp/instance=SN-2" },
    { "__name__=temp,instance=meter:8080", METER, "temp" },
    { "__name__=fs,device=Lamp,mountpoint=/var=x\\", LAMP, "fs/mountpoint=/var\\=x\\\\" },
    { "__name__=temp,device=Lamp,empty=", LAMP, "temp" },
    { "__name__=größe,device=Lamp", LAMP, "größe" },
  };
  /* clang-format on */

  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GString) plain = g_string_new (NULL);
      g_autoptr (MusterIngest) ingest = NULL;
      const MusterSample *samples;
      unsigned            n;

      put_one (plain, rows[i].labels, 21.5);
      ingest = decode (plain, NULL, NULL);
      g_assert_cmpstr (muster_ingest_get_reasons (ingest), ==, "");
      samples = get_samples (ingest, 0, rows[i].device, &n);
      g_assert_cmpuint (n, ==, 1);
      g_assert_cmpstr (samples[0].metric, ==, rows[i].metric);
      g_assert_cmpfloat (samples[0].number, ==, 21.5);
      g_assert_cmpint (samples[0].time, ==, NOW);
    }
}

static void
test_own_device (void)
{
  g_autoptr (GString) plain = g_string_new (NULL);
  g_autoptr (MusterIngest) ingest = NULL;
  const MusterSample *samples;
  unsigned            n;

  put_one (plain, "__name__=temp,instance=nowhere:1", 1);
  put_one (plain, "__name__=temp,instance=10.0.0.7:1", 2);
  put_one (plain, "__name__=temp,device=SN-2", 3);
  ingest = decode (plain, LAMP, NULL);
  g_assert_cmpuint (muster_ingest_get_batches (ingest)->len, ==, 1);
  samples = get_samples (ingest, 0, LAMP, &n);
  g_assert_cmpuint (n, ==, 3);
  g_assert_cmpstr (samples[0].metric, ==, "temp/instance=nowhere:1");
  g_assert_cmpstr (samples[1].metric, ==, "temp");
  g_assert_cmpstr (samples[2].metric, ==, "temp/device=SN-2");
}

static void
test_values (void)
{
  static const gint64 times[] = { NOW_MS, NOW_MS - 1000, NOW_MS - 600000, NOW_MS, NOW_MS };
  const guint64       stale_bits = 0x7ff0000000000002;
  double              values[] = { 1.25, 0, -3, NAN, INFINITY };
  g_autoptr (GString) plain = g_string_new (NULL);
  g_autoptr (MusterIngest) ingest = NULL;
  const MusterSample *samples;
  unsigned            n;

  memcpy (&values[1], &stale_bits, 8);
  put_series (plain, "__name__=t,device=Lamp", 5, values, times);
  put_one (plain, "__name__=t,serial=SN-2", 7);
  ingest = decode (plain, NULL, NULL);
  samples = get_samples (ingest, 0, LAMP, &n);
  g_assert_cmpuint (n, ==, 5);
  g_assert_cmpint (samples[0].type, ==, MUSTER_SAMPLE_DOUBLE);
  g_assert_cmpint (samples[0].flags, ==, MUSTER_SAMPLE_PLAIN);
  g_assert_cmpint (samples[1].type, ==, MUSTER_SAMPLE_NULL);
  g_assert_cmpint (samples[1].flags, ==, MUSTER_SAMPLE_STALE);
  g_assert_cmpfloat (samples[2].number, ==, -3);
  g_assert_cmpint (samples[2].flags, ==, MUSTER_SAMPLE_HISTORICAL);
  g_assert_cmpint (samples[3].type, ==, MUSTER_SAMPLE_NULL);
  g_assert_cmpint (samples[3].flags, ==, MUSTER_SAMPLE_PLAIN);
  g_assert_cmpint (samples[4].type, ==, MUSTER_SAMPLE_NULL);
  g_assert_cmpint (samples[4].flags, ==, MUSTER_SAMPLE_BAD);
  get_samples (ingest, 1, METER, &n);
  g_assert_cmpuint (n, ==, 1);
}

/* What is wrong with one series leaves the others. */
static void
test_refused_series (void)
{
  g_autofree char *long_value = g_strnfill (200, 'v');
  g_autofree char *long_labels = g_strdup_printf ("__name__=t,device=Lamp,l=%s", long_value);
  g_autoptr (GString) plain = g_string_new (NULL);
  g_autoptr (MusterIngest) ingest = NULL;

  put_one (plain, "__name__=t,instance=nowhere:80", 1);
  put_one (plain, "__name__=t,device=Lamp", 2);
  put_one (plain, "device=Lamp", 3);
  put_one (plain, long_labels, 4);
  ingest = decode (plain, NULL, NULL);
  g_assert_cmpuint (muster_ingest_get_batches (ingest)->len, ==, 1);
  g_assert_cmpuint (muster_ingest_get_refused (ingest), ==, 3);
  g_assert_true (g_str_has_prefix (muster_ingest_get_reasons (ingest),
                                   "t{instance=\"nowhere:80\"}: none of its labels device_id, "
                                   "device, serial, instance and host names a device of this site\n"
                                   "{device=\"Lamp\"}: it has no label __name__\n"
                                   "t{device=\"Lamp\",l=\"vvv"));
}

static void
test_refused_bodies (void)
{
  MusterIngestSender sender = { .lookup = look_up, .now = NOW };
  g_autoptr (GString) plain = g_string_new (NULL);
  g_autoptr (GString) labels = g_string_new ("__name__=t");
  g_autoptr (GBytes) truncated = g_bytes_new_static ("\xff\xff\xff\x7f\x00", 5);
  g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);
  g_autoptr (GError) error = NULL;

  g_assert_null (muster_remote_write_decode (empty, &sender, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED);
  g_clear_error (&error);
  g_assert_null (muster_remote_write_decode (truncated, &sender, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE);
  g_clear_error (&error);
  g_string_assign (plain, "\x0a\x7f");
  g_assert_null (decode (plain, NULL, &error));
  g_assert_cmpstr (error->message, ==, "the body is no prometheus.WriteRequest");
  g_clear_error (&error);
  for (unsigned i = 0; i < MUSTER_REMOTE_WRITE_MAX_LABELS; i++)
    g_string_append_printf (labels, ",l%u=v", i);
  g_string_truncate (plain, 0);
  put_one (plain, labels->str, 1);
  g_assert_null (decode (plain, NULL, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE);
}

static void
test_too_many (void)
{
  unsigned           n = MUSTER_REMOTE_WRITE_MAX_SAMPLES + 1;
  g_autofree double *values = g_new0 (double, n);
  g_autofree gint64 *times = g_new0 (gint64, n);
  g_autoptr (GString) plain = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  put_series (plain, "__name__=t,device=Lamp", n, values, times);
  g_assert_null (decode (plain, NULL, &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_TOO_LARGE);
}

static void
test_mutated (void)
{
  static const gint64 times[] = { NOW_MS, NOW_MS + 1 };
  static const double values[] = { 1, 2 };
  g_autoptr (GString) seed = g_string_new (NULL);

  put_series (seed, "__name__=t,device=Lamp,zone=b", 2, values, times);
  put_series (seed, "__name__=u,instance=x:80", 1, values, times);
  for (unsigned round = 0; round < 5000; round++)
    {
      g_autoptr (GString) bytes = g_string_new_len (seed->str, seed->len);
      g_autoptr (GBytes) packed = NULL;

      for (int i = g_test_rand_int_range (1, 5); i > 0; i--)
        muster_test_mutate (bytes);
      LLVMFuzzerTestOneInput ((const uint8_t *)bytes->str, bytes->len);
      packed = pack (seed);
      g_string_truncate (bytes, 0);
      g_string_append_len (bytes, g_bytes_get_data (packed, NULL), g_bytes_get_size (packed));
      muster_test_mutate (bytes);
      LLVMFuzzerTestOneInput ((const uint8_t *)bytes->str, bytes->len);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/remote-write/names", test_names);
  g_test_add_func ("/remote-write/own-device", test_own_device);
  g_test_add_func ("/remote-write/values", test_values);
  g_test_add_func ("/remote-write/refused-series", test_refused_series);
  g_test_add_func ("/remote-write/refused-bodies", test_refused_bodies);
  g_test_add_func ("/remote-write/too-many", test_too_many);
  g_test_add_func ("/remote-write/mutated", test_mutated);
  return g_test_run ();
}
