/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-discovery-service"

#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "core/muster-journal.h"
#include "model/muster-ignored-candidate.h"
#include "model/muster-manual-address.h"
#include "muster-candidate-book.h"
#include "muster-discovery-service.h"
#include "muster-expectations.h"
#include "muster-manual-addresses.h"
#include "muster-networks.h"
#include "muster-prober.h"

#define TICK_SECONDS 5
#define AGE_TICKS 12 /* ticks between the rarer work */

typedef enum
{
  PUBLICATION_SITE,
  PUBLICATION_BROKER,
  PUBLICATION_BROKER_TLS,
  N_PUBLICATIONS,
} Publication;

struct _MusterDiscoveryService
{
  MusterService         parent_instance;
  MusterMdns           *mdns;
  MusterDeviceRegistry *registry;
  MusterRepository     *repository;
  MusterBus            *bus;
  MusterClock          *clock;

  MusterFamilies        *families;
  MusterCandidateBook   *book;
  MusterManualAddresses *manual;
  MusterProber          *prober;
  MusterExpectations    *expectations;
  GHashTable            *stored;  /* set of ids of devices that are asked where they were last */
  GHashTable            *ignored; /* record id → key */
  unsigned               publications[N_PUBLICATIONS];
  unsigned               subscription;
  unsigned               n_ticks;
  guint                  tick_id;
  guint                  refresh_id;
};

G_DEFINE_FINAL_TYPE (MusterDiscoveryService, muster_discovery_service, MUSTER_TYPE_SERVICE)

/* --- matching with the registry --- */

static const char *
muster_discovery_service_match (MusterDiscoveryService *self, MusterEntity *candidate)
{
  const char *mac = muster_entity_get_string (candidate, "mac");
  const char *serial = muster_entity_get_string (candidate, "serial");
  const char *family_key = muster_entity_get_string (candidate, "family_key");
  const char *id = muster_device_registry_find_by_family_key (self->registry, family_key);

  if (id == NULL && mac != NULL)
    id = muster_device_registry_find_by_mac (self->registry, mac);
  if (id == NULL && serial != NULL)
    id = muster_device_registry_find_by_serial (self->registry, serial);
  if (id == NULL && serial != NULL)
    id = muster_device_registry_find_by_node (self->registry, serial);
  return id;
}

static gboolean
muster_discovery_service_is_ignored (MusterDiscoveryService *self, MusterEntity *candidate)
{
  GHashTableIter iter;
  const char    *key;

  g_hash_table_iter_init (&iter, self->ignored);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&key))
    if (muster_candidate_book_is_known_by (self->book, MUSTER_CANDIDATE (candidate), key))
      return TRUE;
  return FALSE;
}

static MusterCandidateState
choose_state (const MusterDeviceBrief *brief)
{
  if (brief == NULL)
    return MUSTER_CANDIDATE_NEW;
  if (brief->adoption == MUSTER_ADOPTION_ADOPTED)
    return MUSTER_CANDIDATE_ADOPTED;
  return brief->has_secret ? MUSTER_CANDIDATE_EXPECTED : MUSTER_CANDIDATE_KNOWN;
}

static void
muster_discovery_service_decorate (MusterCandidate *candidate, gpointer user_data)
{
  MusterDiscoveryService  *self = user_data;
  MusterEntity            *entity = MUSTER_ENTITY (candidate);
  const char              *id = muster_discovery_service_match (self, entity);
  const MusterDeviceBrief *brief =
    id != NULL ? muster_device_registry_get_brief (self->registry, id) : NULL;
  MusterCandidateState state = choose_state (brief);
  const char          *expected = NULL;
  gboolean             secret_known;

  if (brief != NULL)
    muster_entity_set_string (entity, "device_id", id);
  expected =
    muster_expectations_look_up (self->expectations, muster_entity_get_string (entity, "serial"),
                                 muster_entity_get_string (entity, "mac"), id, &secret_known);
  muster_entity_set_string (entity, "expected", expected);
  secret_known = secret_known || (brief != NULL && brief->has_secret);
  muster_entity_set_boolean (entity, "secret_known", secret_known);
  if (state != MUSTER_CANDIDATE_ADOPTED && (expected != NULL || secret_known))
    state = MUSTER_CANDIDATE_EXPECTED;
  /* It still answers the pairing protocol, but is taken: by this very site. */
  if (state == MUSTER_CANDIDATE_ADOPTED)
    muster_entity_set_boolean (entity, "pairable", FALSE);
  muster_entity_set_boolean (entity, "adoptable",
                             state != MUSTER_CANDIDATE_ADOPTED &&
                               (muster_entity_get_boolean (entity, "pairable") ||
                                !muster_entity_is_null (entity, "family_key")));
  if (muster_discovery_service_is_ignored (self, entity))
    state = MUSTER_CANDIDATE_IGNORED;
  muster_entity_set_enum (entity, "state", state);
}

