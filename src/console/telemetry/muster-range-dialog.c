/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-range-dialog"

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "muster-moment.h"
#include "muster-range-dialog.h"

typedef struct
{
  GTimeZone      *zone;      /* (owned) */
  gpointer        user_data; /* (owned) */
  MusterRangeFunc func;
  AdwAlertDialog *dialog; /* borrowed */
  GtkWidget      *from;   /* borrowed */
  GtkWidget      *to;
} Asking;

static void
asking_free (gpointer data)
{
  Asking *asking = data;

  g_time_zone_unref (asking->zone);
  g_object_unref (asking->user_data);
  g_free (asking);
}

static gboolean
read_row (Asking *asking, GtkWidget *row, gboolean end, gint64 *time)
{
  gboolean good = muster_moment_parse (gtk_editable_get_text (GTK_EDITABLE (row)), asking->zone,
                                       g_get_real_time (), end, time);

  if (good)
    gtk_widget_remove_css_class (row, "error");
  else
    gtk_widget_add_css_class (row, "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_INVALID,
                               good ? GTK_ACCESSIBLE_INVALID_FALSE : GTK_ACCESSIBLE_INVALID_TRUE,
                               -1);
  return good;
}

static gboolean
read_range (Asking *asking, gint64 *from, gint64 *to)
{
  gboolean begins = read_row (asking, asking->from, FALSE, from);
  gboolean ends = read_row (asking, asking->to, TRUE, to);

  if (begins && ends && *from >= *to)
    gtk_widget_add_css_class (asking->to, "error");
  return begins && ends && *from < *to;
}

static void
muster_range_dialog_changed_cb (Asking *asking)
{
  gint64 from, to;

  adw_alert_dialog_set_response_enabled (asking->dialog, "show", read_range (asking, &from, &to));
}

static void
muster_range_dialog_response_cb (Asking *asking, const char *response)
{
  gint64 from, to;

  if (g_strcmp0 (response, "show") == 0 && read_range (asking, &from, &to))
    asking->func (asking->user_data, from, to);
}

/* The day is chosen, the time of day stays. */
static void
muster_range_dialog_day_cb (GtkCalendar *calendar, GtkEditable *row)
{
  g_autoptr (GDateTime) date = gtk_calendar_get_date (calendar);
  g_autofree char *day = g_date_time_format (date, "%Y-%m-%d");
  const char      *time = strchr (gtk_editable_get_text (row), ' ');
  g_autofree char *text = g_strconcat (day, time != NULL ? time : " 00:00", NULL);

  gtk_editable_set_text (row, text);
}

static GtkWidget *
create_row (Asking *asking, const char *title, gint64 time)
{
  GtkWidget       *row = adw_entry_row_new ();
  GtkWidget       *button = gtk_menu_button_new ();
  GtkWidget       *popover = gtk_popover_new ();
  GtkWidget       *calendar = gtk_calendar_new ();
  g_autofree char *text = muster_moment_format (time, asking->zone);
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_timezone (utc, asking->zone) : NULL;

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (row), TRUE);
  gtk_editable_set_text (GTK_EDITABLE (row), text);
  if (local != NULL)
    gtk_calendar_select_day (GTK_CALENDAR (calendar), local);
  g_signal_connect_object (calendar, "day-selected", G_CALLBACK (muster_range_dialog_day_cb), row,
                           0);
  gtk_popover_set_child (GTK_POPOVER (popover), calendar);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), popover);
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "x-office-calendar-symbolic");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, _ ("Choose a day"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Choose a day"), -1);
  adw_entry_row_add_suffix (ADW_ENTRY_ROW (row), button);
  return row;
}

void
muster_range_dialog_ask (GtkWidget      *parent,
                         GTimeZone      *zone,
                         gint64          from,
                         gint64          to,
                         MusterRangeFunc func,
                         gpointer        user_data)
{
  Asking          *asking = g_new0 (Asking, 1);
  g_autofree char *body = g_strdup_printf (_ ("As 2026-01-31 08:05, or 08:05 of today, or now. "
                                              "Times are those of %s."),
                                           g_time_zone_get_identifier (zone));
  AdwDialog       *dialog = adw_alert_dialog_new (_ ("Show a Range"), body);
  GtkWidget       *list = gtk_list_box_new ();

  asking->zone = g_time_zone_ref (zone);
  asking->func = func;
  asking->user_data = g_object_ref (user_data);
  asking->dialog = ADW_ALERT_DIALOG (dialog);
  asking->from = create_row (asking, _ ("From"), from);
  asking->to = create_row (asking, _ ("To"), to);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_list_box_append (GTK_LIST_BOX (list), asking->from);
  gtk_list_box_append (GTK_LIST_BOX (list), asking->to);
  adw_alert_dialog_set_extra_child (asking->dialog, list);
  adw_alert_dialog_add_responses (asking->dialog, "cancel", _ ("_Cancel"), "show", _ ("_Show"),
                                  NULL);
  adw_alert_dialog_set_response_appearance (asking->dialog, "show", ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response (asking->dialog, "show");
  adw_alert_dialog_set_close_response (asking->dialog, "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "muster-asking", asking, asking_free);
  g_signal_connect_swapped (asking->from, "changed", G_CALLBACK (muster_range_dialog_changed_cb),
                            asking);
  g_signal_connect_swapped (asking->to, "changed", G_CALLBACK (muster_range_dialog_changed_cb),
                            asking);
  g_signal_connect_swapped (dialog, "response", G_CALLBACK (muster_range_dialog_response_cb),
                            asking);
  adw_dialog_set_focus (dialog, asking->from);
  adw_dialog_present (dialog, parent);
}
