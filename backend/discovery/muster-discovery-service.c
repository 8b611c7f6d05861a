/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-discovery-service"

#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "model/muster-ignored-candidate.h"
#include "model/muster-manual-address.h"
#include "muster-discovery-service-private.h"
#include "muster-networks.h"

#define TICK_SECONDS 5
#define AGE_TICKS 12 /* ticks between the rarer work */

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

gboolean
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
  muster_discovery_service_follow (self);
  for (guint i = 0; i < addresses->len; i++)
    muster_manual_addresses_add (self->manual, muster_entity_get_id (addresses->pdata[i]),
                                 muster_entity_get_string (addresses->pdata[i], "address"),
                                 muster_entity_get_string (addresses->pdata[i], "name"));
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
  muster_discovery_service_watch (self);
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
