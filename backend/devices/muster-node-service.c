/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-node-service"

#include "config.h"

#include "core/muster-journal.h"
#include "core/muster-promise.h"
#include "muster-metric-book.h"
#include "muster-node-devices.h"
#include "muster-node-service.h"
#include "muster-unknown-nodes.h"

#define N_UNKNOWN_SHOWN 100
#define FIRMWARE_METRIC "Properties/Firmware Version"
#define FIRMWARE_MAX 64
/* How long the nodes have, once there is a connection, to introduce themselves unasked. */
#define PATIENCE_SECONDS 10

struct _MusterNodeService
{
  MusterService            parent_instance;
  MusterDeviceService     *devices;   /* (owned) */
  MusterDeviceRegistry    *registry;  /* (owned) */
  MusterTelemetry         *telemetry; /* (owned) */
  MusterBus               *bus;       /* (owned) */
  MusterClock             *clock;     /* (owned) */
  MusterMetricBook        *metrics;   /* (owned) */
  MusterNodeDevices       *behind;    /* (owned) */
  MusterUnknownNodes      *unknown;   /* (owned) */
  MusterActor             *actor;     /* (owned) */
  const MusterDeviceLinks *links;
  gpointer                 links_data;
  GHashTable *born;   /* (owned) set of ids of devices heard of since the connection was made */
  guint       ask_id; /* asks the others */
};

typedef enum
{
  SIGNAL_BORN,
} MusterNodeServiceSignal;

static guint signals[SIGNAL_BORN + 1];

G_DEFINE_FINAL_TYPE (MusterNodeService, muster_node_service, MUSTER_TYPE_SERVICE)

/* The record of the node itself that speaks; NULL, and noted, when none knows it. */
static const char *
muster_node_service_find_node (MusterNodeService *self, const MusterSparkplugSource *source)
{
  const char *id = NULL;

  if (g_str_equal (source->group, muster_device_service_get_group_id (self->devices)))
    id = muster_device_registry_find_by_node (self->registry, source->node);
  if (id == NULL)
    muster_unknown_nodes_note (self->unknown, source->group, source->node,
                               muster_clock_get_now (self->clock));
  return id;
}

/* The record that SOURCE is of: the node's, or that of a device which it speaks for. */
static const char *
muster_node_service_find (MusterNodeService *self, const MusterSparkplugSource *source)
{
  const char *id = muster_node_service_find_node (self, source);

  return id != NULL && source->device != NULL ? muster_node_devices_find (self->behind, source)
                                              : id;
}

/* The same for one that introduces itself: whom a known node speaks for gets a record. */
static const char *
muster_node_service_take (MusterNodeService *self, const MusterSparkplugSource *source)
{
  const char *id = muster_node_service_find_node (self, source);

  return id != NULL && source->device != NULL ? muster_node_devices_take (self->behind, id, source)
                                              : id;
}

static void
muster_node_service_note_event (MusterNodeService *self,
                                const char        *id,
                                const char        *kind,
                                MusterSeverity     severity,
                                const char        *message)
{
  muster_device_event_log_append (muster_device_registry_get_event_log (self->registry), id, kind,
                                  severity, message, NULL);
}

static void
muster_node_service_birth (const MusterSparkplugSource     *source,
                           const MusterSparkplugMetricInfo *metrics,
                           unsigned                         n_metrics,
                           gint64                           time,
                           gboolean                         rebirth,
                           gpointer                         user_data)
{
  MusterNodeService *self = user_data;
  const char        *id = muster_node_service_take (self, source);

  if (id == NULL)
    {
      if (source->device == NULL &&
          g_str_equal (source->group, muster_device_service_get_group_id (self->devices)))
        muster_device_service_note_birth (self->devices, source->node);
      return;
    }
  muster_device_registry_report_proof (self->registry, id, MUSTER_PROOF_MQTT,
                                       muster_clock_get_now (self->clock), NULL);
  muster_disown_logged (G_LOG_LEVEL_DEBUG,
                        muster_metric_book_note_birth (self->metrics, id, metrics, n_metrics),
                        "keeping metrics");
  g_hash_table_add (self->born, g_strdup (id));
  g_signal_emit (self, signals[SIGNAL_BORN], 0, id, rebirth);
  if (!rebirth)
    muster_node_service_note_event (self, id, "birth", MUSTER_SEVERITY_INFO, "introduced itself");
}

static void
muster_node_service_note_firmware (MusterNodeService  *self,
                                   const char         *id,
                                   const MusterSample *sample)
{
  g_autoptr (JsonObject) object = NULL;
  g_autofree char *version = NULL;

  if (sample->type != MUSTER_SAMPLE_STRING || sample->text == NULL || *sample->text == '\0')
    return;
  version =
    g_utf8_substring (sample->text, 0, MIN (g_utf8_strlen (sample->text, -1), FIRMWARE_MAX));
  muster_disown_logged (G_LOG_LEVEL_DEBUG,
                        muster_device_registry_note_firmware (self->registry, self->actor, id,
                                                              version),
                        "keeping a firmware version");
}

