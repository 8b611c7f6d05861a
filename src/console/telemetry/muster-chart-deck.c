/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-chart-deck"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-subscription.h"
#include "muster-chart-deck-private.h"
#include "muster-metric-name.h"

#define N_COLOURS 24
#define PLOT_HEIGHT 170
#define FIRST_SPAN (5 * 60 * G_USEC_PER_SEC)

/* What the charts and tracks carry with them. */
#define KEY_KEY "muster-key"
#define KEY_CHART "muster-chart"
#define KEY_COLOUR "muster-colour"

G_DEFINE_FINAL_TYPE (MusterChartDeck, muster_chart_deck, GTK_TYPE_BOX)

typedef enum
{
  PROP_CURSOR_TIME = 1,
  PROP_FOLLOWING,
} MusterChartDeckProperty;

enum
{
  SAMPLES,
  READY,
  REMAKE,
  N_SIGNALS,
};

static GParamSpec *properties[PROP_FOLLOWING + 1];
static unsigned    signals[N_SIGNALS];

MusterChart *
muster_chart_deck_get_chart (MusterTrack *track)
{
  return g_object_get_data (G_OBJECT (track), KEY_CHART);
}

MusterChart *
muster_chart_deck_get_first (MusterChartDeck *self)
{
  GtkWidget *child = gtk_widget_get_first_child (self->charts);

  return child != NULL ? MUSTER_CHART (child) : NULL;
}

/* --- charts --- */

/* What tells one chart from another: states apart from measures, those by their unit, and by their
 * name where they have none. */
static char *
make_chart_key (MusterChartDeck *self, MusterTrack *track)
{
  if (self->grouping == MUSTER_GROUPING_TOGETHER)
    return g_strdup ("all");
  if (self->grouping == MUSTER_GROUPING_UNIT &&
      muster_series_is_lane (muster_track_get_series (track)))
    return g_strdup ("states");
  if (self->grouping == MUSTER_GROUPING_UNIT && muster_track_get_unit (track) != NULL)
    return g_strconcat ("unit ", muster_track_get_unit (track), NULL);
  return g_strconcat ("metric ", muster_track_get_metric (track), NULL);
}

static char *
make_chart_label (MusterChartDeck *self, MusterTrack *track)
{
  if (self->grouping == MUSTER_GROUPING_TOGETHER)
    return g_strdup (_ ("Chart of all values"));
  if (self->grouping == MUSTER_GROUPING_UNIT &&
      muster_series_is_lane (muster_track_get_series (track)))
    return g_strdup (_ ("Chart of states"));
  if (self->grouping == MUSTER_GROUPING_UNIT && muster_track_get_unit (track) != NULL)
    return g_strdup_printf (_ ("Chart of values in %s"), muster_track_get_unit (track));
  return g_strdup_printf (_ ("Chart of %s"),
                          muster_metric_name_get_label (muster_track_get_metric (track)));
}

