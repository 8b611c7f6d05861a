/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-repository.h"
#include "core/muster-service.h"
#include "muster-device-service.h"

G_BEGIN_DECLS

/* How long an interrupted pairing may still be mended: until then its account stays open. */
#define MUSTER_PAIRING_KEEP (7 * G_TIME_SPAN_DAY)

/**
 * MusterAccountProjection:
 *
 * Keeps the broker's accounts as the records say: those of adopted devices, and of pairings under
 * way. Follows the journal, so that an undo revokes or restores an account like anything else that
 * changes the records. After a failure it tries again.
 */
#define MUSTER_TYPE_ACCOUNT_PROJECTION (muster_account_projection_get_type ())
G_DECLARE_FINAL_TYPE (MusterAccountProjection,
                      muster_account_projection,
                      MUSTER,
                      ACCOUNT_PROJECTION,
                      MusterService)

/* GROUP_ID: of pairings under way. LINKS stay; LINKS_DATA is handed to them. */
MusterAccountProjection *muster_account_projection_new (MusterRepository        *repository,
                                                        MusterBus               *bus,
                                                        const char              *group_id,
                                                        const MusterDeviceLinks *links,
                                                        gpointer                 links_data);
/* As muster_device_service_set_family_rules(). */
void muster_account_projection_set_family_rules (MusterAccountProjection *self,
                                                 MusterListFamilyRules    list,
                                                 gpointer                 user_data);
/* (transfer full); NULL: there is no such family, or FAMILY (nullable) is NULL. */
char **muster_account_projection_list_rules (MusterAccountProjection *self,
                                             const char              *family,
                                             const char              *username);
/* No account goes before FAREWELL (taken) settles, which had better be soon. */
void muster_account_projection_hold (MusterAccountProjection *self, DexFuture *farewell);
/* Resolves to TRUE once the broker works by the records as they are now, or newer. */
DexFuture *muster_account_projection_sync (MusterAccountProjection *self);

G_END_DECLS
