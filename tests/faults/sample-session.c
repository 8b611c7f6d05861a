/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "core/muster-core-test-util.h"
#include "core/muster-service.h"
#include "model/muster-error.h"
#include "sample-session.h"
#include "telemetry/muster-sqlite-sample-store.h"

#define NOW G_GINT64_CONSTANT (1767225600000000)
#define BASE (NOW - G_GINT64_CONSTANT (86400000000))
#define SECOND ((gint64)G_USEC_PER_SEC)
#define NEAR 3
#define FAR 2100
#define N_DEVICES 3
#define N_METRICS 3
#define N_ROUNDS 4
#define MAX_ROWS 8192

typedef enum
{
  ROW_UNSENT,
  ROW_SENT,    /* may be there */
  ROW_DURABLE, /* must be there */
  ROW_GONE,    /* must not be there */
} RowState;

typedef struct
{
  DexFuture *future;
  guint      device, first, n;
} Sent;

struct _SampleSession
{
  MusterTestDir     *dir;
  MusterClock       *clock;
  MusterSampleStore *store; /* (nullable) while open */
  GArray            *sent;  /* (element-type Sent) not waited for yet */
  guint              next[N_DEVICES];
  guint8             rows[N_DEVICES][MAX_ROWS]; /* RowState */
  guint              n_rejected;
};

static const char *const devices[N_DEVICES] = { "a", "b", "c" };

/* --- samples --- */

/* Some rows come late, and so out of order: a little, or long after those around them have been
 * packed. */
static gint64
get_time (guint row)
{
  if (row % 50 == 7 && row >= FAR)
    return BASE + (row - FAR) * SECOND + SECOND / 4;
  if (row % 5 == 4)
    return BASE + (row - NEAR) * SECOND + SECOND / 2;
  return BASE + row * SECOND;
}

/* -1: no row has that time. */
static int
find_row (gint64 time)
{
  gint64 row = (time - BASE) / SECOND;

  if ((time - BASE) % SECOND != 0)
    row += (time - BASE) % SECOND == SECOND / 2 ? NEAR : FAR;
  return time >= BASE && row < MAX_ROWS && get_time (row) == time ? (int)row : -1;
}

static void
add_row (MusterSampleBatch *batch, guint row)
{
  static const char *const states[] = { "off", "on", "on", "fault" };

  muster_sample_batch_add_double (batch, "level", get_time (row), row * 7 % 1000 / 10.0,
                                  MUSTER_SAMPLE_PLAIN);
  muster_sample_batch_add_integer (batch, "row", get_time (row), row, MUSTER_SAMPLE_PLAIN);
  muster_sample_batch_add_string (batch, "state", get_time (row), states[row / 10 % 4],
                                  MUSTER_SAMPLE_PLAIN);
}

static gboolean
is_as_sent (const MusterSample *sample)
{
  g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new ("x");
  int                 row = find_row (sample->time);
  const MusterSample *wanted;
  unsigned            n;

  if (row < 0)
    return FALSE;
  add_row (batch, row);
  wanted = muster_sample_batch_get (batch, &n);
  for (unsigned i = 0; i < n; i++)
    if (g_str_equal (wanted[i].metric, sample->metric))
      return wanted[i].type == sample->type && wanted[i].flags == sample->flags &&
             (sample->type == MUSTER_SAMPLE_STRING ? g_str_equal (wanted[i].text, sample->text)
                                                   : wanted[i].integer == sample->integer);
  return FALSE;
}

/* --- a session --- */

SampleSession *
sample_session_new (void)
{
  SampleSession *self = g_new0 (SampleSession, 1);

  self->dir = muster_test_dir_new ();
  self->clock = muster_manual_clock_new (NOW);
  self->sent = g_array_new (FALSE, TRUE, sizeof (Sent));
  return self;
}

void
sample_session_free (SampleSession *self)
{
  g_assert_null (self->store);
  g_array_unref (self->sent);
  g_clear_object (&self->clock);
  muster_test_dir_free (self->dir);
  g_free (self);
}

gboolean
sample_session_open (SampleSession *self, GError **error)
{
  g_autofree char *path = muster_test_dir_build (self->dir, "samples.db");

  self->store = MUSTER_SAMPLE_STORE (muster_sqlite_sample_store_new (path, self->clock));
  return dex_await (muster_service_start (MUSTER_SERVICE (self->store)), error);
}

void
sample_session_close (SampleSession *self)
{
  dex_await (muster_service_stop (MUSTER_SERVICE (self->store)), NULL);
  g_clear_object (&self->store);
}

void
sample_session_settle (SampleSession *self)
{
  for (guint i = 0; i < self->sent->len; i++)
    {
      Sent    *sent = &g_array_index (self->sent, Sent, i);
      gboolean is_durable = dex_await (sent->future, NULL);

      self->n_rejected += !is_durable;
      for (guint row = sent->first; is_durable && row < sent->first + sent->n; row++)
        self->rows[sent->device][row] = ROW_DURABLE;
    }
  g_array_set_size (self->sent, 0);
}

