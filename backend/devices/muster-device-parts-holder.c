/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-parts-holder"

#include "config.h"

#include "muster-device-resource.h"

struct _MusterDevicePartsHolder
{
  GObject           parent_instance;
  MusterDeviceParts parts; /* (owned) */
};

G_DEFINE_FINAL_TYPE (MusterDevicePartsHolder, muster_device_parts_holder, G_TYPE_OBJECT)

static void
muster_device_parts_holder_finalize (GObject *object)
{
  MusterDeviceParts *parts = &MUSTER_DEVICE_PARTS_HOLDER (object)->parts;

  g_clear_object (&parts->devices);
  g_clear_object (&parts->nodes);
  g_clear_object (&parts->commands);
  g_clear_object (&parts->telemetry);
  G_OBJECT_CLASS (muster_device_parts_holder_parent_class)->finalize (object);
}

static void
muster_device_parts_holder_class_init (MusterDevicePartsHolderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = muster_device_parts_holder_finalize;
}

static void
muster_device_parts_holder_init (MusterDevicePartsHolder *self)
{
}

MusterDevicePartsHolder *
muster_device_parts_holder_new (const MusterDeviceParts *parts)
{
  MusterDevicePartsHolder *self = NULL;

  g_return_val_if_fail (MUSTER_IS_DEVICE_SERVICE (parts->devices), NULL);
  g_return_val_if_fail (MUSTER_IS_NODE_SERVICE (parts->nodes), NULL);
  g_return_val_if_fail (MUSTER_IS_COMMAND_SERVICE (parts->commands), NULL);
  g_return_val_if_fail (MUSTER_IS_TELEMETRY (parts->telemetry), NULL);

  self = g_object_new (MUSTER_TYPE_DEVICE_PARTS_HOLDER, NULL);
  self->parts.devices = g_object_ref (parts->devices);
  self->parts.nodes = g_object_ref (parts->nodes);
  self->parts.commands = g_object_ref (parts->commands);
  self->parts.telemetry = g_object_ref (parts->telemetry);
  return self;
}

const MusterDeviceParts *
muster_device_parts_holder_get (gpointer holder)
{
  g_return_val_if_fail (MUSTER_IS_DEVICE_PARTS_HOLDER (holder), NULL);

  return &MUSTER_DEVICE_PARTS_HOLDER (holder)->parts;
}

DexFuture *
muster_device_respond_entity_cb (DexFuture *future, gpointer user_data)
{
  return muster_response_resolve (
    muster_response_new_entity (200, g_value_get_object (dex_future_get_value (future, NULL))));
}

const char *
muster_device_get_member (MusterRequest *request, const char *name)
{
  JsonNode *node = muster_request_get_json (request);

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;
  return json_object_get_string_member_with_default (json_node_get_object (node), name, NULL);
}

void
muster_device_resource_add_all (MusterRouter *router, const MusterDeviceParts *parts)
{
  g_return_if_fail (MUSTER_IS_ROUTER (router));
  g_return_if_fail (parts != NULL);

  muster_device_resource_add (router, parts);
  muster_device_action_resource_add (router, parts);
  muster_device_label_resource_add (router, parts);
  muster_group_resource_add (router, muster_device_service_get_repository (parts->devices));
  muster_overview_resource_add (router, parts);
}
