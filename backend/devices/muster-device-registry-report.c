/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-registry-report"

#include "config.h"

#include "muster-device-registry-private.h"
#include "muster-live-status.h"

#define SEEN_INTERVAL (5 * 60 * G_TIME_SPAN_SECOND) /* how old `last_seen` of a row may get */
#define FLUSH_DELAY_MS 250
#define TICK_MIN_MS 250
#define TICK_MAX_MS (60 * 1000)

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

DexFuture *
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

void
muster_device_registry_mark_changed (MusterDeviceRegistry *self, MusterDeviceRecord *record)
{
  if (record->changed)
    return;
  record->changed = TRUE;
  g_ptr_array_add (self->changed, g_strdup (record->id));
  if (self->flush_id == 0)
    self->flush_id = g_timeout_add (FLUSH_DELAY_MS, muster_device_registry_flush_cb, self);
}

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

/* What was offline before the daemon started and was not heard since has been so all the time. */
static void
remember_offline (MusterDeviceRecord *record)
{
  if (record->live.state == MUSTER_LIVE_OFFLINE && record->offline_since != 0)
    record->live.since = record->offline_since;
  if (record->live.state != MUSTER_LIVE_UNKNOWN)
    record->offline_since = 0;
}

static void muster_device_registry_schedule (MusterDeviceRegistry *self,
                                             gint64                deadline,
                                             gint64                monotonic);

void
muster_device_registry_conclude (MusterDeviceRegistry *self,
                                 MusterDeviceRecord   *record,
                                 MusterMoment          moment)
{
  MusterLiveState before = record->live.state;

  if (muster_liveness_update (&record->live, record->adoption == MUSTER_ADOPTION_ADOPTED, moment))
    {
      if (record->live.state != before)
        {
          remember_offline (record);
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
        muster_liveness_doubt (&record->live, MUSTER_DEVICE_REGISTRY_PATIENCE, "the broker is away",
                               moment);
        muster_device_registry_conclude (self, record, moment);
      }
}
