/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-deck-fill"

#include "config.h"

#include "muster-deck-fill.h"
#include "muster-metric-name.h"

/* More than that nobody looks at at once. */
#define MOST_TRACKS 200
/* Whether the legends of a deck name the devices. */
#define KEY_BY_DEVICE "muster-by-device"

typedef struct
{
  MusterChartDeck *deck;
  GListModel      *sources;
  MusterWantsFunc  wants;
  gpointer         user_data;
  gboolean         by_device; /* the legends name the device */
  GHashTable      *wanted;    /* set of the tracks that stay */
} Filling;

static unsigned
count_devices (GListModel *sources)
{
  unsigned count = 0;

  for (unsigned i = 0; i < g_list_model_get_n_items (sources); i++)
    {
      g_autoptr (MusterSource) source = g_list_model_get_item (sources, i);

      count += muster_source_count_devices (source);
    }
  return count;
}

static const char *
get_name (MusterApiMetric *metric)
{
  return muster_entity_get_string (MUSTER_ENTITY (muster_api_metric_get_metric (metric)), "name");
}

static int
compare_metrics (gconstpointer a, gconstpointer b)
{
  return muster_metric_name_compare (get_name (*(MusterApiMetric *const *)a),
                                     get_name (*(MusterApiMetric *const *)b));
}

/* Adds those of METRICS that are wanted, none twice by its name. */
static void
add_wanted (const Filling *filling, GListModel *metrics, GPtrArray *wanted)
{
  for (unsigned i = 0; i < g_list_model_get_n_items (metrics); i++)
    {
      g_autoptr (MusterApiMetric) metric = g_list_model_get_item (metrics, i);
      gboolean there = FALSE;

      for (unsigned j = 0; j < wanted->len; j++)
        there |= g_strcmp0 (get_name (wanted->pdata[j]), get_name (metric)) == 0;
      if (!there && filling->wants (filling->user_data, get_name (metric)))
        g_ptr_array_add (wanted, g_steal_pointer (&metric));
    }
}

/* --- each for itself --- */

static void
add_device (const Filling *filling, MusterSource *source, unsigned position)
{
  MusterEntity *device = MUSTER_ENTITY (muster_source_get_device (source, position));
  g_autoptr (GPtrArray) metrics = g_ptr_array_new_with_free_func (g_object_unref);

  add_wanted (filling, muster_source_get_metrics (source, position), metrics);
  g_ptr_array_sort (metrics, compare_metrics);
  for (unsigned i = 0; i < metrics->len && g_hash_table_size (filling->wanted) < MOST_TRACKS; i++)
    {
      const char      *metric = muster_metric_name_get_label (get_name (metrics->pdata[i]));
      g_autofree char *label =
        filling->by_device
          ? g_strdup_printf ("%s · %s", muster_entity_get_string (device, "name"), metric)
          : g_strdup (metric);

      g_hash_table_add (filling->wanted,
                        muster_chart_deck_add (filling->deck, muster_entity_get_id (device),
                                               metrics->pdata[i], label));
    }
}

static void
remove_others (const Filling *filling)
{
  GListModel *tracks = muster_chart_deck_get_tracks (filling->deck);

  for (unsigned i = g_list_model_get_n_items (tracks); i > 0; i--)
    {
      g_autoptr (MusterTrack) track = g_list_model_get_item (tracks, i - 1);

      if (!g_hash_table_contains (filling->wanted, track))
        muster_chart_deck_remove (filling->deck, track);
    }
}

static gboolean
fill_each (Filling *filling)
{
  gboolean by_device = count_devices (filling->sources) > 1;

  /* A legend that begins, or ceases, to name the devices is made anew. */
  if (by_device != GPOINTER_TO_INT (g_object_get_data (G_OBJECT (filling->deck), KEY_BY_DEVICE)))
    muster_chart_deck_clear (filling->deck);
  g_object_set_data (G_OBJECT (filling->deck), KEY_BY_DEVICE, GINT_TO_POINTER (by_device));
  filling->by_device = by_device;
  for (unsigned i = 0; i < g_list_model_get_n_items (filling->sources); i++)
    {
      g_autoptr (MusterSource) source = g_list_model_get_item (filling->sources, i);

      for (unsigned j = 0; j < muster_source_count_devices (source); j++)
        add_device (filling, source, j);
    }
  remove_others (filling);
  return g_hash_table_size (filling->wanted) > 0;
}

