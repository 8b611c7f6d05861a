/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct
{
  gint64 at; /* UTC microseconds */
  gint64 sequence;
  char  *text; /* (owned): "firmware 1.4.2", "moving to Hall 3" */
} MusterAlertChange;

/**
 * MusterAlertHistory:
 *
 * The last change of each device that may explain what it does since: its firmware, configuration,
 * place or state. Main thread only.
 */
typedef struct _MusterAlertHistory MusterAlertHistory;

MusterAlertHistory *muster_alert_history_new (void);
void                muster_alert_history_free (MusterAlertHistory *self);
/* MEMBERS: what a journal entry of the device says has changed. PLACE (nullable): the path of where
 * it is now. What explains nothing is not kept. */
void muster_alert_history_note (MusterAlertHistory *self,
                                const char         *device_id,
                                gint64              at,
                                gint64              sequence,
                                JsonObject         *members,
                                const char         *place);
/* The last change not before FROM and not after TO, or NULL. Borrowed. */
const MusterAlertChange *muster_alert_history_find (MusterAlertHistory *self,
                                                    const char         *device_id,
                                                    gint64              from,
                                                    gint64              to);
/* Forgets what is older than BEFORE. */
void muster_alert_history_prune (MusterAlertHistory *self, gint64 before);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterAlertHistory, muster_alert_history_free)

G_END_DECLS
