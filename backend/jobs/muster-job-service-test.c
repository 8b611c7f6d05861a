/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-job-service-test"

#include "config.h"

#include <string.h>

#include "core/muster-core-test-util.h"
#include "core/muster-journal.h"
#include "model/muster-device.h"
#include "model/muster-entities.h"
#include "model/muster-error.h"
#include "muster-job-service.h"

#define N_ROWS 100
/* A slice ends after 50 ms when others wait, and after 400 ms in any case. */
#define ROW_USEC (20 * 1000)

/* --- work to be tried --- */

/* What the kind of the tests does with a row; read on the writer's thread. */
typedef struct
{
  int n_calls;     /* atomic */
  int row_usec;    /* atomic: how long a row takes */
  int refuses;     /* atomic: every other row */
  int refuses_one; /* atomic: the row at this position */
  int breaks_at;   /* atomic: the machine fails at this position */
} Work;

/* Adds a device that is called as the row is numbered. */
static MusterJobOutcome
run_row (MusterTransaction *transaction, const MusterJobRun *run, MusterEntity *row, GError **error)
{
  Work            *work = run->data;
  gint64           position = muster_entity_get_integer (row, "position");
  g_autofree char *name = g_strdup_printf ("Row %" G_GINT64_FORMAT, position);
  g_autoptr (MusterEntity) device = muster_entity_new (&muster_device_info);

  g_atomic_int_inc (&work->n_calls);
  g_usleep ((gulong)g_atomic_int_get (&work->row_usec));
  muster_entity_set_string (device, "name", name);
  if (!muster_transaction_insert (transaction, device, error))
    return MUSTER_JOB_REFUSED;
  if (g_atomic_int_get (&work->breaks_at) == position)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, "the machine is broken");
      return MUSTER_JOB_REFUSED;
    }
  if ((g_atomic_int_get (&work->refuses) && position % 2 == 0) ||
      g_atomic_int_get (&work->refuses_one) == position)
    {
      g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT, "even rows are not wanted");
      return MUSTER_JOB_REFUSED;
    }
  muster_entity_set_string (row, "entity_id", muster_entity_get_id (device));
  return MUSTER_JOB_DONE;
}

static const MusterJobKind kind = { .name = "import", .run = run_row };

/* --- a site with it --- */

typedef struct
{
  MusterTestDir    *dir;
  MusterDatabase   *database;
  MusterJobService *service;
  MusterActor      *actor;
  Work              work;
} Fixture;

static void
open_site (Fixture *self)
{
  g_autofree char *path = muster_test_dir_build (self->dir, "muster.db");
  g_autoptr (MusterClock) clock = muster_clock_new ();

  self->database = muster_database_new (path, clock, NULL);
  muster_database_register_entities (self->database, muster_entities);
  self->service = muster_job_service_new (self->database, NULL);
  muster_job_service_add_kind (self->service, &kind, &self->work);
  muster_test_await (muster_service_start (MUSTER_SERVICE (self->database)));
  muster_test_await (muster_service_start (MUSTER_SERVICE (self->service)));
}

static void
close_site (Fixture *self)
{
  muster_test_await (muster_service_stop (MUSTER_SERVICE (self->service)));
  muster_test_await (muster_service_stop (MUSTER_SERVICE (self->database)));
  /* What the last run holds is let go of by the main loop. */
  muster_test_sleep (1);
  g_assert_finalize_object (self->service);
  g_assert_finalize_object (self->database);
}

static Fixture *
fixture_new (int row_usec)
{
  Fixture *self = g_new0 (Fixture, 1);

  self->dir = muster_test_dir_new ();
  self->actor = muster_actor_new_system ("test");
  self->work.row_usec = row_usec;
  open_site (self);
  return self;
}

