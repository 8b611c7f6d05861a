/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-registry"

#include "config.h"

#include "core/muster-journal.h"
#include "model/muster-sample.h"
#include "muster-device-record.h"
#include "muster-live-status.h"

/* After the start, or the broker's return, sessions are reported again within seconds. */
#define PATIENCE (60 * G_TIME_SPAN_SECOND)
#define SEEN_INTERVAL (5 * 60 * G_TIME_SPAN_SECOND) /* how old `last_seen` of a row may get */
#define FLUSH_DELAY_MS 250
#define RELOAD_DELAY_MS 50
#define RELOAD_MAX 1000
#define TICK_MIN_MS 250
#define TICK_MAX_MS (60 * 1000)

struct _MusterDeviceRegistry
{
  MusterService         parent_instance;
  MusterRepository     *repository; /* (owned) */
  MusterBus            *bus;        /* (owned) */
  MusterClock          *clock;      /* (owned) */
  MusterActor          *actor;      /* (owned) */
  MusterDeviceEventLog *events;     /* (owned) */
  GHashTable           *records;    /* (owned) id → (owned) MusterDeviceRecord */
  GHashTable           *by_node;    /* borrowed text → borrowed record */
  GHashTable           *by_mac;
  GHashTable           *by_serial;
  GHashTable           *by_family_key;
  GPtrArray  *changed;   /* (element-type utf8): ids whose volatile fields wait to be written */
  GHashTable *to_reload; /* (owned) set of ids whose secrets may have changed */
  gint64      next_tick; /* monotonic; G_MAXINT64: none */
  guint       tick_id;
  guint       flush_id;
  guint       reload_id;
};

G_DEFINE_FINAL_TYPE (MusterDeviceRegistry, muster_device_registry, MUSTER_TYPE_SERVICE)

typedef enum
{
  SIGNAL_RELOADED,
} MusterDeviceRegistrySignal;

static guint signals[SIGNAL_RELOADED + 1];

static MusterMoment
muster_device_registry_get_moment (MusterDeviceRegistry *self)
{
  return (MusterMoment){ muster_clock_get_now (self->clock),
                         muster_clock_get_monotonic (self->clock) };
}

/* --- keys --- */

static void
index_add (GHashTable *index, const char *key, MusterDeviceRecord *record)
{
  if (key != NULL)
    g_hash_table_replace (index, (char *)key, record);
}

static void
index_remove (GHashTable *index, const char *key, MusterDeviceRecord *record)
{
  if (key != NULL && g_hash_table_lookup (index, key) == record)
    g_hash_table_remove (index, key);
}

static void
muster_device_registry_add_keys (MusterDeviceRegistry *self, MusterDeviceRecord *record)
{
  index_add (self->by_node, muster_device_record_get_text (record, MUSTER_DEVICE_NODE_ID), record);
  index_add (self->by_mac, muster_device_record_get_text (record, MUSTER_DEVICE_MAC), record);
  index_add (self->by_serial, muster_device_record_get_text (record, MUSTER_DEVICE_SERIAL), record);
  index_add (self->by_family_key, muster_device_record_get_text (record, MUSTER_DEVICE_FAMILY_KEY),
             record);
}

static void
muster_device_registry_remove_keys (MusterDeviceRegistry *self, MusterDeviceRecord *record)
{
  index_remove (self->by_node, muster_device_record_get_text (record, MUSTER_DEVICE_NODE_ID),
                record);
  index_remove (self->by_mac, muster_device_record_get_text (record, MUSTER_DEVICE_MAC), record);
  index_remove (self->by_serial, muster_device_record_get_text (record, MUSTER_DEVICE_SERIAL),
                record);
  index_remove (self->by_family_key,
                muster_device_record_get_text (record, MUSTER_DEVICE_FAMILY_KEY), record);
}

static MusterDeviceRecord *
muster_device_registry_find (MusterDeviceRegistry *self, const char *id)
{
  return g_hash_table_lookup (self->records, id);
}

