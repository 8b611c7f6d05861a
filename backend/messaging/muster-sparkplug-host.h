/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-clock.h"
#include "core/muster-service.h"
#include "muster-mqtt-client.h"
#include "muster-sparkplug-session.h"

G_BEGIN_DECLS

/**
 * MusterSparkplugHost:
 *
 * The Sparkplug B 3.0 host application of the site: says by STATE that it is there, follows births,
 * data and deaths of every edge node and device, asks for rebirths, writes commands. Main thread
 * only.
 */
#define MUSTER_TYPE_SPARKPLUG_HOST (muster_sparkplug_host_get_type ())
G_DECLARE_FINAL_TYPE (MusterSparkplugHost,
                      muster_sparkplug_host,
                      MUSTER,
                      SPARKPLUG_HOST,
                      MusterService)

/* HOST_ID: any text without + / #. OPTIONS NULL: the defaults. */
MusterSparkplugHost *muster_sparkplug_host_new (MusterMqttClient             *client,
                                                MusterClock                  *clock,
                                                const char                   *host_id,
                                                const MusterSparkplugOptions *options);
const char          *muster_sparkplug_host_get_id (MusterSparkplugHost *self);

/* LISTENER (borrowed, must stay) is called until OWNER is finalized; NULL members are skipped. */
void muster_sparkplug_host_add_listener (MusterSparkplugHost           *self,
                                         const MusterSparkplugListener *listener,
                                         GObject                       *owner,
                                         gpointer                       user_data);

/* Writes METRIC of the device, or of the node itself with DEVICE NULL. VALUE: its type and value
 * are used. Resolves to TRUE once the node reported that value; rejects with MUSTER_ERROR_NOT_FOUND
 * (no such metric in the birth), _CONFLICT (node or device offline, or metric read-only), _INVALID
 * (the value does not fit the datatype), _UNAVAILABLE (no connection to the broker), _TIMED_OUT
 * after TIMEOUT microseconds. */
DexFuture *muster_sparkplug_host_write (MusterSparkplugHost *self,
                                        const char          *group,
                                        const char          *node,
                                        const char          *device,
                                        const char          *metric,
                                        const MusterSample  *value,
                                        gint64               timeout);
/* Asks the node for new births, at once. Resolves to TRUE once its NBIRTH came; rejects like
 * muster_sparkplug_host_write(). */
DexFuture *muster_sparkplug_host_request_rebirth (MusterSparkplugHost *self,
                                                  const char          *group,
                                                  const char          *node,
                                                  gint64               timeout);
/* One metric of a command. */
typedef struct
{
  const char             *name;
  MusterSparkplugDatatype datatype;
  MusterSample            value; /* its type and value are used */
} MusterSparkplugOrder;

/* Sends METRICS as one command to the node, or to DEVICE (nullable) behind it, by their names and
 * whatever the birth says of them. Resolves to TRUE once the broker's connection took it; nothing
 * confirms it. Rejects with MUSTER_ERROR_CONFLICT (offline), _UNAVAILABLE (no connection), _INVALID
 * (a value does not fit its datatype). */
DexFuture *muster_sparkplug_host_command (MusterSparkplugHost        *self,
                                          const char                 *group,
                                          const char                 *node,
                                          const char                 *device,
                                          const MusterSparkplugOrder *metrics,
                                          unsigned                    n_metrics);
/* Tells the node that it is free: `Node Control/Release`. Resolves to TRUE once the broker's
 * connection took it; nothing confirms it. */
DexFuture *muster_sparkplug_host_release (MusterSparkplugHost *self,
                                          const char          *group,
                                          const char          *node);
/* Forgets a node, as after its record was deleted. */
void muster_sparkplug_host_forget (MusterSparkplugHost *self, const char *group, const char *node);

/* The metric as last born, borrowed until the next main loop turn, or NULL. */
const MusterSparkplugMetricInfo *muster_sparkplug_host_get_metric (MusterSparkplugHost *self,
                                                                   const char          *group,
                                                                   const char          *node,
                                                                   const char          *device,
                                                                   const char          *metric);
gboolean                         muster_sparkplug_host_is_online (MusterSparkplugHost *self,
                                                                  const char          *group,
                                                                  const char          *node,
                                                                  const char          *device);
/* Counts since the start. */
const MusterSparkplugCounts *muster_sparkplug_host_get_counts (MusterSparkplugHost *self);

G_END_DECLS
