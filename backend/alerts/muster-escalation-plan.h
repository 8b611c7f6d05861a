/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/muster-escalation.h"

G_BEGIN_DECLS

/* A step of an escalation. */
typedef struct
{
  gint64 after;       /* µs since the begin */
  gint64 repeat;      /* µs, or 0: it is told once */
  char **channels;    /* (owned): ids */
  char **people;      /* (owned): ids */
  char  *calendar_id; /* (owned) (nullable) */
} MusterEscalationStep;

/* The steps of an escalation, and what follows them. */
typedef struct
{
  GPtrArray *steps;    /* (owned) (element-type MusterEscalationStep) */
  gint64     renotify; /* µs, or 0: never */
} MusterEscalationPlan;

/* Adds what is wrong with the steps of ESCALATION. */
void muster_escalation_plan_check (MusterEntity *escalation, MusterFieldErrors *errors);

/* What cannot be read of ESCALATION is left out. */
MusterEscalationPlan *muster_escalation_plan_new (MusterEntity *escalation);
void                  muster_escalation_plan_free (MusterEscalationPlan *self);

/* How an alert stands. Times are UTC microseconds. */
typedef struct
{
  gint64 now;
  gint64 acknowledged_at; /* or 0 */
  gint64 held_until;      /* it is silent until then; G_MAXINT64: until something changes; or 0 */
} MusterEscalationMoment;

/* How far it has come. */
typedef struct
{
  gint64 begun_at; /* what the delays count from */
  gint64 told_at;  /* when somebody was told last, or 0 */
  int    step;     /* the next one */
  gint64 rounds;   /* how many times it has begun again */
} MusterEscalationState;

/* What is to be done. */
typedef struct
{
  GArray  *steps;     /* (owned) (element-type int): those to be told now */
  gboolean is_repeat; /* they were told before */
  gint64   next_at;   /* when to look again, or 0: when something changes */
} MusterEscalationAction;

/* Goes on from STATE at MOMENT: ACTION (out) is for muster_escalation_action_clear(). A step that
 * is late is told late, and once. Acknowledging ends a round; `renotify` after it, or after the
 * last step of one that nobody acknowledged, the next round begins. What is held begins when it is
 * held no more, unless it had begun. */
void muster_escalation_plan_advance (const MusterEscalationPlan   *self,
                                     const MusterEscalationMoment *moment,
                                     MusterEscalationState        *state,
                                     MusterEscalationAction       *action);
void muster_escalation_action_clear (MusterEscalationAction *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterEscalationPlan, muster_escalation_plan_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MusterEscalationAction, muster_escalation_action_clear)

G_END_DECLS