static MusterDeviceRecord *
muster_device_registry_ensure (MusterDeviceRegistry *self, const char *id)
{
  MusterDeviceRecord *record = muster_device_registry_find (self, id);

  if (record == NULL)
    {
      record = muster_device_record_new (id);
      g_hash_table_insert (self->records, record->id, record);
    }
  return record;
}

/* --- volatile fields --- */

static gboolean
touch_devices (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  GPtrArray *devices = data;

  for (guint i = 0; i < devices->len; i++)
    {
      g_autoptr (GError) cause = NULL;

      /* A device deleted meanwhile is no failure of the others. */
      if (muster_transaction_touch (transaction, devices->pdata[i], &cause) ||
          g_error_matches (cause, MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND))
        continue;
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  return TRUE;
}

static DexFuture *
log_failure_cb (DexFuture *future, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (dex_future_get_value (future, &error) == NULL)
    g_warning ("could not %s: %s", (const char *)user_data, error->message);
  return dex_future_new_true ();
}

static DexFuture *
muster_device_registry_flush (MusterDeviceRegistry *self)
{
  g_autoptr (GPtrArray) devices = g_ptr_array_new_with_free_func (g_object_unref);

  g_clear_handle_id (&self->flush_id, g_source_remove);
  for (guint i = 0; i < self->changed->len; i++)
    {
      MusterDeviceRecord *record = muster_device_registry_find (self, self->changed->pdata[i]);

      if (record == NULL || !record->changed)
        continue;
      record->changed = FALSE;
      record->noted_seen = MAX (muster_liveness_get_last_seen (&record->live), record->noted_seen);
      g_ptr_array_add (devices, muster_device_record_make_touch (record));
    }
  g_ptr_array_set_size (self->changed, 0);
  if (devices->len == 0)
    return dex_future_new_true ();
  return dex_future_finally (
    muster_database_write (muster_repository_get_database (self->repository), self->actor, NULL,
                           touch_devices, g_steal_pointer (&devices),
                           (GDestroyNotify)g_ptr_array_unref),
    log_failure_cb, (gpointer) "store the live state of devices", NULL);
}

static gboolean
muster_device_registry_flush_cb (gpointer user_data)
{
  MusterDeviceRegistry *self = user_data;

  self->flush_id = 0;
  dex_future_disown (muster_device_registry_flush (self));
  return G_SOURCE_REMOVE;
}

static void
muster_device_registry_mark_changed (MusterDeviceRegistry *self, MusterDeviceRecord *record)
{
  if (record->changed)
    return;
  record->changed = TRUE;
  g_ptr_array_add (self->changed, g_strdup (record->id));
  if (self->flush_id == 0)
    self->flush_id = g_timeout_add (FLUSH_DELAY_MS, muster_device_registry_flush_cb, self);
}

/* --- conclusions --- */

static void
muster_device_registry_publish (MusterDeviceRegistry *self,
                                MusterDeviceRecord   *record,
                                MusterMoment          moment)
{
  g_autoptr (MusterLiveStatus) status = NULL;
  g_autoptr (MusterEvent) event = NULL;

  if (!muster_bus_has_subscribers (self->bus, MUSTER_TOPIC_LIVE))
    return;
  status = muster_live_status_new (record->id, &record->live, moment);
  event = muster_live_status_make_event (status);
  muster_bus_publish (self->bus, event);
}

/* Online and offline are events, being unsure is none; so a restart of daemon or broker fills
 * nobody's history. */
static void
muster_device_registry_note_state (MusterDeviceRegistry *self,
                                   MusterDeviceRecord   *record,
                                   MusterMoment          moment)
{
  gboolean         online = record->live.state == MUSTER_LIVE_ONLINE;
  g_autofree char *reason = NULL;
  g_autofree char *message = NULL;
  g_autoptr (GString) data = NULL;

  if (record->live.state == MUSTER_LIVE_UNKNOWN || record->live.state == record->noted_state)
    return;
  record->noted_state = record->live.state;
  reason = muster_liveness_describe (&record->live, moment);
  message = g_strdup_printf ("%s: %s", online ? "online" : "offline", reason);
  data = g_string_new ("{");
  muster_liveness_append_json (&record->live, moment, data);
  g_string_append_c (data, '}');
  muster_device_event_log_append (self->events, record->id, online ? "online" : "offline",
                                  online ? MUSTER_SEVERITY_INFO : MUSTER_SEVERITY_WARNING, message,
                                  data->str);
}

static void muster_device_registry_schedule (MusterDeviceRegistry *self,
                                             gint64                deadline,
                                             gint64                monotonic);

static void
muster_device_registry_conclude (MusterDeviceRegistry *self,
                                 MusterDeviceRecord   *record,
                                 MusterMoment          moment)
{
  MusterLiveState before = record->live.state;

  if (muster_liveness_update (&record->live, record->adoption == MUSTER_ADOPTION_ADOPTED, moment))
    {
      if (record->live.state != before)
        {
          muster_device_registry_note_state (self, record, moment);
          muster_device_registry_mark_changed (self, record);
        }
      muster_device_registry_publish (self, record, moment);
    }
  if (muster_liveness_get_last_seen (&record->live) - record->noted_seen >= SEEN_INTERVAL)
    muster_device_registry_mark_changed (self, record);
  muster_device_registry_schedule (self,
                                   muster_liveness_get_deadline (&record->live, moment.monotonic),
                                   moment.monotonic);
}

static gboolean
muster_device_registry_tick_cb (gpointer user_data)
{
  MusterDeviceRegistry *self = user_data;

  self->tick_id = 0;
  muster_device_registry_tick (self);
  return G_SOURCE_REMOVE;
}

/* One timer for all: proofs are renewed far more often than they end, so it only ever moves closer,
 * and finds the next by a scan when it fires. */
static void
muster_device_registry_schedule (MusterDeviceRegistry *self, gint64 deadline, gint64 monotonic)
{
  if (deadline >= self->next_tick)
    return;
  self->next_tick = deadline;
  g_clear_handle_id (&self->tick_id, g_source_remove);
  self->tick_id =
    g_timeout_add (CLAMP ((deadline - monotonic) / 1000 + 1, TICK_MIN_MS, TICK_MAX_MS),
                   muster_device_registry_tick_cb, self);
}

void
muster_device_registry_tick (MusterDeviceRegistry *self)
{
  MusterMoment        moment = { 0 };
  GHashTableIter      iter;
  MusterDeviceRecord *record = NULL;

  g_return_if_fail (MUSTER_IS_DEVICE_REGISTRY (self));

  moment = muster_device_registry_get_moment (self);
  g_clear_handle_id (&self->tick_id, g_source_remove);
  self->next_tick = G_MAXINT64;
  g_hash_table_iter_init (&iter, self->records);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&record))
    muster_device_registry_conclude (self, record, moment);
}

