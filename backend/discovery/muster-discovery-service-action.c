/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-discovery-service-action"

#include "config.h"

#include "model/muster-ignored-candidate.h"
#include "model/muster-manual-address.h"
#include "muster-discovery-service-private.h"

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
