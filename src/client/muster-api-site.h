/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-api-client.h"
#include "muster-api-page.h"

#include "model/muster-site.h"

G_BEGIN_DECLS

/* Resolves to the MusterSite. */
DexFuture *muster_api_site_get (MusterApiClient *client);
/* CHANGES is taken. Resolves to the MusterSite as it is now. */
DexFuture *muster_api_site_update (MusterApiClient *client, JsonObject *changes, gint64 revision);

/* Resolves to a JsonObject
 * {"items":[{"key","value","default","type","unit","label","doc","overridden","needs_restart"}…]}.
 */
DexFuture *muster_api_settings_list (MusterApiClient *client);
/* VALUE is taken. Resolves to TRUE. MUSTER_ERROR_INVALID, or MUSTER_ERROR_CONFLICT where the
 * configuration file sets it. */
DexFuture *muster_api_settings_set (MusterApiClient *client, const char *key, JsonNode *value);

G_END_DECLS
