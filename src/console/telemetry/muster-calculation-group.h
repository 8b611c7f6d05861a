/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-calculation.h"

G_BEGIN_DECLS

/**
 * MusterCalculationGroup:
 *
 * Chooses what is made of the measures of a page, of which devices together, and by which steps.
 * Signal `changed`: by the person.
 */
#define MUSTER_TYPE_CALCULATION_GROUP (muster_calculation_group_get_type ())
G_DECLARE_FINAL_TYPE (MusterCalculationGroup,
                      muster_calculation_group,
                      MUSTER,
                      CALCULATION_GROUP,
                      AdwPreferencesGroup)

void muster_calculation_group_get (MusterCalculationGroup *self, MusterCalculation *calculation);
void muster_calculation_group_set (MusterCalculationGroup  *self,
                                   const MusterCalculation *calculation);

G_END_DECLS