/* --- candidates --- */

static gboolean
encode_candidate (MusterEvent *event, GHashTable *details, GString *json)
{
  muster_entity_encode (muster_event_get_payload (event), json);
  return TRUE;
}

static gboolean
encode_removal (MusterEvent *event, GHashTable *details, GString *json)
{
  g_string_append (json, "{\"removed\":true}");
  return TRUE;
}

static void
muster_discovery_service_publish (MusterDiscoveryService *self,
                                  MusterCandidate        *candidate,
                                  MusterEventEncode       encode)
{
  const char *key = muster_entity_get_string (MUSTER_ENTITY (candidate), "key");
  g_autoptr (MusterEvent) event =
              muster_event_new (MUSTER_TOPIC_DISCOVERY, key, key, 0, G_OBJECT (candidate), encode);

  muster_bus_publish (self->bus, event);
}

/* The prober's name of a device that is asked at the address of its record. */
#define STORED_PREFIX "device:"

static void
muster_discovery_service_drop_stored (MusterDiscoveryService *self, const char *id)
{
  g_autofree char *key = g_strconcat (STORED_PREFIX, id, NULL);

  if (g_hash_table_remove (self->stored, id))
    muster_prober_remove (self->prober, key);
}

/* A device that nothing announces is looked for where it was last. */
static void
muster_discovery_service_probe_stored (const MusterDeviceBrief *brief, gpointer user_data)
{
  MusterDiscoveryService *self = user_data;
  g_autofree char        *key = g_strconcat (STORED_PREFIX, brief->id, NULL);
  g_autoptr (GSocketConnectable) where =
              brief->address != NULL ? g_network_address_parse (brief->address, 0, NULL) : NULL;

  if (where == NULL || g_network_address_get_port (G_NETWORK_ADDRESS (where)) == 0)
    return;
  g_hash_table_add (self->stored, g_strdup (brief->id));
  muster_prober_set (self->prober, key, MUSTER_PROBE_TCP,
                     g_network_address_get_hostname (G_NETWORK_ADDRESS (where)),
                     g_network_address_get_port (G_NETWORK_ADDRESS (where)),
                     brief->adoption == MUSTER_ADOPTION_ADOPTED);
}

/* Only what belongs to the site's records is asked for signs of life. */
static void
muster_discovery_service_update_probe (MusterDiscoveryService *self, MusterEntity *candidate)
{
  const char      *key = muster_entity_get_string (candidate, "key");
  g_autofree char *address = NULL;
  MusterProbe      probe = MUSTER_PROBE_NONE;
  guint16          port = 0;

  if (muster_entity_is_null (candidate, "device_id"))
    muster_prober_remove (self->prober, key);
  else if (muster_candidate_book_get_probe (self->book, key, &probe, &address, &port))
    {
      muster_discovery_service_drop_stored (self,
                                            muster_entity_get_string (candidate, "device_id"));
      muster_prober_set (self->prober, key, probe, address, port,
                         muster_entity_get_enum (candidate, "state") == MUSTER_CANDIDATE_ADOPTED);
    }
}

