/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-event-log"

#include "config.h"

#include "muster-device-event-log.h"

#define FLUSH_DELAY_MS 100
#define MAX_WAITING 20000
#define N_NEWEST 50
#define MESSAGE_MAX 1000 /* characters, as the field allows */

struct _MusterDeviceEventLog
{
  GObject           parent_instance;
  MusterRepository *repository; /* (owned) */
  MusterBus        *bus;        /* (owned) */
  MusterActor      *actor;      /* (owned) */
  GPtrArray        *waiting;    /* (owned) (element-type MusterEntity) */
  GPtrArray        *newest;     /* (owned) (element-type MusterEntity): newest first */
  guint             flush_id;
};

G_DEFINE_FINAL_TYPE (MusterDeviceEventLog, muster_device_event_log, G_TYPE_OBJECT)

static gboolean
encode_event (MusterEvent *event, GHashTable *details, GString *json)
{
  MusterEntity *entity = muster_event_get_payload (event);

  if (details != NULL &&
      !g_hash_table_contains (details, muster_entity_get_string (entity, "kind")))
    return FALSE;
  muster_entity_encode (entity, json);
  return TRUE;
}

static gboolean
insert_events (MusterTransaction *transaction, gpointer data, GValue *result, GError **error)
{
  GPtrArray *events = data;

  for (guint i = 0; i < events->len; i++)
    if (!muster_transaction_insert (transaction, events->pdata[i], error))
      return FALSE;
  return TRUE;
}

typedef struct
{
  MusterDeviceEventLog *log;
  GPtrArray            *events;
} Flush;

static void
flush_free (gpointer data)
{
  Flush *flush = data;

  g_object_unref (flush->log);
  g_ptr_array_unref (flush->events);
  g_free (flush);
}

static void
muster_device_event_log_publish (MusterDeviceEventLog *self, MusterEntity *entity)
{
  g_autoptr (MusterEvent) event =
              muster_event_new (MUSTER_TOPIC_EVENTS, muster_entity_get_string (entity, "device_id"),
                                NULL, 0, G_OBJECT (entity), encode_event);

  g_ptr_array_insert (self->newest, 0, g_object_ref (entity));
  if (self->newest->len > N_NEWEST)
    g_ptr_array_set_size (self->newest, N_NEWEST);
  muster_bus_publish (self->bus, event);
}

static DexFuture *
muster_device_event_log_stored_cb (DexFuture *future, gpointer user_data)
{
  Flush *flush = user_data;
  g_autoptr (GError) error = NULL;

  if (dex_future_get_value (future, &error) == NULL)
    g_warning ("%u events could not be stored: %s", flush->events->len, error->message);
  else
    for (guint i = 0; i < flush->events->len; i++)
      muster_device_event_log_publish (flush->log, flush->events->pdata[i]);
  return dex_future_new_true ();
}

DexFuture *
muster_device_event_log_flush (MusterDeviceEventLog *self)
{
  Flush     *flush = NULL;
  DexFuture *written = NULL;

  g_return_val_if_fail (MUSTER_IS_DEVICE_EVENT_LOG (self), NULL);

  g_clear_handle_id (&self->flush_id, g_source_remove);
  if (self->waiting->len == 0)
    return dex_future_new_true ();
  flush = g_new0 (Flush, 1);
  flush->log = g_object_ref (self);
  flush->events = g_steal_pointer (&self->waiting);
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  written = muster_database_write (muster_repository_get_database (self->repository), self->actor,
                                   NULL, insert_events, g_ptr_array_ref (flush->events),
                                   (GDestroyNotify)g_ptr_array_unref);
  return dex_future_finally (written, muster_device_event_log_stored_cb, flush, flush_free);
}

static gboolean
muster_device_event_log_flush_cb (gpointer user_data)
{
  MusterDeviceEventLog *self = user_data;

  self->flush_id = 0;
  dex_future_disown (muster_device_event_log_flush (self));
  return G_SOURCE_REMOVE;
}

void
muster_device_event_log_append_event (MusterDeviceEventLog *self, MusterEntity *event)
{
  g_return_if_fail (MUSTER_IS_DEVICE_EVENT_LOG (self));
  g_return_if_fail (MUSTER_IS_DEVICE_EVENT (event));

  if (self->waiting->len >= MAX_WAITING)
    {
      g_warning ("too many events at once: one of %s is dropped",
                 muster_entity_get_string (event, "device_id"));
      return;
    }
  g_ptr_array_add (self->waiting, g_object_ref (event));
  if (self->flush_id == 0)
    self->flush_id = g_timeout_add (FLUSH_DELAY_MS, muster_device_event_log_flush_cb, self);
}

void
muster_device_event_log_append (MusterDeviceEventLog *self,
                                const char           *device_id,
                                const char           *kind,
                                MusterSeverity        severity,
                                const char           *message,
                                const char           *data)
{
  g_autoptr (MusterEntity) event = muster_entity_new (&muster_device_event_info);
  g_autofree char *short_message =
    message != NULL ? g_utf8_substring (message, 0, MIN (g_utf8_strlen (message, -1), MESSAGE_MAX))
                    : NULL;

  g_return_if_fail (device_id != NULL && kind != NULL);

  muster_entity_set_string (event, "device_id", device_id);
  muster_entity_set_string (event, "kind", kind);
  muster_entity_set_enum (event, "severity", severity);
  muster_entity_set_string (event, "message", short_message);
  muster_entity_set_string (event, "data", data);
  muster_device_event_log_append_event (self, event);
}

GPtrArray *
muster_device_event_log_get_newest (MusterDeviceEventLog *self)
{
  g_return_val_if_fail (MUSTER_IS_DEVICE_EVENT_LOG (self), NULL);

  return self->newest;
}

static void
muster_device_event_log_finalize (GObject *object)
{
  MusterDeviceEventLog *self = MUSTER_DEVICE_EVENT_LOG (object);

  g_clear_handle_id (&self->flush_id, g_source_remove);
  g_clear_object (&self->repository);
  g_clear_object (&self->bus);
  g_clear_pointer (&self->actor, muster_actor_unref);
  g_clear_pointer (&self->waiting, g_ptr_array_unref);
  g_clear_pointer (&self->newest, g_ptr_array_unref);
  G_OBJECT_CLASS (muster_device_event_log_parent_class)->finalize (object);
}

static void
muster_device_event_log_class_init (MusterDeviceEventLogClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_device_event_log_finalize;
}

static void
muster_device_event_log_init (MusterDeviceEventLog *self)
{
  self->actor = muster_actor_new_system ("devices");
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  self->newest = g_ptr_array_new_with_free_func (g_object_unref);
}

MusterDeviceEventLog *
muster_device_event_log_new (MusterRepository *repository, MusterBus *bus)
{
  MusterDeviceEventLog *self = NULL;

  g_return_val_if_fail (MUSTER_IS_REPOSITORY (repository), NULL);
  g_return_val_if_fail (MUSTER_IS_BUS (bus), NULL);

  self = g_object_new (MUSTER_TYPE_DEVICE_EVENT_LOG, NULL);
  self->repository = g_object_ref (repository);
  self->bus = g_object_ref (bus);
  return self;
}
