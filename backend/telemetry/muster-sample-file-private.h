/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-sample-file.h"

G_BEGIN_DECLS

typedef enum
{
  SQL_PUT_METRIC,
  SQL_PUT_DEVICE,
  SQL_NEXT_BLOCK,
  SQL_ADD_BLOCK,
  SQL_DELETE_BLOCK,
  SQL_MOVE_BLOCK,
  SQL_QUARANTINE,
  SQL_FORGET_DEVICE,
  SQL_FIND,
  SQL_NEWEST,
  SQL_GET,
  SQL_STATS,
  SQL_METRICS,
  SQL_DEVICES,
  SQL_EXTENT_ADD,
  SQL_EXTENT_ADD_USE,
  SQL_EXTENT_RELEASE,
  SQL_EXTENT_DELETE,
  SQL_EXTENT_DELETE_USE,
  SQL_EXTENT_THIN,
  SQL_EXTENT_UNTIDY,
  SQL_EXTENT_MEMBERS,
  MUSTER_N_SAMPLE_SQL,
} MusterSampleSql;

/* Data of blocks, close together, so that little of a page stays empty. `members` names the blocks
 * that an extent was made of, `live` counts the bytes of those that are still there. */
#define MUSTER_SAMPLE_EXTENT_SCHEMA                                                                \
  "CREATE TABLE extent (id INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT;"                       \
  "CREATE TABLE extent_use (id INTEGER PRIMARY KEY, is_young INTEGER NOT NULL, size INTEGER NOT NULL, live INTEGER NOT NULL, members BLOB NOT NULL) STRICT;"

#define MUSTER_SAMPLE_EXTENT_SQL                                                                   \
  [SQL_EXTENT_ADD] = "INSERT INTO extent VALUES (?1, ?2)",                                         \
  [SQL_EXTENT_ADD_USE] = "INSERT INTO extent_use VALUES (?1, ?2, ?3, ?4, ?5)",                     \
  [SQL_EXTENT_RELEASE] =                                                                           \
    "UPDATE extent_use SET live = live - ?2 WHERE id = ?1 RETURNING is_young, size, live",         \
  [SQL_EXTENT_DELETE] = "DELETE FROM extent WHERE id = ?1",                                        \
  [SQL_EXTENT_DELETE_USE] = "DELETE FROM extent_use WHERE id = ?1",                                \
  [SQL_EXTENT_THIN] = "SELECT id, is_young, size, live FROM extent_use WHERE live < ?1",           \
  [SQL_EXTENT_UNTIDY] =                                                                            \
    "SELECT id FROM extent_use WHERE live * 10 < size * 9 OR size < ?1 ORDER BY id LIMIT ?2",      \
  [SQL_EXTENT_MEMBERS] = "SELECT members FROM extent_use WHERE id = ?1",

/* An extent that is not written yet. */
typedef struct
{
  gint64      id;      /* 0: none */
  GByteArray *data;    /* (owned) (nullable) */
  GByteArray *members; /* (owned) (nullable) */
  gsize       live;
} MusterSampleExtent;

struct _MusterSampleFile
{
  MusterConnection  *connection;
  sqlite3_stmt      *statements[MUSTER_N_SAMPLE_SQL]; /* (nullable) prepared at first use */
  MusterSampleExtent open[2]; /* of blocks that are whole, and of those that will grow yet */
  GHashTable        *thin[2]; /* (owned) (nullable) set of ids (gint64): worth being put together */
  sqlite3_blob      *blob;    /* (nullable) the extent that is read */
  gint64             at;      /* its id */
  GByteArray        *buffer;  /* (owned) (nullable) what was read of it */
  gboolean           is_held; /* the read transaction goes on */
  guint64            sealed;  /* how much was sealed when it began */
};

gboolean      muster_sample_file_fail (MusterSampleFile *self, int code, GError **error);
sqlite3_stmt *muster_sample_file_prepare (MusterSampleFile *self,
                                          MusterSampleSql   sql,
                                          GError          **error);
/* Runs what gives no rows. */
gboolean muster_sample_file_run (MusterSampleFile *self, sqlite3_stmt *statement, GError **error);
/* A number that no block and no extent has had. */
gboolean muster_sample_file_get_next_id (MusterSampleFile *self, gint64 *id, GError **error);
/* Writes BLOCK's new place. */
gboolean muster_sample_file_move_block (MusterSampleFile            *self,
                                        const MusterSampleFileBlock *block,
                                        GError                     **error);
/* Calls FUNC for the block with KEY's device, first and id, if it is there. */
gboolean muster_sample_file_find_block (MusterSampleFile            *self,
                                        const MusterSampleFileBlock *key,
                                        MusterSampleFileFunc         func,
                                        gpointer                     user_data,
                                        GError                     **error);

gboolean muster_sample_extents_load (MusterSampleFile *self, GError **error);
void     muster_sample_extents_clear (MusterSampleFile *self);
/* Chooses BLOCK's place by its id, length and n_rows; its data are written with the transaction. */
gboolean muster_sample_extents_add (MusterSampleFile      *self,
                                    MusterSampleFileBlock *block,
                                    const guint8          *data,
                                    GError               **error);
/* BLOCK is gone: so are its data, sooner or later. */
gboolean muster_sample_extents_release (MusterSampleFile            *self,
                                        const MusterSampleFileBlock *block,
                                        GError                     **error);
/* Before the commit: puts thin extents together, and writes what is open. */
gboolean muster_sample_extents_flush (MusterSampleFile *self, GError **error);
/* Within a transaction: puts together what is rather thin already. */
gboolean muster_sample_extents_tidy (MusterSampleFile *self, GError **error);
/* After a rollback. */
void muster_sample_extents_revert (MusterSampleFile *self);
/* No data are borrowed any more. */
void muster_sample_extents_let_go (MusterSampleFile *self);

G_END_DECLS
