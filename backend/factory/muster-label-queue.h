/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-repository.h"
#include "core/muster-settings.h"

G_BEGIN_DECLS

/* The settings of the site's label printer; ended by a NULL key. */
extern const MusterSetting muster_label_settings[];

/**
 * MusterLabelQueue:
 *
 * Prints the labels that wait (MUSTER_UNIT_LABEL_WAITING), one after the other, on the site's label
 * printer: a command that reads them, or a device that they are written to. What becomes of each is
 * noted with its unit, which stays made whatever the printer does. Labels that wait when the daemon
 * ends are printed when it is back.
 */
#define MUSTER_TYPE_LABEL_QUEUE (muster_label_queue_get_type ())
G_DECLARE_FINAL_TYPE (MusterLabelQueue, muster_label_queue, MUSTER, LABEL_QUEUE, GObject)

MusterLabelQueue *muster_label_queue_new (MusterRepository *repository,
                                          MusterSettings   *settings,
                                          MusterActor      *actor);
/* Something may wait now. */
void muster_label_queue_look (MusterLabelQueue *self);
/* For good: what is being printed waits again at the next start. */
void muster_label_queue_stop (MusterLabelQueue *self);

G_END_DECLS
