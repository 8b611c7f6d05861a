/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-chart-legend"

#include "config.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "muster-chart-private.h"
#include "muster-paper.h"

#define N_COLOURS 8
#define N_LOOKS (N_COLOURS * 3) /* unbroken, dashed and dotted */

/* The parts of one entry hang at its button by these keys. */
#define KEY_SERIES "muster-series"
#define KEY_PEN "muster-pen"
#define KEY_NAME "muster-name"
#define KEY_VALUE "muster-value"
#define KEY_COLOUR "muster-colour"

GtkWidget *
muster_chart_legend_new (MusterChart *chart)
{
  GtkWidget *legend = gtk_flow_box_new ();

  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (legend), GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (legend), N_COLOURS);
  gtk_widget_set_halign (legend, GTK_ALIGN_START);
  gtk_widget_add_css_class (legend, "chart-legend");
  gtk_accessible_update_property (GTK_ACCESSIBLE (legend), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Legend"), -1);
  return legend;
}

static GtkWidget *
get_button (GtkWidget *child)
{
  return gtk_flow_box_child_get_child (GTK_FLOW_BOX_CHILD (child));
}

static GtkWidget *
find_button (MusterChart *chart, MusterSeries *series)
{
  for (GtkWidget *child = gtk_widget_get_first_child (chart->legend); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (g_object_get_data (G_OBJECT (get_button (child)), KEY_SERIES) == series)
      return get_button (child);
  return NULL;
}

static unsigned
find_free_colour (MusterChart *chart)
{
  unsigned used = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (chart->legend); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    used |= 1u << GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (get_button (child)), KEY_COLOUR));
  for (unsigned i = 0; i < N_LOOKS; i++)
    if ((used & 1u << i) == 0)
      return i;
  return g_list_model_get_n_items (G_LIST_MODEL (chart->series)) % N_LOOKS;
}

static void
muster_chart_legend_toggled_cb (MusterChart *chart, GtkToggleButton *button)
{
  muster_chart_set_series_visible (chart, g_object_get_data (G_OBJECT (button), KEY_SERIES),
                                   gtk_toggle_button_get_active (button));
}

MusterPen *
muster_chart_legend_add (MusterChart *chart, MusterSeries *series, int wanted)
{
  GtkWidget       *button = gtk_toggle_button_new ();
  GtkWidget       *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget       *name = gtk_label_new (muster_series_get_name (series));
  GtkWidget       *value = gtk_label_new (NULL);
  unsigned         colour = wanted >= 0 ? (unsigned)wanted % N_LOOKS : find_free_colour (chart);
  g_autofree char *css_class = g_strdup_printf ("series-%u", colour % N_COLOURS + 1);
  GtkWidget       *pen = muster_pen_new ("trace", css_class);

  muster_pen_set_pattern (MUSTER_PEN (pen), colour / N_COLOURS);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_add_css_class (value, "numeric");
  gtk_widget_add_css_class (value, "dim-label");
  gtk_box_append (GTK_BOX (box), pen);
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), value);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "flat");
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
  gtk_widget_set_tooltip_text (button, _ ("Show or hide it"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  muster_series_get_name (series), -1);
  g_object_set_data_full (G_OBJECT (button), KEY_SERIES, g_object_ref (series), g_object_unref);
  g_object_set_data (G_OBJECT (button), KEY_PEN, pen);
  g_object_set_data (G_OBJECT (button), KEY_NAME, name);
  g_object_set_data (G_OBJECT (button), KEY_VALUE, value);
  g_object_set_data (G_OBJECT (button), KEY_COLOUR, GUINT_TO_POINTER (colour));
  g_signal_connect_object (button, "toggled", G_CALLBACK (muster_chart_legend_toggled_cb), chart,
                           G_CONNECT_SWAPPED);
  gtk_flow_box_append (GTK_FLOW_BOX (chart->legend), button);
  gtk_widget_set_focusable (gtk_widget_get_parent (button), FALSE);
  return MUSTER_PEN (pen);
}

void
muster_chart_legend_remove (MusterChart *chart, MusterSeries *series)
{
  GtkWidget *button = find_button (chart, series);

  if (button != NULL)
    gtk_flow_box_remove (GTK_FLOW_BOX (chart->legend), gtk_widget_get_parent (button));
}

MusterPen *
muster_chart_legend_get_pen (MusterChart *chart, MusterSeries *series)
{
  GtkWidget *button = find_button (chart, series);

  return button != NULL ? g_object_get_data (G_OBJECT (button), KEY_PEN) : NULL;
}

void
muster_chart_legend_set_shown (MusterChart *chart, MusterSeries *series, gboolean shown)
{
  GtkWidget *button = find_button (chart, series);

  if (button != NULL)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), shown);
}

/* What stood at the right end of the chart: the newest value while that is in sight. */
static const MusterPoint *
find_last (MusterChart *chart, MusterSeries *series)
{
  unsigned           n_points;
  const MusterPoint *points = muster_series_peek (series, &n_points);
  unsigned           end = chart->following
                             ? n_points
                             : muster_series_find (series, (gint64)muster_axis_get_upper (chart->x_axis) + 1);

  return end > 0 ? points + end - 1 : NULL;
}

void
muster_chart_legend_update (MusterChart *chart)
{
  for (GtkWidget *child = gtk_widget_get_first_child (chart->legend); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GObject           *button = G_OBJECT (get_button (child));
      MusterSeries      *series = g_object_get_data (button, KEY_SERIES);
      const MusterPoint *last = find_last (chart, series);
      g_autofree char   *text = last != NULL && !isnan (last->value)
                                  ? muster_chart_format_value (chart, series, last->value)
                                  : g_strdup ("");

      gtk_label_set_label (g_object_get_data (button, KEY_VALUE), text);
    }
}

/* --- on paper --- */

static void
append_label (MusterChart *chart, GtkSnapshot *snapshot, GtkLabel *label)
{
  graphene_point_t at;
  GdkRGBA          colour;
  int              x, y;

  if (!gtk_widget_compute_point (GTK_WIDGET (label), GTK_WIDGET (chart),
                                 &GRAPHENE_POINT_INIT (0, 0), &at))
    return;
  gtk_label_get_layout_offsets (label, &x, &y);
  gtk_widget_get_color (GTK_WIDGET (label), &colour);
  muster_paper_append_text (snapshot, gtk_label_get_layout (label), &colour, at.x + x, at.y + y,
                            TRUE);
}

void
muster_chart_legend_append (MusterChart *chart, GtkSnapshot *snapshot)
{
  for (GtkWidget *child = gtk_widget_get_first_child (chart->legend); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GObject        *button = G_OBJECT (get_button (child));
      GtkWidget      *pen = g_object_get_data (button, KEY_PEN);
      graphene_rect_t place;

      if (!gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (button)) ||
          !gtk_widget_compute_bounds (pen, GTK_WIDGET (chart), &place))
        continue;
      muster_pen_append (MUSTER_PEN (pen), snapshot, &place);
      append_label (chart, snapshot, g_object_get_data (button, KEY_NAME));
      append_label (chart, snapshot, g_object_get_data (button, KEY_VALUE));
    }
}
