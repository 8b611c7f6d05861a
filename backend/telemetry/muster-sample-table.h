/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-sample-chunk.h"

G_BEGIN_DECLS

/* The newest sample of one metric that is not historical; tag MUSTER_CELL_ABSENT: all are. */
typedef struct
{
  guint32       metric;
  MusterCellTag tag;
  gint64        time;
  MusterCell    cell; /* its text is owned */
} MusterLatestSample;

/* What is in memory of one device. */
typedef struct
{
  guint32           number; /* in the file too */
  char             *id;
  MusterSampleRows *head;             /* what came and stands in no block yet */
  gint64            head_sequence;    /* of the first journal entry in it; 0: none */
  MusterSampleRows *sealing;          /* (nullable) what is being written as a block */
  gint64            sealing_sequence; /* of the first journal entry in it; 0: none */
  gint64            sealed_sequence;  /* journal entries up to this stand in blocks */
  gint64            sealed_until;     /* the newest time in a block */
  gint64            n_sealed;         /* samples in blocks */
  gint64            max_span;         /* microseconds, of its longest block */
  unsigned          seal_rows;        /* how many rows make a block */
  gboolean          is_queued;        /* waits to be sealed */
  gboolean          is_gone;          /* forgotten: the number is not used again */
  GArray           *latest;           /* (element-type MusterLatestSample) */
} MusterSampleDevice;

/* Told of a block that a reader found damaged; from any thread, with the lock held. */
typedef struct _MusterSampleFileBlock MusterSampleFileBlock;
typedef void (*MusterSampleDamageFunc) (const MusterSampleFileBlock *block, gpointer user_data);

/**
 * MusterSampleTable:
 *
 * What the sample engine has in memory: devices, names of metrics, and what is not in blocks yet.
 * Several threads: everything below wants the lock held, for reading or for writing.
 */
typedef struct
{
  GRWLock                lock;
  GPtrArray             *devices;        /* (element-type MusterSampleDevice) by number; owned */
  GHashTable            *device_numbers; /* id → MusterSampleDevice, those not gone */
  GPtrArray             *metrics;        /* (element-type utf8) by number */
  GHashTable            *metric_numbers; /* name → number + 1 */
  gsize                  n_cells;        /* in heads and what is being sealed */
  gint64                 last_sequence;  /* of the journal, applied */
  guint64                n_seals;        /* how often something went from memory into the file */
  gint                   has_cuts;  /* atomic, without the lock: something was deleted on purpose */
  gboolean               is_plain;  /* no roll-ups are made of it; set before others know it */
  MusterSampleDamageFunc on_damage; /* (nullable) */
  gpointer               damage_data;
} MusterSampleTable;

MusterSampleTable *muster_sample_table_new (void);
void               muster_sample_table_free (MusterSampleTable *self);

/* NULL where there is none. */
MusterSampleDevice *muster_sample_table_find_device (MusterSampleTable *self, const char *id);
MusterSampleDevice *muster_sample_table_ensure_device (MusterSampleTable *self, const char *id);
/* One that the file has, under its NUMBER. */
MusterSampleDevice *muster_sample_table_load_device (MusterSampleTable *self,
                                                     guint32            number,
                                                     const char        *id);
guint32             muster_sample_table_ensure_metric (MusterSampleTable *self, const char *name);
void muster_sample_table_load_metric (MusterSampleTable *self, guint32 number, const char *name);
/* FALSE where no sample ever had that name. */
gboolean muster_sample_table_find_metric (MusterSampleTable *self,
                                          const char        *name,
                                          guint32           *number);

/* Takes CHUNK's samples into the heads, but those of devices that stand in blocks already. READY
 * (nullable): gets the devices whose heads have become long enough for a block. */
void muster_sample_table_apply (MusterSampleTable       *self,
                                const MusterSampleChunk *chunk,
                                gint64                   sequence,
                                GPtrArray               *ready);
/* Takes one sample of DEVICE, and a text's reference. */
void muster_sample_table_put (MusterSampleTable  *self,
                              MusterSampleDevice *device,
                              const char         *metric,
                              gint64              time,
                              MusterCellTag       tag,
                              MusterCell          cell);
/* Drops all that is known of a device; its number, or 0. */
guint32 muster_sample_table_forget (MusterSampleTable *self, const char *id, gint64 sequence);
/* Hands the head over to be sealed: FALSE when there is nothing, or something is under way. */
gboolean muster_sample_table_begin_seal (MusterSampleTable *self, MusterSampleDevice *device);
void     muster_sample_table_end_seal (MusterSampleTable *self, MusterSampleDevice *device);
/* What was to be sealed goes back under what came since. */
void muster_sample_table_cancel_seal (MusterSampleTable *self, MusterSampleDevice *device);
/* How many samples there are, in memory and in blocks; in SERIES (nullable): of how many series. */
gint64 muster_sample_table_count (MusterSampleTable *self, gint64 *series);
/* The first journal entry that still is needed. */
gint64 muster_sample_table_get_oldest_sequence (MusterSampleTable *self);

/* The newest samples as bytes, and back. */
void     muster_sample_device_write_latest (const MusterSampleDevice *self, GByteArray *bytes);
gboolean muster_sample_device_read_latest (MusterSampleDevice *self,
                                           gconstpointer       bytes,
                                           gsize               length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterSampleTable, muster_sample_table_free)

G_END_DECLS