static void
append_sample (MusterSampleBatch *batch, const char *metric, const MusterSample *sample)
{
  switch (sample->type)
    {
    case MUSTER_SAMPLE_INTEGER:
      muster_sample_batch_add_integer (batch, metric, sample->time, sample->integer, sample->flags);
      break;
    case MUSTER_SAMPLE_DOUBLE:
      muster_sample_batch_add_double (batch, metric, sample->time, sample->number, sample->flags);
      break;
    case MUSTER_SAMPLE_BOOLEAN:
      muster_sample_batch_add_boolean (batch, metric, sample->time, sample->boolean, sample->flags);
      break;
    case MUSTER_SAMPLE_STRING:
      muster_sample_batch_add_string (batch, metric, sample->time, sample->text, sample->flags);
      break;
    case MUSTER_SAMPLE_NULL:
    default:
      muster_sample_batch_add_null (batch, metric, sample->time, sample->flags);
    }
}

static void
muster_node_service_data (const MusterSparkplugSource *source,
                          const MusterSample          *samples,
                          unsigned                     n_samples,
                          gpointer                     user_data)
{
  MusterNodeService *self = user_data;
  const char        *id = muster_node_service_find (self, source);
  g_autoptr (MusterSampleBatch) batch = NULL;
  unsigned n_taken = 0;

  if (id == NULL)
    return;
  if (source->device != NULL)
    muster_node_devices_note (self->behind, id, samples, n_samples);
  batch = muster_sample_batch_new (id);
  for (unsigned i = 0; i < n_samples; i++)
    {
      if (muster_metric_name_is_control (samples[i].metric))
        continue;
      if (g_str_equal (samples[i].metric, FIRMWARE_METRIC))
        muster_node_service_note_firmware (self, id, &samples[i]);
      append_sample (batch, samples[i].metric, &samples[i]);
      n_taken++;
    }
  if (n_taken > 0)
    muster_disown_logged (G_LOG_LEVEL_DEBUG, muster_telemetry_ingest (self->telemetry, batch),
                          "keeping samples");
}

static void
muster_node_service_death (const MusterSparkplugSource *source,
                           MusterSparkplugDeath         why,
                           gint64                       time,
                           gpointer                     user_data)
{
  MusterNodeService *self = user_data;
  const char *words = why == MUSTER_SPARKPLUG_DEATH_NODE ? "its session with the broker ended"
                                                         : "its gateway says that it is gone";
  const char *id = NULL;

  /* Our own connection went: that is told once, for all. */
  if (why == MUSTER_SPARKPLUG_DEATH_DISCONNECTED)
    return;
  id = muster_node_service_find (self, source);
  if (id == NULL)
    return;
  if (source->device != NULL && why == MUSTER_SPARKPLUG_DEATH_NODE)
    words = "its gateway's session with the broker ended";
  muster_node_service_note_event (self, id, "death", MUSTER_SEVERITY_WARNING, words);
  /* The samples came by that session, so they prove nothing beyond its end. */
  muster_device_registry_withdraw_proof (self->registry, id, MUSTER_PROOF_SAMPLE, NULL);
  muster_device_registry_withdraw_proof (self->registry, id, MUSTER_PROOF_MQTT, words);
}

static void
muster_node_service_ask_if_silent (const MusterDeviceBrief *brief, gpointer user_data)
{
  MusterNodeService *self = user_data;

  if (brief->node_id != NULL && !g_hash_table_contains (self->born, brief->id))
    muster_disown_logged (G_LOG_LEVEL_DEBUG,
                          self->links->rebirth (muster_device_service_get_group_id (self->devices),
                                                brief->node_id, self->links_data),
                          "asking for a birth");
}

void
muster_node_service_ask_silent (MusterNodeService *self)
{
  g_return_if_fail (MUSTER_IS_NODE_SERVICE (self));

  muster_device_registry_foreach (self->registry, muster_node_service_ask_if_silent, self);
}

static gboolean
muster_node_service_ask_cb (gpointer user_data)
{
  MusterNodeService *self = user_data;

  self->ask_id = 0;
  muster_node_service_ask_silent (self);
  return G_SOURCE_REMOVE;
}

/* A broker that is not ours goes on without us: its nodes said who they are while we were away, and
 * one that seldom has something to say would stay unknown for long. */
static void
muster_node_service_connection (gboolean connected, gpointer user_data)
{
  MusterNodeService *self = user_data;

  g_clear_handle_id (&self->ask_id, g_source_remove);
  g_hash_table_remove_all (self->born);
  if (connected)
    self->ask_id = g_timeout_add_seconds (PATIENCE_SECONDS, muster_node_service_ask_cb, self);
  else
    muster_device_registry_reset_mqtt (self->registry);
}

const MusterSparkplugListener muster_node_service_listener = {
  .birth = muster_node_service_birth,
  .data = muster_node_service_data,
  .death = muster_node_service_death,
  .connection = muster_node_service_connection,
};

/* --- life cycle --- */

