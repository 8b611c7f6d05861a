/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-chart-deck-marks"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-collection.h"
#include "client/muster-api-journal.h"
#include "client/muster-api-stream.h"
#include "client/muster-fiber.h"
#include "model/muster-alert.h"
#include "model/muster-annotation.h"
#include "model/muster-device-event.h"
#include "model/muster-exclusion.h"
#include "model/muster-time.h"
#include "muster-chart-deck-private.h"

#define MOST_MARKS 500 /* of a kind */

/* A mark belongs to the charts of a metric, or to all. */
#define KEY_METRIC "muster-metric"

static const struct
{
  const MusterEntityInfo *info;
  const char             *operation; /* without the right to it nothing is asked */
  const char             *from_field;
  gboolean                of_site; /* some are about no device */
} kinds[] = {
  { &muster_alert_info, "listAlerts", "raised_at" },
  { &muster_annotation_info, "listAnnotations", "at", TRUE },
  { &muster_exclusion_info, "listExclusions", "from_at" },
};

/* --- reading --- */

/* Whether it was not resolved yet at the moment that is shown. */
static gboolean
is_open (MusterChartDeck *self, MusterEntity *alert)
{
  return muster_entity_is_null (alert, "resolved_at") ||
         (self->present > 0 && muster_entity_get_integer (alert, "resolved_at") > self->present);
}

static MusterMark *
make_alert (MusterChartDeck *self, MusterEntity *record)
{
  static const MusterMarkKind by_severity[] = { MUSTER_MARK_INFO, MUSTER_MARK_WARNING,
                                                MUSTER_MARK_CRITICAL, MUSTER_MARK_CRITICAL };
  int                         severity = muster_entity_get_enum (record, "severity");

  return muster_mark_new (by_severity[CLAMP (severity, 0, (int)G_N_ELEMENTS (by_severity) - 1)],
                          muster_entity_get_integer (record, "raised_at"),
                          is_open (self, record)
                            ? (self->present > 0 ? self->present : G_MAXINT64)
                            : muster_entity_get_integer (record, "resolved_at"),
                          muster_entity_get_string (record, "title"),
                          muster_entity_get_id (record));
}

static MusterMark *
make_note (MusterEntity *record)
{
  gint64 at = muster_entity_get_integer (record, "at");

  return muster_mark_new (MUSTER_MARK_NOTE, at,
                          muster_entity_is_null (record, "until")
                            ? at
                            : muster_entity_get_integer (record, "until"),
                          muster_entity_get_string (record, "text"), muster_entity_get_id (record));
}

static MusterMark *
make_excluded (MusterEntity *record)
{
  g_autofree char *text =
    g_strdup_printf (_ ("Left out: %s"), muster_entity_get_string (record, "reason"));

  return muster_mark_new (MUSTER_MARK_EXCLUDED, muster_entity_get_integer (record, "from_at"),
                          muster_entity_get_integer (record, "to_at"), text,
                          muster_entity_get_id (record));
}

static MusterMark *
make_mark (MusterChartDeck *self, MusterEntity *record)
{
  const MusterEntityInfo *info = muster_entity_get_info (record);
  MusterMark             *mark = info == &muster_alert_info        ? make_alert (self, record)
                                 : info == &muster_annotation_info ? make_note (record)
                                                                   : make_excluded (record);

  if (!muster_entity_is_null (record, "metric"))
    g_object_set_data_full (G_OBJECT (mark), KEY_METRIC,
                            g_strdup (muster_entity_get_string (record, "metric")), g_free);
  return mark;
}

static int
compare_marks (gconstpointer a, gconstpointer b, gpointer user_data)
{
  gint64 first = muster_mark_get_from ((MusterMark *)a);
  gint64 second = muster_mark_get_from ((MusterMark *)b);

  return first < second ? -1 : first > second;
}

