/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-print-dialog"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-label-printer.h"
#include "muster-paper-view.h"
#include "muster-print-dialog.h"
#include "print/muster-print-load.h"
#include "widgets/muster-dialog.h"
#include "widgets/muster-format.h"

struct _MusterPrintDialog
{
  AdwDialog parent_instance;

  MusterSession   *session; /* (owned) */
  MusterPrintKind  kind;
  char           **ids;       /* (owned) */
  MusterPrintable *printable; /* (owned) (nullable): laid out */
  unsigned         n_pages;
  unsigned         loads;    /* so many were begun: the newest counts */
  gboolean         is_ready; /* the rows are filled */

  /* Template children */
  GtkStack      *stack;
  GtkListView   *pages;
  GtkStringList *numbers;
  GtkLabel      *trouble;
  GtkWidget     *print;
  GtkWidget     *save;
  AdwComboRow   *paper;
  AdwComboRow   *format;
  AdwSpinRow    *skip;
  AdwSwitchRow  *secrets;
};

G_DEFINE_FINAL_TYPE (MusterPrintDialog, muster_print_dialog, ADW_TYPE_DIALOG)

typedef gboolean (*LoadFunc) (MusterPrintRecords *records,
                              MusterApiClient    *client,
                              const char         *id,
                              GError            **error);

static const struct
{
  LoadFunc load;
  MusterDocumentPrint *(*make) (MusterPrintRecords *records);
  const char *entity; /* of labels */
} kinds[] = {
  [MUSTER_PRINT_PICK_LIST] = { muster_print_load_order, muster_print_pick_list, NULL },
  [MUSTER_PRINT_INVOICE] = { muster_print_load_order, muster_print_invoice, NULL },
  [MUSTER_PRINT_DELIVERY_NOTE] = { muster_print_load_delivery, muster_print_delivery_note, NULL },
  [MUSTER_PRINT_COUNT_SHEET] = { muster_print_load_stocktake, muster_print_count_sheet, NULL },
  [MUSTER_PRINT_DEVICE_LABELS] = { NULL, NULL, "device" },
  [MUSTER_PRINT_PLACE_LABELS] = { NULL, NULL, "location" },
};

/* The names that paper may have here, in the order of the list. */
static const char *const papers[] = { "iso_a4", "iso_a5", "na_letter" };

static gboolean
is_labels (MusterPrintDialog *self)
{
  return kinds[self->kind].entity != NULL;
}

static void
set_trouble (MusterPrintDialog *self, const GError *error)
{
  g_autofree char *text = error != NULL ? muster_format_sentence (error->message) : NULL;

  gtk_label_set_label (self->trouble, text != NULL ? text : "");
  if (error != NULL)
    gtk_stack_set_visible_child_name (self->stack, "trouble");
}

/* --- loading --- */

static void
show_printable (MusterPrintDialog *self)
{
  g_autoptr (GStrvBuilder) numbers = g_strv_builder_new ();
  g_auto (GStrv) list = NULL;

  self->n_pages = muster_printable_layout (self->printable);
  for (unsigned i = 0; i < self->n_pages; i++)
    g_strv_builder_take (numbers, g_strdup_printf ("%u", i + 1));
  list = g_strv_builder_end (numbers);
  gtk_string_list_splice (self->numbers, 0, g_list_model_get_n_items (G_LIST_MODEL (self->numbers)),
                          (const char *const *)list);
  gtk_stack_set_visible_child_name (self->stack, "pages");
  gtk_widget_set_sensitive (self->print, TRUE);
  gtk_widget_set_sensitive (self->save, TRUE);
}

static MusterPrintable *
load_labels (MusterPrintDialog *self, GError **error)
{
  unsigned                 n_formats;
  const MusterLabelFormat *formats = muster_label_formats_list (&n_formats);
  unsigned selected = MIN (adw_combo_row_get_selected (self->format), n_formats - 1);
  g_autoptr (MusterLabelPrint) print =
              muster_label_print_new (&formats[selected],
                                      (unsigned)adw_spin_row_get_value (self->skip));

  muster_printable_set_title (MUSTER_PRINTABLE (print), _ ("Labels"));
  if (!muster_print_load_labels (print, muster_session_get_client (self->session),
                                 kinds[self->kind].entity, (const char *const *)self->ids,
                                 adw_switch_row_get_active (self->secrets), error))
    return NULL;
  return MUSTER_PRINTABLE (g_steal_pointer (&print));
}

