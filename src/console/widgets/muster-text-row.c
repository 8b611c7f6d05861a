/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-text-row"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-text-row.h"

#define LINE_HEIGHT 22

struct _MusterTextRow
{
  AdwPreferencesRow parent_instance;

  GtkWidget *label;
  GtkWidget *view;
  char      *title; /* (owned) */
};

G_DEFINE_FINAL_TYPE (MusterTextRow, muster_text_row, ADW_TYPE_PREFERENCES_ROW)

enum
{
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static GtkTextBuffer *
get_buffer (MusterTextRow *self)
{
  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view));
}

static void
muster_text_row_changed_cb (MusterTextRow *self)
{
  muster_text_row_set_error (self, NULL);
  g_signal_emit (self, signals[CHANGED], 0);
}

static gboolean
muster_text_row_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (MUSTER_TEXT_ROW (widget)->view);
}

static void
muster_text_row_finalize (GObject *object)
{
  g_free (MUSTER_TEXT_ROW (object)->title);
  G_OBJECT_CLASS (muster_text_row_parent_class)->finalize (object);
}

static void
muster_text_row_class_init (MusterTextRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_text_row_finalize;
  GTK_WIDGET_CLASS (klass)->grab_focus = muster_text_row_grab_focus;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_text_row_init (MusterTextRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  self->label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->label), 0);
  gtk_widget_add_css_class (self->label, "caption");
  gtk_widget_add_css_class (self->label, "dim-label");
  self->view = gtk_text_view_new ();
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (self->view), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (self->view), FALSE);
  gtk_widget_set_size_request (self->view, -1, 2 * LINE_HEIGHT);
  gtk_box_append (GTK_BOX (box), self->label);
  gtk_box_append (GTK_BOX (box), self->view);
  gtk_widget_add_css_class (GTK_WIDGET (self), "text-row");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
  gtk_widget_set_focusable (GTK_WIDGET (self), FALSE);
  g_signal_connect_object (get_buffer (self), "changed", G_CALLBACK (muster_text_row_changed_cb),
                           self, G_CONNECT_SWAPPED);
}

GtkWidget *
muster_text_row_new (const char *title)
{
  MusterTextRow *self = g_object_new (MUSTER_TYPE_TEXT_ROW, NULL);

  self->title = g_strdup (title);
  gtk_label_set_label (GTK_LABEL (self->label), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  -1);
  return GTK_WIDGET (self);
}

char *
muster_text_row_dup_text (MusterTextRow *self)
{
  GtkTextIter start, end;

  g_return_val_if_fail (MUSTER_IS_TEXT_ROW (self), NULL);

  gtk_text_buffer_get_bounds (get_buffer (self), &start, &end);
  return g_strstrip (gtk_text_buffer_get_text (get_buffer (self), &start, &end, FALSE));
}

void
muster_text_row_set_text (MusterTextRow *self, const char *text)
{
  g_return_if_fail (MUSTER_IS_TEXT_ROW (self));

  gtk_text_buffer_set_text (get_buffer (self), text != NULL ? text : "", -1);
}

void
muster_text_row_set_lines (MusterTextRow *self, unsigned lines)
{
  g_return_if_fail (MUSTER_IS_TEXT_ROW (self));

  gtk_widget_set_size_request (self->view, -1, lines * LINE_HEIGHT);
}

void
muster_text_row_set_error (MusterTextRow *self, const char *message)
{
  g_autofree char *text = NULL;

  g_return_if_fail (MUSTER_IS_TEXT_ROW (self));

  if (message != NULL)
    text = g_strdup_printf ("%s: %s", self->title, message);
  gtk_label_set_label (GTK_LABEL (self->label), text != NULL ? text : self->title);
  if (message != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_STATE_INVALID,
                               message != NULL ? GTK_ACCESSIBLE_INVALID_TRUE
                                               : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
}
