/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "mf-test-line.h"
#include "mf_octets.h"

/* Gathers the samples that came: how many of `metric`, and that no record number is missing. */
static guint
count_samples (MfTestLine *line, guint metric, guint32 *next_record)
{
  guint found = 0;

  for (guint i = 0; i < line->messages->len; i++)
    {
      gsize         size;
      const guint8 *data = g_bytes_get_data (line->messages->pdata[i], &size);

      if (data[0] != MF_UNIT_SAMPLES)
        continue;
      g_assert_cmpuint (size, ==, 10u + data[1] * 10u);
      for (guint at = 0; at < data[1]; at++)
        {
          const guint8 *sample = data + 10 + at * 10;

          if (mf_get32 (data + 2) + at < *next_record)
            continue; /* came before: its acknowledgement was lost with the session */
          g_assert_cmpuint (mf_get32 (data + 2) + at, ==, *next_record);
          (*next_record)++;
          found += sample[0] == metric;
        }
    }
  g_ptr_array_set_size (line->messages, 0);
  return found;
}

static guint8
status_of (GBytes *answer)
{
  const guint8 *data;

  g_assert_nonnull (answer);
  data = g_bytes_get_data (answer, NULL);
  g_assert_cmpuint (data[0], ==, MF_UNIT_RESULT);
  return data[2];
}

static guint8
ask (MfTestLine *line, const void *request, gsize size)
{
  g_autoptr (GBytes) answer = mf_test_line_ask (line, request, size);

  return status_of (answer);
}

static void
test_identity (void)
{
  static const guint8 asks[] = { MF_UNIT_ASK_IDENTITY };
  g_autoptr (MfTestLine) line = mf_test_line_new (TRUE);
  g_autoptr (GBytes) answer = NULL;
  const guint8 *data;
  gsize         size;

  mf_test_line_run (line, 400);
  data = g_bytes_get_data (line->messages->pdata[0], &size);
  g_assert_cmpuint (data[0], ==, MF_UNIT_IDENTITY); /* unasked, first of the session */
  answer = mf_test_line_ask (line, asks, sizeof asks);
  data = g_bytes_get_data (answer, &size);
  g_assert_cmpuint (mf_get32 (data + 2), ==, 1); /* starts */
  g_assert_cmpuint (mf_get32 (data + 18), ==, 9);
  g_assert_cmpuint (data[23], ==, MF_TEST_LINE_METRICS);
  g_assert_cmpmem (data + 27, size - 27,
                   "\4S-42\4SN-1\1"
                   "2\5"
                   "1.4.0",
                   5 + 5 + 2 + 6);
}

static void
test_metric (void)
{
  guint8 asks[] = { MF_UNIT_ASK_METRIC, MF_TEST_LINE_LEVEL };
  g_autoptr (MfTestLine) line = mf_test_line_new (TRUE);
  g_autoptr (GBytes) answer = NULL;
  const guint8 *data;
  gsize         size;

  mf_test_line_run (line, 400);
  answer = mf_test_line_ask (line, asks, sizeof asks);
  data = g_bytes_get_data (answer, &size);
  g_assert_cmpuint (data[0], ==, MF_UNIT_METRIC);
  g_assert_cmpuint (data[2], ==, MF_TYPE_UINT8);
  g_assert_cmpuint (data[3], ==, 7);
  g_assert_cmpmem (data + 20, size - 20, "\14Output/Level\1%\12\0\0\0\0", 20);
  asks[1] = MF_TEST_LINE_METRICS;
  g_assert_cmpuint (ask (line, asks, sizeof asks), ==, MF_UNIT_NO_METRIC);
}