/* --- following the journal --- */

static DexFuture *
muster_device_registry_reloaded_cb (DexFuture *future, gpointer user_data)
{
  MusterDeviceRegistry *self = user_data;
  g_autoptr (GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  GPtrArray    *devices = value != NULL ? g_value_get_boxed (value) : NULL;

  for (guint i = 0; devices != NULL && i < devices->len; i++)
    {
      MusterDeviceRecord *record =
        muster_device_registry_find (self, muster_entity_get_id (devices->pdata[i]));

      /* Everything else came with the journal, in order; only what the journal must not tell is
       * taken from here. */
      if (record != NULL)
        record->has_secret = !muster_entity_is_null (devices->pdata[i], "secret");
    }
  if (devices == NULL)
    g_warning ("could not read changed devices: %s", error->message);
  g_signal_emit (self, signals[SIGNAL_RELOADED], 0);
  return dex_future_new_true ();
}

/* The records that changed, or all of them when they are too many to name. */
static MusterQuery *
muster_device_registry_make_reload_query (MusterDeviceRegistry *self)
{
  g_autoptr (GHashTable) params = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) ids = g_hash_table_get_keys_as_ptr_array (self->to_reload);
  g_autofree char *list = NULL;
  MusterQuery     *query = NULL;

  g_ptr_array_add (ids, NULL);
  list = g_strjoinv (",", (char **)ids->pdata);
  if (ids->len <= RELOAD_MAX)
    g_hash_table_insert (params, (gpointer) "id", list);
  query = muster_query_new_from_params (&muster_device_info, params, NULL, NULL);
  muster_query_set_limit (query, 0);
  g_hash_table_remove_all (self->to_reload);
  return query;
}

