/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "jobs/muster-job-item.h"

#define SECOND G_USEC_PER_SEC

static MusterJob *
create_job (int status, gint64 total, gint64 done, gint64 skipped, gint64 failed)
{
  MusterEntity *job = muster_entity_new (&muster_job_info);

  muster_entity_set_enum (job, "status", status);
  muster_entity_set_integer (job, "total", total);
  muster_entity_set_integer (job, "done", done);
  muster_entity_set_integer (job, "skipped", skipped);
  muster_entity_set_integer (job, "failed", failed);
  return MUSTER_JOB (job);
}

static void
hear (MusterJobItem *item, int status, gint64 done, gint64 now)
{
  g_autoptr (MusterJob) job = create_job (status, 1000, done, 0, 0);

  muster_job_item_update (item, job, now);
}

static void
test_rate (void)
{
  g_autoptr (MusterJob) job = create_job (MUSTER_JOB_STATUS_RUNNING, 1000, 0, 0, 0);
  g_autoptr (MusterJobItem) item = muster_job_item_new (job, 0);
  g_autofree char *first = muster_job_item_describe (item);
  g_autofree char *then = NULL;

  g_assert_cmpstr (first, ==, "0 of 1000");
  g_assert_cmpfloat (muster_job_item_get_remaining (item), ==, -1);
  hear (item, MUSTER_JOB_STATUS_RUNNING, 100, SECOND);
  g_assert_cmpfloat_with_epsilon (muster_job_item_get_rate (item), 100, 1e-9);
  g_assert_cmpfloat_with_epsilon (muster_job_item_get_remaining (item), 9, 1e-9);
  then = muster_job_item_describe (item);
  g_assert_cmpstr (then, ==, "100 of 1000 · 100/s · 9 s left");
  /* A stretch that is too short is added to the next. */
  hear (item, MUSTER_JOB_STATUS_RUNNING, 110, SECOND + SECOND / 10);
  g_assert_cmpfloat_with_epsilon (muster_job_item_get_rate (item), 100, 1e-9);
  hear (item, MUSTER_JOB_STATUS_RUNNING, 300, 2 * SECOND);
  g_assert_cmpfloat_with_epsilon (muster_job_item_get_rate (item), 130, 1e-9);
}

/* While it is paused it has no speed, and the time of the pause is not counted afterwards. */
static void
test_pause (void)
{
  g_autoptr (MusterJob) job = create_job (MUSTER_JOB_STATUS_RUNNING, 1000, 0, 0, 0);
  g_autoptr (MusterJobItem) item = muster_job_item_new (job, 0);
  g_autofree char *text = NULL;

  hear (item, MUSTER_JOB_STATUS_RUNNING, 100, SECOND);
  hear (item, MUSTER_JOB_STATUS_PAUSED, 100, 2 * SECOND);
  g_assert_cmpfloat (muster_job_item_get_rate (item), ==, 0);
  text = muster_job_item_describe (item);
  g_assert_cmpstr (text, ==, "100 of 1000 · Paused");
  hear (item, MUSTER_JOB_STATUS_PAUSED, 100, 60 * SECOND);
  hear (item, MUSTER_JOB_STATUS_RUNNING, 200, 61 * SECOND);
  g_assert_cmpfloat_with_epsilon (muster_job_item_get_rate (item), 100, 1e-9);
}

static void
test_result (void)
{
  g_autoptr (MusterJob) job = create_job (MUSTER_JOB_STATUS_DONE, 1000, 990, 0, 10);
  g_autoptr (MusterJob) cancelled = create_job (MUSTER_JOB_STATUS_CANCELLED, 1000, 3, 2, 0);
  g_autoptr (MusterJobItem) item = muster_job_item_new (job, 0);
  g_autofree char *text = muster_job_item_describe (item);
  g_autofree char *other = NULL;

  g_assert_true (muster_job_item_is_over (item));
  g_assert_cmpstr (text, ==, "990 done, 10 failed");
  g_assert_cmpfloat (muster_job_item_get_fraction (item), ==, 1);
  muster_job_item_update (item, cancelled, SECOND);
  other = muster_job_item_describe (item);
  g_assert_cmpstr (other, ==, "Cancelled, 3 done, 2 skipped");
}

/* The list that was asked for before the job ended, read after its end was told. */
static void
test_overtaken (void)
{
  g_autoptr (MusterJob) queued = create_job (MUSTER_JOB_STATUS_QUEUED, 5, 0, 0, 0);
  g_autoptr (MusterJob) done = create_job (MUSTER_JOB_STATUS_DONE, 5, 5, 0, 0);
  g_autoptr (MusterJobItem) item = muster_job_item_new (queued, 0);
  g_autofree char *text = NULL;

  muster_entity_set_integer (MUSTER_ENTITY (queued), "revision", 1);
  muster_entity_set_integer (MUSTER_ENTITY (done), "revision", 3);
  muster_job_item_update (item, done, SECOND);
  muster_job_item_update (item, queued, SECOND + 1);
  g_assert_true (muster_job_item_is_over (item));
  text = muster_job_item_describe (item);
  g_assert_cmpstr (text, ==, "5 done");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/job-item/rate", test_rate);
  g_test_add_func ("/job-item/pause", test_pause);
  g_test_add_func ("/job-item/result", test_result);
  g_test_add_func ("/job-item/overtaken", test_overtaken);
  return g_test_run ();
}
