/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* How far a number of devices is; the rest has not begun. */
typedef struct
{
  gint64 total;
  gint64 succeeded;
  gint64 running;
  gint64 failed;
} MusterShares;

/**
 * MusterShareBar:
 *
 * What has become of a number of devices, as shares of one bar: those that succeeded from its
 * beginning, then those under way, and those that failed from its end. Two ticks say where it
 * counts as done, and where it stops. CSS node `shares` with nodes `share` (classes `success`,
 * `accent`, `error`) and `tick` (`success`, `error`).
 */
#define MUSTER_TYPE_SHARE_BAR (muster_share_bar_get_type ())
G_DECLARE_FINAL_TYPE (MusterShareBar, muster_share_bar, MUSTER, SHARE_BAR, GtkWidget)

GtkWidget *muster_share_bar_new (void);
void       muster_share_bar_set (MusterShareBar *self, const MusterShares *shares);
/* In percent; -1: no tick. */
void muster_share_bar_set_thresholds (MusterShareBar *self, int success, int error);
/* "12 of 40 succeeded, 3 under way, 1 failed": (transfer full). */
char *muster_shares_describe (const MusterShares *shares);

G_END_DECLS
