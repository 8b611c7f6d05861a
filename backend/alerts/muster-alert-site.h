/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-device.h"
#include "model/muster-entity.h"

G_BEGIN_DECLS

/* What alerts need to know of a device. */
typedef struct
{
  char              *id;          /* (owned) */
  char              *name;        /* (owned) */
  char              *product_id;  /* (owned) (nullable) */
  char              *location_id; /* (owned) (nullable) */
  char              *gateway_id;  /* (owned) (nullable): the device that it is reached through */
  int                kind;
  MusterDeviceStatus status;
  MusterAdoption     adoption;
  MusterLiveState    live;
  gint64             live_since; /* UTC microseconds; 0: unknown */
} MusterAlertUnit;

typedef struct
{
  char *id;        /* (owned) */
  char *path;      /* (owned) */
  char *parent_id; /* (owned) (nullable) */
} MusterAlertPlace;

/**
 * MusterAlertSite:
 *
 * Devices and places in memory, as far as alerts have to do with them: how they are called, and
 * what is reached through what. Filled on a thread of the database, then of the main thread alone.
 */
typedef struct
{
  GHashTable *units;  /* (owned) (element-type utf8 MusterAlertUnit) */
  GHashTable *places; /* (owned) (element-type utf8 MusterAlertPlace) */
} MusterAlertSite;

MusterAlertSite  *muster_alert_site_new (void);
void              muster_alert_site_free (MusterAlertSite *self);
MusterAlertUnit  *muster_alert_site_get_unit (MusterAlertSite *self, const char *id);
MusterAlertPlace *muster_alert_site_get_place (MusterAlertSite *self, const char *id);
/* (nullable): NULL for what is not known, or NULL itself. */
const char *muster_alert_site_get_unit_name (MusterAlertSite *self, const char *id);

/* From stored records. */
MusterAlertUnit  *muster_alert_site_add_unit (MusterAlertSite *self, MusterEntity *device);
MusterAlertPlace *muster_alert_site_add_place (MusterAlertSite *self, MusterEntity *location);
/* From the members of a journal entry: what was changed, or made. */
MusterAlertUnit  *muster_alert_site_apply_unit (MusterAlertSite *self,
                                                const char      *id,
                                                JsonObject      *members);
MusterAlertPlace *muster_alert_site_apply_place (MusterAlertSite *self,
                                                 const char      *id,
                                                 JsonObject      *members);
void              muster_alert_site_remove (MusterAlertSite *self, const char *id);

/* Whether somebody expects it to be there and to measure. */
gboolean muster_alert_unit_is_watched (const MusterAlertUnit *self);
/* Whether it is known not to be reached though it should be. */
gboolean muster_alert_unit_is_unreachable (const MusterAlertUnit *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterAlertSite, muster_alert_site_free)

G_END_DECLS
