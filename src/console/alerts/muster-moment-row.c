/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-moment-row"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-clock-entry.h"
#include "muster-hours.h"
#include "muster-moment-row.h"
#include "widgets/muster-format.h"

struct _MusterMomentRow
{
  AdwActionRow parent_instance;

  GTimeZone *zone; /* (owned) */
  gint64     time; /* 0: none */
  gboolean   updating;
  GtkWidget *clock;
  GtkWidget *calendar;
  GtkWidget *button;
};

G_DEFINE_FINAL_TYPE (MusterMomentRow, muster_moment_row, ADW_TYPE_ACTION_ROW)

enum
{
  CHANGED,
  N_SIGNALS,
};

static unsigned signals[N_SIGNALS];

static void
show (MusterMomentRow *self)
{
  g_autofree char *text = self->time > 0 ? muster_format_time (self->time, self->zone) : NULL;

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text != NULL ? text : _ ("Not set"));
}

/* What calendar and clock say together; a clock that says nothing: no moment. */
static void
muster_moment_row_edited_cb (MusterMomentRow *self)
{
  g_autoptr (GDateTime) day = NULL;
  g_autoptr (GDateTime) moment = NULL;
  int minutes = muster_clock_entry_get_minutes (self->clock);

  if (self->updating)
    return;
  if (*gtk_editable_get_text (GTK_EDITABLE (self->clock)) == '\0')
    {
      self->time = 0;
      show (self);
      g_signal_emit (self, signals[CHANGED], 0);
      return;
    }
  if (minutes < 0)
    return;
  day = gtk_calendar_get_date (GTK_CALENDAR (self->calendar));
  moment = g_date_time_new (self->zone, g_date_time_get_year (day), g_date_time_get_month (day),
                            g_date_time_get_day_of_month (day), minutes / 60, minutes % 60, 0);
  if (moment == NULL)
    return;
  self->time = g_date_time_to_unix (moment) * G_USEC_PER_SEC;
  show (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* A day alone begins at midnight. */
static void
muster_moment_row_day_cb (MusterMomentRow *self)
{
  if (!self->updating && *gtk_editable_get_text (GTK_EDITABLE (self->clock)) == '\0')
    muster_clock_entry_set_minutes (self->clock, 0);
  else
    muster_moment_row_edited_cb (self);
}

static void
muster_moment_row_finalize (GObject *object)
{
  g_clear_pointer (&MUSTER_MOMENT_ROW (object)->zone, g_time_zone_unref);
  G_OBJECT_CLASS (muster_moment_row_parent_class)->finalize (object);
}

static void
muster_moment_row_class_init (MusterMomentRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_moment_row_finalize;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_moment_row_init (MusterMomentRow *self)
{
  GtkWidget *popover = gtk_popover_new ();

  self->calendar = gtk_calendar_new ();
  self->clock = muster_clock_entry_new (_ ("Time of day"));
  self->button = gtk_menu_button_new ();
  gtk_popover_set_child (GTK_POPOVER (popover), self->calendar);
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (self->button), "x-office-calendar-symbolic");
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (self->button), popover);
  gtk_widget_set_valign (self->button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (self->button, "flat");
  gtk_widget_set_tooltip_text (self->button, _ ("Choose a day"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Choose a day"), -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->clock);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->button);
  gtk_widget_add_css_class (GTK_WIDGET (self), "property");
  g_signal_connect_object (self->calendar, "day-selected", G_CALLBACK (muster_moment_row_day_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->clock, "changed", G_CALLBACK (muster_moment_row_edited_cb), self,
                           G_CONNECT_SWAPPED);
}

GtkWidget *
muster_moment_row_new (const char *title, GTimeZone *zone)
{
  MusterMomentRow *self = g_object_new (MUSTER_TYPE_MOMENT_ROW, "title", title, NULL);

  self->zone = g_time_zone_ref (zone);
  show (self);
  return GTK_WIDGET (self);
}

gint64
muster_moment_row_get_time (MusterMomentRow *self)
{
  g_return_val_if_fail (MUSTER_IS_MOMENT_ROW (self), 0);

  return self->time;
}

void
muster_moment_row_set_time (MusterMomentRow *self, gint64 time)
{
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GDateTime) date = NULL;

  g_return_if_fail (MUSTER_IS_MOMENT_ROW (self));

  utc = time > 0 ? g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC) : NULL;
  date = utc != NULL ? g_date_time_to_timezone (utc, self->zone) : NULL;
  self->updating = TRUE;
  if (date != NULL)
    gtk_calendar_select_day (GTK_CALENDAR (self->calendar), date);
  muster_clock_entry_set_minutes (self->clock, date != NULL ? g_date_time_get_hour (date) * 60 +
                                                                g_date_time_get_minute (date)
                                                            : -1);
  self->updating = FALSE;
  self->time = date != NULL ? time : 0;
  show (self);
}