void
sample_session_send (SampleSession *self, guint device, guint n)
{
  g_autoptr (MusterSampleBatch) batch = muster_sample_batch_new (devices[device]);
  Sent sent = { .device = device, .first = self->next[device], .n = n };

  g_assert_cmpuint (sent.first + n, <=, MAX_ROWS);
  for (guint row = sent.first; row < sent.first + n; row++)
    {
      add_row (batch, row);
      self->rows[device][row] = ROW_SENT;
    }
  self->next[device] += n;
  sent.future = muster_sample_store_append (self->store, batch);
  g_array_append_val (self->sent, sent);
}

static void
forget (SampleSession *self, guint device)
{
  gboolean is_gone = dex_await (muster_sample_store_forget (self->store, devices[device]), NULL);

  for (guint row = 0; row < self->next[device]; row++)
    self->rows[device][row] = is_gone ? ROW_GONE : ROW_SENT;
}

void
sample_session_run (SampleSession *self)
{
  for (guint round = 0; round < N_ROUNDS; round++)
    {
      if (!sample_session_open (self, NULL))
        {
          sample_session_close (self);
          return;
        }
      for (guint i = 0; i < 9; i++)
        {
          sample_session_send (self, i % N_DEVICES, i % 4 == 3 ? 1 : 600);
          if (i % 3 != 1)
            sample_session_settle (self);
        }
      sample_session_settle (self);
      if (round == 1)
        forget (self, 2);
      sample_session_close (self);
    }
}

/* --- afterwards --- */

/* How many of DEVICE's samples are not there that must be. */
static guint
check_device (SampleSession *self, guint device, gint64 *n_samples)
{
  MusterSampleQuery query = { .device_id = devices[device], .from = 0, .to = NOW };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) batches =
              dex_await_boxed (muster_sample_store_query_range (self->store, &query), &error);
  guint8              seen[MAX_ROWS] = { 0 };
  const MusterSample *samples;
  unsigned            n;
  guint               n_lost = 0;

  g_assert_no_error (error);
  samples = muster_sample_batch_get (batches->pdata[0], &n);
  *n_samples += n;
  for (unsigned i = 0; i < n; i++)
    {
      if (!is_as_sent (&samples[i]))
        g_error ("%s of %s at %" G_GINT64_FORMAT " is not what was sent", samples[i].metric,
                 devices[device], samples[i].time);
      seen[find_row (samples[i].time)]++;
    }
  for (guint row = 0; row < self->next[device]; row++)
    {
      RowState state = self->rows[device][row];

      if (seen[row] > N_METRICS || ((state == ROW_GONE || state == ROW_UNSENT) && seen[row] > 0))
        g_error ("row %u of %s, of state %d, has %u values", row, devices[device], state,
                 seen[row]);
      n_lost += state == ROW_DURABLE ? N_METRICS - seen[row] : 0;
    }
  return n_lost;
}

void
sample_session_check_readable (SampleSession *self)
{
  for (guint device = 0; device < N_DEVICES; device++)
    {
      MusterSampleQuery query = { .device_id = devices[device], .from = 0, .to = NOW };
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) batches =
                  dex_await_boxed (muster_sample_store_query_range (self->store, &query), &error);
      const MusterSample *samples;
      unsigned            n = 0;

      if (batches == NULL)
        {
          g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_CORRUPT);
          continue;
        }
      samples = muster_sample_batch_get (batches->pdata[0], &n);
      for (unsigned i = 0; i < n; i++)
        if (!is_as_sent (&samples[i]))
          g_error ("%s of %s at %" G_GINT64_FORMAT " is not what was sent", samples[i].metric,
                   devices[device], samples[i].time);
    }
}

guint
sample_session_check (SampleSession *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) stats = NULL;
  gint64 n_samples = 0, n_told = -1;
  guint  n_lost = 0;

  for (guint i = 0; i < N_DEVICES; i++)
    n_lost += check_device (self, i, &n_samples);
  stats = dex_await_variant (muster_sample_store_get_stats (self->store), &error);
  g_assert_no_error (error);
  g_variant_lookup (stats, "samples", "x", &n_told);
  if (n_lost == 0)
    g_assert_cmpint (n_told, ==, n_samples);
  return n_lost;
}

/* Twice: what was mended at the first start must stay so. */
void
sample_session_check_after (SampleSession *self)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 2; i++)
    {
      sample_session_open (self, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (sample_session_check (self), ==, 0);
      self->n_rejected = 0;
      sample_session_send (self, i, 5);
      sample_session_settle (self);
      g_assert_cmpuint (self->n_rejected, ==, 0);
      g_assert_cmpuint (sample_session_check (self), ==, 0);
      sample_session_close (self);
    }
}

guint
sample_session_get_n_rejected (SampleSession *self)
{
  return self->n_rejected;
}

char *
sample_session_build_path (SampleSession *self, const char *name)
{
  return muster_test_dir_build (self->dir, name);
}
