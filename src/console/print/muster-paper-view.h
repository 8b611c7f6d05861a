/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "print/muster-printable.h"

G_BEGIN_DECLS

/* One page as it will be on paper, as wide as there is room. */
#define MUSTER_TYPE_PAPER_VIEW (muster_paper_view_get_type ())
G_DECLARE_FINAL_TYPE (MusterPaperView, muster_paper_view, MUSTER, PAPER_VIEW, GtkWidget)

GtkWidget *muster_paper_view_new (void);
/* PRINTABLE is laid out and has PAGE; NULL: nothing. */
void muster_paper_view_set_page (MusterPaperView *self, MusterPrintable *printable, unsigned page);

G_END_DECLS
