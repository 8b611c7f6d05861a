/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sample-export"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-monitoring.h"
#include "muster-sample-export.h"

#define TELL_MSEC 250

/* An export, from the question where to until the file is there. */
typedef struct
{
  MusterSession  *session; /* (owned) */
  char           *devices; /* (owned) ids, joined by commas */
  char          **metrics; /* (owned) */
  gint64          from;
  gint64          to;
  const char     *format; /* static */
  GFile          *file;   /* (owned) (nullable) */
  GOutputStream  *stream; /* (owned) (nullable) */
  DexCancellable *cancel; /* (owned) */
  gint64          began;  /* monotonic */
  guint64         done;   /* bytes */
  unsigned        tell_id;
  gboolean        running;
  gboolean        replaces; /* a file that is there */
  gatomicrefcount ref_count;

  /* Borrowed from the dialog; NULL once it is closed */
  AdwDialog      *dialog;
  GtkStack       *stack;
  GtkProgressBar *bar;
  GtkLabel       *label;
} Export;

static Export *
export_ref (Export *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
export_unref (gpointer data)
{
  Export *self = data;

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_object_unref (self->session);
  g_free (self->devices);
  g_strfreev (self->metrics);
  g_clear_object (&self->file);
  g_clear_object (&self->stream);
  dex_clear (&self->cancel);
  g_free (self);
}

/* --- writing --- */

static DexFuture *
muster_sample_export_sink (GBytes *piece, gpointer user_data)
{
  Export *self = user_data;

  self->done += g_bytes_get_size (piece);
  return dex_output_stream_write_bytes (self->stream, piece, G_PRIORITY_DEFAULT);
}

static void
muster_sample_export_tell_cb (gpointer user_data)
{
  Export          *self = user_data;
  double           seconds = (g_get_monotonic_time () - self->began) / 1e6;
  g_autofree char *size = g_format_size (self->done);
  g_autofree char *rate = g_format_size (self->done / MAX (seconds, 0.001));
  g_autofree char *text = g_strdup_printf (_ ("%s so far, %s a second"), size, rate);

  self->tell_id = 0;
  if (self->dialog == NULL)
    return;
  gtk_label_set_label (self->label, text);
  gtk_progress_bar_pulse (self->bar);
  self->tell_id = g_timeout_add_once (TELL_MSEC, muster_sample_export_tell_cb, self);
}

/* Half a file is none; what it was to take the place of stays. In a fiber. */
static void
drop_file (Export *self)
{
  g_autoptr (GCancellable) over = g_cancellable_new ();

  if (self->stream == NULL)
    return;
  while (g_output_stream_has_pending (self->stream))
    dex_await (dex_timeout_new_msec (20), NULL);
  /* A file that is replaced is so when its stream is closed, unless closing it is cancelled. */
  g_cancellable_cancel (over);
  g_output_stream_close_async (self->stream, G_PRIORITY_DEFAULT, over, NULL, NULL);
  if (!self->replaces)
    g_file_delete_async (self->file, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
}

static gboolean
await_export (Export *self, GError **error)
{
  MusterApiRange range = { .metrics = (const char *const *)self->metrics,
                           .from = self->from / 1000,
                           .to = self->to / 1000 };

  self->replaces = dex_await_boolean (dex_file_query_exists (self->file), NULL);
  self->stream =
    dex_await_object (dex_file_replace (self->file, NULL, FALSE, G_FILE_CREATE_REPLACE_DESTINATION,
                                        G_PRIORITY_DEFAULT),
                      error);
  return self->stream != NULL &&
         dex_await (dex_future_first (muster_api_monitoring_export_to (
                                        muster_session_get_client (self->session), self->devices,
                                        &range, self->format, muster_sample_export_sink, self),
                                      dex_ref (self->cancel), NULL),
                    error) &&
         dex_await (dex_output_stream_close (self->stream, G_PRIORITY_DEFAULT), error);
}

static DexFuture *
muster_sample_export_fiber (gpointer user_data)
{
  Export          *self = user_data;
  g_autofree char *name = g_file_get_basename (self->file);
  g_autofree char *text = g_strdup_printf (_ ("Saved as “%s”"), name);
  g_autoptr (GError) error = NULL;

  if (await_export (self, &error))
    muster_session_tell (self->session, text);
  else
    {
      drop_file (self);
      if (self->dialog == NULL)
        muster_session_tell (self->session, _ ("The export was cancelled"));
      else
        muster_session_tell_error (self->session, _ ("Could not save it"), error);
    }
  self->running = FALSE;
  if (self->dialog != NULL)
    adw_dialog_force_close (self->dialog);
  return dex_future_new_true ();
}

static void
begin (Export *self)
{
  self->began = g_get_monotonic_time ();
  gtk_stack_set_visible_child_name (self->stack, "progress");
  muster_sample_export_tell_cb (self);
  self->running = TRUE;
  dex_future_disown (
    dex_scheduler_spawn (NULL, 0, muster_sample_export_fiber, export_ref (self), export_unref));
}

/* --- asking --- */

static void
muster_sample_export_chosen_cb (GObject *chooser, GAsyncResult *result, gpointer user_data)
{
  Export *self = user_data;
  g_autoptr (GError) error = NULL;

  self->file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (chooser), result, &error);
  if (self->file != NULL && self->dialog != NULL)
    begin (self);
  else if (self->file == NULL &&
           !g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED))
    muster_session_tell_error (self->session, _ ("Could not choose a file"), error);
  export_unref (self);
}

