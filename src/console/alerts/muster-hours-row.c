/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-hours-row"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-clock-entry.h"
#include "muster-hours-row.h"

struct _MusterHoursRow
{
  AdwPreferencesRow parent_instance;

  GtkWidget *days[7];
  GtkWidget *from;
  GtkWidget *to;
  GtkWidget *remove;
};

G_DEFINE_FINAL_TYPE (MusterHoursRow, muster_hours_row, ADW_TYPE_PREFERENCES_ROW)

enum
{
  CHANGED,
  REMOVED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static void
muster_hours_row_changed (MusterHoursRow *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
muster_hours_row_remove_cb (MusterHoursRow *self)
{
  g_signal_emit (self, signals[REMOVED], 0);
}

static gboolean
muster_hours_row_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (MUSTER_HOURS_ROW (widget)->from);
}

static void
muster_hours_row_class_init (MusterHoursRowClass *klass)
{
  GTK_WIDGET_CLASS (klass)->grab_focus = muster_hours_row_grab_focus;
  signals[CHANGED] = g_signal_new ("changed", MUSTER_TYPE_HOURS_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[REMOVED] = g_signal_new ("removed", MUSTER_TYPE_HOURS_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static GtkWidget *
create_days (MusterHoursRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  for (unsigned day = 0; day < 7; day++)
    {
      g_autofree char *name = muster_day_format (day);

      self->days[day] = gtk_toggle_button_new_with_label (name);
      gtk_widget_add_css_class (self->days[day], "day");
      g_signal_connect_object (self->days[day], "toggled", G_CALLBACK (muster_hours_row_changed),
                               self, G_CONNECT_SWAPPED);
      gtk_box_append (GTK_BOX (box), self->days[day]);
    }
  gtk_widget_add_css_class (box, "linked");
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (box), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Days"),
                                  -1);
  return box;
}

static GtkWidget *
create_clocks (MusterHoursRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->from = muster_clock_entry_new (_ ("From"));
  self->to = muster_clock_entry_new (_ ("To; before the beginning: on the next day"));
  self->remove = gtk_button_new_from_icon_name ("user-trash-symbolic");
  g_signal_connect_object (self->from, "changed", G_CALLBACK (muster_hours_row_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->to, "changed", G_CALLBACK (muster_hours_row_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->remove, "clicked", G_CALLBACK (muster_hours_row_remove_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_set_valign (self->remove, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->remove, "flat");
  gtk_widget_set_tooltip_text (self->remove, _ ("Remove"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->remove), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Remove"), -1);
  gtk_box_append (GTK_BOX (box), self->from);
  gtk_box_append (GTK_BOX (box), gtk_label_new ("–"));
  gtk_box_append (GTK_BOX (box), self->to);
  gtk_box_append (GTK_BOX (box), self->remove);
  return box;
}

static void
muster_hours_row_init (MusterHoursRow *self)
{
  GtkWidget *wrap = adw_wrap_box_new ();

  adw_wrap_box_set_child_spacing (ADW_WRAP_BOX (wrap), 12);
  adw_wrap_box_set_line_spacing (ADW_WRAP_BOX (wrap), 8);
  g_object_set (wrap, "margin-top", 10, "margin-bottom", 10, "margin-start", 12, "margin-end", 8,
                NULL);
  adw_wrap_box_append (ADW_WRAP_BOX (wrap), create_days (self));
  adw_wrap_box_append (ADW_WRAP_BOX (wrap), create_clocks (self));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), wrap);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
  gtk_widget_set_focusable (GTK_WIDGET (self), FALSE);
}

GtkWidget *
muster_hours_row_new (gboolean removable)
{
  MusterHoursRow *self = g_object_new (MUSTER_TYPE_HOURS_ROW, NULL);

  gtk_widget_set_visible (self->remove, removable);
  return GTK_WIDGET (self);
}

MusterHours *
muster_hours_row_dup_hours (MusterHoursRow *self)
{
  unsigned days = 0;
  int      from, to;

  g_return_val_if_fail (MUSTER_IS_HOURS_ROW (self), NULL);

  from = muster_clock_entry_get_minutes (self->from);
  to = muster_clock_entry_get_minutes (self->to);
  for (unsigned day = 0; day < 7; day++)
    if (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->days[day])))
      days |= 1u << day;
  return from >= 0 && to >= 0 && days != 0 ? muster_hours_new (days, from, to, NULL) : NULL;
}

void
muster_hours_row_set_hours (MusterHoursRow *self, unsigned days, int from, int to)
{
  g_return_if_fail (MUSTER_IS_HOURS_ROW (self));

  for (unsigned day = 0; day < 7; day++)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->days[day]), (days & 1u << day) != 0);
  muster_clock_entry_set_minutes (self->from, from);
  muster_clock_entry_set_minutes (self->to, to);
}
