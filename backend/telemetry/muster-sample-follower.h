/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-sample-engine.h"

G_BEGIN_DECLS

/* What follows the sample engine with work of its own, a slice at a time between two seals, now and
 * whenever it is asked; one pass at a time. The first member of what follows; on the main thread.
 */
typedef struct _MusterSampleFollower MusterSampleFollower;

/* One pass, in a fiber. It ends by itself once `engine` is NULL. FALSE without an error: there is
 * more to do later. */
typedef gboolean (*MusterSampleFollowerFunc) (gpointer self, GError **error);

typedef struct
{
  MusterSampleFollowerFunc pass;
  GDestroyNotify           clear;    /* (nullable): what the struct around it holds */
  unsigned                 interval; /* seconds between two looks for work */
  const char              *trouble;  /* "roll-ups are not made for now" */
} MusterSampleFollowerClass;

struct _MusterSampleFollower
{
  gatomicrefcount                  count;
  const MusterSampleFollowerClass *klass;
  MusterSampleEngine              *engine; /* (nullable) until it is stopped */
  guint                            timer;
  DexFuture                       *pass; /* (owned) (nullable) under way */
};

/* SELF: the first member of memory by g_new0(). ENGINE is borrowed until it is stopped. */
void     muster_sample_follower_init (MusterSampleFollower            *self,
                                      const MusterSampleFollowerClass *klass,
                                      MusterSampleEngine              *engine);
gpointer muster_sample_follower_ref (gpointer self);
void     muster_sample_follower_unref (gpointer self);
/* A pass, or the one under way: resolves to TRUE at its end. */
DexFuture *muster_sample_follower_go_on (gpointer self);
/* In a pass: has JOB done by the writer, which tells as a boolean whether there is MORE. Where it
 * had to wait for seals, those get time of their own first. */
gboolean muster_sample_follower_do_slice (gpointer             self,
                                          MusterSampleReadFunc job,
                                          gpointer             data,
                                          GDestroyNotify       destroy,
                                          gboolean            *more,
                                          GError             **error);
/* Drops the reference of who made it. */
void muster_sample_follower_stop (gpointer self);

G_END_DECLS
