/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterHearing:
 *
 * Whether a device is heard now, and when it was no longer. A device tells only what changes, so
 * what it told last stands for as long as it is heard.
 *
 * Signals: `changed`: whether it is heard is another; `ended (gint64 time)`: nothing more is heard
 * from now on (UTC microseconds); `remembered`: the outages of the past are known.
 */
#define MUSTER_TYPE_HEARING (muster_hearing_get_type ())
G_DECLARE_FINAL_TYPE (MusterHearing, muster_hearing, MUSTER, HEARING, GObject)

MusterHearing *muster_hearing_new (MusterSession *session, const char *device_id);

const char *muster_hearing_get_device_id (MusterHearing *self);
/* Asks the site how the device is, and when it was away. */
void muster_hearing_load (MusterHearing *self);
/* Whether the device would tell if something were different now, and we would hear of it. */
gboolean muster_hearing_is_current (MusterHearing *self);
/* (element-type gint64): when nothing more was heard, UTC microseconds, in order of time. */
GArray *muster_hearing_get_outages (MusterHearing *self);

G_END_DECLS
