/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-trouble-view"

#include "config.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "model/muster-error.h"
#include "muster-format.h"
#include "muster-trouble-view.h"

struct _MusterTroubleView
{
  GtkWidget parent_instance;

  GtkWidget *page;
  char      *details; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (MusterTroubleView, muster_trouble_view, GTK_TYPE_WIDGET)

static void
muster_trouble_view_copy_cb (MusterTroubleView *self)
{
  if (self->details != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->details);
}

static void
muster_trouble_view_dispose (GObject *object)
{
  MusterTroubleView *self = MUSTER_TROUBLE_VIEW (object);

  g_clear_pointer (&self->page, gtk_widget_unparent);
  g_clear_pointer (&self->details, g_free);
  G_OBJECT_CLASS (muster_trouble_view_parent_class)->dispose (object);
}

static void
muster_trouble_view_class_init (MusterTroubleViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_trouble_view_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
muster_trouble_view_init (MusterTroubleView *self)
{
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *again = gtk_button_new_with_mnemonic (_ ("_Try Again"));
  GtkWidget *copy = gtk_button_new_with_mnemonic (_ ("_Copy Details"));

  self->page = adw_status_page_new ();
  gtk_actionable_set_action_name (GTK_ACTIONABLE (again), "win.refresh");
  gtk_widget_add_css_class (again, "pill");
  gtk_widget_add_css_class (again, "suggested-action");
  gtk_widget_add_css_class (copy, "pill");
  g_signal_connect_object (copy, "clicked", G_CALLBACK (muster_trouble_view_copy_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_set_halign (buttons, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (buttons), again);
  gtk_box_append (GTK_BOX (buttons), copy);
  adw_status_page_set_child (ADW_STATUS_PAGE (self->page), buttons);
  gtk_widget_set_parent (self->page, GTK_WIDGET (self));
}

static gboolean
is_forbidden (const GError *error)
{
  return g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_FORBIDDEN) ||
         g_error_matches (error, MUSTER_ERROR, MUSTER_ERROR_UNAUTHORIZED);
}

char *
muster_trouble_describe (const GError *error)
{
  g_return_val_if_fail (error != NULL, NULL);

  return is_forbidden (error)
           ? g_strdup_printf (
               _ ("Your role does not allow it. An administrator can give you one that does.\n%s"),
               error->message)
           : muster_format_sentence (error->message);
}

void
muster_trouble_view_set_error (MusterTroubleView *self, const char *what, const GError *error)
{
  g_autofree char *description = NULL;
  g_autofree char *escaped = NULL;

  g_return_if_fail (MUSTER_IS_TROUBLE_VIEW (self));
  g_return_if_fail (what != NULL && error != NULL);

  description = muster_trouble_describe (error);
  escaped = g_markup_escape_text (description, -1);
  adw_status_page_set_icon_name (ADW_STATUS_PAGE (self->page), is_forbidden (error)
                                                                 ? "changes-prevent-symbolic"
                                                                 : "dialog-warning-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (self->page), what);
  adw_status_page_set_description (ADW_STATUS_PAGE (self->page), escaped);
  g_free (self->details);
  self->details = g_strdup_printf ("%s\n%s %d: %s\n%s %s", what, g_quark_to_string (error->domain),
                                   error->code, error->message, MUSTER_APP_ID, MUSTER_VERSION);
}
