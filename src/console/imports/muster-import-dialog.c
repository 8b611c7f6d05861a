/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-import-dialog"

#include "config.h"

#include <inttypes.h>

#include <glib/gi18n-lib.h>

#include "client/muster-api-imports.h"
#include "client/muster-api-json.h"
#include "client/muster-fiber.h"
#include "jobs/muster-job-rows.h"
#include "jobs/muster-job-view.h"
#include "jobs/muster-jobs.h"
#include "muster-import-columns.h"
#include "muster-import-dialog.h"
#include "muster-import-rows.h"
#include "widgets/muster-format.h"
#include "widgets/muster-open-file.h"

struct _MusterImportDialog
{
  AdwDialog parent_instance;

  MusterSession          *session; /* (owned) */
  const MusterEntityInfo *info;
  GFile                  *file;    /* (owned) (nullable) while it is sent */
  char                   *id;      /* (owned) (nullable) of the import */
  gboolean                applied; /* the daemon keeps the file for the job */
  MusterJobs             *jobs;    /* (owned) (nullable) */
  MusterJobItem          *item;    /* (owned) (nullable) the job that imports */
  DexFuture              *working; /* (owned) (nullable) the step under way */

  /* Template children */
  AdwNavigationView   *view;
  GtkStack            *file_stack;
  GtkLabel            *file_trouble;
  AdwBanner           *columns_banner;
  MusterImportColumns *columns;
  GtkWidget           *check;
  AdwBanner           *rows_banner;
  MusterImportRows    *rows;
  GtkButton           *apply;
  GtkListBox          *job_list;
  MusterJobRows       *job_rows;
  GtkWidget           *save_bar;
  GtkWidget           *wait;
};

G_DEFINE_FINAL_TYPE (MusterImportDialog, muster_import_dialog, ADW_TYPE_DIALOG)

static MusterApiClient *
get_client (MusterImportDialog *self)
{
  return muster_session_get_client (self->session);
}

static void
show_banner (AdwBanner *banner, const GError *error)
{
  g_autofree char *text = error != NULL ? muster_format_sentence (error->message) : NULL;

  if (text != NULL)
    adw_banner_set_title (banner, text);
  adw_banner_set_revealed (banner, text != NULL);
}

/* One step at a time; the dialog outlives it only for as long as it is open. */
static void
begin (MusterImportDialog *self, DexFiberFunc fiber)
{
  dex_clear (&self->working);
  self->working = muster_fiber_spawn (NULL, 0, fiber, g_object_ref (self), g_object_unref);
}

static void
forget (MusterImportDialog *self)
{
  if (self->id != NULL && !self->applied)
    dex_future_disown (muster_api_imports_delete (get_client (self), self->id));
  g_clear_pointer (&self->id, g_free);
}

/* --- the file --- */

static void
show_file_trouble (MusterImportDialog *self, const GError *error)
{
  g_autofree char *text = error != NULL ? muster_format_sentence (error->message) : NULL;

  gtk_label_set_label (self->file_trouble, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->file_trouble), text != NULL);
  gtk_stack_set_visible_child_name (self->file_stack, "choose");
}

static DexFuture *
muster_import_dialog_send_fiber (gpointer user_data)
{
  MusterImportDialog *self = user_data;
  g_autoptr (GFile) file = g_object_ref (self->file);
  g_autofree char *name = g_file_get_basename (file);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) import = NULL;
  g_autoptr (GBytes) content = dex_await_boxed (dex_file_load_contents_bytes (file), &error);

  if (content != NULL)
    import = dex_await_boxed (muster_api_imports_create (get_client (self), self->info->name, name,
                                                         content),
                              &error);
  /* Another was chosen meanwhile, or none is wanted any more. */
  if (self->file != file)
    {
      if (import != NULL)
        dex_future_disown (
          muster_api_imports_delete (get_client (self), muster_api_json_get_string (import, "id")));
      return dex_future_new_true ();
    }
  if (import == NULL)
    {
      show_file_trouble (self, error);
      return dex_future_new_true ();
    }
  show_file_trouble (self, NULL);
  forget (self);
  self->id = g_strdup (muster_api_json_get_string (import, "id"));
  show_banner (self->columns_banner, NULL);
  muster_import_columns_show (self->columns, self->info, import);
  adw_navigation_view_push_by_tag (self->view, "columns");
  return dex_future_new_true ();
}

static void
take_file (MusterImportDialog *self, GFile *file)
{
  g_set_object (&self->file, file);
  adw_navigation_view_pop_to_tag (self->view, "file");
  gtk_stack_set_visible_child_name (self->file_stack, "sending");
  begin (self, muster_import_dialog_send_fiber);
}

