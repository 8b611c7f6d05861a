/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterPortList:
 *
 * The ports of the daemon's machine, to be ticked: several, or (SINGLE) one; with who uses them.
 * Ports that it does not find by itself, such as `net:HOST:PORT`, can be added. Signal `changed
 * ()`: others are ticked.
 */
#define MUSTER_TYPE_PORT_LIST (muster_port_list_get_type ())
G_DECLARE_FINAL_TYPE (MusterPortList, muster_port_list, MUSTER, PORT_LIST, AdwPreferencesGroup)

GtkWidget *muster_port_list_new (MusterSession *session, gboolean single);
/* Asks again what ports there are; what is ticked stays so where it is still there. */
void muster_port_list_refresh (MusterPortList *self);
/* A port that is offered although nobody finds it, ticked. */
void     muster_port_list_add (MusterPortList *self, const char *port);
char   **muster_port_list_dup_chosen (MusterPortList *self); /* (transfer full) */
unsigned muster_port_list_count_chosen (MusterPortList *self);

G_END_DECLS
