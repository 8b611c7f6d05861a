/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * MusterPinPad:
 *
 * Digits to touch, large enough for a gloved finger, and to type. Signal `entered (char *pin)`:
 * Enter, or the tick, after 4 digits or more.
 */
#define MUSTER_TYPE_PIN_PAD (muster_pin_pad_get_type ())
G_DECLARE_FINAL_TYPE (MusterPinPad, muster_pin_pad, MUSTER, PIN_PAD, GtkWidget)

GtkWidget *muster_pin_pad_new (void);
/* Empties it; MESSAGE (nullable) says why, "wrong PIN". */
void muster_pin_pad_reset (MusterPinPad *self, const char *message);

G_END_DECLS
