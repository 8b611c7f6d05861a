/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-job-dialog"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-jobs.h"
#include "muster-job-dialog.h"
#include "muster-permission.h"
#include "widgets/muster-format.h"
#include "widgets/muster-list.h"

/* More than anybody reads; the file has them all. */
#define MAX_ROWS 500
#define KEY_STATUS "muster-status"

struct _MusterJobDialog
{
  AdwDialog parent_instance;

  MusterSession *session; /* (owned) */
  MusterJobItem *item;    /* (owned) */
  DexFuture     *reading; /* (owned) (nullable) */
  int            status;  /* MusterJobRowStatus of the rows shown */

  /* Template children */
  GtkLabel   *summary;
  GtkBox     *chips;
  GtkWidget  *bar;
  GtkWidget  *save;
  GtkWidget  *retry;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (MusterJobDialog, muster_job_dialog, ADW_TYPE_DIALOG)

static MusterEntity *
job_of (MusterJobDialog *self)
{
  return MUSTER_ENTITY (muster_job_item_get_job (self->item));
}

static GtkWidget *
create_row (MusterEntity *row)
{
  const char      *error = muster_entity_get_string (row, "error");
  const char      *input = muster_entity_get_string (row, "input");
  g_autofree char *title =
    g_strdup_printf (_ ("Row %" G_GINT64_FORMAT), muster_entity_get_integer (row, "position"));
  g_autofree char *reason = error != NULL ? muster_format_sentence (error) : NULL;
  const char      *entity_id = muster_entity_get_string (row, "entity_id");
  GtkWidget       *widget = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title",
                                    reason != NULL ? reason : title, "subtitle",
                                    reason != NULL ? title : (input != NULL ? input : entity_id),
                                          "subtitle-lines", 2, NULL);

  gtk_widget_set_tooltip_text (widget, input);
  return widget;
}

/* The record of ROW opens, where there still is one. */
static void
make_openable (MusterJobDialog *self, GtkWidget *widget, MusterEntity *row)
{
  GtkWidget *button;

  if (muster_entity_is_null (row, "entity_id"))
    return;
  button = gtk_button_new_from_icon_name ("go-next-symbolic");
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, _ ("Open the record"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Open the record"), -1);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "(ss)",
                                    muster_entity_get_string (job_of (self), "entity"),
                                    muster_entity_get_string (row, "entity_id"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.open");
  g_signal_connect_object (button, "clicked", G_CALLBACK (adw_dialog_close), self,
                           G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (widget), button);
}

static DexFuture *
muster_job_dialog_read_cb (DexFuture *future, gpointer user_data)
{
  MusterJobDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  muster_list_clear (self->list);
  if (value == NULL)
    muster_session_tell_error (self->session, _ ("The result could not be read"), error);
  for (unsigned i = 0; value != NULL && i < muster_api_page_get_length (g_value_get_object (value));
       i++)
    {
      MusterEntity *row = muster_api_page_get (g_value_get_object (value), i);
      GtkWidget    *widget = create_row (row);

      make_openable (self, widget, row);
      gtk_list_box_append (self->list, widget);
    }
  return dex_future_new_true ();
}

static void
read_rows (MusterJobDialog *self)
{
  const char *const        filters[] = { "status",
                                         muster_enum_get_nick (&muster_job_row_status_enum, self->status),
                                         NULL };
  const MusterApiListQuery query = { .sort = "position", .limit = MAX_ROWS, .filters = filters };

  dex_clear (&self->reading);
  self->reading =
    dex_future_finally (muster_api_jobs_list_rows (muster_session_get_client (self->session),
                                                   muster_job_item_get_id (self->item), &query),
                        muster_job_dialog_read_cb, self, NULL);
}

static void
muster_job_dialog_chip_cb (MusterJobDialog *self, GParamSpec *pspec, GtkToggleButton *chip)
{
  if (!gtk_toggle_button_get_active (chip))
    return;
  self->status = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (chip), KEY_STATUS));
  read_rows (self);
}

