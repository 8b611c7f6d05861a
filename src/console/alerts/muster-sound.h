/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * MusterSound:
 *
 * Plays the sounds of alerts, one at a time. The one place that knows GStreamer.
 *
 * Where they go is said by the environment variable `MUSTER_AUDIO_SINK`, a GStreamer element with
 * its properties ("filesink location=/tmp/heard"); unless it is set, where the machine's sound
 * goes.
 */
#define MUSTER_TYPE_SOUND (muster_sound_get_type ())
G_DECLARE_FINAL_TYPE (MusterSound, muster_sound, MUSTER, SOUND, GObject)

MusterSound *muster_sound_new (void);
/* NAME: "chime" or "alarm"; "none" and what is no sound plays nothing. An alarm that is playing is
 * not broken off by a chime. Without a sound card nothing is heard, and the log says why. */
void muster_sound_play (MusterSound *self, const char *name);
void muster_sound_stop (MusterSound *self);

G_END_DECLS
