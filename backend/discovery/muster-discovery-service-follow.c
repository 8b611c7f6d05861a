/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-discovery-service-follow"

#include "config.h"

#include <gio/gio.h>
#include <string.h>
#include "core/muster-journal.h"
#include "model/muster-ignored-candidate.h"
#include "model/muster-manual-address.h"
#include "muster-discovery-service-private.h"

/* The prober's name of a device that is asked at the address of its record. */
#define STORED_PREFIX "device:"

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

/* --- signs of life --- */

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

void
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

static void
muster_discovery_service_mdns_changed_cb (MusterMdns *mdns, MusterDiscoveryService *self)
{
  muster_service_set_trouble (MUSTER_SERVICE (self), muster_mdns_get_trouble (mdns));
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

void
muster_discovery_service_watch (MusterDiscoveryService *self)
{
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
  g_signal_connect_object (self->registry, "reloaded",
                           G_CALLBACK (muster_discovery_service_queue_refresh), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->mdns, "found", G_CALLBACK (muster_discovery_service_found_cb),
                           self, 0);
  g_signal_connect_object (self->mdns, "removed", G_CALLBACK (muster_discovery_service_gone_cb),
                           self, 0);
  g_signal_connect_object (self->mdns, "changed",
                           G_CALLBACK (muster_discovery_service_mdns_changed_cb), self, 0);
}

void
muster_discovery_service_follow (MusterDiscoveryService *self)
{
  self->subscription = muster_bus_subscribe (self->bus, MUSTER_TOPIC_JOURNAL, G_OBJECT (self),
                                             muster_discovery_service_journal_cb, self);
  muster_device_registry_foreach (self->registry, muster_discovery_service_probe_stored, self);
}
