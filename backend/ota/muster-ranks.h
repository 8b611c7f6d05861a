/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * Rank tests, which suppose nothing of how values are spread: one device that has gone mad weighs
 * no more than any other. One-sided: the question is whether values are greater. Ties share the
 * mean of their ranks. Small samples are counted out, given their ties; larger ones are taken as
 * normal, with the variance that ties leave and with a correction for continuity (Hollander, Wolfe
 * and Chicken, Nonparametric Statistical Methods, 3.1 and 4.1).
 */
typedef struct
{
  unsigned n;         /* values that counted */
  unsigned m;         /* and those they were compared with */
  double   statistic; /* the sum of ranks, W+ or that of the first sample */
  double   p;         /* how likely so great a sum is where there is no difference */
  double   least_p;   /* what it could be at the least, of so many values */
  gboolean is_exact;
} MusterRankTest;

/* Wilcoxon's signed-rank test: whether DIFFERENCES are mostly above 0. Those of 0 do not count. */
MusterRankTest muster_ranks_test_signed (const double *differences, unsigned n);

/* The rank-sum test of Mann and Whitney: whether values of A are mostly above those of B. */
MusterRankTest muster_ranks_test_sum (const double *a, unsigned n, const double *b, unsigned m);

/* The value in the middle; NAN of none. */
double muster_ranks_median (const double *values, unsigned n);

G_END_DECLS
