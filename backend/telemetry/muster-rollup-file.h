/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-sample-file.h"

G_BEGIN_DECLS

/* How coarse: samples themselves, a piece a minute, a piece an hour. */
typedef enum
{
  MUSTER_ROLLUP_RAW,
  MUSTER_ROLLUP_MINUTE,
  MUSTER_ROLLUP_HOUR,
  MUSTER_N_ROLLUP_LEVELS,
} MusterRollupLevel;

#define MUSTER_DAY_USEC (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)

/* Microseconds of one piece, and of one chunk: what is packed together. */
gint64 muster_rollup_get_piece (MusterRollupLevel level);
gint64 muster_rollup_get_span (MusterRollupLevel level);

/**
 * The tables of roll-ups within the file of blocks: chunks of pieces, packed as blocks are; marks,
 * the ranges whose chunks do not tell what the blocks tell by now; and cuts, up to where something
 * of a series was deleted on purpose.
 */

/* Makes the tables where there are none, with a mark for all that is stored already. */
gboolean muster_rollup_file_prepare (MusterSampleFile *file, GError **error);

/* --- marks --- */

/* Within a transaction: DEVICE's samples from FROM to TO (both included) are not what they were. */
gboolean muster_rollup_file_mark (MusterSampleFile *file,
                                  guint32           device,
                                  gint64            from,
                                  gint64            to,
                                  GError          **error);
/* The same for pieces of LEVEL alone, the ones of lesser levels being right. */
gboolean muster_rollup_file_mark_level (MusterSampleFile *file,
                                        MusterRollupLevel level,
                                        guint32           device,
                                        gint64            from,
                                        gint64            to,
                                        GError          **error);
/* Takes the range out of DEVICE's marks of LEVEL. */
gboolean muster_rollup_file_unmark (MusterSampleFile *file,
                                    MusterRollupLevel level,
                                    guint32           device,
                                    gint64            from,
                                    gint64            to,
                                    GError          **error);

typedef struct
{
  guint32           device;
  MusterRollupLevel level;
  gint64            from; /* both ends included */
  gint64            to;
} MusterRollupMark;

/* DEVICE's marks up to LEVEL, in order of their begin: appended to MARKS (element-type
 * MusterRollupMark). */
gboolean muster_rollup_file_list_marks (MusterSampleFile *file,
                                        MusterRollupLevel level,
                                        guint32           device,
                                        GArray           *marks,
                                        GError          **error);
/* A mark within which something is complete: no more samples are to be expected, but late ones. */
typedef struct
{
  MusterRollupMark mark;
  gint64           max_span;     /* microseconds, of the device's longest block */
  gint64           sealed_until; /* the newest time in its blocks */
} MusterRollupDue;

/* Some marks of LEVEL whose first chunk is complete: appended to DUES (element-type
 * MusterRollupDue). */
gboolean muster_rollup_file_list_due (MusterSampleFile *file,
                                      MusterRollupLevel level,
                                      GArray           *dues,
                                      GError          **error);

/* --- blocks --- */

/* The first time from FROM on of which DEVICE may have a sample in a block, of which none is longer
 * than MAX_SPAN; G_MAXINT64: there is none. */
gboolean muster_rollup_file_find_next (MusterSampleFile *file,
                                       guint32           device,
                                       gint64            max_span,
                                       gint64            from,
                                       gint64           *next,
                                       GError          **error);
/* What is known of DEVICE's blocks; of none, where there is no such device. */
gboolean muster_rollup_file_find_device (MusterSampleFile *file,
                                         guint32           device,
                                         gint64           *max_span,
                                         gint64           *sealed_until,
                                         GError          **error);

/* --- chunks --- */

typedef struct
{
  guint32           device;
  MusterRollupLevel level;
  gint64            start;
  gint64            until; /* what it tells of, not included; within its span */
  gconstpointer     directory;
  gsize             directory_length;
  gconstpointer     data;
  gsize             data_length;
} MusterRollupChunk;

/* (transfer full): to be stepped while it gives MUSTER_STEP_ROW and asked by get_chunk. */
MusterStatement *muster_rollup_file_find_chunks (MusterSampleFile *file,
                                                 MusterRollupLevel level,
                                                 guint32           device,
                                                 gint64            from,
                                                 gint64            to,
                                                 GError          **error);
/* Its bytes are borrowed until the next step. */
void     muster_rollup_file_get_chunk (MusterStatement *statement, MusterRollupChunk *chunk);
gboolean muster_rollup_file_put_chunk (MusterSampleFile        *file,
                                       const MusterRollupChunk *chunk,
                                       GError                 **error);
gboolean muster_rollup_file_delete_chunk (MusterSampleFile *file,
                                          MusterRollupLevel level,
                                          guint32           device,
                                          gint64            start,
                                          GError          **error);

/* --- cuts --- */

typedef struct
{
  guint32           metric;
  MusterRollupLevel level;
  gint64            until; /* what is before was deleted */
} MusterRollupCut;

gboolean muster_rollup_file_cut (MusterSampleFile *file,
                                 guint32           device,
                                 guint32           metric,
                                 MusterRollupLevel level,
                                 gint64            until,
                                 GError          **error);
/* Whether there is any, of any device. */
gboolean muster_rollup_file_has_cuts (MusterSampleFile *file, gboolean *has_cuts, GError **error);
/* Appended to CUTS (element-type MusterRollupCut). */
gboolean muster_rollup_file_list_cuts (MusterSampleFile *file,
                                       guint32           device,
                                       GArray           *cuts,
                                       GError          **error);

/* Deletes all of a device. */
gboolean muster_rollup_file_forget (MusterSampleFile *file, guint32 device, GError **error);

G_END_DECLS