/* Whether CHART shows METRIC. */
static gboolean
shows_metric (MusterChartDeck *self, MusterChart *chart, const char *metric)
{
  for (unsigned i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->tracks)); i++)
    {
      g_autoptr (MusterTrack) track = g_list_model_get_item (G_LIST_MODEL (self->tracks), i);

      if (muster_chart_deck_get_chart (track) == chart &&
          g_strcmp0 (muster_track_get_metric (track), metric) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Gives every chart what concerns it. */
void
muster_chart_deck_spread_marks (MusterChartDeck *self)
{
  for (GtkWidget *chart = gtk_widget_get_first_child (self->charts); chart != NULL;
       chart = gtk_widget_get_next_sibling (chart))
    {
      g_autoptr (GListStore) marks = g_list_store_new (MUSTER_TYPE_MARK);

      for (unsigned i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->marks)); i++)
        {
          g_autoptr (MusterMark) mark = g_list_model_get_item (G_LIST_MODEL (self->marks), i);
          const char *metric = g_object_get_data (G_OBJECT (mark), KEY_METRIC);

          if (metric == NULL || shows_metric (self, MUSTER_CHART (chart), metric))
            g_list_store_append (marks, mark);
        }
      muster_chart_set_marks (MUSTER_CHART (chart), G_LIST_MODEL (marks));
    }
}

