/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "core/muster-bus.h"

G_BEGIN_DECLS

/* What a client of Socket.IO is told, by the names of its events:
 *
 * - `monitoring`, `telemetry`: values as they come, {"device_id",…};
 * - `alert`, `device`: a record that was added, changed or deleted, {"action","id","title",
 *   "sequence"} and the members that changed; `device` also tells the live state of one,
 *   {"action":"live","id",…}; {"action":"many"}: so many changed that they are to be read anew;
 * - `notification`: what consoles are to show.
 */
typedef struct
{
  unsigned    events;  /* bits 1 << MUSTER_SOCKET_EVENT_… */
  GHashTable *devices; /* (owned) (nullable): a set of ids; NULL: all. For values and live states */
  GHashTable *metrics; /* (owned) (nullable): a set of names; NULL: all */
} MusterSocketFilter;

/* All but `telemetry`, which tells the same as `monitoring`. */
void muster_socket_filter_init (MusterSocketFilter *self);
void muster_socket_filter_clear (MusterSocketFilter *self);
/* Takes over {"events":[…],"devices":[…],"metrics":[…]}; what is left out stays as it is, null
 * stands for all. Nothing is changed on failure: MUSTER_ERROR_INVALID. */
gboolean muster_socket_filter_read (MusterSocketFilter *self, JsonObject *object, GError **error);
gboolean muster_socket_filter_listens (const MusterSocketFilter *self, const char *topic);
/* The names under which EVENT is told: (transfer full) (array NULL-terminated) of static texts. */
const char **muster_socket_filter_list_names (const MusterSocketFilter *self, MusterEvent *event);
/* The message that tells EVENT as NAME, or NULL where nothing of it was asked for: (transfer full).
 */
char *muster_socket_filter_format (const MusterSocketFilter *self,
                                   const char               *name,
                                   MusterEvent              *event);
/* Appends ["alert",…]: the names of what is told. */
void muster_socket_filter_append_names (const MusterSocketFilter *self, GString *json);

G_END_DECLS
