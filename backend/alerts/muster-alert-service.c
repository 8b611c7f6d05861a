/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-alert-service"

#include "config.h"

#include "muster-alert-service.h"

struct _MusterAlertService
{
  MusterService     parent_instance;
  MusterRepository *repository; /* (owned) */
  MusterBus        *bus;        /* (owned) */
};

G_DEFINE_FINAL_TYPE (MusterAlertService, muster_alert_service, MUSTER_TYPE_SERVICE)

static void
muster_alert_service_finalize (GObject *object)
{
  MusterAlertService *self = MUSTER_ALERT_SERVICE (object);

  g_clear_object (&self->repository);
  g_clear_object (&self->bus);
  G_OBJECT_CLASS (muster_alert_service_parent_class)->finalize (object);
}

static void
muster_alert_service_class_init (MusterAlertServiceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_alert_service_finalize;
  MUSTER_SERVICE_CLASS (klass)->name = "alerts";
}

static void
muster_alert_service_init (MusterAlertService *self)
{
}

MusterAlertService *
muster_alert_service_new (MusterRepository *repository, MusterBus *bus)
{
  MusterAlertService *self = NULL;

  g_return_val_if_fail (MUSTER_IS_REPOSITORY (repository), NULL);
  g_return_val_if_fail (MUSTER_IS_BUS (bus), NULL);

  self = g_object_new (MUSTER_TYPE_ALERT_SERVICE, NULL);
  self->repository = g_object_ref (repository);
  self->bus = g_object_ref (bus);
  return self;
}

MusterRepository *
muster_alert_service_get_repository (MusterAlertService *self)
{
  g_return_val_if_fail (MUSTER_IS_ALERT_SERVICE (self), NULL);

  return self->repository;
}
