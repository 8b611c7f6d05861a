/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-mdns-record.h"

G_BEGIN_DECLS

/* What the worker has to say. */
typedef enum
{
  MUSTER_AVAHI_FOUND,     /* record */
  MUSTER_AVAHI_REMOVED,   /* record */
  MUSTER_AVAHI_PUBLISHED, /* text: name; number: id */
  MUSTER_AVAHI_STATUS,    /* text: trouble or NULL; number: types */
  MUSTER_AVAHI_STOPPED,   /* the last */
} MusterAvahiReportKind;

typedef struct _MusterAvahiWorker MusterAvahiWorker;

/* On the worker's thread. */
typedef void (*MusterAvahiReport) (MusterAvahiWorker    *worker,
                                   MusterAvahiReportKind kind,
                                   MusterMdnsRecord     *record,
                                   const char           *text,
                                   unsigned              number,
                                   gpointer              user_data);

/**
 * MusterAvahiWorker:
 *
 * The half of [class@Muster.Avahi] that lives on a thread of its own, because Avahi's client
 * library waits for answers of the message bus: the one file that knows Avahi. Orders may be given
 * from any thread until it is told to quit.
 */
MusterAvahiWorker *muster_avahi_worker_new (const char *const *types,
                                            MusterAvahiReport  report,
                                            gpointer           user_data,
                                            GDestroyNotify     destroy);
MusterAvahiWorker *muster_avahi_worker_ref (MusterAvahiWorker *self);
void               muster_avahi_worker_unref (MusterAvahiWorker *self);
/* Starts the thread: (transfer full). */
GThread *muster_avahi_worker_start (MusterAvahiWorker *self);

void muster_avahi_worker_quit (MusterAvahiWorker *self);
void muster_avahi_worker_rescan (MusterAvahiWorker *self);
void muster_avahi_worker_publish (MusterAvahiWorker *self,
                                  unsigned           id,
                                  const char        *name,
                                  const char        *type,
                                  guint16            port,
                                  MusterTxt         *txt);
void muster_avahi_worker_unpublish (MusterAvahiWorker *self, unsigned id);

G_END_DECLS
