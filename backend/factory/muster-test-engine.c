/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-test-engine"

#include "config.h"

#include <gio/gio.h>
#include <math.h>

#include "muster-test-engine.h"

#define BLINK_QUESTION "Does the board's light blink?"
/* A light stops by itself after 10 s. */
#define BLINK_MS 8000
#define BOARD_MS 15000
#define BACK_MS 30000
#define CHECKS_MAX 256

void
muster_test_answer_clear (MusterTestAnswer *self)
{
  g_clear_pointer (&self->note, g_free);
  g_clear_pointer (&self->person, g_free);
}

gboolean
muster_test_check_identity (const MusterUnitIdentity *identity,
                            const char               *model,
                            const char               *hardware_revision,
                            GError                  **error)
{
  g_return_val_if_fail (identity != NULL, FALSE);

  if (model != NULL && !g_str_equal (identity->model, model))
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED,
                 "the board says that it is a “%s”, not a “%s”", identity->model, model);
  else if (hardware_revision != NULL && !g_str_equal (identity->hardware, hardware_revision))
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED,
                 "the board says that its hardware is “%s”, not “%s”", identity->hardware,
                 hardware_revision);
  else
    return TRUE;
  return FALSE;
}

/* --- the steps --- */

static void
tell_check (const MusterUnitCheck *check, GError **error)
{
  if (isinf (check->high))
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, "%s: measured %g, must be at least %g",
                 check->name, check->measured, check->low);
  else if (isinf (check->low))
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, "%s: measured %g, must be at most %g",
                 check->name, check->measured, check->high);
  else
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, "%s: measured %g, must be %g to %g",
                 check->name, check->measured, check->low, check->high);
}

static gboolean
run_self_test (const MusterTest *self, const MusterTestStep *step, unsigned row, GError **error)
{
  gboolean all_passed = TRUE;
  guint    number = 0;

  for (; number < CHECKS_MAX; number++)
    {
      MusterUnitCheck check = { 0 };
      gboolean        is_last = FALSE;

      if (!muster_bench_check (self->bench, (guint8)number, step->timeout, &check, &is_last, error))
        return FALSE;
      if (is_last)
        break;
      muster_test_report_add_check (self->report, row, &check);
      if (!check.passed && all_passed)
        tell_check (&check, error);
      all_passed &= check.passed;
    }
  if (number == 0)
    g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, "the board has no self-test");
  return number > 0 && all_passed;
}

static gboolean
check_unit (const MusterTestStep *step, const MusterUnitMetric *metric, GError **error)
{
  if (step->unit == NULL || g_str_equal (step->unit, metric->unit))
    return TRUE;
  g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, "“%s” is in “%s”, not in “%s”",
               metric->name, metric->unit, step->unit);
  return FALSE;
}

static void
tell_limit (const MusterTestStep *step, double measured, GError **error)
{
  const char *unit = step->unit != NULL ? step->unit : "";

  if (!isfinite (measured))
    g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, "what it measured is no number");
  else if (measured < step->minimum)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, "measured %g %s, must be at least %g",
                 measured, unit, step->minimum);
  else
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, "measured %g %s, must be at most %g",
                 measured, unit, step->maximum);
}

static gboolean
run_read (const MusterTest *self, const MusterTestStep *step, unsigned row, GError **error)
{
  const MusterUnitMetric *metric =
    muster_bench_find_metric (self->bench, step->metric, step->timeout, error);
  double measured = NAN;

  if (metric == NULL || !check_unit (step, metric, error) ||
      !muster_bench_read (self->bench, metric, step->timeout, &measured, error))
    return FALSE;
  muster_test_report_set_measured (self->report, row, measured);
  if (muster_test_step_is_within (step, measured))
    return TRUE;
  tell_limit (step, measured, error);
  return FALSE;
}

static gboolean
run_write (const MusterTest *self, const MusterTestStep *step, GError **error)
{
  const MusterUnitMetric *metric =
    muster_bench_find_metric (self->bench, step->metric, step->timeout, error);

  return metric != NULL &&
         muster_bench_write (self->bench, metric, step->value, step->timeout, error);
}

