/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-sample-block.h"
#include "muster-sample-file.h"
#include "muster-sample-store.h"

G_BEGIN_DECLS

/* Something of a device's samples, in order of time: a block as it stands in the file, alone in its
 * time and (but for takes_parts) all of it within what was asked for; or rows. */
typedef struct
{
  const MusterSampleBlock *block; /* (nullable) */
  const guint8            *data;  /* (nullable) of the block, see muster_sample_piece_load */
  gsize                    data_length;
  const gint64            *times; /* (nullable) of the block, see muster_sample_piece_load_times */
  const MusterSampleRows  *rows;  /* (nullable) */
  unsigned                 from;  /* the first of them */
  unsigned                 to;    /* behind the last */
} MusterSamplePiece;

typedef struct _MusterSampleScan MusterSampleScan;

typedef gboolean (*MusterSamplePieceFunc) (MusterSampleScan  *scan,
                                           MusterSamplePiece *piece,
                                           gpointer           user_data,
                                           GError           **error);

/* What a scan is of. */
typedef struct
{
  const char                  *device_id;
  const guint32               *metrics; /* (nullable) all */
  unsigned                     n_metrics;
  gint64                       from; /* both ends included */
  gint64                       to;
  const MusterSampleExclusion *excluded; /* blocks that these touch are told as rows */
  unsigned                     n_excluded;
  gboolean                     takes_parts; /* blocks that reach beyond the range are told too */
} MusterSampleScanRange;

/* Calls FUNC for each piece of a device's samples, piece after piece in order of time. Damaged
 * blocks are left out, and told to DAMAGED (nullable) (element-type MusterSampleFileBlock). FALSE
 * when FUNC says so, or the file cannot be read. */
gboolean muster_sample_scan_run (MusterSampleTable           *table,
                                 MusterSampleFile            *file,
                                 const MusterSampleScanRange *range,
                                 MusterSamplePieceFunc        func,
                                 gpointer                     user_data,
                                 GArray                      *damaged,
                                 GError                     **error);

/* A moment of a device's samples, of which several scans can be made: what stands in memory, and a
 * snapshot of the file. */
typedef struct
{
  MusterSampleTable *table; /* (nullable): is told of damage */
  MusterSampleFile  *file;
  guint32            number;   /* of the device; 0: there is none */
  gint64             max_span; /* microseconds, of its longest block */
  guint64            sealed;   /* see muster_sample_file_begin_read */
  MusterSampleRows  *memory;   /* (owned) */
  gboolean           has_begun;
} MusterSampleView;

/* RANGE: of all scans together. */
gboolean muster_sample_view_open (MusterSampleView            *self,
                                  MusterSampleTable           *table,
                                  MusterSampleFile            *file,
                                  const MusterSampleScanRange *range,
                                  GError                     **error);
/* Without what stands in memory, within a transaction of FILE. */
void     muster_sample_view_open_blocks (MusterSampleView *self,
                                         MusterSampleFile *file,
                                         guint32           number,
                                         gint64            max_span);
void     muster_sample_view_close (MusterSampleView *self);
gboolean muster_sample_view_scan (MusterSampleView            *self,
                                  const MusterSampleScanRange *range,
                                  MusterSamplePieceFunc        func,
                                  gpointer                     user_data,
                                  GArray                      *damaged,
                                  GError                     **error);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MusterSampleView, muster_sample_view_close)

/* For a block within FUNC: its data, and its times. FALSE where it is damaged: the rest of it is
 * left out. */
gboolean muster_sample_piece_load (MusterSampleScan *scan, MusterSamplePiece *piece);
gboolean muster_sample_piece_load_times (MusterSampleScan *scan, MusterSamplePiece *piece);
/* The block as rows: NULL where it is damaged. Borrowed from the scan until FUNC ends. */
const MusterSampleRows *muster_sample_piece_load_rows (MusterSampleScan  *scan,
                                                       MusterSamplePiece *piece);

G_END_DECLS
