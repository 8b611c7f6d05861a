/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* 36 characters and the NUL. */
#define MUSTER_UUID_LENGTH 36

/* A UUIDv7 (RFC 9562 §5.7) of the time UNIX_USEC. The 12 bits after the milliseconds carry the
 * fraction of the millisecond (method 3), and ids made in one process never go backwards: (transfer
 * full). */
char    *muster_uuid_new (gint64 unix_usec);
gboolean muster_uuid_is_valid (const char *text);
/* The milliseconds in a UUIDv7, or -1. */
gint64 muster_uuid_get_time_ms (const char *uuid);

G_END_DECLS