static void
muster_discovery_service_report_address (MusterDiscoveryService *self, MusterEntity *candidate)
{
  const char      *endpoint = muster_entity_get_string (candidate, "pairing_address");
  g_autofree char *address = NULL;
  g_autofree char *found = NULL;
  MusterProbe      probe = MUSTER_PROBE_NONE;
  guint16          port = 0;

  if (endpoint == NULL &&
      muster_candidate_book_get_probe (self->book, muster_entity_get_string (candidate, "key"),
                                       &probe, &address, &port))
    endpoint = found = muster_format_endpoint (address, port);
  if (endpoint != NULL)
    muster_device_registry_report_address (self->registry,
                                           muster_entity_get_string (candidate, "device_id"),
                                           endpoint);
}

static void
muster_discovery_service_changed_cb (MusterCandidateBook    *book,
                                     MusterCandidate        *candidate,
                                     MusterDiscoveryService *self)
{
  MusterEntity *entity = MUSTER_ENTITY (candidate);

  muster_discovery_service_publish (self, candidate, encode_candidate);
  muster_discovery_service_update_probe (self, entity);
  if (!muster_entity_is_null (entity, "device_id") && muster_entity_get_boolean (entity, "present"))
    muster_discovery_service_report_address (self, entity);
}

static void
muster_discovery_service_removed_cb (MusterCandidateBook    *book,
                                     MusterCandidate        *candidate,
                                     MusterDiscoveryService *self)
{
  muster_prober_remove (self->prober, muster_entity_get_string (MUSTER_ENTITY (candidate), "key"));
  muster_discovery_service_publish (self, candidate, encode_removal);
}

/* --- signs of life --- */

static void
muster_discovery_service_report (MusterDiscoveryService *self,
                                 MusterEntity           *candidate,
                                 MusterProofKind         kind,
                                 const char             *detail)
{
  const char *id = muster_entity_get_string (candidate, "device_id");

  if (id != NULL)
    muster_device_registry_report_proof (self->registry, id, kind,
                                         muster_clock_get_now (self->clock), detail);
}

static void
muster_discovery_service_found_cb (MusterMdns             *mdns,
                                   MusterMdnsRecord       *record,
                                   MusterDiscoveryService *self)
{
  MusterCandidate *candidate =
    muster_candidate_book_add (self->book, record, muster_clock_get_now (self->clock));

  if (candidate != NULL)
    muster_discovery_service_report (self, MUSTER_ENTITY (candidate), MUSTER_PROOF_MDNS,
                                     record->type);
}

static void
muster_discovery_service_gone_cb (MusterMdns             *mdns,
                                  MusterMdnsRecord       *record,
                                  MusterDiscoveryService *self)
{
  MusterEntity *candidate =
    (MusterEntity *)muster_candidate_book_remove (self->book, record,
                                                  muster_clock_get_now (self->clock));

  if (candidate != NULL && !muster_entity_is_null (candidate, "device_id") &&
      !muster_candidate_book_is_announced (self->book, MUSTER_CANDIDATE (candidate)))
    muster_device_registry_withdraw_proof (self->registry,
                                           muster_entity_get_string (candidate, "device_id"),
                                           MUSTER_PROOF_MDNS,
                                           "its services are no longer announced");
}

static void
muster_discovery_service_alive_cb (MusterProber           *prober,
                                   const char             *key,
                                   gboolean                by_http,
                                   const char             *detail,
                                   MusterDiscoveryService *self)
{
  MusterProofKind  kind = by_http ? MUSTER_PROOF_HTTP : MUSTER_PROOF_TCP;
  MusterCandidate *candidate;

  if (g_str_has_prefix (key, STORED_PREFIX))
    {
      muster_device_registry_report_proof (self->registry, key + strlen (STORED_PREFIX), kind,
                                           muster_clock_get_now (self->clock), detail);
      return;
    }
  candidate = muster_candidate_book_find (self->book, key);
  if (candidate != NULL)
    muster_discovery_service_report (self, MUSTER_ENTITY (candidate), kind, detail);
}

static void
muster_discovery_service_answered_cb (MusterManualAddresses  *manual,
                                      MusterMdnsRecord       *record,
                                      MusterDiscoveryService *self)
{
  MusterCandidate *candidate =
    muster_candidate_book_add (self->book, record, muster_clock_get_now (self->clock));

  if (candidate != NULL && record->address != NULL)
    muster_discovery_service_report (self, MUSTER_ENTITY (candidate), MUSTER_PROOF_HTTP,
                                     record->address);
}

