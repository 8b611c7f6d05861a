/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-printable.h"

G_BEGIN_DECLS

/* Label stock as it is sold: a sheet with a grid of labels, or a roll with one after the other. In
 * points. */
typedef struct
{
  const char *name;  /* "l7160", "roll-62x29": for the command line and the settings */
  const char *title; /* N_() marked */
  MusterPaper paper;
  unsigned    columns;
  unsigned    rows;
  double      left; /* of the first label */
  double      top;
  double      width; /* of a label */
  double      height;
  double      pitch_x; /* from one label to the next */
  double      pitch_y;
} MusterLabelFormat;

/* (array length=n_formats) */
const MusterLabelFormat *muster_label_formats_list (unsigned *n_formats);
/* NULL where there is none. */
const MusterLabelFormat *muster_label_format_find (const char *name);
unsigned                 muster_label_format_count (const MusterLabelFormat *self); /* a page */

G_END_DECLS
