/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-family-service"

#include "config.h"

#include <string.h>

#include "core/muster-journal.h"
#include "core/muster-promise.h"
#include "devices/muster-metric-book.h"
#include "muster-family-record.h"
#include "muster-family-service.h"
#include "telemetry/muster-sample-reducer.h"

#define LINK_DELAY_MS 20
#define FIRMWARE_MAX 64

struct _MusterFamilyService
{
  MusterService           parent_instance;
  MusterDeviceService    *devices;   /* (owned) */
  MusterDeviceRegistry   *registry;  /* (owned) */
  MusterDiscoveryService *discovery; /* (owned) */
  MusterTelemetry        *telemetry; /* (owned) */
  MusterBus              *bus;       /* (owned) */
  MusterClock            *clock;     /* (owned) */
  MusterMetricBook       *metrics;   /* (owned) */
  MusterFamilyHost       *host;      /* (owned) */
  MusterActor            *actor;     /* (owned) */
  GHashTable             *records;   /* (owned): key of a unit → its MusterMdnsRecord */
  GHashTable             *links;     /* (owned): key of a unit → id of its device */
  GHashTable             *units;     /* (owned): id of a device → key of its unit */
  GHashTable             *gateways; /* (owned): id of a device → id of the gateway it was told of */
  unsigned                subscription;
  guint                   link_id;
};

G_DEFINE_FINAL_TYPE (MusterFamilyService, muster_family_service, MUSTER_TYPE_SERVICE)

/* --- life --- */

static void
muster_family_service_report (MusterFamilyService *self, MusterFamilyUnit *unit)
{
  const char      *id = g_hash_table_lookup (self->links, unit->key);
  g_autofree char *why = NULL;

  if (id == NULL)
    return;
  why =
    g_strdup_printf ("%s: %s", unit->profile->title, muster_family_life_get_reason (unit->life));
  switch (muster_family_life_get_state (unit->life))
    {
    case MUSTER_LIVE_ONLINE:
      muster_device_registry_report_proof (self->registry, id, MUSTER_PROOF_MQTT,
                                           muster_clock_get_now (self->clock), why);
      break;
    case MUSTER_LIVE_OFFLINE:
      /* Its values came by the session that is over. */
      muster_device_registry_withdraw_proof (self->registry, id, MUSTER_PROOF_SAMPLE, NULL);
      muster_device_registry_withdraw_proof (self->registry, id, MUSTER_PROOF_MQTT, why);
      break;
    case MUSTER_LIVE_UNKNOWN:
    default:
      break;
    }
}

void
muster_family_service_report_all (MusterFamilyService *self)
{
  g_autoptr (GPtrArray) units = NULL;

  g_return_if_fail (MUSTER_IS_FAMILY_SERVICE (self));

  units = muster_family_host_list (self->host);
  for (guint i = 0; i < units->len; i++)
    muster_family_service_report (self, units->pdata[i]);
}

/* --- which device it is --- */

/* A record that got an account for a device of the family, and waits for it to come. */
static gboolean
is_waiting (const MusterDeviceBrief *brief, const MusterFamilyUnit *unit)
{
  return brief != NULL && brief->adoption == MUSTER_ADOPTION_ADOPTED && brief->family_key == NULL &&
         g_strcmp0 (brief->family, unit->profile->family) == 0;
}

static MusterDatabase *
muster_family_service_get_database (MusterFamilyService *self)
{
  return muster_repository_get_database (muster_device_service_get_repository (self->devices));
}

static const char *
muster_family_service_recognise (MusterFamilyService *self, MusterFamilyUnit *unit)
{
  const char *mac = muster_family_unit_get_fact (unit, "mac");
  const char *candidates[2] = { NULL };

  candidates[0] =
    muster_device_registry_find_by_node (self->registry,
                                         muster_family_unit_get_variable (unit, "account"));
  candidates[1] = muster_device_registry_find_by_mac (self->registry, mac);
  for (unsigned i = 0; i < G_N_ELEMENTS (candidates); i++)
    if (candidates[i] != NULL &&
        is_waiting (muster_device_registry_get_brief (self->registry, candidates[i]), unit))
      {
        muster_disown_logged (G_LOG_LEVEL_MESSAGE,
                              muster_family_record_set_key (muster_family_service_get_database (
                                                              self),
                                                            self->actor, candidates[i], unit->key),
                              "recognising a device");
        /* The journal tells when it is so. */
        return NULL;
      }
  return NULL;
}

