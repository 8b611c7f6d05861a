/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Why a page cannot show what it should, what to do, and the details to copy. A refusal by role
 * looks unlike a failure. */
#define MUSTER_TYPE_TROUBLE_VIEW (muster_trouble_view_get_type ())
G_DECLARE_FINAL_TYPE (MusterTroubleView, muster_trouble_view, MUSTER, TROUBLE_VIEW, GtkWidget)

/* WHAT: title of what happened. */
void muster_trouble_view_set_error (MusterTroubleView *self, const char *what, const GError *error);

/* ERROR for a person, with who can mend it where a right is missing: (transfer full). */
char *muster_trouble_describe (const GError *error);

G_END_DECLS
