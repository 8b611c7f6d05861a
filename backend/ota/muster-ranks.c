/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-ranks"

#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "muster-ranks.h"

/* Steps that counting out may take: some milliseconds. */
#define STEPS_MAX 1e7
#define SIGNED_EXACT_MAX 60

typedef struct
{
  double   value;
  unsigned from_a;
  unsigned rank; /* twice the rank, which ties make a half */
} Entry;

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  double left = ((const Entry *)a)->value, right = ((const Entry *)b)->value;

  return (left > right) - (left < right);
}

/* Sorts ENTRIES and ranks them; returns the sum of t³ − t over all ties. */
static double
rank_entries (Entry *entries, unsigned n)
{
  double ties = 0;

  qsort (entries, n, sizeof *entries, compare_entries);
  for (unsigned i = 0, end = 0; i < n; i = end)
    {
      double size;

      for (end = i + 1; end < n && entries[end].value == entries[i].value; end++)
        ;
      size = end - i;
      ties += size * size * size - size;
      for (unsigned j = i; j < end; j++)
        entries[j].rank = i + end + 1;
    }
  return ties;
}

/* Of a standard normal, how likely something above Z is. */
static double
upper_tail (double z)
{
  return erfc (z / G_SQRT2) / 2;
}

static double
sum_from (const double *counts, gsize first, gsize size)
{
  double sum = 0;

  for (gsize i = first; i < size; i++)
    sum += counts[i];
  return sum;
}

/* --- one sample --- */

/* Every assignment of signs is as likely: what part of them has a sum of ranks of at least SUM. */
static double
count_signs (const Entry *entries, unsigned n, unsigned sum)
{
  gsize              size = (gsize)n * (n + 1) + 1;
  g_autofree double *counts = g_new0 (double, size);

  counts[0] = 1;
  for (unsigned i = 0; i < n; i++)
    for (gsize at = size; at-- > 0;)
      counts[at] = (counts[at] + (at >= entries[i].rank ? counts[at - entries[i].rank] : 0)) / 2;
  return sum_from (counts, sum, size);
}

MusterRankTest
muster_ranks_test_signed (const double *differences, unsigned n)
{
  MusterRankTest    test = { .p = 1, .least_p = 1 };
  g_autofree Entry *entries = g_new (Entry, MAX (n, 1));
  unsigned          sum = 0;
  double            ties, mean, variance;

  for (unsigned i = 0; i < n; i++)
    if (differences[i] != 0)
      entries[test.n++] = (Entry){ fabs (differences[i]), differences[i] > 0, 0 };
  if (test.n == 0)
    return test;
  ties = rank_entries (entries, test.n);
  for (unsigned i = 0; i < test.n; i++)
    sum += entries[i].from_a ? entries[i].rank : 0;
  test.statistic = sum / 2.0;
  test.least_p = pow (2, -(double)test.n);
  test.is_exact = test.n <= SIGNED_EXACT_MAX;
  if (test.is_exact)
    {
      test.p = count_signs (entries, test.n, sum);
      return test;
    }
  mean = test.n * (test.n + 1.0) / 4;
  variance = test.n * (test.n + 1.0) * (2.0 * test.n + 1) / 24 - ties / 48;
  test.p = upper_tail ((test.statistic - mean - 0.5) / sqrt (variance));
  return test;
}

/* --- two samples --- */

/* Every choice of N of the TOTAL entries is as likely: what part of them has a sum of ranks of at
 * least SUM. */
static double
count_choices (const Entry *entries, unsigned total, unsigned n, gsize sum)
{
  gsize              size = (gsize)n * (2 * total + 1) + 1;
  g_autofree double *counts = g_new0 (double, size *(n + 1));

  /* counts[k][s]: how likely it is that k of those so far were chosen, with the sum s. */
  counts[0] = 1;
  for (unsigned i = 0; i < total; i++)
    for (unsigned k = MIN (i + 1, n); k >= 1; k--)
      {
        double       *to = counts + k * size;
        const double *from = counts + (k - 1) * size;

        for (gsize at = size; at-- > entries[i].rank;)
          to[at] += from[at - entries[i].rank];
      }
  return sum_from (counts + n * size, sum, size) / sum_from (counts + n * size, 0, size);
}

/* The same of the sample that is not counted: a great sum of one is a small sum of the other. */
static double
count_sums (const Entry *entries, unsigned total, unsigned n, gsize sum)
{
  gsize    all = (gsize)total * (total + 1);
  unsigned m = total - n;

  if (n <= m)
    return count_choices (entries, total, n, sum);
  return 1 - count_choices (entries, total, m, all - sum + 1);
}

static double
count_steps (unsigned total, unsigned n)
{
  return (double)total * n * n * (2.0 * total + 1);
}

MusterRankTest
muster_ranks_test_sum (const double *a, unsigned n, const double *b, unsigned m)
{
  MusterRankTest    test = { .n = n, .m = m, .p = 1, .least_p = 1 };
  unsigned          total = n + m;
  g_autofree Entry *entries = g_new (Entry, MAX (total, 1));
  gsize             sum = 0;
  double            ties, mean, variance;

  if (n == 0 || m == 0)
    return test;
  for (unsigned i = 0; i < total; i++)
    entries[i] = (Entry){ i < n ? a[i] : b[i - n], i < n, 0 };
  ties = rank_entries (entries, total);
  for (unsigned i = 0; i < total; i++)
    sum += entries[i].from_a ? entries[i].rank : 0;
  test.statistic = sum / 2.0;
  test.least_p = exp (lgamma (n + 1.0) + lgamma (m + 1.0) - lgamma (total + 1.0));
  test.is_exact = count_steps (total, MIN (n, m)) <= STEPS_MAX;
  if (test.is_exact)
    {
      test.p = count_sums (entries, total, n, sum);
      return test;
    }
  mean = n * (total + 1.0) / 2;
  variance = (double)n * m / 12 * (total + 1 - ties / ((double)total * (total - 1)));
  test.p = variance > 0 ? upper_tail ((test.statistic - mean - 0.5) / sqrt (variance)) : 1;
  return test;
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  double left = *(const double *)a, right = *(const double *)b;

  return (left > right) - (left < right);
}

double
muster_ranks_median (const double *values, unsigned n)
{
  g_autofree double *sorted = NULL;

  if (n == 0)
    return NAN;
  sorted = g_memdup2 (values, n * sizeof *values);
  qsort (sorted, n, sizeof *sorted, compare_numbers);
  return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}
