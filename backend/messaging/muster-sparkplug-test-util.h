/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-sparkplug-session.h"

G_BEGIN_DECLS

/* For tests: messages of an edge node, written as short text and encoded. SPEC is a list of metrics
 * parted by spaces: "name=1.5" (Double), "name:7=2" (with an alias), ":7=3" (alias alone, no
 * datatype), "name=true" (Boolean), "name=null", "name='text" (String), "name=5i" (Int32), with
 * flags behind: "!h" historical, "!t" transient, "!b" bad, "!r" read-only. SEQ and BD_SEQ: -1 for
 * none. TIME in UTC microseconds, 0 for none. */
GBytes *muster_sparkplug_test_payload (int seq, int bd_seq, gint64 time, const char *spec);

/* Runs protoc, an independent codec of the same definition, on INPUT; MODE: "--encode" (of its text
 * format) or "--decode". (transfer full): its output, NULL when protoc is not at hand. */
GBytes *muster_sparkplug_test_protoc (const char *mode, GBytes *input);
GBytes *muster_sparkplug_test_encode_text (const char *text);

/* Writes what a listener is told as lines: "birth g/n a,b", "rebirth …", "data g/n/d a=1.5 b=true",
 * "death g/n why", "wanted g/n", "connection 1". */
typedef struct
{
  GString *text;
} MusterSparkplugRecorder;

extern const MusterSparkplugListener
  muster_sparkplug_recorder_listener; /* user_data: MusterSparkplugRecorder */

void muster_sparkplug_recorder_init (MusterSparkplugRecorder *self);
void muster_sparkplug_recorder_clear (MusterSparkplugRecorder *self);
/* Asserts what was told since the last call, lines parted by "; ". */
void muster_sparkplug_recorder_assert (MusterSparkplugRecorder *self, const char *expected);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MusterSparkplugRecorder, muster_sparkplug_recorder_clear)

G_END_DECLS
