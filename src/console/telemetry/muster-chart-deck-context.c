/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-chart-deck-context"

#include "config.h"

#include <math.h>

#include <glib/gi18n-lib.h>

#include "alerts/muster-rule-editor.h"
#include "muster-chart-deck-private.h"
#include "muster-metric-name.h"

/* What the menu is about. */
typedef struct
{
  MusterChartDeck *deck;  /* borrowed: the menu stands on one of its charts */
  MusterChart     *chart; /* borrowed */
  MusterTrack     *track; /* (owned) (nullable) */
  gint64           time;
  double           value;
} Context;

static void
context_free (gpointer data)
{
  Context *context = data;

  g_clear_object (&context->track);
  g_free (context);
}

static MusterTrack *
find_track (MusterChartDeck *self, MusterSeries *series)
{
  for (unsigned i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->tracks)); i++)
    {
      g_autoptr (MusterTrack) track = g_list_model_get_item (G_LIST_MODEL (self->tracks), i);

      if (muster_track_get_series (track) == series)
        return g_steal_pointer (&track);
    }
  return NULL;
}

/* --- what can be done --- */

static void
muster_chart_deck_context_rule_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  const Context *context = data;
  GtkWidget     *page = gtk_widget_get_ancestor (GTK_WIDGET (context->deck), MUSTER_TYPE_PAGE);

  muster_page_push (MUSTER_PAGE (page),
                    muster_rule_editor_new_for_threshold (
                      context->deck->session, muster_track_get_device_id (context->track),
                      muster_track_get_metric (context->track), context->value));
}

static void
muster_chart_deck_context_note_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  const Context *context = data;

  muster_chart_set_cursor_time (context->chart, context->time);
  muster_chart_deck_ask_note (context->deck);
}

/* Everything but the one it is about. */
static void
muster_chart_deck_context_only_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  const Context *context = data;
  GListModel    *model = muster_chart_get_series (context->chart);

  for (unsigned i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (MusterSeries) series = g_list_model_get_item (model, i);

      muster_chart_set_series_visible (context->chart, series,
                                       series == muster_track_get_series (context->track));
    }
}

static void
muster_chart_deck_context_all_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  const Context *context = data;
  GListModel    *model = muster_chart_get_series (context->chart);

  for (unsigned i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (MusterSeries) series = g_list_model_get_item (model, i);

      muster_chart_set_series_visible (context->chart, series, TRUE);
    }
}

/* Of one device, and in the present: a rule is no matter of the past. */
static gboolean
may_rule (const Context *context)
{
  const MusterChartDeck *deck = context->deck;

  return context->track != NULL && muster_track_get_hearing (context->track) != NULL &&
         deck->present == 0 &&
         gtk_widget_get_ancestor (GTK_WIDGET (deck), MUSTER_TYPE_PAGE) != NULL &&
         muster_session_may (deck->session, "createAlertRule");
}

static GSimpleActionGroup *
create_actions (Context *context)
{
  static const GActionEntry entries[] = {
    { "rule", muster_chart_deck_context_rule_action },
    { "note", muster_chart_deck_context_note_action },
    { "only", muster_chart_deck_context_only_action },
    { "all", muster_chart_deck_context_all_action },
  };
  GSimpleActionGroup *group = g_simple_action_group_new ();
  GActionMap         *map = G_ACTION_MAP (group);
  struct
  {
    const char *name;
    gboolean    enabled;
  } states[] = {
    { "rule", may_rule (context) },
    { "note", g_action_get_enabled (g_action_map_lookup_action (context->deck->actions, "note")) },
    { "only", context->track != NULL &&
                g_list_model_get_n_items (muster_chart_get_series (context->chart)) > 1 },
    { "all", g_list_model_get_n_items (muster_chart_get_series (context->chart)) > 1 },
  };

  g_action_map_add_action_entries (map, entries, G_N_ELEMENTS (entries), context);
  for (unsigned i = 0; i < G_N_ELEMENTS (states); i++)
    g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (map, states[i].name)),
                                 states[i].enabled);
  return group;
}

/* --- the menu --- */

/* "Alert when Temperature passes 23.5 °C…" */
static char *
make_rule_label (const Context *context)
{
  const char      *name;
  g_autofree char *value = NULL;

  if (context->track == NULL)
    return g_strdup (_ ("Add an Alert _Rule…"));
  name = muster_metric_name_get_label (muster_track_get_metric (context->track));
  if (isnan (context->value))
    return g_strdup_printf (_ ("Add an Alert _Rule for “%s”…"), name);
  value = muster_chart_format_value (context->chart, muster_track_get_series (context->track),
                                     context->value);
  /* Translators: a metric and a value with its unit. */
  return g_strdup_printf (_ ("Add an Alert _Rule for “%s” at %s…"), name, value);
}

static GMenuModel *
create_menu (const Context *context)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) here = g_menu_new ();
  g_autoptr (GMenu) lines = g_menu_new ();
  g_autoptr (GMenu) time = g_menu_new ();
  g_autofree char *rule = make_rule_label (context);

  g_menu_append (here, rule, "context.rule");
  g_menu_append (here, _ ("Add a _Note Here…"), "context.note");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (here));
  g_menu_append (lines, _ ("Show _Only This Line"), "context.only");
  g_menu_append (lines, _ ("Show _All Lines"), "context.all");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (lines));
  g_menu_append (time, _ ("_Follow the Present"), "chart.reset");
  g_menu_append (time, _ ("Show as a _Table"), "deck.table");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (time));
  return G_MENU_MODEL (menu);
}

static gboolean
muster_chart_deck_context_unparent_cb (gpointer popover)
{
  gtk_widget_unparent (popover);
  return G_SOURCE_REMOVE;
}

/* Its action runs after it is closed. */
static void
muster_chart_deck_context_closed_cb (GtkWidget *popover)
{
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, muster_chart_deck_context_unparent_cb,
                   g_object_ref (popover), g_object_unref);
}

void
muster_chart_deck_context (MusterChartDeck    *self,
                           MusterSeries       *series,
                           gint64              time,
                           double              value,
                           const GdkRectangle *place,
                           MusterChart        *chart)
{
  Context *context = g_new0 (Context, 1);
  g_autoptr (GMenuModel) menu = NULL;
  g_autoptr (GSimpleActionGroup) actions = NULL;
  GtkWidget *popover;

  context->deck = self;
  context->chart = chart;
  context->track = series != NULL ? find_track (self, series) : NULL;
  context->time = time;
  context->value = value;
  menu = create_menu (context);
  actions = create_actions (context);
  popover = gtk_popover_menu_new_from_model (menu);
  gtk_widget_insert_action_group (popover, "context", G_ACTION_GROUP (actions));
  g_object_set_data_full (G_OBJECT (popover), "muster-context", context, context_free);
  gtk_popover_set_has_arrow (GTK_POPOVER (popover), FALSE);
  gtk_widget_set_halign (popover, GTK_ALIGN_START);
  gtk_popover_set_pointing_to (GTK_POPOVER (popover), place);
  gtk_widget_set_parent (popover, GTK_WIDGET (chart));
  g_signal_connect (popover, "closed", G_CALLBACK (muster_chart_deck_context_closed_cb), NULL);
  gtk_popover_popup (GTK_POPOVER (popover));
}
