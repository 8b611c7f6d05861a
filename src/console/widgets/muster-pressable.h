/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Rows of lists offer a screen reader nothing to press by themselves: it can press ROW, as a
 * pointer does, from now on. */
void muster_pressable_make (GtkListBoxRow *row);

G_END_DECLS
