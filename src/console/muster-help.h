/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "muster-page.h"

G_BEGIN_DECLS

/* The page of the manual about what PAGE (nullable) shows now: its own, that of the view in front
 * of it, or ROOM's. */
const char *muster_help_find_topic (MusterPage *page, const char *room);

/* Opens the page TOPIC of the manual in the desktop's help viewer; where there is none, says over
 * PARENT how to come by it. */
void muster_help_show (GtkWidget *parent, const char *topic);

G_END_DECLS