static void
muster_family_service_note_facts (MusterFamilyService *self, MusterFamilyUnit *unit, const char *id)
{
  const char *version = muster_family_unit_get_fact (unit, "version");
  const char *address = muster_family_unit_get_fact (unit, "address");
  const char *port = muster_family_unit_get_fact (unit, "port");
  gint64      number = 0;

  if (version != NULL)
    {
      g_autofree char *cut =
        g_utf8_substring (version, 0, MIN (g_utf8_strlen (version, -1), FIRMWARE_MAX));

      muster_disown_logged (G_LOG_LEVEL_DEBUG,
                            muster_device_registry_note_firmware (self->registry, self->actor, id,
                                                                  cut),
                            "keeping a firmware version");
    }
  if (address != NULL && port != NULL && g_hostname_is_ip_address (address) &&
      g_ascii_string_to_signed (port, 10, 1, G_MAXUINT16, &number, NULL))
    {
      g_autofree char *endpoint = muster_format_endpoint (address, number);

      muster_device_registry_report_address (self->registry, id, endpoint);
    }
}

/* What a bridge passes on is reached through it: when the bridge is down, one alert says so. */
static void
muster_family_service_note_gateway (MusterFamilyService *self,
                                    MusterFamilyUnit    *unit,
                                    const char          *id)
{
  const char      *parent = muster_family_unit_get_fact (unit, "parent");
  g_autofree char *key =
    parent != NULL ? g_strconcat (unit->profile->family, ":", parent, NULL) : NULL;
  const char *gateway = key != NULL ? g_hash_table_lookup (self->links, key) : NULL;

  if (gateway == NULL || g_str_equal (gateway, id) ||
      g_strcmp0 (g_hash_table_lookup (self->gateways, id), gateway) == 0)
    return;
  g_hash_table_replace (self->gateways, g_strdup (id), g_strdup (gateway));
  muster_disown_logged (G_LOG_LEVEL_MESSAGE,
                        muster_family_record_set_gateway (muster_family_service_get_database (self),
                                                          self->actor, id, gateway),
                        "noting a device's gateway");
}

static void
muster_family_service_unlink (MusterFamilyService *self, MusterFamilyUnit *unit)
{
  const char *id = g_hash_table_lookup (self->links, unit->key);

  if (id == NULL)
    return;
  muster_family_host_follow (self->host, unit, FALSE);
  muster_metric_book_forget (self->metrics, id);
  g_hash_table_remove (self->gateways, id);
  g_hash_table_remove (self->units, id);
  g_hash_table_remove (self->links, unit->key);
}

static void muster_family_service_link_soon (MusterFamilyService *self);

static void
muster_family_service_link (MusterFamilyService *self, MusterFamilyUnit *unit)
{
  const char *before = g_hash_table_lookup (self->links, unit->key);
  const char *id = muster_device_registry_find_by_family_key (self->registry, unit->key);
  const MusterDeviceBrief *brief = NULL;

  if (id == NULL)
    id = muster_family_service_recognise (self, unit);
  brief = id != NULL ? muster_device_registry_get_brief (self->registry, id) : NULL;
  if (brief == NULL || brief->adoption != MUSTER_ADOPTION_ADOPTED)
    id = NULL;
  if (g_strcmp0 (before, id) != 0)
    muster_family_service_unlink (self, unit);
  if (id == NULL)
    return;
  muster_family_service_note_facts (self, unit, id);
  muster_family_service_note_gateway (self, unit, id);
  if (g_hash_table_contains (self->links, unit->key))
    return;
  g_hash_table_replace (self->links, g_strdup (unit->key), g_strdup (id));
  g_hash_table_replace (self->units, g_strdup (id), g_strdup (unit->key));
  muster_family_host_follow (self->host, unit, TRUE);
  muster_family_service_report (self, unit);
  /* It may be what others are behind. */
  muster_family_service_link_soon (self);
}

