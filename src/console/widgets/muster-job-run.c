/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-job-run"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "client/muster-api-error.h"
#include "client/muster-api-journal.h"
#include "jobs/muster-job-dialog.h"
#include "muster-job-run.h"

/* Small jobs end while one looks; long ones are looked at less often. In ms. */
#define FIRST_LOOK 60
#define LAST_LOOK 1000
/* After so long one is told that it goes on. In µs. */
#define PATIENCE (1500 * 1000)
/* So many looks in vain, five minutes and more, before the site is given up. */
#define MAX_MISSED 300

typedef struct
{
  MusterSession *session;
  GtkWidget     *parent;
  DexFuture     *start; /* (owned) resolves to the MusterJob */
} Run;

static void
run_free (gpointer data)
{
  Run *run = data;

  g_object_unref (run->session);
  g_object_unref (run->parent);
  dex_clear (&run->start);
  g_free (run);
}

static gboolean
has_ended (MusterJob *job)
{
  int status = muster_entity_get_enum (MUSTER_ENTITY (job), "status");

  return status == MUSTER_JOB_STATUS_DONE || status == MUSTER_JOB_STATUS_FAILED ||
         status == MUSTER_JOB_STATUS_CANCELLED;
}

/* --- how it went --- */

static void
show_result (Run *run, MusterJob *job)
{
  g_autoptr (MusterJobItem) item = muster_job_item_new (job, g_get_monotonic_time ());

  adw_dialog_present (muster_job_dialog_new (run->session, item), run->parent);
}

static DexFuture *
undo_job (MusterSession *session, gpointer sequence)
{
  return muster_api_journal_undo (muster_session_get_client (session), *(gint64 *)sequence);
}

static void
tell_result (Run *run, MusterJob *job)
{
  MusterEntity    *entity = MUSTER_ENTITY (job);
  gint64           done = muster_entity_get_integer (entity, "done");
  gint64           sequence = muster_entity_get_integer (entity, "first_sequence");
  g_autofree char *text = g_strdup_printf (ngettext ("%s: %d done", "%s: %d done", done),
                                           muster_entity_get_string (entity, "title"), (int)done);

  if (done > 0 && sequence > 0)
    muster_session_offer_undo (run->session, text, undo_job, g_memdup2 (&sequence, sizeof sequence),
                               g_free);
  else if (muster_entity_get_integer (entity, "failed") == 0)
    muster_session_tell (run->session, muster_entity_get_integer (entity, "skipped") > 0
                                         ? _ ("There was nothing to change")
                                         : text);
  if (muster_entity_get_integer (entity, "failed") > 0)
    show_result (run, job);
}

/* How JOB (taken) is now. It goes on, though the site is away for a while. NULL: nothing is heard
 * of it any more. */
static MusterJob *
await_look (Run *run, MusterJob *job, unsigned *missed, GError **error)
{
  g_autoptr (MusterJob) before = job;
  GError    *cause = NULL;
  MusterJob *now =
    dex_await_object (muster_api_jobs_get (muster_session_get_client (run->session),
                                           muster_entity_get_id (MUSTER_ENTITY (before))),
                      &cause);

  *missed = now != NULL ? 0 : *missed + 1;
  if (now != NULL)
    return now;
  if (*missed > MAX_MISSED || !muster_api_error_is_passing (cause))
    {
      g_propagate_error (error, cause);
      return NULL;
    }
  g_error_free (cause);
  return g_steal_pointer (&before);
}

static DexFuture *
muster_job_run_fiber (gpointer user_data)
{
  Run *run = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterJob) job = dex_await_object (g_steal_pointer (&run->start), &error);
  const gboolean begun = job != NULL;
  gint64         patience = g_get_monotonic_time () + PATIENCE;
  unsigned       wait = FIRST_LOOK, missed = 0;

  while (job != NULL && !has_ended (job))
    {
      dex_await (dex_timeout_new_msec (wait), NULL);
      wait = MIN (wait * 2, LAST_LOOK);
      if (patience > 0 && g_get_monotonic_time () > patience)
        {
          muster_session_tell (run->session, _ ("This takes a while, and goes on by itself"));
          patience = 0;
        }
      job = await_look (run, g_steal_pointer (&job), &missed, &error);
    }
  if (job != NULL)
    tell_result (run, job);
  else
    muster_session_tell_error (run->session,
                               begun ? _ ("How it went is not known") : _ ("It was not done"),
                               error);
  return dex_future_new_true ();
}

static void
watch (MusterSession *session, GtkWidget *parent, DexFuture *start)
{
  Run *run = g_new0 (Run, 1);

  run->session = g_object_ref (session);
  run->parent = g_object_ref (parent);
  run->start = start;
  dex_future_disown (dex_scheduler_spawn (NULL, 0, muster_job_run_fiber, run, run_free));
}

void
muster_job_run (MusterSession *session, GtkWidget *parent, const MusterApiJobDraft *draft)
{
  g_return_if_fail (MUSTER_IS_SESSION (session));
  g_return_if_fail (GTK_IS_WIDGET (parent) && draft != NULL);

  watch (session, parent, muster_api_jobs_create (muster_session_get_client (session), draft));
}

void
muster_job_run_retry (MusterSession *session, GtkWidget *parent, const char *id)
{
  g_return_if_fail (MUSTER_IS_SESSION (session));
  g_return_if_fail (GTK_IS_WIDGET (parent) && id != NULL);

  watch (session, parent, muster_api_jobs_retry (muster_session_get_client (session), id));
}
