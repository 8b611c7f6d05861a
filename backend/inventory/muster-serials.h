/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Most serial numbers that one text gives, characters of each, and bytes of a text. */
#define MUSTER_SERIALS_MAX 10000
#define MUSTER_SERIAL_MAX_LENGTH 64
#define MUSTER_SERIALS_TEXT_MAX 200000

/**
 * muster_serials_expand:
 * @text: what a person typed
 * @highest: (nullable): the highest serial number in use, on which `~` goes on
 * @quantity: how many are wanted, or 0 where nobody said
 * @pointer: of the rows of what is refused
 *
 * The serial numbers that TEXT stands for, in order. Groups are parted by commas, semicolons,
 * spaces or line ends; a group is one of
 *
 * - `A10`: itself; `"2024-17"`: itself, though it looks like a range;
 * - `A10-15`, `A10-A15`: from one to the other, as many digits as the first has;
 * - `100+3`: it and the three that follow; `100+`: it and as many as are wanted;
 * - `A10*3`: three, beginning with it;
 * - `~`: the one after the last before it or, as the first, after HIGHEST (1 without);
 *   with `+3`, `+` and `*3` as above.
 *
 * Counting goes on in the digits at the end; leading zeros stay. MUSTER_ERROR_INVALID with rows at
 * POINTER names the group that cannot be, what occurs twice, or that there are not QUANTITY of
 * them.
 *
 * Returns: (transfer full) (array zero-terminated=1): at least one
 */
GStrv muster_serials_expand (const char *text,
                             const char *highest,
                             unsigned    quantity,
                             const char *pointer,
                             GError    **error);

/* The serial number after SERIAL: the number at its end counted up. NULL where it does not end in a
 * digit or all its digits are used up. (transfer full) */
char *muster_serials_next (const char *serial);

/* Orders "A9" before "A10": by what precedes the number at the end, then by that number. */
int muster_serials_compare (const char *a, const char *b);

/* Whether expanding TEXT needs the highest one in use. */
gboolean muster_serials_needs_highest (const char *text);

G_END_DECLS
