/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-api-client.h"
#include "muster-api-page.h"

#include "model/muster-saved-view.h"

G_BEGIN_DECLS

/* The caller's own views and those for everybody, of the lists of ENTITY ("device"; NULL: all), by
 * name. Resolves to a MusterApiPage of MusterSavedView. */
DexFuture *muster_api_views_list (MusterApiClient *client, const char *entity);
/* Saves one: the caller's own, or (SHARED) for everybody. QUERY: the list's parameters; COLUMNS
 * (nullable): names in their order. Both are taken. Resolves to the MusterSavedView. */
DexFuture *muster_api_views_create (MusterApiClient *client,
                                    const char      *name,
                                    const char      *entity,
                                    JsonObject      *query,
                                    JsonArray       *columns,
                                    gboolean         shared);
/* CHANGES is taken. Resolves to the MusterSavedView as it is now. */
DexFuture *muster_api_views_update (MusterApiClient *client,
                                    const char      *id,
                                    JsonObject      *changes,
                                    gint64           revision);
/* Resolves to TRUE. */
DexFuture *muster_api_views_delete (MusterApiClient *client, const char *id, gint64 revision);

G_END_DECLS
