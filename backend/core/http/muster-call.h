/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-router.h"

G_BEGIN_DECLS

/* A request in the hands of a fiber, or of what follows a future, with what its handler works on.
 */
typedef struct
{
  MusterRequest *request;  /* (owned) */
  gpointer       resource; /* (owned): a GObject */
} MusterCall;

MusterCall *muster_call_new (MusterRequest *request, gpointer resource);
/* CALL is a MusterCall. */
void muster_call_free (gpointer call);
/* Runs FUNC in a fiber, with a MusterCall for its data: what it returns. */
DexFuture *muster_call_spawn (DexFiberFunc func, MusterRequest *request, gpointer resource);

G_END_DECLS
