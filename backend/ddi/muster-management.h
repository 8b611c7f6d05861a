/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-router.h"
#include "muster-ddi-service.h"

G_BEGIN_DECLS

/* Who calls: resolves to a MusterActor, or rejects with MUSTER_ERROR_UNAUTHORIZED. USER NULL:
 * PASSWORD is a bearer token; with one, it may be that person's password or a token of theirs.
 * REMOTE: the address it comes from. */
typedef DexFuture *(*MusterManagementAuthenticate) (const char *user,
                                                    const char *password,
                                                    const char *remote,
                                                    gpointer    user_data);

/**
 * MusterManagement:
 *
 * A subset of hawkBit's Management API v1 (`/rest/v1`) over the site's own records, for the tools
 * that there are for it: a target is an update target and its device, a software module is
 * firmware, a distribution set is a set of firmware, an action is an update.
 */
#define MUSTER_TYPE_MANAGEMENT (muster_management_get_type ())
G_DECLARE_FINAL_TYPE (MusterManagement, muster_management, MUSTER, MANAGEMENT, GObject)

/* USER_DATA stays as long as it. */
MusterManagement *muster_management_new (MusterDdiService            *service,
                                         MusterManagementAuthenticate authenticate,
                                         gpointer                     user_data);
/* Its routes. */
void muster_management_resource_add (MusterRouter *router, MusterManagement *management);

G_END_DECLS
