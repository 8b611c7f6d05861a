/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* The form of ARTIFACT: what it is called, fits and brings. */
AdwDialog *muster_artifact_dialog_new (MusterSession *session, MusterEntity *artifact);

G_END_DECLS
