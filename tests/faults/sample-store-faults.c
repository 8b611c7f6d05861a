/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

/* The sample store under a process that is killed, a power that fails and a disk that fails, at
 * each of the writes and syncs of a session of some thousand samples: what was told to be durable
 * is there afterwards, nothing is there twice or otherwise than it was sent, and the store goes on.
 * MUSTER_TEST_BOUNDARIES sets at how many of them each fault comes (0: at all). */

#include "core/muster-core-test-util.h"
#include "core/muster-service.h"
#include "faulty-vfs.h"
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

typedef struct
{
  MusterTestDir     *dir;
  MusterClock       *clock;
  MusterSampleStore *store; /* (nullable) while open */
  GArray            *sent;  /* (element-type Sent) not waited for yet */
  guint              next[N_DEVICES];
  guint8             rows[N_DEVICES][MAX_ROWS]; /* RowState */
  guint              n_rejected;
} Session;

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

static Session *
session_new (void)
{
  Session *self = g_new0 (Session, 1);

  self->dir = muster_test_dir_new ();
  self->clock = muster_manual_clock_new (NOW);
  self->sent = g_array_new (FALSE, TRUE, sizeof (Sent));
  return self;
}

static void
session_free (Session *self)
{
  g_assert_null (self->store);
  g_array_unref (self->sent);
  g_clear_object (&self->clock);
  muster_test_dir_free (self->dir);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Session, session_free)

static gboolean
open_store (Session *self, GError **error)
{
  g_autofree char *path = muster_test_dir_build (self->dir, "samples.db");

  self->store = MUSTER_SAMPLE_STORE (muster_sqlite_sample_store_new (path, self->clock));
  return dex_await (muster_service_start (MUSTER_SERVICE (self->store)), error);
}

static void
close_store (Session *self)
{
  dex_await (muster_service_stop (MUSTER_SERVICE (self->store)), NULL);
  g_clear_object (&self->store);
}

static void
settle (Session *self)
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

static void
send_rows (Session *self, guint device, guint n)
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
forget (Session *self, guint device)
{
  gboolean is_gone = dex_await (muster_sample_store_forget (self->store, devices[device]), NULL);

  for (guint row = 0; row < self->next[device]; row++)
    self->rows[device][row] = is_gone ? ROW_GONE : ROW_SENT;
}

/* Ends early where the store does not open. */
static void
run_session (Session *self)
{
  for (guint round = 0; round < N_ROUNDS; round++)
    {
      if (!open_store (self, NULL))
        {
          close_store (self);
          return;
        }
      for (guint i = 0; i < 9; i++)
        {
          send_rows (self, i % N_DEVICES, i % 4 == 3 ? 1 : 600);
          if (i % 3 != 1)
            settle (self);
        }
      settle (self);
      if (round == 1)
        forget (self, 2);
      close_store (self);
    }
}

/* --- afterwards --- */

static void
check_device (Session *self, guint device, gint64 *n_samples)
{
  MusterSampleQuery query = { .device_id = devices[device], .from = 0, .to = NOW };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) batches =
              dex_await_boxed (muster_sample_store_query_range (self->store, &query), &error);
  guint8              seen[MAX_ROWS] = { 0 };
  const MusterSample *samples;
  unsigned            n;

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

      if (seen[row] > N_METRICS || (state == ROW_DURABLE && seen[row] != N_METRICS) ||
          ((state == ROW_GONE || state == ROW_UNSENT) && seen[row] > 0))
        g_error ("row %u of %s, of state %d, has %u values", row, devices[device], state,
                 seen[row]);
    }
}

static void
check_all (Session *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) stats = NULL;
  gint64 n_samples = 0, n_told = -1;

  for (guint i = 0; i < N_DEVICES; i++)
    check_device (self, i, &n_samples);
  stats = dex_await_variant (muster_sample_store_get_stats (self->store), &error);
  g_assert_no_error (error);
  g_variant_lookup (stats, "samples", "x", &n_told);
  g_assert_cmpint (n_told, ==, n_samples);
}

/* Twice: what was mended at the first start must stay so. */
static void
check_after (Session *self)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 2; i++)
    {
      open_store (self, &error);
      g_assert_no_error (error);
      check_all (self);
      self->n_rejected = 0;
      send_rows (self, i, 5);
      settle (self);
      g_assert_cmpuint (self->n_rejected, ==, 0);
      check_all (self);
      close_store (self);
    }
}

static void
run_with_fault (Fault fault, guint at, Loss loss)
{
  g_autoptr (Session) session = session_new ();

  g_test_message ("fault %d at operation %u, loss %d", fault, at, loss);
  faulty_vfs_arm (fault, at);
  run_session (session);
  /* A disk that failed once has not broken the store for good. */
  if (fault == FAULT_IO || fault == FAULT_FULL)
    g_assert_cmpuint (session->n_rejected, <=, 4);
  faulty_vfs_recover (loss, at);
  check_after (session);
}

/* --- tests --- */

static guint n_operations;

static void
test_without_fault (void)
{
  g_autoptr (Session) session = session_new ();

  faulty_vfs_arm (FAULT_NONE, 0);
  run_session (session);
  n_operations = faulty_vfs_count ();
  g_assert_cmpuint (session->n_rejected, ==, 0);
  g_test_message ("%u operations", n_operations);
  g_assert_cmpuint (n_operations, >, 50);
  faulty_vfs_recover (LOSE_NOTHING, 0);
  check_after (session);
}

/* At some boundaries all over the session, at other ones than in another WAY; or at each. */
static void
meet_boundaries (Fault fault, Loss loss, guint way)
{
  const char *text = g_getenv ("MUSTER_TEST_BOUNDARIES");
  guint       n = text != NULL ? g_ascii_strtoull (text, NULL, 10) : 6;
  guint       step = n == 0 ? 1 : MAX (1, n_operations / n);

  for (guint at = 1 + way % step; at <= n_operations; at += step)
    run_with_fault (fault, at, loss);
}

static void
test_killed (void)
{
  meet_boundaries (FAULT_STOP, LOSE_NOTHING, 0);
}

static void
test_killed_within_a_write (void)
{
  meet_boundaries (FAULT_TEAR, LOSE_NOTHING, 3);
}

static void
test_power_lost (void)
{
  meet_boundaries (FAULT_STOP, LOSE_UNSYNCED, 5);
}

static void
test_power_lost_at_random (void)
{
  meet_boundaries (FAULT_TEAR, LOSE_AT_RANDOM, 7);
}

static void
test_disk_fails_once (void)
{
  meet_boundaries (FAULT_IO, LOSE_NOTHING, 9);
}

static void
test_disk_full_once (void)
{
  meet_boundaries (FAULT_FULL, LOSE_NOTHING, 11);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* The store warns of the disk, as it should. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  faulty_vfs_install ();
  muster_test_add_fiber ("/sample-store-faults/none", test_without_fault);
  muster_test_add_fiber ("/sample-store-faults/killed", test_killed);
  muster_test_add_fiber ("/sample-store-faults/killed-within-a-write", test_killed_within_a_write);
  muster_test_add_fiber ("/sample-store-faults/power-lost", test_power_lost);
  muster_test_add_fiber ("/sample-store-faults/power-lost-at-random", test_power_lost_at_random);
  muster_test_add_fiber ("/sample-store-faults/disk-fails-once", test_disk_fails_once);
  muster_test_add_fiber ("/sample-store-faults/disk-full-once", test_disk_full_once);
  return g_test_run ();
}
