/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-chart-view"

#include "config.h"

#include "muster-chart-view.h"
#include "muster-metric-name.h"

static const char *
find (const char *const *filters, const char *name)
{
  for (unsigned i = 0; filters[i] != NULL && filters[i + 1] != NULL; i += 2)
    if (g_str_equal (filters[i], name))
      return filters[i + 1];
  return NULL;
}

static gint64
find_number (const char *const *filters, const char *name)
{
  const char *text = find (filters, name);

  return text != NULL ? MAX (0, g_ascii_strtoll (text, NULL, 10)) : 0;
}

MusterChartView *
muster_chart_view_new (const char *const *filters, const char *const *columns)
{
  MusterChartView *self = g_new0 (MusterChartView, 1);
  const char      *sources = find (filters, "sources");

  self->sources = g_strsplit (sources != NULL ? sources : "", ",", 0);
  if (find (filters, "metrics") != NULL)
    self->metrics = columns != NULL ? g_strdupv ((char **)columns) : g_new0 (char *, 1);
  self->span = MIN (find_number (filters, "span"), G_MAXINT64 / G_USEC_PER_SEC) * G_USEC_PER_SEC;
  self->from = find_number (filters, "from");
  self->to = find_number (filters, "to");
  self->look = g_strdup (find (filters, "look"));
  self->grouping = g_strdup (find (filters, "grouping"));
  self->comparison = g_strdup (find (filters, "compare"));
  self->calculation = g_strdup (find (filters, "calculation"));
  self->with_bad = find (filters, "bad") != NULL;
  return self;
}

MusterChartView *
muster_chart_view_new_from_deck (MusterChartDeck   *deck,
                                 const char *const *sources,
                                 const char *const *metrics)
{
  MusterChartView *self = g_new0 (MusterChartView, 1);
  MusterAxis      *axis = muster_chart_deck_get_axis (deck);

  self->sources = g_strdupv ((char **)sources);
  self->metrics = metrics != NULL ? g_strdupv ((char **)metrics) : NULL;
  self->span = muster_chart_deck_get_span (deck);
  if (!muster_chart_deck_get_following (deck))
    {
      self->from = muster_axis_get_lower (axis);
      self->to = muster_axis_get_upper (axis);
    }
  self->look = g_strdup (muster_chart_deck_get_look (deck));
  self->grouping = g_strdup (muster_chart_deck_get_grouping (deck));
  self->comparison = muster_chart_deck_dup_comparison (deck);
  self->calculation = muster_calculation_format (muster_chart_deck_get_calculation (deck));
  self->with_bad = muster_chart_deck_get_with_bad (deck);
  return self;
}

MusterChartView *
muster_chart_view_new_dashboard (const char *product_id)
{
  MusterChartView *self = g_new0 (MusterChartView, 1);
  g_autofree char *key = g_strconcat ("product:", product_id, NULL);

  self->sources = g_strsplit (key, ",", 0);
  self->span = G_TIME_SPAN_DAY;
  self->look = g_strdup ("dashboard");
  self->grouping = g_strdup ("metric");
  return self;
}

void
muster_chart_view_free (MusterChartView *self)
{
  g_strfreev (self->sources);
  g_strfreev (self->metrics);
  g_free (self->look);
  g_free (self->grouping);
  g_free (self->comparison);
  g_free (self->calculation);
  g_free (self);
}

static void
add (GStrvBuilder *builder, const char *name, const char *value)
{
  if (value != NULL)
    g_strv_builder_add_many (builder, name, value, NULL);
}

static void
add_number (GStrvBuilder *builder, const char *name, gint64 value)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);

  add (builder, name, text);
}

char **
muster_chart_view_list_filters (const MusterChartView *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *sources = g_strjoinv (",", self->sources);

  add (builder, "sources", sources);
  add_number (builder, "span", self->span / G_USEC_PER_SEC);
  add (builder, "look", self->look);
  add (builder, "grouping", self->grouping);
  add (builder, "compare", self->comparison);
  add (builder, "calculation", self->calculation);
  add (builder, "bad", self->with_bad ? "counted" : NULL);
  if (self->from > 0)
    {
      add_number (builder, "from", self->from);
      add_number (builder, "to", self->to);
    }
  if (self->metrics != NULL)
    add (builder, "metrics", "some");
  return g_strv_builder_end (builder);
}

void
muster_chart_view_apply (const MusterChartView *self, MusterChartDeck *deck)
{
  MusterCalculation calculation;

  g_return_if_fail (self != NULL);

  if (self->from > 0 && self->to > self->from)
    muster_chart_deck_show_range (deck, self->from, self->to);
  else if (self->span > 0)
    muster_chart_deck_follow (deck, self->span);
  muster_calculation_parse (&calculation, self->calculation);
  muster_chart_deck_set_calculation (deck, &calculation);
  muster_chart_deck_set_look (deck, self->look);
  muster_chart_deck_set_grouping (deck, self->grouping);
  muster_chart_deck_set_comparison (deck, self->comparison);
  muster_chart_deck_set_with_bad (deck, self->with_bad);
}

gboolean
muster_chart_view_wants (gpointer user_data, const char *metric)
{
  const MusterChartView *self = user_data;

  return self->metrics != NULL ? g_strv_contains ((const char *const *)self->metrics, metric)
                               : !muster_metric_name_is_diagnostic (metric);
}
