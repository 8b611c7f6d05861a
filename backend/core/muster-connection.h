/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sqlite3.h>

#include "model/muster-entity.h"

G_BEGIN_DECLS

/* "Must" in the header of every database of ours. */
#define MUSTER_APPLICATION_ID 0x4d757374

typedef enum
{
  MUSTER_CONNECTION_WRITE, /* makes the file when there is none; WAL, synchronous=FULL */
  MUSTER_CONNECTION_READ,
  MUSTER_CONNECTION_COPY, /* an empty file that a backup is copied into */
} MusterConnectionMode;

/* One connection to a SQLite file with its cache of prepared statements. One thread at a time. */
typedef struct _MusterConnection MusterConnection;
typedef struct _MusterStatement  MusterStatement;

/* What a file must be to be ours. */
typedef struct
{
  int      application_id; /* in its header; 0 with no tables: a new file */
  int      newest_version; /* the newest user_version that this program knows */
  int      page_size;      /* bytes, of a new file; 0: SQLite's own choice */
  gboolean shrinks;        /* pages that are free can be given back: PRAGMA incremental_vacuum */
} MusterFileFormat;

/* Refuses what is no database, a damaged one, one of another FORMAT or of a newer version
 * (MUSTER_ERROR_SCHEMA_TOO_NEW). */
MusterConnection *muster_connection_open (const char             *path,
                                          MusterConnectionMode    mode,
                                          const MusterFileFormat *format,
                                          GError                **error);
void              muster_connection_close (MusterConnection *self);
sqlite3          *muster_connection_get_handle (MusterConnection *self);
const char       *muster_connection_get_path (MusterConnection *self);
/* Runs one statement that gives no rows, and keeps it prepared for the next time. */
gboolean muster_connection_run (MusterConnection *self, const char *sql, GError **error);
/* Runs statements that give no rows. */
gboolean muster_connection_execute (MusterConnection *self, const char *sql, GError **error);
/* The first column of the first row; 0 when there is none. */
gboolean muster_connection_query_integer (MusterConnection *self,
                                          const char       *sql,
                                          gint64           *value,
                                          GError          **error);
/* Of the database in bytes, all pages counted. */
gboolean muster_connection_get_size (MusterConnection *self, gint64 *size, GError **error);
/* Much memory for the pages of one large transaction; FALSE gives it back. Between transactions. */
void     muster_connection_set_large (MusterConnection *self, gboolean is_large);
gboolean muster_connection_is_large (MusterConnection *self);
/* Whether a transaction is open: some failures end it. */
gboolean muster_connection_in_transaction (MusterConnection *self);
/* Reads the pages through: MUSTER_ERROR_CORRUPT names the first fault. FULL: compares the indexes
 * with their tables too. */
gboolean muster_connection_check (MusterConnection *self, gboolean full, GError **error);
/* What went wrong last, as MUSTER_ERROR: the one place where SQLite's codes become ours. */
void muster_connection_set_error (MusterConnection *self, int code, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterConnection, muster_connection_close)

/* --- statements (muster-statement.c) --- */

/* Out of the cache, or prepared; goes back there when released. */
MusterStatement *muster_statement_new (MusterConnection *connection,
                                       const char       *sql,
                                       GError          **error);
void             muster_statement_release (MusterStatement *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterStatement, muster_statement_release)

/* Parameters by name (":id") or by position from 1; texts are copied, NULL is null. An unknown name
 * is a programmer's error. */
void muster_statement_bind_text (MusterStatement *self, const char *name, const char *text);
void muster_statement_bind_integer (MusterStatement *self, const char *name, gint64 value);
void muster_statement_bind_blob (MusterStatement *self, const char *name, GBytes *bytes);
/* Its text with what is bound: (transfer full). */
char *muster_statement_describe (MusterStatement *self);
/* By position, from 1. TEXT (nullable) and DATA are not copied: they stay until the statement is
 * released or bound anew. */
void muster_statement_bind_static_text (MusterStatement *self, int position, const char *text);
void muster_statement_bind_static_blob (MusterStatement *self,
                                        int              position,
                                        gconstpointer    data,
                                        gsize            length);
void muster_statement_bind_integer_at (MusterStatement *self, int position, gint64 value);
void muster_statement_bind_value (MusterStatement   *self,
                                  int                position,
                                  const MusterField *field,
                                  const MusterValue *value);

typedef enum
{
  MUSTER_STEP_FAILED,
  MUSTER_STEP_ROW,
  MUSTER_STEP_DONE,
} MusterStep;

MusterStep muster_statement_step (MusterStatement *self, GError **error);
/* To its end, and ready to be run again. */
gboolean muster_statement_run (MusterStatement *self, GError **error);

/* Columns count from 0; texts are borrowed until the next step. */
const char *muster_statement_get_text (MusterStatement *self, int column);
gint64      muster_statement_get_integer (MusterStatement *self, int column);
/* (transfer full) */
GBytes *muster_statement_get_blob (MusterStatement *self, int column);
/* Borrowed until the next step, as texts are; NULL where it is empty. */
gconstpointer muster_statement_get_static_blob (MusterStatement *self, int column, gsize *length);
/* Its text is borrowed: never to be cleared. */
void muster_statement_get_value (MusterStatement   *self,
                                 int                column,
                                 const MusterField *field,
                                 MusterValue       *value);
/* A record whose fields are the columns from COLUMN on: (transfer full). */
MusterEntity *muster_statement_get_entity (MusterStatement        *self,
                                           int                     column,
                                           const MusterEntityInfo *info);

G_END_DECLS