/* Waits until the operator answers; meanwhile the light is kept blinking. */
static gboolean
await_answer (const MusterTest     *self,
              const MusterTestStep *step,
              MusterTestAnswer     *answer,
              GError              **error)
{
  gint64 deadline = g_get_monotonic_time () + (gint64)step->timeout * 1000;
  gint64 blink_at = 0;

  while (!self->world->take_answer (answer, self->user_data))
    {
      gint64 now = g_get_monotonic_time ();
      gint64 left = (deadline - now) / 1000;

      if (left <= 0)
        {
          g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, "nobody answered in time");
          return FALSE;
        }
      if (step->action == MUSTER_STEP_BLINK && now >= blink_at)
        {
          if (!muster_bench_blink (self->bench, TRUE, BOARD_MS, error))
            return FALSE;
          blink_at = now + BLINK_MS * 1000;
        }
      muster_bench_wait (self->bench, (unsigned)MIN (left, BLINK_MS / 4), error);
      if (*error != NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
run_question (const MusterTest *self, const MusterTestStep *step, unsigned row, GError **error)
{
  const char      *question = step->text != NULL ? step->text : BLINK_QUESTION;
  MusterTestAnswer answer = { 0 };
  gboolean         answered = FALSE;

  if (!self->world->ask (question, self->user_data, error))
    return FALSE;
  answered = await_answer (self, step, &answer, error);
  if (answered)
    muster_test_report_set_answer (self->report, row, answer.person, answer.note);
  /* What was asked may have had the operator reset the board; it must be there again. */
  if (answered && answer.passed)
    answered = muster_bench_blink (self->bench, FALSE, BACK_MS, error);
  else if (answered)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, "“%s”: no%s%s", question,
                 answer.note != NULL ? ", " : "", answer.note != NULL ? answer.note : "");
  answered &= answer.passed;
  muster_test_answer_clear (&answer);
  return answered;
}

static gboolean
run_step (const MusterTest *self, const MusterTestStep *step, unsigned row, GError **error)
{
  switch (step->action)
    {
    case MUSTER_STEP_IDENTITY:
      return muster_test_check_identity (muster_bench_get_identity (self->bench), self->model,
                                         self->hardware_revision, error);
    case MUSTER_STEP_SELF_TEST:
      return run_self_test (self, step, row, error);
    case MUSTER_STEP_READ:
      return run_read (self, step, row, error);
    case MUSTER_STEP_WRITE:
      return run_write (self, step, error);
    case MUSTER_STEP_BLINK:
    case MUSTER_STEP_ASK:
      return run_question (self, step, row, error);
    case MUSTER_STEP_REBOOT:
      return muster_bench_reboot (self->bench, step->timeout, error);
    case MUSTER_STEP_N_ACTIONS:
    default:
      g_return_val_if_reached (FALSE);
    }
}

/* --- all of them --- */

/* After it nothing of the board can be asked. */
static gboolean
is_end_of_board (const GError *error)
{
  return g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_UNAVAILABLE) ||
         g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_TIMED_OUT);
}

static gboolean
begin_step (const MusterTest *self, unsigned row, GError **error)
{
  muster_test_report_begin (self->report, row, self->world->now (self->user_data));
  return self->world->changed (muster_test_report_get_name (self->report, row), self->user_data,
                               error);
}

gboolean
muster_test_run (const MusterTest *self, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  for (guint i = 0; i < self->steps->len; i++)
    {
      unsigned row = self->first + i;
      g_autoptr (GError) cause = NULL;
      gboolean passed = FALSE;

      if (!begin_step (self, row, error))
        return FALSE;
      passed = run_step (self, self->steps->pdata[i], row, &cause);
      if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return FALSE;
        }
      muster_test_report_end (self->report, row,
                              passed ? MUSTER_VERDICT_PASSED : MUSTER_VERDICT_FAILED,
                              cause != NULL ? cause->message : NULL,
                              self->world->now (self->user_data));
      if (is_end_of_board (cause))
        break;
    }
  return TRUE;
}