static MusterChart *
create_chart (MusterChartDeck *self, MusterTrack *track)
{
  GtkWidget       *chart = muster_chart_new (self->x_axis);
  g_autofree char *label = make_chart_label (self, track);

  g_object_set_data_full (G_OBJECT (chart), KEY_KEY, make_chart_key (self, track), g_free);
  gtk_accessible_update_property (GTK_ACCESSIBLE (chart), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  muster_chart_set_plot_height (MUSTER_CHART (chart), PLOT_HEIGHT);
  muster_chart_set_home_span (MUSTER_CHART (chart), self->span);
  /* One crosshair over all charts, and one present. */
  g_object_bind_property (self, "cursor-time", chart, "cursor-time",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  g_object_bind_property (self, "following", chart, "following",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  muster_chart_set_brushing (MUSTER_CHART (chart), self->brushing);
  g_signal_connect_object (chart, "brushed", G_CALLBACK (muster_chart_deck_brushed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (chart, "context", G_CALLBACK (muster_chart_deck_context), self,
                           G_CONNECT_SWAPPED);
  if (self->on_wall)
    muster_chart_deck_dress (chart);
  gtk_box_append (GTK_BOX (self->charts), chart);
  return MUSTER_CHART (chart);
}

static MusterChart *
ensure_chart (MusterChartDeck *self, MusterTrack *track)
{
  g_autofree char *key = make_chart_key (self, track);

  for (GtkWidget *chart = gtk_widget_get_first_child (self->charts); chart != NULL;
       chart = gtk_widget_get_next_sibling (chart))
    if (g_strcmp0 (g_object_get_data (G_OBJECT (chart), KEY_KEY), key) == 0)
      return MUSTER_CHART (chart);
  return create_chart (self, track);
}

/* The one that is least in use: no two lines of the page look the same while there are enough. */
static unsigned
choose_colour (MusterChartDeck *self)
{
  unsigned used[N_COLOURS] = { 0 };
  unsigned best = 0;

  for (unsigned i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->tracks)); i++)
    {
      g_autoptr (MusterTrack) track = g_list_model_get_item (G_LIST_MODEL (self->tracks), i);

      used[GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (track), KEY_COLOUR))]++;
    }
  for (unsigned i = 1; i < N_COLOURS; i++)
    if (used[i] < used[best])
      best = i;
  return best;
}

static void
place_track (MusterChartDeck *self, MusterTrack *track)
{
  MusterChart *chart = ensure_chart (self, track);

  g_object_set_data (G_OBJECT (track), KEY_CHART, chart);
  muster_chart_add_series_in_colour (chart, muster_track_get_series (track),
                                     GPOINTER_TO_UINT (
                                       g_object_get_data (G_OBJECT (track), KEY_COLOUR)));
}

void
muster_chart_deck_take (MusterChartDeck *self, MusterTrack *track)
{
  g_object_set_data (G_OBJECT (track), KEY_COLOUR, GUINT_TO_POINTER (choose_colour (self)));
  muster_chart_deck_apply_look (self, track);
  place_track (self, track);
  g_list_store_append (self->tracks, track);
  g_object_unref (track);
}

void
muster_chart_deck_regroup (MusterChartDeck *self)
{
  GtkWidget *chart;

  while ((chart = gtk_widget_get_first_child (self->charts)) != NULL)
    gtk_box_remove (GTK_BOX (self->charts), chart);
  for (unsigned i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->tracks)); i++)
    {
      g_autoptr (MusterTrack) track = g_list_model_get_item (G_LIST_MODEL (self->tracks), i);

      place_track (self, track);
    }
  muster_chart_deck_spread_marks (self);
}

MusterTrack *
muster_chart_deck_add (MusterChartDeck *self,
                       const char      *device_id,
                       MusterApiMetric *metric,
                       const char      *label)
{
  const char      *name;
  g_autofree char *unit = NULL;
  MusterTrack     *track, *there;

  g_return_val_if_fail (MUSTER_IS_CHART_DECK (self), NULL);
  g_return_val_if_fail (self->session != NULL, NULL);

  name = muster_entity_get_string (MUSTER_ENTITY (muster_api_metric_get_metric (metric)), "name");
  there = muster_chart_deck_find (self, device_id, name);
  if (there != NULL)
    return there;
  unit = muster_chart_deck_dup_unit (self, metric);
  track = muster_track_new (muster_chart_deck_watch (self, device_id), metric, label, unit);
  muster_chart_deck_take (self, track);
  muster_chart_deck_queue_query (self);
  return track;
}

void
muster_chart_deck_remove (MusterChartDeck *self, MusterTrack *track)
{
  MusterChart *chart;
  unsigned     position;

  g_return_if_fail (MUSTER_IS_CHART_DECK (self));
  g_return_if_fail (g_list_store_find (self->tracks, track, &position));

  chart = g_object_get_data (G_OBJECT (track), KEY_CHART);
  muster_chart_remove_series (chart, muster_track_get_series (track));
  if (g_list_model_get_n_items (muster_chart_get_series (chart)) == 0)
    gtk_box_remove (GTK_BOX (self->charts), GTK_WIDGET (chart));
  g_list_store_remove (self->tracks, position);
}

void
muster_chart_deck_clear (MusterChartDeck *self)
{
  g_return_if_fail (MUSTER_IS_CHART_DECK (self));

  while (g_list_model_get_n_items (G_LIST_MODEL (self->tracks)) > 0)
    {
      g_autoptr (MusterTrack) track = g_list_model_get_item (G_LIST_MODEL (self->tracks), 0);

      muster_chart_deck_remove (self, track);
    }
  g_hash_table_remove_all (self->queries);
  g_hash_table_remove_all (self->hearings);
  g_ptr_array_set_size (self->questions, 0);
  muster_chart_deck_queue_listen (self);
}

MusterTrack *
muster_chart_deck_find (MusterChartDeck *self, const char *device_id, const char *metric)
{
  g_return_val_if_fail (MUSTER_IS_CHART_DECK (self), NULL);

  for (unsigned i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->tracks)); i++)
    {
      g_autoptr (MusterTrack) track = g_list_model_get_item (G_LIST_MODEL (self->tracks), i);

      if (muster_track_is (track, device_id, metric))
        return track;
    }
  return NULL;
}