/* What came of one kind takes the place of what was there of it. */
static DexFuture *
muster_chart_deck_marks_read_cb (DexFuture *future, gpointer user_data)
{
  MusterChartDeck *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  g_list_store_remove_all (self->marks);
  for (unsigned kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
    {
      DexFuture    *one = self->mark_futures[kind];
      const GValue *page = one != NULL ? dex_future_get_value (one, NULL) : NULL;

      for (unsigned i = 0;
           page != NULL && i < muster_api_page_get_length (g_value_get_object (page)); i++)
        {
          g_autoptr (MusterMark) mark =
                      make_mark (self, muster_api_page_get (g_value_get_object (page), i));

          g_list_store_insert_sorted (self->marks, mark, compare_marks, NULL);
        }
    }
  if (value == NULL)
    g_message ("could not read all marks: %s", error->message);
  muster_chart_deck_spread_marks (self);
  return dex_future_new_true ();
}

static DexFuture *
list_marks (MusterChartDeck *self, unsigned kind, const char *devices)
{
  char             until[MUSTER_TIME_TEXT_LENGTH + 1];
  g_autofree char *most = g_strconcat (kinds[kind].from_field, ".max", NULL);
  g_autofree char *sort = g_strconcat ("-", kinds[kind].from_field, NULL);
  g_autofree char *about = g_strconcat (kinds[kind].of_site ? "null," : "", devices, NULL);
  const char *filters[] = { "device_id", about, most, muster_time_format (self->queried_to, until),
                            NULL };
  MusterApiListQuery query = { .filters = filters, .limit = MOST_MARKS, .sort = sort };

  return muster_api_collection_list (muster_session_get_client (self->session), kinds[kind].info,
                                     &query);
}

void
muster_chart_deck_read_marks (MusterChartDeck *self)
{
  g_autofree char **ids = (char **)g_hash_table_get_keys_as_array (self->hearings, NULL);
  g_autofree char  *devices = g_strjoinv (",", ids);
  DexFuture        *futures[G_N_ELEMENTS (kinds)];
  unsigned          n_futures = 0;

  muster_chart_deck_drop_marks (self);
  for (unsigned kind = 0; ids[0] != NULL && self->with_marks && kind < G_N_ELEMENTS (kinds); kind++)
    if (muster_session_may (self->session, kinds[kind].operation))
      {
        self->mark_futures[kind] = list_marks (self, kind, devices);
        futures[n_futures++] = dex_ref (self->mark_futures[kind]);
      }
  if (n_futures == 0)
    {
      g_list_store_remove_all (self->marks);
      muster_chart_deck_spread_marks (self);
      return;
    }
  self->reading_marks = dex_future_finally (dex_future_allv (futures, n_futures),
                                            muster_chart_deck_marks_read_cb, self, NULL);
  for (unsigned i = 0; i < n_futures; i++)
    dex_unref (futures[i]);
}

void
muster_chart_deck_drop_marks (MusterChartDeck *self)
{
  dex_clear (&self->reading_marks);
  for (unsigned i = 0; i < G_N_ELEMENTS (kinds); i++)
    dex_clear (&self->mark_futures[i]);
}

static void
muster_chart_deck_journal_cb (MusterChartDeck *self,
                              const char      *topic,
                              const char      *subject,
                              JsonObject      *data)
{
  g_autoptr (MusterApiChange) change = muster_api_change_new_from_json (data, NULL);

  for (unsigned i = 0; change != NULL && i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (muster_api_change_get_entity (change), kinds[i].info->name) == 0)
      {
        /* What is left out changes the curves too. */
        muster_chart_deck_queue_query (self);
        return;
      }
}

void
muster_chart_deck_watch_marks (MusterChartDeck *self)
{
  self->journal = muster_api_stream_subscribe (muster_session_get_stream (self->session), "journal",
                                               NULL, NULL, -1);
  g_signal_connect_object (self->journal, "event", G_CALLBACK (muster_chart_deck_journal_cb), self,
                           G_CONNECT_SWAPPED);
}

/* --- leaving out --- */

/* What was brushed: of which metrics, and the records that came of it. */
typedef struct
{
  MusterSession *session;
  gint64         from;
  gint64         to;
  GPtrArray     *devices; /* (element-type utf8) */
  GPtrArray     *metrics; /* (element-type utf8), one a device of the above */
  GPtrArray     *ids;     /* (element-type utf8) */
} Brush;

static void
brush_free (gpointer data)
{
  Brush *brush = data;

  g_object_unref (brush->session);
  g_ptr_array_unref (brush->devices);
  g_ptr_array_unref (brush->metrics);
  g_ptr_array_unref (brush->ids);
  g_free (brush);
}

static DexFuture *
muster_chart_deck_restore_fiber (gpointer user_data)
{
  Brush  *brush = user_data;
  GError *error = NULL;

  for (unsigned i = 0; i < brush->ids->len; i++)
    if (!dex_await (muster_api_collection_delete (muster_session_get_client (brush->session),
                                                  &muster_exclusion_info, brush->ids->pdata[i], 0),
                    &error))
      return dex_future_new_for_error (error);
  return dex_future_new_true ();
}

static Brush *
brush_copy (Brush *brush)
{
  Brush *copy = g_new0 (Brush, 1);

  copy->session = g_object_ref (brush->session);
  copy->devices = g_ptr_array_ref (brush->devices);
  copy->metrics = g_ptr_array_ref (brush->metrics);
  copy->ids = g_ptr_array_ref (brush->ids);
  return copy;
}

static DexFuture *
restore (MusterSession *session, gpointer user_data)
{
  return muster_fiber_spawn (NULL, 0, muster_chart_deck_restore_fiber, brush_copy (user_data),
                             brush_free);
}

static MusterEntity *
await_exclusion (Brush *brush, unsigned i, GError **error)
{
  char        from[MUSTER_TIME_TEXT_LENGTH + 1], to[MUSTER_TIME_TEXT_LENGTH + 1];
  JsonObject *members = json_object_new ();

  json_object_set_string_member (members, "device_id", brush->devices->pdata[i]);
  json_object_set_string_member (members, "metric", brush->metrics->pdata[i]);
  json_object_set_string_member (members, "from_at", muster_time_format (brush->from, from));
  json_object_set_string_member (members, "to_at", muster_time_format (brush->to, to));
  json_object_set_string_member (members, "reason", _ ("marked on a chart"));
  return dex_await_object (muster_api_collection_create (muster_session_get_client (brush->session),
                                                         &muster_exclusion_info, members),
                           error);
}

static DexFuture *
muster_chart_deck_exclude_fiber (gpointer user_data)
{
  Brush *brush = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  for (unsigned i = 0; i < brush->devices->len; i++)
    {
      g_autoptr (MusterEntity) record = await_exclusion (brush, i, &error);

      if (record == NULL)
        {
          muster_session_tell_error (brush->session, _ ("Could not leave the range out"), error);
          break;
        }
      g_ptr_array_add (brush->ids, g_strdup (muster_entity_get_id (record)));
    }
  if (brush->ids->len == 0)
    return dex_future_new_true ();
  text = g_strdup_printf (ngettext ("The range of %u metric is left out",
                                    "The range of %u metrics is left out", brush->ids->len),
                          brush->ids->len);
  muster_session_offer_undo (brush->session, text, restore, brush_copy (brush), brush_free);
  return dex_future_new_true ();
}

void
muster_chart_deck_brushed (MusterChartDeck *self, gint64 from, gint64 to, MusterChart *chart)
{
  Brush *brush = g_new0 (Brush, 1);

  brush->session = g_object_ref (self->session);
  brush->from = from;
  brush->to = to;
  brush->devices = g_ptr_array_new_with_free_func (g_free);
  brush->metrics = g_ptr_array_new_with_free_func (g_free);
  brush->ids = g_ptr_array_new_with_free_func (g_free);
  for (unsigned i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->tracks)); i++)
    {
      g_autoptr (MusterTrack) track = g_list_model_get_item (G_LIST_MODEL (self->tracks), i);

      if (muster_track_get_hearing (track) == NULL ||
          muster_chart_deck_get_chart (track) != chart ||
          !muster_chart_is_series_visible (chart, muster_track_get_series (track)))
        continue;
      g_ptr_array_add (brush->devices, g_strdup (muster_track_get_device_id (track)));
      g_ptr_array_add (brush->metrics, g_strdup (muster_track_get_metric (track)));
    }
  dex_future_disown (
    dex_scheduler_spawn (NULL, 0, muster_chart_deck_exclude_fiber, brush, brush_free));
}

