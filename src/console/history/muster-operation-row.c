/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-operation-row"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-change-table.h"
#include "muster-kind.h"
#include "muster-operation-row.h"
#include "widgets/muster-format.h"

/* More records than somebody reads one by one. */
#define MAX_RECORDS 50

struct _MusterOperationRow
{
  AdwExpanderRow parent_instance;

  MusterSession   *session;   /* (owned) */
  MusterOperation *operation; /* (owned) */
  GPtrArray       *details;   /* (element-type GtkWidget) rows, borrowed */

  GtkWidget *icon;
  GtkWidget *mark; /* "Taken back" */
  GtkWidget *undo;
};

G_DEFINE_FINAL_TYPE (MusterOperationRow, muster_operation_row, ADW_TYPE_EXPANDER_ROW)

static GtkWidget *
create_more_row (unsigned count)
{
  g_autofree char *text =
    g_strdup_printf (ngettext ("and %u more record", "and %u more records", count), count);
  GtkWidget *label = gtk_label_new (text);

  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_set_margin_top (label, 10);
  gtk_widget_set_margin_bottom (label, 10);
  return label;
}

static void
show_details (MusterOperationRow *self)
{
  GPtrArray *changes = NULL;

  /* A row that goes while it is open closes. */
  if (self->operation == NULL)
    return;
  changes = muster_operation_get_changes (self->operation);
  for (unsigned i = 0; i < self->details->len; i++)
    adw_expander_row_remove (ADW_EXPANDER_ROW (self), self->details->pdata[i]);
  g_ptr_array_set_size (self->details, 0);
  if (!adw_expander_row_get_expanded (ADW_EXPANDER_ROW (self)))
    return;
  /* In the order in which it was done. */
  for (unsigned i = changes->len; i > 0 && changes->len - i < MAX_RECORDS; i--)
    g_ptr_array_add (self->details, muster_change_table_new (self->session, changes->pdata[i - 1]));
  if (changes->len > MAX_RECORDS)
    g_ptr_array_add (self->details, create_more_row (changes->len - MAX_RECORDS));
  for (unsigned i = 0; i < self->details->len; i++)
    adw_expander_row_add_row (ADW_EXPANDER_ROW (self), self->details->pdata[i]);
}

static void
show_undo (MusterOperationRow *self)
{
  const char      *obstacle = muster_operation_get_obstacle (self->operation);
  gboolean         undone = muster_operation_is_undone (self->operation);
  g_autofree char *reason = muster_session_explain (self->session, "undoChange");

  gtk_widget_set_visible (self->mark, undone);
  gtk_widget_set_visible (self->undo, !undone);
  gtk_widget_set_sensitive (self->undo, obstacle == NULL && reason == NULL);
  gtk_widget_set_tooltip_text (self->undo, obstacle != NULL ? obstacle
                                           : reason != NULL ? reason
                                                            : _ ("Take this back"));
  if (undone)
    gtk_widget_add_css_class (GTK_WIDGET (self), "undone");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "undone");
}

static void
muster_operation_row_update (MusterOperationRow *self)
{
  const MusterKind *kind = muster_kind_find (muster_operation_get_entity (self->operation));
  g_autofree char  *title = muster_operation_dup_title (self->operation);
  g_autofree char  *time = NULL, *who = NULL, *subtitle = NULL, *undo_label = NULL;
  g_autoptr (GDateTime) at =
              g_date_time_new_from_unix_utc_usec (muster_operation_get_time (self->operation));
  g_autoptr (GDateTime) here = g_date_time_to_timezone (at, muster_session_get_zone (self->session));

  time = g_date_time_format (here, "%H:%M");
  who = muster_session_dup_actor_name (self->session, muster_operation_get_actor (self->operation));
  subtitle = g_strdup_printf ("%s · %s", time, who);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), subtitle);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), muster_operation_is_undo (self->operation)
                                                          ? "edit-undo-symbolic"
                                                        : kind != NULL ? kind->icon_name
                                                                       : "document-edit-symbolic");
  /* Translators: the name of a button that takes back what is named. */
  undo_label = g_strdup_printf (_ ("Take back: %s"), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->undo), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  undo_label, -1);
  show_undo (self);
  if (adw_expander_row_get_expanded (ADW_EXPANDER_ROW (self)))
    show_details (self);
}

static void
muster_operation_row_undo_cb (MusterOperationRow *self)
{
  gtk_widget_set_sensitive (self->undo, FALSE);
  muster_session_undo_change (self->session, muster_operation_get_sequence (self->operation));
}

static void
muster_operation_row_dispose (GObject *object)
{
  MusterOperationRow *self = MUSTER_OPERATION_ROW (object);

  g_clear_object (&self->session);
  g_clear_object (&self->operation);
  G_OBJECT_CLASS (muster_operation_row_parent_class)->dispose (object);
}

static void
muster_operation_row_finalize (GObject *object)
{
  g_ptr_array_unref (MUSTER_OPERATION_ROW (object)->details);
  G_OBJECT_CLASS (muster_operation_row_parent_class)->finalize (object);
}

static void
muster_operation_row_class_init (MusterOperationRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_operation_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = muster_operation_row_finalize;
}

static void
muster_operation_row_init (MusterOperationRow *self)
{
  self->details = g_ptr_array_new ();
  self->icon = gtk_image_new ();
  self->mark = gtk_label_new (_ ("Taken back"));
  self->undo = gtk_button_new_from_icon_name ("edit-undo-symbolic");
  gtk_widget_add_css_class (self->icon, "dim-label");
  gtk_widget_add_css_class (self->mark, "dim-label");
  gtk_widget_add_css_class (self->undo, "flat");
  gtk_widget_set_valign (self->undo, GTK_ALIGN_CENTER);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_expander_row_set_title_lines (ADW_EXPANDER_ROW (self), 2);
  adw_expander_row_set_subtitle_lines (ADW_EXPANDER_ROW (self), 1);
  adw_expander_row_add_prefix (ADW_EXPANDER_ROW (self), self->icon);
  adw_expander_row_add_suffix (ADW_EXPANDER_ROW (self), self->mark);
  adw_expander_row_add_suffix (ADW_EXPANDER_ROW (self), self->undo);
  g_signal_connect_object (self->undo, "clicked", G_CALLBACK (muster_operation_row_undo_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect (self, "notify::expanded", G_CALLBACK (show_details), NULL);
}

GtkWidget *
muster_operation_row_new (MusterSession *session, MusterOperation *operation)
{
  MusterOperationRow *self = g_object_new (MUSTER_TYPE_OPERATION_ROW, NULL);

  self->session = g_object_ref (session);
  self->operation = g_object_ref (operation);
  g_signal_connect_object (operation, "changed", G_CALLBACK (muster_operation_row_update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::rights", G_CALLBACK (show_undo), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "names-changed", G_CALLBACK (muster_operation_row_update), self,
                           G_CONNECT_SWAPPED);
  muster_operation_row_update (self);
  return GTK_WIDGET (self);
}

MusterOperation *
muster_operation_row_get_operation (MusterOperationRow *self)
{
  g_return_val_if_fail (MUSTER_IS_OPERATION_ROW (self), NULL);

  return self->operation;
}
