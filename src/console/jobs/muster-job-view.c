/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-job-view"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-jobs.h"
#include "muster-job-dialog.h"
#include "muster-job-view.h"
#include "muster-permission.h"

struct _MusterJobView
{
  GtkListBoxRow parent_instance;

  MusterSession *session; /* (owned) */
  MusterJobItem *item;    /* (owned) */
  DexFuture     *telling; /* (owned) (nullable) */
  gboolean       hides_result;

  /* Template children */
  GtkLabel       *title;
  GtkProgressBar *bar;
  GtkLabel       *state;
  GtkWidget      *pause;
  GtkWidget      *resume;
  GtkWidget      *cancel;
  GtkWidget      *retry;
  GtkWidget      *result;
  GtkWidget      *undo;
};

G_DEFINE_FINAL_TYPE (MusterJobView, muster_job_view, GTK_TYPE_LIST_BOX_ROW)

static MusterEntity *
job_of (MusterJobView *self)
{
  return MUSTER_ENTITY (muster_job_item_get_job (self->item));
}

static void
muster_job_view_update (MusterJobView *self)
{
  gboolean    over = muster_job_item_is_over (self->item);
  gboolean    paused = muster_entity_get_enum (job_of (self), "status") == MUSTER_JOB_STATUS_PAUSED;
  const char *title = muster_entity_get_string (job_of (self), "title");
  g_autofree char *state = muster_job_item_describe (self->item);

  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->state, state);
  gtk_progress_bar_set_fraction (self->bar, muster_job_item_get_fraction (self->item));
  gtk_widget_set_visible (GTK_WIDGET (self->bar), !over);
  gtk_widget_set_visible (self->pause, !over && !paused);
  gtk_widget_set_visible (self->resume, paused);
  gtk_widget_set_visible (self->cancel, !over);
  gtk_widget_set_visible (self->retry,
                          over && muster_entity_get_integer (job_of (self), "failed") > 0);
  gtk_widget_set_visible (self->result, over && !self->hides_result);
  gtk_widget_set_visible (self->undo, over &&
                                        !muster_entity_is_null (job_of (self), "first_sequence") &&
                                        muster_entity_get_integer (job_of (self), "done") > 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, state, -1);
}

static DexFuture *
muster_job_view_told_cb (DexFuture *future, gpointer user_data)
{
  MusterJobView *self = user_data;
  g_autoptr (GError) error = NULL;

  dex_clear (&self->telling);
  if (dex_future_get_value (future, &error) == NULL)
    muster_session_tell_error (self->session, _ ("The job does not do that"), error);
  return dex_future_new_true ();
}

static void
tell (MusterJobView *self, DexFuture *(*call) (MusterApiClient *client, const char *id))
{
  dex_clear (&self->telling);
  self->telling = dex_future_finally (call (muster_session_get_client (self->session),
                                            muster_job_item_get_id (self->item)),
                                      muster_job_view_told_cb, g_object_ref (self), g_object_unref);
}

static void
muster_job_view_pause_cb (MusterJobView *self)
{
  tell (self, muster_api_jobs_pause);
}

static void
muster_job_view_resume_cb (MusterJobView *self)
{
  tell (self, muster_api_jobs_resume);
}

static void
muster_job_view_cancel_cb (MusterJobView *self)
{
  tell (self, muster_api_jobs_cancel);
}

static void
muster_job_view_retry_cb (MusterJobView *self)
{
  tell (self, muster_api_jobs_retry);
}

static void
close_popover (MusterJobView *self)
{
  GtkWidget *popover = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_POPOVER);

  if (popover != NULL)
    gtk_popover_popdown (GTK_POPOVER (popover));
}

static void
muster_job_view_result_cb (MusterJobView *self)
{
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self)));

  close_popover (self);
  adw_dialog_present (muster_job_dialog_new (self->session, self->item), window);
}

static void
muster_job_view_undo_cb (MusterJobView *self)
{
  close_popover (self);
  dex_future_disown (
    muster_session_undo_change (self->session,
                                muster_entity_get_integer (job_of (self), "first_sequence")));
}

static void
muster_job_view_dispose (GObject *object)
{
  MusterJobView *self = MUSTER_JOB_VIEW (object);

  dex_clear (&self->telling);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_JOB_VIEW);
  g_clear_object (&self->session);
  g_clear_object (&self->item);
  G_OBJECT_CLASS (muster_job_view_parent_class)->dispose (object);
}

static void
muster_job_view_class_init (MusterJobViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_job_view_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/job-view.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterJobView, title);
  gtk_widget_class_bind_template_child (widget_class, MusterJobView, bar);
  gtk_widget_class_bind_template_child (widget_class, MusterJobView, state);
  gtk_widget_class_bind_template_child (widget_class, MusterJobView, pause);
  gtk_widget_class_bind_template_child (widget_class, MusterJobView, resume);
  gtk_widget_class_bind_template_child (widget_class, MusterJobView, cancel);
  gtk_widget_class_bind_template_child (widget_class, MusterJobView, retry);
  gtk_widget_class_bind_template_child (widget_class, MusterJobView, result);
  gtk_widget_class_bind_template_child (widget_class, MusterJobView, undo);
  gtk_widget_class_bind_template_callback (widget_class, muster_job_view_pause_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_job_view_resume_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_job_view_cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_job_view_retry_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_job_view_result_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_job_view_undo_cb);
}

static void
muster_job_view_init (MusterJobView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
muster_job_view_new (MusterSession *session, MusterJobItem *item)
{
  MusterJobView *self = g_object_new (MUSTER_TYPE_JOB_VIEW, NULL);

  self->session = g_object_ref (session);
  self->item = g_object_ref (item);
  muster_permission_guard (session, self->pause, "pauseJob");
  muster_permission_guard (session, self->resume, "resumeJob");
  muster_permission_guard (session, self->cancel, "cancelJob");
  muster_permission_guard (session, self->retry, "retryJob");
  muster_permission_guard (session, self->undo, "undoChange");
  g_signal_connect_object (item, "changed", G_CALLBACK (muster_job_view_update), self,
                           G_CONNECT_SWAPPED);
  muster_job_view_update (self);
  return GTK_WIDGET (self);
}

void
muster_job_view_hide_result (MusterJobView *self)
{
  g_return_if_fail (MUSTER_IS_JOB_VIEW (self));

  self->hides_result = TRUE;
  muster_job_view_update (self);
}