static void
muster_discovery_service_silent_cb (MusterManualAddresses  *manual,
                                    MusterMdnsRecord       *record,
                                    MusterDiscoveryService *self)
{
  muster_candidate_book_remove (self->book, record, muster_clock_get_now (self->clock));
}

/* Announcements that stand are kept fresh by the responder, which asks again before a host's record
 * runs out. */
static void
muster_discovery_service_report_standing (MusterDiscoveryService *self)
{
  g_autoptr (GPtrArray) list = NULL;

  if (muster_mdns_get_trouble (self->mdns) != NULL)
    return;
  list = muster_candidate_book_list (self->book);
  for (guint i = 0; i < list->len; i++)
    if (muster_candidate_book_is_announced (self->book, list->pdata[i]) &&
        !muster_entity_is_null (list->pdata[i], "host"))
      muster_discovery_service_report (self, list->pdata[i], MUSTER_PROOF_MDNS,
                                       muster_entity_get_string (list->pdata[i], "host"));
}

static gboolean
muster_discovery_service_tick_cb (gpointer user_data)
{
  MusterDiscoveryService *self = user_data;

  muster_prober_tick (self->prober);
  muster_manual_addresses_tick (self->manual);
  if (++self->n_ticks % AGE_TICKS == 0)
    {
      muster_discovery_service_report_standing (self);
      muster_candidate_book_age (self->book, muster_clock_get_now (self->clock));
    }
  return G_SOURCE_CONTINUE;
}

static void
muster_discovery_service_mdns_changed_cb (MusterMdns *mdns, MusterDiscoveryService *self)
{
  muster_service_set_trouble (MUSTER_SERVICE (self), muster_mdns_get_trouble (mdns));
}

/* --- following the journal --- */

static gboolean
muster_discovery_service_refresh_cb (gpointer user_data)
{
  MusterDiscoveryService *self = user_data;

  self->refresh_id = 0;
  muster_candidate_book_refresh (self->book);
  return G_SOURCE_REMOVE;
}

/* After everybody else has seen what is being published now; many changes at once are one. */
static void
muster_discovery_service_queue_refresh (MusterDiscoveryService *self)
{
  if (self->refresh_id == 0)
    self->refresh_id =
      g_idle_add_full (G_PRIORITY_DEFAULT, muster_discovery_service_refresh_cb, self, NULL);
}

static void
muster_discovery_service_follow_ignored (MusterDiscoveryService *self, MusterJournalEntry *entry)
{
  const char *id = muster_journal_entry_get_entity_id (entry);
  JsonObject *after = muster_journal_entry_get_after (entry);

  if (after == NULL)
    g_hash_table_remove (self->ignored, id);
  else if (json_object_has_member (after, "key"))
    g_hash_table_replace (self->ignored, g_strdup (id),
                          g_strdup (json_object_get_string_member (after, "key")));
  muster_discovery_service_queue_refresh (self);
}

static void
muster_discovery_service_follow_address (MusterDiscoveryService *self, MusterJournalEntry *entry)
{
  const char *id = muster_journal_entry_get_entity_id (entry);
  JsonObject *after = muster_journal_entry_get_after (entry);

  if (after == NULL)
    muster_manual_addresses_remove (self->manual, id);
  else if (json_object_has_member (after, "address"))
    muster_manual_addresses_add (self->manual, id, json_object_get_string_member (after, "address"),
                                 json_object_get_string_member_with_default (after, "name", NULL));
}