static MusterPrintable *
load_document (MusterPrintDialog *self, GError **error)
{
  MusterApiClient *client = muster_session_get_client (self->session);
  g_autoptr (MusterPrintRecords) records = muster_print_load_site (client, error);
  MusterPrintable *print = NULL;

  if (records == NULL || !kinds[self->kind].load (records, client, self->ids[0], error))
    return NULL;
  print = MUSTER_PRINTABLE (kinds[self->kind].make (records));
  muster_printable_set_paper (print,
                              muster_paper_find (papers[adw_combo_row_get_selected (self->paper)]));
  return print;
}

static DexFuture *
muster_print_dialog_load_fiber (gpointer user_data)
{
  MusterPrintDialog *self = user_data;
  const unsigned     number = self->loads;
  g_autoptr (GError) error = NULL;
  g_autoptr (MusterPrintable) printable =
              is_labels (self) ? load_labels (self, &error) : load_document (self, &error);

  if (number != self->loads)
    return dex_future_new_true ();
  if (printable == NULL)
    set_trouble (self, error);
  else if (g_set_object (&self->printable, printable))
    show_printable (self);
  return dex_future_new_true ();
}

static void
load (MusterPrintDialog *self)
{
  gtk_widget_set_sensitive (self->print, FALSE);
  gtk_widget_set_sensitive (self->save, FALSE);
  gtk_stack_set_visible_child_name (self->stack, "loading");
  self->loads++;
  dex_future_disown (dex_scheduler_spawn (NULL, 0, muster_print_dialog_load_fiber,
                                          g_object_ref (self), g_object_unref));
}

static void
muster_print_dialog_options_cb (MusterPrintDialog *self)
{
  if (!self->is_ready)
    return;
  if (is_labels (self) || self->printable == NULL)
    {
      load (self);
      return;
    }
  muster_printable_set_paper (self->printable,
                              muster_paper_find (papers[adw_combo_row_get_selected (self->paper)]));
  show_printable (self);
}

/* --- printing --- */

static void
muster_print_dialog_print_cb (MusterPrintDialog *self)
{
  g_autoptr (GtkPrintOperation) operation = muster_print_operation_new (self->printable);
  g_autoptr (GError) error = NULL;
  GtkWindow              *window = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
  GtkPrintOperationResult result;

  /* GTK runs a loop of its own here, in which the console may lock itself and close this. */
  g_object_ref (self);
  result =
    gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, window, &error);
  if (result == GTK_PRINT_OPERATION_RESULT_ERROR)
    muster_session_tell_error (self->session, _ ("Could not print"), error);
  else if (result == GTK_PRINT_OPERATION_RESULT_APPLY)
    muster_dialog_end (ADW_DIALOG (self));
  g_object_unref (self);
}

static void
muster_print_dialog_chosen_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MusterPrintDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (object), result, &error);
  const char *path = file != NULL ? g_file_peek_path (file) : NULL;

  if (file != NULL && path == NULL)
    g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                         _ ("only folders of this machine can be written to"));
  if (path != NULL && muster_printable_write_pdf (self->printable, path, &error))
    {
      g_autofree char *name = g_path_get_basename (path);
      g_autofree char *text = g_strdup_printf (_ ("Saved as %s"), name);

      muster_session_tell (self->session, text);
      muster_dialog_end (ADW_DIALOG (self));
    }
  else if (error != NULL && !g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED))
    muster_session_tell_error (self->session, _ ("Could not save the document"), error);
}

static void
muster_print_dialog_save_cb (MusterPrintDialog *self)
{
  g_autoptr (GtkFileDialog) chooser = gtk_file_dialog_new ();
  g_autofree char *name = g_strconcat (muster_printable_get_title (self->printable), ".pdf", NULL);

  gtk_file_dialog_set_title (chooser, _ ("Save as PDF"));
  gtk_file_dialog_set_initial_name (chooser, name);
  gtk_file_dialog_save (chooser, GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), NULL,
                        muster_print_dialog_chosen_cb, g_object_ref (self));
}

/* --- the list of pages --- */

static void
muster_print_dialog_setup_cb (MusterPrintDialog *self, GtkListItem *item)
{
  gtk_list_item_set_child (item, muster_paper_view_new ());
  gtk_list_item_set_activatable (item, FALSE);
}

static void
muster_print_dialog_bind_cb (MusterPrintDialog *self, GtkListItem *item)
{
  MusterPaperView *view = MUSTER_PAPER_VIEW (gtk_list_item_get_child (item));
  unsigned         position = gtk_list_item_get_position (item);

  if (position < self->n_pages)
    muster_paper_view_set_page (view, self->printable, position);
}

static void
muster_print_dialog_unbind_cb (MusterPrintDialog *self, GtkListItem *item)
{
  muster_paper_view_set_page (MUSTER_PAPER_VIEW (gtk_list_item_get_child (item)), NULL, 0);
}

/* --- object --- */