static void
test_write (void)
{
  static const struct
  {
    guint8 request[7];
    gsize  size;
    guint8 status;
  } cases[] = {
    { { MF_UNIT_WRITE, MF_TEST_LINE_LEVEL, 55 }, 6, MF_UNIT_DONE },
    { { MF_UNIT_WRITE, MF_TEST_LINE_LEVEL, 101 }, 6, MF_UNIT_RANGE },
    { { MF_UNIT_WRITE, MF_TEST_LINE_LEVEL, 55, 1 }, 6, MF_UNIT_RANGE },
    { { MF_UNIT_WRITE, MF_TEST_LINE_RELAY, 2 }, 6, MF_UNIT_RANGE },
    { { MF_UNIT_WRITE, MF_TEST_LINE_COUNT, 2 }, 6, MF_UNIT_READ_ONLY },
    { { MF_UNIT_WRITE, 9, 2 }, 6, MF_UNIT_NO_METRIC },
    { { MF_UNIT_WRITE, MF_TEST_LINE_LEVEL, 2 }, 5, MF_UNIT_MALFORMED },
    { { MF_UNIT_WRITE, MF_TEST_LINE_LEVEL, 2 }, 7, MF_UNIT_MALFORMED },
    { { 0x7E }, 1, MF_UNIT_UNKNOWN },
    { { 0 }, 1, MF_UNIT_UNKNOWN },
    { { MF_UNIT_READ, MF_TEST_LINE_COUNT }, 2, MF_UNIT_DONE },
    { { MF_UNIT_READ, 9 }, 2, MF_UNIT_NO_METRIC },
    { { MF_UNIT_CONFIGURE, 9 }, 10, MF_UNIT_MALFORMED },
  };
  g_autoptr (MfTestLine) line = mf_test_line_new (TRUE);

  mf_test_line_run (line, 400);
  for (guint i = 0; i < G_N_ELEMENTS (cases) - 1; i++)
    g_assert_cmpuint (ask (line, cases[i].request, cases[i].size), ==, cases[i].status);
  g_assert_cmpuint (line->channels[MF_TEST_LINE_LEVEL].u, ==, 55);
}

static void
test_configure (void)
{
  guint8 request[10] = { MF_UNIT_CONFIGURE, MF_TEST_LINE_TEMPERATURE };
  g_autoptr (MfTestLine) line = mf_test_line_new (TRUE);
  guint32 next = 0;

  mf_test_line_run (line, 400);
  mf_put32 (request + 2, 100);
  g_assert_cmpuint (ask (line, request, sizeof request), ==, MF_UNIT_DONE);
  mf_put32 (request + 2, 5);
  g_assert_cmpuint (ask (line, request, sizeof request), ==, MF_UNIT_RANGE);
  mf_put32 (request + 2, 100);
  mf_put32 (request + 6, 0x7fc00000);
  g_assert_cmpuint (ask (line, request, sizeof request), ==, MF_UNIT_RANGE);
  request[1] = 200;
  g_assert_cmpuint (ask (line, request, sizeof request), ==, MF_UNIT_NO_METRIC);
  mf_test_line_start_unit (line); /* it outlives a start */
  mf_test_line_run (line, 20000);
  count_samples (line, 0, &next);
  for (guint i = 0; i < 50; i++)
    {
      line->channels[MF_TEST_LINE_TEMPERATURE].f += 1;
      mf_test_line_run (line, 100);
    }
  g_assert_cmpuint (count_samples (line, MF_TEST_LINE_TEMPERATURE, &next), >=, 48);
}

/* What is sampled while the gateway is away comes when it is back: each once. */
static void
test_outage (void)
{
  g_autoptr (MfTestLine) line = mf_test_line_new (TRUE);
  guint32 next = 0;

  mf_test_line_run (line, 5000);
  count_samples (line, 0, &next);
  line->cut = TRUE;
  for (guint i = 0; i < 20; i++)
    {
      line->channels[MF_TEST_LINE_TEMPERATURE].f += 1;
      mf_test_line_run (line, 3000);
    }
  g_assert_cmpint (line->gateway.state, !=, MF_LINK_UP);
  line->cut = FALSE;
  mf_test_line_run (line, 5000);
  g_assert_cmpuint (count_samples (line, MF_TEST_LINE_TEMPERATURE, &next), ==, 20);
  g_assert_cmpuint (line->unit.dropped, ==, 0);
}

static void
test_overflow (void)
{
  g_autoptr (MfTestLine) line = mf_test_line_new (TRUE);
  guint32 next = 0;

  mf_test_line_run (line, 5000);
  count_samples (line, 0, &next);
  line->cut = TRUE;
  for (guint i = 0; i < 100; i++)
    {
      line->channels[MF_TEST_LINE_TEMPERATURE].f += 1;
      mf_test_line_run (line, 1000);
    }
  line->cut = FALSE;
  g_assert_cmpuint (line->unit.dropped, >=, 100 - MF_TEST_LINE_SAMPLES);
  next += line->unit.dropped;
  mf_test_line_run (line, 5000);
  g_assert_cmpuint (count_samples (line, MF_TEST_LINE_TEMPERATURE, &next), ==,
                    MF_TEST_LINE_SAMPLES);
}

