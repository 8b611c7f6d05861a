/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* When nobody is told of what: silences that end, and maintenance windows that recur. */
#define MUSTER_TYPE_SILENCES_VIEW (muster_silences_view_get_type ())
G_DECLARE_FINAL_TYPE (MusterSilencesView, muster_silences_view, MUSTER, SILENCES_VIEW, AdwBin)

GtkWidget *muster_silences_view_new (MusterSession *session);

G_END_DECLS