GListModel *
muster_chart_deck_get_tracks (MusterChartDeck *self)
{
  g_return_val_if_fail (MUSTER_IS_CHART_DECK (self), NULL);

  return G_LIST_MODEL (self->tracks);
}

void
muster_chart_deck_remake (MusterChartDeck *self)
{
  g_signal_emit (self, signals[REMAKE], 0);
}

/* --- devices --- */

MusterHearing *
muster_chart_deck_watch (MusterChartDeck *self, const char *device_id)
{
  MusterHearing *hearing;

  g_return_val_if_fail (MUSTER_IS_CHART_DECK (self), NULL);
  g_return_val_if_fail (self->session != NULL, NULL);

  hearing = g_hash_table_lookup (self->hearings, device_id);
  if (hearing != NULL)
    return hearing;
  hearing = muster_hearing_new (self->session, device_id);
  g_signal_connect_object (hearing, "remembered", G_CALLBACK (muster_chart_deck_queue_query), self,
                           G_CONNECT_SWAPPED);
  g_hash_table_insert (self->hearings, g_strdup (device_id), hearing);
  muster_chart_deck_queue_listen (self);
  return hearing;
}

void
muster_chart_deck_refresh (MusterChartDeck *self)
{
  GHashTableIter iter;
  gpointer       hearing;

  g_return_if_fail (MUSTER_IS_CHART_DECK (self));

  g_hash_table_iter_init (&iter, self->hearings);
  while (g_hash_table_iter_next (&iter, NULL, &hearing))
    muster_hearing_load (hearing);
  muster_chart_deck_queue_query (self);
}

/* --- time in sight --- */

/* Presses the button of the span, or none where there is none. */
static void
show_span (MusterChartDeck *self)
{
  g_autofree char *name = g_strdup_printf ("%" G_GINT64_FORMAT, self->span / G_USEC_PER_SEC);
  gboolean         named = self->following || self->span == muster_axis_get_span (self->x_axis);

  self->choosing = TRUE;
  if (named && adw_toggle_group_get_toggle_by_name (self->ranges, name) != NULL)
    adw_toggle_group_set_active_name (self->ranges, name);
  else
    adw_toggle_group_set_active (self->ranges, GTK_INVALID_LIST_POSITION);
  self->choosing = FALSE;
}

static void
set_following (MusterChartDeck *self, gboolean following)
{
  if (self->following == following)
    return;
  self->following = following;
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->follow), following);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOLLOWING]);
}

void
muster_chart_deck_follow (MusterChartDeck *self, gint64 span)
{
  double now = g_get_real_time ();

  g_return_if_fail (MUSTER_IS_CHART_DECK (self));
  g_return_if_fail (span > 0);

  self->span = span;
  for (GtkWidget *chart = gtk_widget_get_first_child (self->charts); chart != NULL;
       chart = gtk_widget_get_next_sibling (chart))
    muster_chart_set_home_span (MUSTER_CHART (chart), span);
  muster_axis_set_range (self->x_axis, now - span, now);
  set_following (self, TRUE);
  show_span (self);
  muster_chart_deck_queue_query (self);
}

gint64
muster_chart_deck_get_span (MusterChartDeck *self)
{
  g_return_val_if_fail (MUSTER_IS_CHART_DECK (self), 0);

  return self->span;
}

void
muster_chart_deck_show_range (MusterChartDeck *self, gint64 from, gint64 to)
{
  g_return_if_fail (MUSTER_IS_CHART_DECK (self));

  set_following (self, FALSE);
  muster_axis_set_range (self->x_axis, from, to);
  muster_chart_deck_queue_query (self);
}

gboolean
muster_chart_deck_get_following (MusterChartDeck *self)
{
  g_return_val_if_fail (MUSTER_IS_CHART_DECK (self), FALSE);

  return self->following;
}

MusterAxis *
muster_chart_deck_get_axis (MusterChartDeck *self)
{
  g_return_val_if_fail (MUSTER_IS_CHART_DECK (self), NULL);

  return self->x_axis;
}

static void
muster_chart_deck_range_cb (MusterChartDeck *self)
{
  const char *name = adw_toggle_group_get_active_name (self->ranges);

  if (!self->choosing && name != NULL)
    muster_chart_deck_follow (self, g_ascii_strtoll (name, NULL, 10) * G_USEC_PER_SEC);
}

static void
muster_chart_deck_follow_cb (MusterChartDeck *self)
{
  set_following (self, gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->follow)));
}

static void
muster_chart_deck_moved_cb (MusterChartDeck *self)
{
  show_span (self);
  muster_chart_deck_range_changed (self);
}

