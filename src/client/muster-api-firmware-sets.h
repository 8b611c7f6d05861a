/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-firmware-set-member.h"
#include "model/muster-firmware-set.h"
#include "muster-api-client.h"
#include "muster-api-page.h"

G_BEGIN_DECLS

/* Firmware of several parts that devices are given as one. What all collections have (listing,
 * renaming, deleting) is muster_api_collection_…() with muster_firmware_set_info. */

/* MEMBERS (taken): name, version and what else a set has; ARTIFACT_IDS: its parts in the order in
 * which devices install them. Resolves to the MusterFirmwareSet. */
DexFuture *muster_api_firmware_sets_create (MusterApiClient   *client,
                                            JsonObject        *members,
                                            const char *const *artifact_ids);
/* Resolves to a MusterApiPage of MusterFirmwareSetMember, in their order. */
DexFuture *muster_api_firmware_sets_list_members (MusterApiClient *client, const char *id);

G_END_DECLS
