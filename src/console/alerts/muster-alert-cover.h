/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-alert-watch.h"

G_BEGIN_DECLS

/**
 * MusterAlertCover:
 *
 * An alert that fills the screen of a kiosk, to be read from four metres, until somebody takes
 * notice of it, here or elsewhere. Signal `acted`: somebody did something here.
 */
#define MUSTER_TYPE_ALERT_COVER (muster_alert_cover_get_type ())
G_DECLARE_FINAL_TYPE (MusterAlertCover, muster_alert_cover, MUSTER, ALERT_COVER, AdwBin)

/* To be called once. */
void muster_alert_cover_set_watch (MusterAlertCover *self,
                                   MusterSession    *session,
                                   MusterAlertWatch *watch);
/* NOTICE: as the live stream tells it of a channel. The worst of those that are shown is in front.
 */
void muster_alert_cover_show (MusterAlertCover *self, JsonObject *notice);

G_END_DECLS
