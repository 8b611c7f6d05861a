/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-repository.h"
#include "core/muster-service.h"
#include "model/muster-device.h"
#include "muster-device-event-log.h"
#include "muster-liveness.h"

G_BEGIN_DECLS

/**
 * MusterDeviceRegistry:
 *
 * The devices of the site in memory, by every key that something on the network may know them by,
 * with their live state. Follows the journal, so that whoever changes a record changes the
 * registry. Main thread only.
 *
 * Signal: `reloaded` once it knows, a little after the journal told of changes, which records have
 * a secret.
 */
#define MUSTER_TYPE_DEVICE_REGISTRY (muster_device_registry_get_type ())
G_DECLARE_FINAL_TYPE (MusterDeviceRegistry,
                      muster_device_registry,
                      MUSTER,
                      DEVICE_REGISTRY,
                      MusterService)

MusterDeviceRegistry *muster_device_registry_new (MusterRepository *repository,
                                                  MusterBus        *bus,
                                                  MusterClock      *clock);

/* The id of the device so known, or NULL. Borrowed. */
const char *muster_device_registry_find_by_node (MusterDeviceRegistry *self, const char *node_id);
const char *muster_device_registry_find_by_mac (MusterDeviceRegistry *self, const char *mac);
const char *muster_device_registry_find_by_serial (MusterDeviceRegistry *self, const char *serial);
const char *muster_device_registry_find_by_family_key (MusterDeviceRegistry *self,
                                                       const char           *family_key);
/* NODE_DEVICE: "node/device". */
const char *muster_device_registry_find_by_node_device (MusterDeviceRegistry *self,
                                                        const char           *node_device);

/* What is kept in memory of each device: borrowed until the next main loop turn; NULL when there is
 * no such device. */
typedef struct
{
  const char     *id;
  const char     *name;
  const char     *mac;         /* (nullable) */
  const char     *serial;      /* (nullable) */
  const char     *node_id;     /* (nullable) */
  const char     *family;      /* (nullable) */
  const char     *family_key;  /* (nullable) */
  const char     *node_device; /* (nullable): "node/device" */
  const char     *address;     /* (nullable) */
  MusterAdoption  adoption;
  gboolean        has_secret;
  MusterLiveState live_state;
} MusterDeviceBrief;
const MusterDeviceBrief *muster_device_registry_get_brief (MusterDeviceRegistry *self,
                                                           const char           *id);

/* How it is named by Sparkplug: as NODE, or as DEVICE behind it (NULL where it is the node itself);
 * both (transfer full). FALSE: it is neither, or was released. */
gboolean muster_device_brief_get_node (const MusterDeviceBrief *self, char **node, char **device);
/* The id of the device so named, or NULL. DEVICE: nullable. Borrowed. */
const char *muster_device_registry_find_by_source (MusterDeviceRegistry *self,
                                                   const char           *node,
                                                   const char           *device);

/* Calls CALLBACK for every device; it must not change the registry. */
typedef void (*MusterDeviceRegistryFunc) (const MusterDeviceBrief *brief, gpointer user_data);
void muster_device_registry_foreach (MusterDeviceRegistry    *self,
                                     MusterDeviceRegistryFunc callback,
                                     gpointer                 user_data);

/* A proof of life: AT in UTC microseconds; DETAIL for a person ("192.0.2.7:80 in 4 ms"), may be
 * NULL. */
void muster_device_registry_report_proof (MusterDeviceRegistry *self,
                                          const char           *id,
                                          MusterProofKind       kind,
                                          gint64                at,
                                          const char           *detail);
/* A proof that ended (broker session closed, service withdrawn). */
void muster_device_registry_withdraw_proof (MusterDeviceRegistry *self,
                                            const char           *id,
                                            MusterProofKind       kind,
                                            const char           *why);
/* Host and port at which it was seen. */
void muster_device_registry_report_address (MusterDeviceRegistry *self,
                                            const char           *id,
                                            const char           *address);
/* The firmware version that it says it runs. Resolves to whether the record changed by that. */
DexFuture *muster_device_registry_note_firmware (MusterDeviceRegistry *self,
                                                 MusterActor          *actor,
                                                 const char           *id,
                                                 const char           *version);
/* The broker went away: no device is known to be offline for it; MQTT proofs become unknown. */
void muster_device_registry_reset_mqtt (MusterDeviceRegistry *self);
/* Draws the conclusions that are due by the clock; a timer calls it. */
void muster_device_registry_tick (MusterDeviceRegistry *self);
/* How many devices are in STATE. */
unsigned muster_device_registry_count (MusterDeviceRegistry *self, MusterLiveState state);
/* Where things that happen to devices are noted. Borrowed. */
MusterDeviceEventLog *muster_device_registry_get_event_log (MusterDeviceRegistry *self);
/* {"state":"online","since":time,"proofs":[{"kind":"mqtt","at":time,"age_ms":2100,"fresh":true,"detail":"…"}…]}
 */
void muster_device_registry_encode_live (MusterDeviceRegistry *self, const char *id, GString *json);

G_END_DECLS
