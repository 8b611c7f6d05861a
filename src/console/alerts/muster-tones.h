/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Samples a second of what muster_tones_synthesize() makes: signed, 16 bits, one channel. */
#define MUSTER_TONES_RATE 48000

/* The sound NAME ("chime", "alarm"), a channel's `sound`: (transfer full), or NULL for "none" and
 * for what is no sound. */
GBytes *muster_tones_synthesize (const char *name);

G_END_DECLS
