/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* The form of a test plan: PLAN (nullable: a new one). */
AdwDialog *muster_plan_dialog_new (MusterSession *session, MusterEntity *plan);

G_END_DECLS
