/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* What is lent, to whom, and until when. */
#define MUSTER_TYPE_LOANS_VIEW (muster_loans_view_get_type ())
G_DECLARE_FINAL_TYPE (MusterLoansView, muster_loans_view, MUSTER, LOANS_VIEW, AdwBin)

GtkWidget *muster_loans_view_new (MusterSession *session);

G_END_DECLS
