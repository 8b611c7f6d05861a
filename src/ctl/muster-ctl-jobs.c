/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ctl-jobs"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <unistd.h>

#include "client/muster-api-jobs.h"
#include "muster-ctl-commands.h"
#include "muster-ctl-jobs.h"
#include "muster-ctl-record.h"

#include "model/muster-error.h"

#define POLL_MILLISECONDS 200

static gboolean
is_open (MusterEntity *job)
{
  int status = muster_entity_get_enum (job, "status");

  return status == MUSTER_JOB_STATUS_QUEUED || status == MUSTER_JOB_STATUS_RUNNING;
}

static void
print_progress (MusterEntity *job)
{
  gint64 settled = muster_entity_get_integer (job, "done") +
                   muster_entity_get_integer (job, "skipped") +
                   muster_entity_get_integer (job, "failed");

  if (isatty (STDERR_FILENO))
    g_printerr (_ ("\r%s: %" PRId64 " of %" PRId64 "\033[K"),
                muster_entity_get_string (job, "title"), settled,
                muster_entity_get_integer (job, "total"));
}

/* A job that was waited for and has refused rows is a failure of ours. */
static gboolean
judge (MusterEntity *job, GError **error)
{
  const char *why = muster_entity_get_string (job, "error");

  if (muster_entity_get_enum (job, "status") == MUSTER_JOB_STATUS_FAILED)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED, _ ("the job failed: %s"),
                 why != NULL ? why : "?");
  else if (muster_entity_get_integer (job, "failed") > 0)
    g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_FAILED,
                 _ ("%" PRId64 " rows were refused; musterctl jobs failed %s tells why"),
                 muster_entity_get_integer (job, "failed"), muster_entity_get_id (job));
  else
    return TRUE;
  return FALSE;
}

MusterEntity *
muster_ctl_await_job (MusterCtl *ctl, const char *id, GError **error)
{
  g_autoptr (MusterEntity) job = dex_await_object (muster_api_jobs_get (ctl->client, id), error);

  while (job != NULL && is_open (job))
    {
      print_progress (job);
      dex_await (dex_timeout_new_msec (POLL_MILLISECONDS), NULL);
      g_object_unref (job);
      job = dex_await_object (muster_api_jobs_get (ctl->client, id), error);
    }
  if (isatty (STDERR_FILENO))
    g_printerr ("\r\033[K");
  return g_steal_pointer (&job);
}

gboolean
muster_ctl_conclude_job (MusterCtl *ctl, MusterEntity *job, gboolean waited, GError **error)
{
  if (ctl->json)
    muster_ctl_print_entity (job);
  else
    muster_ctl_print_record (ctl, job);
  return !waited || judge (job, error);
}

static gboolean
list (MusterCtl *ctl, GError **error)
{
  static const MusterCtlColumn columns[] = { { N_ ("TITLE"), MUSTER_CTL_COLUMN_ELIDE },
                                             { N_ ("STATUS"), MUSTER_CTL_COLUMN_COLORED },
                                             { N_ ("DONE"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("SKIPPED"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("FAILED"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("TOTAL"), MUSTER_CTL_COLUMN_RIGHT },
                                             { N_ ("BEGUN"), 0 },
                                             { N_ ("ID"), 0 },
                                             { NULL, 0 } };
  static const char *const     fields[] = { "title", "status",     "done", "skipped", "failed",
                                            "total", "created_at", "id",   NULL };
  const MusterApiListQuery     query = { .sort = "-id", .limit = 100 };
  g_autoptr (MusterApiPage) page =
              dex_await_object (muster_api_jobs_list (ctl->client, &query), error);

  if (page == NULL)
    return FALSE;
  if (ctl->json)
    muster_ctl_print_object (muster_api_page_get_json (page));
  else
    muster_ctl_print_page (ctl, muster_api_page_get_items (page), columns, fields, _ ("No jobs."));
  return TRUE;
}

static gboolean
print_failures (MusterCtl *ctl, const char *id, GError **error)
{
  g_autoptr (GBytes) csv = dex_await_boxed (muster_api_jobs_get_failures (ctl->client, id), error);

  if (csv == NULL)
    return FALSE;
  muster_ctl_print ("%.*s", (int)g_bytes_get_size (csv),
                    (const char *)g_bytes_get_data (csv, NULL));
  return TRUE;
}

static gboolean
tell (MusterCtl *ctl, const char *verb, const char *id, GError **error)
{
  static const struct
  {
    const char *verb;
    DexFuture *(*call) (MusterApiClient *client, const char *id);
  } calls[] = {
    { "show", muster_api_jobs_get },      { "pause", muster_api_jobs_pause },
    { "resume", muster_api_jobs_resume }, { "cancel", muster_api_jobs_cancel },
    { "retry", muster_api_jobs_retry },
  };
  g_autoptr (MusterEntity) job = NULL;

  if (g_str_equal (verb, "failed"))
    return print_failures (ctl, id, error);
  if (g_str_equal (verb, "wait"))
    {
      job = muster_ctl_await_job (ctl, id, error);
      return job != NULL && muster_ctl_conclude_job (ctl, job, TRUE, error);
    }
  for (unsigned i = 0; i < G_N_ELEMENTS (calls); i++)
    if (g_str_equal (calls[i].verb, verb))
      {
        job = dex_await_object (calls[i].call (ctl->client, id), error);
        return job != NULL && muster_ctl_conclude_job (ctl, job, FALSE, error);
      }
  g_set_error_literal (
    error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
    _ ("usage: musterctl jobs [list | show|pause|resume|cancel|retry|wait|failed JOB]"));
  return FALSE;
}

gboolean
muster_ctl_jobs_run (MusterCtl *ctl, const MusterCtlCommand *command, char **args, GError **error)
{
  g_auto (GStrv) positional = g_strdupv (args);

  if (!muster_ctl_parse (ctl, command, NULL, &positional, 0, 2, error))
    return FALSE;
  if (positional[1] == NULL || (g_str_equal (positional[1], "list") && positional[2] == NULL))
    return list (ctl, error);
  return tell (ctl, positional[2] != NULL ? positional[1] : "", positional[2], error);
}
