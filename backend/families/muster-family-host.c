/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-family-host"

#include "config.h"

#include <string.h>

#include "core/muster-promise.h"
#include "muster-family-host-private.h"
#include "muster-payload.h"

#define FLUSH_DELAY_MS 50
#define TICK_SECONDS 5
#define PENDING_MAX 5000 /* values of a unit between two flushes: more is a flood */
#define ASK_INTERVAL (10 * G_TIME_SPAN_SECOND)
#define ASKED_MAX 20000

G_DEFINE_FINAL_TYPE (MusterFamilyHost, muster_family_host, G_TYPE_OBJECT)

/* --- telling --- */

static void
muster_family_host_tell (MusterFamilyHost *self, MusterFamilyUnit *unit)
{
  gboolean is_followed = g_hash_table_contains (self->followed, unit);
  g_autoptr (GArray) samples = NULL;
  gpointer key = NULL;

  if (unit->facts_changed && unit->is_described)
    {
      unit->facts_changed = FALSE;
      self->listener->found (unit, self->listener_data);
      is_followed = g_hash_table_contains (self->followed, unit);
    }
  if (unit->metrics_changed && is_followed)
    {
      unit->metrics_changed = FALSE;
      self->listener->described (unit, self->listener_data);
    }
  if (!g_hash_table_steal_extended (self->pending, unit, &key, (gpointer *)&samples) ||
      !is_followed)
    return;
  self->counts.samples += samples->len;
  self->listener->values (unit, (const MusterSample *)(gpointer)samples->data, samples->len,
                          self->listener_data);
}

void
muster_family_host_flush (MusterFamilyHost *self)
{
  g_autoptr (GPtrArray) units = NULL;

  g_return_if_fail (MUSTER_IS_FAMILY_HOST (self));

  g_clear_handle_id (&self->flush_id, g_source_remove);
  units = g_hash_table_steal_all_keys (self->changed);
  for (guint i = 0; i < units->len; i++)
    muster_family_host_tell (self, units->pdata[i]);
}

static gboolean
muster_family_host_flush_cb (gpointer user_data)
{
  MusterFamilyHost *self = user_data;

  self->flush_id = 0;
  muster_family_host_flush (self);
  return G_SOURCE_REMOVE;
}

void
muster_family_host_queue (MusterFamilyHost *self, MusterFamilyUnit *unit)
{
  if (!g_hash_table_contains (self->changed, unit))
    g_hash_table_add (self->changed, muster_family_unit_ref (unit));
  if (self->flush_id == 0)
    self->flush_id = g_timeout_add (FLUSH_DELAY_MS, muster_family_host_flush_cb, self);
}

static void
clear_sample (gpointer data)
{
  MusterSample *sample = data;

  g_free ((char *)sample->metric);
  if (sample->type == MUSTER_SAMPLE_STRING)
    g_free ((char *)sample->text);
}

void
muster_family_host_add_value (MusterFamilyHost         *self,
                              MusterFamilyUnit         *unit,
                              const MusterFamilyMetric *metric)
{
  GArray      *samples = NULL;
  MusterSample sample = metric->value;

  if (!g_hash_table_contains (self->followed, unit))
    return;
  samples = g_hash_table_lookup (self->pending, unit);
  if (samples == NULL)
    {
      samples = g_array_new (FALSE, FALSE, sizeof (MusterSample));
      g_array_set_clear_func (samples, clear_sample);
      g_hash_table_insert (self->pending, unit, samples);
    }
  if (samples->len >= PENDING_MAX)
    {
      self->counts.dropped++;
      return;
    }
  sample.metric = g_strdup (metric->name);
  if (sample.type == MUSTER_SAMPLE_STRING)
    sample.text = g_strdup (sample.text);
  g_array_append_val (samples, sample);
  muster_family_host_queue (self, unit);
}

