/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* Firmware that devices can be given, as a table; files are brought by choosing or dropping them.
 */
#define MUSTER_TYPE_ARTIFACTS_VIEW (muster_artifacts_view_get_type ())
G_DECLARE_FINAL_TYPE (MusterArtifactsView, muster_artifacts_view, MUSTER, ARTIFACTS_VIEW, AdwBin)

GtkWidget *muster_artifacts_view_new (MusterSession *session);

G_END_DECLS
