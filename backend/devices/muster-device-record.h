/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-device-registry.h"

G_BEGIN_DECLS

/* One device as the registry keeps it. */
typedef struct
{
  char             *id;
  char             *name;
  char             *mac;      /* (nullable) */
  char             *serial;   /* (nullable) */
  char             *node_id;  /* (nullable) */
  char             *address;  /* (nullable) */
  char             *firmware; /* (nullable) */
  MusterAdoption    adoption;
  gboolean          has_secret;
  MusterLiveness    live;
  MusterLiveState   noted_state; /* the one that its last event and its row tell */
  gint64            noted_seen;  /* `last_seen` of its row */
  gboolean          changed;     /* volatile fields wait to be written */
  MusterDeviceBrief brief;       /* filled when asked for */
} MusterDeviceRecord;

MusterDeviceRecord *muster_device_record_new (const char *id);
void                muster_device_record_free (MusterDeviceRecord *self);
/* From a stored record, volatile fields included. */
void muster_device_record_load (MusterDeviceRecord *self, MusterEntity *device);
/* From the members of a journal entry. */
void muster_device_record_apply (MusterDeviceRecord *self, JsonObject *members);
/* A MusterDevice with the id and the volatile fields, for muster_transaction_touch(). */
MusterEntity *muster_device_record_make_touch (MusterDeviceRecord *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterDeviceRecord, muster_device_record_free)

G_END_DECLS
