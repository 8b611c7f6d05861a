/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-device-registry.h"

G_BEGIN_DECLS

/* What is always kept as text. */
typedef enum
{
  MUSTER_DEVICE_NAME,
  MUSTER_DEVICE_MAC,
  MUSTER_DEVICE_SERIAL,
  MUSTER_DEVICE_NODE_ID,
  MUSTER_DEVICE_FAMILY,
  MUSTER_DEVICE_FAMILY_KEY,
  MUSTER_DEVICE_NODE_DEVICE,
} MusterDeviceText;

#define MUSTER_DEVICE_N_TEXTS (MUSTER_DEVICE_NODE_DEVICE + 1)

/* One device as the registry keeps it: of a hundred thousand, most of them on shelves. So texts
 * share one piece of memory, and what few of them need is kept apart. */
typedef struct
{
  char              *texts;    /* (owned): by MusterDeviceText: "=text\0" or "\0" for none */
  char              *address;  /* (nullable) */
  char              *firmware; /* (nullable) */
  MusterLiveness     live;
  gint64             noted_seen;    /* `last_seen` of its row */
  gint64             offline_since; /* as of before the start; 0: it was not, or is heard since */
  MusterDeviceBrief *brief;         /* (owned) (nullable): filled when asked for */
  MusterAdoption     adoption : 8;
  MusterLiveState    noted_state : 8; /* the one that its last event and its row tell */
  guint              has_secret : 1;
  guint              changed : 1; /* volatile fields wait to be written */
  char               id[];
} MusterDeviceRecord;

MusterDeviceRecord *muster_device_record_new (const char *id);
void                muster_device_record_free (MusterDeviceRecord *self);
/* (nullable): borrowed until the record is loaded or applied to. */
const char *muster_device_record_get_text (const MusterDeviceRecord *self, MusterDeviceText text);
/* From a stored record, volatile fields included. */
void muster_device_record_load (MusterDeviceRecord *self, MusterEntity *device);
/* From the members of a journal entry. */
void muster_device_record_apply (MusterDeviceRecord *self, JsonObject *members);
/* A MusterDevice with the id and the volatile fields, for muster_transaction_touch(). */
MusterEntity *muster_device_record_make_touch (MusterDeviceRecord *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterDeviceRecord, muster_device_record_free)

G_END_DECLS
