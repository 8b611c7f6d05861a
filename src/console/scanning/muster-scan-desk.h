/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterScanDesk:
 *
 * Where what is scanned in a window arrives: offers it to whatever has the focus, to the dialog or
 * page in front, and then asks the site what it stands for and opens that. Keeps the newest scans
 * as [class@Muster.Scan], newest first, in `scans` (a [iface@Gio.ListModel]), and lets each be seen
 * and heard.
 */
#define MUSTER_TYPE_SCAN_DESK (muster_scan_desk_get_type ())
G_DECLARE_FINAL_TYPE (MusterScanDesk, muster_scan_desk, MUSTER, SCAN_DESK, GObject)

/* WINDOW: a MusterWindow, which outlives it. */
MusterScanDesk *muster_scan_desk_new (GtkWidget *window, MusterSession *session);
GListModel     *muster_scan_desk_get_scans (MusterScanDesk *self); /* borrowed */
/* As if CODE had been scanned: it was typed, or read by a camera. */
void muster_scan_desk_take (MusterScanDesk *self, const char *code);

G_END_DECLS