static void
choose (Export *self, const char *format, const char *name)
{
  g_autoptr (GtkFileDialog) chooser = gtk_file_dialog_new ();
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self->dialog));

  self->format = format;
  gtk_file_dialog_set_title (chooser, _ ("Save All Samples"));
  gtk_file_dialog_set_initial_name (chooser, name);
  gtk_file_dialog_save (chooser, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, NULL,
                        muster_sample_export_chosen_cb, export_ref (self));
}

static void
muster_sample_export_csv_cb (Export *self)
{
  choose (self, "csv", _ ("Samples.csv"));
}

static void
muster_sample_export_ndjson_cb (Export *self)
{
  choose (self, "ndjson", _ ("Samples.ndjson"));
}

static void
muster_sample_export_cancel_cb (Export *self)
{
  adw_dialog_close (self->dialog);
}

/* Closing it ends what goes on. */
static void
muster_sample_export_closed_cb (Export *self)
{
  self->dialog = NULL;
  g_clear_handle_id (&self->tell_id, g_source_remove);
  if (self->running)
    dex_cancellable_cancel (self->cancel);
}

static GtkWidget *
create_button (Export *self, const char *label, const char *about, GCallback callback)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_widget_set_tooltip_text (button, about);
  gtk_widget_add_css_class (button, "pill");
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (button, "clicked", callback, self);
  return button;
}

static GtkWidget *
create_choice (Export *self, const char *about)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *label = gtk_label_new (about);
  GtkWidget *csv = create_button (self, _ ("As _CSV…"), _ ("For spreadsheets"),
                                  G_CALLBACK (muster_sample_export_csv_cb));

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (csv, "suggested-action");
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_start (box, 24);
  gtk_widget_set_margin_end (box, 24);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), csv);
  gtk_box_append (GTK_BOX (box),
                  create_button (self, _ ("As _NDJSON…"), _ ("For programs: an object a line"),
                                 G_CALLBACK (muster_sample_export_ndjson_cb)));
  return box;
}

