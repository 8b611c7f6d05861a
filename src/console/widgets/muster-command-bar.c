/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-command-bar"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-command-bar.h"

struct _MusterCommandBar
{
  AdwBin parent_instance;

  AdwWrapBox *box;
};

G_DEFINE_FINAL_TYPE (MusterCommandBar, muster_command_bar, ADW_TYPE_BIN)

static void
muster_command_bar_class_init (MusterCommandBarClass *klass)
{
}

static void
muster_command_bar_init (MusterCommandBar *self)
{
  self->box = ADW_WRAP_BOX (adw_wrap_box_new ());
  adw_wrap_box_set_child_spacing (self->box, 8);
  adw_wrap_box_set_line_spacing (self->box, 8);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->box), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("What can be done now"), -1);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->box));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
muster_command_bar_clear (MusterCommandBar *self)
{
  GtkWidget *child;

  g_return_if_fail (MUSTER_IS_COMMAND_BAR (self));

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->box))) != NULL)
    adw_wrap_box_remove (self->box, child);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
muster_command_bar_add (MusterCommandBar    *self,
                        MusterSession       *session,
                        const MusterCommand *command)
{
  GtkWidget       *button = gtk_button_new_with_mnemonic (_ (command->label));
  g_autofree char *reason = muster_session_explain (session, command->operation);

  g_return_if_fail (MUSTER_IS_COMMAND_BAR (self));

  gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (button), command->action);
  gtk_widget_set_tooltip_text (button, reason);
  if (!command->leads_off && gtk_widget_get_first_child (GTK_WIDGET (self->box)) == NULL)
    gtk_widget_add_css_class (button, "suggested-action");
  adw_wrap_box_append (self->box, button);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

void
muster_command_bar_add_widget (MusterCommandBar *self, GtkWidget *widget)
{
  g_return_if_fail (MUSTER_IS_COMMAND_BAR (self));
  g_return_if_fail (GTK_IS_WIDGET (widget));

  adw_wrap_box_append (self->box, widget);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}
