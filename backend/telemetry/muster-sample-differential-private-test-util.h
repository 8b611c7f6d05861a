/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-core-test-util.h"
#include "muster-sample-differential-test-util.h"
#include "muster-sample-model-test-util.h"

G_BEGIN_DECLS

#define NOW G_GINT64_CONSTANT (1767225600000000)
#define SECOND ((gint64)G_USEC_PER_SEC)
#define DAY (86400 * SECOND)
#define N_DEVICES 5

/* Each metric of a kind, as devices have them. */
typedef enum
{
  KIND_DECIMAL,
  KIND_COUNTER,
  KIND_SWITCH,
  KIND_STATE,
  KIND_NOISE,
  KIND_LARGE,
  KIND_CONSTANT,
  KIND_ANYTHING,
  N_KINDS,
} Kind;

#define MUSTER_DIFFERENTIAL_STATES 5

extern const char *const muster_differential_metrics[N_KINDS + 1];
extern const char *const muster_differential_states[MUSTER_DIFFERENTIAL_STATES];

typedef struct
{
  const MusterDifferentialStore *kind;
  gpointer                       kind_data;
  MusterTestDir                 *dir;
  MusterClock                   *clock;
  MusterSampleStore             *store;
  MusterSampleModel             *model;
  GRand                         *random;
  GPtrArray                     *appends;  /* (element-type DexFuture) that were not waited for */
  GArray                        *refusals; /* (element-type gint64) what they must resolve to */
  gint64                         times[N_DEVICES]; /* of the newest row of each device */
  gint64                         values[N_DEVICES];
  char                          *ids[N_DEVICES + 1];
} MusterDifferential;

/* --- drawing --- */

static inline guint
muster_differential_draw (MusterDifferential *self, guint below)
{
  return g_rand_int_range (self->random, 0, below);
}

static inline gboolean
muster_differential_one_in (MusterDifferential *self, guint n)
{
  return muster_differential_draw (self, n) == 0;
}

static inline gint64
muster_differential_draw_long (MusterDifferential *self)
{
  return (gint64)((guint64)g_rand_int (self->random) << 32 | g_rand_int (self->random));
}

/* When DEVICE's first samples are of: one has ten years. */
static inline gint64
muster_differential_get_begin (guint device)
{
  return NOW - (device == N_DEVICES - 1 ? 3700 : device == N_DEVICES - 2 ? 800 : 400) * DAY;
}

/* --- samples (muster-sample-differential-samples-test-util.c) --- */

/* Rows in order, the newest of the device. */
void muster_differential_append_rows (MusterDifferential *self);
/* Rows of the past, in no order, as a gateway hands them in later. */
void muster_differential_append_late (MusterDifferential *self);
/* The same once more as history, or another value for a time that is there already. */
void muster_differential_append_again (MusterDifferential *self);
/* What is refused, and what is only shown. */
void muster_differential_append_odd (MusterDifferential *self);

/* --- questions (muster-sample-differential-questions-test-util.c) --- */

void muster_differential_ask_range (MusterDifferential *self);
/* Many devices, grouped or each by itself. */
void muster_differential_ask_series (MusterDifferential *self);
void muster_differential_ask_export (MusterDifferential *self);
void muster_differential_ask_latest (MusterDifferential *self);
void muster_differential_ask_stats (MusterDifferential *self);
/* A sample that came late over one that stands packed counts twice until it is packed too: IS_EXACT
 * when nothing waits to be. */
void muster_differential_check_stats (MusterDifferential *self, gboolean is_exact);
/* All that every device has, a piece at a time. */
void muster_differential_ask_everything (MusterDifferential *self);

G_END_DECLS