static GtkWidget *
create_progress (Export *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *cancel = gtk_button_new_with_mnemonic (_ ("_Cancel"));

  self->bar = GTK_PROGRESS_BAR (gtk_progress_bar_new ());
  self->label = GTK_LABEL (gtk_label_new (NULL));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bar), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Export"), -1);
  gtk_widget_add_css_class (GTK_WIDGET (self->label), "numeric");
  gtk_widget_set_halign (cancel, GTK_ALIGN_CENTER);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_start (box, 24);
  gtk_widget_set_margin_end (box, 24);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->label));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->bar));
  gtk_box_append (GTK_BOX (box), cancel);
  g_signal_connect_swapped (cancel, "clicked", G_CALLBACK (muster_sample_export_cancel_cb), self);
  return box;
}

static AdwDialog *
create_dialog (Export *self, const char *about)
{
  AdwDialog *dialog = adw_dialog_new ();
  GtkWidget *toolbar = adw_toolbar_view_new ();
  GtkWidget *stack = gtk_stack_new ();

  self->dialog = dialog;
  self->stack = GTK_STACK (stack);
  gtk_stack_add_named (self->stack, create_choice (self, about), "choice");
  gtk_stack_add_named (self->stack, create_progress (self), "progress");
  adw_toolbar_view_add_top_bar (ADW_TOOLBAR_VIEW (toolbar), adw_header_bar_new ());
  adw_toolbar_view_set_content (ADW_TOOLBAR_VIEW (toolbar), stack);
  adw_dialog_set_child (dialog, toolbar);
  adw_dialog_set_title (dialog, _ ("Save All Samples"));
  adw_dialog_set_content_width (dialog, 420);
  adw_dialog_set_content_height (dialog, 300);
  g_object_set_data_full (G_OBJECT (dialog), "muster-export", self, export_unref);
  g_signal_connect_swapped (dialog, "closed", G_CALLBACK (muster_sample_export_closed_cb), self);
  return dialog;
}

static char *
describe (MusterSession *session, unsigned n_devices, unsigned n_metrics, gint64 from, gint64 to)
{
  g_autoptr (GDateTime) begin = g_date_time_new_from_unix_utc (from / G_USEC_PER_SEC);
  g_autoptr (GDateTime) end = g_date_time_new_from_unix_utc (to / G_USEC_PER_SEC);
  g_autoptr (GDateTime) begin_here =
              g_date_time_to_timezone (begin, muster_session_get_zone (session));
  g_autoptr (GDateTime) end_here = g_date_time_to_timezone (end, muster_session_get_zone (session));
  g_autofree char *first = g_date_time_format (begin_here, "%c");
  g_autofree char *last = g_date_time_format (end_here, "%c");
  g_autofree char *metrics =
    g_strdup_printf (ngettext ("%u metric", "%u metrics", n_metrics), n_metrics);
  g_autofree char *devices =
    g_strdup_printf (ngettext ("%u device", "%u devices", n_devices), n_devices);

  /* Translators: "3 metrics of 2 devices, from … to …". */
  return g_strdup_printf (_ ("Every sample as it was told: %s of %s, from %s to %s."), metrics,
                          devices, first, last);
}

void
muster_sample_export_ask (MusterSession *session,
                          GtkWidget     *parent,
                          GPtrArray     *devices,
                          GPtrArray     *metrics,
                          gint64         from,
                          gint64         to)
{
  Export          *self = g_new0 (Export, 1);
  g_autofree char *about = describe (session, devices->len, metrics->len, from, to);
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_auto (GStrv) list = NULL;

  for (unsigned i = 0; i < devices->len; i++)
    g_strv_builder_add (ids, devices->pdata[i]);
  for (unsigned i = 0; i < metrics->len; i++)
    g_strv_builder_add (names, metrics->pdata[i]);
  g_atomic_ref_count_init (&self->ref_count);
  self->cancel = dex_cancellable_new ();
  self->session = g_object_ref (session);
  list = g_strv_builder_end (ids);
  self->devices = g_strjoinv (",", list);
  self->metrics = g_strv_builder_end (names);
  self->from = from;
  self->to = to;
  adw_dialog_present (create_dialog (self, about), parent);
}
