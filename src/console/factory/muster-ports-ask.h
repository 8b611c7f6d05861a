/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* How many are asked for. */
typedef enum
{
  MUSTER_PORTS_MANY,
  MUSTER_PORTS_ONE,
  MUSTER_PORTS_ONE_AND_TOOL, /* one, and behind it that of the tool, where it is another */
} MusterPortsCount;

/* Called with PORTS, up to NULL and at least one, once the person says VERB. */
typedef void (*MusterPortsFunc) (const char *const *ports, gpointer user_data);

/* Asks over PARENT for the ports of boards. VERB: of the button, with mnemonic. USER_DATA is
 * referenced while the question stands. (transfer none) */
AdwDialog *muster_ports_ask (GtkWidget       *parent,
                             MusterSession   *session,
                             const char      *heading,
                             const char      *body,
                             const char      *verb,
                             MusterPortsCount count,
                             MusterPortsFunc  func,
                             GObject         *user_data);

G_END_DECLS
