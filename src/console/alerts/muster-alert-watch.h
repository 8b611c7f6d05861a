/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-session.h"

G_BEGIN_DECLS

/* Severities of muster_severity_enum. */
#define MUSTER_N_SEVERITIES 3

/**
 * MusterAlertWatch:
 *
 * Knows how many alerts nobody has taken notice of, and which of them are new to this console.
 * Those that another one explains do not count.
 *
 * Signals: `changed`: the counts are others; `notice (JsonObject *)`: a channel of consoles,
 * desktops or kiosks was told to tell people, as the live stream has it.
 */
#define MUSTER_TYPE_ALERT_WATCH (muster_alert_watch_get_type ())
G_DECLARE_FINAL_TYPE (MusterAlertWatch, muster_alert_watch, MUSTER, ALERT_WATCH, GObject)

MusterAlertWatch *muster_alert_watch_new (MusterSession *session);

/* All that are open, of all severities. */
unsigned muster_alert_watch_get_open (MusterAlertWatch *self);
/* New and open ones of SEVERITY since muster_alert_watch_dismiss(). */
unsigned muster_alert_watch_get_new (MusterAlertWatch *self, int severity);
/* Their ids: (transfer full). */
char **muster_alert_watch_list_new (MusterAlertWatch *self);
/* Whether ID is new and open still. */
gboolean muster_alert_watch_is_new (MusterAlertWatch *self, const char *id);
/* Somebody has seen them. */
void muster_alert_watch_dismiss (MusterAlertWatch *self);

G_END_DECLS