static void
fill_rows (MusterPrintDialog *self)
{
  unsigned                 n_formats;
  const MusterLabelFormat *formats = muster_label_formats_list (&n_formats);
  g_autoptr (GtkStringList) format_titles = gtk_string_list_new (NULL);
  g_autoptr (GtkStringList) paper_titles = gtk_string_list_new (NULL);

  for (unsigned i = 0; i < n_formats; i++)
    gtk_string_list_append (format_titles, _ (formats[i].title));
  for (guint i = 0; i < G_N_ELEMENTS (papers); i++)
    {
      gtk_string_list_append (paper_titles, _ (muster_paper_find (papers[i])->title));
      if (muster_paper_find (papers[i]) == muster_paper_get_default ())
        adw_combo_row_set_selected (self->paper, i);
    }
  adw_combo_row_set_model (self->format, G_LIST_MODEL (format_titles));
  adw_combo_row_set_model (self->paper, G_LIST_MODEL (paper_titles));
  gtk_widget_set_visible (GTK_WIDGET (self->paper), !is_labels (self));
  gtk_widget_set_visible (GTK_WIDGET (self->format), is_labels (self));
  gtk_widget_set_visible (GTK_WIDGET (self->skip), is_labels (self));
  gtk_widget_set_visible (GTK_WIDGET (self->secrets), self->kind == MUSTER_PRINT_DEVICE_LABELS);
  gtk_widget_set_sensitive (GTK_WIDGET (self->secrets),
                            muster_session_may (self->session, "getDeviceLabel"));
  self->is_ready = TRUE;
}

static void
muster_print_dialog_dispose (GObject *object)
{
  MusterPrintDialog *self = MUSTER_PRINT_DIALOG (object);

  self->loads++;
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_PRINT_DIALOG);
  g_clear_object (&self->printable);
  g_clear_object (&self->session);
  g_clear_pointer (&self->ids, g_strfreev);
  G_OBJECT_CLASS (muster_print_dialog_parent_class)->dispose (object);
}

static void
muster_print_dialog_class_init (MusterPrintDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_print_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/print-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterPrintDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, MusterPrintDialog, pages);
  gtk_widget_class_bind_template_child (widget_class, MusterPrintDialog, numbers);
  gtk_widget_class_bind_template_child (widget_class, MusterPrintDialog, trouble);
  gtk_widget_class_bind_template_child (widget_class, MusterPrintDialog, print);
  gtk_widget_class_bind_template_child (widget_class, MusterPrintDialog, save);
  gtk_widget_class_bind_template_child (widget_class, MusterPrintDialog, paper);
  gtk_widget_class_bind_template_child (widget_class, MusterPrintDialog, format);
  gtk_widget_class_bind_template_child (widget_class, MusterPrintDialog, skip);
  gtk_widget_class_bind_template_child (widget_class, MusterPrintDialog, secrets);
  gtk_widget_class_bind_template_callback (widget_class, muster_print_dialog_options_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_print_dialog_print_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_print_dialog_save_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_print_dialog_setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_print_dialog_bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_print_dialog_unbind_cb);
}

static void
muster_print_dialog_init (MusterPrintDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

AdwDialog *
muster_print_dialog_new (MusterSession *session, MusterPrintKind kind, const char *const *ids)
{
  MusterPrintDialog *self;

  g_return_val_if_fail (MUSTER_IS_SESSION (session), NULL);
  g_return_val_if_fail (ids != NULL && ids[0] != NULL, NULL);

  self = g_object_new (MUSTER_TYPE_PRINT_DIALOG, NULL);
  self->session = g_object_ref (session);
  self->kind = kind;
  self->ids = g_strdupv ((char **)ids);
  fill_rows (self);
  load (self);
  return ADW_DIALOG (self);
}

AdwDialog *
muster_print_dialog_new_for (MusterSession *session, MusterPrintable *printable)
{
  MusterPrintDialog *self;

  g_return_val_if_fail (MUSTER_IS_SESSION (session), NULL);
  g_return_val_if_fail (MUSTER_IS_PRINTABLE (printable), NULL);

  self = g_object_new (MUSTER_TYPE_PRINT_DIALOG, NULL);
  self->session = g_object_ref (session);
  self->printable = g_object_ref (printable);
  fill_rows (self);
  muster_printable_set_paper (printable,
                              muster_paper_find (papers[adw_combo_row_get_selected (self->paper)]));
  show_printable (self);
  return ADW_DIALOG (self);
}

void
muster_print_dialog_show (GtkWidget         *parent,
                          MusterSession     *session,
                          MusterPrintKind    kind,
                          const char *const *ids)
{
  adw_dialog_present (muster_print_dialog_new (session, kind, ids), parent);
}
