/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-alert.h"
#include "muster-alert-site.h"

G_BEGIN_DECLS

/* What explains that devices are not reached. */
typedef struct
{
  MusterAlertCause kind;
  const char      *id;   /* (nullable): of the device or place; of the broker NULL */
  unsigned         down; /* devices behind it that are not reached */
  unsigned         all;  /* devices behind it that should be */
} MusterAlertVerdict;

/**
 * MusterAlertFold:
 *
 * One look at the site: which devices are not reached, and what they have in common. The broker,
 * when it is down; else the outermost gateway or switch on a device's way that is itself not
 * reached, or of whose devices most are not; else the outermost place of whose devices most are
 * not. Ids are borrowed from the site, which must not change meanwhile.
 */
typedef struct _MusterAlertFold MusterAlertFold;

MusterAlertFold *muster_alert_fold_new (MusterAlertSite *site, gboolean broker_is_down);
void             muster_alert_fold_free (MusterAlertFold *self);
/* Why DEVICE_ID is not reached; of kind NONE where nothing explains it. */
MusterAlertVerdict muster_alert_fold_explain (MusterAlertFold *self, const char *device_id);
/* Whether a cause that was found earlier is one still: it takes fewer to remain than to become. */
gboolean muster_alert_fold_still_holds (MusterAlertFold *self,
                                        MusterAlertCause kind,
                                        const char      *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterAlertFold, muster_alert_fold_free)

G_END_DECLS
