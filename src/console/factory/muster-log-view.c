/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-log-view"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "muster-log-view.h"

/* So near to the end, in pixels, counts as at the end. */
#define NEAR 24

struct _MusterLogView
{
  GtkWidget parent_instance;

  GtkScrolledWindow *scroller;
  GtkTextView       *view;
  char              *text; /* (owned): what stands there */
  gboolean           follows;
};

G_DEFINE_FINAL_TYPE (MusterLogView, muster_log_view, GTK_TYPE_WIDGET)

/* A person who scrolls up wants to read there. */
static void
muster_log_view_scrolled_cb (MusterLogView *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);

  self->follows =
    gtk_adjustment_get_value (adjustment) >=
    gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment) - NEAR;
}

/* There is more of it, or less room. */
static void
muster_log_view_changed_cb (MusterLogView *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);

  if (self->follows)
    gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment) -
                                            gtk_adjustment_get_page_size (adjustment));
}

void
muster_log_view_set_text (MusterLogView *self, const char *text)
{
  GtkTextBuffer *buffer;
  GtkTextIter    end;

  g_return_if_fail (MUSTER_IS_LOG_VIEW (self) && text != NULL);

  if (strcmp (text, self->text) == 0)
    return;
  buffer = gtk_text_view_get_buffer (self->view);
  if (*self->text != '\0' && g_str_has_prefix (text, self->text))
    {
      gtk_text_buffer_get_end_iter (buffer, &end);
      gtk_text_buffer_insert (buffer, &end, text + strlen (self->text), -1);
    }
  else
    {
      self->follows = TRUE;
      gtk_text_buffer_set_text (buffer, text, -1);
    }
  g_set_str (&self->text, text);
}

/* --- life --- */

static void
muster_log_view_dispose (GObject *object)
{
  MusterLogView *self = MUSTER_LOG_VIEW (object);
  GtkWidget     *child = gtk_widget_get_first_child (GTK_WIDGET (self));

  if (child != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (muster_log_view_parent_class)->dispose (object);
}

static void
muster_log_view_finalize (GObject *object)
{
  g_free (MUSTER_LOG_VIEW (object)->text);
  G_OBJECT_CLASS (muster_log_view_parent_class)->finalize (object);
}

static void
muster_log_view_class_init (MusterLogViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_log_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = muster_log_view_finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
muster_log_view_init (MusterLogView *self)
{
  GtkAdjustment *adjustment;

  self->text = g_strdup ("");
  self->follows = TRUE;
  self->scroller = GTK_SCROLLED_WINDOW (gtk_scrolled_window_new ());
  self->view = GTK_TEXT_VIEW (gtk_text_view_new ());
  gtk_text_view_set_editable (self->view, FALSE);
  gtk_text_view_set_monospace (self->view, TRUE);
  gtk_text_view_set_wrap_mode (self->view, GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_left_margin (self->view, 14);
  gtk_text_view_set_right_margin (self->view, 14);
  gtk_text_view_set_top_margin (self->view, 12);
  gtk_text_view_set_bottom_margin (self->view, 12);
  /* Tab leads on rather than into what cannot be changed. */
  gtk_text_view_set_accepts_tab (self->view, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Log"), -1);
  gtk_scrolled_window_set_child (self->scroller, GTK_WIDGET (self->view));
  gtk_scrolled_window_set_policy (self->scroller, GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_vexpand (GTK_WIDGET (self->scroller), TRUE);
  gtk_widget_set_hexpand (GTK_WIDGET (self->scroller), TRUE);
  gtk_widget_set_parent (GTK_WIDGET (self->scroller), GTK_WIDGET (self));
  adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (muster_log_view_scrolled_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (muster_log_view_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

GtkWidget *
muster_log_view_new (void)
{
  return g_object_new (MUSTER_TYPE_LOG_VIEW, NULL);
}
