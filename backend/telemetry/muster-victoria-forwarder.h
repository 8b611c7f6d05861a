/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-victoria-sender.h"

G_BEGIN_DECLS

/**
 * MusterVictoriaForwarder:
 *
 * The thread that brings spools to VictoriaMetrics, in their order. The server says that it took
 * samples before they are on its disk: so each spool is read back a while later, what is missing is
 * sent again, and only what was found there is safe. What the server takes but does not keep, for
 * being older than its retention, is handed back.
 */
typedef struct _MusterVictoriaForwarder MusterVictoriaForwarder;

typedef struct
{
  /* Called on its thread. All of SPOOL is safe. */
  void (*done) (MusterVictoriaSpool *spool, gpointer user_data);
  /* On the main thread. Keep CHUNK (transfer full), which the server does not, and say
   * muster_victoria_forwarder_kept() once it is durable. */
  void (*keep) (MusterSampleChunk *chunk, gpointer user_data);
  /* On the main thread. TROUBLE (nullable): what keeps the samples here. */
  void (*trouble) (const char *trouble, gpointer user_data);
} MusterVictoriaForwarderFuncs;

typedef struct
{
  gint64 sent;    /* samples, since the start */
  gint64 resent;  /* of them: because they were not there */
  gint64 failed;  /* exchanges */
  gint64 kept;    /* samples that the server did not keep */
  guint  waiting; /* spools that it has, sent or not */
  guint  unsent;  /* of them */
} MusterVictoriaForwarderStats;

/* CONFIG, LEDGER, CLOCK and FUNCS must outlive it. */
MusterVictoriaForwarder *muster_victoria_forwarder_new (const MusterVictoriaConfig         *config,
                                                        MusterVictoriaLedger               *ledger,
                                                        MusterClock                        *clock,
                                                        const MusterVictoriaForwarderFuncs *funcs,
                                                        gpointer user_data);
/* Ends what is under way: no more calls after it. */
void muster_victoria_forwarder_free (MusterVictoriaForwarder *self);
/* SPOOL, to which nothing is appended any more, is the next. */
void muster_victoria_forwarder_push (MusterVictoriaForwarder *self, MusterVictoriaSpool *spool);
/* IS_GOOD: FALSE to be asked again. */
void muster_victoria_forwarder_kept (MusterVictoriaForwarder *self, gboolean is_good);
/* Something was forgotten. */
void muster_victoria_forwarder_wake (MusterVictoriaForwarder *self);
void muster_victoria_forwarder_get_stats (MusterVictoriaForwarder      *self,
                                          MusterVictoriaForwarderStats *stats);

G_END_DECLS
