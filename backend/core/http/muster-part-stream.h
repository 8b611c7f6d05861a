/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * MusterPartStream:
 *
 * Parts of a file with words between them, read one after the other as somebody asks for them;
 * nothing of the file is kept in memory.
 */
#define MUSTER_TYPE_PART_STREAM (muster_part_stream_get_type ())
G_DECLARE_FINAL_TYPE (MusterPartStream, muster_part_stream, MUSTER, PART_STREAM, GInputStream)

/* Takes FD, a file that can be read at any place. */
MusterPartStream *muster_part_stream_new (int fd);
/* Before the first read. */
void muster_part_stream_add_text (MusterPartStream *self, const char *text);
/* LENGTH bytes of the file from OFFSET. */
void muster_part_stream_add_range (MusterPartStream *self, gint64 offset, gint64 length);
/* Bytes of all parts that were added. */
gint64 muster_part_stream_get_length (MusterPartStream *self);

G_END_DECLS