static void
test_sensor (void)
{
  g_autoptr (MfTestLine) line = mf_test_line_new (TRUE);
  guint32 next = 0;

  mf_test_line_run (line, 5000);
  count_samples (line, 0, &next);
  mf_test_line_run (line, 5000);
  g_assert_cmpuint (count_samples (line, MF_TEST_LINE_TEMPERATURE, &next), ==, 0);
  line->channels[MF_TEST_LINE_TEMPERATURE].f += 0.05f; /* below its deadband */
  mf_test_line_run (line, 5000);
  g_assert_cmpuint (count_samples (line, MF_TEST_LINE_TEMPERATURE, &next), ==, 0);
  line->silent = TRUE;
  mf_test_line_run (line, 5000);
  g_assert_cmpuint (count_samples (line, MF_TEST_LINE_TEMPERATURE, &next), ==, 1);
  line->silent = FALSE;
  mf_test_line_run (line, 5000);
  g_assert_cmpuint (count_samples (line, MF_TEST_LINE_TEMPERATURE, &next), ==, 1);
}

/* What is being measured is sampled when it is measured, at its first time, when it is due and when
 * it is asked for. */
static void
test_pending (void)
{
  static const guint8 asks[] = { MF_UNIT_READ, MF_TEST_LINE_RELAY };
  g_autoptr (MfTestLine) line = mf_test_line_new (TRUE);
  guint32 next = 0;

  line->slow = TRUE;
  mf_test_line_run (line, 5000);
  g_assert_cmpuint (count_samples (line, MF_TEST_LINE_TEMPERATURE, &next), ==, 0);
  g_assert_cmpuint (next, ==, 0);
  g_assert_cmpuint (mf_unit_step (&line->unit), <=, 10); /* it looks again soon */
  line->slow = FALSE;
  mf_test_line_run (line, 1000);
  g_assert_cmpuint (count_samples (line, MF_TEST_LINE_TEMPERATURE, &next), ==, 1);
  g_assert_cmpuint (next, ==, MF_TEST_LINE_METRICS);

  line->slow = TRUE;
  line->channels[MF_TEST_LINE_TEMPERATURE].f += 5;
  mf_test_line_run (line, 3000);
  g_assert_cmpuint (ask (line, asks, sizeof asks), ==, MF_UNIT_DONE);
  g_assert_cmpuint (count_samples (line, MF_TEST_LINE_RELAY, &next), ==, 0);
  line->slow = FALSE;
  mf_test_line_run (line, 200);
  g_assert_cmpuint (line->unit.states[MF_TEST_LINE_RELAY].owed, ==, 0);
  g_assert_cmpuint (count_samples (line, MF_TEST_LINE_RELAY, &next), ==, 1);
  g_assert_cmpuint (next, ==, MF_TEST_LINE_METRICS + 2);
}

/* Tells an output what to do without its gateway, and sets it. */
static void
entrust (MfTestLine *line, guint8 metric, guint32 seconds, guint8 level)
{
  guint8 request[6] = { MF_UNIT_FALL_BACK, metric };

  mf_put32 (request + 2, seconds);
  g_assert_cmpuint (ask (line, request, sizeof request), ==, MF_UNIT_DONE);
  request[0] = MF_UNIT_WRITE;
  mf_put32 (request + 2, level);
  g_assert_cmpuint (ask (line, request, sizeof request), ==, MF_UNIT_DONE);
}

/* Without its gateway one output holds what it is, and the other goes to what is safe; where the
 * gateway is heard again, it stays there until it is set anew. */
