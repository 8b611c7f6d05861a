/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-connection.h"
#include "muster-lru.h"
#include "muster-schema.h"

G_BEGIN_DECLS

struct _MusterConnection
{
  sqlite3   *handle;     /* (owned) */
  char      *path;       /* (owned) */
  MusterLru *statements; /* (owned) (element-type MusterStatement): kept ones, by SQL text */
  gboolean   is_large;   /* has a large page cache */
  gboolean   is_past;    /* its tables are as they were: the search indexes are not */

  GHashTable *search_kinds; /* (owned) (nullable): of the search queue, by table */
  /* (nullable): of one that only reads: begins a transaction anew that finds the queue empty */
  void (*await_search) (MusterConnection *self, gpointer data);
  gpointer await_search_data;

  /* Of a reader: what tells whether an earlier answer still holds. */
  struct
  {
    MusterSchema *schema;    /* (unowned) (nullable): NULL: nothing is kept */
    const gint   *n_commits; /* atomic: of the writer */
    gint          begun_at;  /* it, before the transaction under way began */
  } snapshot;
  MusterLru *counts; /* (owned) (nullable): by the text of the statement */
};

/* A MUSTER_ERROR_CORRUPT that says what to do. */
void muster_connection_set_corrupt (MusterConnection *self, const char *fault, GError **error);
/* The connection keeps STATEMENT no longer: it goes now, or when it is released. */
void muster_statement_drop (gpointer statement);

G_END_DECLS