static DexFuture *
muster_import_dialog_choose_fiber (gpointer user_data)
{
  MusterImportDialog *self = user_data;
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  g_autoptr (GtkFileFilter) tables = gtk_file_filter_new ();
  g_autoptr (GtkFileFilter) all = gtk_file_filter_new ();
  g_autoptr (GListStore) filters = g_list_store_new (GTK_TYPE_FILE_FILTER);
  g_autoptr (GFile) file = NULL;

  gtk_file_filter_set_name (tables, _ ("Tables (CSV)"));
  gtk_file_filter_add_suffix (tables, "csv");
  gtk_file_filter_add_suffix (tables, "tsv");
  gtk_file_filter_add_suffix (tables, "txt");
  gtk_file_filter_set_name (all, _ ("All Files"));
  gtk_file_filter_add_pattern (all, "*");
  g_list_store_append (filters, tables);
  g_list_store_append (filters, all);
  gtk_file_dialog_set_title (dialog, _ ("Choose a CSV File"));
  gtk_file_dialog_set_filters (dialog, G_LIST_MODEL (filters));
  file = dex_await_object (muster_open_file (dialog, GTK_WIDGET (self)), NULL);
  if (file != NULL)
    take_file (self, file);
  return dex_future_new_true ();
}

static void
muster_import_dialog_choose_cb (MusterImportDialog *self)
{
  dex_future_disown (dex_scheduler_spawn (NULL, 0, muster_import_dialog_choose_fiber,
                                          g_object_ref (self), g_object_unref));
}

/* --- its columns --- */

static void
muster_import_dialog_changed_cb (MusterImportDialog *self)
{
  gtk_widget_set_sensitive (self->check, muster_import_columns_is_valid (self->columns));
}

static DexFuture *
muster_import_dialog_check_fiber (gpointer user_data)
{
  MusterImportDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) import =
              dex_await_boxed (muster_api_imports_update (get_client (self), self->id,
                                                          muster_import_columns_create_plan (
                                                            self->columns)),
                               &error);

  show_banner (self->columns_banner, error);
  if (import == NULL)
    return dex_future_new_true ();
  show_banner (self->rows_banner, NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->apply), FALSE);
  muster_import_rows_show (self->rows, self->session, self->info, self->id);
  adw_navigation_view_push_by_tag (self->view, "rows");
  return dex_future_new_true ();
}

static void
muster_import_dialog_check_cb (MusterImportDialog *self)
{
  begin (self, muster_import_dialog_check_fiber);
}

/* --- what would come of it --- */

static void
muster_import_dialog_counted_cb (MusterImportDialog *self)
{
  gint64 n_rows =
    muster_import_rows_count (self->rows, "new") + muster_import_rows_count (self->rows, "changed");
  g_autofree char *label =
    g_strdup_printf (ngettext ("_Import %'" PRId64 " Row", "_Import %'" PRId64 " Rows", n_rows),
                     n_rows);

  gtk_button_set_label (self->apply, n_rows > 0 ? label : _ ("Nothing to Import"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->apply), n_rows > 0);
}

/* --- doing it --- */

static void
muster_import_dialog_progress_cb (MusterImportDialog *self)
{
  MusterJob *job = muster_job_item_get_job (self->item);
  gboolean   over = muster_job_item_is_over (self->item);
  gint64     n_failed = muster_entity_get_integer (MUSTER_ENTITY (job), "failed");

  gtk_widget_set_visible (self->wait, !over);
  gtk_widget_set_visible (GTK_WIDGET (self->job_rows), over);
  gtk_widget_set_visible (self->save_bar, over && n_failed > 0);
  if (over)
    muster_job_rows_show (self->job_rows, self->session, job);
}

static void
follow (MusterImportDialog *self, MusterJob *job)
{
  GtkWidget *row;

  self->jobs = muster_jobs_new (self->session);
  muster_jobs_hear (self->jobs, job);
  self->item = muster_jobs_find (self->jobs, muster_entity_get_id (MUSTER_ENTITY (job)));
  row = muster_job_view_new (self->session, self->item);
  muster_job_view_hide_result (MUSTER_JOB_VIEW (row));
  gtk_list_box_append (self->job_list, row);
  g_signal_connect_object (self->item, "changed", G_CALLBACK (muster_import_dialog_progress_cb),
                           self, G_CONNECT_SWAPPED);
  muster_import_dialog_progress_cb (self);
}

static DexFuture *
muster_import_dialog_apply_fiber (gpointer user_data)
{
  MusterImportDialog *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterJob) job =
              dex_await_object (muster_api_imports_apply (get_client (self), self->id), &error);

  show_banner (self->rows_banner, error);
  if (job == NULL)
    {
      gtk_widget_set_sensitive (GTK_WIDGET (self->apply), TRUE);
      return dex_future_new_true ();
    }
  self->applied = TRUE;
  follow (self, job);
  adw_navigation_view_replace_with_tags (self->view, (const char *const[]){ "result" }, 1);
  return dex_future_new_true ();
}

static void
muster_import_dialog_apply_cb (MusterImportDialog *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->apply), FALSE);
  begin (self, muster_import_dialog_apply_fiber);
}

static void
muster_import_dialog_save_cb (MusterImportDialog *self)
{
  muster_job_rows_save_failed (self->job_rows);
}

/* --- life --- */

/* A step under way holds the dialog. */
static void
muster_import_dialog_closed (AdwDialog *dialog)
{
  MusterImportDialog *self = MUSTER_IMPORT_DIALOG (dialog);

  dex_clear (&self->working);
  g_clear_object (&self->file);
  forget (self);
}

