/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-connection.h"

G_BEGIN_DECLS

/* Of the key, in bytes. */
#define MUSTER_JOURNAL_KEY_LENGTH 32
#define MUSTER_SEAL_CONTENT_LENGTH 16
#define MUSTER_SEAL_LINK_LENGTH 32
#define MUSTER_SEAL_LENGTH (MUSTER_SEAL_CONTENT_LENGTH + MUSTER_SEAL_LINK_LENGTH)

/* What is written to the column `hash` of an entry, all by keyed BLAKE2b (libsodium's
 * crypto_generichash): the entry's own content (16 bytes), by which an altered entry is told from
 * one that stands elsewhere, and its link (32 bytes) over the link before it, its sequence, its
 * content and its `final`. Numbers are 64 bits, little endian; a text is its length and its bytes;
 * a missing value is a length that no text has. */
typedef struct
{
  guint8 content[MUSTER_SEAL_CONTENT_LENGTH];
  guint8 link[MUSTER_SEAL_LINK_LENGTH];
} MusterSeal;

/* The columns of an entry that its content is made of: all but sequence, final and hash. */
typedef struct
{
  gint64      at;
  gint64      hlc;
  gint64      undoes;    /* or 0 */
  const char *texts[13]; /* id, origin, actor, operation, summary, entity, entity_id, title, action,
                            before, after, before_secret, after_secret; borrowed, (nullable) */
} MusterSealedColumns;

/* "id, at, …": the columns in the order that muster_sealed_columns_read() takes. */
#define MUSTER_SEALED_COLUMNS                                                                      \
  "at, hlc, undoes, id, origin, actor, operation, summary, entity, entity_id, title, action, "     \
  "before, after, before_secret, after_secret"
#define MUSTER_N_SEALED_COLUMNS 16

/* COLUMN: where they begin in STATEMENT's row, whose texts are borrowed until its next step. */
void muster_sealed_columns_read (MusterSealedColumns *self, MusterStatement *statement, int column);

/* KEY: MUSTER_JOURNAL_KEY_LENGTH bytes. */
void muster_seal_content (const guint8              *key,
                          const MusterSealedColumns *columns,
                          guint8                     content[MUSTER_SEAL_CONTENT_LENGTH]);
void muster_seal_link (const guint8 *key,
                       const guint8  before[MUSTER_SEAL_LINK_LENGTH],
                       gint64        sequence,
                       const guint8  content[MUSTER_SEAL_CONTENT_LENGTH],
                       const char   *final,
                       guint8        link[MUSTER_SEAL_LINK_LENGTH]);

/* Where the chain ends: what the next entry is linked to. */
typedef struct
{
  gint64 sequence; /* of the last entry; 0 before the first */
  guint8 link[MUSTER_SEAL_LINK_LENGTH];
} MusterChainHead;

/* The head as it stands in the table `property`, with a seal of its own, so that entries cut off
 * at the end are missed. */
typedef enum
{
  MUSTER_HEAD_ABSENT,
  MUSTER_HEAD_FORGED, /* not of this key */
  MUSTER_HEAD_SOUND,
} MusterHeadState;

gboolean muster_chain_head_load (MusterConnection *connection,
                                 const guint8     *key,
                                 MusterChainHead  *head,
                                 MusterHeadState  *state,
                                 GError          **error);
gboolean muster_chain_head_store (MusterConnection      *connection,
                                  const guint8          *key,
                                  const MusterChainHead *head,
                                  GError               **error);

/* The head to go on from when a database is opened. IS_FRESH: the key was made just now, so that
 * entries without a seal are older than it and are sealed; else a head that is not there, or is
 * forged, was taken away, and the chain begins anew for everybody to see. */
gboolean muster_chain_open (MusterConnection *connection,
                            const guint8     *key,
                            gboolean          is_fresh,
                            MusterChainHead  *head,
                            GError          **error);

G_END_DECLS