static void
fixture_free (Fixture *self)
{
  close_site (self);
  muster_actor_unref (self->actor);
  muster_test_dir_free (self->dir);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

static gboolean
fill (MusterTransaction *transaction, MusterEntity *job, gpointer data, GError **error)
{
  for (gint64 position = 1; position <= N_ROWS; position++)
    if (!muster_job_add_row (transaction, job, position, NULL, NULL, error))
      return FALSE;
  return TRUE;
}

/* Its id: (transfer full). */
static char *
begin (Fixture *self)
{
  g_autoptr (MusterEntity) job = muster_entity_new (&muster_job_info);
  g_autoptr (MusterEntity) added = NULL;

  muster_entity_set_string (job, "kind", kind.name);
  muster_entity_set_string (job, "title", "Add devices");
  muster_entity_set_string (job, "entity", muster_device_info.name);
  added = muster_test_await_object (
    muster_job_service_add (self->service, self->actor, job, fill, NULL, NULL));
  g_assert_cmpint (muster_entity_get_integer (added, "total"), ==, N_ROWS);
  return g_strdup (muster_entity_get_id (added));
}

/* --- looking at it --- */

static gboolean
get_job (MusterTransaction *transaction, gpointer id, GValue *result, GError **error)
{
  MusterEntity *job = muster_transaction_get (transaction, &muster_job_info, id, error);

  if (job == NULL)
    return FALSE;
  g_value_init (result, MUSTER_TYPE_ENTITY);
  g_value_take_object (result, job);
  return TRUE;
}

static MusterEntity *
read_job (Fixture *self, char *id)
{
  return muster_test_await_object (muster_database_read (self->database, get_job, id, NULL));
}

static gint64
count_settled (MusterEntity *job)
{
  return muster_entity_get_integer (job, "done") + muster_entity_get_integer (job, "failed");
}

/* Until STATUS, and until so many rows were looked at: (transfer full). */
static MusterEntity *
await_job (Fixture *self, char *id, MusterJobStatus status, gint64 n_settled)
{
  for (;;)
    {
      g_autoptr (MusterEntity) job = read_job (self, id);

      if (muster_entity_get_enum (job, "status") == (int)status && count_settled (job) >= n_settled)
        return g_steal_pointer (&job);
      muster_test_sleep (5);
    }
}

typedef struct
{
  gint64 n_devices;
  gint64 n_names; /* different ones */
} Devices;

static gboolean
count_devices_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Devices *devices = data;
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_info);
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);

  muster_query_set_limit (query, 0);
  all = muster_transaction_select (transaction, query, error);
  for (guint i = 0; all != NULL && i < all->len; i++)
    g_hash_table_add (names, (gpointer)muster_entity_get_string (all->pdata[i], "name"));
  devices->n_devices = all != NULL ? all->len : -1;
  devices->n_names = g_hash_table_size (names);
  return all != NULL;
}

/* There are N devices, each of another row. */
static void
expect_devices (Fixture *self, gint64 n)
{
  Devices devices = { -1, -1 };

  muster_test_await (muster_database_read (self->database, count_devices_job, &devices, NULL));
  g_assert_cmpint (devices.n_devices, ==, n);
  g_assert_cmpint (devices.n_names, ==, n);
}

static gboolean
undo_job (MusterTransaction *transaction, gpointer sequence, GValue *result, GError **error)
{
  return muster_transaction_undo (transaction, *(gint64 *)sequence, error);
}

static DexFuture *
undo (Fixture *self, MusterEntity *job, gint64 *sequence)
{
  *sequence = muster_entity_get_integer (job, "first_sequence");
  return muster_database_write (self->database, self->actor, NULL, undo_job, sequence, NULL);
}

/* --- tests --- */