/* --- together --- */

/* {"product_id": …}, as the site takes it. */
static JsonObject *
name_source (MusterSource *source)
{
  static const char *const members[] = {
    [MUSTER_SOURCE_PRODUCT] = "product_id",
    [MUSTER_SOURCE_LOCATION] = "location_id",
    [MUSTER_SOURCE_GROUP] = "group_id",
  };
  JsonObject      *whose = json_object_new ();
  MusterSourceKind kind = muster_source_get_kind (source);
  JsonArray       *devices;

  if (kind != MUSTER_SOURCE_DEVICE)
    {
      json_object_set_string_member (whose, members[kind], muster_source_get_id (source));
      return whose;
    }
  devices = json_array_new ();
  json_array_add_string_element (devices, muster_source_get_id (source));
  json_object_set_array_member (whose, "devices", devices);
  return whose;
}

/* {"devices": […]}: all of SOURCES, as far as they are known here, and none twice. */
static JsonObject *
name_devices (GListModel *sources)
{
  JsonObject *whose = json_object_new ();
  JsonArray  *devices = json_array_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (unsigned i = 0; i < g_list_model_get_n_items (sources); i++)
    {
      g_autoptr (MusterSource) source = g_list_model_get_item (sources, i);

      for (unsigned j = 0; j < muster_source_count_devices (source); j++)
        {
          const char *id =
            muster_entity_get_id (MUSTER_ENTITY (muster_source_get_device (source, j)));

          if (g_hash_table_add (seen, (gpointer)id))
            json_array_add_string_element (devices, id);
        }
    }
  json_object_set_array_member (whose, "devices", devices);
  return whose;
}

static void
collect_source (const Filling *filling, MusterSource *source, GPtrArray *metrics)
{
  for (unsigned i = 0; i < muster_source_count_devices (source); i++)
    {
      add_wanted (filling, muster_source_get_metrics (source, i), metrics);
      /* Whatever comes in of one of them tells that there is something new. */
      muster_chart_deck_watch (filling->deck, muster_entity_get_id (MUSTER_ENTITY (
                                                muster_source_get_device (source, i))));
    }
  g_ptr_array_sort (metrics, compare_metrics);
}

static gboolean
fill_together (Filling *filling)
{
  unsigned n_sources = g_list_model_get_n_items (filling->sources);
  /* One question a source knows all of its devices, however many they are; several sources that
   * count together have to be one question. */
  gboolean each =
    n_sources == 1 || muster_chart_deck_get_calculation (filling->deck)->by == MUSTER_BY_SOURCE;
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);

  muster_chart_deck_clear (filling->deck);
  for (unsigned i = 0; i < n_sources; i++)
    {
      g_autoptr (MusterSource) source = g_list_model_get_item (filling->sources, i);
      g_autoptr (GPtrArray) metrics = g_ptr_array_new_with_free_func (g_object_unref);
      g_autofree char *key = muster_source_dup_key (source);

      collect_source (filling, source, each ? metrics : all);
      if (each && metrics->len > 0)
        muster_chart_deck_add_group (filling->deck, name_source (source), metrics, key,
                                     muster_source_get_title (source));
      for (unsigned j = 0; each && j < metrics->len; j++)
        g_ptr_array_add (all, g_object_ref (metrics->pdata[j]));
    }
  if (!each && all->len > 0)
    muster_chart_deck_add_group (filling->deck, name_devices (filling->sources), all, "all", NULL);
  return all->len > 0;
}

gboolean
muster_deck_fill (MusterChartDeck *deck,
                  GListModel      *sources,
                  MusterWantsFunc  wants,
                  gpointer         user_data)
{
  const MusterCalculation *calculation = muster_chart_deck_get_calculation (deck);
  g_autoptr (GHashTable) wanted = g_hash_table_new (NULL, NULL);
  Filling filling = { deck, sources, wants, user_data, FALSE, wanted };

  if (calculation->aggregate != NULL && calculation->by != MUSTER_BY_DEVICE)
    return fill_together (&filling);
  return fill_each (&filling);
}
