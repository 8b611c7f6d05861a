/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-chart-deck-options"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-chart-deck-private.h"
#include "muster-range-dialog.h"
#include "widgets/muster-reference-row.h"

static const struct
{
  const char *name;
  const char *label; /* N_() marked, what the legend of the ghost says */
  gint64      shift;
} ghosts[] = {
  [MUSTER_GHOST_NONE] = { "none", NULL, 0 },
  [MUSTER_GHOST_DAY] = { "day", N_ ("the day before"), G_TIME_SPAN_DAY },
  [MUSTER_GHOST_WEEK] = { "week", N_ ("the week before"), 7 * G_TIME_SPAN_DAY },
  [MUSTER_GHOST_SISTER] = { "sister", NULL, 0 },
};

gint64
muster_chart_deck_get_ghost_shift (MusterChartDeck *self)
{
  return ghosts[self->ghost].shift;
}

char *
muster_chart_deck_dup_ghost_label (MusterChartDeck *self)
{
  const char *label = ghosts[self->ghost].label;

  if (self->ghost == MUSTER_GHOST_SISTER)
    return g_strdup (self->sister_name);
  return label != NULL ? g_strdup (_ (label)) : NULL;
}

void
muster_chart_deck_show_comparison (MusterChartDeck *self)
{
  g_autofree char *label = muster_chart_deck_dup_ghost_label (self);
  g_autofree char *text = label != NULL ? g_strdup_printf (_ ("Faintly behind: %s"), label) : NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->comparison), text != NULL);
  if (text == NULL)
    return;
  if (self->look->aggregate != NULL || self->calculation.aggregate != NULL)
    g_set_str (&text, _ ("What is shown by steps is not compared"));
  gtk_label_set_label (self->comparison, text);
}

/* --- how it looks --- */

void
muster_chart_deck_set_look (MusterChartDeck *self, const char *name)
{
  const MusterLook *look = muster_look_find (name);
  gboolean          remake;

  g_return_if_fail (MUSTER_IS_CHART_DECK (self));

  g_simple_action_set_state (self->look_action, g_variant_new_string (look->name));
  if (self->look == look)
    return;
  /* How fast something counts has another unit than how far it has come. */
  remake = self->look->counters != look->counters;
  self->look = look;
  if (remake)
    {
      muster_chart_deck_remake (self);
      return;
    }
  for (unsigned i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->tracks)); i++)
    {
      g_autoptr (MusterTrack) track = g_list_model_get_item (G_LIST_MODEL (self->tracks), i);

      muster_chart_deck_apply_look (self, track);
    }
  /* Heat stands in lanes, which are a chart of their own. */
  muster_chart_deck_regroup (self);
  muster_chart_deck_queue_query (self);
}

const char *
muster_chart_deck_get_look (MusterChartDeck *self)
{
  g_return_val_if_fail (MUSTER_IS_CHART_DECK (self), NULL);

  return self->look->name;
}

static void
muster_chart_deck_look_action (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  muster_chart_deck_set_look (self, g_variant_get_string (parameter, NULL));
}

/* --- which charts there are --- */

static const char *const groupings[] = { "unit", "metric", "together" };

void
muster_chart_deck_set_grouping (MusterChartDeck *self, const char *name)
{
  MusterGrouping grouping = MUSTER_GROUPING_UNIT;

  g_return_if_fail (MUSTER_IS_CHART_DECK (self));

  for (unsigned i = 0; i < G_N_ELEMENTS (groupings); i++)
    if (g_strcmp0 (groupings[i], name) == 0)
      grouping = i;
  g_simple_action_set_state (self->grouping_action, g_variant_new_string (groupings[grouping]));
  if (self->grouping == grouping)
    return;
  self->grouping = grouping;
  muster_chart_deck_regroup (self);
}

const char *
muster_chart_deck_get_grouping (MusterChartDeck *self)
{
  g_return_val_if_fail (MUSTER_IS_CHART_DECK (self), NULL);

  return groupings[self->grouping];
}

static void
muster_chart_deck_grouping_action (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  muster_chart_deck_set_grouping (self, g_variant_get_string (parameter, NULL));
}

/* --- what it is compared with --- */

static void
set_ghost (MusterChartDeck *self, MusterGhost ghost)
{
  self->ghost = ghost;
  g_simple_action_set_state (self->compare_action, g_variant_new_string (ghosts[ghost].name));
  for (unsigned i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->tracks)); i++)
    {
      g_autoptr (MusterTrack) track = g_list_model_get_item (G_LIST_MODEL (self->tracks), i);

      muster_track_set_ghost (track, NULL, 0, NULL);
    }
  muster_chart_deck_show_comparison (self);
  muster_chart_deck_queue_query (self);
}