/* A node that spoke before its record was there is asked to introduce itself again. */
static void
muster_node_service_journal_cb (MusterEvent *event, gpointer user_data)
{
  MusterNodeService  *self = user_data;
  MusterJournalEntry *entry = muster_event_get_payload (event);
  MusterEntity       *record = muster_journal_entry_get_record (entry);
  const char         *group_id = muster_device_service_get_group_id (self->devices);
  const char         *node_id = NULL;

  if (!g_str_equal (muster_journal_entry_get_entity (entry), muster_device_info.name))
    return;
  if (muster_journal_entry_get_action (entry) == MUSTER_JOURNAL_DELETE)
    {
      muster_metric_book_forget (self->metrics, muster_journal_entry_get_entity_id (entry));
      return;
    }
  /* It introduced itself before the registry knew it. */
  if (muster_node_devices_is_taken (self->behind, muster_journal_entry_get_entity_id (entry)))
    muster_device_registry_report_proof (self->registry, muster_journal_entry_get_entity_id (entry),
                                         MUSTER_PROOF_MQTT, muster_clock_get_now (self->clock),
                                         NULL);
  node_id = record != NULL
              ? muster_entity_get_string (record, "node_id")
              : json_object_get_string_member_with_default (muster_journal_entry_get_after (entry),
                                                            "node_id", NULL);
  if (node_id == NULL)
    return;
  muster_metric_book_forget (self->metrics, muster_journal_entry_get_entity_id (entry));
  if (muster_unknown_nodes_remove (self->unknown, group_id, node_id))
    muster_disown_logged (G_LOG_LEVEL_DEBUG,
                          self->links->rebirth (group_id, node_id, self->links_data),
                          "asking for a birth");
}

static DexFuture *
muster_node_service_start (MusterService *service)
{
  MusterNodeService *self = MUSTER_NODE_SERVICE (service);

  muster_bus_subscribe (self->bus, MUSTER_TOPIC_JOURNAL, G_OBJECT (self),
                        muster_node_service_journal_cb, self);
  return NULL;
}

static DexFuture *
muster_node_service_stop (MusterService *service)
{
  g_clear_handle_id (&MUSTER_NODE_SERVICE (service)->ask_id, g_source_remove);
  return NULL;
}

static void
muster_node_service_finalize (GObject *object)
{
  MusterNodeService *self = MUSTER_NODE_SERVICE (object);

  g_clear_handle_id (&self->ask_id, g_source_remove);
  g_clear_pointer (&self->born, g_hash_table_unref);
  g_clear_object (&self->devices);
  g_clear_object (&self->registry);
  g_clear_object (&self->telemetry);
  g_clear_object (&self->bus);
  g_clear_object (&self->clock);
  g_clear_object (&self->metrics);
  g_clear_pointer (&self->behind, muster_node_devices_free);
  g_clear_pointer (&self->unknown, muster_unknown_nodes_free);
  g_clear_pointer (&self->actor, muster_actor_unref);
  G_OBJECT_CLASS (muster_node_service_parent_class)->finalize (object);
}

static void
muster_node_service_class_init (MusterNodeServiceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_node_service_finalize;
  MUSTER_SERVICE_CLASS (klass)->name = "nodes";
  MUSTER_SERVICE_CLASS (klass)->start = muster_node_service_start;
  MUSTER_SERVICE_CLASS (klass)->stop = muster_node_service_stop;
  signals[SIGNAL_BORN] =
    g_signal_new ("born", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_BOOLEAN);
}

static void
muster_node_service_init (MusterNodeService *self)
{
  self->unknown = muster_unknown_nodes_new ();
  self->born = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->actor = muster_actor_new_system ("messaging");
}

MusterNodeService *
muster_node_service_new (MusterDeviceService     *devices,
                         MusterTelemetry         *telemetry,
                         MusterBus               *bus,
                         MusterClock             *clock,
                         const MusterDeviceLinks *links,
                         gpointer                 links_data)
{
  MusterNodeService *self = NULL;

  g_return_val_if_fail (MUSTER_IS_DEVICE_SERVICE (devices), NULL);
  g_return_val_if_fail (MUSTER_IS_TELEMETRY (telemetry), NULL);
  g_return_val_if_fail (links != NULL, NULL);

  self = g_object_new (MUSTER_TYPE_NODE_SERVICE, NULL);
  self->devices = g_object_ref (devices);
  self->registry = g_object_ref (muster_device_service_get_registry (devices));
  self->telemetry = g_object_ref (telemetry);
  self->bus = g_object_ref (bus);
  self->clock = g_object_ref (clock);
  self->behind = muster_node_devices_new (devices, clock);
  self->metrics = muster_metric_book_new (muster_device_service_get_repository (devices));
  self->links = links;
  self->links_data = links_data;
  return self;
}

void
muster_node_service_encode_unknown (MusterNodeService *self, GString *json)
{
  g_return_if_fail (MUSTER_IS_NODE_SERVICE (self));

  muster_unknown_nodes_encode (self->unknown, N_UNKNOWN_SHOWN, json);
}

unsigned
muster_node_service_count_unknown (MusterNodeService *self)
{
  g_return_val_if_fail (MUSTER_IS_NODE_SERVICE (self), 0);

  return muster_unknown_nodes_count (self->unknown);
}