static void
add_chips (MusterJobDialog *self)
{
  static const struct
  {
    MusterJobRowStatus status;
    const char        *field;
  } kinds[] = { { MUSTER_JOB_ROW_STATUS_FAILED, "failed" },
                { MUSTER_JOB_ROW_STATUS_SKIPPED, "skipped" },
                { MUSTER_JOB_ROW_STATUS_DONE, "done" } };
  GtkWidget *first = NULL, *active = NULL;

  for (unsigned i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      gint64           n = muster_entity_get_integer (job_of (self), kinds[i].field);
      g_autofree char *label =
        g_strdup_printf ("%s %'" G_GINT64_FORMAT,
                         _ (muster_enum_get_label (&muster_job_row_status_enum, kinds[i].status)),
                         n);
      GtkWidget *chip = gtk_toggle_button_new_with_label (label);

      gtk_widget_add_css_class (chip, "filter-chip");
      gtk_widget_set_sensitive (chip, n > 0);
      gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (chip), GTK_TOGGLE_BUTTON (first));
      first = first != NULL ? first : chip;
      active = active == NULL && n > 0 ? chip : active;
      g_object_set_data (G_OBJECT (chip), KEY_STATUS, GINT_TO_POINTER (kinds[i].status));
      g_signal_connect_object (chip, "notify::active", G_CALLBACK (muster_job_dialog_chip_cb), self,
                               G_CONNECT_SWAPPED);
      gtk_box_append (self->chips, chip);
    }
  if (active != NULL)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (active), TRUE);
}

/* --- what can be done with those refused --- */

static DexFuture *
muster_job_dialog_retried_cb (DexFuture *future, gpointer user_data)
{
  MusterJobDialog *self = user_data;
  g_autoptr (GError) error = NULL;

  if (dex_future_get_value (future, &error) == NULL)
    muster_session_tell_error (self->session, _ ("The rows were not tried again"), error);
  else
    adw_dialog_close (ADW_DIALOG (self));
  return dex_future_new_true ();
}

static void
muster_job_dialog_retry_cb (MusterJobDialog *self)
{
  dex_future_disown (
    dex_future_finally (muster_api_jobs_retry (muster_session_get_client (self->session),
                                               muster_job_item_get_id (self->item)),
                        muster_job_dialog_retried_cb, g_object_ref (self), g_object_unref));
}

typedef struct
{
  MusterJobDialog *dialog; /* (owned) */
  GFile           *file;   /* (owned) */
} Saving;

static void
saving_free (gpointer data)
{
  Saving *saving = data;

  g_object_unref (saving->dialog);
  g_object_unref (saving->file);
  g_free (saving);
}

static void
muster_job_dialog_written_cb (GObject *file, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MusterJobDialog) self = user_data;
  g_autoptr (GError) error = NULL;

  if (g_file_replace_contents_finish (G_FILE (file), result, NULL, &error))
    muster_session_tell (self->session, _ ("Saved"));
  else
    muster_session_tell_error (self->session, _ ("The file was not written"), error);
}

static DexFuture *
muster_job_dialog_got_cb (DexFuture *future, gpointer user_data)
{
  Saving *saving = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (value == NULL)
    muster_session_tell_error (saving->dialog->session, _ ("The rows could not be read"), error);
  else
    g_file_replace_contents_bytes_async (saving->file, g_value_get_boxed (value), NULL, FALSE,
                                         G_FILE_CREATE_REPLACE_DESTINATION, NULL,
                                         muster_job_dialog_written_cb,
                                         g_object_ref (saving->dialog));
  return dex_future_new_true ();
}

static void
muster_job_dialog_chosen_cb (GObject *chooser, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MusterJobDialog) self = user_data;
  g_autoptr (GFile) file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (chooser), result, NULL);
  Saving *saving;

  if (file == NULL)
    return;
  saving = g_new0 (Saving, 1);
  saving->dialog = g_object_ref (self);
  saving->file = g_steal_pointer (&file);
  dex_future_disown (
    dex_future_finally (muster_api_jobs_get_failures (muster_session_get_client (self->session),
                                                      muster_job_item_get_id (self->item)),
                        muster_job_dialog_got_cb, saving, saving_free));
}

static void
muster_job_dialog_save_cb (MusterJobDialog *self)
{
  g_autoptr (GtkFileDialog) chooser = gtk_file_dialog_new ();

  gtk_file_dialog_set_title (chooser, _ ("Save the Failed Rows"));
  gtk_file_dialog_set_initial_name (chooser, "failed.csv");
  gtk_file_dialog_save (chooser, GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), NULL,
                        muster_job_dialog_chosen_cb, g_object_ref (self));
}

/* --- life --- */

static void
muster_job_dialog_dispose (GObject *object)
{
  MusterJobDialog *self = MUSTER_JOB_DIALOG (object);

  dex_clear (&self->reading);
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
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/job-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterJobDialog, summary);
  gtk_widget_class_bind_template_child (widget_class, MusterJobDialog, chips);
  gtk_widget_class_bind_template_child (widget_class, MusterJobDialog, bar);
  gtk_widget_class_bind_template_child (widget_class, MusterJobDialog, save);
  gtk_widget_class_bind_template_child (widget_class, MusterJobDialog, retry);
  gtk_widget_class_bind_template_child (widget_class, MusterJobDialog, list);
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
  add_chips (self);
  return ADW_DIALOG (self);
}
