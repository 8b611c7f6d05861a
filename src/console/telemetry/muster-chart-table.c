/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-chart-table"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-chart-table.h"
#include "widgets/muster-format.h"

/* Position of the column's series; -1: the time. */
#define KEY_COLUMN "muster-column"
#define KEY_SERIES "muster-series"
#define KEY_ZONE "muster-zone"

static void
muster_chart_table_setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "xalign", 1.0, "selectable", TRUE, NULL);

  gtk_widget_add_css_class (label, "numeric");
  gtk_list_item_set_child (list_item, label);
}

static char *
format_value (MusterSeries *series, double value)
{
  const char *state = muster_series_get_state (series, value);

  return state != NULL ? g_strdup (state) : muster_format_number (value);
}

static void
muster_chart_table_bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  MusterChartRow  *row = gtk_list_item_get_item (list_item);
  int              column = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (factory), KEY_COLUMN));
  g_autofree char *text = NULL;

  if (column < 0)
    text = muster_format_time (muster_chart_row_get_time (row),
                               g_object_get_data (G_OBJECT (factory), KEY_ZONE));
  else
    text = format_value (g_object_get_data (G_OBJECT (factory), KEY_SERIES),
                         muster_chart_row_get_value (row, column));
  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (list_item)), text);
}

static void
add_column (GtkColumnView *view,
            const char    *title,
            int            column,
            MusterSeries  *series,
            GTimeZone     *zone)
{
  GtkListItemFactory  *factory = gtk_signal_list_item_factory_new ();
  GtkColumnViewColumn *view_column;

  g_object_set_data (G_OBJECT (factory), KEY_COLUMN, GINT_TO_POINTER (column));
  if (series != NULL)
    g_object_set_data_full (G_OBJECT (factory), KEY_SERIES, g_object_ref (series), g_object_unref);
  g_object_set_data_full (G_OBJECT (factory), KEY_ZONE, g_time_zone_ref (zone),
                          (GDestroyNotify)g_time_zone_unref);
  g_signal_connect (factory, "setup", G_CALLBACK (muster_chart_table_setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (muster_chart_table_bind_cb), NULL);
  view_column = gtk_column_view_column_new (title, factory);
  gtk_column_view_column_set_resizable (view_column, TRUE);
  gtk_column_view_column_set_expand (view_column, column < 0);
  gtk_column_view_append_column (view, view_column);
  g_object_unref (view_column);
}

AdwDialog *
muster_chart_table_new (GListModel *series, MusterAxis *x_axis)
{
  AdwDialog      *dialog = adw_dialog_new ();
  GtkWidget      *toolbar = adw_toolbar_view_new ();
  GtkWidget      *scrolled = gtk_scrolled_window_new ();
  GtkNoSelection *selection = gtk_no_selection_new (
    muster_chart_rows_new (series, muster_axis_get_lower (x_axis), muster_axis_get_upper (x_axis)));
  GtkWidget *view = gtk_column_view_new (GTK_SELECTION_MODEL (selection));
  GTimeZone *zone = muster_axis_get_zone (x_axis);

  add_column (GTK_COLUMN_VIEW (view), _ ("Time"), -1, NULL, zone);
  for (unsigned i = 0; i < g_list_model_get_n_items (series); i++)
    {
      g_autoptr (MusterSeries) one = g_list_model_get_item (series, i);
      const char      *unit = muster_series_get_unit (one);
      g_autofree char *title = unit != NULL
                                 ? g_strdup_printf ("%s (%s)", muster_series_get_name (one), unit)
                                 : g_strdup (muster_series_get_name (one));

      add_column (GTK_COLUMN_VIEW (view), title, i, one, zone);
    }
  gtk_widget_add_css_class (view, "data-table");
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Values of the chart"), -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), view);
  adw_toolbar_view_add_top_bar (ADW_TOOLBAR_VIEW (toolbar), adw_header_bar_new ());
  adw_toolbar_view_set_content (ADW_TOOLBAR_VIEW (toolbar), scrolled);
  adw_dialog_set_child (dialog, toolbar);
  adw_dialog_set_title (dialog, _ ("Values"));
  adw_dialog_set_content_width (dialog, 620);
  adw_dialog_set_content_height (dialog, 520);
  return dialog;
}
