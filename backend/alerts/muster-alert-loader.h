/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-database.h"
#include "muster-alert-site.h"

G_BEGIN_DECLS

/* What alerts need of the database when they begin. */
typedef struct
{
  MusterAlertSite *site;      /* (owned) */
  GPtrArray       *rules;     /* (owned) (element-type MusterEntity) */
  GPtrArray       *silences;  /* (owned) (element-type MusterEntity) */
  GPtrArray       *alerts;    /* (owned) (element-type MusterEntity): the unresolved ones */
  GPtrArray       *dismissed; /* (owned) (element-type MusterEntity): those that people resolved
                                 last, the newest first */
  GPtrArray  *calendars;      /* (owned) (element-type MusterEntity): of duty */
  GHashTable *groups;         /* (owned) (element-type utf8 GPtrArray): ids of groups by device */
  char       *timezone;       /* (owned) (nullable): of the site */
} MusterAlertLoaded;

#define MUSTER_TYPE_ALERT_LOADED (muster_alert_loaded_get_type ())
GType muster_alert_loaded_get_type (void);

/* Resolves to a MusterAlertLoaded (boxed). */
DexFuture *muster_alert_load (MusterDatabase *database);
/* Resolves to the groups by device alone: a GHashTable (boxed) as above. */
DexFuture *muster_alert_load_groups (MusterDatabase *database);

G_END_DECLS
