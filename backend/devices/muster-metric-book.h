/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-repository.h"
#include "messaging/muster-sparkplug-session.h"
#include "muster-device-links.h"

G_BEGIN_DECLS

/* Longest name of a metric record, in characters. */
#define MUSTER_METRIC_NAME_MAX 200

/**
 * MusterMetricBook:
 *
 * Keeps the Metric records of the site as the births of its devices declare them. What a birth
 * declares again costs nothing; metrics that a birth leaves out stay, as their history does. Main
 * thread only.
 */
#define MUSTER_TYPE_METRIC_BOOK (muster_metric_book_get_type ())
G_DECLARE_FINAL_TYPE (MusterMetricBook, muster_metric_book, MUSTER, METRIC_BOOK, GObject)

MusterMetricBook *muster_metric_book_new (MusterRepository *repository);
/* Resolves to whether anything was written. */
DexFuture *muster_metric_book_note_birth (MusterMetricBook                *self,
                                          const char                      *device_id,
                                          const MusterSparkplugMetricInfo *metrics,
                                          unsigned                         n_metrics);
/* The next birth of the device is looked at as if it were its first. */
void muster_metric_book_forget (MusterMetricBook *self, const char *device_id);

/* Whether NAME is of the protocol, not of the device: "bdSeq", "Node Control/Rebirth" … */
gboolean muster_metric_name_is_control (const char *name);

G_END_DECLS
