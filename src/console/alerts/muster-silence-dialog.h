/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "muster-session.h"

G_BEGIN_DECLS

/* The form of a silence: once, or a window that recurs every week. SILENCE NULL: makes a new one.
 */
AdwDialog *muster_silence_dialog_new (MusterSession *session, MusterEntity *silence);

G_END_DECLS