/* --- what is marked, to be taken away --- */

static DexFuture *
muster_chart_deck_removed_cb (DexFuture *future, gpointer session)
{
  g_autoptr (GError) error = NULL;

  if (dex_future_get_value (future, &error) == NULL)
    muster_session_tell_error (session, _ ("Could not take the mark away"), error);
  return dex_future_new_true ();
}

static void
muster_chart_deck_take_away_cb (MusterChartDeck *self, GtkWidget *button)
{
  MusterMark             *mark = g_object_get_data (G_OBJECT (button), "muster-mark");
  gboolean                note = muster_mark_get_kind (mark) == MUSTER_MARK_NOTE;
  const MusterEntityInfo *info = note ? &muster_annotation_info : &muster_exclusion_info;

  dex_future_disown (
    dex_future_finally (muster_api_collection_delete (muster_session_get_client (self->session),
                                                      info, muster_mark_get_id (mark), 0),
                        muster_chart_deck_removed_cb, g_object_ref (self->session),
                        g_object_unref));
  muster_session_offer_journal_undo (self->session,
                                     note ? _ ("The note is deleted") : _ ("The range is back"),
                                     info->name, muster_mark_get_id (mark));
  gtk_widget_set_visible (gtk_widget_get_ancestor (button, GTK_TYPE_LIST_BOX_ROW), FALSE);
}

static GtkWidget *
create_mark_row (MusterChartDeck *self, MusterMark *mark)
{
  g_autofree char *time = muster_axis_format (self->x_axis, muster_mark_get_from (mark));
  GtkWidget       *row = g_object_new (ADW_TYPE_ACTION_ROW, "title", muster_mark_get_text (mark),
                                       "use-markup", FALSE, "subtitle", time, NULL);
  GtkWidget       *button;

  if (muster_mark_get_kind (mark) > MUSTER_MARK_NOTE)
    return row;
  button = gtk_button_new_from_icon_name (
    muster_mark_get_kind (mark) == MUSTER_MARK_NOTE ? "user-trash-symbolic" : "edit-undo-symbolic");
  gtk_widget_set_tooltip_text (button, muster_mark_get_kind (mark) == MUSTER_MARK_NOTE
                                         ? _ ("Delete the note")
                                         : _ ("Bring the range back"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  gtk_widget_get_tooltip_text (button), -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  g_object_set_data_full (G_OBJECT (button), "muster-mark", g_object_ref (mark), g_object_unref);
  g_signal_connect_object (button, "clicked", G_CALLBACK (muster_chart_deck_take_away_cb), self,
                           G_CONNECT_SWAPPED);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

void
muster_chart_deck_show_marks (MusterChartDeck *self)
{
  AdwDialog *dialog = adw_dialog_new ();
  GtkWidget *toolbar = adw_toolbar_view_new ();
  GtkWidget *page = adw_preferences_page_new ();
  GtkWidget *group = adw_preferences_group_new ();
  unsigned   n_marks = g_list_model_get_n_items (G_LIST_MODEL (self->marks));

  for (unsigned i = n_marks; i > 0; i--)
    {
      g_autoptr (MusterMark) mark = g_list_model_get_item (G_LIST_MODEL (self->marks), i - 1);

      adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), create_mark_row (self, mark));
    }
  if (n_marks == 0)
    adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (group),
                                           _ ("Nothing is marked in this time."));
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (group));
  adw_toolbar_view_add_top_bar (ADW_TOOLBAR_VIEW (toolbar), adw_header_bar_new ());
  adw_toolbar_view_set_content (ADW_TOOLBAR_VIEW (toolbar), page);
  adw_dialog_set_child (dialog, toolbar);
  adw_dialog_set_title (dialog, _ ("Marks"));
  adw_dialog_set_content_width (dialog, 480);
  adw_dialog_set_content_height (dialog, 480);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}

