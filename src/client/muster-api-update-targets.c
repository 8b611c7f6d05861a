/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-api-update-targets"

#include "config.h"

#include "muster-api-calls.h"
#include "muster-api-update-targets.h"

DexFuture *
muster_api_update_targets_issue_token (MusterApiClient *client, const char *id)
{
  return muster_api_call_object (client,
                                 muster_api_request_new ("POST", muster_update_target_info.path, id,
                                                         "token", NULL));
}
