/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-expression.h"
#include "model/muster-alert-rule.h"
#include "model/muster-sample.h"
#include "muster-alert-windows.h"

G_BEGIN_DECLS

/* Thresholds of one rule, its own and its steps together. */
#define MUSTER_ALERT_MAX_LEVELS 4

typedef struct
{
  int    severity;
  double value;
  double high; /* of a range */
} MusterAlertLevel;

/**
 * MusterAlertPlan:
 *
 * A rule compiled: all that evaluating it needs, checked once. Immutable, reference counted, safe
 * from any thread.
 */
typedef struct
{
  char               *id;   /* (owned) */
  char               *name; /* (owned) */
  MusterAlertRuleKind kind;
  MusterAlertOperator op;
  gboolean            enabled;
  char               *metric;                          /* (owned) (nullable): name or pattern */
  GPatternSpec       *pattern;                         /* (owned) (nullable): where it is one */
  MusterAlertLevel    levels[MUSTER_ALERT_MAX_LEVELS]; /* the mildest first */
  unsigned            n_levels;
  double              hysteresis;
  char               *text;       /* (owned) (nullable) */
  MusterExpression   *expression; /* (owned) (nullable) */
  gboolean            has_value;  /* whether an expression is compared, or true by itself */
  gint64              rate;       /* microseconds, as all that follow */
  gint64              duration;   /* how long it has to be so */
  gint64              missing;
  MusterAlertScope    scope;
  char               *scope_id;    /* (owned) (nullable) */
  MusterAlertWindows *quiet;       /* (owned) (nullable) */
  char               *calendar_id; /* (owned) (nullable) */
  char               *message;     /* (owned) (nullable) */
} MusterAlertPlan;

/* Compiles RULE (a MusterAlertRule). NULL with MUSTER_ERROR_INVALID whose rows name every field
 * that is wrong, missing, or not of its kind. (transfer full) */
MusterAlertPlan *muster_alert_plan_new (MusterEntity *rule, GError **error);
MusterAlertPlan *muster_alert_plan_ref (MusterAlertPlan *self);
void             muster_alert_plan_unref (MusterAlertPlan *self);

/* Whether it looks at samples of METRIC. */
gboolean muster_alert_plan_takes (const MusterAlertPlan *self, const char *metric);
/* What SAMPLE counts as for it, into VALUE; FALSE where it says nothing: null, bad, or of another
 * type. */
gboolean muster_alert_plan_read (const MusterAlertPlan *self,
                                 const MusterSample    *sample,
                                 double                *value);
/* Whether VALUE is over the threshold of LEVEL; HELD: whether it was before, so that the hysteresis
 * counts. */
gboolean muster_alert_plan_holds (const MusterAlertPlan *self,
                                  unsigned               level,
                                  double                 value,
                                  gboolean               held);
/* The threshold that counts for VALUE at LEVEL: of a range, the end that it is beyond. NAN where
 * there is none. */
double muster_alert_plan_get_threshold (const MusterAlertPlan *self, unsigned level, double value);

/* A rule of the database: BEFORE it is written it must compile. */
gboolean muster_alert_plan_check_rule (MusterEntity *rule, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterAlertPlan, muster_alert_plan_unref)

G_END_DECLS
