/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-look"

#include "config.h"

#include "muster-look.h"

static const MusterLook looks[] = {
  { "automatic", MUSTER_FORM_LINE, .automatic = TRUE },
  { "dashboard", MUSTER_FORM_LINE, .automatic = TRUE, .steps = 48, .counters = TRUE },
  { "line", MUSTER_FORM_LINE },
  { "step", MUSTER_FORM_STEP },
  { "band", MUSTER_FORM_BAND, .aggregate = "mean", .steps = 200, .with_extent = TRUE },
  { "bars-mean", MUSTER_FORM_BARS, .aggregate = "mean", .steps = 48 },
  { "bars-sum", MUSTER_FORM_BARS, .aggregate = "sum", .steps = 48 },
  { "bars-count", MUSTER_FORM_BARS, .aggregate = "count", .steps = 48 },
  { "heat", MUSTER_FORM_HEAT, .aggregate = "mean", .steps = 200 },
};

const MusterLook *
muster_look_find (const char *name)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (looks); i++)
    if (g_strcmp0 (looks[i].name, name) == 0)
      return &looks[i];
  return &looks[0];
}

gint64
muster_look_choose_step (gint64 span, unsigned steps)
{
  static const gint64 seconds[] = { 1,     2,     5,     10,    15,     30,    60,
                                    120,   300,   600,   900,   1800,   3600,  7200,
                                    10800, 21600, 43200, 86400, 172800, 604800 };
  gint64              wanted;

  g_return_val_if_fail (steps > 0, G_USEC_PER_SEC);

  wanted = span / steps;
  for (unsigned i = 0; i < G_N_ELEMENTS (seconds); i++)
    if (seconds[i] * G_USEC_PER_SEC >= wanted)
      return seconds[i] * G_USEC_PER_SEC;
  return (gint64)2592000 * G_USEC_PER_SEC;
}
