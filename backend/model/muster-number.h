/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* VALUE with at most DIGITS significant digits, as people write numbers: large ones in full up to
 * 10¹⁵, and what has an exponent as "2×10⁻⁶": (transfer full). */
char *muster_number_format (double value, int digits);

G_END_DECLS