void
muster_family_host_follow (MusterFamilyHost *self, MusterFamilyUnit *unit, gboolean follow)
{
  GHashTableIter      iter;
  MusterFamilyMetric *metric = NULL;

  g_return_if_fail (MUSTER_IS_FAMILY_HOST (self));
  g_return_if_fail (unit != NULL);

  if (follow == g_hash_table_contains (self->followed, unit))
    return;
  if (!follow)
    {
      g_hash_table_remove (self->followed, unit);
      g_hash_table_remove (self->pending, unit);
      return;
    }
  g_hash_table_add (self->followed, unit);
  unit->metrics_changed = TRUE;
  g_hash_table_iter_init (&iter, unit->metrics);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&metric))
    if (metric->value.time != 0)
      muster_family_host_add_value (self, unit, metric);
  muster_family_host_queue (self, unit);
}

/* --- units --- */

MusterFamilyUnit *
muster_family_host_ensure (MusterFamilyHost          *self,
                           const MusterFamilyProfile *profile,
                           const char                *id)
{
  g_autofree char  *key = g_strconcat (profile->family, ":", id, NULL);
  MusterFamilyUnit *unit = g_hash_table_lookup (self->units, key);

  if (unit != NULL || g_hash_table_size (self->units) >= MUSTER_FAMILY_MAX_UNITS ||
      strlen (key) > MUSTER_FAMILY_KEY_MAX)
    return unit;
  unit = muster_family_unit_new (profile, key);
  g_hash_table_insert (self->units, unit->key, unit);
  return unit;
}

MusterFamilyUnit *
muster_family_host_find (MusterFamilyHost *self, const char *key)
{
  g_return_val_if_fail (MUSTER_IS_FAMILY_HOST (self), NULL);

  return key != NULL ? g_hash_table_lookup (self->units, key) : NULL;
}

GPtrArray *
muster_family_host_list (MusterFamilyHost *self)
{
  g_return_val_if_fail (MUSTER_IS_FAMILY_HOST (self), NULL);

  return g_hash_table_get_values_as_ptr_array (self->units);
}

void
muster_family_host_remove (MusterFamilyHost *self, MusterFamilyUnit *unit)
{
  g_autoptr (MusterFamilyUnit) kept = muster_family_unit_ref (unit);
  g_autoptr (GPtrArray) topics = g_hash_table_get_keys_as_ptr_array (unit->origins);

  for (guint i = 0; i < topics->len; i++)
    {
      GHashTable *keys = g_hash_table_lookup (self->origins, topics->pdata[i]);

      if (keys != NULL && g_hash_table_remove (keys, unit->key) && g_hash_table_size (keys) == 0)
        g_hash_table_remove (self->origins, topics->pdata[i]);
    }

  while (unit->sources->len > 0)
    muster_family_host_remove_source (self, unit->sources->pdata[0]);
  muster_family_orders_abandon (self->orders, unit, "the device is no longer at the broker");
  g_hash_table_remove (self->changed, unit);
  g_hash_table_remove (self->pending, unit);
  self->listener->removed (unit, self->listener_data);
  g_hash_table_remove (self->followed, unit);
  g_hash_table_remove (self->units, unit->key);
}

void
muster_family_host_drop_origin (MusterFamilyHost *self, MusterFamilyUnit *unit, const char *topic)
{
  GHashTable         *keys = g_hash_table_lookup (self->origins, topic);
  GHashTableIter      iter;
  MusterFamilyMetric *metric = NULL;

  if (keys != NULL && g_hash_table_remove (keys, unit->key) && g_hash_table_size (keys) == 0)
    g_hash_table_remove (self->origins, topic);
  if (!g_hash_table_remove (unit->origins, topic))
    return;
  if (g_hash_table_size (unit->origins) == 0)
    {
      muster_family_host_remove (self, unit);
      return;
    }
  for (guint i = unit->sources->len; i > 0; i--)
    if (g_str_equal (((MusterFamilySource *)unit->sources->pdata[i - 1])->origin, topic))
      muster_family_host_remove_source (self, unit->sources->pdata[i - 1]);
  g_hash_table_iter_init (&iter, unit->metrics);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&metric))
    if (g_strcmp0 (metric->origin, topic) == 0)
      g_hash_table_iter_remove (&iter);
}

/* --- sources --- */

static int
get_quality (const MusterFamilySource *source)
{
  /* What a unit is, and whether it is there, must not be lost; of values there are many. */
  return source->kind == MUSTER_FAMILY_SOURCE_LIFE ||
             (source->rule != NULL && (source->rule->describes || source->rule->life->len > 0))
           ? 1
           : 0;
}

