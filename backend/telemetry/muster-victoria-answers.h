/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-sample-store.h"
#include "muster-victoria-view.h"

G_BEGIN_DECLS

/* Threads that answer questions from a view. */
typedef struct _MusterVictoriaAnswers MusterVictoriaAnswers;

/* CONFIG must outlive it. PATH: of the samples on this machine, beside which it has its files. */
MusterVictoriaAnswers *muster_victoria_answers_new (const MusterVictoriaConfig *config,
                                                    const char                 *path);
/* Waits for what is being answered. Exports that are read later fail. */
void muster_victoria_answers_unref (MusterVictoriaAnswers *self);
/* QUERY is copied, VIEW taken. Resolves to a GPtrArray (boxed) of MusterSampleBatch. */
DexFuture    *muster_victoria_answers_ask (MusterVictoriaAnswers   *self,
                                           MusterVictoriaView      *view,
                                           const MusterSeriesQuery *query);
GInputStream *muster_victoria_answers_export (MusterVictoriaAnswers   *self,
                                              MusterVictoriaView      *view,
                                              const MusterSeriesQuery *query,
                                              MusterSampleFormat       format);

G_END_DECLS
