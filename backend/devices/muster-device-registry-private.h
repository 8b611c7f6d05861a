/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-device-record.h"
#include "muster-device-registry.h"

G_BEGIN_DECLS

/* After the start, or the broker's return, sessions are reported again within seconds. */
#define MUSTER_DEVICE_REGISTRY_PATIENCE (60 * G_TIME_SPAN_SECOND)

struct _MusterDeviceRegistry
{
  MusterService         parent_instance;
  MusterRepository     *repository; /* (owned) */
  MusterBus            *bus;        /* (owned) */
  MusterClock          *clock;      /* (owned) */
  MusterActor          *actor;      /* (owned) */
  MusterDeviceEventLog *events;     /* (owned) */
  GHashTable           *records;    /* (owned) id → (owned) MusterDeviceRecord */
  GHashTable           *by_node;    /* borrowed text → borrowed record */
  GHashTable           *by_mac;
  GHashTable           *by_serial;
  GHashTable           *by_family_key;
  GHashTable           *by_node_device;
  GPtrArray  *changed;   /* (element-type utf8): ids whose volatile fields wait to be written */
  GHashTable *to_reload; /* (owned) set of ids whose secrets may have changed */
  gint64      next_tick; /* monotonic; G_MAXINT64: none */
  guint       tick_id;
  guint       flush_id;
  guint       reload_id;
};

MusterMoment        muster_device_registry_get_moment (MusterDeviceRegistry *self);
MusterDeviceRecord *muster_device_registry_find (MusterDeviceRegistry *self, const char *id);
MusterDeviceRecord *muster_device_registry_ensure (MusterDeviceRegistry *self, const char *id);
/* Around each change of what RECORD is known by. */
void muster_device_registry_add_keys (MusterDeviceRegistry *self, MusterDeviceRecord *record);
void muster_device_registry_remove_keys (MusterDeviceRegistry *self, MusterDeviceRecord *record);

/* Reads all devices, and from now on follows what becomes of them. */
DexFuture *muster_device_registry_follow (MusterDeviceRegistry *self);

/* RECORD's volatile fields are to be written, soon. */
void muster_device_registry_mark_changed (MusterDeviceRegistry *self, MusterDeviceRecord *record);
DexFuture *muster_device_registry_flush (MusterDeviceRegistry *self);
/* Looks what RECORD's proofs of life come to, and tells whom it concerns. */
void muster_device_registry_conclude (MusterDeviceRegistry *self,
                                      MusterDeviceRecord   *record,
                                      MusterMoment          moment);

G_END_DECLS
