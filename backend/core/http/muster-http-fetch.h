/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

G_BEGIN_DECLS

/* What a server answered. Reference counted, immutable. */
typedef struct
{
  unsigned status;
  GBytes  *body;
  char    *content_type; /* (nullable): without parameters */
  int      retry_after;  /* seconds, by `Retry-After`; -1: not given, or given as a date */
  gint64   duration;     /* microseconds from asking to the last byte */
} MusterHttpReply;

#define MUSTER_TYPE_HTTP_REPLY (muster_http_reply_get_type ())
GType            muster_http_reply_get_type (void);
MusterHttpReply *muster_http_reply_new (unsigned    status,
                                        GBytes     *body,
                                        const char *content_type,
                                        int         retry_after,
                                        gint64      duration);
MusterHttpReply *muster_http_reply_ref (MusterHttpReply *self);
void             muster_http_reply_unref (MusterHttpReply *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterHttpReply, muster_http_reply_unref)

/**
 * MusterHttpFetch:
 *
 * Small HTTP exchanges with devices of the site's network: no proxies, no redirects, no cookies,
 * bounded in size and time. Main thread only. Derive to answer in a test without a network.
 */
#define MUSTER_TYPE_HTTP_FETCH (muster_http_fetch_get_type ())
G_DECLARE_DERIVABLE_TYPE (MusterHttpFetch, muster_http_fetch, MUSTER, HTTP_FETCH, GObject)

struct _MusterHttpFetchClass
{
  GObjectClass parent_class;
  DexFuture *(*send) (MusterHttpFetch *self,
                      const char      *method,
                      const char      *uri,
                      GBytes          *body,
                      const char      *content_type,
                      gsize            max_size,
                      unsigned         timeout_ms);
};

MusterHttpFetch *muster_http_fetch_new (void);

/* BODY and CONTENT_TYPE may be NULL. Resolves to a MusterHttpReply for any status; rejects with
 * MUSTER_ERROR_INVALID (no such URI), _UNAVAILABLE (no connection, or it broke), _TIMED_OUT after
 * TIMEOUT_MS in all, _TOO_LARGE beyond MAX_SIZE bytes of answer. The exchange ends early when
 * nobody waits for the future any more. */
DexFuture *muster_http_fetch_send (MusterHttpFetch *self,
                                   const char      *method,
                                   const char      *uri,
                                   GBytes          *body,
                                   const char      *content_type,
                                   gsize            max_size,
                                   unsigned         timeout_ms);

G_END_DECLS