char *
muster_chart_deck_dup_comparison (MusterChartDeck *self)
{
  g_return_val_if_fail (MUSTER_IS_CHART_DECK (self), NULL);

  return self->ghost == MUSTER_GHOST_SISTER ? g_strdup_printf ("%s:%s:%s", ghosts[self->ghost].name,
                                                               self->sister_id, self->sister_name)
                                            : g_strdup (ghosts[self->ghost].name);
}

void
muster_chart_deck_set_comparison (MusterChartDeck *self, const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name != NULL ? name : "", ":", 3);

  g_return_if_fail (MUSTER_IS_CHART_DECK (self));

  if (g_strv_length (parts) == 3 && g_str_equal (parts[0], ghosts[MUSTER_GHOST_SISTER].name))
    {
      g_set_str (&self->sister_id, parts[1]);
      g_set_str (&self->sister_name, parts[2]);
      set_ghost (self, MUSTER_GHOST_SISTER);
      return;
    }
  for (unsigned i = 0; parts[0] != NULL && i < MUSTER_GHOST_SISTER; i++)
    if (g_str_equal (ghosts[i].name, parts[0]))
      {
        set_ghost (self, i);
        return;
      }
  if (self->ghost != MUSTER_GHOST_NONE)
    set_ghost (self, MUSTER_GHOST_NONE);
}

static void
muster_chart_deck_sister_cb (AdwDialog *dialog, const char *response, MusterReferenceRow *row)
{
  MusterChartDeck *self = g_object_get_data (G_OBJECT (dialog), "muster-deck");
  MusterEntity    *record = muster_reference_row_get_record (row);

  if (g_strcmp0 (response, "compare") != 0 || muster_reference_row_get_id (row) == NULL)
    return;
  g_set_str (&self->sister_id, muster_reference_row_get_id (row));
  g_set_str (&self->sister_name,
             record != NULL ? muster_entity_get_string (record, "name") : _ ("Other device"));
  set_ghost (self, MUSTER_GHOST_SISTER);
}

static void
muster_chart_deck_sister_found_cb (AdwAlertDialog *dialog, GParamSpec *pspec, GObject *row)
{
  adw_alert_dialog_set_response_enabled (dialog, "compare",
                                         muster_reference_row_get_id (MUSTER_REFERENCE_ROW (row)) !=
                                           NULL);
}

/* Which device that is, is asked first. */
static void
ask_sister (MusterChartDeck *self)
{
  AdwDialog *dialog =
    adw_alert_dialog_new (_ ("Compare With"),
                          _ ("The same metrics of another device are shown faintly behind."));
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *row = muster_reference_row_new (self->session, "device", _ ("Device"), FALSE);

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_list_box_append (GTK_LIST_BOX (list), row);
  adw_alert_dialog_set_extra_child (ADW_ALERT_DIALOG (dialog), list);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _ ("_Cancel"), "compare",
                                  _ ("C_ompare"), NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "compare",
                                            ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_response_enabled (ADW_ALERT_DIALOG (dialog), "compare", FALSE);
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "muster-deck", g_object_ref (self), g_object_unref);
  g_signal_connect_object (row, "notify::record-id", G_CALLBACK (muster_chart_deck_sister_found_cb),
                           dialog, G_CONNECT_SWAPPED);
  g_signal_connect_object (dialog, "response", G_CALLBACK (muster_chart_deck_sister_cb), row, 0);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

static void
muster_chart_deck_compare_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  MusterChartDeck *self = user_data;
  const char      *name = g_variant_get_string (parameter, NULL);

  if (g_str_equal (name, "sister"))
    {
      ask_sister (self);
      return;
    }
  for (unsigned i = 0; i < G_N_ELEMENTS (ghosts); i++)
    if (g_str_equal (ghosts[i].name, name))
      set_ghost (self, i);
}

/* The key W: there and away again. */
static void
muster_chart_deck_week_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  MusterChartDeck *self = user_data;

  set_ghost (self, self->ghost == MUSTER_GHOST_NONE ? MUSTER_GHOST_WEEK : MUSTER_GHOST_NONE);
}

/* --- samples of bad quality --- */

void
muster_chart_deck_set_with_bad (MusterChartDeck *self, gboolean with_bad)
{
  g_return_if_fail (MUSTER_IS_CHART_DECK (self));

  if (self->with_bad == !!with_bad)
    return;
  self->with_bad = !!with_bad;
  g_simple_action_set_state (G_SIMPLE_ACTION (g_action_map_lookup_action (self->actions, "bad")),
                             g_variant_new_boolean (self->with_bad));
  muster_chart_deck_queue_query (self);
}

