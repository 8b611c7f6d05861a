/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Some thousand samples sent to a store of samples in a folder of its own, late ones among them,
 * with restarts and a device that is forgotten; and what must be there of them afterwards. All in a
 * fiber. */
typedef struct _SampleSession SampleSession;

SampleSession *sample_session_new (void);
void           sample_session_free (SampleSession *self);
/* The path of NAME in its folder, where the store is "samples.db": (transfer full). */
char *sample_session_build_path (SampleSession *self, const char *name);

/* Opens, sends and closes, several times. Ends early where the store does not open. */
void sample_session_run (SampleSession *self);

gboolean sample_session_open (SampleSession *self, GError **error);
void     sample_session_close (SampleSession *self);
/* N more rows of DEVICE, 0 to 2. */
void sample_session_send (SampleSession *self, guint device, guint n);
/* Until all that was sent is durable or rejected. */
void  sample_session_settle (SampleSession *self);
guint sample_session_get_n_rejected (SampleSession *self);

/* Asserts of the open store that what it has is what was sent, once each. Returns how many samples
 * it lacks that it told to be durable. */
guint sample_session_check (SampleSession *self);
/* Asserts no more than that nothing is told that was not sent; that the file is damaged may be. */
void sample_session_check_readable (SampleSession *self);
/* Asserts of the closed store that it opens, lacks nothing and takes more, twice. */
void sample_session_check_after (SampleSession *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SampleSession, sample_session_free)

G_END_DECLS