static void
muster_discovery_service_journal_cb (MusterEvent *event, gpointer user_data)
{
  MusterDiscoveryService *self = user_data;
  MusterJournalEntry     *entry = muster_event_get_payload (event);
  const char             *entity = muster_journal_entry_get_entity (entry);

  if (g_str_equal (entity, "device"))
    {
      /* A new one was not released. */
      JsonObject *after = muster_journal_entry_get_record (entry) == NULL
                            ? muster_journal_entry_get_after (entry)
                            : NULL;

      if (muster_journal_entry_get_action (entry) == MUSTER_JOURNAL_DELETE)
        muster_discovery_service_drop_stored (self, muster_journal_entry_get_entity_id (entry));
      /* Whoever was released is free at once; one that only stands at an address does not say so
       * by itself. */
      if (after != NULL &&
          g_strcmp0 (json_object_get_string_member_with_default (after, "adoption", NULL),
                     "released") == 0)
        muster_manual_addresses_ask_all (self->manual);
      muster_discovery_service_queue_refresh (self);
    }
  else if (g_str_equal (entity, muster_ignored_candidate_info.name))
    muster_discovery_service_follow_ignored (self, entry);
  else if (g_str_equal (entity, muster_manual_address_info.name))
    muster_discovery_service_follow_address (self, entry);
}

/* --- life --- */

static GPtrArray *
await_all (MusterDiscoveryService *self, const MusterEntityInfo *info, GError **error)
{
  g_autoptr (MusterQuery) query = muster_query_new (info);

  muster_query_set_limit (query, 0);
  return dex_await_boxed (muster_repository_select (self->repository, query), error);
}

static DexFuture *
muster_discovery_service_start_fiber (gpointer user_data)
{
  MusterDiscoveryService *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) ignored = await_all (self, &muster_ignored_candidate_info, &error);
  g_autoptr (GPtrArray) addresses =
              ignored != NULL ? await_all (self, &muster_manual_address_info, &error) : NULL;

  if (addresses == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));
  for (guint i = 0; i < ignored->len; i++)
    g_hash_table_replace (self->ignored, g_strdup (muster_entity_get_id (ignored->pdata[i])),
                          g_strdup (muster_entity_get_string (ignored->pdata[i], "key")));
  self->subscription = muster_bus_subscribe (self->bus, MUSTER_TOPIC_JOURNAL, G_OBJECT (self),
                                             muster_discovery_service_journal_cb, self);
  for (guint i = 0; i < addresses->len; i++)
    muster_manual_addresses_add (self->manual, muster_entity_get_id (addresses->pdata[i]),
                                 muster_entity_get_string (addresses->pdata[i], "address"),
                                 muster_entity_get_string (addresses->pdata[i], "name"));
  muster_device_registry_foreach (self->registry, muster_discovery_service_probe_stored, self);
  self->tick_id = g_timeout_add_seconds (TICK_SECONDS, muster_discovery_service_tick_cb, self);
  muster_mdns_start (self->mdns, muster_families_list_types (self->families));
  return dex_future_new_true ();
}

static DexFuture *
muster_discovery_service_start (MusterService *service)
{
  return dex_scheduler_spawn (NULL, 0, muster_discovery_service_start_fiber, g_object_ref (service),
                              g_object_unref);
}

static void
muster_discovery_service_quiet (MusterDiscoveryService *self)
{
  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_handle_id (&self->refresh_id, g_source_remove);
  if (self->subscription != 0)
    muster_bus_unsubscribe (self->bus, self->subscription);
  self->subscription = 0;
}

static DexFuture *
muster_discovery_service_stop (MusterService *service)
{
  MusterDiscoveryService *self = MUSTER_DISCOVERY_SERVICE (service);

  muster_discovery_service_quiet (self);
  return muster_mdns_stop (self->mdns);
}

static void
muster_discovery_service_dispose (GObject *object)
{
  MusterDiscoveryService *self = MUSTER_DISCOVERY_SERVICE (object);

  muster_discovery_service_quiet (self);
  g_clear_object (&self->manual);
  g_clear_object (&self->prober);
  g_clear_object (&self->expectations);
  g_clear_object (&self->book);
  g_clear_object (&self->families);
  g_clear_object (&self->mdns);
  g_clear_object (&self->registry);
  g_clear_object (&self->repository);
  g_clear_object (&self->bus);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->ignored, g_hash_table_unref);
  g_clear_pointer (&self->stored, g_hash_table_unref);
  G_OBJECT_CLASS (muster_discovery_service_parent_class)->dispose (object);
}

