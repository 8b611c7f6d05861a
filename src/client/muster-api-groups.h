/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-api-client.h"
#include "muster-api-page.h"

#include "model/muster-device-group.h"

G_BEGIN_DECLS

/* Resolves to a MusterApiPage of MusterDeviceGroup. */
DexFuture *muster_api_groups_list (MusterApiClient *client, const MusterApiListQuery *query);
/* Resolves to a MusterDeviceGroup. */
DexFuture *muster_api_groups_get (MusterApiClient *client, const char *id);
DexFuture *muster_api_groups_create (MusterApiClient *client, MusterDeviceGroup *group);
/* CHANGES is taken. Resolves to the MusterDeviceGroup as it is now. */
DexFuture *muster_api_groups_update (MusterApiClient *client,
                                     const char      *id,
                                     JsonObject      *changes,
                                     gint64           revision);
/* Resolves to TRUE. */
DexFuture *muster_api_groups_delete (MusterApiClient *client, const char *id, gint64 revision);

/* Everyone who belongs to it, by name or by its filter: resolves to their ids (G_TYPE_STRV). */
DexFuture *muster_api_groups_list_device_ids (MusterApiClient *client, const char *id);
/* Those named one by one: resolves to a MusterApiPage of MusterDeviceGroupMember. */
DexFuture *muster_api_groups_list_members (MusterApiClient          *client,
                                           const char               *id,
                                           const MusterApiListQuery *query);
/* Names a member, or takes one out. Resolve to TRUE. */
DexFuture *muster_api_groups_add_member (MusterApiClient *client,
                                         const char      *id,
                                         const char      *device_id);
DexFuture *muster_api_groups_remove_member (MusterApiClient *client,
                                            const char      *id,
                                            const char      *device_id);

G_END_DECLS
