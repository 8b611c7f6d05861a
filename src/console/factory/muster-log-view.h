/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What a tool says, in its own words. It follows what comes at the end, for as long as the end is
 * what is looked at. */
#define MUSTER_TYPE_LOG_VIEW (muster_log_view_get_type ())
G_DECLARE_FINAL_TYPE (MusterLogView, muster_log_view, MUSTER, LOG_VIEW, GtkWidget)

GtkWidget *muster_log_view_new (void);
/* TEXT takes the place of what stands there; where it begins with that, the rest alone is added. */
void muster_log_view_set_text (MusterLogView *self, const char *text);

G_END_DECLS
