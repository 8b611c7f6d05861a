/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Engineering units of metrics, by the symbols that devices and people write: "°C", "degC", "kWh".
 * Case counts: mW is not MW. */

/* Whether A and B are two ways to write one unit. Units that are not known are the same where they
 * are written the same. */
gboolean muster_unit_is_same (const char *a, const char *b);

/* Turns VALUE, told in FROM, into TO, to twelve digits. FALSE with VALUE as it was where one of
 * them is not known, or they measure different things. */
gboolean muster_unit_convert (const char *from, const char *to, double *value);

G_END_DECLS
