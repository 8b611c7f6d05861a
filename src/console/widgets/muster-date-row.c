/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-date-row"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-date-row.h"
#include "muster-record-format.h"

struct _MusterDateRow
{
  AdwActionRow parent_instance;

  GTimeZone *zone; /* (owned) */
  gint64     time; /* 0: none */
  GtkWidget *button;
  GtkWidget *calendar;
  GtkWidget *clear;
};

G_DEFINE_FINAL_TYPE (MusterDateRow, muster_date_row, ADW_TYPE_ACTION_ROW)

enum
{
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static void
show (MusterDateRow *self)
{
  g_autofree char *text = self->time > 0 ? muster_format_date (self->time, self->zone) : NULL;

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text != NULL ? text : _ ("No day set"));
  gtk_widget_set_visible (self->clear, self->time > 0);
}

static void
muster_date_row_selected_cb (MusterDateRow *self)
{
  g_autoptr (GDateTime) date = gtk_calendar_get_date (GTK_CALENDAR (self->calendar));
  g_autoptr (GDateTime) end = g_date_time_new (self->zone, g_date_time_get_year (date),
                                              g_date_time_get_month (date),
                                              g_date_time_get_day_of_month (date), 23, 59, 59);

  if (end != NULL)
    self->time = g_date_time_to_unix (end) * G_USEC_PER_SEC;
  show (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
muster_date_row_clear_cb (MusterDateRow *self)
{
  self->time = 0;
  show (self);
  gtk_menu_button_popdown (GTK_MENU_BUTTON (self->button));
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
muster_date_row_finalize (GObject *object)
{
  g_clear_pointer (&MUSTER_DATE_ROW (object)->zone, g_time_zone_unref);
  G_OBJECT_CLASS (muster_date_row_parent_class)->finalize (object);
}

static void
muster_date_row_class_init (MusterDateRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_date_row_finalize;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_date_row_init (MusterDateRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *popover = gtk_popover_new ();

  self->calendar = gtk_calendar_new ();
  self->clear = gtk_button_new_with_mnemonic (_ ("_No Day"));
  gtk_widget_add_css_class (self->clear, "flat");
  gtk_box_append (GTK_BOX (box), self->calendar);
  gtk_box_append (GTK_BOX (box), self->clear);
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  self->button = gtk_menu_button_new ();
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (self->button), "x-office-calendar-symbolic");
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (self->button), popover);
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->button, "flat");
  gtk_widget_set_tooltip_text (self->button, _ ("Choose a day"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Choose a day"), -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), self->button);
  gtk_widget_add_css_class (GTK_WIDGET (self), "property");
  g_signal_connect_object (self->calendar, "day-selected", G_CALLBACK (muster_date_row_selected_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->clear, "clicked", G_CALLBACK (muster_date_row_clear_cb), self,
                           G_CONNECT_SWAPPED);
}

GtkWidget *
muster_date_row_new (const char *title, GTimeZone *zone)
{
  MusterDateRow *self = g_object_new (MUSTER_TYPE_DATE_ROW, "title", title, NULL);

  self->zone = g_time_zone_ref (zone);
  show (self);
  return GTK_WIDGET (self);
}

gint64
muster_date_row_get_time (MusterDateRow *self)
{
  g_return_val_if_fail (MUSTER_IS_DATE_ROW (self), 0);

  return self->time;
}

void
muster_date_row_set_time (MusterDateRow *self, gint64 time)
{
  g_return_if_fail (MUSTER_IS_DATE_ROW (self));

  if (time > 0)
    {
      g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
      g_autoptr (GDateTime) date = utc != NULL ? g_date_time_to_timezone (utc, self->zone) : NULL;

      if (date != NULL)
        gtk_calendar_select_day (GTK_CALENDAR (self->calendar), date);
    }
  self->time = time;
  show (self);
}