gboolean
muster_chart_deck_get_with_bad (MusterChartDeck *self)
{
  g_return_val_if_fail (MUSTER_IS_CHART_DECK (self), FALSE);

  return self->with_bad;
}

static void
muster_chart_deck_bad_action (GSimpleAction *action, GVariant *state, gpointer self)
{
  muster_chart_deck_set_with_bad (self, g_variant_get_boolean (state));
}

/* --- marks --- */

static void
muster_chart_deck_marks_action (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  MusterChartDeck *self = user_data;

  g_simple_action_set_state (action, state);
  self->with_marks = g_variant_get_boolean (state);
  muster_chart_deck_read_marks (self);
}

static void
muster_chart_deck_brush_action (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  MusterChartDeck *self = user_data;

  g_simple_action_set_state (action, state);
  self->brushing = g_variant_get_boolean (state);
  for (GtkWidget *chart = gtk_widget_get_first_child (self->charts); chart != NULL;
       chart = gtk_widget_get_next_sibling (chart))
    muster_chart_set_brushing (MUSTER_CHART (chart), self->brushing);
  if (self->brushing)
    muster_session_tell (self->session, _ ("Drag across what is to be left out"));
}

static void
muster_chart_deck_list_marks_action (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  muster_chart_deck_show_marks (self);
}

static void
muster_chart_deck_note_action (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  muster_chart_deck_ask_note (self);
}

void
muster_chart_deck_set_present (MusterChartDeck *self, gint64 at)
{
  static const char *const writing[] = { "note", "brush" };

  g_return_if_fail (MUSTER_IS_CHART_DECK (self));

  self->present = at;
  /* The past is only looked at. */
  for (unsigned i = 0; i < G_N_ELEMENTS (writing); i++)
    g_simple_action_set_enabled (G_SIMPLE_ACTION (
                                   g_action_map_lookup_action (self->actions, writing[i])),
                                 at == 0);
}

/* --- time --- */

static void
show_range (gpointer self, gint64 from, gint64 to)
{
  muster_chart_deck_show_range (self, from, to);
}

static void
muster_chart_deck_range_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  MusterChartDeck *self = user_data;

  muster_range_dialog_ask (GTK_WIDGET (self), muster_session_get_zone (self->session),
                           muster_axis_get_lower (self->x_axis),
                           muster_axis_get_upper (self->x_axis), show_range, self);
}

/* --- on paper and as files --- */

static void
muster_chart_deck_table_action (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  muster_chart_deck_show_table (self);
}

static void
muster_chart_deck_save_action (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  muster_chart_deck_save (self, g_variant_get_string (parameter, NULL));
}

static void
muster_chart_deck_export_action (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  muster_chart_deck_export (self);
}

static void
muster_chart_deck_print_action (GSimpleAction *action, GVariant *parameter, gpointer self)
{
  muster_chart_deck_print (self);
}

/* --- actions --- */

static GSimpleAction *
add_choice (GSimpleActionGroup *group,
            const char         *name,
            const char         *state,
            GCallback           callback,
            MusterChartDeck    *self)
{
  g_autoptr (GSimpleAction) action = g_simple_action_new_stateful (name, G_VARIANT_TYPE_STRING,
                                                                  g_variant_new_string (state));

  g_signal_connect (action, "activate", callback, self);
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (action));
  return action;
}

void
muster_chart_deck_init_options (MusterChartDeck *self)
{
  static const GActionEntry entries[] = {
    { "week", muster_chart_deck_week_action },
    { "marks", NULL, NULL, "true", muster_chart_deck_marks_action },
    { "bad", NULL, NULL, "false", muster_chart_deck_bad_action },
    { "brush", NULL, NULL, "false", muster_chart_deck_brush_action },
    { "list-marks", muster_chart_deck_list_marks_action },
    { "note", muster_chart_deck_note_action },
    { "table", muster_chart_deck_table_action },
    { "save", muster_chart_deck_save_action, "s" },
    { "export", muster_chart_deck_export_action },
    { "print", muster_chart_deck_print_action },
    { "range", muster_chart_deck_range_action },
  };
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();

  self->actions = G_ACTION_MAP (group);
  self->with_marks = TRUE;
  self->marks = g_list_store_new (MUSTER_TYPE_MARK);
  self->look = muster_look_find (NULL);
  self->look_action =
    add_choice (group, "look", self->look->name, G_CALLBACK (muster_chart_deck_look_action), self);
  self->grouping_action = add_choice (group, "grouping", groupings[0],
                                      G_CALLBACK (muster_chart_deck_grouping_action), self);
  self->compare_action =
    add_choice (group, "compare", "none", G_CALLBACK (muster_chart_deck_compare_action), self);
  g_action_map_add_action_entries (G_ACTION_MAP (group), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "deck", G_ACTION_GROUP (group));
}