static void
test_fall_back (void)
{
  g_autoptr (MfTestLine) line = mf_test_line_new (TRUE);
  guint32 next;

  mf_test_line_run (line, 400);
  g_assert_cmpuint (line->configs[MF_TEST_LINE_RELAY].fall_back_s, ==, 300);
  entrust (line, MF_TEST_LINE_RELAY, 0, 1);
  entrust (line, MF_TEST_LINE_LEVEL, 60, 55);
  mf_test_line_run (line, 200000); /* a gateway that is heard is enough */
  g_assert_cmpuint (line->channels[MF_TEST_LINE_LEVEL].u, ==, 55);
  g_ptr_array_set_size (line->messages, 0);
  next = line->unit.first_record;
  line->cut = TRUE;
  mf_test_line_run (line, 54000);
  g_assert_cmpuint (line->channels[MF_TEST_LINE_LEVEL].u, ==, 55);
  mf_test_line_run (line, 7000);
  g_assert_cmpuint (line->channels[MF_TEST_LINE_LEVEL].u, ==, 10);
  g_assert_cmpuint (line->channels[MF_TEST_LINE_RELAY].u, ==, 1);
  line->cut = FALSE;
  mf_test_line_run (line, 20000);
  g_assert_cmpuint (line->channels[MF_TEST_LINE_LEVEL].u, ==, 10);
  g_assert_cmpuint (count_samples (line, MF_TEST_LINE_LEVEL, &next), ==, 1);
  entrust (line, MF_TEST_LINE_LEVEL, 60, 70);
  mf_test_line_run (line, 5000);
  g_assert_cmpuint (line->channels[MF_TEST_LINE_LEVEL].u, ==, 70);
  line->cut = TRUE; /* and once more */
  mf_test_line_run (line, 61000);
  g_assert_cmpuint (line->channels[MF_TEST_LINE_LEVEL].u, ==, 10);
}

/* What is told, what is refused, and what is kept over a start. */
static void
test_fall_back_request (void)
{
  guint8 request[6] = { MF_UNIT_FALL_BACK, MF_TEST_LINE_LEVEL };
  guint8 period[10] = { MF_UNIT_CONFIGURE, MF_TEST_LINE_LEVEL, [8] = 0x80, [9] = 0x3F };
  guint8 metric[2] = { MF_UNIT_ASK_METRIC, MF_TEST_LINE_LEVEL };
  g_autoptr (MfTestLine) line = mf_test_line_new (TRUE);
  g_autoptr (GBytes) answer = NULL;
  const guint8 *data = NULL;
  gsize         size;

  mf_test_line_run (line, 400);
  mf_put32 (request + 2, MF_FALL_BACK_MOST_S + 1);
  g_assert_cmpuint (ask (line, request, sizeof request), ==, MF_UNIT_RANGE);
  mf_put32 (request + 2, 90);
  g_assert_cmpuint (ask (line, request, sizeof request), ==, MF_UNIT_DONE);
  g_assert_cmpuint (ask (line, request, 5), ==, MF_UNIT_MALFORMED);
  request[1] = MF_TEST_LINE_COUNT;
  g_assert_cmpuint (ask (line, request, sizeof request), ==, MF_UNIT_READ_ONLY);
  request[1] = MF_TEST_LINE_METRICS;
  g_assert_cmpuint (ask (line, request, sizeof request), ==, MF_UNIT_NO_METRIC);
  g_assert_cmpuint (ask (line, period, sizeof period), ==, MF_UNIT_DONE); /* leaves it alone */
  mf_test_line_start_unit (line);
  mf_test_line_run (line, 20000);
  answer = mf_test_line_ask (line, metric, sizeof metric);
  data = g_bytes_get_data (answer, &size);
  g_assert_cmpuint (data[3], ==, 7);
  g_assert_cmpuint (mf_get32 (data + 16), ==, 0); /* no deadband */
  g_assert_cmpmem (data + size - 5, 5, "\12\x5a\0\0\0", 5);
  /* What a program kept that knew no more than deadbands is none of this. */
  line->configs[MF_TEST_LINE_RELAY].deadband = 0.5f;
  g_hash_table_insert (line->records, GINT_TO_POINTER (MF_UNIT_RECORD_CONFIG),
                       g_bytes_new (line->configs, MF_UNIT_CONFIGS * sizeof *line->configs));
  mf_test_line_start_unit (line);
  g_assert_cmpuint (line->configs[MF_TEST_LINE_RELAY].fall_back_s, ==, 0);
}

