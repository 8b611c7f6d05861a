/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-label-format"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "muster-label-format.h"

#define MM(length) ((length) * MUSTER_POINTS_PER_MM)
#define A4 { "iso_a4", N_ ("A4"), MM (210), MM (297), 0 }
#define LETTER { "na_letter", N_ ("Letter"), 612, 792, 0 }
#define ROLL(w, h) { "custom_roll_" #w "x" #h "mm", N_ ("Roll"), MM (w), MM (h), 0 }

/* Dimensions as the makers print them on the package. */
/* clang-format off */
static const MusterLabelFormat formats[] = {
  { "l7160", N_ ("A4 sheet, 21 labels of 63.5 × 38.1 mm"), A4, 3, 7, MM (7.2), MM (15.1), MM (63.5), MM (38.1), MM (66.0), MM (38.1) },
  { "l7163", N_ ("A4 sheet, 14 labels of 99.1 × 38.1 mm"), A4, 2, 7, MM (4.7), MM (15.1), MM (99.1), MM (38.1), MM (101.6), MM (38.1) },
  { "l4736", N_ ("A4 sheet, 48 labels of 45.7 × 21.2 mm"), A4, 4, 12, MM (9.8), MM (21.5), MM (45.7), MM (21.2), MM (48.3), MM (21.2) },
  { "3474", N_ ("A4 sheet, 24 labels of 70 × 37 mm"), A4, 3, 8, 0, MM (0.5), MM (70), MM (37), MM (70), MM (37) },
  { "5160", N_ ("Letter sheet, 30 labels of 66.7 × 25.4 mm"), LETTER, 3, 10, MM (4.8), MM (12.7), MM (66.7), MM (25.4), MM (69.85), MM (25.4) },
  { "roll-62x29", N_ ("Roll, 62 × 29 mm"), ROLL (62, 29), 1, 1, 0, 0, MM (62), MM (29), MM (62), MM (29) },
  { "roll-57x32", N_ ("Roll, 57 × 32 mm"), ROLL (57, 32), 1, 1, 0, 0, MM (57), MM (32), MM (57), MM (32) },
  { "roll-102x51", N_ ("Roll, 102 × 51 mm"), ROLL (102, 51), 1, 1, 0, 0, MM (102), MM (51), MM (102), MM (51) },
};
/* clang-format on */

const MusterLabelFormat *
muster_label_formats_list (unsigned *n_formats)
{
  g_return_val_if_fail (n_formats != NULL, NULL);

  *n_formats = G_N_ELEMENTS (formats);
  return formats;
}

const MusterLabelFormat *
muster_label_format_find (const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (strcmp (formats[i].name, name) == 0)
      return &formats[i];
  return NULL;
}

unsigned
muster_label_format_count (const MusterLabelFormat *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->columns * self->rows;
}
