/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A GtkEntry for a time of day, written as people do; LABEL names it. What is none is marked. */
GtkWidget *muster_clock_entry_new (const char *label);

/* Minutes after midnight; -1: what stands there is no time of day. */
int muster_clock_entry_get_minutes (GtkWidget *entry);
/* MINUTES -1: empty. */
void muster_clock_entry_set_minutes (GtkWidget *entry, int minutes);

G_END_DECLS
