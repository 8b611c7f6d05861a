/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-filter"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "model/muster-time.h"
#include "muster-alert-filter.h"
#include "widgets/muster-reference-row.h"
#include "widgets/muster-references.h"

#define KEY_FIELD "muster-field"

typedef struct
{
  const char *field, *entity, *title;
} Condition;

static const Condition of_alerts[] = {
  { "device_id", "device", N_ ("Device") },
  { "product_id", "product", N_ ("Product") },
  { "location_id", "location", N_ ("Place") },
  { "assigned_to", "person", N_ ("Assigned to") },
  { NULL },
};

static const Condition of_sent[] = {
  { "channel_id", "notification_channel", N_ ("Channel") },
  { "person_id", "person", N_ ("Person") },
  { "escalation_id", "escalation", N_ ("Escalation") },
  { "alert_id", "alert", N_ ("Alert") },
  { NULL },
};

static const struct
{
  int         days;
  const char *title;
} spans[] = {
  { 1, N_ ("Last 24 hours") },
  { 7, N_ ("Last 7 days") },
  { 30, N_ ("Last 30 days") },
};

static void
close_popover (GtkWidget *row)
{
  GtkWidget *popover = gtk_widget_get_ancestor (row, GTK_TYPE_POPOVER);

  if (popover != NULL)
    gtk_popover_popdown (GTK_POPOVER (popover));
}

/* Another list was asked for, and the choice is one of its chips now. */
static void
muster_alert_filter_chosen_cb (MusterRecordsView *view, GParamSpec *pspec, MusterReferenceRow *row)
{
  const char   *field = g_object_get_data (G_OBJECT (row), KEY_FIELD);
  const char   *id = muster_reference_row_get_id (row);
  MusterEntity *record = muster_reference_row_get_record (row);

  if (id == NULL)
    return;
  muster_records_view_set_condition (view, field, id,
                                     record != NULL ? muster_reference_get_title (record)
                                                    : _ ("One of them"));
  /* The chip says it from now on, and takes it away. */
  muster_reference_row_set_id (row, NULL);
  close_popover (GTK_WIDGET (row));
}

static void
muster_alert_filter_span_cb (MusterRecordsView *view, AdwActionRow *row)
{
  int    which = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (row), KEY_FIELD));
  gint64 since = g_get_real_time () - spans[which].days * G_TIME_SPAN_DAY;
  char   text[MUSTER_TIME_TEXT_LENGTH + 1];

  muster_time_format (since, text);
  muster_records_view_set_condition (view, "created_at.min", text, _ (spans[which].title));
  close_popover (GTK_WIDGET (row));
}

static GtkWidget *
create_list (MusterSession *session, MusterRecordsView *view, const Condition *conditions)
{
  GtkWidget *list = gtk_list_box_new ();

  for (; conditions->field != NULL; conditions++)
    {
      GtkWidget *row =
        muster_reference_row_new (session, conditions->entity, _ (conditions->title), TRUE);

      g_object_set_data (G_OBJECT (row), KEY_FIELD, (gpointer)conditions->field);
      g_signal_connect_object (row, "notify::record-id", G_CALLBACK (muster_alert_filter_chosen_cb),
                               view, G_CONNECT_SWAPPED);
      gtk_list_box_append (GTK_LIST_BOX (list), row);
    }
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_widget_set_size_request (list, 280, -1);
  return list;
}

static void
add_spans (GtkListBox *list, MusterRecordsView *view)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (spans); i++)
    {
      GtkWidget *row = adw_action_row_new ();

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (spans[i].title));
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
      g_object_set_data (G_OBJECT (row), KEY_FIELD, GINT_TO_POINTER (i));
      g_signal_connect_object (row, "activated", G_CALLBACK (muster_alert_filter_span_cb), view,
                               G_CONNECT_SWAPPED);
      gtk_list_box_append (list, row);
    }
}

static GtkWidget *
create_button (GtkWidget *list, const char *label)
{
  GtkWidget *button = gtk_menu_button_new ();
  GtkWidget *popover = gtk_popover_new ();

  gtk_popover_set_child (GTK_POPOVER (popover), list);
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "muster-filter-symbolic");
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), popover);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  return button;
}

GtkWidget *
muster_alert_filter_new (MusterSession *session, MusterRecordsView *view)
{
  return create_button (create_list (session, view, of_alerts),
                        _ ("Only of one device, product, place or person"));
}

GtkWidget *
muster_alert_filter_new_for_sent (MusterSession *session, MusterRecordsView *view)
{
  GtkWidget *list = create_list (session, view, of_sent);

  add_spans (GTK_LIST_BOX (list), view);
  return create_button (list, _ ("Only over one channel, to one person, or lately"));
}
