/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* Called with PORTS, up to NULL and at least one, once the person says VERB. */
typedef void (*MusterPortsFunc) (const char *const *ports, gpointer user_data);

/* Asks over PARENT for the ports of boards; SINGLE: for one. VERB: of the button, with mnemonic.
 * USER_DATA is referenced while the question stands. (transfer none) */
AdwDialog *muster_ports_ask (GtkWidget      *parent,
                             MusterSession  *session,
                             const char     *heading,
                             const char     *body,
                             const char     *verb,
                             gboolean        single,
                             MusterPortsFunc func,
                             GObject        *user_data);

G_END_DECLS
