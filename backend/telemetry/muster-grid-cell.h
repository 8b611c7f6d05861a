/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-rollup.h"
#include "muster-sample-store.h"

G_BEGIN_DECLS

/* What is known of the numbers of one step of one row of an answer. */
typedef struct
{
  gint64  count;
  double  sum;
  double  mean; /* and the squared differences to it (Welford 1962; merged after Chan 1979) */
  double  squares;
  double  least;
  double  greatest;
  double  first;
  double  last;
  gint64  first_time;
  gint64  last_time;
  GArray *numbers; /* (owned) (nullable) (element-type double), for a quantile */
} MusterGridCell;

/* The number of CELL, where it has one. */
gboolean muster_grid_cell_get_number (MusterCellTag tag, MusterCell cell, double *number);

void muster_grid_cell_clear (MusterGridCell *self);
void muster_grid_cell_add (MusterGridCell *self, gint64 time, double number);
/* After muster_grid_cell_add(): what a standard deviation needs, and a quantile. */
void muster_grid_cell_add_square (MusterGridCell *self, double number);
void muster_grid_cell_keep_number (MusterGridCell *self, double number);
/* N ≥ 1 numbers in order of their times. */
void muster_grid_cell_add_run (MusterGridCell *self,
                               const gint64   *times,
                               const double   *numbers,
                               unsigned        n);
/* The same where nothing but the sum and the count is asked for. */
void muster_grid_cell_add_sum (MusterGridCell *self, const double *numbers, unsigned n);
/* All of a piece, as far as it was read. */
void muster_grid_cell_add_piece (MusterGridCell *self, const MusterRollupPiece *piece);
/* Takes what OTHER has; its numbers may move here. */
void   muster_grid_cell_merge (MusterGridCell *self, MusterGridCell *other);
double muster_grid_cell_get (const MusterGridCell *self,
                             MusterAggregate       aggregate,
                             double                quantile);

G_END_DECLS
