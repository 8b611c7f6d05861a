/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "model/muster-candidate.h"
#include "muster-session.h"

G_BEGIN_DECLS

/* Takes a device in: asks for the secret on its label unless it is known, pairs, and says in place
 * how it goes. */
#define MUSTER_TYPE_ADOPT_DIALOG (muster_adopt_dialog_get_type ())
G_DECLARE_FINAL_TYPE (MusterAdoptDialog, muster_adopt_dialog, MUSTER, ADOPT_DIALOG, AdwDialog)

AdwDialog *muster_adopt_dialog_new (MusterSession *session, MusterCandidate *candidate);

G_END_DECLS
