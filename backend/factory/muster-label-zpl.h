/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What stands on the label of a unit; all but the title may be NULL. */
typedef struct
{
  const char *title;    /* the device's name */
  const char *subtitle; /* its model */
  const char *bars;     /* its serial number */
  const char *matrix;   /* its adoption code, in a QR symbol */
  const char *secret;   /* what to type where nothing can scan */
} MusterUnitLabelText;

/* TEXT as a program in ZPL II (Zebra's ZPL II Programming Guide), which label printers of many
 * makers draw by themselves: a label of WIDTH × HEIGHT mm at RESOLUTION dots an inch (152, 203, 300
 * or 600). (transfer full): wipe it. */
char *muster_label_zpl_format (const MusterUnitLabelText *text,
                               unsigned                   width,
                               unsigned                   height,
                               unsigned                   resolution);

G_END_DECLS
