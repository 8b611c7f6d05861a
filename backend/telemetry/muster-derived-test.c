/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>

#include "model/muster-sample.h"
#include "muster-derived-state.h"

#define T0 G_GINT64_CONSTANT (1767225600000000)
#define SECOND G_USEC_PER_SEC
#define HOUR (3600 * (gint64)SECOND)

typedef struct
{
  const char *name;
  const char *expression;
  const char *method; /* NULL: value */
} Row;

static void
add (GPtrArray *records, const Row *row)
{
  MusterEntity *record = muster_entity_new (&muster_derived_metric_info);

  muster_entity_set_string (record, "name", row->name);
  muster_entity_set_string (record, "expression", row->expression);
  muster_entity_set_boolean (record, "enabled", TRUE);
  if (row->method != NULL)
    muster_entity_set_string (record, "method", row->method);
  g_ptr_array_add (records, record);
}

static MusterDerivedPlan *
plan (unsigned n, const Row *rows, GPtrArray *circular)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (g_object_unref);

  for (unsigned i = 0; i < n; i++)
    add (records, &rows[i]);
  return muster_derived_plan_new (records, circular);
}

static MusterDerivedState *
state (unsigned n, const Row *rows)
{
  g_autoptr (MusterDerivedPlan) made = plan (n, rows, NULL);
  MusterDerivedState *self = muster_derived_state_new (made);

  muster_derived_state_resume (self, NULL);
  return self;
}

/* "metric=value" pieces at TIME, "metric=null", "metric=bad". */
static void
feed (MusterDerivedState *self, gint64 time, const char *text, MusterSampleBatch *out)
{
  g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new ("device");
  g_auto (GStrv) pieces = g_strsplit (text, " ", -1);

  for (unsigned i = 0; pieces[i] != NULL; i++)
    {
      char *value = strchr (pieces[i], '=');

      *value++ = '\0';
      if (g_str_equal (value, "null"))
        muster_sample_batch_add_null (batch, pieces[i], time, MUSTER_SAMPLE_STALE);
      else if (g_str_equal (value, "bad"))
        muster_sample_batch_add_double (batch, pieces[i], time, 1e9, MUSTER_SAMPLE_BAD);
      else
        muster_sample_batch_add_double (batch, pieces[i], time, g_ascii_strtod (value, NULL),
                                        MUSTER_SAMPLE_PLAIN);
    }
  muster_derived_state_feed (self, batch, out);
}

static void
assert_fed (MusterDerivedState *self, gint64 time, const char *text, const char *expected)
{
  g_autoptr (MusterSampleBatch) out = muster_sample_batch_new ("device");
  g_autoptr (GString) got = g_string_new (NULL);
  const MusterSample *samples;
  unsigned            n;

  feed (self, time, text, out);
  samples = muster_sample_batch_get (out, &n);
  for (unsigned i = 0; i < n; i++)
    {
      g_assert_cmpint (samples[i].time, ==, time);
      if (samples[i].type == MUSTER_SAMPLE_NULL)
        g_string_append_printf (got, "%s%s=null", i ? " " : "", samples[i].metric);
      else
        g_string_append_printf (got, "%s%s=%.10g", i ? " " : "", samples[i].metric,
                                samples[i].number);
    }
  g_assert_cmpstr (got->str, ==, expected);
}

static void
test_order (void)
{
  static const Row rows[] = { { "c", "b + 1", NULL }, { "b", "a * 2", NULL }, { "a", "x", NULL },
                              { "x", "y", NULL },     { "y", "x", NULL },     { "z", "z", NULL },
                              { "b", "0 * q", NULL } };
  g_autoptr (GPtrArray) circular = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (MusterDerivedPlan) all = plan (G_N_ELEMENTS (rows), rows, circular);
  g_autoptr (MusterDerivedPlan) good = plan (2, rows, NULL);
  const MusterDerivedItem *items;
  unsigned                 n;

  /* x and y are of each other, z of itself, and the others of those. */
  muster_derived_plan_get_items (all, &n);
  g_assert_cmpuint (n, ==, 0);
  g_assert_cmpuint (circular->len, ==, 6);
  items = muster_derived_plan_get_items (good, &n);
  g_assert_cmpuint (n, ==, 2);
  g_assert_cmpstr (muster_derived_plan_get_slot_name (good, items[0].output), ==, "b");
  g_assert_cmpstr (muster_derived_plan_get_slot_name (good, items[1].output), ==, "c");
}

static void
test_values (void)
{
  static const Row rows[] = { { "f", "t * 1.8 + 32", NULL },
                              { "sum", "\"p/a\" + \"p/b\"", NULL },
                              { "warm", "f > 70", NULL } };
  g_autoptr (MusterDerivedState) self = state (G_N_ELEMENTS (rows), rows);

  assert_fed (self, T0, "t=20 other=1", "f=68 warm=0");
  assert_fed (self, T0 + SECOND, "p/a=1", "");
  assert_fed (self, T0 + 2 * SECOND, "p/b=2", "sum=3");
  assert_fed (self, T0 + 3 * SECOND, "p/a=5 t=25", "f=77 sum=7 warm=1");
  /* What is bad did not come; what is unknown makes unknown, once. */
  assert_fed (self, T0 + 4 * SECOND, "p/a=bad", "");
  assert_fed (self, T0 + 5 * SECOND, "p/a=null t=null", "f=null sum=null warm=null");
  assert_fed (self, T0 + 6 * SECOND, "p/a=null", "");
  assert_fed (self, T0 + 7 * SECOND, "p/a=1", "sum=3");
  /* A device that sends the derived metric itself does not change what is made of it. */
  assert_fed (self, T0 + 8 * SECOND, "f=1", "");
}

