/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/muster-expression.h"
#include "model/muster-derived-metric.h"

G_BEGIN_DECLS

/* One derived metric of a plan. Slots are places of values: one a name. */
typedef struct
{
  MusterDerivedMethod method;
  MusterExpression   *expression;
  unsigned            inputs[MUSTER_EXPRESSION_MAX_VARIABLES]; /* slots of its variables */
  unsigned            n_inputs;
  unsigned            output; /* its own slot */
  const char         *unit;   /* (nullable) */
} MusterDerivedItem;

/**
 * MusterDerivedPlan:
 *
 * The derived metrics of one device in the order in which they are reckoned: each after those that
 * it is made of. Immutable.
 */
typedef struct _MusterDerivedPlan MusterDerivedPlan;

/* RECORDS: (element-type MusterEntity) derived metrics; of two with the same name the first counts.
 * Left out are those that are not enabled, or made of themselves by whatever way: their names are
 * added to CIRCULAR (nullable) (element-type utf8). */
MusterDerivedPlan *muster_derived_plan_new (GPtrArray *records, GPtrArray *circular);
MusterDerivedPlan *muster_derived_plan_ref (MusterDerivedPlan *self);
void               muster_derived_plan_unref (MusterDerivedPlan *self);
/* Borrowed. */
const MusterDerivedItem *muster_derived_plan_get_items (MusterDerivedPlan *self, unsigned *n_items);
unsigned                 muster_derived_plan_get_n_slots (MusterDerivedPlan *self);
const char              *muster_derived_plan_get_slot_name (MusterDerivedPlan *self, unsigned slot);
/* Whether METRIC is made of others here, or is what others are made of. */
gboolean muster_derived_plan_find_slot (MusterDerivedPlan *self,
                                        const char        *metric,
                                        unsigned          *slot);
/* Whether the value of SLOT is reckoned, and not sent by the device. */
gboolean muster_derived_plan_is_output (MusterDerivedPlan *self, unsigned slot);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterDerivedPlan, muster_derived_plan_unref)

G_END_DECLS
