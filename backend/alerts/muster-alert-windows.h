/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "model/muster-error.h"

G_BEGIN_DECLS

/* Most windows of one rule. */
#define MUSTER_ALERT_MAX_WINDOWS 50

/**
 * MusterAlertWindows:
 *
 * Parts of the day that recur by the week, in the local time of a zone: quiet hours, maintenance.
 * A window belongs to the day that it begins on, and one whose end is not after its beginning lasts
 * into the next day. Where clocks are put forward or back, it begins and ends by the clock on the
 * wall. Immutable.
 */
typedef struct _MusterAlertWindows MusterAlertWindows;

/* JSON (nullable): `[{"days":[1,2,3],"from":"22:00","to":"06:00"}]`, 1 is Monday; without `days`
 * every day. NULL for none, and where rows were added to ERRORS at POINTER. (transfer full) */
MusterAlertWindows *muster_alert_windows_parse (const char        *json,
                                                const char        *pointer,
                                                MusterFieldErrors *errors);
/* One window; DAYS (nullable): `[6,7]`. Likewise: the rows are at /days, /from_time and /to_time.
 */
MusterAlertWindows *muster_alert_windows_parse_one (const char        *days,
                                                    const char        *from,
                                                    const char        *to,
                                                    MusterFieldErrors *errors);
void                muster_alert_windows_free (MusterAlertWindows *self);

/* Whether AT (UTC microseconds) lies in one. UNTIL: when that ends, else when the next begins
 * (G_MAXINT64: never). */
gboolean muster_alert_windows_contain (const MusterAlertWindows *self,
                                       GTimeZone                *zone,
                                       gint64                    at,
                                       gint64                   *until);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterAlertWindows, muster_alert_windows_free)

G_END_DECLS