/* What was kept by a program with five metrics holds for the first five of one that has more. */
static void
test_more_metrics (void)
{
  guint8 request[10] = { MF_UNIT_CONFIGURE, MF_TEST_LINE_METRICS - 1 };
  g_autoptr (MfTestLine) line = mf_test_line_new (TRUE);

  mf_test_line_run (line, 400);
  mf_put32 (request + 2, 700);
  g_assert_cmpuint (ask (line, request, sizeof request), ==, MF_UNIT_DONE);
  request[1] = MF_TEST_LINE_LEVEL;
  mf_put32 (request + 2, 900);
  g_assert_cmpuint (ask (line, request, sizeof request), ==, MF_UNIT_DONE);
  mf_test_line_start_unit (line);
  g_assert_cmpuint (line->configs[MF_TEST_LINE_METRICS - 1].period_ms, ==, 700);
  g_assert_cmpuint (line->configs[MF_TEST_LINE_LEVEL].period_ms, ==, 900);
  g_hash_table_remove (line->records, GINT_TO_POINTER (MF_UNIT_RECORD_CONFIG + 1));
  mf_test_line_start_unit (line);
  g_assert_cmpuint (line->configs[MF_TEST_LINE_METRICS - 1].period_ms, ==, 0);
  g_assert_cmpuint (line->configs[MF_TEST_LINE_LEVEL].period_ms, ==, 900);
}

static void
test_control (void)
{
  static const guint8 reboot[] = { MF_UNIT_REBOOT }, blink[] = { MF_UNIT_BLINK, 1 };
  guint8              self_test[] = { MF_UNIT_SELF_TEST, 1 };
  g_autoptr (MfTestLine) line = mf_test_line_new (TRUE);
  g_autoptr (GBytes) answer = NULL;
  const guint8 *data;
  gsize         size;

  mf_test_line_run (line, 400);
  g_assert_cmpuint (ask (line, blink, sizeof blink), ==, MF_UNIT_DONE);
  g_assert_true (line->blinking);
  mf_test_line_run (line, 11000);
  g_assert_false (line->blinking);
  answer = mf_test_line_ask (line, self_test, sizeof self_test);
  data = g_bytes_get_data (answer, &size);
  g_assert_cmpuint (data[0], ==, MF_UNIT_CHECK);
  g_assert_cmpuint (data[2], ==, 0);
  g_assert_cmpmem (data + 15, size - 15, "\5flash", 6);
  self_test[1] = 2;
  g_assert_cmpuint (ask (line, self_test, sizeof self_test), ==, MF_UNIT_NO_METRIC);
  g_assert_cmpuint (ask (line, reboot, sizeof reboot), ==, MF_UNIT_DONE);
  mf_test_line_run (line, 30000);
  g_assert_cmpuint (line->resets, ==, 1);
  g_assert_cmpuint (line->unit.boots, ==, 2);
  g_assert_cmpuint (line->ups, ==, 2);
}

/* Requests and frames altered at random, always; the fuzzer goes on from here. */
static void
test_mutations (void)
{
  GRand *rand = g_rand_new_with_seed (7);

  for (guint i = 0; i < 1000; i++)
    {
      guint8 bytes[64] = { 0 };
      gsize  size = (gsize)g_rand_int_range (rand, 1, sizeof bytes);

      for (gsize at = 0; at < size; at++)
        bytes[at] = (guint8)g_rand_int (rand);
      bytes[0] &= 0x9F; /* most often something that is known */
      mf_test_line_fuzz (bytes, size);
    }
  g_rand_free (rand);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/unit/identity", test_identity);
  g_test_add_func ("/unit/metric", test_metric);
  g_test_add_func ("/unit/write", test_write);
  g_test_add_func ("/unit/configure", test_configure);
  g_test_add_func ("/unit/outage", test_outage);
  g_test_add_func ("/unit/overflow", test_overflow);
  g_test_add_func ("/unit/sensor", test_sensor);
  g_test_add_func ("/unit/pending", test_pending);
  g_test_add_func ("/unit/fall-back", test_fall_back);
  g_test_add_func ("/unit/fall-back-request", test_fall_back_request);
  g_test_add_func ("/unit/more-metrics", test_more_metrics);
  g_test_add_func ("/unit/control", test_control);
  g_test_add_func ("/unit/mutations", test_mutations);
  return g_test_run ();
}
