/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "muster-daemon-options.h"

G_BEGIN_DECLS

/* The one place that knows every service: makes them, wires them, starts them in order and stops
 * them in reverse. */
#define MUSTER_TYPE_DAEMON (muster_daemon_get_type ())
G_DECLARE_FINAL_TYPE (MusterDaemon, muster_daemon, MUSTER, DAEMON, GObject)

/* OPTIONS must outlive it. */
MusterDaemon *muster_daemon_new (const MusterDaemonOptions *options);
/* Resolves to TRUE once the API answers; rejects with what stands in the way and how to mend it,
 * everything stopped again. */
DexFuture *muster_daemon_start (MusterDaemon *self);
/* Lets requests under way finish, stops everything; also while it starts. Resolves to TRUE. */
DexFuture *muster_daemon_stop (MusterDaemon *self);
/* Reads the configuration file again; one with a mistake changes nothing and is logged. Resolves to
 * TRUE. */
DexFuture *muster_daemon_reload (MusterDaemon *self);

G_END_DECLS