void
muster_family_host_add_source (MusterFamilyHost *self, MusterFamilySource *source)
{
  g_ptr_array_add (source->unit != NULL ? source->unit->sources : self->statics, source);
  muster_topic_tree_add (self->tree, source->pattern, source);
  muster_filter_book_add (self->filters, muster_topic_pattern_get_filter (source->pattern),
                          get_quality (source));
}

/* It may be the one whose message is being dealt with. */
void
muster_family_host_remove_source (MusterFamilyHost *self, MusterFamilySource *source)
{
  guint index = 0;

  if (!g_ptr_array_find (source->unit->sources, source, &index))
    return;
  muster_topic_tree_remove (self->tree, source->pattern, source);
  muster_filter_book_remove (self->filters, muster_topic_pattern_get_filter (source->pattern));
  if (source->kind == MUSTER_FAMILY_SOURCE_LIFE)
    muster_family_life_remove_source (source->unit->life, source->name);
  g_ptr_array_steal_index (source->unit->sources, index);
  source->unit = NULL;
  source->rule = NULL;
  g_ptr_array_add (self->graveyard, source);
  if (self->depth == 0)
    g_ptr_array_set_size (self->graveyard, 0);
}

static void
muster_family_host_add_static (MusterFamilyHost          *self,
                               const MusterFamilyProfile *profile,
                               const MusterFamilyRule    *rule)
{
  MusterFamilySource *source = g_new0 (MusterFamilySource, 1);

  source->kind = MUSTER_FAMILY_SOURCE_RULE;
  source->profile = profile;
  source->rule = rule;
  source->topic = muster_family_value_to_text (rule->topic, muster_family_scope_look_up,
                                               &(MusterFamilyScope){ 0 });
  source->pattern = muster_topic_pattern_new (source->topic, NULL);
  source->origin = g_strdup ("");
  muster_family_host_add_source (self, source);
}

/* --- life --- */

static void
muster_family_host_update_children (MusterFamilyHost *self, MusterFamilyUnit *parent)
{
  g_autoptr (GPtrArray) units = muster_family_host_list (self);
  const char *id = parent->key + strlen (parent->profile->family) + 1;

  for (guint i = 0; i < units->len; i++)
    {
      MusterFamilyUnit *unit = units->pdata[i];

      if (unit->profile == parent->profile && unit != parent &&
          g_strcmp0 (muster_family_unit_get_fact (unit, "parent"), id) == 0)
        muster_family_host_update_life (self, unit);
    }
}

void
muster_family_host_update_life (MusterFamilyHost *self, MusterFamilyUnit *unit)
{
  const char      *parent = muster_family_unit_get_fact (unit, "parent");
  g_autofree char *key =
    parent != NULL ? g_strconcat (unit->profile->family, ":", parent, NULL) : NULL;
  MusterFamilyUnit *gateway = key != NULL ? g_hash_table_lookup (self->units, key) : NULL;

  if (gateway != NULL && gateway != unit)
    muster_family_life_set_parent (unit->life, muster_family_life_get_state (gateway->life));
  muster_family_life_set_expiry (unit->life, unit->expiry);
  if (!muster_family_life_update (unit->life, muster_clock_get_monotonic (self->clock)))
    return;
  self->listener->life (unit, self->listener_data);
  muster_family_host_update_children (self, unit);
}

void
muster_family_host_tick (MusterFamilyHost *self)
{
  g_autoptr (GPtrArray) units = NULL;

  g_return_if_fail (MUSTER_IS_FAMILY_HOST (self));

  units = muster_family_host_list (self);
  for (guint i = 0; i < units->len; i++)
    muster_family_host_update_life (self, units->pdata[i]);
}

static gboolean
muster_family_host_tick_cb (gpointer user_data)
{
  muster_family_host_tick (user_data);
  return G_SOURCE_CONTINUE;
}

/* --- publishing --- */

