/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-sample-rows.h"

G_BEGIN_DECLS

/* Names of metrics in one chunk: their numbers have 16 bits. */
#define MUSTER_SAMPLE_CHUNK_MAX_METRICS 65535

typedef struct
{
  gint64  time;
  guint32 device; /* number in the chunk's list */
  guint32 n_cells;
} MusterChunkRow;

/**
 * MusterSampleChunk:
 *
 * Samples of many devices that come in together and become durable together: what the journal
 * keeps. It names its devices and metrics itself, so that it is understood by itself after a crash.
 */
typedef struct
{
  GStringChunk *strings;
  GPtrArray    *devices; /* (element-type utf8) ids */
  GPtrArray    *metrics; /* (element-type utf8) names */
  GPtrArray    *texts;   /* (element-type utf8) values; a cell of kind text holds its number */
  GHashTable   *device_numbers;
  GHashTable   *metric_numbers;
  GArray       *rows;         /* (element-type MusterChunkRow) */
  GArray       *cells;        /* (element-type MusterCell), row after row */
  GArray       *cell_metrics; /* (element-type guint16) */
  GByteArray   *cell_tags;
} MusterSampleChunk;

MusterSampleChunk *muster_sample_chunk_new (void);
void               muster_sample_chunk_free (MusterSampleChunk *self);
/* The numbers of a device and of a metric, taken into the lists when new. */
unsigned muster_sample_chunk_add_device (MusterSampleChunk *self, const char *id);
unsigned muster_sample_chunk_add_metric (MusterSampleChunk *self, const char *name);
/* Begins a row; the cells that are added after it are its own. */
void muster_sample_chunk_add_row (MusterSampleChunk *self, unsigned device, gint64 time);
void muster_sample_chunk_add_cell (MusterSampleChunk *self,
                                   unsigned           metric,
                                   MusterCellTag      tag,
                                   MusterCell         cell);
void muster_sample_chunk_add_text (MusterSampleChunk *self,
                                   unsigned           metric,
                                   MusterSampleFlags  flags,
                                   const char        *text);
/* Takes back what came after the first N_ROWS and N_CELLS. */
void muster_sample_chunk_rewind (MusterSampleChunk *self, unsigned n_rows, unsigned n_cells);
/* What is of SINCE (UTC microseconds) or later, as messages: (element-type MusterSampleBatch)
 * (transfer full). */
GPtrArray *muster_sample_chunk_list_batches (const MusterSampleChunk *self, gint64 since);
/* Takes the rows out of the devices that IS_TAKEN (one a device of the list) says, as messages like
 * these; what is before SINCE is historical. */
GPtrArray *muster_sample_chunk_take_batches (MusterSampleChunk *self,
                                             const gboolean    *is_taken,
                                             gint64             since);
/* BATCH's samples but transient ones. */
void     muster_sample_chunk_add_batch (MusterSampleChunk *self, MusterSampleBatch *batch);
unsigned muster_sample_chunk_count (const MusterSampleChunk *self);

/* As bytes for the journal, and back: NULL with MUSTER_ERROR_CORRUPT where they are none. */
GBytes            *muster_sample_chunk_pack (const MusterSampleChunk *self);
MusterSampleChunk *muster_sample_chunk_unpack (gconstpointer bytes, gsize length, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterSampleChunk, muster_sample_chunk_free)

G_END_DECLS
