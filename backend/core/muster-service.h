/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

G_BEGIN_DECLS

/* A part of the daemon with a life of its own. Dependencies are construct-only properties; there
 * are no singletons. */
#define MUSTER_TYPE_SERVICE (muster_service_get_type ())
G_DECLARE_DERIVABLE_TYPE (MusterService, muster_service, MUSTER, SERVICE, GObject)

struct _MusterServiceClass
{
  GObjectClass parent_class;

  const char *name; /* of the log lines and of /health/ready */

  /* Return a future that resolves to anything once the service works (has ended), or rejects. NULL:
   * at once. */
  DexFuture *(*start) (MusterService *self);
  DexFuture *(*stop) (MusterService *self);
};

/* Resolves to TRUE once started; rejects with MUSTER_ERROR_CONFLICT when it was started before. */
DexFuture *muster_service_start (MusterService *self);
/* Resolves to TRUE once stopped, at once when it never started. A failure to stop is logged and
 * resolves too. */
DexFuture  *muster_service_stop (MusterService *self);
gboolean    muster_service_is_running (MusterService *self);
const char *muster_service_get_name (MusterService *self);

/* What an operator should know when the service runs but cannot do its whole duty ("avahi-daemon is
 * not running"): shown by /health/ready and in the console. NULL: all is well. Notifies `trouble`.
 */
const char *muster_service_get_trouble (MusterService *self);
void        muster_service_set_trouble (MusterService *self, const char *trouble);

/* Starts SERVICES (element-type MusterService) in order, each after the one before; on failure
 * stops those started, in reverse. */
DexFuture *muster_services_start (GPtrArray *services);
/* Stops them in reverse order. */
DexFuture *muster_services_stop (GPtrArray *services);

G_END_DECLS
