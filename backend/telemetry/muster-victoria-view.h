/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-sample-engine.h"
#include "muster-victoria-client.h"
#include "muster-victoria-ledger.h"
#include "muster-victoria-spool.h"

G_BEGIN_DECLS

/**
 * MusterVictoriaView:
 *
 * All samples as of one moment, wherever they are: those of before VictoriaMetrics was set, those
 * that it has, and those on their way there, each over the ones before. Reference counted, from any
 * thread.
 */
typedef struct _MusterVictoriaView MusterVictoriaView;

/* What it reads with; one thread at a time. */
typedef struct _MusterVictoriaLens MusterVictoriaLens;

/* SPOOLS (element-type MusterVictoriaSpool) are copied; CONFIG and LEDGER must outlive it. */
MusterVictoriaView *muster_victoria_view_new (const MusterVictoriaConfig *config,
                                              MusterVictoriaLedger       *ledger,
                                              MusterSampleEngine         *local,
                                              GPtrArray                  *spools,
                                              GCancellable               *cancellable);
void                muster_victoria_view_free (MusterVictoriaView *self);

/* PATH: of a file that it needs while answers are long; it is deleted at the end. */
MusterVictoriaLens *muster_victoria_lens_new (const MusterVictoriaConfig *config,
                                              const char                 *path,
                                              GError                    **error);
void                muster_victoria_lens_free (MusterVictoriaLens *self);

/* Gathers what the device DEVICE_ID has of METRICS (nullable) from FROM to TO, both ends included,
 * into a table and file of their own, which FUNC then asks as those of any store. */
gboolean muster_victoria_view_read (MusterVictoriaView *self,
                                    MusterVictoriaLens *lens,
                                    const char         *device_id,
                                    const char *const  *metrics,
                                    gint64              from,
                                    gint64              to,
                                    gboolean (*func) (MusterSampleTable *table,
                                                      MusterSampleFile  *file,
                                                      gpointer           user_data,
                                                      GError           **error),
                                    gpointer user_data,
                                    GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterVictoriaView, muster_victoria_view_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterVictoriaLens, muster_victoria_lens_free)

G_END_DECLS
