/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-repository.h"

G_BEGIN_DECLS

/**
 * MusterExpectations:
 *
 * What deliveries say of devices on the network: a unit that a supplier announced, or that has
 * arrived and is not adopted yet. Answers at once with what it knows and looks it up behind the
 * scenes; `changed` says that something is known now that was not. Follows the journal. Main thread
 * only.
 */
#define MUSTER_TYPE_EXPECTATIONS (muster_expectations_get_type ())
G_DECLARE_FINAL_TYPE (MusterExpectations, muster_expectations, MUSTER, EXPECTATIONS, GObject)

MusterExpectations *muster_expectations_new (MusterRepository *repository, MusterBus *bus);
/* JSON of what is expected of the device with SERIAL or MAC, or (DEVICE_ID) the record: borrowed,
 * NULL for nothing or not yet. Each may be NULL. SECRET_KNOWN (out): whether its label secret is
 * told. */
const char *muster_expectations_look_up (MusterExpectations *self,
                                         const char         *serial,
                                         const char         *mac,
                                         const char         *device_id,
                                         gboolean           *secret_known);

G_END_DECLS
