/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-alert-fold.h"
#include "muster-alert-plan.h"

G_BEGIN_DECLS

/* What the words of an alert are made of. All texts are nullable and borrowed. */
typedef struct
{
  const char *device; /* how it is called */
  const char *metric;
  const char *unit;
  const char *place;
  double      value;     /* NAN: none */
  double      threshold; /* NAN: none */
} MusterAlertWords;

/* "Pump 7: temperature is 85.2 °C, above 80 °C": (transfer full), at most 300 characters. */
char *muster_alert_make_title (const MusterAlertPlan *plan, const MusterAlertWords *words);
/* The rule's message with its {names} filled in, or NULL where it has none: (transfer full). Names
 * that mean nothing stay as they are. */
char *muster_alert_make_detail (const MusterAlertPlan *plan, const MusterAlertWords *words);
/* "Hall 3 is not reached: 12 of 14 devices": (transfer full). NAME (nullable): of gateway or place.
 */
char *muster_alert_make_cause_title (const MusterAlertVerdict *verdict, const char *name);
/* "12 min after firmware 1.4.2": (transfer full). ELAPSED: microseconds. */
char *muster_alert_make_explanation (const char *change, gint64 elapsed);

G_END_DECLS
