/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-job-rows"

#include "config.h"

#include <inttypes.h>

#include <glib/gi18n-lib.h>

#include "client/muster-api-jobs.h"
#include "muster-job-rows.h"
#include "muster-kind.h"
#include "widgets/muster-format.h"
#include "widgets/muster-list.h"
#include "widgets/muster-save-file.h"

/* More than anybody reads; the file has them all. */
#define MAX_ROWS 500
#define KEY_STATUS "muster-status"

struct _MusterJobRows
{
  AdwBin parent_instance;

  MusterSession *session; /* (owned) (nullable) */
  MusterEntity  *job;     /* (owned) (nullable) */
  DexFuture     *reading; /* (owned) (nullable) */
  int            status;  /* MusterJobRowStatus of the rows shown */

  /* Template children */
  GtkBox     *chips;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (MusterJobRows, muster_job_rows, ADW_TYPE_BIN)

/* --- a row --- */

/* What it is about: its record by name, else its place: (transfer full). */
static char *
dup_title (MusterEntity *row)
{
  const char *title = muster_entity_get_string (row, "title");

  return title != NULL
           ? g_strdup (title)
           : g_strdup_printf (_ ("Row %" PRId64), muster_entity_get_integer (row, "position"));
}

/* ERROR as the daemon words it, "unit_price must be an amount", for a person: (transfer full). */
static char *
format_error (MusterJobRows *self, const char *error)
{
  const MusterKind *kind = muster_kind_find (muster_entity_get_string (self->job, "entity"));
  g_auto (GStrv) parts = g_strsplit (error, " ", 2);
  g_autofree char *text = NULL;

  if (kind == NULL || parts[0] == NULL || parts[1] == NULL ||
      muster_entity_info_find (kind->info, parts[0]) < 0)
    return muster_format_sentence (error);
  return g_strdup_printf ("%s %s", muster_kind_get_field_label (kind, parts[0]), parts[1]);
}

/* The record of ROW opens, where there still is one. */
static void
make_openable (MusterJobRows *self, GtkWidget *widget, MusterEntity *row)
{
  GtkWidget *dialog = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_DIALOG);
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
                                    muster_entity_get_string (self->job, "entity"),
                                    muster_entity_get_string (row, "entity_id"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.open");
  if (dialog != NULL)
    g_signal_connect_object (button, "clicked", G_CALLBACK (adw_dialog_close), dialog,
                             G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (widget), button);
}

static GtkWidget *
create_row (MusterJobRows *self, MusterEntity *row)
{
  const char      *error = muster_entity_get_string (row, "error");
  g_autofree char *title = dup_title (row);
  g_autofree char *reason = error != NULL ? format_error (self, error) : NULL;
  GtkWidget       *widget = g_object_new (ADW_TYPE_ACTION_ROW, "use-markup", FALSE, "title", title,
                                          "subtitle", reason, "subtitle-lines", 3, NULL);

  make_openable (self, widget, row);
  return widget;
}

/* --- all of them --- */

static DexFuture *
muster_job_rows_read_cb (DexFuture *future, gpointer user_data)
{
  MusterJobRows *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (value == NULL)
    muster_session_tell_error (self->session, _ ("The result could not be read"), error);
  muster_list_clear (self->list);
  for (unsigned i = 0; value != NULL && i < muster_api_page_get_length (g_value_get_object (value));
       i++)
    gtk_list_box_append (self->list,
                         create_row (self, muster_api_page_get (g_value_get_object (value), i)));
  return dex_future_new_true ();
}

static void
read_rows (MusterJobRows *self)
{
  const char *const        filters[] = { "status",
                                         muster_enum_get_nick (&muster_job_row_status_enum, self->status),
                                         NULL };
  const MusterApiListQuery query = { .sort = "position", .limit = MAX_ROWS, .filters = filters };

  dex_clear (&self->reading);
  self->reading =
    dex_future_finally (muster_api_jobs_list_rows (muster_session_get_client (self->session),
                                                   muster_entity_get_id (self->job), &query),
                        muster_job_rows_read_cb, self, NULL);
}

static void
muster_job_rows_chip_cb (MusterJobRows *self, GParamSpec *pspec, GtkToggleButton *chip)
{
  if (!gtk_toggle_button_get_active (chip))
    return;
  self->status = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (chip), KEY_STATUS));
  read_rows (self);
}

static void
fill_chips (MusterJobRows *self)
{
  static const struct
  {
    MusterJobRowStatus status;
    const char        *field;
  } kinds[] = { { MUSTER_JOB_ROW_STATUS_FAILED, "failed" },
                { MUSTER_JOB_ROW_STATUS_SKIPPED, "skipped" },
                { MUSTER_JOB_ROW_STATUS_DONE, "done" } };
  GtkWidget *first = NULL, *active = NULL, *old;

  while ((old = gtk_widget_get_first_child (GTK_WIDGET (self->chips))) != NULL)
    gtk_box_remove (self->chips, old);
  for (unsigned i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      gint64           n = muster_entity_get_integer (self->job, kinds[i].field);
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
      g_signal_connect_object (chip, "notify::active", G_CALLBACK (muster_job_rows_chip_cb), self,
                               G_CONNECT_SWAPPED);
      gtk_box_append (self->chips, chip);
    }
  if (active != NULL)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (active), TRUE);
}

void
muster_job_rows_show (MusterJobRows *self, MusterSession *session, MusterJob *job)
{
  g_return_if_fail (MUSTER_IS_JOB_ROWS (self));
  g_return_if_fail (MUSTER_IS_SESSION (session) && job != NULL);

  g_set_object (&self->session, session);
  g_set_object (&self->job, MUSTER_ENTITY (job));
  fill_chips (self);
}

/* --- saving --- */

static DexFuture *
read_failures (MusterApiClient *client, gpointer job)
{
  return muster_api_jobs_get_failures (client, muster_entity_get_id (job));
}

void
muster_job_rows_save_failed (MusterJobRows *self)
{
  g_return_if_fail (MUSTER_IS_JOB_ROWS (self) && self->job != NULL);

  muster_save_file (self->session, GTK_WIDGET (self), _ ("Save the Refused Rows"), "refused.csv",
                    read_failures, g_object_ref (self->job), g_object_unref);
}

/* --- life --- */

static void
muster_job_rows_dispose (GObject *object)
{
  MusterJobRows *self = MUSTER_JOB_ROWS (object);

  dex_clear (&self->reading);
  g_clear_object (&self->session);
  g_clear_object (&self->job);
  G_OBJECT_CLASS (muster_job_rows_parent_class)->dispose (object);
}

static void
muster_job_rows_class_init (MusterJobRowsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_job_rows_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/job-rows.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterJobRows, chips);
  gtk_widget_class_bind_template_child (widget_class, MusterJobRows, list);
}

static void
muster_job_rows_init (MusterJobRows *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
