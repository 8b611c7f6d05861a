/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* The form of an escalation with its steps. ESCALATION NULL: makes a new one. */
AdwDialog *muster_escalation_dialog_new (MusterSession *session, MusterEntity *escalation);

G_END_DECLS
