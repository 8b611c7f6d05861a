/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * MusterScanner:
 *
 * Hears the hand scanners that type like a keyboard, wherever the focus is in a window, and keeps
 * what they type from whatever has it. What a person types arrives as it was typed, some
 * milliseconds later.
 *
 * Signal `scanned (char *code)`.
 */
#define MUSTER_TYPE_SCANNER (muster_scanner_get_type ())
G_DECLARE_FINAL_TYPE (MusterScanner, muster_scanner, MUSTER, SCANNER, GObject)

/* SETTINGS (nullable): `scan-gap`, `scan-prefix`, `scan-suffix`, followed as they change. Lives no
 * longer than WINDOW. */
MusterScanner *muster_scanner_new (GtkWidget *window, GSettings *settings);

G_END_DECLS
