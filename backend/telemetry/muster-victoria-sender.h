/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-clock.h"
#include "muster-sample-chunk.h"
#include "muster-victoria-client.h"
#include "muster-victoria-ledger.h"
#include "muster-victoria-spool.h"

G_BEGIN_DECLS

/* Told how an exchange went: (nullable) that all is well again. Waits before the next try: FALSE to
 * give up. */
typedef gboolean (*MusterVictoriaRetryFunc) (const GError *error, gpointer user_data);

/**
 * MusterVictoriaSender:
 *
 * Brings a spool's samples to VictoriaMetrics. There, two samples of one series and millisecond
 * both stay, and none is the last: so what is not newer than all before is compared with what is
 * there, and what differs is sent as the next revision. One thread at a time.
 */
typedef struct _MusterVictoriaSender MusterVictoriaSender;

typedef enum
{
  MUSTER_VICTORIA_SEND,  /* what is newer than all before goes unseen */
  MUSTER_VICTORIA_CHECK, /* everything is read back, and what is missing sent once more */
  MUSTER_VICTORIA_RESCUE /* the same, but what is missing is collected */
} MusterVictoriaTask;

/* CONFIG, LEDGER and CLOCK must outlive it. */
MusterVictoriaSender *muster_victoria_sender_new (const MusterVictoriaConfig *config,
                                                  MusterVictoriaLedger       *ledger,
                                                  MusterClock                *clock,
                                                  MusterVictoriaRetryFunc     retry,
                                                  gpointer                    user_data,
                                                  GCancellable               *cancellable,
                                                  GError                    **error);
void                  muster_victoria_sender_free (MusterVictoriaSender *self);
/* Does TASK for all of SPOOL. N_NEW (nullable) (element-type utf8 MusterVictoriaNew): gets how many
 * samples of each device were not there. MISSING (nullable): what a rescue collects. N_SENT: how
 * many were sent or collected. FALSE when given up, or the spool cannot be read. */
gboolean muster_victoria_sender_run (MusterVictoriaSender *self,
                                     MusterVictoriaSpool  *spool,
                                     MusterVictoriaTask    task,
                                     GHashTable           *n_new,
                                     MusterSampleChunk    *missing,
                                     unsigned             *n_sent,
                                     GError              **error);
/* Deletes there what was forgotten here. */
gboolean muster_victoria_sender_delete_gone (MusterVictoriaSender *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterVictoriaSender, muster_victoria_sender_free)

G_END_DECLS
