/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-daemon-ota"

#include "config.h"

#include "muster-daemon-ota.h"

struct _MusterDaemonOta
{
  MusterFirmwareService *firmware; /* (owned) */
  MusterUpdateService   *updates;  /* (owned) */
  MusterRolloutService  *rollouts; /* (owned) */
  MusterFlashService    *flash;    /* (owned) */
  MusterFactoryService  *factory;  /* (owned) */
  GPtrArray             *services; /* (owned) (element-type MusterService) */
};

MusterDaemonOta *
muster_daemon_ota_new (MusterDataDir *data_dir, const MusterDaemonOtaParts *parts, GError **error)
{
  g_autofree char *folder = muster_data_dir_build (data_dir, "firmware");
  g_autofree char *flash_folder = muster_data_dir_build (data_dir, "flash");
  g_autoptr (MusterFirmwareStore) store = muster_firmware_store_new (folder, error);
  MusterDaemonOta *self = NULL;

  if (store == NULL)
    return NULL;
  self = g_new0 (MusterDaemonOta, 1);
  self->firmware = muster_firmware_service_new (parts->repository, store, parts->settings);
  self->updates =
    muster_update_service_new (self->firmware, parts->registry, parts->bus, parts->clock);
  self->rollouts =
    muster_rollout_service_new (self->updates, parts->samples, parts->bus, parts->clock);
  self->flash = muster_flash_service_new (self->firmware, parts->settings, flash_folder);
  self->services = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (self->services, g_object_ref (self->firmware));
  g_ptr_array_add (self->services, g_object_ref (self->updates));
  g_ptr_array_add (self->services, g_object_ref (self->rollouts));
  self->factory = muster_factory_service_new (self->flash, parts->settings);
  g_ptr_array_add (self->services, g_object_ref (self->flash));
  g_ptr_array_add (self->services, g_object_ref (self->factory));
  g_ptr_array_add (self->services,
                   muster_node_updates_new (self->updates, parts->host, parts->group_id,
                                            parts->clock, parts->base_uri, parts->base_uri_data));
  return self;
}

void
muster_daemon_ota_free (MusterDaemonOta *self)
{
  g_return_if_fail (self != NULL);

  g_ptr_array_unref (self->services);
  g_object_unref (self->factory);
  g_object_unref (self->flash);
  g_object_unref (self->rollouts);
  g_object_unref (self->updates);
  g_object_unref (self->firmware);
  g_free (self);
}

GPtrArray *
muster_daemon_ota_get_services (MusterDaemonOta *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->services;
}

MusterRolloutService *
muster_daemon_ota_get_rollouts (MusterDaemonOta *self)
{
  return self->rollouts;
}

MusterUpdateService *
muster_daemon_ota_get_updates (MusterDaemonOta *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->updates;
}

void
muster_daemon_ota_add_resources (MusterDaemonOta *self, MusterRouter *router)
{
  g_return_if_fail (self != NULL);

  muster_firmware_resource_add (router, self->firmware);
  muster_firmware_set_resource_add (router, self->firmware);
  muster_signing_resource_add (router, self->firmware);
  muster_update_resource_add (router, self->updates);
  muster_rollout_resource_add (router, self->rollouts);
  muster_flash_resource_add (router, self->flash);
  muster_factory_resource_add (router, self->factory);
}