/* Several slices, one operation. */
static void
test_slices (void)
{
  g_autoptr (Fixture) self = fixture_new (ROW_USEC);
  g_autofree char *id = begin (self);
  g_autoptr (MusterEntity) under_way = await_job (self, id, MUSTER_JOB_STATUS_RUNNING, 1);
  g_autoptr (MusterEntity) job = NULL;
  gint64 sequence;

  g_assert_cmpint (count_settled (under_way), <, N_ROWS);
  g_assert_cmpfloat (muster_entity_get_double (under_way, "rate"), >, 0);
  job = await_job (self, id, MUSTER_JOB_STATUS_DONE, N_ROWS);
  g_assert_cmpint (muster_entity_get_integer (job, "done"), ==, N_ROWS);
  g_assert_false (muster_entity_is_null (job, "finished_at"));
  g_assert_cmpint (g_atomic_int_get (&self->work.n_calls), ==, N_ROWS);
  expect_devices (self, N_ROWS);
  muster_test_await (undo (self, job, &sequence));
  expect_devices (self, 0);
}

static void
test_pause_and_resume (void)
{
  g_autoptr (Fixture) self = fixture_new (ROW_USEC);
  g_autofree char *id = begin (self);
  g_autoptr (MusterEntity) under_way = await_job (self, id, MUSTER_JOB_STATUS_RUNNING, 1);
  g_autoptr (MusterEntity) paused =
              muster_test_await_object (muster_job_service_pause (self->service, self->actor, id));
  g_autoptr (MusterEntity) later = NULL;
  g_autoptr (MusterEntity) resumed = NULL;
  g_autoptr (MusterEntity) done = NULL;

  g_assert_cmpint (muster_entity_get_enum (paused, "status"), ==, MUSTER_JOB_STATUS_PAUSED);
  g_assert_cmpint (count_settled (paused), <, N_ROWS);
  muster_test_sleep (100);
  later = read_job (self, id);
  g_assert_cmpint (count_settled (later), ==, count_settled (paused));
  expect_devices (self, count_settled (paused));
  resumed = muster_test_await_object (muster_job_service_resume (self->service, self->actor, id));
  done = await_job (self, id, MUSTER_JOB_STATUS_DONE, N_ROWS);
  g_assert_cmpint (g_atomic_int_get (&self->work.n_calls), ==, N_ROWS);
  expect_devices (self, N_ROWS);
}

/* It says what may be done instead. */
static void
test_wrong_steps (void)
{
  g_autoptr (Fixture) self = fixture_new (0);
  g_autofree char *id = begin (self);
  g_autoptr (MusterEntity) job = await_job (self, id, MUSTER_JOB_STATUS_DONE, N_ROWS);
  g_autoptr (GError) pause = NULL;
  g_autoptr (GError) resume = NULL;
  g_autoptr (GError) cancel = NULL;

  pause = muster_test_await_error (muster_job_service_pause (self->service, self->actor, id),
                                   MUSTER_ERROR_CONFLICT);
  resume = muster_test_await_error (muster_job_service_resume (self->service, self->actor, id),
                                    MUSTER_ERROR_CONFLICT);
  cancel = muster_test_await_error (muster_job_service_cancel (self->service, self->actor, id),
                                    MUSTER_ERROR_CONFLICT);
  expect_devices (self, N_ROWS);
}

/* A row that is refused leaves nothing behind, and is alone done again. */
static void
test_retry (void)
{
  g_autoptr (Fixture) self = fixture_new (0);
  g_autofree char *id = NULL;
  g_autoptr (MusterEntity) job = NULL;
  g_autoptr (MusterEntity) again = NULL;
  g_autoptr (MusterEntity) done = NULL;
  gint64 sequence;

  self->work.refuses = TRUE;
  id = begin (self);
  job = await_job (self, id, MUSTER_JOB_STATUS_DONE, N_ROWS);
  g_assert_cmpint (muster_entity_get_integer (job, "done"), ==, N_ROWS / 2);
  g_assert_cmpint (muster_entity_get_integer (job, "failed"), ==, N_ROWS / 2);
  expect_devices (self, N_ROWS / 2);
  g_atomic_int_set (&self->work.refuses, FALSE);
  g_atomic_int_set (&self->work.n_calls, 0);
  again = muster_test_await_object (muster_job_service_retry (self->service, self->actor, id));
  g_assert_cmpint (muster_entity_get_integer (again, "failed"), ==, 0);
  done = await_job (self, id, MUSTER_JOB_STATUS_DONE, N_ROWS);
  g_assert_cmpint (g_atomic_int_get (&self->work.n_calls), ==, N_ROWS / 2);
  g_assert_cmpint (muster_entity_get_integer (done, "done"), ==, N_ROWS);
  g_assert_cmpint (muster_entity_get_integer (done, "first_sequence"), ==,
                   muster_entity_get_integer (job, "first_sequence"));
  expect_devices (self, N_ROWS);
  muster_test_await (undo (self, done, &sequence));
  expect_devices (self, 0);
}