/* What is asked of devices unasked must not become a flood of ours. */
static gboolean
is_asked_often (MusterFamilyHost *self, const char *topic, const char *payload)
{
  g_autofree char *key = g_strconcat (topic, " ", payload, NULL);
  gint64           now = muster_clock_get_monotonic (self->clock);
  gint64          *last = g_hash_table_lookup (self->asked, key);

  if (last != NULL && now - *last < ASK_INTERVAL)
    return TRUE;
  if (g_hash_table_size (self->asked) >= ASKED_MAX)
    g_hash_table_remove_all (self->asked);
  g_hash_table_replace (self->asked, g_steal_pointer (&key), g_memdup2 (&now, sizeof now));
  return FALSE;
}

gboolean
muster_family_host_publish (MusterFamilyHost          *self,
                            MusterFamilyScope         *scope,
                            const MusterFamilyMessage *message,
                            gboolean                   again,
                            DexFuture                **future)
{
  g_autofree char *topic = muster_family_scope_get_text (scope, message->topic);
  g_autofree char *payload = muster_family_scope_get_text (scope, message->payload);
  g_autoptr (GBytes) bytes = NULL;
  DexFuture *published = NULL;

  if (!muster_topic_is_name (topic) || !muster_family_scope_holds (scope, message->condition) ||
      (!again && is_asked_often (self, topic, payload != NULL ? payload : "")))
    return FALSE;
  /* Whoever answers at once must be heard. */
  if (!again)
    muster_filter_book_apply (self->filters);
  bytes = g_bytes_new (payload, payload != NULL ? strlen (payload) : 0);
  published = muster_mqtt_client_publish (self->client, topic, bytes, 1, FALSE);
  if (future != NULL)
    *future = published;
  else
    muster_disown_logged (G_LOG_LEVEL_DEBUG, published, "asking a device");
  return TRUE;
}

/* --- the connection --- */

static void
muster_family_host_connected_cb (MusterFamilyHost *self)
{
  muster_filter_book_reset (self->filters);
  muster_filter_book_apply (self->filters);
  g_hash_table_remove_all (self->asked);
  for (guint i = 0; i < self->profiles->len; i++)
    {
      const MusterFamilyProfile *profile = self->profiles->pdata[i];
      MusterFamilyScope          scope = { .host = self->name };

      for (guint j = 0; j < profile->hello->len; j++)
        muster_family_host_publish (self, &scope, profile->hello->pdata[j], TRUE, NULL);
    }
}

static void
muster_family_host_disconnected_cb (MusterFamilyHost *self)
{
  GHashTableIter    iter;
  MusterFamilyUnit *unit = NULL;

  muster_filter_book_reset (self->filters);
  muster_family_orders_abandon (self->orders, NULL, "the connection to the broker ended");
  g_hash_table_iter_init (&iter, self->units);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&unit))
    muster_family_life_reset (unit->life);
}

static void
muster_family_host_message_cb (MusterFamilyHost *self, const MusterMqttMessage *message)
{
  g_autoptr (GPtrArray) matches = muster_topic_tree_match (self->tree, message->topic);
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) json = NULL;

  if (matches == NULL)
    return;
  self->counts.messages++;
  self->depth++;
  text = muster_payload_to_text (message->data, message->size);
  json = muster_payload_to_json (message->data, message->size);
  for (guint i = 0; text != NULL && i < matches->len; i++)
    {
      const MusterTopicMatch   *match = matches->pdata[i];
      const MusterFamilySource *source = match->data;
      g_autoptr (MusterFamilyUnit) unit =
                  source->unit != NULL ? muster_family_unit_ref (source->unit) : NULL;
      MusterFamilyScope scope = {
        .host = self->name,
        .unit = unit,
        .topic = message->topic,
        .text = text,
        .json = json,
        .names = muster_topic_pattern_get_names (match->pattern),
        .captures = match->captures,
        .retained = message->retained,
      };

      muster_family_host_run (self, source, &scope);
    }
  self->counts.malformed += text == NULL;
  if (--self->depth == 0)
    g_ptr_array_set_size (self->graveyard, 0);
}

/* --- life cycle --- */

