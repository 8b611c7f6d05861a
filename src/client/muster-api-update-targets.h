/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-update-target.h"
#include "muster-api-client.h"

G_BEGIN_DECLS

/* Devices that ask for updates by themselves are a collection like others
 * (muster_api_collection_…); beside that: a new token for one, which then counts instead of the
 * old. Resolves to a JsonObject (boxed) with `token`, which nobody can ask for again. */
DexFuture *muster_api_update_targets_issue_token (MusterApiClient *client, const char *id);

G_END_DECLS