/* One bad row: what was done of its slice in the hope that there is none is done once more, and
 * nothing is there twice. */
static void
test_one_refused (void)
{
  g_autoptr (Fixture) self = fixture_new (0);
  g_autofree char *id = NULL;
  g_autoptr (MusterEntity) job = NULL;
  g_autoptr (MusterEntity) repaired = NULL;
  gint64 sequence;

  self->work.refuses_one = N_ROWS - 1;
  id = begin (self);
  job = await_job (self, id, MUSTER_JOB_STATUS_DONE, N_ROWS);
  g_assert_cmpint (muster_entity_get_integer (job, "done"), ==, N_ROWS - 1);
  g_assert_cmpint (muster_entity_get_integer (job, "failed"), ==, 1);
  expect_devices (self, N_ROWS - 1);
  g_assert_cmpint (g_atomic_int_get (&self->work.n_calls), >, N_ROWS);
  g_atomic_int_set (&self->work.refuses_one, 0);
  g_atomic_int_set (&self->work.n_calls, 0);
  muster_test_await (muster_job_service_retry (self->service, self->actor, id));
  repaired = await_job (self, id, MUSTER_JOB_STATUS_DONE, N_ROWS);
  g_assert_cmpint (muster_entity_get_integer (repaired, "failed"), ==, 0);
  g_assert_cmpint (g_atomic_int_get (&self->work.n_calls), ==, 1);
  expect_devices (self, N_ROWS);
  muster_test_await (undo (self, repaired, &sequence));
  expect_devices (self, 0);
}

/* What is done stays, and can be undone. */
static void
test_cancel (void)
{
  g_autoptr (Fixture) self = fixture_new (ROW_USEC);
  g_autofree char *id = begin (self);
  g_autoptr (MusterEntity) under_way = await_job (self, id, MUSTER_JOB_STATUS_RUNNING, 1);
  g_autoptr (MusterEntity) cancelled =
              muster_test_await_object (muster_job_service_cancel (self->service, self->actor, id));
  g_autoptr (MusterEntity) later = NULL;
  gint64 sequence;

  g_assert_cmpint (muster_entity_get_enum (cancelled, "status"), ==, MUSTER_JOB_STATUS_CANCELLED);
  g_assert_cmpint (count_settled (cancelled), <, N_ROWS);
  muster_test_sleep (100);
  later = read_job (self, id);
  g_assert_cmpint (count_settled (later), ==, count_settled (cancelled));
  expect_devices (self, count_settled (cancelled));
  muster_test_await (undo (self, later, &sequence));
  expect_devices (self, 0);
}

