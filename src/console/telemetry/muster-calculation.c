/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-calculation"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "muster-calculation.h"

#define MEDIAN 0.5

static const struct
{
  const char *name;
  const char *label;  /* N_() marked */
  gboolean    amount; /* of a step as a whole */
} aggregates[] = {
  { NULL, N_ ("As measured") },
  { "mean", N_ ("Mean") },
  { "min", N_ ("Least") },
  { "max", N_ ("Greatest") },
  { "last", N_ ("Last") },
  { "stddev", N_ ("Standard deviation") },
  { "quantile", N_ ("Quantile") },
  { "sum", N_ ("Sum"), TRUE },
  { "count", N_ ("Count"), TRUE },
  { "rate", N_ ("Rate a second"), TRUE },
  { "time_in_state", N_ ("Time in state"), TRUE },
};

static const char *const bys[MUSTER_N_BYS] = {
  [MUSTER_BY_DEVICE] = "device", [MUSTER_BY_PRODUCT] = "product", [MUSTER_BY_LOCATION] = "location",
  [MUSTER_BY_SOURCE] = "source", [MUSTER_BY_NONE] = "none",
};

void
muster_calculation_init (MusterCalculation *self)
{
  *self = (MusterCalculation){ .quantile = MEDIAN };
}

gboolean
muster_calculation_equal (const MusterCalculation *self, const MusterCalculation *other)
{
  return self->aggregate == other->aggregate && self->quantile == other->quantile &&
         self->by == other->by && self->step == other->step;
}

const char *
muster_calculation_get_aggregate (unsigned i, const char **label)
{
  *label = i < G_N_ELEMENTS (aggregates) ? aggregates[i].label : NULL;
  return i < G_N_ELEMENTS (aggregates) ? aggregates[i].name : NULL;
}

const char *
muster_calculation_get_by_name (MusterBy by)
{
  g_return_val_if_fail (by < MUSTER_N_BYS, bys[0]);

  return bys[by];
}

char *
muster_calculation_format (const MusterCalculation *self)
{
  char quantile[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup_printf ("%s %s %s %" G_GINT64_FORMAT,
                          self->aggregate != NULL ? self->aggregate : "none",
                          g_ascii_formatd (quantile, sizeof quantile, "%g", self->quantile),
                          bys[self->by], self->step / G_USEC_PER_SEC);
}

void
muster_calculation_parse (MusterCalculation *self, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", " ", 5);

  muster_calculation_init (self);
  if (g_strv_length (parts) != 4)
    return;
  for (unsigned i = 1; i < G_N_ELEMENTS (aggregates); i++)
    if (g_str_equal (aggregates[i].name, parts[0]))
      self->aggregate = aggregates[i].name;
  if (self->aggregate == NULL)
    return;
  self->quantile = CLAMP (g_ascii_strtod (parts[1], NULL), 0, 1);
  for (unsigned i = 0; i < G_N_ELEMENTS (bys); i++)
    if (g_str_equal (bys[i], parts[2]))
      self->by = i;
  self->step = CLAMP (g_ascii_strtoll (parts[3], NULL, 10), 0, 366 * 86400) * G_USEC_PER_SEC;
}

char *
muster_calculation_dup_unit (const MusterCalculation *self, const char *unit)
{
  if (g_strcmp0 (self->aggregate, "count") == 0)
    return NULL;
  if (g_strcmp0 (self->aggregate, "time_in_state") == 0)
    return g_strdup ("s");
  if (g_strcmp0 (self->aggregate, "rate") == 0)
    return g_strconcat (unit != NULL ? unit : "", "/s", NULL);
  return g_strdup (unit);
}

gboolean
muster_calculation_is_amount (const MusterCalculation *self)
{
  for (unsigned i = 1; i < G_N_ELEMENTS (aggregates); i++)
    if (self->aggregate == aggregates[i].name)
      return aggregates[i].amount;
  return FALSE;
}
