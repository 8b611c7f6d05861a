/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-chart-deck-groups"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/muster-api-json.h"
#include "client/muster-api-monitoring.h"
#include "model/muster-time.h"
#include "muster-chart-deck-private.h"
#include "muster-metric-name.h"
#include "widgets/muster-references.h"

#define MOST_GROUPS 20 /* as many lines are told apart */

/* What is asked about devices that count together. */
struct _MusterDeckQuestion
{
  MusterChartDeck *deck;    /* borrowed: it ends with the deck */
  JsonObject      *whose;   /* (owned) */
  GPtrArray       *metrics; /* (owned) (element-type MusterApiMetric) */
  char            *source;  /* (owned) */
  char            *label;   /* (owned) */
  DexFuture       *asking;  /* (owned) (nullable) */
  gint64           step;    /* microseconds, of what is being asked for */
};

void
muster_deck_question_free (MusterDeckQuestion *self)
{
  dex_clear (&self->asking);
  json_object_unref (self->whose);
  g_ptr_array_unref (self->metrics);
  g_free (self->source);
  g_free (self->label);
  g_free (self);
}

static const char *
get_name (MusterApiMetric *metric)
{
  return muster_entity_get_string (MUSTER_ENTITY (muster_api_metric_get_metric (metric)), "name");
}

/* What KEY of the site is called here, so that it is told from those of other questions: (transfer
 * full). */
static char *
make_key (MusterDeckQuestion *self, const char *key)
{
  return self->deck->calculation.by == MUSTER_BY_SOURCE ? g_strdup (self->source) : g_strdup (key);
}

/* What people call it: (transfer full). A name that is not known yet is asked for meanwhile. */
static char *
make_label (MusterDeckQuestion *self, const char *key, const char *metric)
{
  MusterReferences *references = muster_references_get (self->deck->session);
  MusterBy          by = self->deck->calculation.by;
  const char       *name = by == MUSTER_BY_SOURCE ? self->label : _ ("All");

  if (by == MUSTER_BY_PRODUCT || by == MUSTER_BY_LOCATION)
    {
      name = g_str_equal (key, "none")
               ? _ ("None")
               : muster_references_get_name (references, muster_calculation_get_by_name (by), key);
      if (name == NULL)
        {
          self->deck->nameless = TRUE;
          return NULL;
        }
    }
  return g_strdup_printf ("%s · %s", name, muster_metric_name_get_label (metric));
}

static MusterTrack *
ensure_track (MusterDeckQuestion *self, const char *key, MusterApiMetric *metric)
{
  g_autofree char *own_key = make_key (self, key);
  g_autofree char *label = make_label (self, key, get_name (metric));
  g_autofree char *unit = NULL;
  MusterTrack     *track = muster_chart_deck_find (self->deck, own_key, get_name (metric));

  if (track != NULL || label == NULL ||
      g_list_model_get_n_items (G_LIST_MODEL (self->deck->tracks)) >= MOST_GROUPS * 3)
    return track;
  unit = muster_chart_deck_dup_unit (self->deck, metric);
  track = muster_track_new_for_key (own_key, metric, label, unit);
  muster_chart_deck_take (self->deck, track);
  return track;
}

/* One group: {"key", "samples"}. */
static void
fill_group (MusterDeckQuestion *self, JsonObject *group)
{
  const char *key = muster_api_json_get_string (group, "key");
  g_autoptr (GPtrArray) samples = muster_api_series_list_from_json (group, NULL);

  for (unsigned i = 0; key != NULL && samples != NULL && i < samples->len; i++)
    {
      const MusterApiSeries *series = samples->pdata[i];

      for (unsigned j = 0; j < self->metrics->len; j++)
        {
          MusterTrack *track;

          if (g_strcmp0 (get_name (self->metrics->pdata[j]), series->metric) != 0)
            continue;
          track = ensure_track (self, key, self->metrics->pdata[j]);
          if (track != NULL)
            muster_track_fill_steps (track, MUSTER_TRACK_COURSE, series, self->step, 1);
        }
    }
}

