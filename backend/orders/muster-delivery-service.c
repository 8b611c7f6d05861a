/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-delivery-service"

#include "config.h"

#include "muster-announcement.h"
#include "muster-delivery-edit.h"
#include "muster-delivery-issues.h"
#include "muster-delivery-scan.h"
#include "muster-delivery-service.h"
#include "muster-delivery-steps.h"
#include "muster-expected.h"

struct _MusterDeliveryService
{
  GObject           parent_instance;
  MusterRepository *repository; /* (owned) */
};

G_DEFINE_FINAL_TYPE (MusterDeliveryService, muster_delivery_service, G_TYPE_OBJECT)

static void
muster_delivery_service_finalize (GObject *object)
{
  MusterDeliveryService *self = MUSTER_DELIVERY_SERVICE (object);

  g_clear_object (&self->repository);
  G_OBJECT_CLASS (muster_delivery_service_parent_class)->finalize (object);
}

static void
muster_delivery_service_class_init (MusterDeliveryServiceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_delivery_service_finalize;
}

static void
muster_delivery_service_init (MusterDeliveryService *self)
{
}

MusterDeliveryService *
muster_delivery_service_new (MusterRepository *repository)
{
  MusterDeliveryService *self = NULL;

  g_return_val_if_fail (MUSTER_IS_REPOSITORY (repository), NULL);

  self = g_object_new (MUSTER_TYPE_DELIVERY_SERVICE, NULL);
  self->repository = g_object_ref (repository);
  return self;
}

MusterRepository *
muster_delivery_service_get_repository (MusterDeliveryService *self)
{
  g_return_val_if_fail (MUSTER_IS_DELIVERY_SERVICE (self), NULL);

  return self->repository;
}

static MusterDatabase *
get_database (MusterDeliveryService *self)
{
  return muster_repository_get_database (self->repository);
}

static gboolean
read_delivery (MusterTransaction *transaction, MusterOrdersCall *call, GError **error)
{
  g_autoptr (MusterEntity) delivery = muster_delivery_load (transaction, call, error);

  return delivery != NULL && muster_delivery_answer (transaction, call, call->id, error);
}

DexFuture *
muster_delivery_service_get (MusterDeliveryService *self,
                             MusterActor           *actor,
                             const char            *id,
                             gint64                 as_of)
{
  dex_return_error_if_fail (MUSTER_IS_DELIVERY_SERVICE (self));
  dex_return_error_if_fail (actor != NULL && id != NULL);

  return muster_orders_read (get_database (self), actor, read_delivery, id, NULL, as_of);
}

DexFuture *
muster_delivery_service_create (MusterDeliveryService *self, MusterActor *actor, JsonObject *body)
{
  dex_return_error_if_fail (MUSTER_IS_DELIVERY_SERVICE (self));
  dex_return_error_if_fail (actor != NULL && body != NULL);

  return muster_orders_write (get_database (self), actor, "Add a delivery", muster_delivery_create,
                              NULL, body, 0);
}

DexFuture *
muster_delivery_service_update (MusterDeliveryService *self,
                                MusterActor           *actor,
                                const char            *id,
                                JsonObject            *body,
                                gint64                 expected_revision)
{
  dex_return_error_if_fail (MUSTER_IS_DELIVERY_SERVICE (self));
  dex_return_error_if_fail (actor != NULL && id != NULL && body != NULL);

  return muster_orders_write (get_database (self), actor, "Change a delivery", muster_delivery_edit,
                              id, body, expected_revision);
}

DexFuture *
muster_delivery_service_set_status (MusterDeliveryService *self,
                                    MusterActor           *actor,
                                    const char            *id,
                                    JsonObject            *body,
                                    gint64                 expected_revision)
{
  dex_return_error_if_fail (MUSTER_IS_DELIVERY_SERVICE (self));
  dex_return_error_if_fail (actor != NULL && id != NULL && body != NULL);

  return muster_orders_write (get_database (self), actor, "Set the status of a delivery",
                              muster_delivery_set_status, id, body, expected_revision);
}

DexFuture *
muster_delivery_service_confirm (MusterDeliveryService *self,
                                 MusterActor           *actor,
                                 const char            *id,
                                 JsonObject            *body,
                                 gint64                 expected_revision)
{
  dex_return_error_if_fail (MUSTER_IS_DELIVERY_SERVICE (self));
  dex_return_error_if_fail (actor != NULL && id != NULL && body != NULL);

  return muster_orders_write (get_database (self), actor, "Confirm a delivery",
                              muster_delivery_confirm, id, body, expected_revision);
}

DexFuture *
muster_delivery_service_announce (MusterDeliveryService *self,
                                  MusterActor           *actor,
                                  const char            *id,
                                  JsonObject            *body,
                                  gint64                 expected_revision)
{
  dex_return_error_if_fail (MUSTER_IS_DELIVERY_SERVICE (self));
  dex_return_error_if_fail (actor != NULL && id != NULL && body != NULL);

  return muster_orders_write (get_database (self), actor, "Announce with a delivery",
                              muster_announcement_announce, id, body, expected_revision);
}

DexFuture *
muster_delivery_service_scan (MusterDeliveryService *self,
                              MusterActor           *actor,
                              const char            *id,
                              JsonObject            *body,
                              gint64                 expected_revision)
{
  dex_return_error_if_fail (MUSTER_IS_DELIVERY_SERVICE (self));
  dex_return_error_if_fail (actor != NULL && id != NULL && body != NULL);

  return muster_orders_write (get_database (self), actor, "Scan for a delivery",
                              muster_delivery_scan, id, body, expected_revision);
}

DexFuture *
muster_delivery_service_add_issue (MusterDeliveryService *self,
                                   MusterActor           *actor,
                                   const char            *id,
                                   JsonObject            *body,
                                   gint64                 expected_revision)
{
  dex_return_error_if_fail (MUSTER_IS_DELIVERY_SERVICE (self));
  dex_return_error_if_fail (actor != NULL && id != NULL && body != NULL);

  return muster_orders_write (get_database (self), actor, "Report an issue with a delivery",
                              muster_delivery_issue_add, id, body, expected_revision);
}

DexFuture *
muster_delivery_service_change_issue (MusterDeliveryService *self,
                                      MusterActor           *actor,
                                      const char            *issue_id,
                                      JsonObject            *body,
                                      gint64                 expected_revision)
{
  dex_return_error_if_fail (MUSTER_IS_DELIVERY_SERVICE (self));
  dex_return_error_if_fail (actor != NULL && issue_id != NULL && body != NULL);

  return muster_orders_write (get_database (self), actor, "Change an issue of a delivery",
                              muster_delivery_issue_change, issue_id, body, expected_revision);
}

DexFuture *
muster_delivery_service_withdraw (MusterDeliveryService *self,
                                  MusterActor           *actor,
                                  const char            *item_id)
{
  dex_return_error_if_fail (MUSTER_IS_DELIVERY_SERVICE (self));
  dex_return_error_if_fail (actor != NULL && item_id != NULL);

  return muster_orders_write (get_database (self), actor, "Take out of a delivery",
                              muster_announcement_withdraw, item_id, NULL, 0);
}

DexFuture *
muster_delivery_service_describe_expected (MusterDeliveryService *self,
                                           MusterActor           *actor,
                                           JsonObject            *list,
                                           gint64                 as_of)
{
  dex_return_error_if_fail (MUSTER_IS_DELIVERY_SERVICE (self));
  dex_return_error_if_fail (actor != NULL && list != NULL);

  return muster_orders_read (get_database (self), actor, muster_expected_describe, NULL, list,
                             as_of);
}
