/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-job-run"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "client/muster-api-journal.h"
#include "muster-format.h"
#include "muster-job-run.h"
#include "muster-references.h"

/* Small jobs end while one looks; long ones are looked at less often. In ms. */
#define FIRST_LOOK 60
#define LAST_LOOK 1000
/* After so long one is told that it goes on. In µs. */
#define PATIENCE (1500 * 1000)
#define MAX_REASONS 200

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

/* --- the sheet of what was refused --- */

typedef struct
{
  MusterSession *session;
  GtkWidget     *parent;
  MusterJob     *job;
} Sheet;

static void
sheet_free (gpointer data)
{
  Sheet *sheet = data;

  g_object_unref (sheet->session);
  g_object_unref (sheet->parent);
  g_object_unref (sheet->job);
  g_free (sheet);
}

static void
sheet_closed (gpointer data, GClosure *closure)
{
  sheet_free (data);
}

static void watch (MusterSession *session, GtkWidget *parent, DexFuture *start);

static void
muster_job_run_retry_cb (GtkButton *button, Sheet *sheet)
{
  GtkWidget *dialog = gtk_widget_get_ancestor (GTK_WIDGET (button), ADW_TYPE_DIALOG);

  watch (sheet->session, sheet->parent,
         muster_api_jobs_retry (muster_session_get_client (sheet->session),
                                muster_entity_get_id (MUSTER_ENTITY (sheet->job))));
  adw_dialog_close (ADW_DIALOG (dialog));
}

static GtkWidget *
create_reason (MusterSession *session, MusterEntity *job, MusterEntity *row)
{
  const char *id = muster_entity_get_string (row, "entity_id");
  const char *name = NULL;
  const char *error = muster_entity_get_string (row, "error");

  if (id != NULL)
    name = muster_references_get_name (muster_references_get (session),
                                       muster_entity_get_string (job, "entity"), id);
  return g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title",
                       name != NULL ? name : (id != NULL ? id : ""), "subtitle",
                       error != NULL ? error : "", "subtitle-lines", 3, NULL);
}

static GtkWidget *
create_counts (MusterEntity *job)
{
  g_autofree char *text = g_strdup_printf (_ ("%d done, %d needed no change, %d refused"),
                                           (int)muster_entity_get_integer (job, "done"),
                                           (int)muster_entity_get_integer (job, "skipped"),
                                           (int)muster_entity_get_integer (job, "failed"));
  GtkWidget       *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "numeric");
  return label;
}

static void
present_sheet (Sheet *sheet, MusterApiPage *rows)
{
  MusterEntity *job = MUSTER_ENTITY (sheet->job);
  AdwDialog    *dialog = adw_dialog_new ();
  GtkWidget    *view = adw_toolbar_view_new ();
  GtkWidget    *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget    *list = gtk_list_box_new ();
  GtkWidget    *retry = gtk_button_new_with_mnemonic (_ ("_Retry Failed"));
  GtkWidget    *header = adw_header_bar_new ();

  g_object_set (box, "margin-top", 12, "margin-bottom", 18, "margin-start", 18, "margin-end", 18,
                NULL);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Refused"), -1);
  for (unsigned i = 0; i < muster_api_page_get_length (rows); i++)
    gtk_list_box_append (GTK_LIST_BOX (list),
                         create_reason (sheet->session, job, muster_api_page_get (rows, i)));
  gtk_widget_add_css_class (retry, "suggested-action");
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), retry);
  gtk_box_append (GTK_BOX (box), create_counts (job));
  gtk_box_append (GTK_BOX (box), list);
  adw_toolbar_view_add_top_bar (ADW_TOOLBAR_VIEW (view), header);
  adw_toolbar_view_set_content (ADW_TOOLBAR_VIEW (view),
                                g_object_new (GTK_TYPE_SCROLLED_WINDOW, "hscrollbar-policy",
                                              GTK_POLICY_NEVER, "propagate-natural-height", TRUE,
                                              "child", box, NULL));
  adw_dialog_set_child (dialog, view);
  adw_dialog_set_title (dialog, muster_entity_get_string (job, "title"));
  adw_dialog_set_content_width (dialog, 460);
  g_signal_connect_data (retry, "clicked", G_CALLBACK (muster_job_run_retry_cb), sheet,
                         sheet_closed, 0);
  adw_dialog_present (dialog, sheet->parent);
}

static DexFuture *
muster_job_run_sheet_fiber (gpointer user_data)
{
  Sheet                   *sheet = user_data;
  static const char *const filters[] = { "status", "failed", NULL };
  const MusterApiListQuery query = { .sort = "position", .limit = MAX_REASONS, .filters = filters };
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterApiPage) rows = dex_await_object (
    muster_api_jobs_list_rows (muster_session_get_client (sheet->session),
                               muster_entity_get_id (MUSTER_ENTITY (sheet->job)), &query),
    &error);

  if (rows == NULL)
    {
      muster_session_tell_error (sheet->session, _ ("The result could not be read"), error);
      sheet_free (sheet);
      return dex_future_new_true ();
    }
  present_sheet (sheet, rows);
  return dex_future_new_true ();
}

void
muster_job_show_result (MusterSession *session, GtkWidget *parent, MusterJob *job)
{
  Sheet *sheet = g_new0 (Sheet, 1);

  sheet->session = g_object_ref (session);
  sheet->parent = g_object_ref (parent);
  sheet->job = g_object_ref (job);
  dex_future_disown (dex_scheduler_spawn (NULL, 0, muster_job_run_sheet_fiber, sheet, NULL));
}

/* --- how it went --- */

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
    muster_job_show_result (run->session, run->parent, job);
}

static DexFuture *
muster_job_run_fiber (gpointer user_data)
{
  Run             *run = user_data;
  MusterApiClient *client = muster_session_get_client (run->session);
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterJob) job = dex_await_object (g_steal_pointer (&run->start), &error);
  gint64   patience = g_get_monotonic_time () + PATIENCE;
  unsigned wait = FIRST_LOOK;

  while (job != NULL && !has_ended (job))
    {
      g_autofree char *id = g_strdup (muster_entity_get_id (MUSTER_ENTITY (job)));

      dex_await (dex_timeout_new_msec (wait), NULL);
      wait = MIN (wait * 2, LAST_LOOK);
      if (patience > 0 && g_get_monotonic_time () > patience)
        {
          muster_session_tell (run->session, _ ("This takes a while, and goes on by itself"));
          patience = 0;
        }
      g_clear_object (&job);
      job = dex_await_object (muster_api_jobs_get (client, id), &error);
    }
  if (job != NULL)
    tell_result (run, job);
  else
    muster_session_tell_error (run->session, _ ("It was not done"), error);
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
