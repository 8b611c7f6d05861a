/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-call"

#include "config.h"

#include "muster-call.h"

MusterCall *
muster_call_new (MusterRequest *request, gpointer resource)
{
  MusterCall *self;

  g_return_val_if_fail (MUSTER_IS_REQUEST (request) && G_IS_OBJECT (resource), NULL);

  self = g_new (MusterCall, 1);
  *self = (MusterCall){ g_object_ref (request), g_object_ref (resource) };
  return self;
}

void
muster_call_free (gpointer call)
{
  MusterCall *self = call;

  g_object_unref (self->request);
  g_object_unref (self->resource);
  g_free (self);
}

DexFuture *
muster_call_spawn (DexFiberFunc func, MusterRequest *request, gpointer resource)
{
  return dex_scheduler_spawn (NULL, 0, func, muster_call_new (request, resource), muster_call_free);
}
