/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-label-printer"

#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "muster-label-printer.h"

#define FILE_NAME "label-printer.ini"
#define GTK_DOMAIN "gtk40"
/* Seconds that a printer may take for a label. */
#define PATIENCE 60

/* Where the printer is kept: (transfer full). */
static char *
build_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "muster", FILE_NAME, NULL);
}

/* (transfer full) (nullable): none was chosen yet. */
static GtkPrintSettings *
load_settings (void)
{
  g_autofree char *path = build_path ();

  return gtk_print_settings_new_from_file (path, NULL);
}

static void
store_settings (GtkPrintSettings *settings)
{
  g_autofree char *path = build_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    g_warning ("%s cannot be made: %s", folder, g_strerror (errno));
  else if (!gtk_print_settings_to_file (settings, path, &error))
    g_warning ("the label printer could not be kept: %s", error->message);
}

/* --- an operation --- */

static void
draw_page_cb (GtkPrintOperation *operation, GtkPrintContext *context, int page, gpointer printable)
{
  muster_printable_draw (printable, gtk_print_context_get_cairo_context (context), (unsigned)page);
}

static GtkPageSetup *
make_page_setup (const MusterPaper *paper)
{
  GtkPageSetup *setup = gtk_page_setup_new ();
  GtkPaperSize *size = gtk_paper_size_new_custom (paper->name, _ (paper->title), paper->width,
                                                  paper->height, GTK_UNIT_POINTS);

  gtk_page_setup_set_paper_size (setup, size);
  gtk_page_setup_set_top_margin (setup, 0, GTK_UNIT_POINTS);
  gtk_page_setup_set_bottom_margin (setup, 0, GTK_UNIT_POINTS);
  gtk_page_setup_set_left_margin (setup, 0, GTK_UNIT_POINTS);
  gtk_page_setup_set_right_margin (setup, 0, GTK_UNIT_POINTS);
  gtk_paper_size_free (size);
  return setup;
}

GtkPrintOperation *
muster_print_operation_new (MusterPrintable *printable)
{
  GtkPrintOperation *operation = NULL;
  g_autoptr (GtkPageSetup) setup = NULL;

  g_return_val_if_fail (MUSTER_IS_PRINTABLE (printable), NULL);

  operation = gtk_print_operation_new ();
  setup = make_page_setup (muster_printable_get_paper (printable));
  gtk_print_operation_set_job_name (operation, muster_printable_get_title (printable));
  gtk_print_operation_set_n_pages (operation, (int)muster_printable_layout (printable));
  gtk_print_operation_set_default_page_setup (operation, setup);
  gtk_print_operation_set_use_full_page (operation, TRUE);
  gtk_print_operation_set_unit (operation, GTK_UNIT_POINTS);
  gtk_print_operation_set_embed_page_setup (operation, TRUE);
  g_signal_connect_object (operation, "draw-page", G_CALLBACK (draw_page_cb), printable,
                           G_CONNECT_DEFAULT);
  return operation;
}

/* --- printing --- */

/* Where the first file of the name that SETTINGS has for “Print to File” may be written; NULL: they
 * name a printer. GTK finds that one in its dialog alone, so that the file is written here.
 * (transfer full) */
static char *
find_file (GtkPrintSettings *settings)
{
  const char      *printer = gtk_print_settings_get_printer (settings);
  const char      *uri = gtk_print_settings_get (settings, GTK_PRINT_SETTINGS_OUTPUT_URI);
  g_autofree char *path = uri != NULL ? g_filename_from_uri (uri, NULL, NULL) : NULL;

  if (path == NULL || g_strcmp0 (printer, g_dgettext (GTK_DOMAIN, "Print to File")) != 0)
    return NULL;
  for (unsigned number = 2; g_file_test (path, G_FILE_TEST_EXISTS); number++)
    {
      g_autofree char *base = g_filename_from_uri (uri, NULL, NULL);

      if (g_str_has_suffix (base, ".pdf"))
        base[strlen (base) - strlen (".pdf")] = '\0';
      g_free (path);
      path = g_strdup_printf ("%s-%u.pdf", base, number);
    }
  return g_steal_pointer (&path);
}

/* SETTINGS (nullable): none was chosen yet, or another is to be. */
static GtkPrintOperationAction
choose_action (GtkPrintOperation *operation, GtkPrintSettings *settings, gboolean again)
{
  g_autofree char *path = settings != NULL && !again ? find_file (settings) : NULL;

  if (settings == NULL || again)
    return GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG;
  if (path == NULL)
    return GTK_PRINT_OPERATION_ACTION_PRINT;
  gtk_print_operation_set_export_filename (operation, path);
  return GTK_PRINT_OPERATION_ACTION_EXPORT;
}

static void
promise_unref (gpointer promise, GClosure *closure)
{
  dex_unref (promise);
}

/* Once. */
static void
settle (GtkPrintOperation *operation, GtkPrintOperationResult result, DexPromise *promise)
{
  g_autoptr (GError) error = NULL;

  if (dex_future_get_status (DEX_FUTURE (promise)) != DEX_FUTURE_STATUS_PENDING)
    return;
  if (result == GTK_PRINT_OPERATION_RESULT_APPLY)
    {
      if (gtk_print_operation_get_print_settings (operation) != NULL)
        store_settings (gtk_print_operation_get_print_settings (operation));
      dex_promise_resolve_boolean (promise, TRUE);
    }
  else if (result == GTK_PRINT_OPERATION_RESULT_ERROR)
    {
      gtk_print_operation_get_error (operation, &error);
      dex_promise_reject (promise, g_steal_pointer (&error));
    }
  else
    dex_promise_reject (promise, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                                      _ ("no printer was chosen")));
}

static void
done_cb (GtkPrintOperation *operation, GtkPrintOperationResult result, gpointer promise)
{
  settle (operation, result, promise);
}

DexFuture *
muster_label_printer_print (GtkWidget *widget, MusterPrintable *label, gboolean again)
{
  DexPromise *promise = NULL;
  g_autoptr (GtkPrintOperation) operation = NULL;
  g_autoptr (GtkPrintSettings) settings = NULL;
  GtkPrintOperationAction action;
  GtkPrintOperationResult result;

  dex_return_error_if_fail (GTK_IS_WIDGET (widget));
  dex_return_error_if_fail (MUSTER_IS_PRINTABLE (label));

  promise = dex_promise_new ();
  operation = muster_print_operation_new (label);
  settings = load_settings ();
  if (settings != NULL)
    gtk_print_operation_set_print_settings (operation, settings);
  gtk_print_operation_set_allow_async (operation, TRUE);
  g_signal_connect_data (operation, "done", G_CALLBACK (done_cb), dex_ref (promise), promise_unref,
                         G_CONNECT_DEFAULT);
  action = choose_action (operation, settings, again);
  result =
    gtk_print_operation_run (operation, action, GTK_WINDOW (gtk_widget_get_root (widget)), NULL);
  if (result != GTK_PRINT_OPERATION_RESULT_IN_PROGRESS)
    settle (operation, result, promise);
  /* A printer that is gone is looked for without end; a person may take their time. */
  return action == GTK_PRINT_OPERATION_ACTION_PRINT
           ? dex_future_first (DEX_FUTURE (promise), dex_timeout_new_seconds (PATIENCE), NULL)
           : DEX_FUTURE (promise);
}
