/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/**
 * MusterUnitLines:
 *
 * Lines of goods in a group of a dialog, of which some are chosen: unit by unit where units have
 * serial numbers, by a list or by scanning, else by their number. Signal `changed ()`: another
 * choice.
 */
#define MUSTER_TYPE_UNIT_LINES (muster_unit_lines_get_type ())
G_DECLARE_FINAL_TYPE (MusterUnitLines, muster_unit_lines, MUSTER, UNIT_LINES, GObject)

/* What is said of a code, N_() marked, with %s for the serial number. */
typedef struct
{
  const char *taken;   /* it is one of the units, and chosen now */
  const char *unknown; /* it is none of them */
} MusterUnitWords;

/* GROUP lives as long as the object. */
MusterUnitLines *muster_unit_lines_new (MusterSession *session, AdwPreferencesGroup *group);
/* What is scanned while the focus is in DIALOG, or typed into ENTRY, chooses a unit; SCANNED says
 * what it was. SCAN_GROUP is visible once there are units. The first code starts from none where
 * they were chosen without one. */
void muster_unit_lines_attach_scan (MusterUnitLines       *self,
                                    GtkWidget             *dialog,
                                    GtkWidget             *scan_group,
                                    AdwEntryRow           *entry,
                                    GtkLabel              *scanned,
                                    const MusterUnitWords *words);

/* A line of ITEM (a MusterOrderItem) whose UNITS (element-type MusterDevice) are CHOSEN or not. */
void muster_unit_lines_add_units (MusterUnitLines *self,
                                  MusterEntity    *item,
                                  GPtrArray       *units,
                                  gboolean         chosen);
/* A line of ITEM with a number of at most MOST, VALUE at first. */
void muster_unit_lines_add_quantity (MusterUnitLines *self,
                                     MusterEntity    *item,
                                     gint64           most,
                                     gint64           value);

/* The dialog's rows go: forgets all lines. */
void muster_unit_lines_clear (MusterUnitLines *self);

unsigned      muster_unit_lines_get_length (MusterUnitLines *self);
MusterEntity *muster_unit_lines_get_item (MusterUnitLines *self, unsigned line);
/* How many are chosen of LINE, and of all lines. */
gint64 muster_unit_lines_get_quantity (MusterUnitLines *self, unsigned line);
gint64 muster_unit_lines_get_total (MusterUnitLines *self);
/* The chosen units of LINE: (transfer full) (element-type MusterDevice); NULL where it has no units
 * of their own. */
GPtrArray *muster_unit_lines_list_chosen (MusterUnitLines *self, unsigned line);

G_END_DECLS