static gboolean
muster_device_registry_reload_cb (gpointer user_data)
{
  MusterDeviceRegistry *self = user_data;
  g_autoptr (MusterQuery) query = muster_device_registry_make_reload_query (self);

  self->reload_id = 0;
  dex_future_disown (dex_future_finally (muster_repository_select (self->repository, query),
                                         muster_device_registry_reloaded_cb, g_object_ref (self),
                                         g_object_unref));
  return G_SOURCE_REMOVE;
}

static void
muster_device_registry_reload_soon (MusterDeviceRegistry *self, const char *id)
{
  g_hash_table_add (self->to_reload, g_strdup (id));
  if (self->reload_id == 0)
    self->reload_id = g_timeout_add (RELOAD_DELAY_MS, muster_device_registry_reload_cb, self);
}

static void
muster_device_registry_journal_cb (MusterEvent *event, gpointer user_data)
{
  MusterDeviceRegistry *self = user_data;
  MusterJournalEntry   *entry = muster_event_get_payload (event);
  const char           *id = muster_journal_entry_get_entity_id (entry);
  MusterDeviceRecord   *record = NULL;
  MusterMoment          moment = muster_device_registry_get_moment (self);
  MusterAdoption        adoption = MUSTER_ADOPTION_NONE;

  if (!g_str_equal (muster_journal_entry_get_entity (entry), muster_device_info.name))
    return;
  if (muster_journal_entry_get_action (entry) == MUSTER_JOURNAL_DELETE)
    {
      record = muster_device_registry_find (self, id);
      if (record != NULL)
        muster_device_registry_remove_keys (self, record);
      g_hash_table_remove (self->records, id);
      return;
    }
  record = muster_device_registry_ensure (self, id);
  adoption = record->adoption;
  muster_device_registry_remove_keys (self, record);
  if (muster_journal_entry_get_record (entry) != NULL)
    muster_device_record_load (record, muster_journal_entry_get_record (entry));
  else
    muster_device_record_apply (record, muster_journal_entry_get_after (entry));
  muster_device_registry_add_keys (self, record);
  /* Whoever was just adopted needs a moment to come to the broker. */
  if (record->adoption != adoption)
    muster_liveness_doubt (&record->live, PATIENCE, "its account has changed", moment);
  muster_device_registry_conclude (self, record, moment);
  /* The journal does not tell secrets. */
  if (muster_journal_entry_get_record (entry) == NULL && muster_journal_entry_has_secrets (entry))
    muster_device_registry_reload_soon (self, id);
}

/* Whether something of it is news: a value that the broker kept proves nothing. */
static gboolean
has_news (MusterSampleBatch *batch)
{
  unsigned            n = 0;
  const MusterSample *samples = muster_sample_batch_get (batch, &n);

  for (unsigned i = 0; i < n; i++)
    if (!(samples[i].flags & MUSTER_SAMPLE_STALE) || !(samples[i].flags & MUSTER_SAMPLE_TRANSIENT))
      return TRUE;
  return n == 0;
}

