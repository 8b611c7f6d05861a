/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-registry"

#include "config.h"

#include <string.h>

#include "muster-device-registry-private.h"

G_DEFINE_FINAL_TYPE (MusterDeviceRegistry, muster_device_registry, MUSTER_TYPE_SERVICE)

MusterMoment
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

void
muster_device_registry_add_keys (MusterDeviceRegistry *self, MusterDeviceRecord *record)
{
  index_add (self->by_node, muster_device_record_get_text (record, MUSTER_DEVICE_NODE_ID), record);
  index_add (self->by_mac, muster_device_record_get_text (record, MUSTER_DEVICE_MAC), record);
  index_add (self->by_serial, muster_device_record_get_text (record, MUSTER_DEVICE_SERIAL), record);
  index_add (self->by_family_key, muster_device_record_get_text (record, MUSTER_DEVICE_FAMILY_KEY),
             record);
  index_add (self->by_node_device,
             muster_device_record_get_text (record, MUSTER_DEVICE_NODE_DEVICE), record);
}

void
muster_device_registry_remove_keys (MusterDeviceRegistry *self, MusterDeviceRecord *record)
{
  index_remove (self->by_node, muster_device_record_get_text (record, MUSTER_DEVICE_NODE_ID),
                record);
  index_remove (self->by_mac, muster_device_record_get_text (record, MUSTER_DEVICE_MAC), record);
  index_remove (self->by_serial, muster_device_record_get_text (record, MUSTER_DEVICE_SERIAL),
                record);
  index_remove (self->by_family_key,
                muster_device_record_get_text (record, MUSTER_DEVICE_FAMILY_KEY), record);
  index_remove (self->by_node_device,
                muster_device_record_get_text (record, MUSTER_DEVICE_NODE_DEVICE), record);
}

MusterDeviceRecord *
muster_device_registry_find (MusterDeviceRegistry *self, const char *id)
{
  return g_hash_table_lookup (self->records, id);
}

MusterDeviceRecord *
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

/* --- life cycle --- */

static DexFuture *
muster_device_registry_start (MusterService *service)
{
  return muster_device_registry_follow (MUSTER_DEVICE_REGISTRY (service));
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
  g_clear_pointer (&self->by_node_device, g_hash_table_unref);
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
  g_signal_new ("reloaded", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);
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
  self->by_node_device = g_hash_table_new (g_str_hash, g_str_equal);
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

const char *
muster_device_registry_find_by_node_device (MusterDeviceRegistry *self, const char *node_device)
{
  g_return_val_if_fail (MUSTER_IS_DEVICE_REGISTRY (self), NULL);

  return index_find (self->by_node_device, node_device);
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
    .node_device = muster_device_record_get_text (record, MUSTER_DEVICE_NODE_DEVICE),
    .address = record->address,
    .adoption = record->adoption,
    .has_secret = record->has_secret,
    .live_state = record->live.state,
  };
  return record->brief;
}

gboolean
muster_device_brief_get_node (const MusterDeviceBrief *self, char **node, char **device)
{
  const char *slash = self->node_device != NULL ? strchr (self->node_device, '/') : NULL;

  *node = *device = NULL;
  if (self->node_id != NULL)
    *node = g_strdup (self->node_id);
  else if (slash != NULL && self->adoption == MUSTER_ADOPTION_ADOPTED)
    {
      *node = g_strndup (self->node_device, slash - self->node_device);
      *device = g_strdup (slash + 1);
    }
  return *node != NULL;
}

const char *
muster_device_registry_find_by_source (MusterDeviceRegistry *self,
                                       const char           *node,
                                       const char           *device)
{
  g_autofree char *key = NULL;

  g_return_val_if_fail (MUSTER_IS_DEVICE_REGISTRY (self), NULL);
  g_return_val_if_fail (node != NULL, NULL);

  if (device == NULL)
    return muster_device_registry_find_by_node (self, node);
  key = g_strconcat (node, "/", device, NULL);
  return muster_device_registry_find_by_node_device (self, key);
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
