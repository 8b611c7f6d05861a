/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-jobs-button"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-job-view.h"
#include "muster-jobs-button.h"

struct _MusterJobsButton
{
  AdwBin parent_instance;

  MusterSession *session; /* (owned) */
  MusterJobs    *jobs;    /* (owned) */

  /* Template children */
  GtkMenuButton *button;
  GtkLabel      *count;
  GtkListBox    *list;
};

G_DEFINE_FINAL_TYPE (MusterJobsButton, muster_jobs_button, ADW_TYPE_BIN)

static void
muster_jobs_button_update (MusterJobsButton *self)
{
  unsigned         n_running = muster_jobs_count_running (self->jobs);
  g_autofree char *text = g_strdup_printf ("%u", n_running);
  g_autofree char *spoken =
    n_running > 0
      ? g_strdup_printf (ngettext ("%u job under way", "%u jobs under way", n_running), n_running)
      : g_strdup (_ ("Jobs"));

  gtk_widget_set_visible (GTK_WIDGET (self),
                          g_list_model_get_n_items (muster_jobs_get_list (self->jobs)) > 0);
  gtk_label_set_label (self->count, text);
  gtk_widget_set_visible (GTK_WIDGET (self->count), n_running > 0);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), spoken);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  spoken, -1);
}

static GtkWidget *
muster_jobs_button_create_row (gpointer item, gpointer user_data)
{
  return muster_job_view_new (MUSTER_JOBS_BUTTON (user_data)->session, item);
}

static void
muster_jobs_button_dispose (GObject *object)
{
  MusterJobsButton *self = MUSTER_JOBS_BUTTON (object);

  if (self->list != NULL)
    gtk_list_box_bind_model (self->list, NULL, NULL, NULL, NULL);
  /* Disposing of the template takes a child that it names away without the bin's knowing. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_JOBS_BUTTON);
  g_clear_object (&self->session);
  g_clear_object (&self->jobs);
  G_OBJECT_CLASS (muster_jobs_button_parent_class)->dispose (object);
}

static void
muster_jobs_button_class_init (MusterJobsButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_jobs_button_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/jobs-button.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterJobsButton, button);
  gtk_widget_class_bind_template_child (widget_class, MusterJobsButton, count);
  gtk_widget_class_bind_template_child (widget_class, MusterJobsButton, list);
}

static void
muster_jobs_button_init (MusterJobsButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
muster_jobs_button_set_jobs (MusterJobsButton *self, MusterSession *session, MusterJobs *jobs)
{
  g_return_if_fail (MUSTER_IS_JOBS_BUTTON (self) && self->jobs == NULL);
  g_return_if_fail (MUSTER_IS_JOBS (jobs));

  self->session = g_object_ref (session);
  self->jobs = g_object_ref (jobs);
  g_signal_connect_object (jobs, "changed", G_CALLBACK (muster_jobs_button_update), self,
                           G_CONNECT_SWAPPED);
  gtk_list_box_bind_model (self->list, muster_jobs_get_list (jobs), muster_jobs_button_create_row,
                           self, NULL);
  muster_jobs_button_update (self);
}

gboolean
muster_jobs_button_open (MusterJobsButton *self)
{
  g_return_val_if_fail (MUSTER_IS_JOBS_BUTTON (self), FALSE);

  if (gtk_widget_get_visible (GTK_WIDGET (self)))
    gtk_menu_button_popup (self->button);
  return gtk_widget_get_visible (GTK_WIDGET (self));
}
