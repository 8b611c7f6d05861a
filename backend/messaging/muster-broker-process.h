/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Starts mosquitto (PROGRAM; NULL: where it usually is) in DIRECTORY, with the configuration there
 * and its log on stderr. It ends with this process, however that ends, and is no more than an
 * ordinary user. Fails with MUSTER_ERROR_UNAVAILABLE when it is not installed. */
GSubprocess *muster_broker_process_new (const char *directory, const char *program, GError **error);

G_END_DECLS
