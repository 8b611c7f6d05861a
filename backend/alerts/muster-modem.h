/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

G_BEGIN_DECLS

/* Sends TEXT to NUMBER over the first modem of ModemManager that takes messages. Resolves to TRUE
 * once the network has it; rejects with MUSTER_ERROR_UNAVAILABLE when there is no modem, or it or
 * the network refuses. */
DexFuture *muster_modem_send (const char *number, const char *text);

G_END_DECLS
