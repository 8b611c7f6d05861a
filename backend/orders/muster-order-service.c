/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-order-service"

#include "config.h"

#include "muster-availability.h"
#include "muster-order-edit.h"
#include "muster-order-service.h"
#include "muster-order-steps.h"

struct _MusterOrderService
{
  GObject           parent_instance;
  MusterRepository *repository; /* (owned) */
};

G_DEFINE_FINAL_TYPE (MusterOrderService, muster_order_service, G_TYPE_OBJECT)

static void
muster_order_service_finalize (GObject *object)
{
  MusterOrderService *self = MUSTER_ORDER_SERVICE (object);

  g_clear_object (&self->repository);
  G_OBJECT_CLASS (muster_order_service_parent_class)->finalize (object);
}

static void
muster_order_service_class_init (MusterOrderServiceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_order_service_finalize;
}

static void
muster_order_service_init (MusterOrderService *self)
{
}

MusterOrderService *
muster_order_service_new (MusterRepository *repository)
{
  MusterOrderService *self = NULL;

  g_return_val_if_fail (MUSTER_IS_REPOSITORY (repository), NULL);

  self = g_object_new (MUSTER_TYPE_ORDER_SERVICE, NULL);
  self->repository = g_object_ref (repository);
  return self;
}

MusterRepository *
muster_order_service_get_repository (MusterOrderService *self)
{
  g_return_val_if_fail (MUSTER_IS_ORDER_SERVICE (self), NULL);

  return self->repository;
}

static MusterDatabase *
get_database (MusterOrderService *self)
{
  return muster_repository_get_database (self->repository);
}

static gboolean
read_order (MusterTransaction *transaction, MusterOrdersCall *call, GError **error)
{
  g_autoptr (MusterEntity) order = muster_order_load (transaction, call, error);

  return order != NULL && muster_order_answer (transaction, call, call->id, error);
}

DexFuture *
muster_order_service_get (MusterOrderService *self,
                          MusterActor        *actor,
                          const char         *id,
                          gint64              as_of)
{
  dex_return_error_if_fail (MUSTER_IS_ORDER_SERVICE (self));
  dex_return_error_if_fail (actor != NULL && id != NULL);

  return muster_orders_read (get_database (self), actor, read_order, id, NULL, as_of);
}

DexFuture *
muster_order_service_create (MusterOrderService *self, MusterActor *actor, JsonObject *body)
{
  dex_return_error_if_fail (MUSTER_IS_ORDER_SERVICE (self));
  dex_return_error_if_fail (actor != NULL && body != NULL);

  return muster_orders_write (get_database (self), actor, "Add an order", muster_order_create, NULL,
                              body, 0);
}

DexFuture *
muster_order_service_update (MusterOrderService *self,
                             MusterActor        *actor,
                             const char         *id,
                             JsonObject         *body,
                             gint64              expected_revision)
{
  dex_return_error_if_fail (MUSTER_IS_ORDER_SERVICE (self));
  dex_return_error_if_fail (actor != NULL && id != NULL && body != NULL);

  return muster_orders_write (get_database (self), actor, "Change an order", muster_order_edit, id,
                              body, expected_revision);
}

DexFuture *
muster_order_service_set_status (MusterOrderService *self,
                                 MusterActor        *actor,
                                 const char         *id,
                                 JsonObject         *body,
                                 gint64              expected_revision)
{
  dex_return_error_if_fail (MUSTER_IS_ORDER_SERVICE (self));
  dex_return_error_if_fail (actor != NULL && id != NULL && body != NULL);

  return muster_orders_write (get_database (self), actor, "Set the status of an order",
                              muster_order_set_status, id, body, expected_revision);
}

DexFuture *
muster_order_service_allocate (MusterOrderService *self,
                               MusterActor        *actor,
                               const char         *id,
                               JsonObject         *body,
                               gint64              expected_revision)
{
  dex_return_error_if_fail (MUSTER_IS_ORDER_SERVICE (self));
  dex_return_error_if_fail (actor != NULL && id != NULL && body != NULL);

  return muster_orders_write (get_database (self), actor, "Reserve for an order",
                              muster_order_allocate, id, body, expected_revision);
}

DexFuture *
muster_order_service_ship (MusterOrderService *self,
                           MusterActor        *actor,
                           const char         *id,
                           JsonObject         *body,
                           gint64              expected_revision)
{
  dex_return_error_if_fail (MUSTER_IS_ORDER_SERVICE (self));
  dex_return_error_if_fail (actor != NULL && id != NULL && body != NULL);

  return muster_orders_write (get_database (self), actor, "Ship an order", muster_order_ship, id,
                              body, expected_revision);
}

DexFuture *
muster_order_service_check_availability (MusterOrderService *self,
                                         MusterActor        *actor,
                                         const char         *id,
                                         JsonObject         *body,
                                         gint64              as_of)
{
  dex_return_error_if_fail (MUSTER_IS_ORDER_SERVICE (self));
  dex_return_error_if_fail (actor != NULL);
  dex_return_error_if_fail (id != NULL || body != NULL);

  return muster_orders_read (get_database (self), actor, muster_availability_check, id, body,
                             as_of);
}