static DexFuture *
muster_chart_deck_groups_cb (DexFuture *future, gpointer user_data)
{
  MusterDeckQuestion *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  JsonArray    *groups;

  if (value == NULL)
    {
      muster_session_tell_error (self->deck->session, _ ("Could not read the history"), error);
      return dex_future_new_true ();
    }
  groups = muster_api_json_get_array (g_value_get_boxed (value), "series");
  for (unsigned i = 0; groups != NULL && i < json_array_get_length (groups); i++)
    {
      JsonObject *group = muster_api_json_as_object (json_array_get_element (groups, i));

      if (group != NULL)
        fill_group (self, group);
    }
  return dex_future_new_true ();
}

static void
set_time (JsonObject *question, const char *name, gint64 time)
{
  char text[MUSTER_TIME_TEXT_LENGTH + 1];

  json_object_set_string_member (question, name, muster_time_format (time, text));
}

/* (transfer full): as POST /monitoring/query takes it. */
static JsonObject *
make_question (MusterDeckQuestion *self)
{
  MusterChartDeck         *deck = self->deck;
  const MusterCalculation *calculation = &deck->calculation;
  g_autoptr (GList) members = json_object_get_members (self->whose);
  JsonObject *question = json_object_new ();
  JsonArray  *metrics = json_array_new ();
  MusterBy    by = calculation->by == MUSTER_BY_SOURCE ? MUSTER_BY_NONE : calculation->by;

  for (GList *member = members; member != NULL; member = member->next)
    json_object_set_member (question, member->data,
                            json_object_dup_member (self->whose, member->data));
  for (unsigned i = 0; i < self->metrics->len; i++)
    json_array_add_string_element (metrics, get_name (self->metrics->pdata[i]));
  json_object_set_array_member (question, "metrics", metrics);
  set_time (question, "from", deck->queried_from);
  set_time (question, "to", MIN (deck->queried_to, g_get_real_time ()));
  json_object_set_string_member (question, "aggregate", calculation->aggregate);
  json_object_set_double_member (question, "step", self->step / (double)G_USEC_PER_SEC);
  json_object_set_double_member (question, "quantile", calculation->quantile);
  json_object_set_string_member (question, "by", muster_calculation_get_by_name (by));
  json_object_set_boolean_member (question, "include_bad", deck->with_bad);
  return question;
}

void
muster_chart_deck_ask_groups (MusterChartDeck *self)
{
  for (unsigned i = 0; self->calculation.aggregate != NULL && i < self->questions->len; i++)
    {
      MusterDeckQuestion *question = self->questions->pdata[i];

      question->step = self->step;
      dex_clear (&question->asking);
      question->asking =
        dex_future_finally (muster_api_monitoring_query_many (
                              muster_session_get_client (self->session), make_question (question)),
                            muster_chart_deck_groups_cb, question, NULL);
    }
}

/* What was not known by its name is asked for again once it may be. */
static void
muster_chart_deck_named_cb (MusterChartDeck *self)
{
  if (!self->nameless)
    return;
  self->nameless = FALSE;
  muster_chart_deck_queue_query (self);
}

void
muster_chart_deck_watch_names (MusterChartDeck *self)
{
  g_signal_connect_object (muster_references_get (self->session), "changed",
                           G_CALLBACK (muster_chart_deck_named_cb), self, G_CONNECT_SWAPPED);
}

void
muster_chart_deck_add_group (MusterChartDeck *self,
                             JsonObject      *whose,
                             GPtrArray       *metrics,
                             const char      *source,
                             const char      *label)
{
  MusterDeckQuestion *question;

  g_return_if_fail (MUSTER_IS_CHART_DECK (self));
  g_return_if_fail (self->session != NULL);

  question = g_new0 (MusterDeckQuestion, 1);
  question->deck = self;
  question->whose = whose;
  question->metrics = g_ptr_array_ref (metrics);
  question->source = g_strdup (source);
  question->label = g_strdup (label);
  g_ptr_array_add (self->questions, question);
  muster_chart_deck_queue_query (self);
}
