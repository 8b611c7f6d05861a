/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "model/muster-alert.h"
#include "model/muster-candidate.h"
#include "model/muster-delivery-issue.h"
#include "model/muster-delivery.h"
#include "model/muster-device-command.h"
#include "model/muster-device-event.h"
#include "model/muster-device.h"
#include "model/muster-factory-batch.h"
#include "model/muster-factory-unit.h"
#include "model/muster-firmware-artifact.h"
#include "model/muster-firmware-update.h"
#include "model/muster-flash-batch.h"
#include "model/muster-flash-run.h"
#include "model/muster-job.h"
#include "model/muster-notification.h"
#include "model/muster-order.h"
#include "model/muster-rollout-group.h"
#include "model/muster-rollout.h"
#include "model/muster-signing-key.h"
#include "model/muster-stocktake-line.h"
#include "model/muster-stocktake.h"

G_BEGIN_DECLS

/**
 * MusterStatusChip:
 *
 * A state as colour, shape and word, so that none of the three is needed to read it. CSS node
 * `chip` with one of the classes `success`, `warning`, `error`, `accent`, `neutral`.
 */
#define MUSTER_TYPE_STATUS_CHIP (muster_status_chip_get_type ())
G_DECLARE_FINAL_TYPE (MusterStatusChip, muster_status_chip, MUSTER, STATUS_CHIP, GtkWidget)

GtkWidget *muster_status_chip_new (void);
/* Whether its word gives way where there is no room; else what stands beside it does. */
void muster_status_chip_set_can_shrink (MusterStatusChip *self, gboolean can_shrink);

/* Whether there is a look for the values of ENUMERATION. */
gboolean muster_status_chip_knows (const MusterEnum *enumeration);
/* Shows VALUE of ENUMERATION, which must be one that it knows. */
void muster_status_chip_set_value (MusterStatusChip *self,
                                   const MusterEnum *enumeration,
                                   int               value);

void muster_status_chip_set_status (MusterStatusChip *self, MusterDeviceStatus status);
void muster_status_chip_set_live (MusterStatusChip *self, MusterLiveState state);
void muster_status_chip_set_adoption (MusterStatusChip *self, MusterAdoption adoption);
void muster_status_chip_set_candidate (MusterStatusChip *self, MusterCandidateState state);
void muster_status_chip_set_command (MusterStatusChip *self, MusterCommandState state);
/* VALUE of the enumeration muster_severity_enum. */
void muster_status_chip_set_severity (MusterStatusChip *self, int severity);

G_END_DECLS
