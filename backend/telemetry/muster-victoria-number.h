/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether VictoriaMetrics, which keeps decimals of about twelve digits (the last of them is not
 * sure) that share an exponent with their neighbours, gives NUMBER back to the bit. */
gboolean muster_victoria_keeps_double (double number);
gboolean muster_victoria_keeps_integer (gint64 number);

G_END_DECLS