/* A daemon that ends in the middle goes on when it starts again; no row is done twice. */
static void
test_restart (void)
{
  g_autoptr (Fixture) self = fixture_new (ROW_USEC);
  g_autofree char *id = begin (self);
  g_autoptr (MusterEntity) before = await_job (self, id, MUSTER_JOB_STATUS_RUNNING, 1);
  g_autoptr (MusterEntity) job = NULL;
  gint64 sequence;

  close_site (self);
  g_assert_cmpint (g_atomic_int_get (&self->work.n_calls), <, N_ROWS);
  g_atomic_int_set (&self->work.row_usec, 0);
  open_site (self);
  job = await_job (self, id, MUSTER_JOB_STATUS_DONE, N_ROWS);
  g_assert_cmpint (g_atomic_int_get (&self->work.n_calls), ==, N_ROWS);
  g_assert_cmpint (muster_entity_get_integer (job, "first_sequence"), ==,
                   muster_entity_get_integer (before, "first_sequence"));
  expect_devices (self, N_ROWS);
  muster_test_await (undo (self, job, &sequence));
  expect_devices (self, 0);
}

/* Nothing is taken back under the hands of what makes it: not while it runs, nor while it rests. */
static void
test_no_undo_under_way (void)
{
  g_autoptr (Fixture) self = fixture_new (ROW_USEC);
  g_autofree char *id = begin (self);
  g_autoptr (MusterEntity) job = await_job (self, id, MUSTER_JOB_STATUS_RUNNING, 1);
  g_autoptr (GError) running = NULL;
  g_autoptr (GError) resting = NULL;
  g_autoptr (MusterEntity) paused = NULL;
  g_autoptr (MusterEntity) cancelled = NULL;
  gint64 sequence;

  running = muster_test_await_error (undo (self, job, &sequence), MUSTER_ERROR_CONFLICT);
  g_assert_nonnull (strstr (running->message, "the job is running"));
  paused = muster_test_await_object (muster_job_service_pause (self->service, self->actor, id));
  resting = muster_test_await_error (undo (self, job, &sequence), MUSTER_ERROR_CONFLICT);
  g_assert_nonnull (strstr (resting->message, "the job is paused"));
  cancelled = muster_test_await_object (muster_job_service_cancel (self->service, self->actor, id));
  muster_test_await (undo (self, job, &sequence));
  expect_devices (self, 0);
}

/* What is the machine's fault is no row's: the job rests, nothing of the slice stays, and all rows
 * are done in the end. */
static void
test_broken_machine (void)
{
  g_autoptr (Fixture) self = fixture_new (0);
  g_autofree char *id = NULL;
  g_autoptr (MusterEntity) paused = NULL;
  g_autoptr (MusterEntity) resumed = NULL;
  g_autoptr (MusterEntity) done = NULL;

  self->work.breaks_at = 7;
  g_test_expect_message ("muster-job-service", G_LOG_LEVEL_WARNING, "*the machine is broken*");
  id = begin (self);
  paused = await_job (self, id, MUSTER_JOB_STATUS_PAUSED, 0);
  g_test_assert_expected_messages ();
  g_assert_cmpint (muster_entity_get_integer (paused, "failed"), ==, 0);
  g_assert_cmpstr (muster_entity_get_string (paused, "error"), ==, "the machine is broken");
  expect_devices (self, count_settled (paused));
  g_atomic_int_set (&self->work.breaks_at, 0);
  resumed = muster_test_await_object (muster_job_service_resume (self->service, self->actor, id));
  done = await_job (self, id, MUSTER_JOB_STATUS_DONE, N_ROWS);
  g_assert_true (muster_entity_is_null (done, "error"));
  expect_devices (self, N_ROWS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  muster_test_add_fiber ("/job-service/slices", test_slices);
  muster_test_add_fiber ("/job-service/one-refused", test_one_refused);
  muster_test_add_fiber ("/job-service/pause-and-resume", test_pause_and_resume);
  muster_test_add_fiber ("/job-service/wrong-steps", test_wrong_steps);
  muster_test_add_fiber ("/job-service/retry", test_retry);
  muster_test_add_fiber ("/job-service/cancel", test_cancel);
  muster_test_add_fiber ("/job-service/restart", test_restart);
  muster_test_add_fiber ("/job-service/no-undo-under-way", test_no_undo_under_way);
  muster_test_add_fiber ("/job-service/broken-machine", test_broken_machine);
  return g_test_run ();
}