/* What comes late is not mixed with what came after it. */
static void
test_late (void)
{
  static const Row rows[] = { { "sum", "a + b", NULL }, { "kwh", "a / 1000", "integral" } };
  g_autoptr (MusterDerivedState) self = state (G_N_ELEMENTS (rows), rows);

  assert_fed (self, T0, "a=1000 b=2", "sum=1002 kwh=0");
  assert_fed (self, T0 - HOUR, "a=10", "");
  assert_fed (self, T0 - HOUR, "a=10 b=20", "sum=30");
  assert_fed (self, T0 + HOUR, "b=3", "sum=1003");
  assert_fed (self, T0 + HOUR, "a=1000", "sum=1003 kwh=1");
}

static void
test_integral (void)
{
  static const Row rows[] = { { "kwh", "w / 1000", "integral" } };
  g_autoptr (MusterDerivedState) self = state (1, rows);
  g_autoptr (MusterDerivedState) again = NULL;
  g_autoptr (MusterDerivedPlan) same = plan (1, rows, NULL);
  g_autoptr (MusterSampleBatch) latest = muster_sample_batch_new ("device");

  assert_fed (self, T0, "w=1000", "kwh=0");
  assert_fed (self, T0 + HOUR, "w=3000", "kwh=2");
  assert_fed (self, T0 + 2 * HOUR, "w=null", "");
  assert_fed (self, T0 + 5 * HOUR, "w=2000", "kwh=2");
  assert_fed (self, T0 + 6 * HOUR, "w=2000", "kwh=4");
  /* Longer than a day: nobody knows. */
  assert_fed (self, T0 + 31 * HOUR, "w=2000", "kwh=4");
  /* After a start it goes on from what is stored. */
  again = muster_derived_state_new (same);
  assert_fed (again, T0 + 30 * HOUR, "w=1", "");
  muster_sample_batch_add_double (latest, "kwh", T0 + 31 * HOUR, 4, MUSTER_SAMPLE_PLAIN);
  muster_sample_batch_add_double (latest, "w", T0 + 31 * HOUR, 2000, MUSTER_SAMPLE_PLAIN);
  muster_derived_state_resume (again, latest);
  assert_fed (again, T0 + 32 * HOUR, "w=4000", "kwh=7");
}

static void
test_rate (void)
{
  static const Row rows[] = { { "flow", "volume", "rate" } };
  g_autoptr (MusterDerivedState) self = state (1, rows);

  assert_fed (self, T0, "volume=100", "");
  assert_fed (self, T0 + 2 * SECOND, "volume=101", "flow=0.5");
  assert_fed (self, T0 + 4 * SECOND, "volume=100", "flow=-0.5");
  assert_fed (self, T0 + 5 * SECOND, "volume=null", "");
  assert_fed (self, T0 + 6 * SECOND, "volume=103", "");
  assert_fed (self, T0 + 7 * SECOND, "volume=104", "flow=1");
}

/* A batch of several moments, series after series. */
static void
test_moments (void)
{
  static const Row rows[] = { { "sum", "a + b", NULL } };
  g_autoptr (MusterDerivedState) self = state (1, rows);
  g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new ("device");
  g_autoptr (MusterSampleBatch) out = muster_sample_batch_new ("device");
  const MusterSample *samples;
  unsigned            n;

  for (int i = 0; i < 3; i++)
    muster_sample_batch_add_integer (batch, "a", T0 + i * SECOND, i,
                                     i == 0 ? MUSTER_SAMPLE_HISTORICAL : MUSTER_SAMPLE_PLAIN);
  for (int i = 0; i < 3; i++)
    muster_sample_batch_add_boolean (batch, "b", T0 + i * SECOND, TRUE, MUSTER_SAMPLE_PLAIN);
  muster_derived_state_feed (self, batch, out);
  samples = muster_sample_batch_get (out, &n);
  g_assert_cmpuint (n, ==, 3);
  for (int i = 0; i < 3; i++)
    {
      g_assert_cmpint (samples[i].time, ==, T0 + i * SECOND);
      g_assert_cmpfloat (samples[i].number, ==, i + 1);
    }
  g_assert_cmpint (samples[0].flags, ==, MUSTER_SAMPLE_HISTORICAL);
  g_assert_cmpint (samples[1].flags, ==, MUSTER_SAMPLE_PLAIN);
}

static void
test_take_sum (void)
{
  static const Row rows[] = { { "kwh", "w / 1000", "integral" } };
  g_autoptr (MusterDerivedState) live = state (1, rows);
  g_autoptr (MusterDerivedState) anew = state (1, rows);

  assert_fed (live, T0, "w=1000", "kwh=0");
  assert_fed (anew, T0 - HOUR, "w=1000", "kwh=0");
  assert_fed (anew, T0, "w=1000", "kwh=1");
  assert_fed (live, T0 + HOUR, "w=1000", "kwh=1");
  muster_derived_state_take_sum (live, anew, "kwh");
  muster_derived_state_take_sum (live, anew, "other");
  assert_fed (live, T0 + 2 * HOUR, "w=1000", "kwh=3");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/derived/order", test_order);
  g_test_add_func ("/derived/values", test_values);
  g_test_add_func ("/derived/late", test_late);
  g_test_add_func ("/derived/integral", test_integral);
  g_test_add_func ("/derived/rate", test_rate);
  g_test_add_func ("/derived/moments", test_moments);
  g_test_add_func ("/derived/take-sum", test_take_sum);
  return g_test_run ();
}