static gboolean
muster_family_service_link_cb (gpointer user_data)
{
  MusterFamilyService *self = user_data;
  g_autoptr (GPtrArray) units = muster_family_host_list (self->host);

  self->link_id = 0;
  for (guint i = 0; i < units->len; i++)
    if (((MusterFamilyUnit *)units->pdata[i])->is_described)
      muster_family_service_link (self, units->pdata[i]);
  return G_SOURCE_REMOVE;
}

/* Once the registry knows; many changes at once are one. */
static void
muster_family_service_link_soon (MusterFamilyService *self)
{
  if (self->link_id == 0)
    self->link_id = g_timeout_add (LINK_DELAY_MS, muster_family_service_link_cb, self);
}

static void
muster_family_service_journal_cb (MusterEvent *event, gpointer user_data)
{
  MusterFamilyService *self = user_data;
  MusterJournalEntry  *entry = muster_event_get_payload (event);

  if (g_str_equal (muster_journal_entry_get_entity (entry), muster_device_info.name))
    muster_family_service_link_soon (self);
}

/* --- what the host tells --- */

static void
set_txt (MusterTxt *txt, const char *key, const char *value)
{
  g_autofree char *cut = NULL;
  gsize            room = 254 - strlen (key);
  const char      *end = NULL;

  if (value == NULL)
    return;
  end = value + MIN (strlen (value), room);
  while (end > value && (*end & 0xc0) == 0x80)
    end--;
  cut = g_strndup (value, end - value);
  muster_txt_set (txt, key, cut);
}

/* The unit as discovery knows things on the network: (transfer full). */
static MusterMdnsRecord *
make_record (MusterFamilyUnit *unit)
{
  static const char *const facts[] = {
    "name", "mac", "serial", "maker", "model", "version", "kind"
  };
  const char *id = unit->key + strlen (unit->profile->family) + 1;
  g_autoptr (MusterTxt) txt = muster_txt_new ();
  g_autofree char *type = g_strdup_printf ("_%s._mqtt", unit->profile->family);

  set_txt (txt, "key", unit->key);
  set_txt (txt, "id", id);
  for (unsigned i = 0; i < G_N_ELEMENTS (facts); i++)
    set_txt (txt, facts[i], muster_family_unit_get_fact (unit, facts[i]));
  return muster_mdns_record_new_told (type, id, muster_family_unit_get_fact (unit, "address"), txt);
}

static void
muster_family_service_found (MusterFamilyUnit *unit, gpointer user_data)
{
  MusterFamilyService *self = user_data;
  MusterMdnsRecord    *record = make_record (unit);

  muster_discovery_service_add_told (self->discovery, record);
  g_hash_table_replace (self->records, g_strdup (unit->key), record);
  muster_family_service_link (self, unit);
}

static void
muster_family_service_removed (MusterFamilyUnit *unit, gpointer user_data)
{
  MusterFamilyService *self = user_data;
  MusterMdnsRecord    *record = g_hash_table_lookup (self->records, unit->key);
  const char          *id = g_hash_table_lookup (self->links, unit->key);

  if (record != NULL)
    muster_discovery_service_remove_told (self->discovery, record);
  g_hash_table_remove (self->records, unit->key);
  if (id == NULL)
    return;
  muster_device_event_log_append (muster_device_registry_get_event_log (self->registry), id,
                                  "withdrawn", MUSTER_SEVERITY_WARNING,
                                  "it is no longer described at the broker: it may have been "
                                  "removed or renamed there",
                                  NULL);
  muster_device_registry_withdraw_proof (self->registry, id, MUSTER_PROOF_SAMPLE, NULL);
  muster_device_registry_withdraw_proof (self->registry, id, MUSTER_PROOF_MQTT,
                                         "it is no longer described at the broker");
  muster_family_service_unlink (self, unit);
}

static void
muster_family_service_described (MusterFamilyUnit *unit, gpointer user_data)
{
  MusterFamilyService *self = user_data;
  const char          *id = g_hash_table_lookup (self->links, unit->key);
  g_autoptr (GArray) metrics = muster_family_unit_list_metrics (unit);

  if (id != NULL && metrics->len > 0)
    muster_disown_logged (
      G_LOG_LEVEL_DEBUG,
      muster_metric_book_note_birth (self->metrics, id,
                                     (const MusterSparkplugMetricInfo *)(gpointer)metrics->data,
                                     metrics->len),
      "keeping metrics");
}

