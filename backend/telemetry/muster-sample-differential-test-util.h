/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-clock.h"
#include "muster-sample-store.h"

G_BEGIN_DECLS

/* A kind of store that is put to the test. */
typedef struct
{
  /* A store, which is a MusterService too, of the files at PATH: (transfer full). */
  MusterSampleStore *(*new_store) (const char *path, MusterClock *clock, gpointer data);
  /* (nullable): something happens to what STORE relies on; DRAWN: 0 to 99. */
  void (*disturb) (MusterSampleStore *store, guint drawn, gpointer data);
  guint    disturb_every;     /* so many steps, on average; 0: never */
  gboolean has_exact_counts;  /* of samples and series */
  gboolean has_whole_backups; /* a copy is a store by itself */
  /* (nullable): waits until what STORE makes of samples afterwards is made. */
  void (*catch_up) (MusterSampleStore *store);
} MusterDifferentialStore;

/* A sample store against a model so plain that it can be seen to be right: the same random
 * operations on both, and every answer compared. MUSTER_TEST_STEPS and MUSTER_TEST_SEED change how
 * many and which (MUSTER_TEST_PATIENCE how long it may take); a failure names both. In a fiber. */
void muster_sample_differential_run (const MusterDifferentialStore *kind,
                                     gpointer                       kind_data,
                                     guint                          n_steps);

G_END_DECLS
