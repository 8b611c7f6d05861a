/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"

G_BEGIN_DECLS

/* What families find out about the records of devices. Each resolves to TRUE, and rejects with
 * MUSTER_ERROR_NOT_FOUND where there is no such device. */

/* It is the unit that its family knows by FAMILY_KEY. */
DexFuture *muster_family_record_set_key (MusterDatabase *database,
                                         MusterActor    *actor,
                                         const char     *device_id,
                                         const char     *family_key);
/* It is reached through GATEWAY_ID; unless it is said to be reached through something already. */
DexFuture *muster_family_record_set_gateway (MusterDatabase *database,
                                             MusterActor    *actor,
                                             const char     *device_id,
                                             const char     *gateway_id);

G_END_DECLS
