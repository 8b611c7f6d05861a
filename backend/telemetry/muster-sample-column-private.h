/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-sample-block.h"

G_BEGIN_DECLS

/* Powers of ten that are doubles without rounding. */
#define MUSTER_DECIMAL_MAX_SCALE 15
extern const double muster_powers_of_ten[MUSTER_DECIMAL_MAX_SCALE + 1];

/* Integers below are doubles without rounding: 2^53. */
#define MUSTER_EXACT_INTEGER 9007199254740992.0

/* Writes one column of ROWS. */
void     muster_sample_column_encode (const MusterSampleColumn *column,
                                      unsigned                  n_rows,
                                      GByteArray               *directory,
                                      GByteArray               *data);
gboolean muster_sample_column_parse (MusterBlockColumn *self,
                                     MusterByteReader  *directory,
                                     unsigned           n_rows,
                                     gsize             *offset);

G_END_DECLS
