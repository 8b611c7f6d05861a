/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-device-past"

#include "config.h"

#include "model/muster-device.h"
#include "muster-device-past.h"

/* Ids are in the order of time, and the index has them beside the device. */
static const char live_state[] =
  "coalesce ((SELECT kind FROM device_event WHERE device_id = this.id AND "
  "kind IN ('online', 'offline') ORDER BY id DESC LIMIT 1), 'unknown')";

/* Who was online was seen then; of the others it is known when they were missed. */
static const char last_seen[] =
  "SELECT CASE kind WHEN 'online' THEN (SELECT at FROM temp.past_moment) ELSE created_at END "
  "FROM device_event WHERE device_id = this.id AND kind IN ('online', 'offline') "
  "ORDER BY id DESC LIMIT 1";

void
muster_device_past_add (MusterDatabase *database)
{
  g_return_if_fail (MUSTER_IS_DATABASE (database));

  muster_database_add_past (database, &muster_device_info, "live_state", live_state);
  muster_database_add_past (database, &muster_device_info, "last_seen", last_seen);
}