static void
muster_family_service_values (MusterFamilyUnit   *unit,
                              const MusterSample *samples,
                              unsigned            n_samples,
                              gpointer            user_data)
{
  MusterFamilyService *self = user_data;
  const char          *id = g_hash_table_lookup (self->links, unit->key);
  g_autoptr (MusterSampleBatch) batch = NULL;

  if (id == NULL)
    return;
  batch = muster_sample_batch_new (id);
  for (unsigned i = 0; i < n_samples; i++)
    muster_sample_batch_append (batch, samples[i].metric, samples[i].time, &samples[i]);
  muster_disown_logged (G_LOG_LEVEL_DEBUG, muster_telemetry_ingest (self->telemetry, batch),
                        "keeping samples");
}

static void
muster_family_service_life (MusterFamilyUnit *unit, gpointer user_data)
{
  muster_family_service_report (user_data, unit);
}

static const MusterFamilyListener listener = {
  .found = muster_family_service_found,
  .removed = muster_family_service_removed,
  .described = muster_family_service_described,
  .values = muster_family_service_values,
  .life = muster_family_service_life,
};

/* --- commands --- */

static gboolean
route_knows (const char *device_id, gpointer user_data)
{
  MusterFamilyService     *self = user_data;
  const MusterDeviceBrief *brief = muster_device_registry_get_brief (self->registry, device_id);

  return brief != NULL && brief->adoption == MUSTER_ADOPTION_ADOPTED && brief->family_key != NULL;
}

static MusterFamilyUnit *
find_unit (MusterFamilyService *self, const char *device_id)
{
  return muster_family_host_find (self->host, g_hash_table_lookup (self->units, device_id));
}

static DexFuture *
refuse_absent (void)
{
  return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                                "the device is not at the broker now");
}

static DexFuture *
route_write (const char         *device_id,
             const char         *metric,
             const MusterSample *value,
             gint64              timeout,
             gpointer            user_data)
{
  MusterFamilyService *self = user_data;
  MusterFamilyUnit    *unit = find_unit (self, device_id);

  return unit != NULL ? muster_family_host_write (self->host, unit, metric, value, timeout)
                      : refuse_absent ();
}

static DexFuture *
route_act (const char *device_id, MusterCommandKind kind, gint64 timeout, gpointer user_data)
{
  MusterFamilyService *self = user_data;
  MusterFamilyUnit    *unit = find_unit (self, device_id);

  return unit != NULL
           ? muster_family_host_act (self->host, unit,
                                     muster_enum_get_nick (&muster_command_kind_enum, kind),
                                     timeout)
           : refuse_absent ();
}

const MusterCommandRoute muster_family_service_route = {
  .knows = route_knows,
  .write = route_write,
  .act = route_act,
};

/* --- life cycle --- */

static DexFuture *
muster_family_service_start (MusterService *service)
{
  MusterFamilyService *self = MUSTER_FAMILY_SERVICE (service);

  self->subscription = muster_bus_subscribe (self->bus, MUSTER_TOPIC_JOURNAL, G_OBJECT (self),
                                             muster_family_service_journal_cb, self);
  return NULL;
}

static DexFuture *
muster_family_service_stop (MusterService *service)
{
  MusterFamilyService *self = MUSTER_FAMILY_SERVICE (service);

  muster_family_host_flush (self->host);
  g_clear_handle_id (&self->link_id, g_source_remove);
  if (self->subscription != 0)
    muster_bus_unsubscribe (self->bus, self->subscription);
  self->subscription = 0;
  return NULL;
}

static void
muster_family_service_finalize (GObject *object)
{
  MusterFamilyService *self = MUSTER_FAMILY_SERVICE (object);

  g_clear_handle_id (&self->link_id, g_source_remove);
  g_clear_object (&self->host);
  g_hash_table_unref (self->records);
  g_hash_table_unref (self->links);
  g_hash_table_unref (self->units);
  g_hash_table_unref (self->gateways);
  g_clear_object (&self->metrics);
  g_clear_object (&self->devices);
  g_clear_object (&self->registry);
  g_clear_object (&self->discovery);
  g_clear_object (&self->telemetry);
  g_clear_object (&self->bus);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->actor, muster_actor_unref);
  G_OBJECT_CLASS (muster_family_service_parent_class)->finalize (object);
}