/* --- notes --- */

static DexFuture *
muster_chart_deck_noted_cb (DexFuture *future, gpointer session)
{
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (value == NULL)
    muster_session_tell_error (session, _ ("Could not keep the note"), error);
  else
    muster_session_offer_journal_undo (session, _ ("The note is kept"), "annotation",
                                       muster_entity_get_id (g_value_get_object (value)));
  return dex_future_new_true ();
}

static void
muster_chart_deck_note_cb (AdwDialog *dialog, const char *response, GtkEditable *entry)
{
  MusterChartDeck *self = g_object_get_data (G_OBJECT (dialog), "muster-deck");
  gint64          *at = g_object_get_data (G_OBJECT (dialog), "muster-time");
  char             time[MUSTER_TIME_TEXT_LENGTH + 1];
  JsonObject      *members;
  GHashTableIter   iter;
  gpointer         device_id;

  if (g_strcmp0 (response, "keep") != 0 || *gtk_editable_get_text (entry) == '\0')
    return;
  members = json_object_new ();
  json_object_set_string_member (members, "at", muster_time_format (*at, time));
  json_object_set_string_member (members, "text", gtk_editable_get_text (entry));
  g_hash_table_iter_init (&iter, self->hearings);
  /* On the charts of one device it is about that one; else about the site. */
  if (g_hash_table_size (self->hearings) == 1 && g_hash_table_iter_next (&iter, &device_id, NULL))
    json_object_set_string_member (members, "device_id", device_id);
  dex_future_disown (
    dex_future_finally (muster_api_collection_create (muster_session_get_client (self->session),
                                                      &muster_annotation_info, members),
                        muster_chart_deck_noted_cb, g_object_ref (self->session), g_object_unref));
}

void
muster_chart_deck_ask_note (MusterChartDeck *self)
{
  gint64 at =
    self->cursor_time > 0 ? self->cursor_time
    : self->following
      ? g_get_real_time ()
      : (gint64)(muster_axis_get_lower (self->x_axis) + muster_axis_get_span (self->x_axis) / 2);
  g_autofree char *time = muster_axis_format (self->x_axis, at);
  AdwDialog       *dialog = adw_alert_dialog_new (_ ("Add a Note"), time);
  GtkWidget       *list = gtk_list_box_new ();
  GtkWidget       *entry = adw_entry_row_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (entry), _ ("What happened"));
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (entry), TRUE);
  gtk_list_box_append (GTK_LIST_BOX (list), entry);
  adw_alert_dialog_set_extra_child (ADW_ALERT_DIALOG (dialog), list);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _ ("_Cancel"), "keep",
                                  _ ("_Keep"), NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "keep",
                                            ADW_RESPONSE_SUGGESTED);
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "keep");
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "muster-deck", g_object_ref (self), g_object_unref);
  g_object_set_data_full (G_OBJECT (dialog), "muster-time", g_memdup2 (&at, sizeof at), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (muster_chart_deck_note_cb), entry, 0);
  adw_dialog_set_focus (dialog, entry);
  adw_dialog_present (dialog, GTK_WIDGET (self));
}
