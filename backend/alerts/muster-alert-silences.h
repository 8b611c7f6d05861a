/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-alert-silence.h"
#include "muster-alert-engine.h"

G_BEGIN_DECLS

/* What an alert is about, for silences. */
typedef struct
{
  const char *rule_id;   /* (nullable) */
  const char *device_id; /* (nullable) */
  const char *metric;    /* (nullable) */
} MusterAlertSubject;

/**
 * MusterAlertSilences:
 *
 * The silences of the site, and when they count. Times are UTC microseconds. Main thread only.
 */
typedef struct _MusterAlertSilences MusterAlertSilences;

/* ENGINE stays: it knows which device belongs to what. */
MusterAlertSilences *muster_alert_silences_new (MusterAlertEngine *engine);
void                 muster_alert_silences_free (MusterAlertSilences *self);
/* As it is stored now. */
void     muster_alert_silences_put (MusterAlertSilences *self, MusterEntity *silence);
gboolean muster_alert_silences_remove (MusterAlertSilences *self, const char *id);
/* Until when nobody is told of what is about SUBJECT; 0: they are. */
gint64 muster_alert_silences_get_until (MusterAlertSilences      *self,
                                        const MusterAlertSubject *subject,
                                        GTimeZone                *zone,
                                        gint64                    now);
/* Whether one of them is for a group. */
gboolean muster_alert_silences_use_groups (MusterAlertSilences *self);

/* A silence that ends soon. */
typedef void (*MusterAlertSilenceWarn) (const char *id,
                                        const char *reason,
                                        gint64      ends_at,
                                        gpointer    user_data);
/* Calls WARN for those whose warning is due, once each. Returns when to call again; BEGUN: whether
 * one has begun since the last time. */
gint64 muster_alert_silences_tick (MusterAlertSilences   *self,
                                   GTimeZone             *zone,
                                   gint64                 now,
                                   MusterAlertSilenceWarn warn,
                                   gpointer               user_data,
                                   gboolean              *begun);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterAlertSilences, muster_alert_silences_free)

G_END_DECLS
