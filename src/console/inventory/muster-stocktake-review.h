/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* Shows over PARENT what the count ID found (COUNTS, by MusterCountResult), asks whether that is to
 * become the stock, and tells how it went, with Undo. */
void muster_stocktake_review (MusterSession *session,
                              GtkWidget     *parent,
                              const char    *id,
                              const gint64  *counts);

G_END_DECLS