static void
muster_family_service_class_init (MusterFamilyServiceClass *klass)
{
  MusterServiceClass *service_class = MUSTER_SERVICE_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = muster_family_service_finalize;
  service_class->name = "families";
  service_class->start = muster_family_service_start;
  service_class->stop = muster_family_service_stop;
}

static void
muster_family_service_init (MusterFamilyService *self)
{
  self->records = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify)muster_mdns_record_unref);
  self->links = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->units = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->gateways = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->actor = muster_actor_new_system ("families");
}

MusterFamilyService *
muster_family_service_new (MusterMqttClient       *client,
                           const char             *host_id,
                           GPtrArray              *profiles,
                           MusterDeviceService    *devices,
                           MusterDiscoveryService *discovery,
                           MusterTelemetry        *telemetry,
                           MusterBus              *bus,
                           MusterClock            *clock)
{
  MusterFamilyService *self = NULL;
  g_autofree char     *name = NULL;

  g_return_val_if_fail (MUSTER_IS_DEVICE_SERVICE (devices), NULL);
  g_return_val_if_fail (MUSTER_IS_DISCOVERY_SERVICE (discovery), NULL);
  g_return_val_if_fail (MUSTER_IS_TELEMETRY (telemetry), NULL);

  self = g_object_new (MUSTER_TYPE_FAMILY_SERVICE, NULL);
  name = g_strdup_printf ("muster-%.8s", host_id);
  self->devices = g_object_ref (devices);
  self->registry = g_object_ref (muster_device_service_get_registry (devices));
  self->discovery = g_object_ref (discovery);
  self->telemetry = g_object_ref (telemetry);
  self->bus = g_object_ref (bus);
  self->clock = g_object_ref (clock);
  self->metrics = muster_metric_book_new (muster_device_service_get_repository (devices));
  self->host = muster_family_host_new (client, clock, name, profiles, &listener, self);
  return self;
}

static void
encode_family (MusterFamilyService *self, const MusterFamilyProfile *profile, GString *json)
{
  g_autoptr (GPtrArray) units = muster_family_host_list (self->host);
  unsigned n_found = 0, n_devices = 0;

  for (guint i = 0; i < units->len; i++)
    {
      MusterFamilyUnit *unit = units->pdata[i];

      if (unit->profile != profile || !unit->is_described)
        continue;
      n_found++;
      n_devices += g_hash_table_contains (self->links, unit->key);
    }
  g_string_append (json, "{\"family\":");
  muster_json_append_string (json, profile->family, -1);
  g_string_append (json, ",\"title\":");
  muster_json_append_string (json, profile->title, -1);
  g_string_append (json, ",\"help\":[");
  for (unsigned i = 0; profile->help != NULL && profile->help[i] != NULL; i++)
    {
      g_string_append (json, i > 0 ? "," : "");
      muster_json_append_string (json, profile->help[i], -1);
    }
  g_string_append_printf (json, "],\"found\":%u,\"devices\":%u}", n_found, n_devices);
}

void
muster_family_service_encode (MusterFamilyService *self, GString *json)
{
  const MusterFamilyCounts *counts = NULL;
  GPtrArray                *profiles = NULL;

  g_return_if_fail (MUSTER_IS_FAMILY_SERVICE (self) && json != NULL);

  counts = muster_family_host_get_counts (self->host);
  profiles = muster_family_host_get_profiles (self->host);
  g_string_append (json, "{\"items\":[");
  for (guint i = 0; i < profiles->len; i++)
    {
      g_string_append (json, i > 0 ? "," : "");
      encode_family (self, profiles->pdata[i], json);
    }
  g_string_append_printf (json,
                          "],\"messages\":%" G_GUINT64_FORMAT ",\"samples\":%" G_GUINT64_FORMAT
                          ",\"malformed\":%" G_GUINT64_FORMAT ",\"dropped\":%" G_GUINT64_FORMAT "}",
                          counts->messages, counts->samples, counts->malformed, counts->dropped);
}
