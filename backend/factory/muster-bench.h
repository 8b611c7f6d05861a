/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libdex.h>

#include "muster-unit-message.h"

G_BEGIN_DECLS

#define MUSTER_BENCH_KEY_SIZE 32

/**
 * MusterBench:
 *
 * The board at the other end of one serial line (firmware/LINK.md), as who tests it sees it: asks,
 * and is answered. What waits does so in a fiber. Fails with MUSTER_ERROR_TIMED_OUT (nothing came
 * in time), _UNAVAILABLE (the line, or the board, is not there any more), _PROTOCOL (the answer is
 * none), or G_IO_ERROR_CANCELLED.
 */
typedef struct _MusterBench MusterBench;

/* Who is at the line. */
typedef enum
{
  MUSTER_BENCH_UNIT_BLANK,    /* a board without serial number */
  MUSTER_BENCH_UNIT_STRANGER, /* one with a serial number whose key was not told */
  MUSTER_BENCH_UNIT_ALIEN,    /* one that cannot prove that it has the key which was told */
  MUSTER_BENCH_UNIT_KNOWN,    /* one that proved itself; it can be asked */
} MusterBenchUnit;

/* PORT: the path of a serial port, or tcp:HOST:PORT. NULL with MUSTER_ERROR_INVALID or
 * _UNAVAILABLE. CANCELLABLE ends every waiting. */
MusterBench *muster_bench_new (const char *port, GCancellable *cancellable, GError **error);
void         muster_bench_free (MusterBench *self);

/* Waits for at most TIMEOUT ms until it is known who is there. */
gboolean muster_bench_meet (MusterBench     *self,
                            unsigned         timeout,
                            MusterBenchUnit *unit,
                            GError         **error);
/* The serial number of who was met; "" of a blank one. */
const char *muster_bench_get_serial (MusterBench *self);
/* What a known board said of itself at the begin of this session. */
const MusterUnitIdentity *muster_bench_get_identity (MusterBench *self);

/* The KEY of the unit SERIAL is this; who is there is asked anew. */
void muster_bench_learn_key (MusterBench *self,
                             const char  *serial,
                             const guint8 key[MUSTER_BENCH_KEY_SIZE]);
/* Gives the blank board its identity, and waits until it proves that it has it. */
gboolean muster_bench_provision (MusterBench *self,
                                 const char  *serial,
                                 const guint8 key[MUSTER_BENCH_KEY_SIZE],
                                 unsigned     timeout,
                                 GError     **error);

/* The metric NAME, (transfer none); NULL with MUSTER_ERROR_NOT_FOUND where it has none. */
const MusterUnitMetric *muster_bench_find_metric (MusterBench *self,
                                                  const char  *name,
                                                  unsigned     timeout,
                                                  GError     **error);
/* What it measures now. */
gboolean muster_bench_read (MusterBench            *self,
                            const MusterUnitMetric *metric,
                            unsigned                timeout,
                            double                 *value,
                            GError                **error);
gboolean muster_bench_write (MusterBench            *self,
                             const MusterUnitMetric *metric,
                             double                  value,
                             unsigned                timeout,
                             GError                **error);
gboolean muster_bench_blink (MusterBench *self, gboolean on, unsigned timeout, GError **error);
/* The check NUMBER, from 0, of its self-test; IS_LAST: there was none of that number. */
gboolean muster_bench_check (MusterBench     *self,
                             guint8           number,
                             unsigned         timeout,
                             MusterUnitCheck *check,
                             gboolean        *is_last,
                             GError         **error);
/* Resets it, and waits until it is back. */
gboolean muster_bench_reboot (MusterBench *self, unsigned timeout, GError **error);

/* Waits for TIMEOUT ms, or until muster_bench_wake() was called: TRUE then. */
gboolean muster_bench_wait (MusterBench *self, unsigned timeout, GError **error);
void     muster_bench_wake (MusterBench *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterBench, muster_bench_free)

G_END_DECLS
