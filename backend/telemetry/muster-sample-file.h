/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-connection.h"
#include "muster-sample-table.h"

G_BEGIN_DECLS

/* The SQL of the file of blocks on one connection. One thread at a time. */
typedef struct _MusterSampleFile MusterSampleFile;

struct _MusterSampleFileBlock
{
  gint64        id;     /* greater: written later */
  guint32       device; /* number */
  gint64        first;  /* UTC microseconds */
  gint64        last;
  unsigned      n_rows;
  gint64        extent; /* where its data lie; 0: it has none */
  gsize         offset;
  gsize         length;
  gconstpointer directory;
  gsize         directory_length;
};

typedef gboolean (*MusterSampleFileFunc) (const MusterSampleFileBlock *block,
                                          gpointer                     user_data,
                                          GError                     **error);

/* MUSTER_CONNECTION_WRITE makes the file and its tables where there are none. */
MusterSampleFile *muster_sample_file_open (const char          *path,
                                           MusterConnectionMode mode,
                                           GError             **error);
void              muster_sample_file_close (MusterSampleFile *self);

const MusterFileFormat *muster_sample_file_get_format (void);
MusterConnection       *muster_sample_file_get_connection (MusterSampleFile *self);

/* Random, of this file alone: its journal names it. */
gboolean muster_sample_file_get_store_id (MusterSampleFile *self, gint64 *id, GError **error);
/* Fills TABLE with devices and names of metrics. */
gboolean muster_sample_file_load (MusterSampleFile *self, MusterSampleTable *table, GError **error);

/* Puts data close together, and gives pages back that are free. */
void     muster_sample_file_shrink (MusterSampleFile *self);
gboolean muster_sample_file_begin (MusterSampleFile *self, GError **error);
/* Durable when it returns TRUE. On failure everything since begin is gone. */
gboolean muster_sample_file_commit (MusterSampleFile *self, GError **error);
void     muster_sample_file_rollback (MusterSampleFile *self);
/* Moves what the log holds to its place, as far as no reader needs the log: readers are faster
 * then. */
void muster_sample_file_bring_home (MusterSampleFile *self);

gboolean muster_sample_file_put_metric (MusterSampleFile *self,
                                        guint32           number,
                                        const char       *name,
                                        GError          **error);
/* What is told of DEVICE now, with its newest samples as bytes in LATEST. */
gboolean muster_sample_file_put_device (MusterSampleFile         *self,
                                        const MusterSampleDevice *device,
                                        GByteArray               *latest,
                                        GError                  **error);
/* BLOCK's id and place are chosen. */
gboolean muster_sample_file_add_block (MusterSampleFile            *self,
                                       const MusterSampleFileBlock *block,
                                       const GByteArray            *data,
                                       GError                     **error);
gboolean muster_sample_file_delete_block (MusterSampleFile            *self,
                                          const MusterSampleFileBlock *block,
                                          GError                     **error);
/* BLOCK instead of OLD, as old as that: what was laid over it stays so. Not twice in a transaction.
 */
gboolean muster_sample_file_replace_block (MusterSampleFile            *self,
                                           const MusterSampleFileBlock *old,
                                           const MusterSampleFileBlock *block,
                                           const GByteArray            *data,
                                           GError                     **error);
/* Puts a damaged block aside: it is asked for no more, and kept for whoever would mend it. */
gboolean muster_sample_file_quarantine (MusterSampleFile            *self,
                                        const MusterSampleFileBlock *block,
                                        const char                  *reason,
                                        GError                     **error);
gboolean muster_sample_file_forget (MusterSampleFile *self, guint32 device, GError **error);

/* Between these two, everything that is read is of one moment. SEALED: MusterSampleTable.n_seals
 * as it was when what stands in memory was read, before this. */
gboolean muster_sample_file_begin_read (MusterSampleFile *self, guint64 sealed, GError **error);
void     muster_sample_file_end_read (MusterSampleFile *self);
/* Between these two, that moment is kept for as many reads as find nothing sealed since. */
void muster_sample_file_hold (MusterSampleFile *self);
void muster_sample_file_release (MusterSampleFile *self);
/* Calls FUNC for DEVICE's blocks that begin within the range (both ends included), in order of
 * their begin and id. FALSE without ERROR where FUNC said so without one. */
gboolean muster_sample_file_foreach (MusterSampleFile    *self,
                                     guint32              device,
                                     gint64               from,
                                     gint64               to,
                                     MusterSampleFileFunc func,
                                     gpointer             user_data,
                                     GError             **error);
/* The same for its N newest blocks, the newest first. */
gboolean muster_sample_file_foreach_newest (MusterSampleFile    *self,
                                            guint32              device,
                                            unsigned             n,
                                            MusterSampleFileFunc func,
                                            gpointer             user_data,
                                            GError             **error);
/* The first LENGTH bytes of a block's data (it may have fewer), borrowed until the next call or
 * change: NULL where they are gone. */
const guint8 *muster_sample_file_read (MusterSampleFile            *self,
                                       const MusterSampleFileBlock *block,
                                       gsize                       *length,
                                       GError                     **error);

typedef struct
{
  gint64 samples; /* in blocks */
  gint64 blocks;
  gint64 quarantined;
  gint64 bytes; /* of the file */
} MusterSampleFileStats;
gboolean muster_sample_file_get_stats (MusterSampleFile      *self,
                                       MusterSampleFileStats *stats,
                                       GError               **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterSampleFile, muster_sample_file_close)

G_END_DECLS
