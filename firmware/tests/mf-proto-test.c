/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include <gio/gio.h>

#include "mf-test-board.h"

/* The protocol-buffer writer and reader, and the payloads made with them, against protoc. */

static GBytes *
protoc (const char *mode, const void *data, gsize size)
{
  g_autofree char *folder = g_path_get_dirname (g_getenv ("MUSTER_TEST_SPARKPLUG_PROTO"));
  g_autofree char *path = g_strconcat ("--proto_path=", folder, NULL);
  g_autofree char *message = g_strconcat (mode, "=org.eclipse.tahu.protobuf.Payload", NULL);
  g_autoptr (GBytes) input = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = NULL;
  GBytes *output = NULL;

  process =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                      g_getenv ("MUSTER_TEST_PROTOC"), path, message, "sparkplug_b.proto", NULL);
  g_assert_no_error (error);
  g_subprocess_communicate (process, input, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (process));
  return output;
}

/* Every datatype of the core, as protoc reads it. */
static void
test_values_decoded (void)
{
  static const struct
  {
    enum mf_type   type;
    union mf_value value;
    const char    *text;
  } cases[] = {
    { MF_TYPE_INT8, { .i = -23 }, "int_value: 4294967273" },
    { MF_TYPE_INT16, { .i = -30000 }, "int_value: 4294937296" },
    { MF_TYPE_INT32, { .i = G_MININT32 }, "int_value: 2147483648" },
    { MF_TYPE_INT64, { .i = -1 }, "long_value: 18446744073709551615" },
    { MF_TYPE_UINT8, { .u = 255 }, "int_value: 255" },
    { MF_TYPE_UINT16, { .u = 65535 }, "int_value: 65535" },
    { MF_TYPE_UINT32, { .u = G_MAXUINT32 }, "int_value: 4294967295" },
    { MF_TYPE_UINT64, { .u = G_MAXUINT64 }, "long_value: 18446744073709551615" },
    { MF_TYPE_FLOAT, { .f = 1.5f }, "float_value: 1.5" },
    { MF_TYPE_DOUBLE, { .d = -0.1 }, "double_value: -0.1" },
    { MF_TYPE_BOOLEAN, { .b = true }, "boolean_value: true" },
    { MF_TYPE_STRING, { .s = "a \"text\"" }, "string_value: \"a \\\"text\\\"\"" },
    { MF_TYPE_DATETIME, { .u = 1700000000000 }, "long_value: 1700000000000" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      struct mf_metric_form form = { "Name",          7,    1700000000001, cases[i].type,
                                     &cases[i].value, NULL, true,          true };
      g_autofree char      *expected = NULL;
      g_autoptr (GBytes) text = NULL;
      guint8           buffer[256];
      struct mf_writer writer;

      mf_writer_init (&writer, buffer, sizeof buffer);
      mf_sparkplug_begin (&writer, 1700000000002);
      g_assert_true (mf_sparkplug_metric (&writer, &form));
      g_assert_true (mf_sparkplug_end (&writer, 200));
      text = protoc ("--decode", buffer, writer.used);
      expected = g_strdup_printf (
        "timestamp: 1700000000002\nmetrics {\n  name: \"Name\"\n  alias: 7\n  timestamp: 1700000000001\n  datatype: %d\n  is_historical: true\n  %s\n}\nseq: 200\n",
        cases[i].type, cases[i].text);
      g_assert_cmpmem (g_bytes_get_data (text, NULL), g_bytes_get_size (text), expected,
                       strlen (expected));
    }
}

typedef struct
{
  guint                    count;
  struct mf_command_metric metrics[8];
} Seen;

static void
each (void *user, const struct mf_command_metric *metric)
{
  Seen *seen = user;

  g_assert_cmpuint (seen->count, <, G_N_ELEMENTS (seen->metrics));
  seen->metrics[seen->count++] = *metric;
}

/* A command as protoc writes it, with fields that mean nothing to a node among them. */
static void
test_command_encoded (void)
{
  static const char text[] =
    "timestamp: 99 uuid: \"u\" body: \"b\" seq: 3 "
    "metrics { name: \"A\" timestamp: 5 datatype: 9 float_value: 2.5 metadata { description: \"d\" } } "
    "metrics { alias: 4 long_value: 18446744073709551615 } "
    "metrics { alias: 0 is_null: true } "
    "metrics { name: \"D\" string_value: \"s\" properties { keys: \"k\" values { type: 12 string_value: \"v\" } } } "
    "metrics { name: \"E\" dataset_value { num_of_columns: 1 columns: \"c\" types: 7 rows { elements { int_value: 1 } } } }";
  g_autoptr (GBytes) encoded = protoc ("--encode", text, sizeof text - 1);
  struct mf_bytes bytes = { 0 };
  union mf_value  value;
  char            copy[MF_TEXT_MAX + 1];
  guint64         time_ms = 0;
  Seen            seen = { 0 };

  bytes.data = g_bytes_get_data (encoded, &bytes.size);
  g_assert_true (mf_sparkplug_read (bytes, &time_ms, each, &seen));
  g_assert_cmpuint (time_ms, ==, 99);
  g_assert_cmpuint (seen.count, ==, 5);
  g_assert_true (mf_sparkplug_value (&seen.metrics[0], MF_TYPE_DOUBLE, &value, copy));
  g_assert_cmpfloat (value.d, ==, 2.5);
  g_assert_false (mf_sparkplug_value (&seen.metrics[0], MF_TYPE_INT32, &value, copy));
  g_assert_true (seen.metrics[1].has_alias && seen.metrics[1].alias == 4);
  g_assert_true (mf_sparkplug_value (&seen.metrics[1], MF_TYPE_INT64, &value, copy));
  g_assert_cmpint (value.i, ==, -1);
  g_assert_true (seen.metrics[2].has_alias && seen.metrics[2].alias == 0 &&
                 seen.metrics[2].is_null);
  g_assert_true (mf_sparkplug_value (&seen.metrics[3], MF_TYPE_STRING, &value, copy));
  g_assert_cmpstr (value.s, ==, "s");
  g_assert_false (mf_sparkplug_value (&seen.metrics[4], MF_TYPE_STRING, &value, copy));
  /* Cut short it is refused as a whole, unless the cut falls between two fields. */
  for (gsize size = 0; size < bytes.size; size++)
    {
      struct mf_bytes cut = { bytes.data, size };

      seen.count = 0;
      if (!mf_sparkplug_read (cut, &time_ms, each, &seen))
        g_assert_cmpuint (seen.count, ==, 0);
    }
}

/* Whatever room there is, what is written is whole, and nothing is written beyond it. */
static void
test_little_room (void)
{
  union mf_value        value = { .s = "sixteen letters." };
  struct mf_metric_form form = {
    "Name", 1, 1700000000001, MF_TYPE_STRING, &value, NULL, true, false
  };

  for (gsize size = 0; size < 200; size++)
    {
      g_autofree guint8 *buffer = g_malloc0 (size + 8);
      struct mf_writer   writer;
      gsize              whole;
      guint              count = 0;
      guint64            time_ms;
      struct mf_bytes    bytes = { buffer, 0 };
      Seen               seen = { 0 };

      mf_writer_init (&writer, buffer, size);
      mf_sparkplug_begin (&writer, 1);
      if (writer.full)
        continue;
      while (mf_sparkplug_metric (&writer, &form))
        count++;
      whole = writer.used;
      g_assert_cmpuint (whole, <=, size);
      for (gsize at = size; at < size + 8; at++)
        g_assert_cmphex (buffer[at], ==, 0);
      bytes.size = whole;
      g_assert_true (mf_sparkplug_read (bytes, &time_ms, each, &seen));
      g_assert_cmpuint (seen.count, ==, count);
    }
}

/* A message's length takes one byte below 128 and two from there on. */
static void
test_nested_lengths (void)
{
  for (gsize size = 0; size <= 0x4000; size += size < 300 ? 1 : 97)
    {
      g_autofree guint8 *buffer = g_malloc (size + 16), *content = g_malloc0 (size + 1);
      struct mf_writer   writer;
      struct mf_reader   reader;
      struct mf_field    field;
      size_t             mark;

      mf_writer_init (&writer, buffer, size + 16);
      mark = mf_write_open (&writer, 5);
      for (gsize at = 0; at < size; at += 2) /* two bytes each */
        mf_write_uint (&writer, 1, 1);
      mf_write_close (&writer, mark);
      g_assert_cmpint (writer.full, ==, size > 0x3FFF);
      if (writer.full)
        continue;
      mf_reader_init (&reader, (struct mf_bytes){ buffer, writer.used });
      g_assert_true (mf_read (&reader, &field));
      g_assert_cmpuint (field.bytes.size, ==, (size + 1) / 2 * 2);
      g_assert_false (mf_read (&reader, &field));
      g_assert_false (reader.broken);
    }
}

static void
test_broken (void)
{
  static const struct
  {
    const char *bytes;
    gsize       size;
  } cases[] = {
    { "\x08", 1 },                                              /* no value */
    { "\x08\x80", 2 },                                          /* half a value */
    { "\x08\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02", 11 },     /* more than 64 bits */
    { "\x08\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", 12 }, /* eleven bytes */
    { "\x00\x01", 2 },                                          /* field 0 */
    { "\x0B", 1 },                                              /* a group */
    { "\x0E\x01", 2 },                                          /* no wire type */
    { "\x0A\x05go", 4 },                                        /* longer than all */
    { "\x0A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01go", 13 },   /* nearly 2⁶⁴ long */
    { "\x0D\x01\x02\x03", 4 },                                  /* three of four bytes */
    { "\x09\x01\x02\x03\x04\x05\x06\x07", 8 },                  /* seven of eight */
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      struct mf_reader reader;
      struct mf_field  field;

      mf_reader_init (&reader, (struct mf_bytes){ (const guint8 *)cases[i].bytes, cases[i].size });
      g_assert_false (mf_read (&reader, &field));
      g_assert_true (reader.broken);
      g_assert_false (mf_read (&reader, &field));
    }
}

static void
test_state (void)
{
  static const struct
  {
    const char *json;
    gboolean    good;
    gboolean    online;
  } cases[] = {
    { "{\"online\":true,\"timestamp\":7}", TRUE, TRUE },
    { " {\n\"timestamp\" : 7 ,\t\"online\" : false } ", TRUE, FALSE },
    { "{\"a\":{\"b\":[1,-2.5e3,\"x\\\"}\",null,{}],\"c\":[]},\"online\":true,\"timestamp\":7}",
      TRUE, TRUE },
    { "{\"online\":true}", FALSE, FALSE },
    { "{\"timestamp\":7}", FALSE, FALSE },
    { "{\"online\":1,\"timestamp\":7}", FALSE, FALSE },
    { "{\"online\":true,\"timestamp\":\"7\"}", FALSE, FALSE },
    { "{\"online\":true,\"timestamp\":-7}", FALSE, FALSE },
    { "{\"online\":true,\"timestamp\":99999999999999999999}", FALSE, FALSE },
    { "{\"online\":true,\"timestamp\":7}x", FALSE, FALSE },
    { "{\"online\":true,\"timestamp\":7", FALSE, FALSE },
    { "[[[[[[[[[[[[", FALSE, FALSE },
    { "{\"a\":[[[[[[[[[[[[1]]]]]]]]]]]],\"online\":true,\"timestamp\":7}", FALSE, FALSE },
    { "ONLINE", FALSE, FALSE },
    { "", FALSE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      struct mf_bytes bytes = { (const guint8 *)cases[i].json, strlen (cases[i].json) };
      guint64         time_ms = 0;
      bool            online = false;

      g_assert_cmpint (mf_sparkplug_state (bytes, &online, &time_ms), ==, cases[i].good);
      if (cases[i].good)
        {
          g_assert_cmpint (online, ==, cases[i].online);
          g_assert_cmpuint (time_ms, ==, 7);
        }
    }
}

static void
test_ranges (void)
{
  static const struct
  {
    enum mf_type   type;
    union mf_value value;
    gboolean       fits;
  } cases[] = {
    { MF_TYPE_INT8, { .i = -128 }, TRUE },
    { MF_TYPE_INT8, { .i = 128 }, FALSE },
    { MF_TYPE_INT16, { .i = 32767 }, TRUE },
    { MF_TYPE_INT16, { .i = -32769 }, FALSE },
    { MF_TYPE_INT32, { .i = G_MAXINT32 }, TRUE },
    { MF_TYPE_INT32, { .i = G_MAXINT32 + 1ll }, FALSE },
    { MF_TYPE_UINT8, { .u = 256 }, FALSE },
    { MF_TYPE_UINT16, { .u = 65536 }, FALSE },
    { MF_TYPE_UINT32, { .u = 1ull << 32 }, FALSE },
    { MF_TYPE_FLOAT, { .f = 1e38f }, TRUE },
    { MF_TYPE_FLOAT, { .f = INFINITY }, FALSE },
    { MF_TYPE_DOUBLE, { .d = NAN }, FALSE },
    { MF_TYPE_DOUBLE, { .d = -INFINITY }, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      struct mf_metric_info info = { .type = cases[i].type };

      g_assert_cmpint (mf_value_in_range (&info, &cases[i].value), ==, cases[i].fits);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/proto/values-decoded-by-protoc", test_values_decoded);
  g_test_add_func ("/proto/command-encoded-by-protoc", test_command_encoded);
  g_test_add_func ("/proto/little-room", test_little_room);
  g_test_add_func ("/proto/nested-lengths", test_nested_lengths);
  g_test_add_func ("/proto/broken", test_broken);
  g_test_add_func ("/sparkplug/state", test_state);
  g_test_add_func ("/metric/ranges", test_ranges);
  return g_test_run ();
}