static void
muster_import_dialog_dispose (GObject *object)
{
  MusterImportDialog *self = MUSTER_IMPORT_DIALOG (object);

  dex_clear (&self->working);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_IMPORT_DIALOG);
  g_clear_object (&self->session);
  g_clear_object (&self->file);
  g_clear_object (&self->jobs);
  g_clear_object (&self->item);
  G_OBJECT_CLASS (muster_import_dialog_parent_class)->dispose (object);
}

static void
muster_import_dialog_finalize (GObject *object)
{
  g_free (MUSTER_IMPORT_DIALOG (object)->id);
  G_OBJECT_CLASS (muster_import_dialog_parent_class)->finalize (object);
}

static void
muster_import_dialog_class_init (MusterImportDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_import_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = muster_import_dialog_finalize;
  ADW_DIALOG_CLASS (klass)->closed = muster_import_dialog_closed;
  g_type_ensure (MUSTER_TYPE_IMPORT_COLUMNS);
  g_type_ensure (MUSTER_TYPE_IMPORT_ROWS);
  g_type_ensure (MUSTER_TYPE_JOB_ROWS);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/import-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterImportDialog, view);
  gtk_widget_class_bind_template_child (widget_class, MusterImportDialog, file_stack);
  gtk_widget_class_bind_template_child (widget_class, MusterImportDialog, file_trouble);
  gtk_widget_class_bind_template_child (widget_class, MusterImportDialog, columns_banner);
  gtk_widget_class_bind_template_child (widget_class, MusterImportDialog, columns);
  gtk_widget_class_bind_template_child (widget_class, MusterImportDialog, check);
  gtk_widget_class_bind_template_child (widget_class, MusterImportDialog, rows_banner);
  gtk_widget_class_bind_template_child (widget_class, MusterImportDialog, rows);
  gtk_widget_class_bind_template_child (widget_class, MusterImportDialog, apply);
  gtk_widget_class_bind_template_child (widget_class, MusterImportDialog, job_list);
  gtk_widget_class_bind_template_child (widget_class, MusterImportDialog, job_rows);
  gtk_widget_class_bind_template_child (widget_class, MusterImportDialog, save_bar);
  gtk_widget_class_bind_template_child (widget_class, MusterImportDialog, wait);
  gtk_widget_class_bind_template_callback (widget_class, muster_import_dialog_choose_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_import_dialog_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_import_dialog_check_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_import_dialog_counted_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_import_dialog_apply_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_import_dialog_save_cb);
}

static gboolean
muster_import_dialog_drop_cb (MusterImportDialog *self, const GValue *value)
{
  GSList *files = gdk_file_list_get_files (g_value_get_boxed (value));

  if (files == NULL || self->applied)
    return FALSE;
  take_file (self, files->data);
  g_slist_free (files);
  return TRUE;
}

static void
muster_import_dialog_init (MusterImportDialog *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (target, "drop", G_CALLBACK (muster_import_dialog_drop_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

AdwDialog *
muster_import_dialog_new (MusterSession *session, const MusterEntityInfo *info, GFile *file)
{
  MusterImportDialog *self = g_object_new (MUSTER_TYPE_IMPORT_DIALOG, NULL);

  g_return_val_if_fail (MUSTER_IS_SESSION (session) && info != NULL, NULL);

  self->session = g_object_ref (session);
  self->info = info;
  if (file != NULL)
    take_file (self, file);
  return ADW_DIALOG (self);
}

/* --- files that are dropped --- */

typedef struct
{
  GtkWidget              *widget; /* borrowed: it owns the controller that owns this */
  MusterSession          *session;
  const MusterEntityInfo *info;
  const char             *operation;
} Target;

static void
target_free (gpointer data, GClosure *closure)
{
  Target *target = data;

  g_object_unref (target->session);
  g_free (target);
}

static gboolean
muster_import_drop_cb (Target *target, const GValue *value)
{
  GSList          *files = gdk_file_list_get_files (g_value_get_boxed (value));
  g_autofree char *why = muster_session_explain (target->session, target->operation);

  if (files == NULL)
    return FALSE;
  if (why != NULL)
    muster_session_tell (target->session, why);
  else
    adw_dialog_present (muster_import_dialog_new (target->session, target->info, files->data),
                        target->widget);
  g_slist_free (files);
  return TRUE;
}

void
muster_import_accept_drops (GtkWidget              *widget,
                            MusterSession          *session,
                            const MusterEntityInfo *info,
                            const char             *operation)
{
  GtkDropTarget *drops = NULL;
  Target        *target = NULL;

  g_return_if_fail (GTK_IS_WIDGET (widget));
  g_return_if_fail (MUSTER_IS_SESSION (session));
  g_return_if_fail (info != NULL && operation != NULL);

  drops = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  target = g_new0 (Target, 1);
  target->widget = widget;
  target->session = g_object_ref (session);
  target->info = info;
  target->operation = operation;
  g_signal_connect_data (drops, "drop", G_CALLBACK (muster_import_drop_cb), target, target_free,
                         G_CONNECT_SWAPPED);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (drops));
}