/* Whatever brought it, a sample that came in is a sign of life. */
static void
muster_device_registry_telemetry_cb (MusterEvent *event, gpointer user_data)
{
  MusterDeviceRegistry *self = user_data;

  if (!has_news (muster_event_get_payload (event)))
    return;
  muster_device_registry_report_proof (self, muster_event_get_subject (event), MUSTER_PROOF_SAMPLE,
                                       muster_clock_get_now (self->clock), NULL);
}

/* --- life cycle --- */

/* Takes RECORD, as it is stored. Where the journal was faster it told changes alone, so of the
 * record made then only what was seen on the network stays. */
static void
muster_device_registry_take (MusterDeviceRegistry *self, MusterDeviceRecord *record)
{
  MusterDeviceRecord *known = muster_device_registry_find (self, record->id);

  if (known != NULL)
    {
      muster_device_registry_remove_keys (self, known);
      record->live = known->live;
      known->live = (MusterLiveness){ 0 };
      if (known->address != NULL)
        g_set_str (&record->address, known->address);
      g_hash_table_remove (self->records, known->id);
    }
  g_hash_table_insert (self->records, record->id, record);
  muster_device_registry_add_keys (self, record);
}

static DexFuture *
muster_device_registry_loaded_cb (DexFuture *future, gpointer user_data)
{
  MusterDeviceRegistry *self = user_data;
  const GValue         *value = dex_future_get_value (future, NULL);
  GPtrArray            *records = g_value_get_boxed (value);
  MusterMoment          moment = muster_device_registry_get_moment (self);

  for (guint i = 0; i < records->len; i++)
    {
      MusterDeviceRecord *record = g_steal_pointer (&records->pdata[i]);

      muster_device_registry_take (self, record);
      muster_liveness_doubt (&record->live, PATIENCE, "the daemon has just started", moment);
      if (record->noted_state != MUSTER_LIVE_UNKNOWN)
        muster_device_registry_mark_changed (self, record);
      muster_device_registry_conclude (self, record, moment);
    }
  return dex_future_new_true ();
}

static gboolean
take_device (MusterEntity *device, gpointer records, GError **error)
{
  MusterDeviceRecord *record = muster_device_record_new (muster_entity_get_id (device));

  muster_device_record_load (record, device);
  g_ptr_array_add (records, record);
  return TRUE;
}

static void
clear_record (gpointer record)
{
  if (record != NULL)
    muster_device_record_free (record);
}

/* On the reader's thread: all devices at once as full records would take far more memory than what
 * is kept of them. */
static gboolean
load_job (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_info);
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (clear_record);

  if (!muster_transaction_for_each (transaction, query, take_device, records, error))
    return FALSE;
  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_take_boxed (result, g_steal_pointer (&records));
  return TRUE;
}

static DexFuture *
muster_device_registry_start (MusterService *service)
{
  MusterDeviceRegistry *self = MUSTER_DEVICE_REGISTRY (service);
  MusterDatabase       *database = muster_repository_get_database (self->repository);

  muster_bus_subscribe (self->bus, MUSTER_TOPIC_JOURNAL, G_OBJECT (self),
                        muster_device_registry_journal_cb, self);
  muster_bus_subscribe (self->bus, MUSTER_TOPIC_TELEMETRY, G_OBJECT (self),
                        muster_device_registry_telemetry_cb, self);
  return dex_future_then (muster_database_read (database, load_job, NULL, NULL),
                          muster_device_registry_loaded_cb, g_object_ref (self), g_object_unref);
}

static DexFuture *
muster_device_registry_stop (MusterService *service)
{
  MusterDeviceRegistry *self = MUSTER_DEVICE_REGISTRY (service);
  GHashTableIter        iter;
  MusterDeviceRecord   *record = NULL;

  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_handle_id (&self->reload_id, g_source_remove);
  g_hash_table_iter_init (&iter, self->records);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&record))
    if (muster_liveness_get_last_seen (&record->live) > record->noted_seen)
      muster_device_registry_mark_changed (self, record);
  return dex_future_all (muster_device_registry_flush (self),
                         muster_device_event_log_flush (self->events), NULL);
}

