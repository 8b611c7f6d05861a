/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "client/muster-api-devices.h"
#include "muster-session.h"

G_BEGIN_DECLS

/* More lines than that nobody tells apart; a source of more devices is thinned to its first. */
#define MUSTER_SOURCE_DEVICES 20

/* What values may be asked of. */
typedef enum
{
  MUSTER_SOURCE_DEVICE,
  MUSTER_SOURCE_PRODUCT,
  MUSTER_SOURCE_LOCATION,
  MUSTER_SOURCE_GROUP,
} MusterSourceKind;

/**
 * MusterSource:
 *
 * Whose values are looked at: a device, or all that are of a product, at a place, in a group. Once
 * loaded it knows its devices and what they measure.
 */
#define MUSTER_TYPE_SOURCE (muster_source_get_type ())
G_DECLARE_FINAL_TYPE (MusterSource, muster_source, MUSTER, SOURCE, GObject)

/* TITLE may be NULL until it is loaded. */
MusterSource *muster_source_new (MusterSourceKind kind, const char *id, const char *title);

MusterSourceKind muster_source_get_kind (MusterSource *self);
const char      *muster_source_get_id (MusterSource *self);
const char      *muster_source_get_title (MusterSource *self);
/* "device:ID", as saved views keep it: (transfer full). */
char *muster_source_dup_key (MusterSource *self);
/* The source that KEY stands for, NULL where it is none: (transfer full). */
MusterSource *muster_source_new_from_key (const char *key);
/* The entity and the endpoint's name of KIND: "product". */
const char             *muster_source_kind_get_name (MusterSourceKind kind);
const MusterEntityInfo *muster_source_kind_get_info (MusterSourceKind kind);

/* Reads its devices and their metrics. Resolves to TRUE. */
DexFuture *muster_source_load (MusterSource *self, MusterSession *session);

/* All of these are 0 or NULL before it is loaded. */
unsigned      muster_source_count_devices (MusterSource *self);
MusterDevice *muster_source_get_device (MusterSource *self, unsigned i); /* borrowed */
/* (element-type MusterApiMetric): what device I measures; borrowed. */
GListModel *muster_source_get_metrics (MusterSource *self, unsigned i);
/* How many there are in all, the ones left out included. */
gint64 muster_source_get_total (MusterSource *self);

G_END_DECLS
