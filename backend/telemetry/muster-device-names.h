/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"

G_BEGIN_DECLS

/**
 * MusterDeviceNames:
 *
 * Which device a message means that names it in the sender's own words: by the record's identifier,
 * its serial number, its node or its name, the first that fits. A name that several devices have
 * means none of them. Loaded at the start, and kept by the journal.
 */
#define MUSTER_TYPE_DEVICE_NAMES (muster_device_names_get_type ())
G_DECLARE_FINAL_TYPE (MusterDeviceNames, muster_device_names, MUSTER, DEVICE_NAMES, MusterService)

MusterDeviceNames *muster_device_names_new (MusterDatabase *database, MusterBus *bus);
/* The identifier of the device that KEY means, or NULL; it stays as long as the process. From any
 * thread. */
const char *muster_device_names_lookup (MusterDeviceNames *self, const char *key);
/* The same as a MusterDeviceLookup; NAMES is a MusterDeviceNames. */
const char *muster_device_names_lookup_cb (const char *key, gpointer names);
/* The product of the device ID, or NULL; it stays likewise. From any thread. */
const char *muster_device_names_get_product (MusterDeviceNames *self, const char *id);
/* The identifiers of all devices: (transfer full) (element-type utf8), of strings that stay. */
GPtrArray *muster_device_names_list (MusterDeviceNames *self);

G_END_DECLS
