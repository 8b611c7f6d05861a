/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "widgets/muster-series.h"

G_BEGIN_DECLS

/* How the measures of a page are shown, and what that takes to be asked of the site. */
typedef struct
{
  const char *name;        /* "bars-sum", as saved views keep it */
  MusterForm  form;        /* unless AUTOMATIC */
  gboolean    automatic;   /* each as its type calls for */
  const char *aggregate;   /* of a step; NULL: points as they were told */
  unsigned    steps;       /* about as many in sight */
  gboolean    with_extent; /* the least and greatest of each step too */
  gboolean    counters;    /* of what only counts up, how fast it does */
} MusterLook;

/* The look of NAME; the automatic one where there is none of that name (nullable). Static. */
const MusterLook *muster_look_find (const char *name);
/* A round length of time that parts SPAN into about STEPS, all in microseconds: what a person would
 * choose, 5 s, 1 min, 15 min, 1 h, 1 day. */
gint64 muster_look_choose_step (gint64 span, unsigned steps);

G_END_DECLS
