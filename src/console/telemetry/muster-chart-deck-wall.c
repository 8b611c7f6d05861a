/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-chart-deck-wall"

#include "config.h"

#include "muster-chart-deck-private.h"

#define LINE_WIDTH 2.6
/* At the least: what there is of the wall they share. */
#define PLOT_HEIGHT 40
/* More figures than that beside each other are shown smaller. */
#define FEW_FIGURES 3
#define MANY_FIGURES 8

void
muster_chart_deck_put_on_wall (MusterChartDeck *self)
{
  g_return_if_fail (MUSTER_IS_CHART_DECK (self));

  self->on_wall = TRUE;
  gtk_widget_set_visible (self->tools, FALSE);
  gtk_widget_set_vexpand (self->charts, TRUE);
  gtk_box_set_homogeneous (GTK_BOX (self->charts), TRUE);
  /* What is touched is the wall. */
  gtk_widget_set_can_target (self->charts, FALSE);
  gtk_widget_set_can_focus (self->charts, FALSE);
}

unsigned
muster_chart_deck_count_charts (MusterChartDeck *self)
{
  unsigned count = 0;

  g_return_val_if_fail (MUSTER_IS_CHART_DECK (self), 0);

  for (GtkWidget *chart = gtk_widget_get_first_child (self->charts); chart != NULL;
       chart = gtk_widget_get_next_sibling (chart))
    count++;
  return count;
}

/* The fewer the figures the larger they are. */
void
muster_chart_deck_dress (GtkWidget *chart)
{
  unsigned n_series = g_list_model_get_n_items (muster_chart_get_series (MUSTER_CHART (chart)));

  muster_chart_set_line_width (MUSTER_CHART (chart), LINE_WIDTH);
  muster_chart_set_plot_height (MUSTER_CHART (chart), PLOT_HEIGHT);
  gtk_widget_set_vexpand (chart, TRUE);
  gtk_widget_remove_css_class (chart, "some-figures");
  gtk_widget_remove_css_class (chart, "many-figures");
  if (n_series > MANY_FIGURES)
    gtk_widget_add_css_class (chart, "many-figures");
  else if (n_series > FEW_FIGURES)
    gtk_widget_add_css_class (chart, "some-figures");
}

/* Of CHART, shown or not. */
static int
measure_height (GtkWidget *chart, int width)
{
  gboolean visible = gtk_widget_get_visible (chart);
  int      minimum = 0;

  /* What is not visible measures nothing. */
  gtk_widget_set_visible (chart, TRUE);
  gtk_widget_measure (chart, GTK_ORIENTATION_VERTICAL, width, &minimum, NULL, NULL, NULL);
  gtk_widget_set_visible (chart, visible);
  return minimum;
}

unsigned
muster_chart_deck_count_fitting (MusterChartDeck *self, int width, int height)
{
  int spacing;
  int tallest = 1;

  g_return_val_if_fail (MUSTER_IS_CHART_DECK (self), 1);

  spacing = gtk_box_get_spacing (GTK_BOX (self->charts));
  for (GtkWidget *chart = gtk_widget_get_first_child (self->charts); chart != NULL;
       chart = gtk_widget_get_next_sibling (chart))
    tallest = MAX (tallest, measure_height (chart, width));
  return MAX (1, (height + spacing) / (tallest + spacing));
}

void
muster_chart_deck_show_charts (MusterChartDeck *self, unsigned first, unsigned n_charts)
{
  unsigned position = 0;

  g_return_if_fail (MUSTER_IS_CHART_DECK (self));

  for (GtkWidget *chart = gtk_widget_get_first_child (self->charts); chart != NULL;
       chart = gtk_widget_get_next_sibling (chart), position++)
    {
      muster_chart_deck_dress (chart);
      gtk_widget_set_visible (chart, position >= first && position < first + n_charts);
    }
}
