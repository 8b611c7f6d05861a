/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Which devices count together. */
typedef enum
{
  MUSTER_BY_DEVICE,
  MUSTER_BY_PRODUCT,
  MUSTER_BY_LOCATION,
  MUSTER_BY_SOURCE, /* what was picked: a group, a place, a product */
  MUSTER_BY_NONE,   /* all of them */
  MUSTER_N_BYS,
} MusterBy;

/* What is made of the measures of a page before they are shown. */
typedef struct
{
  const char *aggregate; /* static: "mean", as the API has it; NULL: they are shown as they came */
  double      quantile;  /* 0 to 1, with the aggregate "quantile" */
  MusterBy    by;
  gint64      step; /* microseconds; 0: as the time in sight calls for */
} MusterCalculation;

/* Measures as they came. */
void     muster_calculation_init (MusterCalculation *self);
gboolean muster_calculation_equal (const MusterCalculation *self, const MusterCalculation *other);

/* The Ith aggregate that can be chosen, static, and what people call it (N_() marked); NULL after
 * the last. 0: none, measures as they came. */
const char *muster_calculation_get_aggregate (unsigned i, const char **label);
/* "product": as the API has it. */
const char *muster_calculation_get_by_name (MusterBy by);

/* As saved views keep it, "quantile 0.95 product 3600": (transfer full). */
char *muster_calculation_format (const MusterCalculation *self);
/* What TEXT (nullable) says; measures as they came where it says nothing. */
void muster_calculation_parse (MusterCalculation *self, const char *text);

/* The unit of what comes of values in UNIT (nullable), "°C/s" of a rate: (transfer full)
 * (nullable).
 */
char *muster_calculation_dup_unit (const MusterCalculation *self, const char *unit);
/* Whether what comes of it stands for its step as a whole, as a sum does: shown as bars. */
gboolean muster_calculation_is_amount (const MusterCalculation *self);

G_END_DECLS
