/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"
#include "muster-command-service.h"

G_BEGIN_DECLS

/* What the paths of this room are made of. */
typedef struct
{
  MusterDeviceService  *devices;
  MusterNodeService    *nodes;
  MusterCommandService *commands;
  MusterTelemetry      *telemetry;
} MusterDeviceParts;

/* Adds every path of the room: the three below, /device-groups and /overview. PARTS are referenced.
 */
void muster_device_resource_add_all (MusterRouter *router, const MusterDeviceParts *parts);

/* /devices: records, status, events, metrics. */
void muster_device_resource_add (MusterRouter *router, const MusterDeviceParts *parts);
/* /devices/{id}/adopt, release, command(s), token, account; /discovery/{key}/adopt. */
void muster_device_action_resource_add (MusterRouter *router, const MusterDeviceParts *parts);
/* /devices/{id}/label. */
void muster_device_label_resource_add (MusterRouter *router, const MusterDeviceParts *parts);
void muster_group_resource_add (MusterRouter *router, MusterRepository *repository);
void muster_overview_resource_add (MusterRouter *router, const MusterDeviceParts *parts);

/* --- for the files of the room's paths --- */

/* Holds PARTS for handlers: a GObject. */
#define MUSTER_TYPE_DEVICE_PARTS_HOLDER (muster_device_parts_holder_get_type ())
G_DECLARE_FINAL_TYPE (MusterDevicePartsHolder,
                      muster_device_parts_holder,
                      MUSTER,
                      DEVICE_PARTS_HOLDER,
                      GObject)

MusterDevicePartsHolder *muster_device_parts_holder_new (const MusterDeviceParts *parts);
const MusterDeviceParts *muster_device_parts_holder_get (gpointer holder);
/* A MusterEntity as 200. */
DexFuture *muster_device_respond_entity_cb (DexFuture *future, gpointer user_data);
/* A text member of the request's JSON body, or NULL. Borrowed. */
const char *muster_device_get_member (MusterRequest *request, const char *name);

G_END_DECLS
