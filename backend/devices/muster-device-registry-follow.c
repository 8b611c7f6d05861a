/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-registry-follow"

#include "config.h"

#include "core/muster-journal.h"
#include "model/muster-device-event.h"
#include "model/muster-sample.h"
#include "muster-device-registry-private.h"

#define RELOAD_DELAY_MS 50
#define RELOAD_MAX 1000

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
  g_signal_emit_by_name (self, "reloaded");
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
    muster_liveness_doubt (&record->live, MUSTER_DEVICE_REGISTRY_PATIENCE,
                           "its account has changed", moment);
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
      muster_liveness_doubt (&record->live, MUSTER_DEVICE_REGISTRY_PATIENCE,
                             "the daemon has just started", moment);
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

/* Since when a device is offline that was so already when the daemon ended: its last event says. */
static gboolean
find_offline_since (MusterTransaction *transaction, MusterDeviceRecord *record, GError **error)
{
  static const char *const kinds[] = { "online", "offline", NULL };
  g_autoptr (MusterQuery) query = muster_query_new (&muster_device_event_info);
  g_autoptr (GPtrArray) events = NULL;

  muster_query_where (query, "device_id", record->id);
  muster_query_where_any (query, "kind", kinds);
  muster_query_set_sort (query, "-id");
  muster_query_set_limit (query, 1);
  events = muster_transaction_select (transaction, query, error);
  if (events != NULL && events->len > 0 &&
      g_strcmp0 (muster_entity_get_string (events->pdata[0], "kind"), "offline") == 0)
    {
      record->noted_state = MUSTER_LIVE_OFFLINE;
      record->offline_since = muster_entity_get_integer (events->pdata[0], "created_at");
    }
  return events != NULL;
}

/* A row that says nothing was written by a daemon that had just started itself. */
static gboolean
find_all_offline_since (MusterTransaction *transaction, GPtrArray *records, GError **error)
{
  for (guint i = 0; i < records->len; i++)
    {
      MusterDeviceRecord *record = records->pdata[i];

      if (record->noted_state != MUSTER_LIVE_ONLINE &&
          !find_offline_since (transaction, record, error))
        return FALSE;
    }
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

  if (!muster_transaction_for_each (transaction, query, take_device, records, error) ||
      !find_all_offline_since (transaction, records, error))
    return FALSE;
  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_take_boxed (result, g_steal_pointer (&records));
  return TRUE;
}

DexFuture *
muster_device_registry_follow (MusterDeviceRegistry *self)
{
  MusterDatabase *database = muster_repository_get_database (self->repository);

  muster_bus_subscribe (self->bus, MUSTER_TOPIC_JOURNAL, G_OBJECT (self),
                        muster_device_registry_journal_cb, self);
  muster_bus_subscribe (self->bus, MUSTER_TOPIC_TELEMETRY, G_OBJECT (self),
                        muster_device_registry_telemetry_cb, self);
  return dex_future_then (muster_database_read (database, load_job, NULL, NULL),
                          muster_device_registry_loaded_cb, g_object_ref (self), g_object_unref);
}
