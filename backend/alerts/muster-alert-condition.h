/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-alert-plan.h"

G_BEGIN_DECLS

/* How a rate of change is known: least and greatest value of as many parts of its time. */
#define MUSTER_ALERT_RATE_PARTS 32

typedef struct
{
  gint64 part; /* number of the part of time since 1970 that it is of */
  double least;
  double greatest;
} MusterAlertRatePart;

typedef enum
{
  MUSTER_ALERT_UNCHANGED,
  MUSTER_ALERT_RAISED,  /* it was well before */
  MUSTER_ALERT_CHANGED, /* another severity */
  MUSTER_ALERT_CLEARED, /* it is well again */
} MusterAlertOutcome;

/* Why what an evaluation found has the outcome that it has. */
typedef enum
{
  MUSTER_ALERT_REASON_WELL,       /* within the thresholds */
  MUSTER_ALERT_REASON_FIRING,     /* over the threshold, and long enough */
  MUSTER_ALERT_REASON_HYSTERESIS, /* back over the threshold, but not far enough to count as well */
  MUSTER_ALERT_REASON_PENDING,    /* over the threshold, but not long enough */
  MUSTER_ALERT_REASON_QUIET,      /* in quiet hours */
  MUSTER_ALERT_REASON_OFF_DUTY,   /* nobody of its calendar is on duty */
  MUSTER_ALERT_REASON_NO_DATA,    /* nothing to compare: no sample, null, or a bad one */
  MUSTER_ALERT_REASON_LATE,       /* an older sample than one that was evaluated */
  MUSTER_ALERT_REASON_DUPLICATE,  /* one that was evaluated */
} MusterAlertReason;

/* After so long without a newer sample an older one counts: a device whose clock was put back would
 * seem late for as long. */
#define MUSTER_ALERT_CLOCK_PATIENCE (5 * 60 * G_USEC_PER_SEC)

/* "for_pending" …: as the API says it. */
extern const MusterEnum muster_alert_reason_enum;

/* Whether rules may raise alerts at AT. Fills UNTIL, when to ask again (UTC microseconds), where
 * they may not: the reason, or MUSTER_ALERT_REASON_FIRING. */
typedef MusterAlertReason (*MusterAlertGate) (const MusterAlertPlan *plan,
                                              gint64                 at,
                                              gint64                *until,
                                              gpointer               user_data);

/**
 * MusterAlertCondition:
 *
 * One rule on one series: a pure state machine of samples and time, which allocates nothing.
 * Initialise with zeros. Times are UTC microseconds. The time of a sample is the device's; LAG,
 * how far that is behind the daemon's clock, is kept, so that the clock of a device need not agree.
 */
typedef struct
{
  gint64               at;  /* of the newest sample; 0: none yet */
  gint64               lag; /* the daemon's clock less `at`, when that came */
  gint64               since[MUSTER_ALERT_MAX_LEVELS]; /* over each threshold; 0: not over it */
  gint64               deadline; /* when time alone may change it; G_MAXINT64: never */
  double               value;    /* the newest */
  guint8               level;    /* reached: 0 is well, n is plan->levels[n - 1] */
  guint8               reason;   /* MusterAlertReason of the last evaluation */
  MusterAlertRatePart *rate;     /* (owned) (nullable): MUSTER_ALERT_RATE_PARTS of a rate */
} MusterAlertCondition;

void muster_alert_condition_init (MusterAlertCondition *self, const MusterAlertPlan *plan);
void muster_alert_condition_clear (MusterAlertCondition *self);

/* A sample of VALUE (as muster_alert_plan_read() gives it) and time AT came at NOW. GATE is asked
 * (nullable) when it is about to raise. */
MusterAlertOutcome muster_alert_condition_feed (MusterAlertCondition  *self,
                                                const MusterAlertPlan *plan,
                                                double                 value,
                                                gint64                 at,
                                                gint64                 now,
                                                MusterAlertGate        gate,
                                                gpointer               gate_data);
/* For missing and offline: it is known to be so since SINCE. */
MusterAlertOutcome muster_alert_condition_begin (MusterAlertCondition  *self,
                                                 const MusterAlertPlan *plan,
                                                 gint64                 since,
                                                 gint64                 now,
                                                 MusterAlertGate        gate,
                                                 gpointer               gate_data);
/* For missing: silent from SINCE on, as far as is known. */
void muster_alert_condition_expect (MusterAlertCondition  *self,
                                    const MusterAlertPlan *plan,
                                    gint64                 since);
/* Time went on: to be called when `deadline` has come. */
MusterAlertOutcome muster_alert_condition_tick (MusterAlertCondition  *self,
                                                const MusterAlertPlan *plan,
                                                gint64                 now,
                                                MusterAlertGate        gate,
                                                gpointer               gate_data);
/* It has raised an alert at LEVEL before (a restart): so that it does not do it again. */
void muster_alert_condition_attach (MusterAlertCondition *self, unsigned level, gint64 since);
/* When it went over the threshold that it has reached. */
gint64 muster_alert_condition_get_since (const MusterAlertCondition *self);

G_END_DECLS
