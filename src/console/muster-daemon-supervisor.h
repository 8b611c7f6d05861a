/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * MusterDaemonSupervisor:
 *
 * Sees to it that a daemon answers at a Unix socket: leaves one alone that is there, else runs
 * `musterd` and runs it again, later each time, when it ends. Stops only what it started. Property
 * `trouble` (string, null) notifies: why there is no daemon, for a person. Signal `started`: a
 * daemon of ours is on its way up.
 */
#define MUSTER_TYPE_DAEMON_SUPERVISOR (muster_daemon_supervisor_get_type ())
G_DECLARE_FINAL_TYPE (MusterDaemonSupervisor,
                      muster_daemon_supervisor,
                      MUSTER,
                      DAEMON_SUPERVISOR,
                      GObject)

/* PROGRAM NULL: $MUSTERD, else `musterd` of this installation. DATA_DIR NULL: the daemon's own
 * choice. */
MusterDaemonSupervisor *muster_daemon_supervisor_new (const char *program,
                                                      const char *socket_path,
                                                      const char *data_dir);

void muster_daemon_supervisor_start (MusterDaemonSupervisor *self);
void muster_daemon_supervisor_stop (MusterDaemonSupervisor *self);
/* Ends the daemon, when it is a child of this process; it is run again like one that ended. */
void        muster_daemon_supervisor_restart (MusterDaemonSupervisor *self);
const char *muster_daemon_supervisor_get_trouble (MusterDaemonSupervisor *self); /* (nullable) */
/* Whether the daemon that runs now is a child of this process. */
gboolean muster_daemon_supervisor_is_running (MusterDaemonSupervisor *self);
/* Milliseconds to wait before attempt N (from 0) after a daemon that lived LIFETIME milliseconds.
 */
unsigned muster_daemon_supervisor_get_delay (unsigned attempt);

G_END_DECLS