/* --- life --- */

static void
muster_chart_deck_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  MusterChartDeck *self = MUSTER_CHART_DECK (object);

  switch ((MusterChartDeckProperty)prop_id)
    {
    case PROP_CURSOR_TIME:
      g_value_set_int64 (value, self->cursor_time);
      break;
    case PROP_FOLLOWING:
      g_value_set_boolean (value, self->following);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_chart_deck_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  MusterChartDeck *self = MUSTER_CHART_DECK (object);

  switch ((MusterChartDeckProperty)prop_id)
    {
    case PROP_CURSOR_TIME:
      if (self->cursor_time == g_value_get_int64 (value))
        break;
      self->cursor_time = g_value_get_int64 (value);
      g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_FOLLOWING:
      set_following (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
muster_chart_deck_dispose (GObject *object)
{
  MusterChartDeck *self = MUSTER_CHART_DECK (object);

  muster_chart_deck_stop_queries (self);
  g_ptr_array_set_size (self->questions, 0);
  gtk_widget_dispose_template (GTK_WIDGET (self), MUSTER_TYPE_CHART_DECK);
  g_list_store_remove_all (self->tracks);
  g_hash_table_remove_all (self->hearings);
  G_OBJECT_CLASS (muster_chart_deck_parent_class)->dispose (object);
}

static void
muster_chart_deck_finalize (GObject *object)
{
  MusterChartDeck *self = MUSTER_CHART_DECK (object);

  g_clear_object (&self->session);
  g_clear_object (&self->x_axis);
  g_clear_object (&self->tracks);
  g_hash_table_unref (self->hearings);
  g_hash_table_unref (self->queries);
  g_ptr_array_unref (self->questions);
  g_free (self->sister_id);
  g_free (self->sister_name);
  g_clear_object (&self->marks);
  G_OBJECT_CLASS (muster_chart_deck_parent_class)->finalize (object);
}

static void
muster_chart_deck_class_init (MusterChartDeckClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = muster_chart_deck_get_property;
  object_class->set_property = muster_chart_deck_set_property;
  object_class->dispose = muster_chart_deck_dispose;
  object_class->finalize = muster_chart_deck_finalize;
  properties[PROP_CURSOR_TIME] =
    g_param_spec_int64 ("cursor-time", NULL, NULL, 0, G_MAXINT64, 0,
                        G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_FOLLOWING] =
    g_param_spec_boolean ("following", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, G_N_ELEMENTS (properties), properties);
  signals[SAMPLES] = g_signal_new ("samples", MUSTER_TYPE_CHART_DECK, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_PTR_ARRAY);
  signals[READY] = g_signal_new ("ready", MUSTER_TYPE_CHART_DECK, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
  signals[REMAKE] = g_signal_new ("remake", MUSTER_TYPE_CHART_DECK, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/muster/Muster/chart-deck.ui");
  gtk_widget_class_bind_template_child (widget_class, MusterChartDeck, tools);
  gtk_widget_class_bind_template_child (widget_class, MusterChartDeck, ranges);
  gtk_widget_class_bind_template_child (widget_class, MusterChartDeck, follow);
  gtk_widget_class_bind_template_child (widget_class, MusterChartDeck, comparison);
  gtk_widget_class_bind_template_child (widget_class, MusterChartDeck, charts);
  gtk_widget_class_bind_template_callback (widget_class, muster_chart_deck_range_cb);
  gtk_widget_class_bind_template_callback (widget_class, muster_chart_deck_follow_cb);
}

static void
muster_chart_deck_init (MusterChartDeck *self)
{
  self->x_axis = muster_axis_new (MUSTER_AXIS_TIME);
  self->tracks = g_list_store_new (MUSTER_TYPE_TRACK);
  self->hearings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->questions = g_ptr_array_new_with_free_func ((GDestroyNotify)muster_deck_question_free);
  muster_calculation_init (&self->calculation);
  self->queries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, dex_unref);
  muster_chart_deck_init_options (self);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->x_axis, "range-changed", G_CALLBACK (muster_chart_deck_moved_cb),
                           self, G_CONNECT_SWAPPED);
  muster_chart_deck_follow (self, FIRST_SPAN);
}

void
muster_chart_deck_open (MusterChartDeck *self, MusterSession *session)
{
  g_return_if_fail (MUSTER_IS_CHART_DECK (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  muster_axis_set_zone (self->x_axis, muster_session_get_zone (session));
  muster_chart_deck_watch_marks (self);
  muster_chart_deck_watch_names (self);
}