static void
muster_device_registry_dispose (GObject *object)
{
  MusterDeviceRegistry *self = MUSTER_DEVICE_REGISTRY (object);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_handle_id (&self->flush_id, g_source_remove);
  g_clear_handle_id (&self->reload_id, g_source_remove);
  G_OBJECT_CLASS (muster_device_registry_parent_class)->dispose (object);
}

static void
muster_device_registry_finalize (GObject *object)
{
  MusterDeviceRegistry *self = MUSTER_DEVICE_REGISTRY (object);

  g_clear_pointer (&self->by_node, g_hash_table_unref);
  g_clear_pointer (&self->by_mac, g_hash_table_unref);
  g_clear_pointer (&self->by_serial, g_hash_table_unref);
  g_clear_pointer (&self->by_family_key, g_hash_table_unref);
  g_clear_pointer (&self->records, g_hash_table_unref);
  g_clear_pointer (&self->changed, g_ptr_array_unref);
  g_clear_pointer (&self->to_reload, g_hash_table_unref);
  g_clear_pointer (&self->actor, muster_actor_unref);
  g_clear_object (&self->events);
  g_clear_object (&self->repository);
  g_clear_object (&self->bus);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (muster_device_registry_parent_class)->finalize (object);
}

static void
muster_device_registry_class_init (MusterDeviceRegistryClass *klass)
{
  MusterServiceClass *service_class = MUSTER_SERVICE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_device_registry_dispose;
  G_OBJECT_CLASS (klass)->finalize = muster_device_registry_finalize;
  service_class->name = "device registry";
  service_class->start = muster_device_registry_start;
  service_class->stop = muster_device_registry_stop;
  signals[SIGNAL_RELOADED] = g_signal_new ("reloaded", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
muster_device_registry_init (MusterDeviceRegistry *self)
{
  self->records = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                         (GDestroyNotify)muster_device_record_free);
  self->by_node = g_hash_table_new (g_str_hash, g_str_equal);
  self->by_mac = g_hash_table_new (g_str_hash, g_str_equal);
  self->by_serial = g_hash_table_new (g_str_hash, g_str_equal);
  self->by_family_key = g_hash_table_new (g_str_hash, g_str_equal);
  self->changed = g_ptr_array_new_with_free_func (g_free);
  self->to_reload = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->actor = muster_actor_new_system ("devices");
  self->next_tick = G_MAXINT64;
}

MusterDeviceRegistry *
muster_device_registry_new (MusterRepository *repository, MusterBus *bus, MusterClock *clock)
{
  MusterDeviceRegistry *self = NULL;

  g_return_val_if_fail (MUSTER_IS_REPOSITORY (repository), NULL);
  g_return_val_if_fail (MUSTER_IS_BUS (bus), NULL);
  g_return_val_if_fail (MUSTER_IS_CLOCK (clock), NULL);

  self = g_object_new (MUSTER_TYPE_DEVICE_REGISTRY, NULL);
  self->repository = g_object_ref (repository);
  self->bus = g_object_ref (bus);
  self->clock = g_object_ref (clock);
  self->events = muster_device_event_log_new (repository, bus);
  return self;
}

/* --- questions --- */

static const char *
index_find (GHashTable *index, const char *key)
{
  MusterDeviceRecord *record = key != NULL ? g_hash_table_lookup (index, key) : NULL;

  return record != NULL ? record->id : NULL;
}

const char *
muster_device_registry_find_by_node (MusterDeviceRegistry *self, const char *node_id)
{
  g_return_val_if_fail (MUSTER_IS_DEVICE_REGISTRY (self), NULL);

  return index_find (self->by_node, node_id);
}

const char *
muster_device_registry_find_by_mac (MusterDeviceRegistry *self, const char *mac)
{
  g_return_val_if_fail (MUSTER_IS_DEVICE_REGISTRY (self), NULL);

  return index_find (self->by_mac, mac);
}

const char *
muster_device_registry_find_by_serial (MusterDeviceRegistry *self, const char *serial)
{
  g_return_val_if_fail (MUSTER_IS_DEVICE_REGISTRY (self), NULL);

  return index_find (self->by_serial, serial);
}

const char *
muster_device_registry_find_by_family_key (MusterDeviceRegistry *self, const char *family_key)
{
  g_return_val_if_fail (MUSTER_IS_DEVICE_REGISTRY (self), NULL);

  return index_find (self->by_family_key, family_key);
}

static const MusterDeviceBrief *
record_get_brief (MusterDeviceRecord *record)
{
  if (record->brief == NULL)
    record->brief = g_new (MusterDeviceBrief, 1);
  *record->brief = (MusterDeviceBrief){
    .id = record->id,
    .name = muster_device_record_get_text (record, MUSTER_DEVICE_NAME),
    .mac = muster_device_record_get_text (record, MUSTER_DEVICE_MAC),
    .serial = muster_device_record_get_text (record, MUSTER_DEVICE_SERIAL),
    .node_id = muster_device_record_get_text (record, MUSTER_DEVICE_NODE_ID),
    .family = muster_device_record_get_text (record, MUSTER_DEVICE_FAMILY),
    .family_key = muster_device_record_get_text (record, MUSTER_DEVICE_FAMILY_KEY),
    .address = record->address,
    .adoption = record->adoption,
    .has_secret = record->has_secret,
    .live_state = record->live.state,
  };
  return record->brief;
}

const MusterDeviceBrief *
muster_device_registry_get_brief (MusterDeviceRegistry *self, const char *id)
{
  MusterDeviceRecord *record = NULL;

  g_return_val_if_fail (MUSTER_IS_DEVICE_REGISTRY (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  record = muster_device_registry_find (self, id);
  return record != NULL ? record_get_brief (record) : NULL;
}

void
muster_device_registry_foreach (MusterDeviceRegistry    *self,
                                MusterDeviceRegistryFunc callback,
                                gpointer                 user_data)
{
  GHashTableIter      iter;
  MusterDeviceRecord *record = NULL;

  g_return_if_fail (MUSTER_IS_DEVICE_REGISTRY (self));
  g_return_if_fail (callback != NULL);

  g_hash_table_iter_init (&iter, self->records);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&record))
    callback (record_get_brief (record), user_data);
}

unsigned
muster_device_registry_count (MusterDeviceRegistry *self, MusterLiveState state)
{
  GHashTableIter      iter;
  MusterDeviceRecord *record = NULL;
  unsigned            count = 0;

  g_return_val_if_fail (MUSTER_IS_DEVICE_REGISTRY (self), 0);

  g_hash_table_iter_init (&iter, self->records);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&record))
    count += record->live.state == state;
  return count;
}

