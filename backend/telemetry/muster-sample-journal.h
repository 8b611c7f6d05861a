/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-connection.h"

G_BEGIN_DECLS

/* The journal of samples: a SQLite file that keeps what arrived until it stands in blocks. One
 * thread at a time. */
typedef struct _MusterSampleJournal MusterSampleJournal;

typedef enum
{
  MUSTER_SAMPLE_ENTRY_CHUNK,  /* data: a packed MusterSampleChunk */
  MUSTER_SAMPLE_ENTRY_FORGET, /* data: the id of a device whose samples are gone */
} MusterSampleEntryKind;

typedef gboolean (*MusterSampleEntryFunc) (gint64                sequence,
                                           MusterSampleEntryKind kind,
                                           gconstpointer         data,
                                           gsize                 length,
                                           gpointer              user_data,
                                           GError              **error);

/* STORE_ID: of the file of blocks that it belongs to. A journal of another one is set aside beside
 * it, and a new one begun. */
MusterSampleJournal *muster_sample_journal_open (const char *path, gint64 store_id, GError **error);
void                 muster_sample_journal_close (MusterSampleJournal *self);
/* Calls FUNC for all that it holds, in order. */
gboolean muster_sample_journal_replay (MusterSampleJournal  *self,
                                       MusterSampleEntryFunc func,
                                       gpointer              user_data,
                                       GError              **error);
gboolean muster_sample_journal_begin (MusterSampleJournal *self, GError **error);
/* SEQUENCE: the number that it got, greater than all before. */
gboolean muster_sample_journal_append (MusterSampleJournal  *self,
                                       MusterSampleEntryKind kind,
                                       gconstpointer         data,
                                       gsize                 length,
                                       gint64               *sequence,
                                       GError              **error);
/* Durable when it returns TRUE; on failure everything since begin is gone. */
gboolean muster_sample_journal_commit (MusterSampleJournal *self, GError **error);
void     muster_sample_journal_rollback (MusterSampleJournal *self);
/* Drops what is before SEQUENCE. */
gboolean muster_sample_journal_trim (MusterSampleJournal *self, gint64 sequence, GError **error);
/* Bytes of the entries. */
gint64 muster_sample_journal_get_size (MusterSampleJournal *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterSampleJournal, muster_sample_journal_close)

G_END_DECLS
