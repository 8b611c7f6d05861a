/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-job-notice"

#include "config.h"

#include "muster-job-notice.h"

typedef struct
{
  GtkWindow     *window;  /* borrowed: it owns this */
  MusterSession *session; /* (owned) */
} Notice;

static void
notice_free (gpointer data, GClosure *closure)
{
  Notice *notice = data;

  g_object_unref (notice->session);
  g_free (notice);
}

static void
notify_desktop (GtkWindow *window, const char *id, const char *title, const char *result)
{
  GApplication *application = G_APPLICATION (gtk_window_get_application (window));
  g_autoptr (GNotification) notification = g_notification_new (title);

  g_notification_set_body (notification, result);
  g_application_send_notification (application, id, notification);
}

static void
muster_job_notice_ended_cb (MusterJobs *jobs, MusterJobItem *item, Notice *notice)
{
  MusterEntity    *job = MUSTER_ENTITY (muster_job_item_get_job (item));
  const char      *title = muster_entity_get_string (job, "title");
  gint64           sequence = muster_entity_get_integer (job, "first_sequence");
  MusterAccess    *access = muster_session_get_access (notice->session);
  g_autofree char *result = muster_job_item_describe (item);
  g_autofree char *text = g_strdup_printf ("%s: %s", title, result);

  if (g_strcmp0 (muster_entity_get_string (job, "actor"), muster_access_get_actor (access)) != 0)
    return;
  if (sequence > 0 && muster_entity_get_integer (job, "done") > 0)
    muster_session_offer_change_undo (notice->session, text, sequence);
  else
    muster_session_tell (notice->session, text);
  if (!gtk_window_is_active (notice->window))
    notify_desktop (notice->window, muster_job_item_get_id (item), title, result);
}

void
muster_job_notice_attach (GtkWindow *window, MusterSession *session, MusterJobs *jobs)
{
  Notice   *notice;
  GClosure *closure;

  g_return_if_fail (GTK_IS_WINDOW (window));
  g_return_if_fail (MUSTER_IS_SESSION (session));
  g_return_if_fail (MUSTER_IS_JOBS (jobs));

  notice = g_new (Notice, 1);
  *notice = (Notice){ window, g_object_ref (session) };
  closure = g_cclosure_new (G_CALLBACK (muster_job_notice_ended_cb), notice, notice_free);
  g_object_watch_closure (G_OBJECT (window), closure);
  g_signal_connect_closure (jobs, "ended", closure, FALSE);
}