static void
muster_discovery_service_class_init (MusterDiscoveryServiceClass *klass)
{
  MusterServiceClass *service_class = MUSTER_SERVICE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = muster_discovery_service_dispose;
  service_class->name = "discovery";
  service_class->start = muster_discovery_service_start;
  service_class->stop = muster_discovery_service_stop;
}

static void
muster_discovery_service_init (MusterDiscoveryService *self)
{
  self->ignored = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->stored = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

MusterDiscoveryService *
muster_discovery_service_new (MusterMdns           *mdns,
                              MusterDeviceRegistry *registry,
                              MusterRepository     *repository,
                              MusterBus            *bus,
                              MusterClock          *clock,
                              MusterHttpFetch      *fetch)
{
  MusterDiscoveryService *self;

  g_return_val_if_fail (MUSTER_IS_MDNS (mdns), NULL);
  g_return_val_if_fail (MUSTER_IS_DEVICE_REGISTRY (registry), NULL);
  g_return_val_if_fail (MUSTER_IS_REPOSITORY (repository), NULL);

  self = g_object_new (MUSTER_TYPE_DISCOVERY_SERVICE, NULL);
  self->mdns = g_object_ref (mdns);
  self->registry = g_object_ref (registry);
  self->repository = g_object_ref (repository);
  self->bus = g_object_ref (bus);
  self->clock = g_object_ref (clock);
  self->families = muster_families_new ();
  self->book = muster_candidate_book_new (self->families);
  self->manual = muster_manual_addresses_new (fetch, clock);
  self->prober = muster_prober_new (fetch, clock);
  self->expectations = muster_expectations_new (repository, bus);
  muster_candidate_book_set_decorate (self->book, muster_discovery_service_decorate, self);
  g_signal_connect_object (self->book, "changed", G_CALLBACK (muster_discovery_service_changed_cb),
                           self, 0);
  g_signal_connect_object (self->book, "removed", G_CALLBACK (muster_discovery_service_removed_cb),
                           self, 0);
  g_signal_connect_object (self->prober, "alive", G_CALLBACK (muster_discovery_service_alive_cb),
                           self, 0);
  g_signal_connect_object (self->manual, "answered",
                           G_CALLBACK (muster_discovery_service_answered_cb), self, 0);
  g_signal_connect_object (self->manual, "silent", G_CALLBACK (muster_discovery_service_silent_cb),
                           self, 0);
  g_signal_connect_object (self->expectations, "changed",
                           G_CALLBACK (muster_discovery_service_queue_refresh), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (registry, "reloaded",
                           G_CALLBACK (muster_discovery_service_queue_refresh), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (mdns, "found", G_CALLBACK (muster_discovery_service_found_cb), self, 0);
  g_signal_connect_object (mdns, "removed", G_CALLBACK (muster_discovery_service_gone_cb), self, 0);
  g_signal_connect_object (mdns, "changed", G_CALLBACK (muster_discovery_service_mdns_changed_cb),
                           self, 0);
  return self;
}

/* --- what others tell --- */

void
muster_discovery_service_add_told (MusterDiscoveryService *self, MusterMdnsRecord *record)
{
  g_return_if_fail (MUSTER_IS_DISCOVERY_SERVICE (self));
  g_return_if_fail (record != NULL && record->source == MUSTER_MDNS_TOLD);

  muster_candidate_book_add (self->book, record, muster_clock_get_now (self->clock));
}

void
muster_discovery_service_remove_told (MusterDiscoveryService *self, MusterMdnsRecord *record)
{
  g_return_if_fail (MUSTER_IS_DISCOVERY_SERVICE (self));
  g_return_if_fail (record != NULL);

  muster_candidate_book_remove (self->book, record, muster_clock_get_now (self->clock));
}

/* --- what others ask --- */

MusterCandidate *
muster_discovery_service_find (MusterDiscoveryService *self, const char *key, const char *device_id)
{
  g_autoptr (GPtrArray) list = NULL;

  g_return_val_if_fail (MUSTER_IS_DISCOVERY_SERVICE (self), NULL);
  g_return_val_if_fail (key != NULL || device_id != NULL, NULL);

  if (key != NULL)
    {
      MusterCandidate *candidate = muster_candidate_book_find (self->book, key);

      return candidate != NULL ? g_object_ref (candidate) : NULL;
    }
  list = muster_candidate_book_list (self->book);
  for (guint i = 0; i < list->len; i++)
    if (muster_entity_get_boolean (list->pdata[i], "present") &&
        g_strcmp0 (muster_entity_get_string (list->pdata[i], "device_id"), device_id) == 0)
      return g_object_ref (list->pdata[i]);
  return NULL;
}

GPtrArray *
muster_discovery_service_list (MusterDiscoveryService *self)
{
  g_return_val_if_fail (MUSTER_IS_DISCOVERY_SERVICE (self), NULL);

  return muster_candidate_book_list (self->book);
}

static void
append_texts (GString *json, char **texts)
{
  g_string_append_c (json, '[');
  for (unsigned i = 0; texts[i] != NULL; i++)
    {
      g_string_append (json, i > 0 ? "," : "");
      muster_json_append_string (json, texts[i], -1);
    }
  g_string_append_c (json, ']');
}

void
muster_discovery_service_encode_status (MusterDiscoveryService *self, GString *json)
{
  const char *trouble;
  g_auto (GStrv) interfaces = NULL;
  g_auto (GStrv) networks = NULL;

  g_return_if_fail (MUSTER_IS_DISCOVERY_SERVICE (self));
  g_return_if_fail (json != NULL);

  trouble = muster_mdns_get_trouble (self->mdns);
  interfaces = muster_mdns_list_interfaces (self->mdns);
  networks = muster_networks_list ();
  g_string_append_printf (json,
                          "{\"available\":%s,\"trouble\":", trouble == NULL ? "true" : "false");
  if (trouble != NULL)
    muster_json_append_string (json, trouble, -1);
  else
    g_string_append (json, "null");
  g_string_append_printf (json,
                          ",\"types\":%u,\"interfaces\":", muster_mdns_get_n_types (self->mdns));
  append_texts (json, interfaces);
  g_string_append (json, ",\"networks\":");
  append_texts (json, networks);
  g_string_append_printf (json, ",\"candidates\":%u,\"dropped\":%" G_GUINT64_FORMAT "}",
                          muster_candidate_book_get_count (self->book),
                          muster_candidate_book_get_n_dropped (self->book));
}

void
muster_discovery_service_scan (MusterDiscoveryService *self)
{
  g_return_if_fail (MUSTER_IS_DISCOVERY_SERVICE (self));

  muster_mdns_rescan (self->mdns);
  muster_prober_tick (self->prober);
  muster_manual_addresses_ask_all (self->manual);
}

/* --- ignoring --- */

static DexFuture *
refuse_unknown (const char *key)
{
  return dex_future_new_reject (MUSTER_ERROR, MUSTER_ERROR_NOT_FOUND, "there is no candidate %s",
                                key);
}

DexFuture *
muster_discovery_service_ignore (MusterDiscoveryService *self, MusterActor *actor, const char *key)
{
  MusterEntity *candidate;
  g_autoptr (MusterEntity) record = NULL;
  g_autofree char *operation = NULL;

  dex_return_error_if_fail (MUSTER_IS_DISCOVERY_SERVICE (self));
  dex_return_error_if_fail (key != NULL);

  candidate = (MusterEntity *)muster_candidate_book_find (self->book, key);
  if (candidate == NULL)
    return refuse_unknown (key);
  if (muster_discovery_service_is_ignored (self, candidate))
    return dex_future_new_true ();
  record = muster_entity_new (&muster_ignored_candidate_info);
  muster_entity_set_string (record, "key", muster_entity_get_string (candidate, "key"));
  muster_entity_set_string (record, "name", muster_entity_get_string (candidate, "name"));
  operation = g_strdup_printf ("Ignore %s", muster_entity_get_string (candidate, "name"));
  return muster_repository_insert (self->repository, actor, operation, record);
}

DexFuture *
muster_discovery_service_unignore (MusterDiscoveryService *self,
                                   MusterActor            *actor,
                                   const char             *key)
{
  MusterEntity    *candidate;
  GHashTableIter   iter;
  const char      *id;
  const char      *ignored;
  g_autofree char *operation = NULL;
  g_autoptr (GPtrArray) futures = NULL;

  dex_return_error_if_fail (MUSTER_IS_DISCOVERY_SERVICE (self));
  dex_return_error_if_fail (key != NULL);

  candidate = (MusterEntity *)muster_candidate_book_find (self->book, key);
  operation =
    g_strdup_printf ("Show %s again",
                     candidate != NULL ? muster_entity_get_string (candidate, "name") : key);
  futures = g_ptr_array_new_with_free_func (dex_unref);
  g_hash_table_iter_init (&iter, self->ignored);
  while (g_hash_table_iter_next (&iter, (gpointer *)&id, (gpointer *)&ignored))
    if (g_str_equal (ignored, key) ||
        (candidate != NULL &&
         muster_candidate_book_is_known_by (self->book, MUSTER_CANDIDATE (candidate), ignored)))
      g_ptr_array_add (futures, muster_repository_delete (self->repository, actor, operation,
                                                          &muster_ignored_candidate_info, id, 0));
  if (futures->len > 0)
    return dex_future_allv ((DexFuture **)futures->pdata, futures->len);
  return candidate != NULL ? dex_future_new_true () : refuse_unknown (key);
}

/* --- addresses --- */

DexFuture *
muster_discovery_service_add_address (MusterDiscoveryService *self,
                                      MusterActor            *actor,
                                      MusterEntity           *entity)
{
  g_autofree char *operation = NULL;

  dex_return_error_if_fail (MUSTER_IS_DISCOVERY_SERVICE (self));
  dex_return_error_if_fail (MUSTER_IS_ENTITY (entity));

  operation = g_strdup_printf ("Look at %s", muster_entity_get_string (entity, "address"));
  return muster_repository_insert (self->repository, actor, operation, entity);
}

DexFuture *
muster_discovery_service_remove_address (MusterDiscoveryService *self,
                                         MusterActor            *actor,
                                         const char             *id)
{
  dex_return_error_if_fail (MUSTER_IS_DISCOVERY_SERVICE (self));

  return muster_repository_delete (self->repository, actor, "Forget an address",
                                   &muster_manual_address_info, id, 0);
}

/* --- publishing --- */

static void
muster_discovery_service_announce (MusterDiscoveryService *self,
                                   Publication             which,
                                   const char             *name,
                                   const char             *type,
                                   guint16                 port,
                                   MusterTxt              *txt)
{
  if (self->publications[which] != 0)
    muster_mdns_unpublish (self->mdns, self->publications[which]);
  self->publications[which] =
    port != 0 ? muster_mdns_publish (self->mdns, name, type, port, txt) : 0;
}

void
muster_discovery_service_publish_site (MusterDiscoveryService *self,
                                       const char             *name,
                                       const char             *site_id,
                                       guint16                 port)
{
  g_autoptr (MusterTxt) txt = muster_txt_new ();

  g_return_if_fail (MUSTER_IS_DISCOVERY_SERVICE (self));
  g_return_if_fail (muster_service_is_running (MUSTER_SERVICE (self)));

  muster_txt_set (txt, "name", name);
  muster_txt_set (txt, "id", site_id);
  muster_txt_set (txt, "version", MUSTER_VERSION);
  muster_discovery_service_announce (self, PUBLICATION_SITE, name, "_muster._tcp", port, txt);
}

void
muster_discovery_service_publish_broker (MusterDiscoveryService *self,
                                         const char             *name,
                                         guint16                 port,
                                         guint16                 tls_port)
{
  g_return_if_fail (MUSTER_IS_DISCOVERY_SERVICE (self));
  g_return_if_fail (muster_service_is_running (MUSTER_SERVICE (self)));

  muster_discovery_service_announce (self, PUBLICATION_BROKER, name, "_mqtt._tcp", port, NULL);
  muster_discovery_service_announce (self, PUBLICATION_BROKER_TLS, name, "_secure-mqtt._tcp",
                                     tls_port, NULL);
}