static void
muster_family_host_dispose (GObject *object)
{
  MusterFamilyHost *self = MUSTER_FAMILY_HOST (object);

  g_clear_handle_id (&self->flush_id, g_source_remove);
  g_clear_handle_id (&self->tick_id, g_source_remove);
  if (self->client != NULL)
    g_signal_handlers_disconnect_by_data (self->client, self);
  if (self->orders != NULL)
    muster_family_orders_abandon (self->orders, NULL, "the daemon ends");
  G_OBJECT_CLASS (muster_family_host_parent_class)->dispose (object);
}

static void
muster_family_host_finalize (GObject *object)
{
  MusterFamilyHost *self = MUSTER_FAMILY_HOST (object);

  g_hash_table_unref (self->changed);
  g_hash_table_unref (self->pending);
  g_hash_table_unref (self->followed);
  muster_topic_tree_free (self->tree);
  g_hash_table_unref (self->units);
  g_hash_table_unref (self->origins);
  g_hash_table_unref (self->asked);
  g_ptr_array_unref (self->statics);
  g_ptr_array_unref (self->graveyard);
  muster_family_orders_free (self->orders);
  muster_filter_book_free (self->filters);
  g_clear_pointer (&self->profiles, g_ptr_array_unref);
  g_clear_object (&self->client);
  g_clear_object (&self->clock);
  g_free (self->name);
  G_OBJECT_CLASS (muster_family_host_parent_class)->finalize (object);
}

static void
muster_family_host_class_init (MusterFamilyHostClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = muster_family_host_dispose;
  G_OBJECT_CLASS (klass)->finalize = muster_family_host_finalize;
}

static void
muster_family_host_init (MusterFamilyHost *self)
{
  self->tree = muster_topic_tree_new ();
  self->statics = g_ptr_array_new_with_free_func ((GDestroyNotify)muster_family_source_free);
  self->graveyard = g_ptr_array_new_with_free_func ((GDestroyNotify)muster_family_source_free);
  self->units =
    g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)muster_family_unit_unref);
  self->origins =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);
  self->changed =
    g_hash_table_new_full (NULL, NULL, (GDestroyNotify)muster_family_unit_unref, NULL);
  self->pending = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
  self->followed = g_hash_table_new (NULL, NULL);
  self->asked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->orders = muster_family_orders_new ();
}

MusterFamilyHost *
muster_family_host_new (MusterMqttClient           *client,
                        MusterClock                *clock,
                        const char                 *name,
                        GPtrArray                  *profiles,
                        const MusterFamilyListener *listener,
                        gpointer                    user_data)
{
  MusterFamilyHost *self = NULL;

  g_return_val_if_fail (MUSTER_IS_MQTT_CLIENT (client), NULL);
  g_return_val_if_fail (MUSTER_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (name != NULL && profiles != NULL && listener != NULL, NULL);

  self = g_object_new (MUSTER_TYPE_FAMILY_HOST, NULL);
  self->client = g_object_ref (client);
  self->clock = g_object_ref (clock);
  self->name = g_strdup (name);
  self->profiles = g_ptr_array_ref (profiles);
  self->listener = listener;
  self->listener_data = user_data;
  self->filters = muster_filter_book_new (client);
  for (guint i = 0; i < profiles->len; i++)
    {
      const MusterFamilyProfile *profile = profiles->pdata[i];

      for (guint j = 0; j < profile->rules->len; j++)
        muster_family_host_add_static (self, profile, profile->rules->pdata[j]);
    }
  g_signal_connect_object (client, "connected", G_CALLBACK (muster_family_host_connected_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "disconnected", G_CALLBACK (muster_family_host_disconnected_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (client, "message", G_CALLBACK (muster_family_host_message_cb), self,
                           G_CONNECT_SWAPPED);
  self->tick_id = g_timeout_add_seconds (TICK_SECONDS, muster_family_host_tick_cb, self);
  return self;
}

const MusterFamilyCounts *
muster_family_host_get_counts (MusterFamilyHost *self)
{
  g_return_val_if_fail (MUSTER_IS_FAMILY_HOST (self), NULL);

  return &self->counts;
}

GPtrArray *
muster_family_host_get_profiles (MusterFamilyHost *self)
{
  g_return_val_if_fail (MUSTER_IS_FAMILY_HOST (self), NULL);

  return self->profiles;
}
