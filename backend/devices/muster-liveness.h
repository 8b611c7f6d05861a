/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-device.h"

G_BEGIN_DECLS

/* Ways to know that a device lives. Each stays fresh for a while of its own; any fresh one keeps
 * the device online. */
typedef enum
{
  MUSTER_PROOF_MDNS,   /* its service was announced or answered */
  MUSTER_PROOF_MQTT,   /* its session with the broker is open: fresh until told otherwise */
  MUSTER_PROOF_HTTP,   /* it answered an HTTP request of ours, or sent one */
  MUSTER_PROOF_TCP,    /* its port accepted a connection */
  MUSTER_PROOF_SAMPLE, /* its newest sample */
} MusterProofKind;

#define MUSTER_N_PROOFS (MUSTER_PROOF_SAMPLE + 1)

/* "mqtt" … */
const char *muster_proof_kind_get_nick (MusterProofKind kind);
/* How long one stays fresh, in microseconds; G_MAXINT64: until told otherwise. */
gint64 muster_proof_kind_get_window (MusterProofKind kind);

typedef struct
{
  gint64 at;     /* UTC microseconds of the newest; 0: never */
  gint64 until;  /* monotonic microseconds: no longer fresh then */
  char  *detail; /* (owned) (nullable) */
} MusterProof;

/**
 * MusterLiveness:
 *
 * What is known of the life of one device: a pure state machine of proofs and time. Freshness runs
 * on the monotonic clock, so that a step of the wall clock neither wakes nor kills anybody.
 * Initialise with zeros.
 */
typedef struct
{
  gint64          since;       /* UTC microseconds of the last change of state; 0: none yet */
  gint64          doubt_until; /* monotonic: until then silence means unknown, not offline */
  MusterLiveState state : 8;
  unsigned        fresh : 8; /* bits by MusterProofKind, as of the last update */
  unsigned        heard : 1; /* ever, since the start */
  MusterProof    *proofs;    /* (owned) (nullable): by kind; most devices have none */
} MusterLiveness;

typedef struct
{
  gint64 now;       /* UTC microseconds */
  gint64 monotonic; /* microseconds */
} MusterMoment;

void muster_liveness_clear (MusterLiveness *self);
/* The newest of KIND: all zeros when there was none. Borrowed until the next change. */
const MusterProof *muster_liveness_get_proof (const MusterLiveness *self, MusterProofKind kind);
/* AT in the future counts as now. An older proof than the one held changes nothing. DETAIL NULL
 * keeps the last as long as the proof stayed fresh. */
void muster_liveness_report (MusterLiveness *self,
                             MusterProofKind kind,
                             gint64          at,
                             const char     *detail,
                             MusterMoment    moment);
/* The proof ended; WHY for a person. The end of an MQTT session also ends all doubt, and leaves the
 * proofs from before it 5 s: a device that lives has proved it again by then. */
void muster_liveness_withdraw (MusterLiveness *self,
                               MusterProofKind kind,
                               const char     *why,
                               MusterMoment    moment);
/* Nothing is known of an MQTT session any more: silence means unknown for PATIENCE microseconds.
 * WHY the session counts no more, for a person. */
void muster_liveness_doubt (MusterLiveness *self,
                            gint64          patience,
                            const char     *why,
                            MusterMoment    moment);
/* Draws the conclusion; whether state or the set of fresh proofs changed. EXPECTED: silence of this
 * device means offline even when it was never heard. */
gboolean muster_liveness_update (MusterLiveness *self, gboolean expected, MusterMoment moment);
/* When muster_liveness_update() may next find something new by itself: monotonic; G_MAXINT64:
 * never. */
gint64 muster_liveness_get_deadline (const MusterLiveness *self, gint64 monotonic);
/* The newest proof, UTC microseconds; 0: none. */
gint64 muster_liveness_get_last_seen (const MusterLiveness *self);
/* Why it is in its state, for a person: "MQTT session open, sample 2 s ago". (transfer full) */
char *muster_liveness_describe (const MusterLiveness *self, MusterMoment moment);
/* The members "state", "since" and "proofs", without braces. */
void muster_liveness_append_json (const MusterLiveness *self, MusterMoment moment, GString *json);

G_END_DECLS