MusterDeviceEventLog *
muster_device_registry_get_event_log (MusterDeviceRegistry *self)
{
  g_return_val_if_fail (MUSTER_IS_DEVICE_REGISTRY (self), NULL);

  return self->events;
}

void
muster_device_registry_encode_live (MusterDeviceRegistry *self, const char *id, GString *json)
{
  static const MusterLiveness nothing;
  MusterDeviceRecord         *record = NULL;

  g_return_if_fail (MUSTER_IS_DEVICE_REGISTRY (self));
  g_return_if_fail (id != NULL && json != NULL);

  record = muster_device_registry_find (self, id);
  g_string_append_c (json, '{');
  muster_liveness_append_json (record != NULL ? &record->live : &nothing,
                               muster_device_registry_get_moment (self), json);
  g_string_append_c (json, '}');
}

/* --- reports --- */

typedef struct
{
  char *id;
  char *version;
} Firmware;

static void
firmware_free (gpointer data)
{
  Firmware *firmware = data;

  g_free (firmware->id);
  g_free (firmware->version);
  g_free (firmware);
}

static gboolean
store_firmware (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  Firmware *firmware = data;
  g_autoptr (MusterEntity) device =
              muster_transaction_get (transaction, &muster_device_info, firmware->id, error);

  if (device == NULL)
    return FALSE;
  muster_entity_set_string (device, "firmware_version", firmware->version);
  return muster_transaction_update (transaction, device, 0, error);
}

