/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mf_update.h"

G_BEGIN_DECLS

/* Fetches ranges of files for the nodes of a process, by HTTPS that trusts one site's authority and
 * nobody else: libcurl stands in this file alone. A few at a time; the others wait their turn. */
typedef struct _MusterNodeFetcher MusterNodeFetcher;
typedef struct _MusterNodeFetch   MusterNodeFetch;

typedef struct
{
  const char     *url;
  const char     *tls_name; /* name to check in the certificate; "" = that of the URL */
  struct mf_bytes ca;       /* DER */
  guint32         offset;
  guint32         size;
} MusterNodeFetchHow;

/* What a fetch reports; never from within muster_node_fetcher_start(). After `done` it is gone. */
typedef struct
{
  void (*piece) (gpointer user_data, struct mf_bytes bytes);
  void (*done) (gpointer user_data, enum mf_fetch_result result, const char *why);
} MusterNodeFetchEvents;

/* `directory` is where authorities are kept as files, which is how libcurl wants them. */
MusterNodeFetcher *muster_node_fetcher_new (const char *directory);
void               muster_node_fetcher_free (MusterNodeFetcher *self);

/* NULL: the URL is none for HTTPS, or the authority cannot be used. */
MusterNodeFetch *muster_node_fetcher_start (MusterNodeFetcher           *self,
                                            const MusterNodeFetchHow    *how,
                                            const MusterNodeFetchEvents *events,
                                            gpointer                     user_data);

/* Nothing more is reported; may be called from within `piece`. */
void muster_node_fetch_stop (MusterNodeFetch *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterNodeFetcher, muster_node_fetcher_free)

G_END_DECLS
