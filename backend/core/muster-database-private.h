/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-journal-many.h"
#include "muster-transaction-private.h"

G_BEGIN_DECLS

/* A job on its way: main thread → queue → writer or reader → main thread. */
typedef struct
{
  MusterDatabaseFunc func; /* NULL: the thread shall end */
  gpointer           data;
  GDestroyNotify     destroy;
  MusterActor       *actor;     /* (owned) (nullable) */
  char              *operation; /* (owned) (nullable) */
  DexPromise        *promise;   /* (owned) */
  gpointer owner; /* (owned) (nullable): the database, which stays while the job is in flight */

  GValue             result;
  GError            *error;               /* (owned) (nullable) */
  GPtrArray         *entries;             /* (owned) (nullable) */
  GPtrArray         *changes;             /* (owned) (nullable) */
  guint              n_entries_published; /* of `entries` */
  guint              n_changes_emitted;
  gint64             next_sequence; /* of the entries that are in the journal alone; 0: none are */
  gint64             last_sequence; /* of its entries; 0 without any */
  MusterJournalMany *many;          /* (owned) (nullable) */
  gint64             at;            /* of one that reads the past */
  guint              is_page : 1;   /* it reads entries to be published */
  guint              writes : 1;
  guint              is_large : 1; /* has a transaction, and much memory, for itself */
  guint              is_nudge : 1; /* only wakes the writer, to see to the search indexes */
} MusterDatabaseJob;

MusterDatabaseJob *muster_database_job_new (MusterDatabaseFunc func,
                                            gpointer           data,
                                            GDestroyNotify     destroy);
void               muster_database_job_free (MusterDatabaseJob *self);
/* Runs it in TRANSACTION; FALSE with its `error` set. */
gboolean muster_database_job_run (MusterDatabaseJob *self, MusterTransaction *transaction);
/* Forgets what it had done. */
void muster_database_job_fail (MusterDatabaseJob *self, const GError *error);

/* What the threads share: set before they start and then constant, or safe by itself. */
typedef struct
{
  char         *path;
  MusterClock  *clock;
  MusterHlc    *hlc;
  MusterSchema *schema;
  guint8        key[MUSTER_JOURNAL_KEY_LENGTH];
  gboolean      key_is_fresh;
  char          origin[37]; /* set by the writer before it reports to have started */
  GAsyncQueue  *writes;     /* (element-type MusterDatabaseJob) */
  GAsyncQueue  *reads;
  GAsyncQueue  *pasts;
  /* Hands JOB over to the main thread. Safe from any thread. */
  void (*complete) (gpointer owner, MusterDatabaseJob *job);
  gpointer owner;

  gint n_waiting;  /* atomic: short jobs in `writes` */
  gint n_commits;  /* atomic */
  gint n_analyses; /* atomic: how often the statistics that queries are planned by became others */

  /* Readers that wait for the search indexes: tickets drawn, tickets served. */
  GMutex  search_lock;
  GCond   search_served_cond;
  guint64 search_wanted;
  guint64 search_served;
} MusterDatabaseShared;

/* Thread functions; each takes a MusterDatabaseShared. The first job that they complete has no
 * `func` and tells how opening went. */
gpointer muster_database_writer_thread (gpointer shared);
gpointer muster_database_reader_thread (gpointer shared);
/* Opens nothing before its first job, and reports nothing. */
gpointer muster_database_past_thread (gpointer shared);

/* Larger files are checked in the background after the start. */
#define MUSTER_DATABASE_CHECK_AT_START (32 * 1024 * 1024)

MusterSchema *muster_database_get_schema (MusterDatabase *self);

G_END_DECLS