void
muster_device_registry_report_proof (MusterDeviceRegistry *self,
                                     const char           *id,
                                     MusterProofKind       kind,
                                     gint64                at,
                                     const char           *detail)
{
  MusterDeviceRecord *record = NULL;
  MusterMoment        moment = { 0 };

  g_return_if_fail (MUSTER_IS_DEVICE_REGISTRY (self));
  g_return_if_fail (id != NULL);

  record = muster_device_registry_find (self, id);
  if (record == NULL)
    return;
  moment = muster_device_registry_get_moment (self);
  muster_liveness_report (&record->live, kind, at, detail, moment);
  muster_device_registry_conclude (self, record, moment);
}

void
muster_device_registry_withdraw_proof (MusterDeviceRegistry *self,
                                       const char           *id,
                                       MusterProofKind       kind,
                                       const char           *why)
{
  MusterDeviceRecord *record = NULL;
  MusterMoment        moment = { 0 };

  g_return_if_fail (MUSTER_IS_DEVICE_REGISTRY (self));
  g_return_if_fail (id != NULL);

  record = muster_device_registry_find (self, id);
  if (record == NULL)
    return;
  moment = muster_device_registry_get_moment (self);
  muster_liveness_withdraw (&record->live, kind, why, moment);
  muster_device_registry_conclude (self, record, moment);
}

void
muster_device_registry_report_address (MusterDeviceRegistry *self,
                                       const char           *id,
                                       const char           *address)
{
  MusterDeviceRecord *record = NULL;

  g_return_if_fail (MUSTER_IS_DEVICE_REGISTRY (self));
  g_return_if_fail (id != NULL);

  record = muster_device_registry_find (self, id);
  if (record != NULL && g_set_str (&record->address, address))
    muster_device_registry_mark_changed (self, record);
}

DexFuture *
muster_device_registry_note_firmware (MusterDeviceRegistry *self,
                                      MusterActor          *actor,
                                      const char           *id,
                                      const char           *version)
{
  MusterDeviceRecord *record = NULL;
  Firmware           *firmware = NULL;
  g_autofree char    *operation = NULL;

  g_return_val_if_fail (MUSTER_IS_DEVICE_REGISTRY (self), NULL);
  g_return_val_if_fail (id != NULL && version != NULL, NULL);

  record = muster_device_registry_find (self, id);
  if (record == NULL || !g_set_str (&record->firmware, version))
    return dex_future_new_for_boolean (FALSE);
  firmware = g_new0 (Firmware, 1);
  firmware->id = g_strdup (id);
  firmware->version = g_strdup (version);
  operation = g_strdup_printf ("%s runs firmware %s",
                               muster_device_record_get_text (record, MUSTER_DEVICE_NAME), version);
  return muster_database_write (muster_repository_get_database (self->repository), actor, operation,
                                store_firmware, firmware, firmware_free);
}

void
muster_device_registry_reset_mqtt (MusterDeviceRegistry *self)
{
  MusterMoment        moment = { 0 };
  GHashTableIter      iter;
  MusterDeviceRecord *record = NULL;

  g_return_if_fail (MUSTER_IS_DEVICE_REGISTRY (self));

  moment = muster_device_registry_get_moment (self);
  g_hash_table_iter_init (&iter, self->records);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&record))
    if (muster_liveness_get_proof (&record->live, MUSTER_PROOF_MQTT)->at != 0)
      {
        muster_liveness_doubt (&record->live, PATIENCE, "the broker is away", moment);
        muster_device_registry_conclude (self, record, moment);
      }
}
