/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-job-dialog"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-jobs.h"
#include "muster-job-dialog.h"
#include "muster-job-rows.h"
#include "muster-permission.h"
#include "widgets/muster-job-run.h"

struct _MusterJobDialog
{
  AdwDialog parent_instance;

  MusterSession *session; /* (owned) */
  MusterJobItem *item;    /* (owned) */

  /* Template children */
  GtkLabel      *summary;
  GtkWidget     *bar;
  GtkWidget     *retry;
  MusterJobRows *rows;
};

G_DEFINE_FINAL_TYPE (MusterJobDialog, muster_job_dialog, ADW_TYPE_DIALOG)

static MusterEntity *
job_of (MusterJobDialog *self)
{
  return MUSTER_ENTITY (muster_job_item_get_job (self->item));
}

static void
muster_job_dialog_retry_cb (MusterJobDialog *self)
{
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self)));

  muster_job_run_retry (self->session, window, muster_job_item_get_id (self->item));
  adw_dialog_close (ADW_DIALOG (self));
}

static void
muster_job_dialog_save_cb (MusterJobDialog *self)
{
  muster_job_rows_save_failed (self->rows);
}

/* --- life --- */

static void
muster_job_dialog_dispose (GObject *object)
{
  MusterJobDialog *self = MUSTER_JOB_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_JOB_DIALOG);
  g_clear_object (&self->session);
  g_clear_object (&self->item);
  G_OBJECT_CLASS (muster_job_dialog_parent_class)->dispose (object);
}

static void
muster_job_dialog_class_init (MusterJobDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_job_dialog_dispose;
  g_type_ensure (MUSTER_TYPE_JOB_ROWS);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/job-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterJobDialog, summary);
  gtk_widget_class_bind_template_child (widget_class, MusterJobDialog, bar);
  gtk_widget_class_bind_template_child (widget_class, MusterJobDialog, retry);
  gtk_widget_class_bind_template_child (widget_class, MusterJobDialog, rows);
  gtk_widget_class_bind_template_callback (widget_class, muster_job_dialog_save_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_job_dialog_retry_cb);
}

static void
muster_job_dialog_init (MusterJobDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwDialog *
muster_job_dialog_new (MusterSession *session, MusterJobItem *item)
{
  MusterJobDialog *self = g_object_new (MUSTER_TYPE_JOB_DIALOG, NULL);
  g_autofree char *summary = NULL, *text = NULL;

  self->session = g_object_ref (session);
  self->item = g_object_ref (item);
  text = muster_job_item_describe (item);
  summary = g_strdup_printf ("%s\n%s", muster_entity_get_string (job_of (self), "title"), text);
  gtk_label_set_label (self->summary, summary);
  gtk_widget_set_visible (self->bar, muster_entity_get_integer (job_of (self), "failed") > 0);
  muster_permission_guard (session, self->retry, "retryJob");
  muster_job_rows_show (self->rows, session, muster_job_item_get_job (item));
  return ADW_DIALOG (self);
}
