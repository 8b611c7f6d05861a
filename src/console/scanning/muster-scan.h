/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What became of a code that was scanned. */
typedef enum
{
  MUSTER_SCAN_PENDING, /* not known yet */
  MUSTER_SCAN_TAKEN,   /* it did what it should */
  MUSTER_SCAN_REFUSED, /* it is nothing known, or not what is wanted here */
} MusterScanOutcome;

/* A code that was scanned, and what became of it. Signal `changed ()`. */
#define MUSTER_TYPE_SCAN (muster_scan_get_type ())
G_DECLARE_FINAL_TYPE (MusterScan, muster_scan, MUSTER, SCAN, GObject)

MusterScan       *muster_scan_new (const char *code);
const char       *muster_scan_get_code (MusterScan *self);
gint64            muster_scan_get_time (MusterScan *self); /* UTC microseconds */
MusterScanOutcome muster_scan_get_outcome (MusterScan *self);
const char       *muster_scan_get_text (MusterScan *self); /* (nullable) what it was, or did */
void              muster_scan_set (MusterScan *self, MusterScanOutcome outcome, const char *text);

/* Uses CODE, which was scanned while the focus is in WIDGET; FALSE: it is for somebody else. */
typedef gboolean (*MusterScanFunc) (GtkWidget *widget, const char *code, gpointer user_data);

/* WIDGET wants what is scanned while the focus is in it, before the page is asked: a field for
 * serial numbers, a dialog. DESTROY (nullable) frees USER_DATA with the widget. */
void muster_scan_claim (GtkWidget     *widget,
                        MusterScanFunc func,
                        gpointer       user_data,
                        GDestroyNotify destroy);
/* The same for what must stand in no list: a badge. */
void muster_scan_claim_secret (GtkWidget     *widget,
                               MusterScanFunc func,
                               gpointer       user_data,
                               GDestroyNotify destroy);
/* Offers CODE to WIDGET and what it stands in; whether one of them used it, and (SECRET, nullable)
 * whether that one claims secrets. */
gboolean muster_scan_offer (GtkWidget *widget, const char *code, gboolean *secret);

G_END_DECLS
